"""Whether a name or a date stands in the place that the evidence gives to another.

The place is what stands right beside it: an office ("Prime Minister _"), the verb that it
does ("_ promised"), what leads it in and of which word ("born in _"). Where the evidence has
another one in that place, and this one nowhere near, the two have been exchanged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.answer.check.backing import Backing, Place, Places, Problem
from rag.answer.check.dates import borne_out, rival_mention
from rag.answer.check.rivals import part_of_speech
from rag.answer.check.wording import Wording

_ASIDE = re.compile(r"\s*,\s(?:[^,.;:]{1,90}),\s*|\s*\([^)]{1,60}\)\s*", re.IGNORECASE)
_LED = re.compile(
    r"(?<!\w)(?P<lead>in|at|near|on|di|from|dari|asal|to|ke|with|dengan|bersama|by|oleh|for|untuk|of"
    r"|against|melawan|kepada|towards|pada)\s+(?:the\s+|a\s+|an\s+)?\Z",
    re.IGNORECASE,
)
_LEADS = {
    "in": "in", "at": "in", "near": "in", "on": "in", "di": "in", "pada": "in",
    "from": "from", "dari": "from", "asal": "from", "of": "of",
    "to": "to", "ke": "to", "towards": "to", "kepada": "to",
    "with": "with", "dengan": "with", "bersama": "with", "by": "by", "oleh": "by",
    "for": "for", "untuk": "for", "against": "against", "melawan": "against",
}  # fmt: skip
_REACH = 3  # tokens between a name and the word that it stands by

Way = Literal["office", "does", "led"]


@dataclass(frozen=True, slots=True)
class Slot:
    """A place beside a word, for a name to stand in."""

    way: Way
    lead: str
    keys: frozenset[str]
    token: int


def check_slots(said: Wording, backing: Backing, places: Places) -> Iterator[Problem]:
    """Names that stand where the evidence has another, one problem at most; and dates."""
    located = {p for found in places.values() for p in found}
    tokens = {(p.sentence, p.token) for p in located}
    theirs = [
        (s, words, group, _slots(words, group))
        for s, words in enumerate(backing.wordings)
        for group in words.groups
    ]
    for group in said.groups:
        found = places[group[0]]
        byline = found and all(_agency(backing.wordings[p.sentence], p.token) for p in found)
        if byline and not _REPORTED.search(said.text):
            written = said.text[said.tokens[group[0]].start : said.tokens[group[-1]].end]
            yield Problem(
                "not_found",
                f"in the source “{written}” is only who reports",
                f"di sumbernya “{written}” hanya pemberitanya",
            )
            return
        if _cut_off(said, group, backing, places):
            word = said.text[said.tokens[group[0]].start : said.tokens[group[-1]].end]
            yield Problem(
                "not_found",
                f"the source does not say this of “{word}”",
                f"sumbernya tidak menyebut ini tentang “{word}”",
            )
            return
        mine = _slots(said, group)
        if not found or not mine:
            continue
        for slot in mine:
            if slot.way == "does" and _done_to(slot, backing, found):
                yield Problem(
                    "conflict",
                    f"the source has it the other way round: “{said.written(slot.token)}”",
                    f"di sumbernya sebaliknya: “{said.written(slot.token)}”",
                )
                return
            rivals = [
                (s, words, there)
                for s, words, there, slots in theirs
                if not any((s, i) in tokens for i in there)
                and not any(said.keys[i] & words.keys[j] for i in group for j in there)
                and any(_alike(slot, other) for other in slots)
                and not any(p.sentence == s and 0 < p.token - there[-1] <= 2 for p in found)
            ]
            if not rivals or any(
                _stands_by(slot, backing.wordings[p.sentence], p.token) for p in found
            ):
                continue
            _, words, there = rivals[0]
            yield _exchanged(
                said.text[said.tokens[group[0]].start : said.tokens[group[-1]].end],
                words.text[words.tokens[there[0]].start : words.tokens[there[-1]].end],
            )
            return
    yield from _dates(said, backing)


_REPORTED = re.compile(
    r"\b(?:report\w*|according|melaporkan|dilaporkan|menurut|dikutip|kata|said|told)\b",
    re.IGNORECASE,
)


def _agency(words: Wording, token: int) -> bool:
    """Whether it is the agency between the place and the dash that a report begins with."""
    start = words.tokens[token].start
    head = words.text[: words.sentence.dateline]
    return start < len(head) and head.rfind("(", 0, start) > head.rfind(")", 0, start)


def _done_to(slot: Slot, backing: Backing, found: Sequence[Place]) -> bool:
    """Whether what a name does here is done to it, or taken from it, in the evidence."""
    told = 0
    for place in found:
        words = backing.wordings[place.sentence]
        verbs = [i for i in range(len(words.tokens)) if _exact(words, i) & slot.keys]
        group = next((g for g in words.groups if place.token in g), None)
        if not verbs or group is None:
            continue
        told += 1
        first = words.tokens[group[0]].start
        ahead = words.text[max(0, first - 30) : first]
        if not _FROM.search(ahead) or any(i > group[-1] for i in verbs):
            return False
    return told > 0


_FROM = re.compile(
    r"\b(?:from|dari|against|terhadap|kepada)\s+(?:the\s+)?(?:[\w-]+\s+){0,2}\Z", re.IGNORECASE
)


def _cut_off(said: Wording, group: Sequence[int], backing: Backing, places: Places) -> bool:
    """Whether all that stands beside a name here is beyond a semicolon from it there."""
    beside = [
        i
        for i in (*range(group[0] - 3, group[0]), *range(group[-1] + 1, group[-1] + 4))
        if 0 <= i < len(said.tokens) and said.roles[i] == "plain" and not said.parted(i, group[0])
    ]
    apart = 0
    for place in places[group[0]]:
        words = backing.wordings[place.sentence]
        for i in beside:
            spots = [p.token for p in backing.exact(said, i) if p.sentence == place.sentence]
            for j in spots:
                start, end = sorted((words.tokens[place.token].start, words.tokens[j].start))
                if ";" not in words.text[start:end]:
                    return False
                apart += 1
    return apart > 0


def _exchanged(written: str, other: str) -> Problem:
    return Problem(
        "conflict",
        f"the source has “{other}” there, not “{written}”",
        f"di situ sumbernya menyebut “{other}”, bukan “{written}”",
    )


def _alike(one: Slot, other: Slot) -> bool:
    return (one.way, one.lead) == (other.way, other.lead) and bool(one.keys & other.keys)


def _slots(words: Wording, group: Sequence[int]) -> list[Slot]:
    """The places that a name stands in."""
    found: list[Slot] = []
    first, last = group[0], group[-1]
    before = first - 1
    if before >= 0 and not words.parted(before, first):
        role = {c for c in words.concepts[before] if part_of_speech(c) == "role"}
        if role and words.roles[before] in ("plain", "name"):
            found.append(Slot("office", "", frozenset(f"={c}" for c in role), before))
    lead = _LED.search(
        words.text[max(0, words.tokens[first].start - 16) : words.tokens[first].start]
    )
    if lead:
        kind = _LEADS[lead["lead"].lower()]
        for i in range(before - 1, max(-1, before - 1 - _REACH), -1):
            if words.roles[i] == "name" or words.parted(i, first):
                break
            if words.roles[i] == "plain":
                found.append(Slot("led", kind, _exact(words, i), i))
                break
        return found
    at = words.tokens[last].end
    aside = _ASIDE.match(words.text, at)
    at = aside.end() if aside else at
    for i in range(last + 1, min(len(words.tokens), last + 1 + _REACH + (14 if aside else 0))):
        token = words.tokens[i]
        if token.start < at:
            continue
        if re.search(r"[,;:.]", words.text[at : token.start]) or words.roles[i] == "name":
            break
        if words.roles[i] == "plain" and _active(words, i):
            found.append(Slot("does", "", _exact(words, i), i))
            break
        if words.roles[i] == "plain":
            break
    return found


def _exact(words: Wording, i: int) -> frozenset[str]:
    return frozenset(k for k in words.keys[i] if k[0] not in "~%")


def _active(words: Wording, i: int) -> bool:
    """Whether a word is a verb that its subject does."""
    text = words.tokens[i].text
    if words.language == "id":
        return bool(re.match(r"(?:me|ber)[a-z]{4,}", text)) and not text.startswith("menteri")
    if not any(part_of_speech(c) == "verb" for c in words.concepts[i]):
        return False
    ahead = words.text[max(0, words.tokens[i].start - 12) : words.tokens[i].start]
    return not re.search(r"\b(?:is|are|was|were|been|being|be|by|a|an|the|of|to)\s+\Z", ahead)


def _stands_by(slot: Slot, words: Wording, token: int) -> bool:
    """Whether a name of the evidence stands in the same clause as the word, or right beside it."""
    for i in range(len(words.tokens)):
        if not _exact(words, i) & slot.keys:
            continue
        if slot.way == "office" and _of_office(words, i, token):
            return True
        if abs(i - token) <= 2 or (slot.way != "office" and not words.parted(i, token)):
            return True
        if slot.way == "does" and token < i and _ASIDE.match(words.text, words.tokens[token].end):
            return True
    return False


def _of_office(words: Wording, i: int, token: int) -> bool:
    """Whether an office and a name go together over what it is the office of."""
    if i < token:
        return all(
            words.roles[j] in ("name", "empty") or words.concepts[j] for j in range(i + 1, token)
        ) and not re.search(r"[.;]\s", words.text[words.tokens[i].end : words.tokens[token].start])
    return i - token <= 5  # "Ana Silva, the coach"


def _dates(said: Wording, backing: Backing) -> Iterator[Problem]:
    """A date beside a word that the evidence gives another date."""
    for mention in said.sentence.dates:
        inside = said.within(mention.start, mention.end)
        if not inside:
            continue
        near = _beside(said, inside)
        if len(near) < 2:
            continue
        having = [w for w in backing.wordings if borne_out(mention, w)]
        best = max((_kept(near, said, w) for w in having), default=0)
        for words in backing.wordings:
            rival = rival_mention(mention, words)
            if words in having or rival is None:
                continue
            if all(said.keys[i] & words.all_keys for i in near) and best == 0:
                yield _exchanged(said.text[mention.start : mention.end], rival)
                return


def _kept(near: Sequence[int], said: Wording, words: Wording) -> int:
    return sum(bool(said.keys[i] & words.all_keys) for i in near)


def _beside(words: Wording, inside: Sequence[int]) -> list[int]:
    """The plain words around a date, up to the end of its clause."""
    found = []
    for way in (range(inside[0] - 1, -1, -1), range(inside[-1] + 1, len(words.tokens))):
        taken = 0
        for i in way:
            if taken == 3 or words.parted(inside[0], i):
                break
            if words.roles[i] in ("plain", "name"):
                found.append(i)
                taken += 1
    return found
