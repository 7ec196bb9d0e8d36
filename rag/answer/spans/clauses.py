"""Which clause of a sentence answers why, or what something is."""

from __future__ import annotations

import re

from rag.answer.spans import told
from rag.answer.spans.look import STOPS, Look
from rag.answer.spans.typed import Typed, clean_names
from rag.schema import Span
from rag.text.cues import pattern
from rag.text.names import Name

_TITLE_LETTERS = 3  # letters of a title that stands before a name
# Words that ask what something is, and are no part of it.
_ASKS_WHAT = pattern(
    "arti|artinya|pengertian|definisi|maksud|dimaksud|dimaksudkan|makna|istilah|kata|meaning|mean",
    "meant|means|definition|term|word|disebut|bedanya",
)
_NAMELY = pattern(
    "nama|namanya|name|named|called|sebutan|judul|berjudul|title|titled|dijuluki|julukan|nickname",
    "kepanjangan|singkatan|stand for|stands for|nama lain|disebut",
)
_EXPANDS = pattern("kepanjangan|singkatan|stand for|stands for|short for|akronim|acronym")
_ACRONYM = re.compile(r"\b[A-Z][A-Za-z]*[A-Z][\w]*\b|\b[A-Z][\w]+\b")


def reason(look: Look) -> Typed | None:
    """Why: what "because" opens, or what "caused" closes, where it is not what is asked about."""
    spans = [s for s in told.reasons(look.text) if _says_more(look, s)]
    sure = [s for s in spans if s.doubt == 0]
    if sure:
        return look.nearest(sure)
    causers = [s for s in told.causers(look.text) if _says_more(look, s)]
    return look.nearest(causers) or look.nearest(spans)


def condition(look: Look) -> Typed | None:
    """On what condition: what "if" opens, else what "when" does."""
    spans = [s for s in told.conditions(look.text) if _says_more(look, s)]
    return look.nearest([s for s in spans if s.doubt == 0]) or look.nearest(spans)


def _says_more(look: Look, span: Typed) -> bool:
    """Whether most of a clause is not in the question."""
    words = [
        t for t in look.sentence.tokens if span.start <= t.start < span.end and t.text not in STOPS
    ]
    if not words:
        return False
    places = [p for found in look.places.values() for p in found]
    met = sum(any(p.start <= t.start < p.end for p in places) for t in words)
    return met * 2 <= len(words)


def definition(look: Look) -> Typed | None:
    """What somebody or something is: behind "is" or "adalah", else as a comma or a title says."""
    subject = _subject(look)
    if subject is None:
        return None
    for span in told.predicates(look.text, subject.end):
        between = look.text[subject.end : span.core[0]] if span.core else ""
        if len(between.split()) <= 12 and not re.search(
            r"[;.]\s", re.sub(r"\([^)]*\)", "", between)
        ):
            return span
        break
    for span in told.named_as(look.text, subject.end):
        return span
    return _title_before(look, subject)


def _subject(look: Look) -> Span | None:
    """Where the sentence first has all of what the question asks about."""
    units = [u for u in look.question.units if not all(_ASKS_WHAT.fullmatch(w) for w in u.words)]
    met = [u for u in units if look.places[u]]
    mentions = [place for u in met for place in look.places[u]]
    if not mentions or len(met) * 2 <= len(units) - 1:
        return None
    first = min(p.start for p in mentions)
    end = first
    for place in sorted(mentions, key=lambda p: p.start):
        if place.start - end <= 2:
            end = max(end, place.end)
    return Span(first, end)


def _title_before(look: Look, subject: Span) -> Typed | None:
    """The office that stands before a name: "Menteri Luar Negeri Marenia"."""
    name: Name | None = next(
        (
            n
            for n in clean_names(look.sentence)
            if n.start <= subject.start < n.end or n.start == subject.start
        ),
        None,
    )
    if name is None or not name.title or len(name.title) < _TITLE_LETTERS:
        return None
    start = look.text.rfind(name.title, 0, name.start)
    if start < 0 or name.start - start > 80:
        return None
    end = subject.start if look.text[start : subject.start].strip() else name.start
    return Typed(start, len(look.text[:end].rstrip(" ,")))


def _called(look: Look) -> Typed | None:
    """What something is called, where its name is asked for and "bernama" or the like tells it."""
    if not _NAMELY.search(look.question.text):
        return None
    return look.nearest(look.new(told.called(look.text)))


def _stands_for(look: Look) -> Typed | None:
    """What an acronym of the question stands for."""
    if not _EXPANDS.search(look.question.text):
        return None
    for acronym in _ACRONYM.findall(look.question.text):
        for span in told.expansions(look.text, acronym):
            return span
    return None


# What is always another's: the name behind it is not its own ("warna Pan-Slavia").
_OF_ANOTHER = pattern(
    "fungsi|uang|mata|warna|bahasa|arti|tujuan|hasil|penyebab|akibat|bentuk|sistem|makanan|agama",
    "isi|peran|tugas|manfaat|ciri|asal|suku|nama|lagu|lambang|semboyan|simbol|luas|function|role",
    "currency|color|colour|language|purpose|aim|effect|anthem|motto|symbol|religion|meaning|result",
)
_NEAR = 40  # characters behind "is" in which the thing asked for is still what is said of it
# The words that a sentence begins with, up to brackets, a comma or its verb.
_NAMED_FIRST = re.compile(
    r"\s*([A-Z][\w'’.-]*(?:\s(?!(?:atau|or|dan|and|yang|juga)\s)[\w'’.-]+){0,5}?)"
    r"\s*(?=\(|,|\s(?:atau|or)\s|\Z)"
)


def thing(look: Look) -> Typed | None:
    """What: only where the sentence says so plainly, behind a copula or as a list."""
    if look.asked.many:
        listed = [s for s in told.examples(look.text) if _says_more(look, s)]
        if listed:
            return look.nearest(listed)
    named = _stands_for(look) or _called(look)
    if named is not None:
        return named
    subject = _what_is_so(look)
    if subject is not None:
        return subject
    places = [n.text for n in clean_names(look.sentence) if n.kind == "place"]
    for head in look.asked.head:
        of_it = [] if _OF_ANOTHER.fullmatch(head) else look.new(told.headed(look.text, head))
        of_it = [s for s in of_it if look.text[s.start : s.end] not in places]
        if of_it:
            return look.nearest(of_it)
    return _what_it_is(look)


def _what_is_so(look: Look) -> Typed | None:
    """What stands before "is" where the thing asked for is said of it: "Baht is the currency"."""
    for span in told.predicates(look.text, look.sentence.dateline):
        heads = [
            place
            for unit, places in look.places.items()
            if unit.kind == "word" and any(w in look.asked.head for w in unit.words)
            for place in places
            if span.start <= place.start < span.start + _NEAR
        ]
        if not heads or span.core is None:
            return None
        subject = _NAMED_FIRST.match(look.text, look.sentence.dateline, span.core[0])
        found = look.new([Typed(subject.start(1), subject.end(1))]) if subject else []
        return found[0] if found else None
    return None


def _what_it_is(look: Look) -> Typed | None:
    """What stands behind "is" where all that stands before it is in the question."""
    for span in told.predicates(look.text, look.sentence.dateline):
        if span.core is None:
            return None
        before = [
            t
            for t in look.sentence.tokens
            if look.sentence.dateline <= t.start < span.core[0] and t.text not in STOPS
        ]
        met = [place for places in look.places.values() for place in places]
        told_of = before and all(any(p.start <= t.start < p.end for p in met) for t in before)
        return span if told_of and _says_more(look, span) else None
    return None
