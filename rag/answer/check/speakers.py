"""Whether a statement gives words and deeds to whom its evidence gives them.

Goes by words of saying, and by which sentence of the evidence has both a name and what is
said of it; a pronoun may tie a sentence to one before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.answer.check.backing import Backing, Place, Places, Problem
from rag.answer.check.rivals import part_of_speech
from rag.answer.check.wording import Wording
from rag.text import names as name_finder
from rag.text import sentences
from rag.text.cues import pattern
from rag.text.stems import tokens

# Points back at somebody, or at something, named before.
_SOMEBODY = pattern(
    "ia|dia|beliau|mereka|keduanya|he|she|they|his|her|their|him|them|both|the two|the pair",
    "it|its|the minister|the president|the official*|the company|the airline|the firm",
    "the ministry|the group|the team|the party|the bank|the man|the woman|the club",
    "the agency|the government|the police|sang|katanya|ujarnya|tuturnya|imbuhnya|menurutnya",
)


_SOMETHING = pattern("itu|tersebut|*nya|this|that|these|those")


_EVENT = re.compile(
    r"\b(?:acara|peristiwa|kegiatan|pertemuan|insiden|rapat|upacara|peresmian)\s+(?:itu|tersebut|ini)\b"
    r"|\b(?:that|the|this)\s+(?:event|ceremony|meeting|accident|incident|occasion|opening)\b",
    re.IGNORECASE,
)


def check_speakers(said: Wording, backing: Backing, places: Places) -> Iterator[Problem]:
    """Names to whom the statement gives words that the evidence gives to another, or to nobody."""
    for names in said.speakers:
        found = {p for g in names for p in places[g[0]]}
        if not found:
            continue  # that a name is not there is told elsewhere
        written = said.text[said.tokens[names[0][0]].start : said.tokens[names[0][-1]].end]
        theirs = {
            Place(s, i)
            for s, words in enumerate(backing.wordings)
            for group in words.speakers
            for g in group
            for i in g
        }
        if _elsewhere(said, backing, {p.sentence for p in found}, names):
            yield Problem(
                "conflict",
                f"the source does not say that {written} said so",
                f"sumbernya tidak menyebut {written} menyatakan itu",
            )
            return
        if found & theirs or any(_speaks(backing, p) for p in places[names[0][0]]):
            continue
        told = [
            words.text[words.tokens[g[0][0]].start : words.tokens[g[0][-1]].end]
            for words in backing.wordings
            for g in words.speakers
        ]
        leaning = any(
            _SOMEBODY.search(w.text) for w in backing.wordings[1:] if w.speakers or w.attributed
        )
        if told and not leaning:
            yield Problem(
                "conflict",
                f"in the source it is {told[0]} who says so, not {written}",
                f"di sumbernya yang menyatakan itu {told[0]}, bukan {written}",
            )
            return
        if not told and not any(w.attributed for w in backing.wordings):
            yield Problem(
                "not_found",
                f"the source does not say that {written} said so",
                f"sumbernya tidak menyebut {written} menyatakan itu",
            )
            return


_PRONOUN = re.compile(r"[\"“\s]*(?:he|she|ia|dia|beliau)\b", re.IGNORECASE)


def _leans(words: Wording, reach: int | None = None) -> bool:
    """Whether a sentence takes somebody up, before it names anybody itself."""
    first = min((words.tokens[g[0]].start for g in words.groups), default=len(words.text))
    return any(
        m.start() < first or m.group().lower() not in _SUBJECTS
        for m in _SOMEBODY.finditer(words.text[:reach])
    )


_SUBJECTS = frozenset({"he", "she", "ia", "dia", "beliau"})


def _not_meant(words: Wording, said: Wording, names: list[list[int]]) -> bool:
    """Whether "he" or "she" at the beginning of a sentence cannot be the one that is named.

    Who is meant stands in the sentence before it, or before that where it too begins so.
    """
    if not _PRONOUN.match(words.text):
        return False
    passage = words.sentence.passage
    before = passage.text[: max(0, words.sentence.start - passage.start)]
    wanted = {said.tokens[i].text for g in names for i in g}
    for span in reversed(sentences.spans(before)):
        text = before[span.start : span.end]
        if wanted & {t.text for t in tokens(text)}:
            return False
        if not _PRONOUN.match(text) and any(
            n.kind in ("person", None) and " " in text[n.start : n.end]
            for n in name_finder.find(text)
        ):
            return True
    return False


def _elsewhere(said: Wording, backing: Backing, home: set[int], names: list[list[int]]) -> bool:
    """Whether what is said stands in a sentence that gives it to a speaker of its own."""
    inside = {i for g in names for i in g}
    here = {i for i in said.plain if any(p.sentence in home for p in backing.exact(said, i))}
    for s, words in enumerate(backing.wordings):
        if s in home or not (words.speakers or _PRONOUN.match(words.text)):
            continue
        if _leans(words, 40) and not _not_meant(words, said, names):
            continue
        there = {i for i in said.plain if any(p.sentence == s for p in backing.exact(said, i))}
        more = there - here - inside
        if (len(more) >= 2 and len(there) > len(here)) or (
            more and there > here and len(there) > 2
        ):
            return True
    return False


def _speaks(backing: Backing, place: Place) -> bool:
    """Whether a name of the evidence stands right before a verb, as who does it."""
    words = backing.wordings[place.sentence]
    after = range(place.token + 1, min(place.token + 3, len(words.tokens)))
    return any(
        any(part_of_speech(c) == "verb" for c in words.concepts[j])
        and not words.parted(place.token, j)
        for j in after
    )


def check_strangers(said: Wording, backing: Backing, places: Places) -> Iterator[Problem]:
    """A name whose neighbours in the statement stand in sentences of the evidence without it."""
    spots = {i: {p.sentence for p in backing.exact(said, i)} for i in said.plain}
    for group in said.groups:
        for i in group:
            spots[i] = {p.sentence for p in places[group[0]]}
    for number in said.sentence.numbers:
        at = {
            s
            for s, w in enumerate(backing.wordings)
            if any(n.value == number.value for n in w.sentence.numbers)
        }
        spots.update(dict.fromkeys(said.within(number.start, number.end), at))
    for group in said.groups:
        home = spots[group[0]]
        if not home:
            continue
        near = [
            j
            for j in (*range(group[0] - 1, -1, -1), *range(group[-1] + 1, len(said.tokens)))
            if j not in group
            and spots.get(j)
            and j not in said.offices
            and "=say" not in said.keys[j]
            and min(abs(j - group[0]), abs(j - group[-1])) <= 6
            and (min(abs(j - group[0]), abs(j - group[-1])) <= 2 or not said.parted(group[0], j))
        ]
        apart = [j for j in near if not spots[j] & home]
        if not apart or len(apart) * 2 < len(near):
            continue
        if any(_takes_up(said, backing, j, spots[j], home, group) for j in apart):
            continue
        word = said.text[said.tokens[group[0]].start : said.tokens[group[-1]].end]
        yield Problem(
            "not_found",
            f"the source does not say this of “{word}”",
            f"sumbernya tidak menyebut ini tentang “{word}”",
        )
        return


def _takes_up(
    said: Wording,
    backing: Backing,
    i: int,
    there: set[int],
    home: set[int],
    group: Sequence[int],
) -> bool:
    """Whether the sentence that has a word points back at the one that has the name.

    "He", "the minister", or "that visit" right after it; not if it has a name of its own in
    front of the word.
    """
    for s in there:
        if any(
            h == s + 1
            and _EVENT.search(backing.wordings[h].text)
            and any(p.sentence == h for j in said.plain for p in backing.exact(said, j))
            for h in home
            if backing.sentences[h].passage.article_id == backing.sentences[s].passage.article_id
        ):
            return True
        article = backing.sentences[s].passage.article_id
        before = [h for h in home if h < s and backing.sentences[h].passage.article_id == article]
        if not before:
            continue
        words = backing.wordings[s]
        if _not_meant(words, said, [list(group)]):
            continue
        if not _leans(words) and not (s - max(before) == 1 and _SOMETHING.search(words.text)):
            continue
        at = next((p.token for p in backing.exact(said, i) if p.sentence == s), None)
        if at is None or not _own_subject(words, at):
            return True
    return False


def _own_subject(words: Wording, i: int) -> bool:
    """Whether a name stands close before a word."""
    return any(0 < i - g[-1] <= 3 and not _led_in(words, g[0]) for g in words.groups)


def _led_in(words: Wording, i: int) -> bool:
    """Whether a preposition leads a name in, so that it does nothing."""
    ahead = words.text[max(0, words.tokens[i].start - 12) : words.tokens[i].start]
    return bool(
        re.search(r"\b(?:in|at|of|from|to|di|ke|dari|with|dengan|on|pada)\s+(?:the\s+)?\Z", ahead)
    )
