"""Who wrote, edited or photographed an article, or from where it comes: its lines of credits.

Pure: a question, the articles' sentences and the evidence found so far in; better evidence, or less
of it, out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rag.answer.evidence import Sentence
from rag.answer.extract import Evidence, told_by_one
from rag.answer.matching import match
from rag.answer.question import Question, Unit
from rag.schema import Span
from rag.text.language import word_set

Part = Literal["author", "editor", "photo", "source"]

_ARTICLE = (
    r"(?:news (?:story|report|article|item)|article|story|piece|coverage|write-up|dispatch"
    r"|(?:berita|artikel|tulisan|warta)(?:nya)?)"
)
_THE = rf"(?:\S+\s+){{0,4}}?{_ARTICLE}\b"
_SIAPA = r"\bsiapa(?:kah)?\s+(?:sih\s+)?(?:yang\s+|yg\s+)?"
_MANA = r"(?:mana|siapa|apa)"


def _either(*forms: str) -> re.Pattern[str]:
    return re.compile("|".join(forms), re.IGNORECASE)


_FORMS: Mapping[Part, re.Pattern[str]] = {
    "photo": _either(
        r"\bwho\s+(?:took|shot|made|snapped)\s+(?:the|this|that)\s+(?:\w+\s+)?(?:photo|picture|image)",
        r"\b(?:who|whose)\b.*\b(?:photographer\s+(?:of|for|behind)|photo\s+credit)",
        r"\bwho\s+is\s+the\s+(?:photo|picture|image)\s+(?:credited\s+to|by)\b",
        r"\b(?:which|what|whose)\s+(?:news\s+)?(?:agency|outlet|photographer|photojournalist)\b"
        r".*\b(?:photos?|photographs?|pictures?|images?)\b",
        rf"\b(?:karya|jepretan|bidikan)\s+{_MANA}\b.*\b(?:foto|gambar)",
        rf"{_SIAPA}(?:memotret|motret|fotografer\w*|pemotret\w*|mengambil\s+foto)\b",
        rf"\bfoto\w*\b.*\b(?:karya|jepretan|bidikan|milik|punya|oleh|diambil|kantor\s+berita|media)\s+(?:oleh\s+)?{_MANA}\b",
    ),
    "editor": _either(
        rf"\bwho\s+(?:\w+\s+)?edited\s+{_THE}",
        rf"\beditor\s+(?:of|for|on)\s+(?:the|this|that)\s+{_THE}",
        rf"\b(?:redaktur|editor|penyunting)(?:nya)?\s+(?:dari\s+|untuk\s+)?{_ARTICLE}\b",
        rf"{_SIAPA}(?:menyunting|mengedit|ngedit)\s+{_ARTICLE}\b",
        rf"\b{_ARTICLE}\b.*\b(?:disunting|diedit)\s+(?:oleh\s+)?siapa\b",
        rf"\b{_ARTICLE}\b.*\bsiapa\s+(?:redaktur|editor|penyunting)",
    ),
    "source": _either(
        rf"\bsource\s+(?:of|for|at the end of)\s+{_THE}",
        rf"\bas\s+(?:the|its)\s+source\b.*\b{_ARTICLE}\b",
        rf"\bwhere\s+does\s+{_THE}.*\bcome\s+from\b",
        rf"\b(?:meng|ng)(?:ambil|utip)\s+{_ARTICLE}\s+dari\s+(?:(?:kantor\s+berita|media|sumber)\s+)?mana\b",
        rf"\b{_ARTICLE}\b.*\b(?:meng|ng)(?:ambil|utip)\w*\s+dari\s+"
        r"(?:(?:kantor\s+berita|media|sumber)\s+)?mana\b",
        rf"\b{_MANA}\s+sumber\s+{_ARTICLE}\b",
        rf"\bsumber\s+{_ARTICLE}\b.*\b{_MANA}\b",
        rf"\b{_ARTICLE}\b.*\b(?:bersumber|berasal|diambil)\s+dari\s+(?:(?:kantor\s+berita|media)\s+)?mana\b",
    ),
    "author": _either(
        rf"\bwho\s+(?:\w+\s+)?(?:wrote|authored|penned|filed)\s+{_THE}",
        rf"\b(?:author|writer|reporter|byline|journalist)\s+(?:of|for|behind|on)\s+{_THE}",
        rf"{_SIAPA}(?:menulis|nulis|tulis|membuat|bikin)\s+{_ARTICLE}\b",
        rf"\b(?:penulis|pewarta|reporter|wartawan|jurnalis)(?:nya)?\s+(?:dari\s+|untuk\s+)?{_ARTICLE}\b",
        rf"\b(?:penulis|pewarta|reporter|wartawan|jurnalis)\s+(?:yang|yg)\s+(?:me)?n?ulis\s+{_ARTICLE}\b",
        rf"\b{_ARTICLE}\b.*\b(?:ditulis|dibuat)\s+(?:oleh\s+)?siapa\b",
        rf"\b{_ARTICLE}\b.*\bsiapa\s+(?:penulis|pewarta|reporter|yang\s+(?:menulis|nulis))",
    ),
}
# What such a question asks with: no word of these is one that the article is about.
_ASKING = word_set(
    "who whose which what wrote write writes written authored penned filed edited edit took shot",
    "author writer reporter journalist editor photographer byline source credit credited named",
    "article story piece coverage news report item dispatch photo picture image agency given",
    "name listed come comes end bottom about",
    "siapa apa mana menulis nulis tulis membuat bikin penulis pewarta reporter wartawan jurnalis",
    "ditulis dibuat redaktur editor penyunting menyunting mengedit disunting diedit berita artikel",
    "tulisan warta beritanya artikelnya tulisannya wartanya mengambil mengutip ngambil",
    "sumber bersumber berasal diambil kantor media foto fotonya karya jepretan oleh",
    "supplied supply provided provide shot snapped photographs photos pictures photojournalist",
    "milik punya bidikan gambar memotret motret fotografer pemotret mengambil nama namanya",
    "soal tentang",
)
_LINE = re.compile(
    r"\s*[(\[]?(?:"
    r"(?:(?P<author>penulis|reporter|pewarta|wartawan|jurnalis|author|writer|kontributor)"
    r"|(?P<editor>redaktur|editor|penyunting|editing)"
    r"|(?P<source>sumber(?:\s+berita)?|source)"
    r"|(?P<photo>foto|photo|fotografer|photographer|image|gambar)(?:\s+(?:credit|by|oleh))?)\s*:"
    r"|(?P<by>(?:(?:written|reported)\s+)?by|oleh)\b\s*:?"
    r"|(?P<edited>(?:edited|editing)\s+by)\b\s*:?"
    r")\s*(?P<names>[^\W\d_][^.:;!?]{1,80}?)\s*[)\]]?\s*\Z",
    re.IGNORECASE,
)
_CAPITALS = re.compile(r"[^\W\d_a-z]")
# Of what the question says the article is about: told by the whole of it, and by one sentence.
_ENOUGH, _SURELY = 0.5, 0.75
_SCORE, _LESS, _REFUSED = 0.9, 0.6, 0.2
_BESIDE = 1  # lines between a photo's credit and what says what is on it
# How much more of what is asked about another article must tell to be the one that is meant.
_MORE = 0.15


@dataclass(frozen=True, slots=True)
class Credit:
    """A line of credits that an article ends or begins with."""

    sentence: Sentence
    names: Span  # in the sentence's own text


def part_asked(question: str) -> Part | None:
    """Whose part in an article is asked for, or None when something else is.

    >>> part_asked("who wrote the article about Gaza?"), part_asked("Siapa redaktur berita itu?")
    ('author', 'editor')
    >>> part_asked("Who wrote the report on Gaza?") is None  # one that the news speaks of
    True
    """
    return next((part for part, form in _FORMS.items() if form.search(question)), None)


def credited(
    question: Question,
    part: Part,
    articles: Sequence[Sequence[Sentence]],
    weights: Mapping[Unit, float],
    evidence: Evidence,
) -> Evidence:
    """The line that names who had the part in the article asked about, of all its sentences.

    Where no article that is about it has such a line, what was found counts for little.
    """
    about = [u for u in question.units if not all(word in _ASKING for word in u.words)]
    found: list[tuple[float, int, Credit]] = []
    for rank, article in enumerate(articles):
        for at, credit in _credits(article, part):
            around = article if part != "photo" else _around(article, at)
            found.append((_told(about, around, article, weights), -rank, credit))
    if not found or (not about and len({f[1] for f in found}) > 1):
        return replace(evidence, score=min(evidence.score, _REFUSED))
    told, _, best = max(found, key=lambda f: f[:2])
    meant = max(_told(about, article, article, weights) for article in articles)
    if told < _ENOUGH or told < meant - _MORE:
        return replace(evidence, score=min(evidence.score, _REFUSED))
    score = _SCORE if told >= _SURELY else _LESS
    return told_by_one(evidence, best.sentence, best.names, score)


def _credits(article: Sequence[Sentence], part: Part) -> Iterator[tuple[int, Credit]]:
    """The lines of an article that credit somebody with a part, with their places."""
    for at, sentence in enumerate(article):
        line = _LINE.fullmatch(sentence.text)
        if line is None or not _CAPITALS.match(line["names"]):
            continue
        by = {"author": line["by"], "editor": line["edited"]}
        label = line.groupdict().get(part) or by.get(part)
        if label:
            yield at, Credit(sentence, Span(*line.span("names")))


def _around(article: Sequence[Sentence], at: int) -> Sequence[Sentence]:
    return article[max(0, at - _BESIDE) : at + _BESIDE + 1]


def _told(
    about: Sequence[Unit],
    around: Sequence[Sentence],
    article: Sequence[Sentence],
    weights: Mapping[Unit, float],
) -> float:
    """The share of what is asked about that these sentences tell; a little more for a headline."""
    total = sum(weights[u] for u in about)
    if not total:
        return 1.0
    told = sum(weights[u] * max((match(u, s) for s in around), default=0.0) for u in about)
    head = sum(weights[u] * max((match(u, s) for s in article[:3]), default=0.0) for u in about)
    return told / total + head / total / 100
