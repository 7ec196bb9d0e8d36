"""Who holds which post, as an article tells it: "Foreign Minister X", and only X from then on.

"Whom did the prime minister call?" is answered by a sentence with his name alone, if the article
has said who the prime minister is. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.answer.evidence import Sentence
from rag.answer.question import Question, Unit
from rag.answer.sorts import is_post
from rag.schema import Span
from rag.text import glossary
from rag.text.language import word_set
from rag.text.name_runs import PARTICLES
from rag.text.names import Name
from rag.text.stems import tokens

# Characters from the end of a post to the name of who holds it: "Menteri Luar Negeri AS X".
_AHEAD, _BEHIND = 100, 45
_PHRASE = 24  # characters of what is headed: "tim negosiasi Israel"
_COUNTERPART = "counterpart"
_HEADS = word_set(
    "lead leads led leading head heads headed heading chair chairs chaired leader chief boss",
    "captain director chairman chairwoman commander memimpin dipimpin pimpin pemimpin pimpinan",
    "mengepalai dikepalai kepala ketua mengetuai diketuai direktur bos komandan kapten",
)
_HEAD_OF = re.compile(
    r"(?:ketua|kepala|pemimpin|pimpinan|direktur|bos|komandan|kapten|memimpin)\s+"
    r"(?!(?:umum|utama|eksekutif|tim|dan|yang)\b)([^\W\d_][\w-]+)\b(?!\s+(?:itu|tersebut|ini)\b)",
    re.IGNORECASE,
)
_PLURAL = re.compile(r"(?:[^s]s|men)\Z|\b([a-z]+)-\1\b", re.IGNORECASE)
_COUNTED = re.compile(
    r"(?:\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|several|many|some|dua|tiga|empat|lima"
    r"|enam|tujuh|delapan|sembilan|sepuluh|beberapa|para|sejumlah|banyak|ratusan|puluhan))\s+\Z",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"(?:\W|\b(?:of|the|for|or|di|bidang|urusan|atau|al|bin)\b)*", re.IGNORECASE)
_APPOSED = re.compile(
    r"\s*(?:\(\d+\)|,\s*\d+)?\s*[,(]\s*(?:yang\s+(?:juga\s+)?(?:menjabat\s+(?:sebagai\s+)?|adalah\s+)?"
    r"|who\s+(?:also\s+)?(?:is|was|serves\s+as|served\s+as)\s+|also\s+|seorang\s+|the\s+|a\s+|an\s+)*"
    r"|\s+(?:is|was|adalah|menjabat(?:\s+sebagai)?|became|menjadi)\s+(?:the\s+|a\s+|an\s+)?",
    re.IGNORECASE,
)


_DEPUTY = re.compile(r"\b(?:deputy|vice|assistant|wakil)[\s-]+\Z", re.IGNORECASE)
_DEPUTY_FIRST = re.compile(r"(?:deputy|vice|assistant|wakil)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody and the post that the article gives him."""

    concepts: frozenset[str]
    words: frozenset[str]  # the casefolded words by which he may be named later
    named: tuple[str, ...]  # the names within the post: "of Qatar"
    first: str = ""  # the casefolded word that his name begins with, if it has several

    @property
    def beside(self) -> frozenset[str]:
        """The casefolded words of those names."""
        return frozenset(t.text for name in self.named for t in tokens(name))


def holders(sentences: Iterable[Sentence]) -> list[Holder]:
    """Everybody whom these sentences name with his post, in their order."""
    return [holder for sentence in sentences for holder in _told_in(sentence)]


def names_holder(
    question: Question, unit: Unit, sentence: Sentence, held: Sequence[Holder]
) -> bool:
    """Whether the sentence names who holds the post that a unit of the question asks about.

    Of several with such posts, whose post stands with a name that the question has too.
    """
    if unit.kind != "word" or not unit.concepts:
        return False
    of = [holder for holder in held if holder.concepts & unit.concepts]
    if len({holder.words for holder in of}) > 1:
        asked = {w for u in question.units if u.kind == "name" for w in u.words}
        of = [holder for holder in of if holder.beside & asked]
    return any(
        holder.words & sentence.words and not _namesake(holder, sentence, held) for holder in of
    )


def _namesake(holder: Holder, sentence: Sentence, held: Sequence[Holder]) -> bool:
    """Whether a sentence has only another of the same last name, as brothers and clans have it."""
    others = {h.first for h in held if h.words == holder.words} - {holder.first}
    if not others or holder.first in sentence.words:
        return False
    return bool((others - {""}) & sentence.words)


def of_others(question: Question, post: Unit, sentence: Sentence, held: Sequence[Holder]) -> bool:
    """Whether a sentence speaks of the post asked about as others': another country's minister.

    If it tells no place beside the post, `held`, all whom the article names, count. Where
    nobody's place is told, nothing can be said.
    """
    whose = _whose(question, post)
    if whose is None or _is_somebody(whose, sentence, held):
        return False  # "teacher Ana" is no teacher of somebody's
    if _COUNTERPART in sentence.concepts and sentence.places_of(whose):
        return False  # "Velmark's foreign minister and her Karsund counterpart"
    for some in (_mentions(sentence), held):
        placed = [h for h in some if h.named and h.concepts & post.concepts]
        if placed:
            return not any(_is_of(whose, holder) for holder in placed)
    return False


def rival_post(post: Unit, sentence: Sentence) -> bool:
    """Whether a sentence has a post of the same sort as one asked about: another minister."""
    mine = [c for c in post.concepts if glossary.load().concept(c).pos == "role"]
    others = {m.concept_id for m in sentence.meanings} - post.concepts
    return any(_same_sort(c, other) for c in mine for other in others)


def another_rank(question: Question, sentence: Sentence) -> bool:
    """Whether a sentence has the mayor where the deputy is asked about, or the other way round."""
    for unit in question.units:
        at = question.text.find(unit.text)
        if at < 0 or not is_post(unit):
            continue
        asked = _deputy(question.text, Span(at, at + len(unit.text)))
        told = {_deputy(sentence.text, place) for place in sentence.places_of(unit)}
        if told and asked not in told:
            return True
    return False


def _deputy(text: str, post: Span) -> bool:
    """Whether a post is that of a deputy."""
    return bool(_DEPUTY.search(text, 0, post.start) or _DEPUTY_FIRST.match(text, post.start))


def heads_another(question: Question, sentence: Sentence) -> bool:
    """Whether somebody heads something else there: "Kepala Otoritas" for the head of a team.

    Only in Indonesian, where what is headed stands right behind the word.
    """
    post = next((u for u in question.units if not _HEADS.isdisjoint(u.words)), None)
    if question.kind != "person" or sentence.language != "id" or post is None:
        return False
    others = [p for u in question.units if u != post for p in sentence.places_of(u)]
    found = False
    for place in sentence.places_of(post):
        headed = _HEAD_OF.match(sentence.text, place.start)
        if (
            headed is None
            or any(n.start == headed.start(1) and n.kind != "organisation" for n in sentence.names)
            or any(0 <= other.start - headed.start(1) <= _PHRASE for other in others)
        ):
            return False
        found = True
    return found


@lru_cache(maxsize=4_096)
def _same_sort(post: str, other: str) -> bool:
    """Whether two posts have a word in common, and each another: trade and finance ministers."""
    shelf = glossary.load()
    if shelf.concept(other).pos != "role":
        return False
    mine, theirs = (shelf.concept(c).forms("en")[0].casefold().split() for c in (post, other))
    return mine[-1] == theirs[-1] and mine[:-1] != theirs[:-1] and len(mine) > 1 < len(theirs)


def _is_somebody(unit: Unit, sentence: Sentence, held: Sequence[Holder]) -> bool:
    last = unit.words[-1]
    return any(last in holder.words for holder in held) or any(
        last in _called(name) for name in sentence.names if name.kind == "person"
    )


def _whose(question: Question, post: Unit) -> Unit | None:
    """The name that a question puts right behind a post or right before it: "Qatar's emir"."""
    at = question.text.find(post.text)
    end = at + len(post.text)
    for unit in question.units:
        start = question.text.find(unit.text)
        if unit.kind != "name" or start < 0 or at < 0:
            continue
        if start >= end and _BETWEEN.fullmatch(question.text, end, start):
            return unit
        owned = question.text[start + len(unit.text) : at]
        if start < at and re.fullmatch(r"(?:['’]s?)?\s+", owned):
            return unit
    return None


def _is_of(whose: Unit, holder: Holder) -> bool:
    shelf = glossary.load()
    meant = {m.concept_id for m in shelf.find(" ".join(holder.named), None)}
    return bool(holder.beside.intersection(whose.words) or meant & whose.concepts)


def _told_in(sentence: Sentence) -> list[Holder]:
    shelf = glossary.load()
    posts = [
        m
        for m in sentence.meanings
        if shelf.concept(m.concept_id).pos == "role" and not _several(sentence.text, m.start, m.end)
    ]
    if not posts:
        return []
    names = [n for n in sentence.names if n.kind in ("person", None) and _called(n)]
    found = []
    for post in posts:
        held: list[tuple[Name, list[Name]]] = []
        for name in names:
            if post.start < name.end and name.start < post.end:
                continue
            ahead = post.end <= name.start
            title = _title_at(sentence.text, name)
            low, high = (post.end, max(post.end, title)) if ahead else (name.end, post.start)
            within = [n for n in sentence.names if low <= n.start and n.end <= high and n != name]
            if _belongs(sentence.text, low, high, within, ahead=ahead):
                held.append((name, within if ahead else _following(sentence, post.end)))
        # Of "Foreign Minister of Elvane, Ana Lee" the first is where.
        passed = [n for _, within in held for n in within]
        found += [
            Holder(
                concepts=frozenset({post.concept_id}),
                words=_called(name),
                first=_first(name),
                named=tuple(n.text for n in beside),
            )
            for name, beside in held
            if name not in passed
        ]
    return found


def _several(text: str, start: int, end: int) -> bool:
    """Whether a post is told of several: "two pilots of Ulmar" gives nobody's name."""
    return bool(_PLURAL.search(text[start:end]) or _COUNTED.search(text[:start]))


def _mentions(sentence: Sentence) -> list[Holder]:
    """The posts that a sentence mentions with a place, whoever holds them."""
    shelf = glossary.load()
    return [
        Holder(frozenset({m.concept_id}), frozenset(), tuple(n.text for n in named))
        for m in sentence.meanings
        if shelf.concept(m.concept_id).pos == "role"
        for named in [_following(sentence, m.end)]
    ]


def _belongs(text: str, low: int, high: int, within: Sequence[Name], *, ahead: bool) -> bool:
    """Whether nothing but names of places and bodies, and small words, parts a post from a name."""
    if high - low > (_AHEAD if ahead else _BEHIND):
        return False
    rest, at = [], low
    for name in within:
        rest.append(text[at : name.start])
        at = name.end
    rest.append(text[at:high])
    if ahead:
        return all(_BETWEEN.fullmatch(part) for part in rest)
    return not within and _APPOSED.fullmatch(text, low, high) is not None


def _title_at(text: str, name: Name) -> int:
    """Where a name begins with what it is addressed by: "Syekh" of "Emir Qatar, Syekh Tamim"."""
    before = text[: name.start].rstrip()
    title = (name.title or "").split()[-1:]
    return len(before) - len(title[0]) if title and before.endswith(title[0]) else name.start


def _following(sentence: Sentence, end: int) -> list[Name]:
    """The name right behind a post: "prime minister of Qatar"."""
    return [
        n
        for n in sentence.names
        if n.kind != "person"
        and 0 <= n.start - end <= _BEHIND
        and _BETWEEN.fullmatch(sentence.text, end, n.start)
    ][:1]


def _called(name: Name) -> frozenset[str]:
    """The words of a name that name its bearer alone: the last one, and no particle."""
    words = [t.text for t in tokens(name.text) if t.text not in PARTICLES and len(t.text) > 2]
    return frozenset(words[-1:])


def _first(name: Name) -> str:
    words = [t.text for t in tokens(name.text)]
    return words[0] if len(words) > 1 else ""
