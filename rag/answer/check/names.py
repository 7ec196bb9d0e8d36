"""Whether the names of a statement are in its evidence, and as whose name.

A name is borne out when it stands there whole, by a part of it that the passage gives in
full, by its letters ("BNPB"), or word for word in the other language ("Gaza Health Ministry").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from rag.answer.check.backing import Backing, Place, Problem, around
from rag.answer.check.rivals import part_of_speech
from rag.answer.check.wording import Wording
from rag.text.language import (
    ENGLISH_NEWS,
    ENGLISH_SHAPE,
    ENGLISH_WORDS,
    INDONESIAN_NEWS,
    INDONESIAN_SHAPE,
    INDONESIAN_WORDS,
    word_set,
)

_SMALL = word_set(
    "al el as ash an ad bin binti ibn abu van von de der den da di del la le of the and",
    "dan for",
)
_WORDS = ENGLISH_WORDS | INDONESIAN_WORDS | ENGLISH_NEWS | INDONESIAN_NEWS
_OFFICES = word_set(
    "menteri kepala direktur ketua minister secretary head director chief sekretaris",
)
_MOHAMMED = word_set(
    "mohammed muhammad mohamed mohammad muhammed muhamad mohamad",
)


@lru_cache(maxsize=16_384)
def spelt(word: str) -> str:
    """A key that is the same for the usual spellings of one name: Mohammed and Muhammad."""
    if word in _MOHAMMED:
        return "mohammed"
    word = (
        word.replace("oe", "u")
        .replace("ou", "u")
        .replace("sy", "sh")
        .replace("ei", "e")
        .replace("ey", "e")
    )
    word = word.replace("dj", "j").replace("tj", "c").replace("ph", "f").replace("kh", "k")
    return re.sub(r"(.)\1", r"\1", word)


def find_name(words: Sequence[str], backing: Backing, concepts: frozenset[str]) -> list[Place]:
    """Where the evidence has a name, by the place of its last word; empty when it has it not.

    `words` are the name's casefolded tokens, `concepts` what the whole of it means.
    """
    wanted = [spelt(w) for w in words]
    core = [w for w in wanted if w not in _SMALL] or wanted
    found: list[Place] = []
    for s, wording in enumerate(backing.wordings):
        there = [spelt(t.text) for t in wording.tokens]
        at = _in_order(core, there)
        if at is None and len(core) > 1:
            parts = [
                i
                for i, w in enumerate(there)
                if w in core and len(w) > 2 and wording.text[wording.tokens[i].start].isupper()
            ]
            passage = wording.sentence.passage
            if parts and any(
                _in_order(core, [spelt(w) for w in text]) is not None for text in around(passage)
            ):
                at = parts[-1]
        if at is None and len(core) == 1:
            at = _joined(core[0], there, wording)
        if at is None and concepts:
            at = next((i for i in range(len(wording.tokens)) if _means(concepts, wording, i)), None)
        if at is None:
            at = _by_letters(words, wording)
        if at is not None:
            found.append(Place(s, at))
    return found


def _means(concepts: frozenset[str], words: Wording, i: int) -> bool:
    """Whether a word of the evidence may be what a name means: "Parlemen", "parliament".

    Not where a verb or an adjective only looks like a name: "Rose", "Hope".
    """
    shared = {c for c in concepts & words.concepts[i] if part_of_speech(c) not in _NEVER_NAMES}
    if shared & _NATURE and not words.text[words.tokens[i].start].isupper():
        return False
    return bool(shared)


_NEVER_NAMES = frozenset({"verb", "adj", "adv", "unit", "time"})
# Things that people are named after.
_NATURE = word_set("sun light cloud stone flower star moon_sky rain gold silver lion tiger eagle")


def _in_order(wanted: Sequence[str], there: Sequence[str]) -> int | None:
    """The last of the wanted words, where they stand in their order and close together."""
    for start in (i for i, w in enumerate(there) if w == wanted[0]):
        at, ok = start, True
        for word in wanted[1:]:
            nearby = range(at + 1, min(at + 5, len(there)))
            step = next((j for j in nearby if there[j] == word), None)
            if step is None:
                ok = False
                break
            at = step
        if ok:
            return at
    return None


def _joined(word: str, there: Sequence[str], wording: Wording) -> int | None:
    """Where a name stands with an ending ("Gazans", "Blinkenlah"), or is so itself."""
    if len(word) < 4:
        return None
    for i, other in enumerate(there):
        if other != word and not wording.text[wording.tokens[i].start].isupper():
            continue
        short, long = sorted((word, other), key=len)
        if len(short) >= 4 and long.startswith(short) and long[len(short) :] in _ENDINGS:
            return i
    return None


_ENDINGS = word_set(
    "s es n an ans ian ians i is nya lah kah pun ese ish",
)


def _by_letters(words: Sequence[str], wording: Wording) -> int | None:
    """Where an acronym stands for the name, or the name for an acronym."""
    if len(words) == 1 and 2 <= len(words[0]) <= 7:
        letters = words[0]
        for name in wording.groups:
            if len(name) > 1 and _letters([wording.tokens[i].text for i in name]) == letters:
                return name[-1]
        heads = "".join(t.text[0] for t in wording.tokens)
        at = heads.find(letters) if len(letters) > 2 else -1
        while at >= 0:
            if all(
                wording.text[wording.tokens[i].start].isupper()
                for i in range(at, at + len(letters))
                if wording.tokens[i].text not in _SMALL
            ):
                return at + len(letters) - 1
            at = heads.find(letters, at + 1)
    elif len(words) > 1:
        letters = _letters(words)
        for i, token in enumerate(wording.tokens):
            if (
                len(letters) > 1
                and token.text == letters
                and wording.written(i)[: len(letters)].isupper()
            ):
                return i
    return None


def _letters(words: Sequence[str]) -> str:
    return "".join(w[0] for w in words if w not in _SMALL)


def check_names(said: Wording, backing: Backing) -> Iterator[Problem]:
    """What names of the statement the evidence lacks."""
    for group in (*said.groups, *_unmarked(said, backing), *_countries(said, backing)):
        if not locate(said, group, backing):
            written = said.text[said.tokens[group[0]].start : said.tokens[group[-1]].end]
            if _outlet(written, backing) or _month(written, backing):
                continue
            yield Problem(
                "not_found",
                f"the name “{written}” is not in the source",
                f"nama “{written}” tidak ada di sumbernya",
            )


def locate(said: Wording, group: Sequence[int], backing: Backing) -> list[Place]:
    """Where the evidence has a name of the statement."""
    words = [said.tokens[i].text for i in group]
    shared = frozenset.intersection(*(said.concepts[i] for i in group))
    found = find_name(words, backing, shared)
    if found:
        return found
    if (
        len(group) > 1
        and said.concepts[group[0]]
        and group[0]
        and said.tokens[group[0] - 1].text in _OFFICES
    ):
        return locate(said, group[1:], backing)  # "Menteri Transportasi Hamish Blaine-Okoro"
    if len(group) > 2 and group[0] and _is_office(said, group[0] - 1):
        # "Perdana Menteri Zorvania Elina Harrow": the country, and beside it the name
        for k in range(1, len(group) - 1):
            country, person = (locate(said, part, backing) for part in (group[:k], group[k:]))
            beside = [
                p
                for p in person
                if any(p.sentence == c.sentence and 0 < p.token - c.token <= 6 for c in country)
            ]
            if beside:
                return beside
    # Word for word: "Kementerian Kesehatan Gaza", "Gaza Health Ministry". Each word must
    # stand in the same sentence, and at least one must be one that only means something.
    core = [i for i in group if said.tokens[i].text not in _SMALL]
    meant = [i for i in core if said.concepts[i]]
    if not core or not (meant or len(core) == 1):
        return []
    for s, wording in enumerate(backing.wordings):
        spellings = {spelt(t.text): j for j, t in enumerate(wording.tokens)}
        last = None
        for i in core:
            same = [
                j
                for j, keys in enumerate(wording.keys)
                if keys & said.keys[i] and (len(core) > 1 or _means(said.concepts[i], wording, j))
            ]
            word = spelt(said.tokens[i].text)
            at = same[-1] if same else spellings.get(word)
            if at is None:
                at = _joined(word, [spelt(t.text) for t in wording.tokens], wording)
            if at is None and said.concepts[i]:
                at = next(
                    (j for j in range(len(wording.tokens)) if _means(said.concepts[i], wording, j)),
                    None,
                )
            if at is None:
                last = None
                break
            last = at
        if last is not None:
            return [Place(s, last)]
    return []


def _is_office(said: Wording, i: int) -> bool:
    return said.tokens[i].text in _OFFICES or any(
        part_of_speech(c) == "role" for c in said.concepts[i]
    )


_MONTHS = {
    word: month
    for month, words in enumerate(
        (
            "january januari", "february februari", "march maret", "april", "may mei", "june juni",
            "july juli", "august agustus", "september", "october oktober", "november",
            "december desember",
        ),
        start=1,
    )
    for word in words.split()
}  # fmt: skip


def _month(written: str, backing: Backing) -> bool:
    """Whether it is a month that the evidence has, in either language: "sebelum Juni"."""
    month = _MONTHS.get(written.casefold())
    if month is None:
        return False
    return any(
        any(m.month == month for m in w.sentence.dates)
        or any(_MONTHS.get(t.text) == month for t in w.tokens)
        for w in backing.wordings
    )


def _outlet(written: str, backing: Backing) -> bool:
    """Whether it is the evidence's publisher or author."""
    name = written.casefold()
    for words in backing.wordings:
        metadata = words.sentence.passage.metadata
        for known in (metadata.publisher, *metadata.authors):
            if known and (name in known.casefold() or known.casefold() in name):
                return True
    return False


def _unmarked(said: Wording, backing: Backing) -> list[list[int]]:
    """Words that must be names though no capital inside the sentence says so.

    The word a sentence begins with; and every word where nothing has a capital.
    """
    if said.shouted or said.text.islower():
        candidates = said.plain
    else:
        candidates = [
            i for i in said.plain[:1] if i == 0 and said.text[said.tokens[0].start].isupper()
        ]
    found = [[i] for i in _set_off(said, backing)]
    across = said.language not in backing.languages
    for i in candidates:
        word = said.tokens[i].text
        lone = len(candidates) == 1
        if (
            (len(word) > 2 or said.text[said.tokens[i].end :][:1] == "-")
            and word[0].isalpha()
            and not said.concepts[i]
            and word not in _WORDS
            and not said.keys[i] & backing.keys
            and not backing.alike(word)
            and not (_FORMED if lone else ENGLISH_SHAPE).match(word)
            and not (
                (_FORMED_ID if lone else INDONESIAN_SHAPE).match(word) and said.language != "en"
            )
            and not (across and lone and _PLURAL.match(word))
        ):
            found.append([i])
    return found


def _set_off(said: Wording, backing: Backing) -> list[int]:
    """The first word, where what follows tells who it is: "Hope, the union's secretary"."""
    if not said.tokens or said.roles[0] != "plain" or said.keys[0] & backing.keys:
        return []
    behind = said.text[said.tokens[0].end :]
    if backing.alike(said.tokens[0].text) or not re.match(r",\s(?:the|a|an)\s", behind):
        return []
    return [0]


# Words that are formed as no name is; those of people by what they do.
_FORMED = re.compile(
    r"[a-z]{3,}(?:tion|tions|ness|ment|ments|ity|ities|ous|ful|less|ship|ships|ed|ly|ance|ence"
    r"|ing|ings|ism|able|ible|ive|hood|ward|wards|thing|body|where)\Z"
)
_FORMED_ID = re.compile(
    r"(?:mem|men|meny|meng|ber|ter|per|pem|pen|peng|di|ke|se)[a-z]{3,}(?:kan|an|nya|lah|kah)\Z"
    r"|(?:pem|peng|peny|memp|memper|diper|keber|kese)[a-z]{3,}\Z|[a-z]{4,}(?:nya|kan|lah)\Z"
)
_PLURAL = re.compile(r"[a-z]{3,}(?:ers|ors|ists|ians|ents|ants|ees|ies|men|women|ships|ances)\Z")


def _countries(said: Wording, backing: Backing) -> list[list[int]]:
    """Words of a country or a town that are no name: "Austrian" at the beginning, "jerman"."""
    return [
        [i]
        for i in said.plain
        if said.concepts[i]
        and all(part_of_speech(c) == "place" for c in said.concepts[i])
        and not said.keys[i] & backing.keys
    ]
