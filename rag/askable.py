"""Questions that an article answers, made from its own sentences by rules of form.

A sentence is asked about by taking something out of it: its subject ("Who hosted ... in
Auckland?"), its day ("Kapan pemerintah menetapkan ...?"), its number, its speaker. Only forms
that come out as good English or Indonesian are made, so most sentences give none. Asks nobody.
"""

from __future__ import annotations

import re

from rag.askable_en import English
from rag.askable_id import Indonesian
from rag.askable_sentence import LONGEST, Article, Askable, Kind, Language
from rag.text.language import word_set

__all__ = ["Askable", "Kind", "Language", "askable"]

_OPENING = 6_000  # characters of an article that are read: its gist stands there
_LONGEST_CHARS = 100


def askable(text: str, language: Language) -> list[Askable]:
    """The questions that the text answers, in the order of what they ask about.

    >>> [made.question for made in askable("President Ana Ban met Jon Fry in Doha.", "en")]
    ['Who met Jon Fry in Doha?']
    """
    form = Indonesian if language == "id" else English
    article = Article(text[:_OPENING], language)
    found: dict[str, Askable] = {}
    for sentence in article.sentences():
        for made in form(sentence).questions():
            if _clear(made.question) and article.tells(made.question):
                found.setdefault(made.question, made)
    return list(found.values())


def _clear(question: str) -> bool:
    """Whether a question is short, and whoever has not read the article knows what it means."""
    words = [word.strip("?,'’").lower() for word in question.split()]
    return (
        len(words) <= LONGEST
        and len(question) <= _LONGEST_CHARS
        and not _UNCLEAR.intersection(words[words[0] == "who" :])
        and not _OF_SOMEBODY.search(question)
        and not _HALF.search(question)
        and not re.search(r"[\"“”()\[\]:;\n]", question)
    )


# What points at another sentence, and a first person: nothing says who is meant.
_UNCLEAR = word_set(
    "he she it they him her his hers its them their theirs this that these those who whom which",
    "here there both former latter i we us our you your my me others other another same such so",
    "one then also too but however meanwhile later earlier probably possibly reportedly",
    "ia dia mereka kami kita saya aku beliau kamu anda ini itu tersebut keduanya demikian begitu",
    "sini situ sana tadi lalu kemudian namun tetapi berikutnya selanjutnya sebelumnya lainnya lain",
    "sebanyak apakah masing-masing",
)
# What is cut off before its end: "between", "of dining", "paling lambat".
_HALF = re.compile(
    r"\bbetween\b(?!.*\band\b)|\bantara\b(?!.*\bdan\b)|\b[a-z]+(?:ing|ly)\?$"
    r"|\b(?:lambat|cepat|oleh|akan|masih|telah|sudah|yang|the|of|by|to|and|dan|di|ke|dari"
    r"|was|were|is|are|be|been|has|had|have|not)\?$"
)
_OF_SOMEBODY = re.compile(
    r"(?!\b(?:hanya|tanya|punya|biaya|upaya|karya|jaya|raya)\b)\b[a-z]{3,}nya\b"
)
