"""Meanings that exclude one another (killed, wounded) and meanings news uses for one another.

By concepts of the glossary, and by a few words that it leaves out.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from rag.text import glossary
from rag.text.language import word_set

# Words that are no concept of the glossary and yet may be an opposite or a translation.
_WORDS: Mapping[str, str] = {
    "highest": "highest tertinggi",
    "lowest": "lowest terendah",
    "upwards": "up upwards higher",
    "downwards": "down downwards lower",
    "gain": "gained gains gain strengthened strengthens strengthen menguat menguatkan",
    "lose_value": "weakened weakens weaken melemah lost loses",
    "keep": "kept retained retains keeps mempertahankan",
    "forfeit": "lost kehilangan loses",
    "shell": "shelling shelled menembaki penembakan ditembaki bombarded",
    "little": "little sedikit",
    "useful": "useful berguna bermanfaat",
    "useless": "useless",
    "shake": "shook shaken struck hit mengguncang guncang diguncang jolted rocked",
    "ferry": "ferry feri",
    "injured": "burns wounds luka cedera",
    "quake": "quake",
    "ill": "poisoned keracunan",
    "appeal": "banding appealed appeals",
    "ransom": "ransom tebusan",
    "pirate": "pirate pirates perompak",
    "seize": "seized hijacked dibajak membajak",
    "half": "half setengah separuh paruh",
    "audience": "audience audiensi appointment",
    "obtain": "earned earn earns obtained memperoleh diperoleh mengantongi meraup meraih pocketed"
    " taking netted",
    "knock_out": "knocked eliminated disingkirkan menyingkirkan tersingkir ousted",
    "inaugurate": "inaugurated inaugurates inaugurate meresmikan diresmikan peresmian",
    "hire": "hiring hired hires recruit recruited recruiting merekrut mempekerjakan",
    "free_release": "dilepasliarkan melepasliarkan",
    "vegetable": "chilli chillies",
    "strong": "kokoh solid sturdy tangguh robust",
    "weak": "rapuh fragile frail brittle shaky",
    "shorten": "shortened shorten shortens mempersingkat dipersingkat memperpendek curtailed",
    "lengthen": "lengthened lengthens memperpanjang diperpanjang prolonged",
    "species_cow": "cow cows cattle sapi lembu",
    "species_pig": "pig pigs babi",
    "species_goat": "goat goats kambing",
    "species_sheep": "sheep domba",
    "species_buffalo": "buffalo buffaloes kerbau",
    "species_chicken": "chicken chickens ayam",
    "species_duck": "duck ducks bebek itik",
    "species_horse": "horse horses kuda",
    "delay": "tunda",
    "hail": "welcomed welcomes welcoming menyambut",
    "regret": "regretted regrets regretting menyesalkan deplored deplores",
    "job_make": "create creates created creating menciptakan",
    "job_cost": "cost costs costing menghilangkan menghapus",
    "hasten": "speed speeds sped hasten hastens mempercepat swift fast quick rapid cepat",
    "slow_down": "slow slows slowed slowing memperlambat melambat lambat lamban",
    "lit": "menyala dinyalakan menyalakan",
    "unlit": "padam",
    "acceptable": "reasonable wajar acceptable understandable",
    "unacceptable": "unacceptable unreasonable excessive berlebihan",
    "retake": "retook recaptured retaken merebut direbut",
}
_BY_WORD: dict[str, frozenset[str]] = {}
for _concept, _line in _WORDS.items():
    for _word in _line.split():
        _BY_WORD[_word] = _BY_WORD.get(_word, frozenset()) | {_concept}

# A family a line: its classes, split by "/", exclude one another.
_FAMILIES = """
die kill death_toll found_dead body_corpse murder assassinate / injure injured / missing /
    arrest detain / kidnap hostage / evacuate refugee shelter / survive rescue survivors_found
    alive_state / sick infection ill
rise growth upwards add / fall reduce downwards
gain / lose_value
highest / lowest
keep / forfeit
win champion / lose / draw_match
open launch_release inaugurate / close
begin / end stop
approve accept / reject oppose
confirm admit / deny
arrive come enter / depart exit_leave
export / import
buy acquire / sell
acquit innocent free_release / convict guilty sentence
meet / phone_call / video_call
north / south / east / west / northeast / northwest / southeast / southwest
man / woman / child baby
husband / wife / son / daughter / father / mother / brother / sister
praise / criticise condemn
appoint / dismiss resign
build reconstruct / destroy damage
accelerate / delay
improve / worsen
ally / enemy
profit surplus / loss_financial deficit lose_value
extend / cancel shorten
catch / chase
lengthen / shorten
allow / forbid
majority majority_most / minority
hot / cold
earthquake quake / flood / landslide / storm / drought / fire_disaster / erupt volcano /
    tsunami / sink_ship drown / crash collide derail
morning / afternoon noon / evening night
employee / employer
public_adj / private
goalkeeper / striker
gold / silver / bronze
ceasefire peace / war
free_release / arrest detain imprison
expensive / cheap
exceed / less
dry_season / rainy_season
plane helicopter / ship ferry / train / bus / truck / car / motorcycle
doctor / nurse / teacher / lawyer / journalist / farmer / fisherman / pilot / engineer
suspect defendant name_suspect / witness / judge / prosecutor / lawyer
murder / theft / corruption bribe
strong / weak
nickel / copper / iron_steel / tin_metal / gold / silver / coal / oil / gas
mining / tourism / agriculture / trade / technology
hire / dismiss layoffs resign
add gain / forfeit
legal / illegal
temporary / permanent
withdraw_troops / deploy invade
attack / defend
recession / economic_growth
inflation / deflation
yesterday / today / tomorrow
support / oppose
marry / divorce
be_born / die
teacher / student pupil
left_side / right_side
football / badminton / basketball / volleyball / tennis / athletics / swimming
rice / wheat / sugar / coffee / palm_oil / rubber
dengue / malaria / cholera / polio / tuberculosis / hiv / influenza / covid / cancer
remember / forget
join / exit_leave
bomb explode / shoot / stab / poison
agree / disagree
useful / useless
succeed / fail
safe / danger
dollar / euro / pound_sterling / yen / yuan / rupiah
hospital / school / university / mosque / church
species_cow / species_pig / species_goat / species_sheep / species_buffalo / species_chicken /
    species_duck / species_horse
hail / regret
job_make / job_cost
hasten / slow_down
acceptable / unacceptable
final_match / semifinal
delay / cancel
hour / day / week / month / year / decade / century
"""

# Concepts that news uses for one another, a group a line; none may be rivals.
_ALIKE = """
die kill death_toll found_dead body_corpse murder assassinate casualty
injure injured
meet meeting_session host visit welcome visitor summit discuss conversation speak negotiate
    consult sit audience see receive
phone_call telephone_device
conversation speak phone_call
say tell explain mention report announce say_further claim reveal remark opinion argue insist
    press_conference quote warn note_record record_audio describe predict
ask request demand urge want hope invite appeal
receive accept welcome reach_achieve win profit take obtain
accident crash derail collide
earthquake quake shake
shake attack collide hit
ship ferry tank_vehicle
rise growth upwards add gain increase
fall reduce downwards lose_value weak lose forfeit missing
win champion victory
forfeit lose missing
cause result reason trigger
shoot shell attack fire_launch bomb
agree agreement approve accept
arrest detain capture_seize seize
seize capture_seize kidnap hostage occupy conquer
free_release acquit
company business industry airline bank
region city province regency subdistrict village
leader chief_head lead chairman president director
position_post office_place ministry authority
sick infection symptom disease
sentence convict verdict punish imprison decide
trial court case_matter
prove evidence
house property_housing building
money prize
help aid humanitarian_aid social_assistance support
evacuate refugee shelter move_relocate
charge_crime accuse lawsuit defendant
end stop close
begin open launch_release inaugurate
enter arrive come
build development_build make create
find discover invent
illegal licence violate
depart exit_leave leave_abandon go
arrive come reach_achieve visit travel go
travel visit go tour
send give bring_carry distribute supply_logistics
army troops indonesian_military israeli_military military_operation
attack airstrike military_operation war conflict fight_battle explode bomb missile
protest riot strike_labour
resign dismiss
investigate check search_for interrogate research
civilian citizen public_people person population
child baby pupil son daughter teenager
cancel fail prevent
hit collide attack
price expensive cheap
reject oppose deny
criticise condemn accuse
elect vote choose election
important main
majority majority_most
loss_financial damage disadvantage cost
region_council parliament regional_council
chance opportunity possible
ceasefire peace
serve work_verb job employee
unemployment layoffs idle
name_suspect suspect
flood rain
burn fire_disaster destroy damage
state_nation government
appear play
appoint succeed_replace name
"""
# Told of nobody by the way: without them in the evidence, the statement has made them up.
TELLING = word_set(
    "die kill murder assassinate injure missing arrest kidnap evacuate infection win",
    "resign dismiss appoint deny reject oppose approve acquit convict praise criticise",
    "condemn earthquake flood landslide storm drought fire_disaster erupt tsunami",
    "sink_ship drown war bomb explode shoot stab poison dengue malaria cholera polio",
    "tuberculosis hiv influenza covid cancer marry divorce corruption theft bribe",
    "withdraw_troops invade free_release imprison phone_call video_call meet suspect",
    "name_suspect admit recognise_state confirm demand sell buy acquire forbid",
    "retire quake knock_out recession strike_labour boycott coup suicide torture",
    "rape collide apologise cancel lawsuit threaten surrender",
)


def _lines(table: str) -> list[str]:
    """The lines of a table; an indented one goes on with the one before it."""
    return table.strip().replace("\n    ", " ").splitlines()


_GROUPS: dict[str, list[str]] = {}
for _number, _line in enumerate(_lines(_ALIKE)):
    for _concept in _line.split():
        _GROUPS.setdefault(_concept, []).append(f"~{_number}")

# What is one class of a family is alike too.
for _number, _line in enumerate(_lines(_FAMILIES)):
    for _rank, _names in enumerate(_line.split("/")):
        for _concept in _names.split():
            _GROUPS.setdefault(_concept, []).append(f"~{_number}.{_rank}")

_CLASSES: dict[str, list[tuple[int, frozenset[str]]]] = {}
for _number, _line in enumerate(_lines(_FAMILIES)):
    for _names in _line.split("/"):
        for _concept in _names.split():
            _CLASSES.setdefault(_concept, []).append((_number, frozenset(_names.split())))


def meanings(word: str) -> frozenset[str]:
    """The concepts of a casefolded word that the glossary leaves out."""
    return _BY_WORD.get(word, frozenset())


def kindred(concept: str) -> list[str]:
    """Keys of the groups of concepts that news uses for this one: "~4"."""
    return _GROUPS.get(concept, [])


def offices(concept: str) -> list[str]:
    """Keys of the parts of an office: "%deputy", "%minister"."""
    return [f"%{part}" for part in concept.split("_")] if concept.endswith(_OFFICES) else []


_OFFICES = ("minister", "deputy", "president", "secretary")


@lru_cache(maxsize=4096)
def part_of_speech(concept: str) -> str:
    """As the glossary has it; those of our own words are verbs."""
    try:
        return glossary.load().concept(concept).pos
    except KeyError:
        return "verb"


@lru_cache(maxsize=8192)
def rival_of(concepts: frozenset[str]) -> Mapping[int, frozenset[str]]:
    """By number of the family, the class that some concepts are of."""
    found: dict[int, frozenset[str]] = {}
    for concept in sorted(concepts):
        for family, names in _CLASSES.get(concept, ()):
            found[family] = found.get(family, frozenset()) | names
    return found
