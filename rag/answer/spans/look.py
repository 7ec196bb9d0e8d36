"""A sentence looked at with one question in mind: how far its spans are from what is asked about.

Pure; chooses nothing but the nearest.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence

from rag.answer.evidence import Sentence
from rag.answer.question import Question, Unit
from rag.answer.spans.by_sort import SpanSort, spans_of
from rag.answer.spans.sought import Sought
from rag.answer.spans.typed import Typed
from rag.schema import Span
from rag.text.cues import pattern
from rag.text.stems import stop_words, tokens

# In words of distance: what a clause's end between a span and what is asked about costs, and how
# far away a word can be to tell anything. Set on development questions.
_CLAUSE = 3.0
_OF_DEED = 2.0  # what a deed counts beside a thing
_FAR = 14.0
# A span that stands behind the verb is its object more often than one before it.
_BEFORE = 1.0
_BREAK = re.compile(
    r"[,;:()]|\s[–—-]\s|\b(?:dan|tetapi|sedangkan|sementara|yang|setelah|and|but|while|who|which"
    r"|after|before|when|ketika|saat|sebelum)\b",
    re.IGNORECASE,
)
_AMOUNTS = frozenset({"number", "money", "percentage", "measure", "duration", "age"})
# Words for the same loss of people, by how bad it is.
TOLLS = (
    pattern(
        "dead|died|dies|death|deaths|killed|killing|kills|kill|fatalities|lives|perished|drowned",
        "tewas|meninggal|menewaskan|korban jiwa|jiwa|mati|gugur|toll|wafat",
    ),
    pattern(
        "hurt|injured|injuring|injuries|wounded|wounding|luka|luka-luka|terluka|melukai|cedera",
        "mencederai|dilukai",
    ),
    pattern("missing|hilang|unaccounted"),
    pattern("displaced|evacuated|fled|mengungsi|dievakuasi|pengungsi|mengungsikan|homeless"),
)
# What may stand between an office and a name: "Utusan Khusus Milo Tarrant".
_OF_AN_OFFICE = frozenset(
    {"khusus", "utama", "umum", "senior", "muda", "madya", "special", "chief", "general", "utusan"}
)
# What is done tells more of a span beside it than who or what it is done to.
_DEED = re.compile(
    r"(?:di|me[mnrlwy]|ber|ter)[a-z]{3,}|[a-z]{2,}ed|built|sold|bought|won|lost|met|shut|made|held"
    r"|found|killed|born|died|begin|began|fell|hit|left|took|gave|close|open|start|leave|arrive"
)

# Letters behind what they stand for: "Badan Intelijen Pusat atau Central Intelligence (CIA)".
_IN_LETTERS = re.compile(r"(?:\s+(?:atau|or)\s+[^(),.;]{3,50}?)?\s*\(([A-Z][A-Za-z]*[A-Z])\)")

STOPS = stop_words("en") | stop_words("id")


class Look:
    """One sentence looked at with one question in mind."""

    def __init__(self, question: Question, asked: Sought, sentence: Sentence) -> None:
        self.question = question
        self.asked = asked
        self.sentence = sentence
        self.text = sentence.text
        self.words = [t.start for t in sentence.tokens]
        self.places = {u: self._mentions(u) for u in question.units}
        self.asked_words = frozenset(w for u in question.units for w in u.words)
        self.breaks = [m.start() for m in _BREAK.finditer(self.text)]

    def _mentions(self, unit: Unit) -> list[Span]:
        """Where the sentence has a unit, or says of people hurt or killed what it does."""
        found = self.sentence.places_of(unit)
        for group in TOLLS if unit.kind == "word" else ():
            if any(group.fullmatch(w) for w in unit.words):
                found += [Span(m.start(), m.end()) for m in group.finditer(self.text)]
        return found

    def word_at(self, at: int) -> int:
        """How many words of the sentence stand before a place of its text."""
        return bisect_left(self.words, at)

    def distance(self, span: Typed, unit: Unit) -> float:
        """Words between a span and the nearest mention of a unit outside of it."""
        best = _FAR
        for place in self.places[unit]:
            if span.start <= place.start and place.end <= span.end:
                # What is counted stands in the span itself.
                best = min(best, 0.0)
                continue
            low, high = sorted(((span.start, span.end), (place.start, place.end)))
            gap = float(max(0, self.word_at(high[0]) - self.word_at(low[1] - 1) - 1))
            # A comma or bracket right behind the first opens what is said of it: "Ana Lee (bass)".
            first, last = bisect_left(self.breaks, low[1]), bisect_left(self.breaks, high[0])
            if first < last:
                gap += _CLAUSE * (last - first)
                gap -= (_CLAUSE - 1.0) * (self.breaks[first] <= low[1] + 1)
            if span.end <= place.start:
                gap += _BEFORE
            best = min(best, gap)
        return best

    def cost(self, span: Typed) -> float:
        """How far a span is from what is asked about, its doubts counted in."""
        units = [u for u in self.question.units if self.places[u]]
        if not units:
            return span.doubt
        # A name is mentioned for many reasons; what is said of it tells more.
        named = 1.0 if self.asked.sort in _AMOUNTS else 0.5
        weights = {
            u: named if u.kind == "name" else _OF_DEED if _DEED.fullmatch(u.text) else 1.0
            for u in units
        }
        away = {u: self.distance(span, u) for u in units}
        far = sum(away[u] * w for u, w in weights.items()) / sum(weights.values())
        return far + min(away.values()) + span.doubt

    def is_asked(self, text: str) -> bool:
        """Whether these words only name again what the question names."""
        # "AS" and "US" are countries, and no little words.
        # Of "Hai Lam, Vietnam" the first is what is named.
        first = text.partition(", ")[0]
        words = [t.text for t in tokens(first) if t.text not in STOPS or text.isupper()]
        if not words or all(w in self.asked_words for w in words):
            return True
        named = [u.words for u in self.question.units if u.kind == "name"]
        # "Arquel" is "Tomas Arquel", but "Telkom" is not "Telkom Arwin Rasyid".
        return any(set(n) <= set(words) and n[-1] == words[-1] for n in named)

    def new(self, spans: Sequence[Typed]) -> list[Typed]:
        """The spans that say something the question does not."""
        return [
            s
            for s in spans
            if not self.is_asked(self.text[slice(*(s.core or (s.start, s.end)))])
            and not self.is_asked(self.text[s.start : s.end])
            and not self._in_full(s)
        ]

    def _in_full(self, span: Typed) -> bool:
        """Whether it is what letters or a name of the question stand for, as of "CIA"."""
        short = _IN_LETTERS.match(self.text, span.end)
        if short and short[1].casefold() in self.asked_words:
            return True
        meant = {
            m.concept_id
            for m in self.sentence.meanings
            if m.start == span.start and m.end == span.end
        }
        return any(u.kind == "name" and u.concepts & meant for u in self.question.units)

    def trimmed(self, span: Typed) -> Typed:
        """A name without the words of the question's own names that stand before it.

        Capitals run on: "Direktur Utama PT Telkom Arwin Rasyid".
        """
        words = [t for t in self.sentence.tokens if span.start <= t.start and t.end <= span.end]
        led = 0
        while led < len(words) and words[led].text in self.asked_words | _OF_AN_OFFICE:
            led += 1
        if led and len(words) - led >= 2:
            return Typed(words[led].start, span.end, span.doubt)
        return span

    def nearest(
        self, spans: Sequence[Typed], more: Callable[[Typed], float] | None = None
    ) -> Typed | None:
        """The one that costs least; the first of equals."""
        if not spans:
            return None
        return min(spans, key=lambda s: (self.cost(s) + (more(s) if more else 0.0), s.start))

    def of(self, sort: SpanSort) -> list[Typed]:
        """The new spans of a sort."""
        return self.new(spans_of(self.sentence, sort))
