"""Whether a statement keeps to what was said: quoted words, qualities, "not" in a prefix.

Only within one language; across languages the other checks must do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.answer.check.backing import Backing, Problem
from rag.answer.check.rivals import part_of_speech
from rag.answer.check.wording import Wording
from rag.text.stems import tokens

_QUOTED = re.compile(r"[\"“„]([^\"“”„]{3,400})[\"”]")
_PIECES = re.compile(r"\.\.\.|…|\[[^\]]*\]")
_PREFIX = re.compile(r"(?:un(?P<any>[a-z]{4,})|(?:in|im|ir|il|dis|non)(?P<shaped>[a-z]{4,}))\Z")
# What makes a word with "in-" or "dis-" the opposite of one without: "correct", not "form".
_SHAPED = re.compile(
    r"[a-z]{2,}(?:able|ible|ent|ant|ive|ate|ect|est|ible|al|ar|ure|agreed?|approved?|obeyed?"
    r"|qualified|satisfied)\Z"
)
_NO_OPPOSITES = frozenset({"portant", "stant", "dependent", "cover", "covered", "tense"})
_PHRASES = re.compile(
    r"\b(?P<verb>call(?:ed|s|ing)?|turn(?:ed|s|ing)?|rul(?:e|ed|es|ing)|pull(?:ed|s|ing)?"
    r"|back(?:ed|s|ing)?|step(?:ped|s|ping)?)\s+(?P<on>off|down|out)\b",
    re.IGNORECASE,
)
_EXTREME = re.compile(r"\b(?P<way>most|least)\s+(?P<word>[a-z]{4,})", re.IGNORECASE)
_JUDGED = re.compile(
    r"\b(?:said|says|call(?:ed|s)|describe[sd]|branded|deem(?:ed|s)|consider(?:ed|s)|labelled)\b"
    r"[^.;:\"“]{0,40}?\b(?:it|that|this|as|was|were|is|are|be|delay|decision|deal|plan|move)\s+"
    r"(?:not\s+)?(?:an?\s+|the\s+|very\s+)*(?P<word>[a-z]{4,})",
    re.IGNORECASE,
)


def check_quoted(said: Wording, backing: Backing) -> Iterator[Problem]:
    """Words put into somebody's mouth, opposites made by a prefix; one problem for each kind."""
    yield from _extremes(said, backing)
    if said.language not in backing.languages:
        return
    yield from _quotations(said, backing)
    yield from _prefixes(said, backing)
    yield from _phrases(said, backing)
    yield from _judgements(said, backing)


def _quotations(said: Wording, backing: Backing) -> Iterator[Problem]:
    there = " ".join(["", *(t.text for w in backing.wordings for t in w.tokens), ""])
    for m in _QUOTED.finditer(said.text):
        for piece in _PIECES.split(m.group(1)):
            run = " ".join(t.text for t in tokens(piece))
            if run and f" {run} " not in there:
                yield Problem(
                    "conflict",
                    f"the source has no such quotation: “{piece.strip()}”",
                    f"di sumbernya tidak ada kutipan itu: “{piece.strip()}”",
                )
                return


def _base(word: str) -> str | None:
    """A word without the prefix that turns it round: "fair" for "unfair"."""
    found = _PREFIX.match(word)
    if not found:
        return None
    base = found["any"] or found["shaped"]
    if base in _NO_OPPOSITES or (found["shaped"] and not _SHAPED.match(base)):
        return None
    return base


def _prefixes(said: Wording, backing: Backing) -> Iterator[Problem]:
    if said.language != "en":
        return
    mine = {t.text for t in said.tokens}
    theirs = {t.text for w in backing.wordings for t in w.tokens}
    negated = any(w.negated for w in backing.wordings)
    for word in sorted(mine - theirs):
        base = _base(word)
        if base in theirs and not negated:
            yield _opposite(word, str(base))
            return
    for word in sorted(theirs - mine):
        base = _base(word)
        if base in mine - theirs and not said.negated:
            yield _opposite(str(base), word)
            return


def _opposite(word: str, other: str) -> Problem:
    return Problem(
        "conflict",
        f"the source says “{other}”, not “{word}”",
        f"sumbernya menyebut “{other}”, bukan “{word}”",
    )


def _phrases(said: Wording, backing: Backing) -> Iterator[Problem]:
    """ "Called off" for "called": the small word makes it another verb."""
    for m in _PHRASES.finditer(said.text):
        head = m["verb"].lower()[:4]
        bare = re.compile(rf"\b{head}\w*\b(?!\s+{m['on']}\b)", re.IGNORECASE)
        whole = re.compile(rf"\b{head}\w*\s+(?:\w+\s+){{0,3}}?{m['on']}\b", re.IGNORECASE)
        inside = said.within(m.start(), m.end())
        meant = {f"={c}" for i in inside for c in said.concepts[i]}
        if (
            any(bare.search(w.text) for w in backing.wordings)
            and not any(whole.search(w.text) for w in backing.wordings)
            and not meant & backing.keys
        ):
            other = next(b.group() for w in backing.wordings if (b := bare.search(w.text)))
            yield _opposite(m.group(), other)
            return


def _extremes(said: Wording, backing: Backing) -> Iterator[Problem]:
    """ "The least valuable" for "the most valuable"."""
    theirs = {
        (m["way"].lower(), m["word"].lower())
        for w in backing.wordings
        for m in _EXTREME.finditer(w.text)
    }
    for m in _EXTREME.finditer(said.text):
        way, word = m["way"].lower(), m["word"].lower()
        other = "most" if way == "least" else "least"
        if (other, word) in theirs and (way, word) not in theirs:
            yield _opposite(m.group(), f"{other} {word}")
            return


def _judgements(said: Wording, backing: Backing) -> Iterator[Problem]:
    """What somebody is made to call a thing, where the evidence has no such word."""
    for m in _JUDGED.finditer(said.text):
        inside = said.within(m.start("word"), m.end("word"))
        if not inside or said.roles[inside[0]] != "plain":
            continue
        i = inside[0]
        quality = any(part_of_speech(c) == "adj" for c in said.concepts[i]) or _QUALITY.match(
            said.tokens[i].text
        )
        if quality and not said.keys[i] & backing.keys and not backing.alike(said.tokens[i].text):
            yield Problem(
                "not_found",
                f"the source does not say this: “{said.written(i)}”",
                f"sumbernya tidak menyebut ini: “{said.written(i)}”",
            )
            return


_QUALITY = re.compile(r"[a-z]{3,}(?:able|ible|ous|ful|less|ive|ic|ical)\Z")
