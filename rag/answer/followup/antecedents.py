"""What a conversation was about, for a question that points back to it.

Whom, which place and what event the turns named; never what the articles know beside that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.answer.followup import words
from rag.answer.kinds.intent import intent_of
from rag.schema import Turn
from rag.text import glossary, names
from rag.text.language import detect
from rag.text.name_runs import MUST_SHOUT
from rag.text.name_words import PLACES
from rag.text.stems import content_words, stem

NameKind = Literal["person", "organisation", "place"]

_MARK = re.compile(r"\s*\[\d{1,3}\]")
_BRACKETED = re.compile(r"\A(?P<head>.+?) \((?P<inner>.+)\)\W*\Z", re.DOTALL)
_READ = 2_000  # characters of an answer that are read
_SMALL_TALK = frozenset({"greeting", "thanks", "goodbye", "abilities", "list_articles"})
# Places that are also ordinary words when written small.
WORDS_TOO = frozenset(
    [
        "serang",
        "solo",
        "lima",
        "malang",
        "us",
        "as",
        "wina",
        "java",
        "tegal",
        "padang",
        "palu",
        "kudus",
        "roma",
        "chad",
        "mali",
        "panama",
        "georgia",
        "turkey",
        "timor",
        "ri",
        "uk",
        "jordan",
        "niger",
        "peru",
        "oman",
    ]
)


@dataclass(frozen=True, slots=True)
class Named:
    """One name in a question or an answer, at ``[start, end)`` of it."""

    text: str
    kind: NameKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Said:
    """One question or answer of the conversation with the names in it."""

    text: str
    names: tuple[Named, ...]

    def of(self, kind: NameKind) -> list[str]:
        """The names of one kind, in order, each once."""
        return list(dict.fromkeys(n.text for n in self.names if n.kind == kind))


@dataclass(frozen=True, slots=True)
class Past:
    """What a follow-up may mean. It leans on the last question asked, refused or not."""

    base: Said  # the latest query, without what stood in brackets after it
    about: str  # what stood there
    answer: Said  # to `base`; empty when that was refused
    earlier: tuple[tuple[Said, Said], ...]  # queries and answers before it, the latest first
    language: str  # of `base`


def usable(history: Sequence[Turn]) -> list[Turn]:
    """The turns that asked the articles something."""
    found = []
    for turn in history:
        intent = intent_of(turn.question)
        if (turn.query or turn.question).strip() and not (intent and intent.kind in _SMALL_TALK):
            found.append(turn)
    return found


def past(history: Sequence[Turn], question: str) -> Past | None:
    """What the conversation named so far, or None when nothing was asked yet."""
    turns = usable(history)
    if not turns:
        return None
    answers = [
        _MARK.sub("", turn.text[:_READ]) if turn.abstention is None else "" for turn in turns
    ]
    parts = [apart(turn.query or turn.question) for turn in turns]
    said = read([" ".join(t.split()) for t in (*(q for q, _ in parts), *answers, question)])
    queries, told = said[: len(turns)], said[len(turns) : -1]
    pairs = tuple(zip(queries, told, strict=True))
    return Past(
        base=queries[-1],
        about=parts[-1][1],
        answer=told[-1],
        earlier=pairs[-2::-1],
        language=detect(queries[-1].text) or turns[-1].language,
    )


def apart(query: str) -> tuple[str, str]:
    """A query and what stands in brackets at its end, so that brackets are never nested."""
    found = _BRACKETED.match(query)
    if found is None or not found["head"].strip("() "):
        return flat(query), ""
    return flat(found["head"]), flat(found["inner"])


def flat(text: str) -> str:
    """A text without brackets, on one line."""
    return re.sub(r" (?=[?!.])", "", " ".join(re.sub(r"[()]", " ", text).split()))


def read(texts: Sequence[str]) -> list[Said]:
    """The names in each of some texts of one conversation; what one shows the others share."""
    cased = _recased(texts)
    # One text at a time: names beside prose takes a question full of names for a headline.
    found = [names.find(text) for text in cased]
    every = [n for one in found for n in one]
    people = {w.lower() for n in every if n.kind == "person" for w in n.text.split() if len(w) > 2}
    kinds = {n.text.lower(): n.kind for n in reversed(every) if n.kind}
    said: list[Said] = []
    for text, one in zip(cased, found, strict=True):
        named = [
            Named(n.text, kinds.get(n.text.lower()) or _kind(n, text, people), n.start, n.end)
            for n in one
        ]
        said.append(Said(text, tuple(n for n in named if not _demonym(n))))
    return said


def _kind(name: names.Name, text: str, people: set[str]) -> NameKind:
    """The kind of a name that nothing around it tells: a person, unless it is shouted."""
    if {w.lower() for w in name.text.split()} <= people:
        return "person"
    before = re.search(r"(\w+)\s+\Z", text[max(0, name.start - 12) : name.start])
    if before and before[1].lower() in ("di", "in", "near"):
        return "place"
    return "organisation" if name.text.isupper() and len(name.text) > 1 else "person"


def _demonym(name: Named) -> bool:
    """Whether a name only tells where somebody is from: "Qatari"."""
    if name.text.lower() in PLACES or " " in name.text:
        return False
    pos = {glossary.load().concept(c).pos for c in glossary.load().concepts_of(name.text, "en")}
    return pos == {"place"} and name.kind == "person"


def _recased(texts: Iterable[str]) -> list[str]:
    """The texts, each typed without capitals given those that the others have for its names."""
    every = list(texts)
    written: dict[str, str] = {}
    for text in every:
        for name in names.find(text):
            for word in re.findall(r"[^\W\d_][\w'’-]*", name.text):
                if word[0].isupper() and len(word) > 2:
                    written.setdefault(word.lower(), word)

    def cased(match: re.Match[str]) -> str:
        word = match.group()
        if word in written:
            return written[word]
        known = word in PLACES and word not in MUST_SHOUT and word not in WORDS_TOO
        return word.capitalize() if known else word

    return [
        text if any(c.isupper() for c in text[1:]) else re.sub(r"[^\W\d_][\w'’-]*", cased, text)
        for text in every
    ]


def subject_first(said: Said) -> list[str]:
    """The persons of a query, the likeliest to be meant by "he" first.

    A name right after the question word is the subject, and subjects are spoken of further;
    else the person named last. "Eiffel" of "the Eiffel Tower" is nobody.
    """
    things = {n.text for n in said.names if _of_a_thing(n, said.text)}
    people = [p for p in said.of("person") if p not in things]
    opening = words.OPENING.match(said.text) or words.YES_NO.match(said.text)
    rest = opening["rest"].strip() if opening else said.text
    if people and any(rest.startswith(p) for p in people):
        return sorted(people, key=lambda p: not rest.startswith(p))
    return people[::-1]


def _of_a_thing(name: Named, text: str) -> bool:
    """Whether an unknown name belongs to a thing: "the Kalimas bridge", "jembatan Kalimas"."""
    before = text[: name.start].split()[-1:]
    led = before[0].lower() if before else ""
    return led in words.NAMED_THINGS or led == "the"


def known_terms(text: str) -> frozenset[str]:
    """The stems and concepts of a text's content words, in both languages."""
    stems = {stem(t.text, code) for t in content_words(text) for code in ("en", "id")}
    return frozenset(stems | {m.concept_id for m in glossary.load().find(text)})


def read_with(text: str, before: Past) -> Said:
    """The names of a question, with those of the conversation known."""
    shown = [before.base, before.answer, *(said for pair in before.earlier for said in pair)]
    return read([text, *(said.text for said in shown)])[0]
