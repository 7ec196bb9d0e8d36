"""Where a statement copies a sentence of its evidence but for a value.

Goes word by word along both; only where most of the statement stands there in its order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from rag.answer.backing import Backing, Places, Problem
from rag.answer.wording import Wording

_LEAST, _NEARLY = 0.6, 0.8  # of the statement's words, that make it a copy
_LONGEST = 6  # words that stand for others


def check_copied(said: Wording, backing: Backing, places: Places) -> Iterator[Problem]:
    """A name, a number or a date in the place of another, in an otherwise copied sentence."""
    mine = [t.text for t in said.tokens]
    kept = {
        (p.sentence, i)
        for found in places.values()
        for p in found
        for g in backing.wordings[p.sentence].groups
        if p.token in g
        for i in g
    }
    for s, words in enumerate(backing.wordings):
        if words.language != said.language:
            continue
        theirs = [t.text for t in words.tokens]
        matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
        share = sum(m.size for m in matcher.get_matching_blocks()) / max(1, len(mine))
        if share < _LEAST:
            continue
        here = {i for g in said.groups for i in g if any(p.sentence == s for p in places[g[0]])}
        for op, a, b, c, d in matcher.get_opcodes():
            if op != "replace" or max(b - a, d - c) > _LONGEST:
                continue
            if share < _NEARLY and here & set(range(a, b)):
                continue  # it has moved within the sentence
            new = _values(said, range(a, b))
            old = [i for i in _values(words, range(c, d)) if (s, i) not in kept]
            if not new or not old or _same(said, new, words, old):
                continue
            written = said.text[said.tokens[new[0]].start : said.tokens[new[-1]].end]
            other = words.text[words.tokens[old[0]].start : words.tokens[old[-1]].end]
            yield Problem(
                "conflict",
                f"the source has “{other}” there, not “{written}”",
                f"di situ sumbernya menyebut “{other}”, bukan “{written}”",
            )
            return


def _values(words: Wording, inside: Sequence[int]) -> list[int]:
    return [i for i in inside if words.roles[i] in ("name", "number", "date")]


def _same(said: Wording, new: Sequence[int], words: Wording, old: Sequence[int]) -> bool:
    """Whether two values of unlike kinds, or spellings of one, stand opposite each other."""
    if {said.roles[i] for i in new}.isdisjoint(words.roles[i] for i in old):
        return True
    mine = frozenset(k for i in new for k in said.keys[i])
    there = frozenset(k for i in old for k in words.keys[i])
    if mine & there:
        return True
    # A number in another spelling is told by the checks of numbers and dates.
    return not any(said.roles[i] == "name" for i in new) and not all(
        said.tokens[i].text.isdigit() for i in new
    )
