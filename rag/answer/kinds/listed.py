"""Questions for several things: the sentences that together hold the list, best first.

Pure: a question, hits and the evidence found so far in; the same with other sentences out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from rag.answer.classes import BODIES, CLASSES, COUNTRIES, PEOPLE, PLACES
from rag.answer.evidence import Sentence, read
from rag.answer.extract import Evidence, Pick
from rag.answer.kinds.said import alike
from rag.answer.matching import match
from rag.answer.question import Question, Unit
from rag.answer.unsaid import parts
from rag.schema import Hit
from rag.text import glossary, names
from rag.text.language import word_set
from rag.text.name_words import PLACE_HEADS, PLACE_TAILS
from rag.text.stems import tokens

_NOT_PLURAL = word_set(
    "did do are were will would can could should had have may might must",
    "is was has does says means makes causes news us this his its as series species thus happens",
)
_NOUN = r"(?P<{}>(?:[\w-]+ ){{0,2}}?(?:[\w-]+s|people|men|women|children))\b"
_LISTS = re.compile(
    rf"(?:which|what) (?:of )?(?:all |other )?{_NOUN.format('a')}"
    rf"|(?:list|name|enumerate|give(?: me)?) (?:all )?(?:of )?(?:the )?{_NOUN.format('b')}"
    r"|(?:give(?: me)?|make) (?:a|the) lists? of\b|who (?:are|were) (?:all )?(?:the )?\w"
    r"|.*\b(?:apa|siapa|mana)(?:kah)? ?saja(?:kah)?\b|.*\bsiapa-siapa\b|\w+-\w+ (?:mana|apa)\b"
    r"|(?:tolong |mohon |coba )?(?:sebutkan|daftar(?:kan)?)\b(?! nama\b(?!-)| satu\b)",
    re.IGNORECASE,
)
_WHOM = re.compile(r"\bsiapa", re.IGNORECASE)
# What may stand between two items of a list.
_BETWEEN = re.compile(
    r"(?:\s*,\s*|\s*;\s*|\s*[–-]\s*)?(?:\b(?:and|dan|serta|or|atau|maupun|bersama|as well as"
    r"|juga|the|kemudian|hingga|dengan)\b\s*)*(?:the\s+)?",
    re.IGNORECASE,
)
# Things that are no names: "rice, maize and beans".
_ITEM = r"[a-z][a-z-]*(?: [a-z][a-z-]*){0,3}"
_ROW = re.compile(rf"\b{_ITEM}(?:, {_ITEM}){{1,9}},? (?:and|dan|serta|or|atau) [a-z]|;[^;]+;")
_TRUSTED = 1.15  # what the evidence found so far is worth more
_ALSO = 0.42  # of the best, that a further sentence must be worth
_COVERED = 0.55  # of the question, that a sentence of the list must account for
_ALONE = 0.8  # the same of one that holds no row of three or more
_PAIR, _WORDS = 0.85, 0.9  # what a row of two names, or one of words, is worth beside one of three
_KIN = 0.85  # the most that a kindred meaning is worth
_BESIDE = 0.7  # what a match in the sentence before or after is worth


def asks_list(question: Question) -> bool:
    """Whether several things are asked for: "which countries", "siapa saja", "sebutkan"."""
    if question.kind not in ("person", "organisation", "place", "open"):
        return False
    found = _LISTS.match(question.text.strip())
    if found is None:
        return False
    noun = (found["a"] or found["b"] or "").split()
    return not noun or not (
        any(word.lower() in _NOT_PLURAL for word in noun)
        or noun[-1][0].isupper()  # "What did Hamas"
        or (len(noun) > 1 and _is_verb(noun[-1].lower()))  # "which minister visits"
    )


def _is_verb(word: str) -> bool:
    """Whether a word means nothing but something that is done."""
    load = glossary.load()
    kinds = {load.concept(c).pos for c in load.concepts_of(word, "en")}
    return kinds == {"verb"}


def listed(question: Question, hits: Sequence[Hit], evidence: Evidence, *, limit: int) -> Evidence:
    """The sentences that hold most of what is listed; the evidence as it was when none does."""
    asked = parts(question.units)
    units = [_kindred(u) for u in asked if not CLASSES.issuperset(u.words)]
    if not units:
        return evidence
    words = {t.text for t in tokens(question.text)}
    kind = _kind(words) or ("person" if _WHOM.search(question.text) else None)
    surely = bool(words & COUNTRIES)
    own = {w for u in units for w in u.words}
    trusted = {(p.sentence.passage.article_id, p.sentence.start) for p in evidence.picks[:1]}
    scored: list[tuple[float, Sentence, frozenset[str], float]] = []
    for article in read(hits):
        direct = [[_mentioned(u, s) for u in units] for s in article]
        for i, sentence in enumerate(article):
            cover = _cover(direct, i)
            items, value = _items(sentence, kind, own, surely=surely)
            if cover < (_COVERED if value > _PAIR else _ALONE) or not value:
                continue
            score = cover * value * (1.0 if sentence.whole else 0.8)
            score *= _TRUSTED if (sentence.passage.article_id, sentence.start) in trusted else 1.0
            scored.append((score, sentence, items, value))
    if not scored:
        return evidence
    scored.sort(key=lambda s: -s[0])
    picks: list[Pick] = []
    have: set[str] = set()
    rows = [value for *_, value in scored]
    for score, sentence, items, _ in scored:
        if len(picks) >= limit or score < _ALSO * scored[0][0]:
            break
        if picks and (items and items <= have):
            continue
        if any(alike(p.sentence, sentence) for p in picks):
            continue
        have |= items
        picks.append(Pick(sentence, score))
    if kind is None and rows[0] < _PAIR:
        # No sentence holds a list: what answers best on its own goes first.
        best = evidence.picks[:1]
        others = [p for p in picks if not any(alike(p.sentence, b.sentence) for b in best)]
        picks = [*best, *others][:limit]
    return replace(evidence, picks=tuple(picks))


def _mentioned(unit: Unit, sentence: Sentence) -> float:
    """How well a sentence mentions a unit; a word that is known, by its form or meaning only."""
    found = match(unit, sentence)
    said = unit.concepts & sentence.concepts or all(s & sentence.stems for s in unit.stems)
    if unit.kind == "word" and unit.concepts and not said and found > _KIN:
        return 0.0  # "Media" is spelt almost like "mediate"
    return found


def _cover(direct: Sequence[Sequence[float]], i: int) -> float:
    """The share of the units that a sentence mentions, or less well those beside it."""
    got = 0.0
    for unit, here in enumerate(direct[i]):
        beside = max((direct[j][unit] for j in (i - 1, i + 1) if 0 <= j < len(direct)), default=0.0)
        got += max(here, _BESIDE * beside)
    return got / len(direct[i])


def _kind(words: set[str]) -> names.Kind | None:
    """Of which kind the names on the list are; None when the question does not tell."""
    if words & PLACES:
        return "place"
    if words & BODIES:
        return "organisation"
    return "person" if words & PEOPLE else None


def _items(
    sentence: Sentence, kind: names.Kind | None, asked: set[str], *, surely: bool = False
) -> tuple[frozenset[str], float]:
    """The names in the longest row of the sentence, and how good a list it is, 0 to 1."""
    named = [
        n
        for n in sentence.names
        if n.start >= sentence.dateline
        and not (surely and _smaller(sentence.text, n))
        and (kind is None or n.kind == kind or (n.kind is None and not surely))
    ]
    best: list[names.Name] = []
    row: list[names.Name] = []
    for name in named:
        between = sentence.text[row[-1].end : name.start] if row else ""
        if name.title and between.rstrip().endswith(name.title):
            between = between.rstrip()[: -len(name.title)]
        of_a_kind = bool(row) and (row[-1].kind == name.kind or None in (row[-1].kind, name.kind))
        if not of_a_kind or not (between.strip() and _BETWEEN.fullmatch(between)):
            row = []
        row.append(name)
        fresh = [n for n in row if not asked.issuperset(t.text for t in tokens(n.text))]
        if len(fresh) > len(best):
            best = fresh
    new = frozenset(n.text.casefold() for n in best)
    if kind is None and len(best) < 2 and _ROW.search(sentence.text, sentence.dateline):
        return new, _WORDS
    return new, {0: 0.0 if kind else 0.4, 1: 0.5, 2: _PAIR}.get(len(best), 1.0)


def _smaller(text: str, name: names.Name) -> bool:
    """Whether a word beside a name says that it is a town, a county or a river."""
    before = re.search(r"(\w+)\s+\Z", text[max(0, name.start - 20) : name.start])
    after = re.match(r"\s+(\w+)", text[name.end : name.end + 20])
    last = name.text.split()[-1].lower()
    return bool(
        (before and before[1].lower() in PLACE_HEADS - COUNTRIES)
        or (after and after[1].lower() in PLACE_TAILS)
        or last in PLACE_TAILS
    )


def _kindred(unit: Unit) -> Unit:
    """A unit that names those who do something may be told by the deed: "mediator", "mediate"."""
    deeds = {d for c in unit.concepts for d in [_deed(c)] if d}
    return replace(unit, concepts=unit.concepts | deeds) if deeds else unit


@cache
def _deed(concept_id: str) -> str | None:
    """The verb of the glossary behind a noun in "-or" or "-er"."""
    if not concept_id.endswith(("or", "er")):
        return None
    stem = concept_id[:-2]
    for verb in (stem, f"{stem}e", stem[:-1]):
        try:
            if glossary.load().concept(verb).pos == "verb":
                return verb
        except KeyError:
            continue
    return None
