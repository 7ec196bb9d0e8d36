"""Find the sentences that a statement rests on: those it cites, or better ones that were shown.

Chooses; what is wrong with a statement is told by `verify`. One to three sentences of one
passage, or of two where the statement joins them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rag.answer.check.backing import Backing
from rag.answer.check.names import locate
from rag.answer.check.verify import Check, Reading, bare, read
from rag.answer.check.wording import Wording, claimed, wording
from rag.answer.evidence import Sentence
from rag.schema import Metadata, Passage
from rag.text import language as languages
from rag.text import sentences
from rag.text.cues import BACK, pattern
from rag.text.language import word_set

_MOST = 3  # sentences that back one statement
_TRIED = 5  # of the best looking, checked in full
_PARTNERS = 3  # tried with each of the best
_CLOSE = 600  # characters between two sentences that still tell of one thing
_JOINT = re.compile(
    r"[,;]\s+(?:while|whereas|and|but|sementara(?:\s+itu)?|sedangkan|dan|namun|tetapi|adapun)\s+"
    r"|\s+(?:while|whereas|sedangkan|sementara)\s+|;\s+",
    re.IGNORECASE,
)
_RANK = {"matches": 3, "unchecked": 2, "not_found": 1, "conflict": 0}
_META = word_set(
    "facts events developments fakta peristiwa perkembangan penting important utamanya",
    "hope helps let know need further questions feel free ask semoga silakan tanya bertanya lanjut",
    "article articles source sources passage passages text texts question answer answers",
    "summary following below above based information provided here short brief key point",
    "points overview main news report reports detail details context conclusion note",
    "response sure okay course hello hi welcome thanks thank glad happy help according",
    "list say says state states found artikel sumber kutipan teks pertanyaan jawaban",
    "ringkasan ringkasannya berikut rangkuman rangkumannya adalah berdasarkan informasi",
    "disediakan tersedia diberikan singkat poin pokok inti utama berita laporan rincian",
    "konteks kesimpulan catatan tentu baik halo hai terima kasih senang membantu",
    "jawabannya ini itu dari menurut daftar isi isinya bawah demikian begitu singkatnya",
    "intinya summary",
)
_ABSENT = pattern(
    "tidak menyebutkan|tidak disebutkan|tidak menyebut|tidak memuat|tidak ada informasi",
    "tidak dijelaskan|tidak menjelaskan|tidak memberikan|tidak terdapat|tidak tersedia",
    "tidak merinci|do not say|does not say|do not mention|does not mention|don't say",
    "doesn't say|don't mention|doesn't mention|do not state|does not state|not stated",
    "not mentioned|not specified|no information|does not specify|do not specify",
    "does not provide|do not provide|does not give|do not give|doesn't specify",
    "don't specify|doesn't provide|don't provide|not provided|no mention",
)
_BUT = pattern("but|however|although|though|yet|tetapi|tapi|namun|meski*|walau*")
_ABOUT = pattern(
    "artikel*|sumber|teks|kutipan|berita|article*|source*|text*|passage*|excerpt*|report*"
)


@dataclass(frozen=True, slots=True)
class Support:
    """What a statement rests on, and whether it holds."""

    evidence: tuple[Sentence, ...]  # to cite, in the order of the text
    check: Check
    moved: bool  # the passages are not those that were cited


def support(
    statement: str,
    *,
    cited: Sequence[Sentence],
    shown: Sequence[Sentence],
    language: str,
    question: str,
) -> Support | None:
    """The one to three sentences that bear a statement out best; None when it says nothing.

    `cited` is what the model's marks point to, `shown` all that was in the prompt. The cited
    sentences come first; others that were shown take the citation over only where they bear
    the statement out and the cited ones do not. A word is no better known for standing in the
    `question`: it too must be in the evidence.
    """
    text = bare(statement)
    said = claimed(text, language)
    if not _claims(said):
        return None
    first = _best(said, cited, language)
    if first is not None and first[1].check.verdict == "matches":
        return Support(first[0], first[1].check, moved=False)
    if _tells_absence(said, shown):
        return Support(first[0] if first else (), Check("unchecked"), moved=False)
    other = _best(said, shown, language)
    if other is not None and (first is None or _better(other[1], first[1])):
        there = {s.passage.passage_id for s in cited}
        moved = bool(cited) and not {s.passage.passage_id for s in other[0]} & there
        if first is not None or _overlaps(said, other):
            return Support(other[0], other[1].check, moved)
    if first is not None:
        return Support(first[0], first[1].check, moved=False)
    return Support((), read(said, (), language=language).check, moved=False)


_Found = tuple[tuple[Sentence, ...], Reading]


def _better(one: Reading, other: Reading) -> bool:
    """Whether it takes the citation over: it bears the statement out, and the other does not."""
    a, b = _RANK[one.check.verdict], _RANK[other.check.verdict]
    return one.check.verdict == "matches" and a > b


def _overlaps(said: Wording, found: _Found) -> bool:
    return (
        found[1].check.verdict == "matches" or found[1].share >= 0.3 or _value(said, found[0]) >= 2
    )


def _best(
    said: Wording, among: Sequence[Sentence], language: str, *, joins: bool = True
) -> _Found | None:
    """The best backing among some sentences, alone or two or three together."""
    ranked = sorted(
        ((_value(said, (s,)), -n, s) for n, s in enumerate(dict.fromkeys(among))),
        reverse=True,
        key=lambda r: r[:2],
    )
    if not ranked:
        return None
    order = {s: n for n, s in enumerate(dict.fromkeys(among))}
    best: tuple[tuple[float, ...], _Found] | None = None
    tried: set[tuple[Sentence, ...]] = set()

    def attempt(candidates: Iterable[Sentence]) -> bool:
        nonlocal best
        chosen = tuple(sorted(dict.fromkeys(candidates), key=order.__getitem__))
        if chosen in tried or not 1 <= len(chosen) <= _MOST:
            return False
        tried.add(chosen)
        reading = read(said, chosen, language=language)
        key = (
            float(_RANK[reading.check.verdict] == 3),
            float(-reading.problems),
            reading.share,
            float(-len(chosen)),
        )
        if best is None or key > best[0]:
            best = key, (chosen, reading)
        return reading.check.verdict == "matches"

    top = [s for _, _, s in ranked[:_TRIED]]
    if any(attempt((s,)) for s in top):
        return best[1] if best else None
    for core in top[:3]:
        before = _before(core, among)
        if before and BACK.search(core.text):
            if attempt((before[-1], core)):
                return best[1] if best else None
            if len(before) > 1 and attempt((*before[-2:], core)):
                return best[1] if best else None
        alone = _value(said, (core,))
        partners = sorted(
            (
                (-_gain(said, core, s, alone), _apart(core, s), order[s], s)
                for s in order
                if s is not core and _near(core, s)
            ),
            key=lambda p: p[:3],
        )
        helpful = [s for gain, _, _, s in partners if gain < 0][:_PARTNERS]
        for partner in helpful:
            if attempt((core, partner)):
                return best[1] if best else None
        if len(helpful) > 1 and attempt((core, *helpful[:2])):
            return best[1] if best else None
    found = best[1] if best else None
    return (_in_halves(said, among, language) if joins else None) or found


def _near(one: Sentence, other: Sentence) -> bool:
    """Whether two sentences are of one article, and close."""
    if one.passage.article_id != other.passage.article_id:
        return False
    return one.passage is other.passage or _apart(one, other) < _CLOSE


def _apart(one: Sentence, other: Sentence) -> int:
    """How many characters there are between two sentences of one article."""
    return max(0, max(one.start, other.start) - min(one.end, other.end))


def _gain(said: Wording, core: Sentence, other: Sentence, alone: float) -> float:
    """What a sentence adds to another; those that stand next to it come first among equals."""
    gain = _value(said, (core, other)) - alone
    return gain + 0.6 if gain > 0 and _apart(core, other) <= 3 else gain


def _in_halves(said: Wording, among: Sequence[Sentence], language: str) -> _Found | None:
    """The backing of a statement that plainly joins two, each with its own subject and source."""
    for joint in _JOINT.finditer(said.text):
        halves = [claimed(said.text[: joint.start()] + ".", said.language or language)]
        halves.append(claimed(said.text[joint.end() :], said.language or language))
        if not all(len(h.plain) + len(h.groups) >= 2 for h in halves) or not _own_subject(
            halves[1]
        ):
            continue
        found = [_best(half, among, language, joins=False) for half in halves]
        if all(f is not None and f[1].check.verdict == "matches" for f in found):
            backed = tuple(dict.fromkeys(s for f in found if f is not None for s in f[0]))
            if len(backed) <= _MOST:
                share = min(f[1].share for f in found if f is not None)
                return backed, Reading(Check("matches"), share, 0)
    return None


def _own_subject(words: Wording) -> bool:
    """Whether a half of a statement begins with a name, a number or "the ..." of its own."""
    first = words.tokens[0].text if words.tokens else ""
    return first in ("the", "a", "an", "para") or any(
        words.roles[i] in ("name", "number") for i in range(min(3, len(words.tokens)))
    )


def _before(core: Sentence, among: Sequence[Sentence]) -> list[Sentence]:
    """The sentences of the same article that stand before it, nearest last."""
    same = sorted(
        (
            s
            for s in dict.fromkeys(among)
            if s.passage.article_id == core.passage.article_id and s.start < core.start
        ),
        key=lambda s: s.start,
    )
    return [s for s in same if core.start - s.end < 600][-2:]


def _value(said: Wording, candidates: Sequence[Sentence]) -> float:
    """How much of a statement some sentences seem to have; quick, to choose what to check."""
    total = 0.0
    keys = frozenset().union(*(wording(s).all_keys for s in candidates))
    for i, role in enumerate(said.roles):
        if role == "empty":
            continue
        if said.keys[i] & keys:
            total += {"name": 1.5, "number": 1.5, "date": 1.0, "plain": 1.0}[role]
    return total


def _claims(said: Wording) -> bool:
    """Whether it says anything that a source could bear out."""
    if any(c.isdigit() for c in said.text) or said.sentence.numbers or said.sentence.dates:
        return True
    if any(said.tokens[i].text not in _META for g in said.groups for i in g):
        return True
    return any(said.tokens[i].text not in _META for i in said.plain)


def _tells_absence(said: Wording, shown: Sequence[Sentence]) -> bool:
    """Whether it says only that the articles do not tell something, of names that they have.

    No sentence can bear that out, and none is against it. With a number, a date, an unknown
    name or a "but" it is checked like any other.
    """
    if not (_ABSENT.search(said.text) and _ABOUT.search(said.text)) or _BUT.search(said.text):
        return False
    if any(c.isdigit() for c in said.text) or said.sentence.numbers or said.sentence.dates:
        return False
    if not said.groups:
        return True
    backing = Backing(shown)
    return all(locate(said, group, backing) for group in said.groups)


def judge(sentence: str, evidence: str, *, published: date | None, language: str) -> Check:
    """The check of one sentence against a text given on its own, published on a day if known.

    "unchecked" when the sentence says nothing that a source could bear out.
    """
    metadata = Metadata(
        title="", source="", published=published, language=languages.detect(evidence)
    )
    passage = Passage(article_id="", start=0, end=len(evidence), text=evidence, metadata=metadata)
    given = [Sentence(passage, s.start, s.end, 1.0) for s in sentences.spans(evidence)]
    found = support(sentence, cited=given, shown=given, language=language, question="")
    return found.check if found else Check("unchecked")
