"""When to say that the articles do not hold the answer, and how to say it usefully."""

from __future__ import annotations

from dataclasses import dataclass

from rag.answer.beyond import Beyond
from rag.answer.extract import Evidence
from rag.answer.unsaid import Lacking
from rag.schema import Abstention, Metadata
from rag.text.days import written

# Articles named in a refusal; with more than these, the rest are counted.
NAMED = 5

_WORDS = {
    "en": {
        "nothing_indexed": "Nothing is indexed yet, so there is nothing to answer from. Add "
        "articles first (kutip add).",
        "silent": "The articles do not say.",
        "compare": "Comparing needs a language model; without one Kutip only quotes. {pull}",
        "reword": "Putting it in other words needs a language model; without one Kutip only "
        "quotes. {pull}",
        "opinion": "Kutip has no opinion of its own: it quotes what your articles say. Weighing "
        "that needs a language model. {pull}",
        "forecast": "Kutip foretells nothing: it quotes what your articles say.",
        "translate": "Kutip does not translate: its quotes stand in the language of their article, "
        "and you can ask in English or Indonesian.",
        "outside": "That is not what Kutip is for: it answers questions about your own news "
        "articles, with exact quotes.",
        "pull": '"ollama pull {model}" and "ollama serve" give one; see "kutip setup".',
        "missing": "They have nothing on {units}.",
        "apart": "They mention {units}, but not together with {others}.",
        "articles": "They mention {units}, but in no article together with {others}.",
        "unspoken": "No sentence gives words of “{speaker}”.",
        "unspoken_on": "No sentence gives words of “{speaker}” about “{about}”.",
        "elsewhere": "They mention {units}, but not in one place with the rest of the question.",
        "person": "All of this is mentioned there, but not who.",
        "organisation": "All of this is mentioned there, but not which one.",
        "place": "All of this is mentioned there, but not where.",
        "date": "All of this is mentioned there, but not when.",
        "number": "All of this is mentioned there, but not the number.",
        "money": "All of this is mentioned there, but not the amount.",
        "reason": "All of this is mentioned there, but not why.",
        "filtered": "Only articles that pass the filters were asked.",
        "none_pass": "No article passes the filters.",
        "cover": "They cover: {titles}.",
        "one": "1 article",
        "several": "{n} articles",
        "undated": "{n} without a date",
        "all_undated": "date unknown",
        "more": "and {n} more",
        "closest": "The closest passage is: {quote} — {source}",
        "no_date": "no date",
    },
    "id": {
        "nothing_indexed": "Belum ada artikel yang diindeks, jadi belum ada yang bisa dijawab. "
        "Tambahkan dulu artikelnya (kutip add).",
        "silent": "Artikel-artikel ini tidak menyebutkannya.",
        "compare": "Membandingkan memerlukan model bahasa; tanpa itu Kutip hanya mengutip. {pull}",
        "reword": "Menjelaskan dengan kata lain memerlukan model bahasa; tanpa itu Kutip hanya "
        "mengutip. {pull}",
        "opinion": "Kutip tidak punya pendapat sendiri: Kutip mengutip isi artikel Anda. "
        "Menimbangnya memerlukan model bahasa. {pull}",
        "forecast": "Kutip tidak meramal: Kutip mengutip isi artikel Anda.",
        "translate": "Kutip tidak menerjemahkan: kutipan tetap dalam bahasa artikelnya, dan Anda "
        "dapat bertanya dalam bahasa Indonesia atau Inggris.",
        "outside": "Itu di luar kegunaan Kutip: Kutip menjawab pertanyaan tentang artikel berita "
        "Anda sendiri, dengan kutipan persis.",
        "pull": '"ollama pull {model}" dan "ollama serve" menyediakannya; lihat "kutip setup".',
        "missing": "Tidak ada apa pun tentang {units}.",
        "apart": "{units} disebut, tetapi tidak bersama {others}.",
        "articles": "{units} disebut, tetapi tidak dalam satu artikel dengan {others}.",
        "unspoken": "Tidak ada kalimat yang memuat perkataan “{speaker}”.",
        "unspoken_on": "Tidak ada kalimat yang memuat perkataan “{speaker}” tentang “{about}”.",
        "elsewhere": "{units} disebut, tetapi tidak bersama bagian lain dari pertanyaan ini.",
        "person": "Semua ini disebut di sana, tetapi tidak siapa.",
        "organisation": "Semua ini disebut di sana, tetapi tidak yang mana.",
        "place": "Semua ini disebut di sana, tetapi tidak di mana.",
        "date": "Semua ini disebut di sana, tetapi tidak kapan.",
        "number": "Semua ini disebut di sana, tetapi tidak angkanya.",
        "money": "Semua ini disebut di sana, tetapi tidak jumlahnya.",
        "reason": "Semua ini disebut di sana, tetapi tidak mengapa.",
        "filtered": "Hanya artikel yang lolos saringan yang ditanya.",
        "none_pass": "Tidak ada artikel yang lolos saringan.",
        "cover": "Isinya: {titles}.",
        "one": "1 artikel",
        "several": "{n} artikel",
        "undated": "{n} tanpa tanggal",
        "all_undated": "tanggal tidak diketahui",
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
    oldest: Metadata | None = None  # of those with a date
    newest: Metadata | None = None
    undated: int = 0


def abstain(evidence: Evidence, *, indexed: int, floor: float) -> Abstention | None:
    """Why there is no answer, or None when the evidence is enough for one."""
    if not indexed:
        return "nothing_indexed"
    if not evidence.picks:
        return "nothing_relevant"
    return "not_in_evidence" if evidence.score < floor else None


def refusal(
    abstention: Abstention,
    evidence: Evidence,
    coverage: Coverage,
    *,
    language: str,
    lacking: Lacking | None = None,
    beyond: Beyond | None = None,
    model: str = "",
) -> str:
    """A refusal in the reader's language: what was not found, what is covered, what is closest.

    `lacking` tells which parts of the question found nothing; without it they are those that
    the evidence misses. `beyond` is what no quote can give; `model` could give it.
    """
    words = _WORDS.get(language, _WORDS["en"])
    if abstention == "nothing_indexed":
        return words["nothing_indexed"]
    if coverage.filtered and not coverage.articles:
        return words["none_pass"]
    if beyond is not None:
        said = "compare" if beyond == "difference" else beyond
        parts = [words[said].format(pull=words["pull"].format(model=model))]
    else:
        parts = [words["silent"], *([words["filtered"]] if coverage.filtered else [])]
        parts += _not_found(lacking or Lacking(tuple(u.text for u in evidence.missing)), words)
    parts.append(_span(coverage, language))
    titles = [_titled(m, language) for m in coverage.some[:NAMED]]
    if coverage.articles > len(titles):
        titles.append(words["more"].format(n=coverage.articles - len(titles)))
    parts.append(words["cover"].format(titles="; ".join(titles)))
    if evidence.picks and beyond not in ("outside", "translate"):
        sentence = evidence.picks[0].sentence
        parts.append(
            words["closest"].format(
                quote=f"“{sentence.text}”", source=_titled(sentence.passage.metadata, language)
            )
        )
    return "\n".join(parts)


def _not_found(lacking: Lacking, words: dict[str, str]) -> list[str]:
    """What no article mentions, and what is mentioned but not where an answer would stand."""
    said = []
    if lacking.absent:
        said.append(words["missing"].format(units=_quoted(lacking.absent)))
    if lacking.speech is not None and not lacking.speech.acts and not lacking.absent:
        form = "unspoken_on" if lacking.speech.about else "unspoken"
        said.append(words[form].format(speaker=lacking.speech.speaker, about=lacking.speech.about))
    elif lacking.apart:
        form = "articles" if lacking.articles else "apart" if lacking.others else "elsewhere"
        said.append(
            words[form].format(units=_quoted(lacking.apart), others=_quoted(lacking.others))
        )
    if lacking.kind in words:
        said.append(words[lacking.kind])
    return said


def _quoted(texts: tuple[str, ...]) -> str:
    return ", ".join(f"“{text}”" for text in texts)


def _span(coverage: Coverage, language: str) -> str:
    """How many articles there are and of which days: "3 articles, 20 August 2024 – ..."."""
    words = _WORDS.get(language, _WORDS["en"])
    n = coverage.articles
    said = [words["one"] if n == 1 else words["several"].format(n=n)]
    if coverage.oldest is not None and coverage.newest is not None:
        days = [_dated(coverage.oldest, language), _dated(coverage.newest, language)]
        said.append(" – ".join(dict.fromkeys(days)))
        if coverage.undated:
            said.append(words["undated"].format(n=coverage.undated))
    elif coverage.undated:
        said.append(words["all_undated"])
    return f"{', '.join(said)}."


def _titled(metadata: Metadata, language: str) -> str:
    told = [metadata.publisher] if metadata.publisher else []
    told.append(_dated(metadata, language))
    return f"{metadata.title} ({', '.join(told)})"


def _dated(metadata: Metadata, language: str) -> str:
    if metadata.published is None:
        return _WORDS.get(language, _WORDS["en"])["no_date"]
    mark = "~" if metadata.published_basis == "inferred" else ""
    return mark + written(metadata.published, language)
