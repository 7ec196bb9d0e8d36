"""The words of a sentence that answer a question: one span, or None where none surely do.

Pure: a question taken apart and a sentence in, a span of the sentence's text out. Which sentence
answers is `extract`'s to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.answer.bond import numbered
from rag.answer.evidence import Sentence
from rag.answer.question import Question
from rag.answer.spans import told
from rag.answer.spans.amounts import AGO, THEN
from rag.answer.spans.attributed import source
from rag.answer.spans.by_sort import SpanSort, as_fine
from rag.answer.spans.clauses import condition, definition, reason, thing
from rag.answer.spans.look import TOLLS, Look
from rag.answer.spans.people import body, person, with_others
from rag.answer.spans.places import UNSURE
from rag.answer.spans.sought import Sort, sought
from rag.answer.spans.typed import Typed
from rag.schema import Span
from rag.text.cues import pattern

_BESIDE = frozenset(
    {
        "place",
        "date",
        "time",
        "number",
        "ordinal",
        "measure",
        "percentage",
        "money",
        "duration",
        "age",
    }
)
# Characters of what can still be a sentence: every span is weighed against every mention of what is
# asked about, and a list of thousands of names would take minutes.
_LONGEST = 1_500
_BLANKS = 2  # characters between two sentences
_BORN = re.compile(r"\b(?:\w*lahir\w*|born|birth|dimulai|mulai|began|begin|start)\b", re.IGNORECASE)
_DIED = re.compile(
    r"\b(?:meninggal|wafat|mati|died|die|death|gugur|berakhir|ended|end)\b", re.IGNORECASE
)
_TO = re.compile(r"\s*(?:[-–—]|dan|and|hingga|sampai|to|until)\s*", re.IGNORECASE)
_FIGURES = re.compile(r"\d{3}")  # of a year, also one that is too early to be read as a date
_LIFE = re.compile(r"\(([^()]*\d{3,4}[^()]*?)\s*[-–—]\s*([^()]*\d{3,4}[^()]*)\)")


_WHITHER = re.compile(
    r"\bke\s*mana\b|\bwhere\s+to\b|\bto\s+(?:where|which)\b|\bwhere\s+(?:did|does|do|will|is|was|are|were)\s"
    r"+(?:\S+\s+){1,4}?(?:go|going|fly|flying|travel|travelling|head|heading|headed|sail|move|moved)\b",
    re.IGNORECASE,
)
_WHENCE = re.compile(
    r"\bdari\s*mana\b|\bfrom\s+(?:where|which)\b|\bwhere\b.*\bfrom\b", re.IGNORECASE
)
_OUT = re.compile(r"\b(?:dari|from|leaving|left|meninggalkan)\s+(?:the\s+|kota\s+)?", re.IGNORECASE)
_INTO = re.compile(
    r"\b(?:ke|menuju|to|into|towards?|visit|mengunjungi)\s+(?:the\s+|kota\s+)?", re.IGNORECASE
)
_THEN_ASKED = pattern("setelah|sesudah|usai|sebelum|sejak|after|before|since|later|earlier")
_OTHER_AMOUNTS: tuple[SpanSort, ...] = ("percentage", "money", "duration")
_HOW_BIG = pattern("how big|how large|seberapa besar")
_HOW_OFTEN = pattern("how many times|how often|berapa kali|seberapa sering")
_OFTEN = re.compile(
    r"\b(?:(?:once|twice|thrice)\b(?!\s+(?:again|more|the|upon))"
    r"|(?:hanya |cuma )?sekali\b(?!\s+(?:lagi|pun))"
    r"|(?:\d+|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh) kali\b"
    r"|(?:\d+|two|three|four|five|six|seven|eight|nine|ten) times\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Located:
    """Where words stand that answer: in a sentence, at a span of that sentence's own text."""

    sentence: Sentence
    span: Span


def locate(question: Question, sentences: Sequence[Sentence]) -> Located | None:
    """The words that answer, in the first of the sentences quoted, else in one right beside it.

    When, where and how much is often told next to what happened; who did it is looked for in
    the best sentence only, as its neighbours name others.
    """
    for sentence in sentences:
        if sentence is not sentences[0] and not (
            sought(question.text).sort in _BESIDE and _touches(sentence, sentences[0])
        ):
            continue
        span = answer_span(question, sentence)
        if span is not None:
            return Located(sentence, span)
    return None


def _touches(one: Sentence, other: Sentence) -> bool:
    """Whether nothing but blanks stands between two sentences of an article."""
    near = max(one.start, other.start) - min(one.end, other.end) <= _BLANKS
    return one.passage.article_id == other.passage.article_id and near


def answer_span(question: Question, sentence: Sentence) -> Span | None:
    """Where in the sentence's own text the words stand that answer; None where none surely do."""
    asked = sought(question.text)
    chooser = _CHOOSERS.get(asked.sort)
    if chooser is None or len(sentence.text) > _LONGEST:
        return None
    found = chooser(Look(question, asked, sentence))
    if found is None:
        return None
    text = sentence.text
    end = len(text[: found.end].rstrip(" ,;:"))
    return Span(found.start, end) if end > found.start else None


def _place(look: Look) -> Typed | None:
    spans = _bound(look, look.of("place"))
    if look.asked.capital:
        spans = [Typed(s.start, s.end, min(s.doubt, 4.0), s.core) for s in spans]
    else:
        spans = [s for s in spans if s.doubt < UNSURE]
    best = look.nearest(spans, lambda s: _told_as(look, s) if look.asked.capital else 0.0)
    return with_others(look, best, spans) if look.asked.many else best


def _bound(look: Look, spans: Sequence[Typed]) -> list[Typed]:
    """Only the places whence, where that is asked, or only those whither."""
    whence = bool(_WHENCE.search(look.question.text))
    if not whence and not _WHITHER.search(look.question.text):
        return list(spans)
    wanted, other = (_OUT, _INTO) if whence else (_INTO, _OUT)
    found = [s for s in spans if _behind(look.text, s, wanted)]
    return found or [s for s in spans if not _behind(look.text, s, other)]


def _behind(text: str, span: Typed, cue: re.Pattern[str]) -> bool:
    """Whether a place stands behind such a word, or begins with it."""
    begin = span.core[0] if span.core else span.start
    return bool(cue.match(text, span.start)) or any(m.end() == begin for m in cue.finditer(text))


def _told_as(look: Look, span: Typed) -> float:
    """Less than nothing for what "is" says the thing asked for is."""
    for places in look.places.values():
        for place in places:
            if any(0 <= span.start - p.start <= 12 for p in told.predicates(look.text, place.end)):
                return -6.0
    return 0.0


def _date(look: Look) -> Typed | None:
    """When: a day, else a time of day."""
    spans = look.of("date")
    life = _of_a_life(look, spans)
    if life is not None:
        return life
    spans = _periods(look.text, spans)
    if look.asked.grain is not None:
        fine = [d for d in look.sentence.dates if as_fine(d, look.asked.grain)]
        spans = [
            s
            for s in spans
            if any(s.start < d.end and d.start < s.end for d in fine)
            or (look.asked.grain == "year" and _FIGURES.search(look.text, s.start, s.end))
        ]
        return look.nearest(spans)
    return look.nearest(spans) or look.nearest(look.of("time")) or look.nearest(_ago(look))


def _ago(look: Look) -> list[Typed]:
    """How long ago, with the word that says so: "two years ago"."""
    behind = [(span, AGO.match(look.text, span.end)) for span in look.of("duration")]
    return [Typed(span.start, m.end(), 0.0, span.core) for span, m in behind if m]


def _periods(text: str, spans: Sequence[Typed]) -> list[Typed]:
    """Two days with "to" or "and" between them as one."""
    found: list[Typed] = []
    for span in spans:
        if found and _TO.fullmatch(text, found[-1].end, span.start):
            found[-1] = Typed(found[-1].start, span.end, found[-1].doubt)
        else:
            found.append(span)
    return found


def _of_a_life(look: Look, spans: Sequence[Typed]) -> Typed | None:
    """The day of birth or of death, of the two that stand in brackets behind a name."""
    born, died = _BORN.search(look.question.text), _DIED.search(look.question.text)
    both = _LIFE.search(look.text)
    if not both or bool(born) == bool(died) or (born or died) is None:
        return None
    cue = _BORN if born else _DIED
    if cue.search(look.text):
        return None  # it says so itself
    low, high = both.span(1 if born else 2)
    inside = [s for s in spans if low <= s.start and s.end <= high]
    return inside[-1] if inside else None


def _time(look: Look) -> Typed | None:
    return look.nearest(look.of("time"))


def _number(look: Look) -> Typed | None:
    """How many; a share or a sum only where nothing is counted and nothing else is asked."""
    if _HOW_OFTEN.search(look.question.text):
        often = [Typed(m.start(), m.end()) for m in _OFTEN.finditer(look.text)]
        if often:
            return look.nearest(often)
    spans = look.of("number")
    if spans:
        return look.nearest(spans, lambda s: _other_unit(look, s))
    for sort in () if look.asked.counted else _OTHER_AMOUNTS:
        others = look.of(sort)
        if others:
            return look.nearest(others)
    return look.nearest([Typed(n.start, n.end) for n in numbered(look.question, look.sentence)])


def _other_unit(look: Look, span: Typed) -> float:
    """Less than nothing for a number of what the question counts."""
    core = span.core or (span.start, span.end)
    unit = look.text[core[1] : span.end]
    asked = [g for g in TOLLS if any(g.fullmatch(w) for u in look.question.units for w in u.words)]
    if asked:
        following = " ".join(look.text[span.end :].split()[:1]).strip(",.;")
        if span.core is None and any(g.search(look.text[span.start : span.end]) for g in asked):
            return -8.0  # "no deaths"
        if any(g.fullmatch(following) for g in TOLLS if g not in asked):
            return 6.0
        if any(g.fullmatch(following) for g in asked):
            return -5.0
    if unit.strip() and any(
        core[1] <= place.start and place.end <= span.end
        for places in look.places.values()
        for place in places
    ):
        return -4.0
    return 0.0


def _duration(look: Look) -> Typed | None:
    """How long something lasts, not how long after or before something it was."""
    spans = look.of("duration")
    if not _THEN_ASKED.search(look.question.text):
        spans = [s for s in spans if not THEN.match(look.text, s.end)]
    return look.nearest(spans)


def _measure(look: Look) -> Typed | None:
    """How long, how heavy; how big a stake or a rise is, is told by a share or a sum, too."""
    big = _HOW_BIG.search(look.question.text)
    return _of_sort(*(("measure", "percentage", "money", "number") if big else ("measure",)))(look)


def _of_sort(*sorts: SpanSort) -> Callable[[Look], Typed | None]:
    """A chooser of the nearest span of the first of these sorts that the sentence has."""

    def choose(look: Look) -> Typed | None:
        for sort in sorts:
            best = look.nearest(look.of(sort))
            if best is not None:
                return best
        return None

    return choose


_CHOOSERS: dict[Sort, Callable[[Look], Typed | None]] = {
    "person": person,
    "organisation": body,
    "source": source,
    "place": _place,
    "date": _date,
    "time": _time,
    "number": _number,
    "ordinal": _of_sort("ordinal"),
    "measure": _measure,
    "percentage": _of_sort("percentage"),
    "money": _of_sort("money"),
    "duration": _duration,
    "age": _of_sort("age"),
    "reason": reason,
    "condition": condition,
    "definition": definition,
    "thing": thing,
}
