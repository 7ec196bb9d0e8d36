"""Find proper names in Indonesian and English text, with titles set apart.

Goes by capitals and the words around them, not by a model. Does not resolve who is meant:
"Blinken" and "Antony Blinken" are two names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rag.text import sentences
from rag.text.language import word_set
from rag.text.name_runs import AGE, MUST_SHOUT, PARTICLES, Line, Reading, Token, read, run_end
from rag.text.name_words import (
    ACRONYMS,
    ORGANISATIONS,
    PLACE_HEADS,
    PLACE_TAILS,
    PLACES,
    PORTFOLIOS,
    SPEECH_AFTER,
    SPEECH_BEFORE,
    TITLES,
)

__all__ = [
    "HEADS",
    "ORGANISATIONS",
    "PLACE_HEADS",
    "PLACE_TAILS",
    "TITLES",
    "Kind",
    "Name",
    "find",
]

# What the names of bodies and places begin with: "Bank", "Museum", "Gunung".
HEADS = ORGANISATIONS | PLACE_HEADS

Kind = Literal["person", "organisation", "place"]


@dataclass(frozen=True, slots=True)
class Name:
    """One mention of a name; the span leaves out the title that stands before it."""

    start: int
    end: int
    text: str
    kind: Kind | None  # None when nothing around the name tells
    title: str | None = None  # as written: "Menteri Luar Negeri"


@dataclass(frozen=True, slots=True)
class _Draft:
    name: Name
    words: tuple[str, ...]  # lower-cased
    place_led: bool  # "di", "in" or a word like "kota" stands before


_KIN = word_set("bin binti ibn")
_GOVERNING = word_set(
    "menteri menko direktur ketua kepala sekretaris komisaris dirjen director head chief"
)
_PLACE_BEFORE = word_set("di ke in at near") | PLACE_HEADS
_PLACES_OF = word_set(
    "town city village island port district province state region suburb county municipality",
    "resort hamlet isle township valley republic kingdom peninsula borough",
)
_LONGEST_TITLE = 60  # characters: "Prof. Dr. Ir. H." is one title, a page of them is not


def find(text: str) -> list[Name]:
    """The names in a text, in order, none overlapping another.

    A title becomes `title` and makes a person: "Presiden Mesir Abdel Fattah al-Sisi" gives
    Mesir, a place, and Abdel Fattah al-Sisi with the title Presiden. Other cues for `kind`:
    "bin", a verb of saying, words of bodies (Kementerian, PT, University), a short list of
    places, "di" and "in" before. What one mention shows, the others of the same name share.
    Time is linear.

    >>> [(n.text, n.kind, n.title) for n in find("Ia bertemu Presiden Joe Biden di Doha.")]
    [('Joe Biden', 'person', 'Presiden'), ('Doha', 'place', None)]
    """
    lines = [Line.of(text, span) for span in sentences.spans(text)]
    reading = read(text, lines)
    drafts: list[_Draft] = []
    for line in lines:
        drafts.extend(_in_sentence(text, line, reading))
    return _agree(text, drafts)


def _in_sentence(text: str, line: Line, reading: Reading) -> Iterator[_Draft]:
    tokens, headline = line
    held: str | None = None  # the title of an office whose holder may follow: "Emir Qatar, Tamim"
    held_end = 0
    i = 0
    while i < len(tokens):
        end = run_end(text, tokens, i, reading, headline=headline)
        if end == i:
            i += 1
            continue
        run = tokens[i:end]
        if held and text[held_end : run[0].start].strip(" ,("):
            held = None
        held = held or _small_title(text, tokens, i)
        at = i
        for title, words, kind in _split(text, run, held):
            held, held_end = title, run[-1].end
            if words:
                while tokens[at] is not words[0]:
                    at += 1
                yield _draft(text, tokens, at, words, title, kind)
        if kind == "person":
            held = None
        i = end


def _small_title(text: str, tokens: Sequence[Token], at: int) -> str | None:
    """A title in lower case right before a name: "presiden Prabowo", "pemimpin oposisi Israel"."""
    if not at or text[tokens[at - 1].end : tokens[at].start] not in (" ", ". "):
        return None
    for first in (at - 2, at - 1):
        if first >= 0 and tokens[first].word.islower():
            phrase = text[tokens[first].start : tokens[at - 1].end]
            if phrase.lower() in TITLES:
                return phrase
    return None


_Piece = tuple[str | None, list[Token], Kind | None]


def _split(text: str, run: list[Token], held: str | None) -> list[_Piece]:
    """The titles and names in a run of capitalised words; a last title without a name is held."""
    pieces: list[_Piece] = []
    title, words = held, list[Token]()
    title_start = -1
    at = 0
    while at < len(run):
        if run[at].low == "ibu" and at + 1 < len(run) and run[at + 1].low == "kota":
            at += 2
            continue
        size = 0 if words and words[0].low in ORGANISATIONS else _title_size(run, at)
        if not size:
            words.append(run[at])
            at += 1
            continue
        if words:
            pieces.extend(_name_of(title, words))
            words, title_start = [], -1
        if title_start < 0 or run[at].start - title_start > _LONGEST_TITLE:
            title_start = run[at].start
        at += size
        title = text[title_start : run[at - 1].end]
    pieces.extend(_name_of(title, words) if words else [(title, [], None)])
    return pieces


def _title_size(run: Sequence[Token], at: int) -> int:
    """How many words from `at` on make a title: "Menteri Luar Negeri" is three."""
    low = run[at].low
    if low == "h" and at + 1 < len(run) and len(run[at + 1].word) == 1:
        return 0  # "H. G. Wells"
    size = 0
    for length in range(min(3, len(run) - at), 0, -1):
        if " ".join(token.low for token in run[at : at + length]) in TITLES:
            size = length
            break
    if size and any(token.low in _GOVERNING for token in run[at : at + size]):
        while at + size < len(run) and run[at + size].low in PORTFOLIOS:
            size += 1
    if size and low == "general" and at + size < len(run):
        size = 0 if run[-1].low in ORGANISATIONS else size  # "General Motors"
    return size


def _name_of(title: str | None, words: list[Token]) -> list[_Piece]:
    """The names that follow a title: an office's country or body first, then its holder."""
    if title is None:
        if len(words) > 1 and words[-1].low in ACRONYMS and words[0].low in PLACES:
            return [(None, words[:-1], None), (None, words[-1:], None)]  # "Palestina Hamas"
        return [(None, words, None)]
    if len(words) > 1 and words[0].low in ACRONYMS:  # "Ketua Umum PDIP Megawati"
        return [(title, words[:1], "organisation"), (title, words[1:], "person")]
    if words[0].low in ORGANISATIONS or (len(words) == 1 and words[0].low in ACRONYMS):
        return [(title, words, "organisation")]
    for length in range(min(3, len(words)), 0, -1):
        place = " ".join(token.low for token in words[:length])
        if place in PLACES and (place not in MUST_SHOUT or words[0].word.isupper()):
            rest = words[length:]
            office: _Piece = (title, words[:length], "place")
            return [office, (title, rest, "person")] if rest else [office]
    if len(words) == 1 and title.split()[0].lower() in _GOVERNING:
        return [(title, words, None)]  # "Direktur Pertamina"
    return [(title, words, "person")]


def _draft(
    text: str,
    tokens: Sequence[Token],
    at: int,
    words: Sequence[Token],
    title: str | None,
    kind: Kind | None,
) -> _Draft:
    """The name that the words from ``tokens[at]`` on make."""
    start, end = words[0].start, words[-1].end
    if "." in words[-1].word and text[end : end + 1] == ".":
        end += 1  # "U.S."
    lows = tuple(token.low for token in words)
    before = tokens[at - 1] if at else None
    after = tokens[at + len(words)] if at + len(words) < len(tokens) else None
    kind = kind or _kind(text, words, before, after)
    name = Name(start, end, text[start:end], kind, title if kind == "person" else None)
    place_led = before is not None and (before.word in _PLACE_BEFORE or _town_of(tokens, at))
    return _Draft(name, lows, place_led)


def _town_of(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word says that a place follows: "the border town of Lisko"."""
    return at >= 2 and tokens[at - 1].word == "of" and tokens[at - 2].low in _PLACES_OF


def _kind(
    text: str, words: Sequence[Token], before: Token | None, after: Token | None
) -> Kind | None:
    """What the words of a name and its neighbours say it is."""
    first, last = words[0], words[-1]
    whole = " ".join(token.low for token in words)
    if any(token.word in _KIN for token in words):
        return "person"
    if whole in PLACES and (whole not in MUST_SHOUT or first.word.isupper()):
        return "place"
    if first.low in ORGANISATIONS or last.low in ORGANISATIONS or whole in ACRONYMS:
        return "organisation"
    if len(words) > 1:
        if first.low in PLACE_HEADS or last.low in PLACE_TAILS:
            return "place"
        said = after is not None and after.word in SPEECH_AFTER
        if said or (before is not None and before.word in SPEECH_BEFORE):
            return "person"
        if AGE.match(text, last.end):
            return "person"
    return None


def _agree(text: str, drafts: Sequence[_Draft]) -> list[Name]:
    """The names, each with what other mentions of it show."""
    people = {
        word
        for draft in drafts
        if draft.name.kind == "person"
        for word in draft.words
        if len(word) > 2 and word not in PARTICLES and word not in PLACES
    }
    kinds: dict[tuple[str, ...], Kind] = {}
    for draft in drafts:
        if draft.name.kind:
            kinds.setdefault(draft.words, draft.name.kind)
    names: list[Name] = []
    for draft in drafts:
        name, kind = draft.name, draft.name.kind
        if kind is None:
            kind = kinds.get(draft.words)
        if kind is None and all(word in people or word in PARTICLES for word in draft.words):
            kind = "person"
        if (
            kind is None
            and names
            and text[names[-1].end : name.start] == " ("
            and name.text.isupper()
        ):
            kind = names[-1].kind  # "Perserikatan Bangsa-Bangsa (PBB)"
        if kind is None and draft.place_led:
            kind = "place"
        names.append(replace(name, kind=kind))
    return names
