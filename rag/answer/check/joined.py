"""Whether what several sentences back together is one story: no sentence merely lends a value.

A number, a date or a name that only another sentence than the main one has must be told there
of something that the statement tells too, or belong to it by a pronoun or by standing next.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.answer.check.backing import Backing, Places, Problem
from rag.answer.check.dates import borne_out, rival_date
from rag.answer.check.figures import figures, owned
from rag.answer.check.wording import Wording
from rag.text.cues import BACK
from rag.text.stems import tokens

_NEAR = 6  # tokens of the statement
_CLOSE = 600  # characters between two sentences that still tell of one thing


def check_joined(said: Wording, backing: Backing, places: Places) -> Iterator[Problem]:
    """Numbers, dates and names that a sentence only lends, one problem for each."""
    if len(backing.wordings) < 2:
        return
    covered = [_covered(said, words, s, places) for s, words in enumerate(backing.wordings)]
    heads = {n.first for n in figures(said)}
    # What happened makes the main sentence, not when: a date has many tokens.
    weights = [
        sum(said.roles[i] in ("plain", "name") or i in heads for i in found) for found in covered
    ]
    main = max(range(len(covered)), key=lambda s: (weights[s], -s))
    units: list[tuple[str, Sequence[int]]] = [("name", g) for g in said.groups]
    units += [("number", i) for n in said.sentence.numbers if (i := said.within(n.start, n.end))]
    units += [("date", i) for d in said.sentence.dates if (i := said.within(d.start, d.end))]
    for kind, inside in units:
        if inside[0] in covered[main]:
            continue
        lenders = [s for s in range(len(covered)) if s != main and inside[0] in covered[s]]
        if lenders and not any(
            _may_lend(said, backing, covered, kind, inside, s, main) for s in lenders
        ):
            word = said.text[said.tokens[inside[0]].start : said.tokens[inside[-1]].end]
            yield Problem(
                "not_found",
                f"the source says “{word}” of something else",
                f"sumbernya menyebut “{word}” tentang hal lain",
            )


def _covered(said: Wording, words: Wording, s: int, places: Places) -> frozenset[int]:
    """The tokens of the statement that one sentence has: words, whole names, numbers, dates."""
    found = {i for i in said.plain if said.keys[i] & words.all_keys}
    for group in said.groups:
        if any(p.sentence == s for p in places[group[0]]):
            found.update(group)
    theirs = list(figures(words))
    for one in figures(said):
        if any(one.values & other.values for other in theirs):
            found.update(range(one.first, one.last + 1))
    for mention in said.sentence.dates:
        if borne_out(mention, words):
            found.update(said.within(mention.start, mention.end))
    return frozenset(found)


def _has_own(said: Wording, inside: Sequence[int], words: Wording) -> bool:
    """Whether the main sentence has one such value itself, which the statement leaves out."""
    mine = list(figures(said))
    one = next((f for f in mine if f.first == inside[0]), None)
    if one is None or one.number.kind not in ("percent", "money"):
        return False
    told = frozenset(v for f in mine for v in f.values)
    alike = [
        f
        for f in figures(words)
        if (f.number.kind, f.number.unit) == (one.number.kind, one.number.unit)
    ]
    return bool(alike) and not any(f.values & told for f in alike)


def _may_lend(
    said: Wording,
    backing: Backing,
    covered: Sequence[frozenset[int]],
    kind: str,
    inside: Sequence[int],
    lender: int,
    main: int,
) -> bool:
    """Whether a value that the main sentence lacks may be taken from another."""
    one, other = backing.sentences[main], backing.sentences[lender]
    same = one.passage.article_id == other.passage.article_id
    gap = max(one.start, other.start) - min(one.end, other.end)
    plain = {i for i in covered[lender] if said.roles[i] in ("plain", "name") and i not in inside}
    own = plain - covered[main]
    near = {
        i
        for i in plain
        if min(abs(i - inside[0]), abs(i - inside[-1])) <= _NEAR and not said.parted(inside[0], i)
    }
    if kind == "number":
        if _has_own(said, inside, backing.wordings[main]):
            return False
        belongs = set(owned(said).get(inside[0], ()))
        testable = {
            i for i in belongs if said.roles[i] in ("plain", "name") and said.concepts[i]
        } or belongs
        return bool(plain & testable) and (bool(own & testable) or (same and gap <= _CLOSE))
    if not same or gap > _CLOSE:
        return len(own & near) >= 2
    later = max((one, other), key=lambda s: s.start)
    tied = bool(own & near) or bool(BACK.search(later.text))
    if kind == "date":
        return tied and bool(plain) and not rival_date(said, inside, backing.wordings[main])
    return tied or (gap <= 3 and not _somebody_else(said, inside, backing.wordings[main]))


def _somebody_else(said: Wording, inside: Sequence[int], words: Wording) -> bool:
    """Whether the main sentence tells of a person of its own whom the statement leaves out."""
    first = said.tokens[inside[0]]
    kinds = [n.kind for n in said.sentence.names if n.start <= first.start < n.end]
    if kinds and kinds[0] not in ("person", None):
        return False
    told = {token.text for token in said.tokens}
    return any(
        name.kind == "person" and not any(t.text in told for t in tokens(name.text))
        for name in words.sentence.names
    )
