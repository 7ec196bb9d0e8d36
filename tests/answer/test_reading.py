"""What the sentences of an article say together, on small articles worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.answer.asking import asked_nouns
from rag.answer.evidence import LINKED, NEAR, read
from rag.answer.question import analyse
from rag.answer.reading import Reading
from rag.answer.weigh import weigh
from rag.schema import Hit
from rag.text.language import detect
from tests.answer.passages import hit

ATTACK = (
    "The war began with the attack of 7 October. In return the army shelled the coast. "
    "In that attack the militia also took 251 hostages."
)
SERANGAN = (
    "Perang pecah sejak serangan pada 7 Oktober. Sebagai balasan tentara menembaki pantai. "
    "Dalam serangan tersebut milisi juga menyandera 251 orang."
)
RAIN = "Rain fell. Snow fell. Hail fell. "
TWO_TALKS = RAIN + (
    "Ana Lee met Bo Ray in Doha. Later Cy Dunn arrived. Cy Dunn discussed trade with Di Fox."
)


def reading(question: str, found: Hit) -> Reading:
    """One article, read with a question whose words all weigh the same."""
    asked = analyse(question, detect(question) or "en")
    [sentences] = read([found])
    return Reading(asked, sentences, weigh({u: frozenset() for u in asked.units}, 10, {}))


@pytest.mark.parametrize(
    ("question", "text", "language"),
    [
        ("How many hostages were taken on 7 October?", ATTACK, "en"),
        ("Berapa orang disandera pada 7 Oktober?", SERANGAN, "id"),
    ],
)
def test_what_is_called_that_attack_is_the_one_told_of_before(
    question: str, text: str, language: str
) -> None:
    """Its day holds two sentences later too; for what stands between, it is only near."""
    found = reading(question, hit(text, language))
    [day] = [unit for unit in found.question.units if unit.kind == "date"]
    assert found.direct[day] == [1.0, 0.0, 0.0]
    assert found.near(day, 2) == LINKED
    unlinked = text.replace("that attack", "this fight").replace("serangan tersebut", "aksi itu")
    assert reading(question, hit(unlinked, language)).near(day, 2) <= NEAR


@pytest.mark.parametrize(
    ("question", "names", "deeds"),
    [
        ("Who met Ana Lee?", 1.0, 1.0),
        ("Where did Ana Lee meet Bo Ray?", 1.0, 0.95),  # "met", by the glossary
        ("What did Cy Dunn discuss with Di Fox?", 1.0, 1.0),
        # Both are there, and never in one sentence.
        ("What did Bo Ray discuss with Cy Dunn?", 0.0, 0.0),
    ],
)
def test_whether_those_asked_about_stand_together(
    question: str, names: float, deeds: float
) -> None:
    """Any two names in one sentence, and each name with what is done."""
    found = reading(question, hit(TWO_TALKS, "en"))
    assert (found.names_together, found.deeds_together) == (names, deeds)


def test_according_to_an_outlet_asks_of_its_articles() -> None:
    """Its name need not stand in the article; of another's it does not hold."""
    plain = hit("The dam broke on Monday.", "en")
    theirs = replace(
        plain,
        passage=replace(
            plain.passage, metadata=replace(plain.passage.metadata, publisher="Kabar Nusa")
        ),
    )
    question = "According to Kabar Nusa, when did the dam break?"
    for found, held in ((theirs, 1.0), (plain, 0.0)):
        read_ = reading(question, found)
        [outlet] = [unit for unit in read_.question.units if unit.kind == "name"]
        assert read_.direct[outlet] == [held]


TRAIN = (
    "A night train hit a truck at Wates Lor, killing the driver. The line was shut for nine hours. "
    "It was going 94 kilometres an hour. Police questioned the truck's owner."
)


def test_what_the_lead_has_tells_no_sentence_from_another() -> None:
    """Of "fast", "train" and "truck" the lead has two; they count 0.15 of their weight.

    All units weigh the same, w: 1 for "speed" w, 0.15 for the others.
    """
    found = reading("What was the speed of the train that hit the truck?", hit(TRAIN, "en"))
    lead, later = found.focused(0), found.focused(3)
    assert lead > later > 0  # "truck" stands in the last sentence too
    assert found.focused(1) == 0.0
    words = {u.text: u for u in found.question.units}
    assert found.near(words["train"], 2) >= 0.6  # all of the article is about it
    assert found.direct[words["train"]][2] == 0.0


def test_what_few_sentences_have_counts_more() -> None:
    """ "Owner" stands in one sentence, "truck" in two: weights 1 and 1/2, so 1 and 1/3."""
    found = reading("Which truck has an owner?", hit(TRAIN, "en"))
    assert [u.text for u in found.question.units] == ["truck", "owner"]
    assert found.rarely(3) == pytest.approx(1.0)
    assert found.rarely(0) == pytest.approx(1 / 3)
    assert found.rarely(2) == 0.0


def test_what_is_recalled_speaks_of_the_same() -> None:
    """ "That attack" two sentences on is told of with the day of the attack."""
    found = reading("How many hostages were taken on 7 October?", hit(ATTACK, "en"))
    [day] = [unit for unit in found.question.units if unit.kind == "date"]
    assert found.tied(day, 2) == LINKED
    assert found.tied(day, 1) == 0.0


def test_who_turned_it_down_is_told_by_the_denial() -> None:
    """A denial that is asked for takes nothing from the sentence."""
    found = reading("Siapa yang menolak usul itu?", hit("Usul itu ditolak Rina Dewi.", "id"))
    assert found.reality(0) == 1.0


@pytest.mark.parametrize(
    ("question", "text", "language", "so"),
    [
        # A denial bears on its own clause.
        ("Siapa yang mengirim surat?", "Rina, yang tidak hadir, mengirim surat.", "id", True),
        ("Siapa yang mengirim surat?", "Rina tidak mengirim surat.", "id", False),
        ("Whom did the police free?", "The police refused, but freed six men.", "en", True),
        ("Whom did the police free?", "The police did not free six men.", "en", False),
        # What was called off had been planned.
        ("When had the visit been due?", "A visit planned for May 3 was called off.", "en", True),
        ("When was the visit?", "A visit planned for May 3 was called off.", "en", False),
        # "No more than" denies nothing.
        ("How much may they draw?", "They may draw no more than 20 euros.", "en", True),
    ],
)
def test_a_denial_bears_on_its_own_clause(
    question: str, text: str, language: str, so: bool
) -> None:
    """Not across a "but", nor out of what is said of somebody between commas."""
    assert (reading(question, hit(text, language)).reality(0) == 1.0) == so


def test_words_that_answer_fit_though_they_name_nobody() -> None:
    """A body without a name did it; a sentence without any fits less."""
    found = reading(
        "Who filed the complaint?",
        hit("The complaint was filed by the bar association. The hall was cold.", "en"),
    )
    told, other = found.sentences
    assert found.fit(told) == 0.9
    assert found.fit(other) < 0.5
    [by] = found.typed(told)
    assert told.text[by.start : by.end] == "the bar association"


def test_one_word_does_not_tell_of_two_things_asked_about() -> None:
    """ "Agreement" tells of signing where only that is asked; beside "agreement" it does not."""
    pact = hit("The agreement took years.", "en")
    signed = reading("Who signed?", pact)
    both = reading("Who signed the agreement?", pact)
    assert [row[0] for row in signed.direct.values()] == [0.8]
    assert {u.text: row[0] for u, row in both.direct.items()} == {"signed": 0.0, "agreement": 1.0}


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("Thirty train drivers walked out.", 1.0),
        ("Most trains had only a driver on board.", 0.7),
        ("The drivers of the train walked out.", 1.0),
    ],
)
def test_words_of_one_thing_stand_together(text: str, share: float) -> None:
    """Trains and a driver, far apart, are no train drivers."""
    found = reading("How many train drivers?", hit(text, "en"))
    assert [row[0] for u, row in found.direct.items() if u.text == "train drivers"] == [share]


def test_a_word_within_a_phrase_is_told_of() -> None:
    """To lay down arms is one thing, and arms are another that is told with it."""
    found = reading("Berapa senjata?", hit("The rebels laid down their arms.", "en"))
    [(_, row)] = found.direct.items()
    assert row == [0.8]


@pytest.mark.parametrize(
    ("text", "away"),
    [
        ("Police in Zeehaven held ten men. In Guay nobody was held.", [True, False]),
        ("Fire in Guay. Police in Zeehaven held ten men.", [False, False]),
        ("The men were held by police. Guay is far.", [False, False]),
    ],
)
def test_another_place_than_the_one_asked_about(text: str, away: list[bool]) -> None:
    """Unless the lead names the one asked about, which the other may lie in."""
    far = RAIN if "Fire" not in text else ""
    found = reading("How many men were held in Guay?", hit(far + text, "en"))
    assert [found.displaced(i) for i in range(len(found.sentences))][-2:] == away


@pytest.mark.parametrize(
    ("question", "text", "share"),
    [
        ("How many stalls burned at Kenanga Market?", "76 kios di Pasar Kenanga terbakar.", 1.0),
        ("How many stalls burned at Kenanga Market?", "76 kios di Kenanga terbakar.", 0.4),
        ("Berapa kios terbakar di Pasar Kenanga?", "76 stalls burned at Kenanga Market.", 1.0),
        # A body is not whose it is, nor another of the same.
        ("Apa isi resolusi Majelis Umum PBB?", "Dewan Keamanan PBB membuat resolusi.", 0.4),
        ("Apa kata Universitas Indonesia?", "Presiden Indonesia berkata tidak.", 0.4),
        ("Apa kata Pemerintah Indonesia?", "Indonesia berkata tidak.", 0.9),
    ],
)
def test_what_a_name_is_headed_by_may_be_in_the_other_language(
    question: str, text: str, share: float
) -> None:
    """Kenanga Market is Pasar Kenanga; Kenanga alone may be anything."""
    found = reading(question, hit(text, detect(text) or "id"))
    [name] = [unit for unit in found.question.units if unit.kind == "name"]
    assert found.direct[name] == [share]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Darmin Halawa divonis. Darmin menyesal. Halawa pergi.", [1.0, 0.9, 0.9]),
        # Never named whole: the first name is many people's.
        ("Hakim membaca putusan. Darmin menyesal.", [0.0, 0.4]),
        # Another of that first name.
        ("Darmin Halawa divonis. Darmin Setiawan bersaksi.", [1.0, 0.4]),
    ],
)
def test_who_was_named_whole_goes_by_either_name(text: str, rows: list[float]) -> None:
    """As Indonesian news has people by their first names, and English by their last."""
    found = reading("Mengapa Darmin Halawa dihukum?", hit(text, "id"))
    [name] = [unit for unit in found.question.units if unit.kind == "name"]
    assert found.direct[name] == rows


def test_a_name_of_the_lead_stands_with_every_other() -> None:
    """By half, as the headline and the lead name what all of an article is about."""
    filler = RAIN
    question = "When did Ana Lee go back to Lorven?"
    led = reading(question, hit(f"The Lorven bridge fell. {filler}Ana Lee went back in May.", "en"))
    assert led.names_together == 0.5
    far = reading(question, hit(f"{filler}Lorven is cold. {filler}Ana Lee went back.", "en"))
    assert far.names_together == 0.0


def test_where_it_was_filed_is_not_what_it_is_about() -> None:
    """A dateline's town, and another in the sentence: it tells of that one."""
    question = "When did Blinken land in Istanbul?"
    later = "Rain fell. Snow fell. Blinken landed in Doha on Monday."
    filed = reading(question, hit(f"ISTANBUL - The talks failed. {later}", "en"))
    assert filed.displaced(3)
    beside = reading(
        question,
        hit("ISTANBUL - The talks failed. He landed in Doha on Monday. Blinken left.", "en"),
    )
    assert beside.displaced(1)
    led = reading(question, hit(f"ISTANBUL - The Istanbul talks failed. {later}", "en"))
    assert not led.displaced(3)


@pytest.mark.parametrize(
    ("question", "sought"),
    [
        ("Which hotel did Ana Lee stay at?", 0.0),
        ("Ana Lee menginap di hotel mana?", 0.0),
        ("Which palace did Ana Lee stay at?", 1.0),
        ("Which city did Ana Lee stay in?", 1.0),  # a city's name tells that it is one
        ("Who stayed at the hotel?", 1.0),  # no noun is asked for
    ],
)
def test_what_which_hotel_asks_for(question: str, sought: float) -> None:
    """An answer has a hotel, or nothing in it is one."""
    found = reading(question, hit("Ana Lee stayed at the palace in Lorven.", "en"))
    assert found.sought(0) == sought


@pytest.mark.parametrize(
    ("question", "another"),
    [
        ("When did the agriculture minister resign?", True),
        ("Kapan menteri pertanian mundur?", True),
        ("When did the trade minister resign?", False),
        ("When did the minister resign?", False),
    ],
)
def test_another_minister_than_the_one_asked_about(question: str, another: bool) -> None:
    """Two posts of one sort, whatever the language."""
    found = reading(question, hit("Menteri Perdagangan mundur pada Mei.", "id"))
    assert found.another_post(0) == another


@pytest.mark.parametrize(
    ("question", "timely"),
    [
        ("When will the tunnel open?", [True, False]),
        ("Kapan terowongan itu akan dibuka?", [True, False]),
        ("When did the tunnel open?", [True, True]),
    ],
)
def test_what_is_to_come(question: str, timely: list[bool]) -> None:
    """Asked of that, what was is no answer; asked of what was, either may be."""
    text = "The tunnel will open in May. The tunnel was dug in 1990."
    found = reading(question, hit(text, "en"))
    assert [found.timely(i) for i in (0, 1)] == timely


@pytest.mark.parametrize(
    ("question", "contrary"),
    [
        ("When did Ana Lee buy the boat?", True),
        ("Kapan Ana Lee membeli perahu?", True),
        ("When did Ana Lee sell the boat?", False),
        ("When did Ana Lee paint the boat?", False),
    ],
)
def test_the_contrary_of_what_is_asked(question: str, contrary: bool) -> None:
    """Who sold it did not buy it then."""
    found = reading(question, hit("Ana Lee sold the boat in May.", "en"))
    assert found.contrary(0) == contrary


def test_the_contrary_answers_whether_it_is_so() -> None:
    """Who is asked whether he bought it, and sold it, has answered."""
    found = reading("Did Ana Lee buy the boat?", hit("Ana Lee sold the boat in May.", "en"))
    assert not found.contrary(0)


@pytest.mark.parametrize(
    ("question", "nouns"),
    [
        ("Which hotel did he stay at?", {"hotel"}),
        ("What happened to the assistant referee?", set()),
        ("hewan apa yang menggali lubang itu", set()),
        ("pakai apa mereka dibunuh", set()),
        ("Di kota mana?", set()),
    ],
)
def test_the_nouns_that_an_answer_repeats(question: str, nouns: set[str]) -> None:
    """A badger is not called an animal."""
    assert asked_nouns(question) == nouns


def test_what_only_another_sentence_tells() -> None:
    """The arrest is told of others, further down; of what the lead tells all of it may be."""
    question = "Why was Ana Lee arrested?"
    text = "Ana Lee left because she was ill. Police arrested six men."
    assert reading(question, hit(RAIN + text, "en")).deed_elsewhere(3)
    led = "Police arrested six. " + RAIN + text
    assert not reading(question, hit(led, "en")).deed_elsewhere(4)
    assert not reading("Why did Ana Lee leave?", hit(RAIN + text, "en")).deed_elsewhere(3)


def test_what_others_got_tells_nothing_of_whom_the_question_names() -> None:
    """Unless the lead names him: then what follows may be told of him."""
    filler = RAIN
    found = reading(
        "How much did Garuda Timur get?",
        hit(filler + "Ana Rinjani got 750 euros. The sum was paid. Garuda Timur lost.", "en"),
    )
    assert [found.of_another(i) for i in (3, 4, 5)] == [True, False, False]
    led = hit("Garuda Timur lost. Rain fell. Snow fell. Ana Rinjani got 750 euros.", "en")
    assert not reading("How much did Garuda Timur get?", led).of_another(3)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Wahana itu mendarat di bulan.", True),
        ("Upah lima bulan belum dibayar.", False),
        ("Bayi itu berusia 8 bulan.", False),
        ("Ia tiba pada bulan Mei.", False),
    ],
)
def test_a_month_is_no_moon(text: str, told: bool) -> None:
    """Indonesian has one word for both."""
    found = reading("When was the lunar probe built?", hit(text, "id"))
    [moon] = [u for u in found.question.units if "moon" in u.concepts]
    assert (found.direct[moon][0] > 0) == told


@pytest.mark.parametrize(
    ("question", "another"),
    [
        ("When was the tenth visit?", True),
        ("When was the ninth visit?", False),
        ("Kapan kunjungan kesepuluh itu?", True),
        ("When was the first visit?", False),  # as often a way of speaking
        ("When was the visit?", False),
    ],
)
def test_the_how_manieth_is_another(question: str, another: bool) -> None:
    """The ordinal may stand beside the sentence, but must stand there."""
    found = reading(question, hit("It was her ninth visit to Lorven. She came on Monday.", "en"))
    assert [found.another_ordinal(i) for i in (0, 1)] == [another, another]


def test_what_lasts_and_what_share_are_numbers_of_their_own() -> None:
    """Of three numbers only the months tell how long, and only the percentage what share."""
    text = "The 20 doctors struck for 14 months and lost 12 percent, two days after a vote."
    for question, told in (
        ("How long did the strike last?", ["14 months"]),
        ("What percentage did they lose?", ["12 percent"]),
    ):
        found = reading(question, hit(text, "en"))
        spans = found.typed(found.sentences[0])
        assert [text[s.start : s.end] for s in spans] == told


@pytest.mark.parametrize(
    ("question", "text", "lasting"),
    [
        ("How many hostages are still held?", "The militia took 251 hostages.", False),
        ("How many hostages are still held?", "Of the hostages 97 remain in Gaza.", True),
        ("Berapa sandera yang masih ditahan?", "Milisi menyandera 251 orang.", False),
        ("Berapa sandera yang masih ditahan?", "Sebanyak 97 sandera belum pulang.", True),
        ("How many hostages were held?", "The militia took 251 hostages.", True),
        ("Who is still held?", "The militia holds Ana Lee.", True),  # counts nothing
    ],
)
def test_how_many_there_still_are(question: str, text: str, lasting: bool) -> None:
    """How many were taken is not how many are still held."""
    language = "id" if "sandera" in question else "en"
    assert reading(question, hit(text, language)).lasting(0) == lasting


@pytest.mark.parametrize(
    ("question", "by_another"),
    [
        ("Why did Egypt suspend the mediation?", True),  # Qatar did
        ("Why did Qatar suspend the mediation?", False),
        ("Why did Egypt praise the mediation?", False),  # nobody is said to have
        ("Why was the mediation suspended?", False),  # nobody is named
    ],
)
def test_whether_all_who_did_it_are_others(question: str, by_another: bool) -> None:
    """One sentence tells of the suspending; the one that names Egypt tells of nothing asked."""
    text = RAIN + "In November Qatar suspended the mediation. Egypt sent food. Lorven was calm."
    assert reading(question, hit(text, "en")).done_by_another == by_another


@pytest.mark.parametrize(
    ("question", "text", "told"),
    [
        # No number but an age tells how old somebody is.
        ("Umur pilot Bram Adi?", "Pilot Bram Adi dan dua insinyur selamat.", []),
        (
            "Umur pilot Bram Adi?",
            "Pilot Bram Adi, 41 tahun, dan dua insinyur selamat.",
            ["41 tahun"],
        ),
        # Nor a length of time how many there are, nor a country who the captain is.
        ("How much aid arrives?", "Aid arrives after 14 months.", ["14 months"]),
        ("How many trucks arrive?", "Trucks arrive after 14 months.", []),
        ("Who is the captain of the ship?", "The captain of the ship left Egypt.", []),
        ("Who attacked the ship?", "Egypt attacked the ship.", ["Egypt"]),
    ],
)
def test_what_is_of_the_kind_asked_for(question: str, text: str, told: list[str]) -> None:
    """The things in a sentence that may answer, by what exactly is asked."""
    found = reading(question, hit(text, "id" if "Umur" in question else "en"))
    sentence = found.sentences[0]
    assert [sentence.text[s.start : s.end] for s in found.typed(sentence)] == told


@pytest.mark.parametrize(
    ("question", "text", "else_"),
    [
        # Another post, another land's, the head of something else, no hotel.
        (
            "Siapa Menteri Pertahanan Ardania?",
            "Menteri Keuangan Ardania, Bo Ray, tiba kemarin.",
            True,
        ),
        ("Siapa pemimpin oposisi Mesir?", "Pemimpin oposisi Qatar, Bo Ray, tiba di sana.", True),
        ("Siapa pemimpin oposisi Qatar?", "Pemimpin oposisi Qatar, Bo Ray, tiba di sana.", False),
        ("Siapa ketua tim dagang?", "Kata tim dagang itu, Kepala Otoritas Bo Ray pergi.", True),
        ("Siapa ketua tim dagang?", "Ketua tim dagang itu, Bo Ray, pergi ke sekolah.", False),
        ("Siapa direktur pabrik gula?", "Direktur perusahaan itu, Bo Ray, pergi kemarin.", False),
        ("At which hotel did Ana Lee stay?", "Ana Lee met Bo Ray in Doha.", True),
        ("At which hotel did Ana Lee stay?", "Ana Lee met Bo Ray at the Hotel Arum.", False),
    ],
)
def test_what_surely_tells_of_something_else(question: str, text: str, else_: bool) -> None:
    """Whatever else a sentence holds of the question."""
    found = reading(question, hit(text, detect(text) or "id"))
    assert found.surely_else(0) == else_
