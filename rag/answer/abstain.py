"""When to say that the articles do not hold the answer, and how to say it usefully."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rag.answer.extract import Evidence
from rag.schema import Abstention, Metadata

# Articles named in a refusal; with more than these, the rest are counted.
NAMED = 5

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember",
}
_WORDS = {
    "en": {
        "nothing_indexed": "Nothing is indexed yet, so there is nothing to answer from.",
        "silent": "The articles do not say.",
        "missing": "They have nothing on {units}.",
        "cover": "They cover: {titles}.",
        "more": "and {n} more",
        "closest": "The closest passage is: {quote} ({source})",
        "no_date": "no date",
    },
    "id": {
        "nothing_indexed": "Belum ada artikel yang diindeks, jadi belum ada yang bisa dijawab.",
        "silent": "Artikel-artikel ini tidak menyebutkannya.",
        "missing": "Tidak ada apa pun tentang {units}.",
        "cover": "Isinya: {titles}.",
        "more": "dan {n} lagi",
        "closest": "Bagian yang paling dekat: {quote} ({source})",
        "no_date": "tanpa tanggal",
    },
}


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the library covers, as far as a refusal tells it."""

    articles: int
    some: tuple[Metadata, ...]


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
    parts = [words["silent"]]
    absent = [unit.text for unit in evidence.missing]
    if absent:
        parts.append(words["missing"].format(units=", ".join(f"“{text}”" for text in absent)))
    titles = [f"{_titled(m, language)}" for m in coverage.some[:NAMED]]
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


def written(day: date, language: str) -> str:
    """A day as the language writes it.

    >>> written(date(2024, 8, 21), "id")
    '21 Agustus 2024'
    """
    month = _MONTHS.get(language, _MONTHS["en"]).split()[day.month - 1]
    return f"{day.day} {month} {day.year}"
