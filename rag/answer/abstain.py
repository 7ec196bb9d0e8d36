"""When to say that the articles do not hold the answer, and how to say it usefully."""

from __future__ import annotations

from dataclasses import dataclass

from rag.answer.extract import Evidence
from rag.schema import Abstention, Metadata
from rag.text.days import written

# Articles named in a refusal; with more than these, the rest are counted.
NAMED = 5

_WORDS = {
    "en": {
        "nothing_indexed": "Nothing is indexed yet, so there is nothing to answer from. Add "
        "articles first (kutip add).",
        "silent": "The articles do not say.",
        "missing": "They have nothing on {units}.",
        "filtered": "Only articles that pass the filters were asked.",
        "none_pass": "No article passes the filters.",
        "cover": "They cover: {titles}.",
        "more": "and {n} more",
        "closest": "The closest passage is: {quote} — {source}",
        "no_date": "no date",
    },
    "id": {
        "nothing_indexed": "Belum ada artikel yang diindeks, jadi belum ada yang bisa dijawab. "
        "Tambahkan dulu artikelnya (kutip add).",
        "silent": "Artikel-artikel ini tidak menyebutkannya.",
        "missing": "Tidak ada apa pun tentang {units}.",
        "filtered": "Hanya artikel yang lolos saringan yang ditanya.",
        "none_pass": "Tidak ada artikel yang lolos saringan.",
        "cover": "Isinya: {titles}.",
        "more": "dan {n} lagi",
        "closest": "Bagian yang paling dekat: {quote} — {source}",
        "no_date": "tanpa tanggal",
    },
}


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the library covers, as far as a refusal tells it."""

    articles: int
    some: tuple[Metadata, ...]
    filtered: bool = False  # whether these are only the articles that pass the reader's filters


def abstain(evidence: Evidence, *, indexed: int, floor: float) -> Abstention | None:
    """Why there is no answer, or None when the evidence is enough for one."""
    if not indexed:
        return "nothing_indexed"
    if not evidence.picks:
        return "nothing_relevant"
    return "not_in_evidence" if evidence.score < floor else None


def refusal(
    abstention: Abstention, evidence: Evidence, coverage: Coverage, *, language: str
) -> str:
    """A refusal in the reader's language: what was not found, what is covered, what is closest."""
    words = _WORDS.get(language, _WORDS["en"])
    if abstention == "nothing_indexed":
        return words["nothing_indexed"]
    if coverage.filtered and not coverage.articles:
        return words["none_pass"]
    parts = [words["silent"], *([words["filtered"]] if coverage.filtered else [])]
    absent = [unit.text for unit in evidence.missing]
    if absent:
        parts.append(words["missing"].format(units=", ".join(f"“{text}”" for text in absent)))
    titles = [_titled(m, language) for m in coverage.some[:NAMED]]
    if coverage.articles > len(titles):
        titles.append(words["more"].format(n=coverage.articles - len(titles)))
    parts.append(words["cover"].format(titles="; ".join(titles)))
    if evidence.picks:
        sentence = evidence.picks[0].sentence
        parts.append(
            words["closest"].format(
                quote=f"“{sentence.text}”", source=_titled(sentence.passage.metadata, language)
            )
        )
    return "\n".join(parts)


def _titled(metadata: Metadata, language: str) -> str:
    told = [metadata.publisher] if metadata.publisher else []
    told.append(_dated(metadata, language))
    return f"{metadata.title} ({', '.join(told)})"


def _dated(metadata: Metadata, language: str) -> str:
    if metadata.published is None:
        return _WORDS.get(language, _WORDS["en"])["no_date"]
    mark = "~" if metadata.published_basis == "inferred" else ""
    return mark + written(metadata.published, language)
