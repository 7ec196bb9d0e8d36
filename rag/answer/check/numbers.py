"""Whether the numbers of a statement are those of its evidence, and of the same things.

"27 killed" is not borne out by "27 wounded", "5 percent" not by "5 people", "more than 27" not
by "27". Converts no units and no currencies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.answer.check.amounts import SMALL, amounts, check_amounts
from rag.answer.check.backing import Backing, Problem
from rag.answer.check.figures import (
    Figure,
    direction,
    families,
    figures,
    hedged,
    measure,
    placed,
    words_near,
)
from rag.answer.check.rivals import part_of_speech
from rag.answer.check.wording import Wording
from rag.text.cues import pattern
from rag.text.language import word_set

_FEWER = pattern("kurang dari|di bawah|less than|under|below|fewer than")


_GENERIC = word_set(
    "person people citizen victim casualty member individual number_amount",
    "times_frequency",
)


_DIGITS = re.compile(r"[0-9]+")


_ROUNDED = 0.06  # how far a rounded number may be off, of its value


def check_numbers(said: Wording, backing: Backing) -> Iterator[Problem]:
    """What is wrong with the statement's numbers, one problem for each at most."""
    mine = list(figures(said))
    theirs = [n for w in backing.wordings for n in figures(w)]
    for one in mine:
        problem = _check(one, theirs, backing)
        if problem:
            yield problem
    yield from _labels(said, backing)
    yield from check_amounts(said, backing, theirs)


def _check(one: Figure, theirs: list[Figure], backing: Backing) -> Problem | None:
    if _scored(one, backing):
        return None
    equal = [o for o in theirs if one.values & o.values]
    if not equal and _clocked(one, backing):
        return None
    if not equal:
        if _implied(one, backing) or _parted(one, backing):
            return None
        rounded = [o for o in theirs if _rounds(one, o) and _one_unit(one, o)]
        if rounded:
            return None
        return _missing(one, theirs, backing)
    fitting = [o for o in equal if _one_unit(one, o)]
    if not fitting:
        return Problem(
            "conflict",
            f"“{one.text}” is “{equal[0].text}” in the source",
            f"“{one.text}” di sumbernya “{equal[0].text}”",
        )
    problems = [_compared(one, o, theirs, backing) for o in fitting]
    return None if None in problems else problems[0]


def _parted(one: Figure, backing: Backing) -> bool:
    """Whether a fraction of the evidence comes to it: "half a percentage point", 0.5 points."""
    return 0 < one.number.value < 1 and any(
        a.kind == "part" and abs(a.value - one.number.value) < 0.001
        for w in backing.wordings
        for a in amounts(w)
    )


def _clocked(one: Figure, backing: Backing) -> bool:
    """Whether it is a part of a time that the evidence has as it stands: "2:06.31"."""
    for found in _TIMED.finditer(one.wording.text):
        if found.start() <= one.number.start < found.end():
            return any(found.group() in _TIMED.findall(w.text) for w in backing.wordings)
    return False


_SCORE = re.compile(r"(?<![\w-])(\d{1,3})[-–](\d{1,3})(?![\w-])")


def _scored(one: Figure, backing: Backing) -> bool:
    """Whether it is of a score that the evidence has, told from the side of who won or lost."""
    for m in _SCORE.finditer(one.wording.text):
        if m.start() <= one.number.start < m.end():
            turned = tuple(reversed(m.groups()))
            here = bool(_LOSING.search(one.wording.text))
            return any(
                other.groups() == m.groups()
                or (other.groups() == turned and here != bool(_LOSING.search(w.text)))
                for w in backing.wordings
                for other in _SCORE.finditer(w.text)
            )
    return False


_LOSING = re.compile(
    r"\b(?:kalah|takluk|tunduk|tumbang|dikalahkan|ditaklukkan|lost|loses?|losing|beaten|defeated by"
    r"|fell)\b",
    re.IGNORECASE,
)
_TIMED = re.compile(r"(?<![\d:.,])\d{1,2}(?::\d{2})+(?:[.,]\d+)?(?![\d:])")


def _missing(one: Figure, theirs: list[Figure], backing: Backing) -> Problem:
    rivals = [o for o in theirs if _one_unit(one, o) and one.near & o.near]
    if rivals:
        return Problem(
            "conflict",
            f"the number {one.text} is {rivals[0].text} in the source",
            f"angka {one.text} di sumbernya {rivals[0].text}",
        )
    return Problem(
        "not_found",
        f"the number {one.text} is not in the source",
        f"angka {one.text} tidak ada di sumbernya",
    )


def _one_unit(one: Figure, other: Figure) -> bool:
    """Whether two numbers may be of one kind: percent, money of one currency, years, a count."""
    a, b = one.number, other.number
    if not _one_measure(one, other):
        return False
    if a.unit == b.unit and a.kind == b.kind:
        return True
    if "ordinal" in (a.kind, b.kind):
        if a.kind == b.kind:
            return True
        rank = other if a.kind == "ordinal" else one
        return rank.number.kind == "count" and rank.counted() is None and _ranks(rank)
    if a.unit and b.unit:
        return False
    bare, full = (one, other) if not a.unit else (other, one)
    if full.number.kind in ("percent",):
        after = bare.wording.text[bare.number.end : bare.number.end + 25].lower()
        return (
            bool(re.match(r"\s*(?:%|percent|persen|poin|point|basis)", after))
            or bare.number.kind == "percent"
        )
    if full.number.kind == "money":
        return bare.counted() is None  # "22" beside "22 million euros" is another thing
    if full.number.kind == "duration":
        if re.match(r"\s*(?:ini|lalu|depan|sebelumnya)\b", full.wording.text[full.number.end :]):
            return True  # "35 tahun lalu" may be thirty-five last year
        word = bare.wording.text[bare.number.end : bare.number.end + 12].lower()
        return bool(
            re.match(r"[\s-]*(?:year|month|day|week|hour|minute|tahun|bulan|hari|pekan|jam)", word)
            or re.match(r"\s*(?:[,.;:)\]–-]|and\b|dan\b|to\b|hingga\b|sampai\b|\Z)", word)
        )
    return True


def _one_measure(one: Figure, other: Figure) -> bool:
    """Whether the measures after two numbers are the same, or one of them has none."""
    mine, there = measure(one), measure(other)
    return mine == there or mine is None or there is None


_RANK = re.compile(
    r"(?:\b(?:no|nomor|number|rank|ranked|peringkat|hari|day|round|putaran|babak|urutan|edisi"
    r"|edition|phase|tahap|episode|chapter|bab|level|kelas|grade|abad|posisi|position|bowl)\.?"
    r"|#)\s*\Z",
    re.IGNORECASE,
)


def _ranks(one: Figure) -> bool:
    """Whether a plain number says which of a row it is: "peringkat 3"."""
    return bool(_RANK.search(one.wording.text[max(0, one.number.start - 12) : one.number.start]))


def _rounds(one: Figure, other: Figure) -> bool:
    """Whether the statement rounds the evidence's number, and says so."""
    value, true = one.number.value, other.number.value
    if not true or abs(value - true) > _ROUNDED * abs(true):
        return False
    if len(format(value, "g").rstrip("0")) >= len(format(true, "g").rstrip("0")):
        return False  # no rounder than the evidence's
    if one.bound == "about":
        return True
    if one.bound == "over":
        return value < true
    return one.bound == "under" and value > true and not _fewer(one)


def _fewer(one: Figure) -> bool:
    return bool(_FEWER.search(one.wording.text[max(0, one.number.start - 22) : one.number.start]))


def _implied(one: Figure, backing: Backing) -> bool:
    """Whether a small number in words is told otherwise: "one", "the two leaders", "first"."""
    value, number = one.number.value, one.number
    written = one.text.casefold()
    if value == 1 and number.kind == "money":
        return any(_ONE_OF.search(w.text) for w in backing.wordings)
    if written[0].isdigit() or number.kind not in ("count", "ordinal", "duration"):
        return False
    text = " ".join(w.text for w in backing.wordings)
    if value == 1:
        return number.kind != "ordinal"
    if value != 2:
        return False
    counted = one.counted()
    if counted is not None and any(
        (there := other.counted()) is not None
        and there == other.last + 1
        and one.wording.keys[counted] & other.wording.keys[there]
        for w in backing.wordings
        for other in figures(w)
    ):
        return False  # of those it has another number
    if counted is not None and len(backing.exact(one.wording, counted)) > 1:
        return True  # "Desa Cibarani dan Desa Sukalaya" are two villages
    ahead = one.wording.text[max(0, number.start - 5) : number.start]
    # "dua kali lipat"; "keduanya"; "the two" of whom it has told before
    return bool("=double" in backing.keys or _PAIR.search(text) or _THE.search(ahead))


_PAIR = pattern("kedua|keduanya|dua|both|pair|duo|two|second|bilateral")
_ONE_OF = re.compile(r"\b(?:an?|one|satu|se)\s?(?:dollar|euro|pound|dolar|rupiah|yen)\b", re.I)
_THE = re.compile(r"(?:\bthe|\bkedua)\s*\Z", re.IGNORECASE)


def _compared(one: Figure, other: Figure, theirs: list[Figure], backing: Backing) -> Problem | None:
    """What is wrong though the evidence has the number: how it is hedged, what it counts."""
    hedge, their_hedge = one.bound, other.bound
    if (
        {hedge, their_hedge} == {"over", "under"}
        or (hedge in ("over", "under") and their_hedge == "exact")
        or (one.precisely and their_hedge != "exact")
    ):
        return Problem(
            "conflict",
            f"the source does not say it so of {one.text}: {hedged(other)}",
            f"sumbernya tidak menyebut {one.text} begitu: {hedged(other)}",
        )
    rival = _rival_near(one, other)
    if rival:
        return Problem(
            "conflict",
            f"{one.text} is said of “{rival}” in the source",
            f"{one.text} di sumbernya tentang “{rival}”",
        )
    side, their_side = _side(one), _side(other)
    if (side and their_side and side != their_side) or _another_kind(one, other):
        return _other_thing(one)
    mine, there = direction(one), direction(other)
    if mine and there and mine != there:
        return _other_thing(one)
    if _repeated(one) and not _repeated(other):
        return _other_thing(one)
    rate, their_rate = one.rate, other.rate
    if rate and their_rate and rate != their_rate:
        return Problem(
            "conflict",
            f"{one.text} is per {their_rate} in the source, not per {rate}",
            f"{one.text} di sumbernya untuk satuan waktu lain",
        )
    if _counts_otherwise(one, other, theirs) or _of_another(one, other, theirs):
        return _other_thing(one)
    near, near_there = one.near, other.near
    for another in () if _plainly_same(one, other) else theirs:
        if another.values & one.values or not _one_unit(one, another) or (mine and mine == there):
            continue
        # What belongs to it here belongs to another number there, and nothing the other way.
        if (near - near_there) & another.near and not (near & near_there) - another.near:
            return _other_thing(one)
    if _elsewhere(one, other):
        return _other_thing(one)
    if one.wording.language == other.wording.language:
        a, b = one.counted(), other.counted()
        if a is not None and b is not None and not _same_thing(one, a, other, b, backing):
            return _other_thing(one)
    return None


_SIDES = re.compile(
    r"[\s-]*(?:[a-z]+\s+)?(?:(?P<before>before|sebelum|ahead of|prior to|menjelang)"
    r"|(?P<after>after|setelah|sesudah|usai))\b",
    re.IGNORECASE,
)


def _side(one: Figure) -> str | None:
    """ "before" or "after" where a stretch of time is told from something: "two hours after"."""
    found = _SIDES.match(one.wording.text, one.number.end)
    return found.lastgroup if found else None


def _another_kind(one: Figure, other: Figure) -> bool:
    """Whether both count something of known meaning right there, and it is not the same."""
    a, b = one.counted(), other.counted()
    if a is None or b is None:
        return False
    mine, theirs = one.wording.concepts[a], other.wording.concepts[b]
    kinds = [{c for c in cs if c.startswith("species_")} for cs in (mine, theirs)]
    if kinds[0] and kinds[1]:
        return not kinds[0] & kinds[1]
    if not mine or not theirs or mine & theirs or mine & _GENERIC or theirs & _GENERIC:
        return False
    if not all(part_of_speech(c) in ("noun", "role") for c in mine | theirs):
        return False
    tail = other.wording.text[other.number.end : other.wording.tokens[b].start]
    if _LEAD_IN.search(tail) or mine & other.wording.concepts[min(b + 1, _end(other))]:
        return False
    if one.wording.language != other.wording.language:
        return any(mine <= kind and theirs <= kind for kind in _KINDS)
    if mine & _AREAS and theirs & _AREAS:
        return True
    return not one.wording.keys[a] & words_right(other)


# Across languages only these have one translation.
_KINDS = (
    word_set("cow pig chicken goat sheep horse dog cat elephant tiger bird duck buffalo"),
    word_set("plane helicopter ship ferry train bus truck car motorcycle boat"),
    word_set("doctor nurse teacher student soldier journalist farmer fisherman pilot engineer"),
)
_AREAS = word_set("village subdistrict regency province city")
_LEAD_IN = re.compile(r"\b(?:of|in|di|dari|for|untuk|at|on|per)\b", re.IGNORECASE)


def _plainly_same(one: Figure, other: Figure) -> bool:
    """Whether the word of what they count is the same."""
    a, b = one.counted(), other.counted()
    if a is None or b is None:
        return False
    mine, theirs = one.wording.concepts[a], other.wording.concepts[b]
    return any(part_of_speech(c) in ("noun", "role") for c in mine & theirs)


def _end(one: Figure) -> int:
    return len(one.wording.tokens) - 1


def words_right(one: Figure) -> frozenset[str]:
    """The keys of the four words behind a number."""
    words = one.wording
    inside = range(one.last + 1, min(len(words.tokens), one.last + 5))
    return frozenset(k for i in inside for k in words.keys[i])


def _repeated(one: Figure) -> bool:
    """Whether it tells how often: "seventeen times"."""
    return bool(re.match(r"[\s-]*(?:kali|times?)\b", one.wording.text[one.number.end :]))


def _of_another(one: Figure, other: Figure, theirs: list[Figure]) -> bool:
    """Whether the name that it belongs to has another number in the evidence, and not this one."""
    mine, there = one.names, other.names
    if not mine or not there or mine & there:
        return False
    return any(
        mine & another.names and not another.values & one.values and not there & another.names
        for another in theirs
        if another.wording is other.wording and _one_unit(one, another)
    )


def _counts_otherwise(one: Figure, other: Figure, theirs: list[Figure]) -> bool:
    """Whether what it counts is what another number of the evidence counts, or is no people."""
    there = other.counted()
    tail = other.wording.text[other.number.end : other.number.end + 24]
    if there is None or _THEREOF.match(tail):
        return False
    keys_there = other.wording.keys[there]
    if one.wording.tokens[min(one.last + 1, len(one.wording.tokens) - 1)].text in _PEOPLE:
        return bool(other.wording.concepts[there] & _NO_PEOPLE)
    mine = one.counted()
    if mine is None or one.wording.keys[mine] & keys_there:
        return False
    exact = {k for k in one.wording.keys[mine] if k[0] not in "~%"}
    return any(
        exact & another.wording.keys[count]
        for another in theirs
        if not another.values & one.values
        and (count := another.counted()) is not None
        and not _only_verb(another.wording.concepts[count])
    )


def _only_verb(concepts: frozenset[str]) -> bool:
    return bool(concepts) and all(part_of_speech(c) == "verb" for c in concepts)


_THEREOF = re.compile(r"\s*(?:di antaranya|of them|of whom|among them|lain|others?|more|lagi)\b")


_PEOPLE = frozenset({"people", "orang", "persons", "men", "women", "jiwa"})


_NO_PEOPLE = word_set(
    "family house building village school city ship plane vehicle car motorcycle animal",
    "cow fish_animal case_matter company factory hotel tree hour day",
)


def _same_thing(one: Figure, a: int, other: Figure, b: int, backing: Backing) -> bool:
    """Whether two numbers of one language may count the same thing, by the words after them."""
    mine, there = one.wording.keys[a], other.wording.keys[b]
    for words, i in ((one.wording, a), (other.wording, b)):
        if words.concepts[i] and not any(
            part_of_speech(c) in ("noun", "role") for c in words.concepts[i]
        ):
            return True  # what they do or are, not what they are
    return bool(
        mine & words_near(other)
        or there & one.wording.all_keys
        or mine & backing.keys
        or one.wording.concepts[a] & _GENERIC
        or backing.alike(one.wording.tokens[a].text)
    )


def _elsewhere(one: Figure, other: Figure) -> bool:
    """Whether both say in what place, and it is another."""
    mine, there = (placed(n) for n in (one, other))
    return bool(mine and there and not mine & there and not mine & words_near(other))


def _other_thing(one: Figure) -> Problem:
    return Problem(
        "conflict",
        f"{one.text} is the number of something else in the source",
        f"{one.text} di sumbernya angka untuk hal lain",
    )


def _rival_near(one: Figure, other: Figure) -> str | None:
    """The evidence's word for what it counts where it excludes the statement's: "wounded"."""
    theirs = families(other)
    for family, (names, _) in families(one).items():
        if family in theirs and not names & theirs[family][0]:
            return theirs[family][1]
    return None


def _labels(said: Wording, backing: Backing) -> Iterator[Problem]:
    """Figures that only name a thing ("U-17", "KM 72"): the evidence must have them so."""
    taken = [(n.start, n.end) for n in said.sentence.numbers]
    taken += [(d.start, d.end) for d in said.sentence.dates]
    there = {f for w in backing.wordings for f in _DIGITS.findall(w.text)}
    taken += [(a.start, a.end) for a in amounts(said)]
    values = {v for w in backing.wordings for f in figures(w) for v in f.values}
    words = {t.text for w in backing.wordings for t in w.tokens}
    for token in said.tokens:
        value = SMALL.get(token.text, 0)
        if value < 3 or value in values or token.text in words or str(value) in there:
            continue
        if not any(s <= token.start < e for s, e in taken):
            yield _unfound(said.text[token.start : token.end])
    for match in _DIGITS.finditer(said.text):
        if match.group() not in there and not any(s <= match.start() < e for s, e in taken):
            yield _unfound(match.group())


def _unfound(written: str) -> Problem:
    return Problem(
        "not_found",
        f"“{written}” is not in the source",
        f"“{written}” tidak ada di sumbernya",
    )
