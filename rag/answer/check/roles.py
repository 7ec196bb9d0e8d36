"""Whether names stand to one another in a statement as they do in its evidence.

Goes by the order of names around a word that both have; in English and in Indonesian the one
who acts stands before the verb, unless it is passive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from rag.answer.check.backing import Backing, Place, Places, Problem
from rag.answer.check.rivals import part_of_speech
from rag.answer.check.speakers import check_speakers, check_strangers
from rag.answer.check.wording import Wording
from rag.text.language import word_set

# Doing these, each does it with the other.
_MUTUAL = word_set(
    "meet negotiate discuss conversation video_call speak summit conference",
    "meeting_session match agreement conflict war cooperate exchange ceasefire relations",
    "differ same compare marry bilateral border border_on joint debate deal unite partner",
    "sign",
)


_SPEAKING = word_set(
    "say tell explain announce report mention say_further claim reveal",
)


_IRREGULAR = word_set(
    "told beat won led shot struck hit sent gave paid sold bought left held fought caught",
    "taught overthrew drove saw brought kept hurt sought found forbade chose broke stole",
    "beaten",
)


_RANG = word_set(
    "rang phoned called telephoned menelepon ditelepon menelpon ditelpon",
)


_BE = re.compile(
    r"\b(?:is|are|was|were|been|being|be|get|got)\s+(?:\w+ly\s+|also\s+)?\Z", re.IGNORECASE
)


_ARM = 6  # tokens between a verb and who does it


def check_roles(said: Wording, backing: Backing, places: Places) -> Iterator[Problem]:
    """What the statement turns round, gives to another speaker, or joins that nothing joins."""
    yield from _turned(said, backing, places)
    yield from _ways(said, backing, places)
    yield from _stands_in(said, backing, places)
    yield from check_speakers(said, backing, places)
    if len(backing.wordings) > 1:
        yield from check_strangers(said, backing, places)


def _arguments(words: Wording, i: int) -> tuple[list[int], list[int]]:
    """The words around a verb that may be who does it and to whom, nearest first."""

    def near(way: Sequence[int]) -> list[int]:
        found = []
        for j in way:
            gap = words.text[words.tokens[min(i, j)].end : words.tokens[max(i, j)].start]
            if abs(i - j) > _ARM or re.search(r"[.;:\"“”]\s|\s[-–—]\s", gap):
                break
            if words.roles[j] in ("name", "plain"):
                found.append(j)
        return found

    return near(range(i - 1, -1, -1)), near(range(i + 1, len(words.tokens)))


def _turned(said: Wording, backing: Backing, places: Places) -> Iterator[Problem]:
    where = {i: found for i in said.plain if (found := backing.places(said.keys[i]))}
    spots: dict[int, list[Place]] = dict(where)
    for group in said.groups:
        for i in group:
            spots[i] = list(places[group[0]])
    for i, found in where.items():
        if not _acts(said, i):
            continue
        left, right = ([j for j in way if j in spots] for way in _arguments(said, i))
        if not left or not right:
            continue
        ways = {
            _other_way(said, i, left[0], right[0], backing.wordings[p.sentence], p, spots)
            for p in backing.exact(said, i) or found
            if backing.wordings[p.sentence].roles[p.token] == "plain"
        }
        if True in ways and False not in ways:
            yield Problem(
                "conflict",
                f"the source has it the other way round: “{said.written(i)}”",
                f"di sumbernya sebaliknya: “{said.written(i)}”",
            )
            return


_VERBAL = re.compile(r"(?:me[mnlr]|meng?|meny|di)[a-z]{4,}")


def _acts(said: Wording, i: int) -> bool:
    """Whether a word is a verb that one does to another."""
    if said.tokens[i].text in _RANG:
        return True
    concepts = said.concepts[i]
    word = said.tokens[i].text
    if not concepts or concepts & (_MUTUAL | _SPEAKING):
        return False
    parts = {part_of_speech(c) for c in concepts}
    shaped = _VERBAL.match(word) if said.language != "en" else word.endswith("ed")
    if "verb" not in parts and (not shaped or "role" in parts):
        return False
    if said.language != "en" or word in _IRREGULAR:
        return True
    ahead = said.text[max(0, said.tokens[i].start - 8) : said.tokens[i].start]
    return word.endswith(("ed", "s")) and not re.search(r"\b(?:a|an|the|of|its|his|her)\s\Z", ahead)


_ONWARD = re.compile(r"\s*(?:di|ke|dari|pada|oleh|untuk|karena|akibat|setelah|[,.;])")


def _other_way(
    said: Wording,
    i: int,
    left: int,
    right: int,
    words: Wording,
    place: Place,
    spots: Mapping[int, Sequence[Place]],
) -> bool | None:
    """Whether what stands left and right of a verb stands the other way round in the evidence.

    None where that cannot be told.
    """
    mine, theirs = _voice(said, i), _voice(words, place.token)
    behind = {Place(place.sentence, place.token + k) for k in (1, 2, 3)}
    if (
        theirs == "bare"
        and words.language == "id"
        and behind & {*spots[left], *spots[right]}
        and not _ONWARD.match(words.text, words.tokens[place.token].end)
    ):
        theirs = "passive"  # "diselamatkan tim SAR"
    if "bare" in (mine, theirs) and mine != theirs:
        return None
    named = "name" in (said.roles[left], said.roles[right])
    if not named and (mine != theirs or not _simple(said, i, left, right)):
        return None
    before = {p.token for p in spots[left] if p.sentence == place.sentence}
    after = {p.token for p in spots[right] if p.sentence == place.sentence}
    if not after or before & after:
        return None
    there_left, there_right = _arguments(words, place.token)
    if mine != theirs:
        before, after = after, before
    if any(x < place.token < y for x in before for y in after):
        return False
    if before & set(there_right) and any(x < place.token for x in after):
        return True
    # "received her": who is meant stands before, and the verb's own subject is the other.
    if after & set(there_left) and _pronoun_after(words, place.token):
        return not before & set(there_left) or None
    return None


def _simple(said: Wording, i: int, left: int, right: int) -> bool:
    """Whether two plain words stand right at the verb, as who does it and to whom."""
    between = said.text[said.tokens[i].end : said.tokens[right].start].lower().split()
    return i - left <= 2 and all(
        w in ("the", "a", "an", "para", "its", "by", "oleh") for w in between
    )


def _pronoun_after(words: Wording, i: int) -> bool:
    return bool(re.match(r"\s+(?:him|her|them|it|dia|mereka)\b", words.text[words.tokens[i].end :]))


def _voice(words: Wording, i: int) -> str:
    """ "active"; "passive" with the one who does it behind the verb; or "bare", without one."""
    token = words.tokens[i]
    behind = words.text[token.end : token.end + 45]
    if (
        words.language != "en"
        and re.fullmatch(r"(?:di|ter)[a-z]{3,}", token.text)
        and token.text not in _NO_VERBS
    ):
        if re.match(r"\s+(?:\w+\s+){0,3}?oleh\b", behind):
            return "passive"
        follows = i + 1 if i + 1 < len(words.tokens) and not re.match(r"\s*[,;.]", behind) else None
        if follows is not None and (
            words.roles[follows] == "name"
            or any(part_of_speech(c) == "role" for c in words.concepts[follows])
        ):
            return "passive"
        return "bare"
    if words.language != "id":
        ahead = words.text[max(0, token.start - 24) : token.start]
        agent = re.match(r"\s+(?:\w+\s+){0,3}?by\b", behind)
        after = words.within(token.end + agent.end(), token.end + agent.end() + 2) if agent else []
        if agent and not any(words.roles[j] in ("date", "number") for j in after):
            return "passive"  # not "promised by June"
        if _BE.search(ahead):
            return "bare"
    return "active"


_NO_VERBS = word_set(
    "dialog dinas digital disiplin diplomat diplomatik disertai terhadap tersebut",
    "termasuk terkait tertentu dinding disana teror teroris teras territorial",
)


def _stands_in(said: Wording, backing: Backing, places: Places) -> Iterator[Problem]:
    """A name among words that stand around another name in the evidence."""
    theirs = [
        (s, w, g, _around(w, g))
        for s, w in enumerate(backing.wordings)
        for g in w.groups
        if w.tokens[g[0]].start >= w.sentence.dateline and not _bracketed(w, g)
    ]
    for group in said.groups:
        found = set(places[group[0]])
        if not found:
            continue
        mine = _around(said, group)
        words = {said.tokens[i].text for i in group}
        alike = [
            bool({Place(s, i) for i in g} & found or words & {w.tokens[i].text for i in g})
            for s, w, g, _ in theirs
        ]
        own = max(
            (_fit(mine, t[3]) for t, same in zip(theirs, alike, strict=True) if same), default=None
        )
        if own is None:
            continue
        for (s, w, g, there), same in zip(theirs, alike, strict=True):
            if same or _fit(mine, there) < max(_FITS, own + _BETTER):
                continue
            if any(p.sentence == s and _beside(w, g, p.token) for p in found):
                continue
            if any(
                _beside(said, group, o[0])
                for o in said.groups
                if Place(s, g[-1]) in places[o[0]] or Place(s, g[0]) in places[o[0]]
            ):
                continue
            if _revoiced(said, group, w):
                continue
            word = said.text[said.tokens[group[0]].start : said.tokens[group[-1]].end]
            named = w.text[w.tokens[g[0]].start : w.tokens[g[-1]].end]
            yield Problem(
                "conflict",
                f"the source says this of {named}, not of {word}",
                f"sumbernya menyebut ini tentang {named}, bukan {word}",
            )
            return


def _bracketed(words: Wording, group: Sequence[int]) -> bool:
    """Whether a name stands alone in brackets, as an agency's or an acronym does."""
    first, last = words.tokens[group[0]], words.tokens[group[-1]]
    return (
        words.text[first.start - 1 : first.start] == "("
        and words.text[last.end : last.end + 1] == ")"
    )


def _beside(words: Wording, group: Sequence[int], other: int) -> bool:
    """Whether a name stands right by another that tells of it: "head of the station, Ana"."""
    low, high = (group[-1], other) if other > group[-1] else (other, group[0])
    inside = range(low + 1, high)
    if len(inside) > 4:
        return False
    return not any(
        words.roles[i] == "number"
        or (
            words.roles[i] == "plain"
            and any(part_of_speech(c) == "verb" for c in words.concepts[i])
            and not any(part_of_speech(c) == "role" for c in words.concepts[i])
        )
        or words.tokens[i].text in ("and", "dan", "with", "dengan")
        for i in inside
    )


def _revoiced(said: Wording, group: Sequence[int], words: Wording) -> bool:
    """Whether a verb beside the name is active here and passive there, or the other way round."""
    near = [
        i
        for i in (*range(group[0] - 3, group[0]), *range(group[-1] + 1, group[-1] + 4))
        if 0 <= i < len(said.tokens)
    ]
    for i in near:
        if said.roles[i] != "plain":
            continue
        for j, keys in enumerate(words.keys):
            if (
                words.roles[j] == "plain"
                and keys & said.keys[i]
                and _voice(said, i) != _voice(words, j)
            ):
                return True
    return False


_FITS, _BETTER = 4, 3


_Around = tuple[tuple[frozenset[str], ...], tuple[frozenset[str], ...]]


def _around(words: Wording, group: Sequence[int]) -> _Around:
    """What may match the three words on either side of a name, up to the next name."""

    def side(way: Sequence[int]) -> tuple[frozenset[str], ...]:
        found: list[frozenset[str]] = []
        for i in way:
            if words.roles[i] == "name" or len(found) == 3 or words.parted(group[0], i):
                break
            if words.roles[i] in ("date", "number"):
                continue
            weight = "" if words.roles[i] == "empty" else "!"
            found.append(frozenset(weight + k for k in words.keys[i] if k[0] not in "~%"))
        return tuple(found)

    return side(range(group[0] - 1, -1, -1)), side(range(group[-1] + 1, len(words.tokens)))


def _fit(one: _Around, other: _Around) -> int:
    """How many words two names have in common on the same side, those that say something twice."""
    total = 0
    for mine, theirs in zip(one, other, strict=True):
        there = frozenset().union(*theirs)
        for keys in mine:
            if keys & there:
                total += 2 if next(iter(keys)).startswith("!") else 1
    return total


def _ways(said: Wording, backing: Backing, places: Places) -> Iterator[Problem]:
    """Who or what something comes from or goes to, where the evidence has it otherwise."""
    named = {p for found in places.values() for p in found}
    for way, opposite in (("from", "to"), ("to", "from")):
        mine = [g for g in said.groups if any(g[0] == i for i in _led(said, way))]
        there = {Place(s, i) for s, w in enumerate(backing.wordings) for i in _led(w, way)}
        against = {Place(s, i) for s, w in enumerate(backing.wordings) for i in _led(w, opposite)}
        led = {p for g in mine for p in places[g[0]]}
        for group in mine:
            found = set(places[group[0]])
            if not found or found & there:
                continue
            if found & against or (way == "from" and there & named - led):
                word = said.text[said.tokens[group[0]].start : said.tokens[group[-1]].end]
                yield Problem(
                    "conflict",
                    f"“{word}” has another part in the source",
                    f"“{word}” di sumbernya berperan lain",
                )
                return


_LEADS = {
    "from": re.compile(
        r"(?<!kalah )(?<!lebih )(?<!kurang )(?<!selain )(?<!terdiri )"
        r"(?<!\w)(?:from|dari|asal)(?!\w)",
        re.IGNORECASE,
    ),
    "to": re.compile(
        r"(?<!according )(?<!due )(?<!compared )(?<!thanks )(?<!lost )(?<!losing )"
        r"(?<!\w)(?:to|ke|menuju|towards|kepada)(?!\w)",
        re.IGNORECASE,
    ),
}


def _led(words: Wording, way: str) -> set[int]:
    """The tokens of names that a "from" or a "to" leads in, over a title at the most."""
    found: set[int] = set()
    for cue in _LEADS[way].finditer(words.text):
        at = cue.end()
        for group in words.groups:
            first = words.tokens[group[0]].start
            if first < at:
                continue
            between = words.text[at:first]
            if found and between == ", ":
                between = ""  # "the owner of a firm, Ana"
            if len(between) > 30 or re.search(
                r"[.;:,\d]|\\b(?:to|from|dari|ke|dan|and|untuk|in|di)\\b", between
            ):
                break
            found.update(group)
            at = words.tokens[group[-1]].end
    return found
