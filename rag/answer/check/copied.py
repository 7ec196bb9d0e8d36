"""Where a statement copies a sentence of its evidence but for a value.

Goes word by word along both; only where most of the statement stands there in its order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from rag.answer.check.backing import Backing, Places, Problem
from rag.answer.check.figures import figures
from rag.answer.check.rivals import part_of_speech, rival_of
from rag.answer.check.wording import Wording

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
            if here & set(range(a, b)) and (share < _NEARLY or _aside(said, s, places, (a, b, c))):
                continue  # it has moved within the sentence
            other_word = _otherwise(said, range(a, b), words, range(c, d))
            if other_word is not None:
                yield other_word
                return
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


_NAMING = frozenset({"noun", "role", "adj"})


def _otherwise(
    said: Wording, mine: Sequence[int], words: Wording, theirs: Sequence[int]
) -> Problem | None:
    """A thing or a quality that stands where the evidence has another of known meaning."""
    here = [i for i in mine if said.roles[i] == "plain"]
    there = [i for i in theirs if words.roles[i] == "plain"]
    if len(here) != 1 or len(there) != 1 or len(mine) > 2 or len(theirs) > 2:
        return None
    i, j = here[0], there[0]
    a, b = said.concepts[i], words.concepts[j]
    if not a or not b or said.keys[i] & words.keys[j] or words.keys[j] & said.all_keys:
        return None
    opposite = any(
        family in rival_of(b) and not names & rival_of(b)[family]
        for family, names in rival_of(a).items()
    )
    opposite = opposite or {"lit", "unlit"} <= a | b
    naming = all(part_of_speech(c) in _NAMING for c in a | b)
    if not opposite and not (naming and _kind(a) == _kind(b)):
        return None
    return Problem(
        "conflict",
        f"the source has “{words.written(j)}” there, not “{said.written(i)}”",
        f"di situ sumbernya menyebut “{words.written(j)}”, bukan “{said.written(i)}”",
    )


def _kind(concepts: frozenset[str]) -> frozenset[str]:
    """Whether a word names somebody, something or a quality."""
    return frozenset("adj" if part_of_speech(c) == "adj" else "noun" for c in concepts)


def _aside(said: Wording, s: int, places: Places, at: tuple[int, int, int]) -> bool:
    """Whether a name stands close by: "Keldesh's capital, Brenna" for "Brenna"."""
    first, last, there = at
    return any(
        p.sentence == s and 0 <= p.token - there <= _LONGEST
        for group in said.groups
        if first <= group[0] < last
        for p in places[group[0]]
    )


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
    values = [
        {v for f in figures(w) if f.first in inside for v in f.values}
        for w, inside in ((said, new), (words, old))
    ]
    if values[0] & values[1]:
        return True
    if all(w.roles[i] == "date" for w, inside in ((said, new), (words, old)) for i in inside):
        return True  # told by the check of dates
    # A number in another spelling is told by the checks of numbers and dates.
    return not any(said.roles[i] == "name" for i in new) and not all(
        said.tokens[i].text.isdigit() for i in new
    )
