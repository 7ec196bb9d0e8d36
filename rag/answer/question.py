"""What a question asks for: its units (what must be accounted for) and the kind of its answer.

Pure; knows nothing of passages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from rag.answer.asking import OR_NOT, Kind, kind_of
from rag.answer.light import is_light
from rag.text import dates, glossary, names
from rag.text.cues import DENIAL, FUTURE
from rag.text.dates import DateMention
from rag.text.language import word_set
from rag.text.stems import Token, content_words, kin_stem, stop_words, tokens

UnitKind = Literal["name", "number", "date", "word"]

LANGUAGES = ("en", "id")
_NONE: frozenset[str] = frozenset()
_SHOUTED = word_set(
    "itu ini apa siapa mana tidak bukan jangan semua sudah belum harus not no all any only is it",
    "this that what who why how when where did does was and or must never ever yes ya",
)
# "Berapa lama" asks, as "how long" does; no sentence that says three days has "lama", and not each
# that tells where says "located".
_ASKED_WITH = (
    re.compile(
        r"\b(?:how|(?:se)?berapa(?:kah)?)\s+(lama|old|usia|umur|tua)(?:nya)?\b", re.IGNORECASE
    ),
    re.compile(r"\b(?:how|seberapa)\s+(big|large|bad|serious|besar|banyak|parah)\b", re.IGNORECASE),
    re.compile(r"\b(nama|namanya)\s+(?:siapa|apa)\b", re.IGNORECASE),
    re.compile(r"\b(?:siapa|apa)\s+(?:sih\s+)?(nama|namanya)\b", re.IGNORECASE),
    re.compile(
        r"(?:\A\W*|\bwhat\s*(?:['’]s|is|was|are|were)\s+)(?:the\s+)?(names?)\s+of\b", re.IGNORECASE
    ),
    re.compile(r"\b(berbuat|melakukan|ngelakuin|berkat|buat)\s+(?:apa|siapa)\b", re.IGNORECASE),
    # What reports is told by its name: "Which outlet reported", "koran mana".
    re.compile(
        r"\b(?:which|what)\s+(?:\w+\s+)?(outlet|newspaper|paper|agency|broadcaster|media)\s+(?:first\s+)?"
        r"(?:reported|said|wrote|quoted|cited|carried|published|ran|(broke\s+the\s+(?:story|news))|broke"
        r"|had(?:\s+(?:the|a)\s+(story|report|scoop))?)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(kantor\s+berita|media|koran|surat\s+kabar|outlet|portal)\s+(?:mana|apa)\b",
        re.IGNORECASE,
    ),
    # How many of them there are is no more to be told than that they are countries.
    re.compile(
        r"\b(dua|tiga|empat|lima|enam)\s+(?:negara|kota|orang|perusahaan|partai|pihak|tokoh)\s+(?:mana|apa)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\bwhich\s+(two|three|four|five|six)\s+(?:countries|cities|people|parties|sides)\b", re.I
    ),
    # "Spoke about the corridor" is told by whatever he said of it.
    re.compile(
        r"\b(bicara|berbicara|ngomong|berkomentar|speak|speaks|spoke|spoken|talk|talks|talked|commented)\s+"
        r"(?:lagi\s+)?(?:soal|tentang|mengenai|about|on|of)\b",
        re.IGNORECASE,
    ),
    # "How long will the truce run?" is told by "for 90 days".
    re.compile(
        r"\b(?:how\s+(?:long|much\s+time)|berapa\s+lama)\b.*\b(runs?|go(?:es)?\s+on|supposed|meant"
        r"|makan\s+waktu|memakan\s+waktu)(?:\s+(?:to\s+(?:last|take|run)|for))?\W*\Z",
        re.IGNORECASE,
    ),
    re.compile(r"\b(?:is|are|was|were)\s+(?:\w+\s+){0,3}(going)\s+to\s+[a-z]", re.IGNORECASE),
    re.compile(r"\A\W*(benarkah|betulkah|benar|betul)\b", re.IGNORECASE),
    # "Menelan berapa korban jiwa" asks how many died.
    re.compile(r"\b(menelan|merenggut|memakan)\b(?=.*\bkorban\b)", re.IGNORECASE),
    re.compile(r"\bkorban\s+(jiwa)\b", re.IGNORECASE),
    re.compile(r"\b(exactly|precisely|persis(?:nya)?|tepatnya|mananya)\b", re.IGNORECASE),
    # What somebody is besides is asked for by nouns that no sentence needs to repeat.
    re.compile(
        r"\bwhat\s+(?:other\s+|else\s+)?(cabinet\s+|ministerial\s+|government\s+)?"
        r"(job|post|position|role|office|title|portfolio)\s+(?:does|did|is|was)\b"
        r"(?:.*\b(hold|holds|held|have|has)\b)?",
        re.IGNORECASE,
    ),
    re.compile(r"\b(now|so\s+far|sejauh\s+ini|sekarang)\s*(?=[,?.]|\Z)|\bas\s+(well)\b", re.I),
    # What is counted in need not stand beside the answer.
    re.compile(
        r"\b((?:counting|including|termasuk)\s+(?:this|that|the\s+latest|yang)\s*"
        r"(?:one|visit|trip|time|ini|terakhir)?)(?=[,?.]|\Z)",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(rel(?:y|ies|ied)|based)\s+on\b|\b(?:dalam|in\s+its)\s+(laporannya|report)\b", re.I
    ),
)
# It ends in a verb, and asks for nothing that came last.
_LASTS = re.compile(r"\bhow\s+long\b.*\blast(?:\s+for)?\W*\Z", re.IGNORECASE)
_WHERE_WITH = re.compile(
    r"\b(letak(?:nya)?|terletak|bertempat|lokasi(?:nya)?|located|situated|lie|lies|direction)\b"
    r"|\b(runs?|stretch(?:es)?|sits?)\W*\Z",
    re.IGNORECASE,
)
_ENDINGS = ("", "'s", "’s", "'", "’")  # what a name is written with and found without
_ENDING = re.compile(r"['’]s?\Z")
# Clock times and "yesterday" are matched as words.
_DATED = frozenset({"date", "month", "year", "weekday"})


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing a question is about, that evidence for an answer must account for."""

    text: str
    kind: UnitKind
    words: tuple[str, ...]  # casefolded tokens
    stems: tuple[frozenset[str], ...]  # per word, in both languages
    concepts: frozenset[str]  # of the glossary
    when: DateMention | None = None  # of a date

    def __hash__(self) -> int:
        # Units are keys that are looked up thousands of times for one answer.
        return hash((self.kind, self.words))


@dataclass(frozen=True, slots=True)
class Question:
    """A question taken apart."""

    text: str
    language: str | None
    kind: Kind
    units: tuple[Unit, ...]
    negated: bool
    future: bool


def analyse(text: str, language: str | None) -> Question:
    """The question's units, in order, and the kind of answer it wants."""
    return Question(
        text=text,
        language=language,
        kind=kind_of(text),
        units=tuple({(u.kind, u.words): u for u in _units(text, language)}.values()),
        negated=bool(DENIAL.search(OR_NOT.sub("", text))),
        future=bool(FUTURE.search(text)),
    )


def _units(text: str, language: str | None) -> Iterable[Unit]:
    stops = stop_words("en") | stop_words("id")
    cues = [*_ASKED_WITH, _WHERE_WITH] if kind_of(text) == "place" else _ASKED_WITH
    asked_with = [
        m.span(n)
        for cue in cues
        for m in cue.finditer(text)
        for n in range(1, cue.groups + 1)
        if m[n]
    ]
    words = [
        w
        for w in content_words(text)
        if w.text not in stops and not any(start <= w.start < end for start, end in asked_with)
    ]
    matches = glossary.load().find(text, language)
    used: set[int] = set()
    for mention in dates.find(text):
        inside = _within(words, mention.start, mention.end)
        if inside and mention.kind in _DATED:
            used |= {w.start for w in inside}
            yield _unit(text, inside, "date", frozenset(), mention)
    for name in names.find(text):
        if text[name.start : name.end].isupper() and name.text.casefold() in stops:
            # "AS" is a country, and spelt out: "as" stands in every other sentence.
            letters = [w for w in tokens(text) if name.start <= w.start < name.end]
            used |= {w.start for w in letters}
            meant = list(_spelt_out(name.text, matches, name.start))
            # "KAN" is a broadcaster, though "kan" is a little word; "siapa ITU" shouts one.
            shouted = text.isupper() or name.text.casefold() in _SHOUTED
            yield from meant or ([] if shouted else [_unit(text, letters, "name", _NONE)])
            continue
        start = _start(text, name, matches)
        # "Selandia Baru": the name goes on with an ordinary word.
        further = [m for m in matches if m.start == name.start and m.end > name.end]
        end = max((m.end for m in further if _is_land(m)), default=name.end)
        inside = [w for w in _within(words, start, end) if w.start not in used]
        if inside:
            used |= {w.start for w in inside}
            # What one word of a name means ("Pay" in "Orchard Pay") says nothing of the name.
            whole = [
                m
                for m in matches
                if m.start == name.start
                and (text[name.end : m.end] in _ENDINGS or m.end == end)
                and m.end >= name.end
            ]
            # But "UN Security Council" is the Security Council, whatever is put before it.
            whole = whole or [
                m
                for m in matches
                if name.start < m.start
                and m.end == name.end
                and " " in text[m.start : m.end]
                and text[name.start : m.start].strip().isupper()
            ]
            named = _unit(text, inside, "name", frozenset(m.concept_id for m in whole))
            yield replace(named, text=_ENDING.sub("", named.text))
    first = words[:1]
    if first and first[0].start not in used and _opens_as_name(text, first[0], matches):
        used.add(first[0].start)
        yield _unit(text, first, "name", frozenset())
    phrases = sorted({(m.start, m.end) for m in matches}, key=lambda s: (s[0] - s[1], s[0]))
    for start, end in phrases:
        inside = [w for w in _within(words, start, end) if w.start not in used]
        if len(inside) > 1:
            used |= {w.start for w in inside}
            yield _unit(text, inside, "word", _concepts_in(matches, start, end))
    for word in words:
        if word.text == "last" and _LASTS.search(text):
            yield replace(unit_of("lasted", "word"), text=text[word.start : word.end])
        elif word.start not in used:
            kind: UnitKind = "number" if word.text[0].isdigit() else "word"
            yield _unit(text, [word], kind, _concepts_in(matches, word.start, word.end))


def _spelt_out(
    letters: str, matches: Iterable[glossary.ConceptMatch], start: int
) -> Iterable[Unit]:
    """The unit of a country named by letters that are a little word, too."""
    concepts = frozenset(
        m.concept_id for m in matches if m.start == start and m.end == start + len(letters)
    )
    for concept in sorted(concepts):
        whole = unit_of(glossary.load().concept(concept).forms("id")[0], "name")
        yield replace(whole, text=letters, concepts=concepts)
        return


def _start(text: str, name: names.Name, matches: Iterable[glossary.ConceptMatch]) -> int:
    """Where a name begins that was found from a question's first word on.

    That word has its capital from standing there: "Lawatan Blinken" is a visit of Blinken's.
    """
    first, *others = text[name.start : name.end].split()
    heads = others and first.casefold() in names.HEADS
    if text[: name.start].strip("\"'“‘( ") or not first.istitle() or heads:
        return name.start
    ends = [m.end for m in matches if m.start == name.start and _is_plain(m, text)]
    ends += [name.start + len(first)] if is_light(first.casefold()) else []
    end = max(ends, default=name.start)
    if end >= name.end and " " in name.text:
        return name.start  # all of it has a meaning: "Uni Eropa"
    return end + len(text[end : name.end]) - len(text[end : name.end].lstrip())


def _is_land(match: glossary.ConceptMatch) -> bool:
    return glossary.load().concept(match.concept_id).pos == "place"


def _opens_as_name(text: str, word: Token, matches: Iterable[glossary.ConceptMatch]) -> bool:
    """Whether a question's first word is none that could have its capital from standing there."""
    return (
        not text[: word.start].strip("\"'“‘( ")
        and text[word.start : word.end].istitle()
        and len(text.split()) > 1
        and not is_light(word.text)
        and not any(m.start == word.start for m in matches)
    )


def _is_plain(match: glossary.ConceptMatch, text: str) -> bool:
    """Whether what it matches is written small in a sentence, and no name."""
    concept = glossary.load().concept(match.concept_id)
    said = text[match.start : match.end].casefold()
    return concept.pos != "place" and any(said in concept.forms(code) for code in LANGUAGES)


def _concepts_in(matches: Iterable[glossary.ConceptMatch], start: int, end: int) -> frozenset[str]:
    return frozenset(m.concept_id for m in matches if m.start < end and start < m.end)


def unit_of(text: str, kind: UnitKind) -> Unit:
    """A unit of these words, as it would be with no concept of the glossary."""
    return _unit(text, tokens(text), kind, frozenset())


def _unit(
    text: str,
    words: list[Token],
    kind: UnitKind,
    concepts: frozenset[str],
    when: DateMention | None = None,
) -> Unit:
    return Unit(
        text=text[words[0].start : words[-1].end],
        kind=kind,
        words=tuple(w.text for w in words),
        stems=tuple(frozenset(kin_stem(w.text, code) for code in LANGUAGES) for w in words),
        concepts=concepts,
        when=when,
    )


def _within(words: Iterable[Token], start: int, end: int) -> list[Token]:
    # A name is found without the "'s" that its last word is written with.
    return [w for w in words if start <= w.start < end]
