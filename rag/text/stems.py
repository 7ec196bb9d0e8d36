"""Words and their stems: what the lexical index holds and what questions are matched by.

Knows nothing of sentences or of meaning; synonyms and translations are the glossary's.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Protocol

_WORD = re.compile(
    r"\d{1,3}(?:[.,]\d{3})+(?![\d])|\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*|\d+"
)
_SNOWBALL = {"en": "english", "id": "indonesian"}


@dataclass(frozen=True, slots=True)
class Token:
    """One word or number of a text."""

    start: int
    end: int
    text: str  # casefolded, without accents; thousands written together: "1.208" -> "1208"


class _Stemmer(Protocol):
    def stemWord(self, word: str, /) -> str: ...  # noqa: N802  (PyStemmer's name)
    def stemWords(self, words: Sequence[str], /) -> list[str]: ...  # noqa: N802


_SHORT = 400  # characters: sentences and names, which are looked at again and again


def tokens(text: str) -> list[Token]:
    """The words and numbers of `text`, in order.

    >>> [t.text for t in tokens("Al-Sisi: 1.208 orang, Qatar's café 3,5 juta")]
    ['al', 'sisi', '1208', 'orang', 'qatar', 'cafe', '3.5', 'juta']
    """
    return list(_tokens(text)) if len(text) < _SHORT else list(_tokens.__wrapped__(text))


@lru_cache(maxsize=16_384)
def _tokens(text: str) -> tuple[Token, ...]:
    return tuple(Token(m.start(), m.end(), _normal(m.group())) for m in _WORD.finditer(text))


@lru_cache(maxsize=65_536)
def _normal(word: str) -> str:
    if word[0].isdigit():
        groups = re.split(r"[.,:]", word)
        if len(groups) > 1 and ":" not in word and all(len(g) == 3 for g in groups[1:]):
            return "".join(groups)
        return word.replace(",", ".").replace(":", ".")
    folded = unicodedata.normalize("NFKD", word.casefold().replace("’", "'"))
    folded = "".join(c for c in folded if not unicodedata.combining(c))
    return folded.removesuffix("'s").replace("'", "") or folded


_local = threading.local()


def _stemmer(language: str) -> _Stemmer:
    # A PyStemmer object must not be used by two threads at once, so each has its own.
    found: dict[str, _Stemmer] | None = getattr(_local, "stemmers", None)
    if found is None:
        found = _local.stemmers = {}
    if language not in found:
        import Stemmer

        found[language] = Stemmer.Stemmer(_SNOWBALL[language])
    return found[language]


@lru_cache(maxsize=131_072)
def stem(word: str, language: str) -> str:
    """The Snowball stem of one casefolded word, in "en" or "id"; numbers stay as they are.

    >>> stem("meetings", "en"), stem("pertemuan", "id"), stem("1208", "id")
    ('meet', 'temu', '1208')
    """
    if word[0].isdigit():
        return word
    return _stemmer(language).stemWord(word)


# Indonesian words that Snowball lays together with others that mean something else: "keluar" with
# "luar", "pertahanan" with "tahanan", "perdana" with "dana". Those of one row are forms of one.
_ROWS = """
    keluar dikeluarkan mengeluarkan pengeluaran
    pertahanan mempertahankan bertahan
    pemerintah pemerintahan
    mengalami dialami pengalaman
    terjadi kejadian
    berangkat keberangkatan
    pengusaha perusahaan
    ketua diketuai
    selatan; perdana; penduduk; pendudukan; pengacara; permukaan; perlahan; perunggu; perguruan
    bagian; kepala; angkatan; perangkat; menempati; keempat; kerangka; perilaku; perhatian; adalah
    penghargaan; kesempatan; ternyata; pertunjukan; peringkat; petugas; terlalu; melalui; selama
    pertengahan; menengah; kedudukan; keadaan; berada; peserta; keuangan; pendapat; pendapatan
    berarti; menjadi; terutama; berhasil
"""
_APART = {
    word: row.split()[0]
    for line in _ROWS.strip().splitlines()
    for row in (line.split(";") if ";" in line else [line])
    for word in row.split()
}
_CLITIC = re.compile(r"(?:nya|kah|lah|pun)\Z")


def kin_stem(word: str, language: str) -> str:
    """`stem`, but of words that it would lay together with unrelated ones, the word itself.

    The index has `stem`; this is for telling whether two words are one.

    >>> kin_stem("keluar", "id"), kin_stem("luar", "id"), kin_stem("ketuanya", "id")
    ('=keluar', 'luar', '=ketua')
    """
    if language == "id":
        plain = word if word in _APART else _CLITIC.sub("", word)
        if plain in _APART:
            return f"={_APART[plain]}"
    return stem(word, language)


def stems_of(words: Iterable[str], language: str) -> dict[str, str]:
    """The stem of each of these words, as `stem` gives it, in a fraction of the time.

    >>> stems_of(["meetings", "1208"], "en")
    {'meetings': 'meet', '1208': '1208'}
    """
    every = list(words)
    found = _stemmer(language).stemWords(every)
    return {w: w if w[0].isdigit() else s for w, s in zip(every, found, strict=True)}


@cache
def stop_words(language: str) -> frozenset[str]:
    """The words of a question that tell nothing about its subject, casefolded.

    >>> "siapa" in stop_words("id"), "who" in stop_words("en"), "gaza" in stop_words("en")
    (True, True, False)
    """
    text = resources.files("rag.text").joinpath(f"stop_{language}.txt").read_text("utf-8")
    return frozenset(
        word for line in text.splitlines() if not line.startswith("#") for word in line.split()
    )


def index_terms(text: str, language: str | None) -> list[str]:
    """The stems under which a passage is indexed; an unknown language is taken as English.

    >>> index_terms("Para pejabat.", "id")
    ['para', 'jabat']
    """
    chosen = language if language in _SNOWBALL else "en"
    return [stem(token.text, chosen) for token in tokens(text)]


def content_words(text: str, language: str | None = None) -> list[Token]:
    """The tokens of a question that are not stop words of `language`, or of both when None.

    Should nothing be left, every token is returned: a question of stop words only is
    still a question.

    >>> [t.text for t in content_words("Who met Blinken in Doha?", "en")]
    ['met', 'blinken', 'doha']
    """
    stops = (
        stop_words("en") | stop_words("id") if language not in _SNOWBALL else stop_words(language)
    )
    every = tokens(text)
    return [t for t in every if t.text not in stops] or every
