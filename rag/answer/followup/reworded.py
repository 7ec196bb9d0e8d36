"""A question said in the other language, word by word: enough to search with and to read.

No translator: names stay, words that the glossary does not know stay too.
"""

from __future__ import annotations

import re

from rag.answer.followup.antecedents import Said, read
from rag.text import glossary

_DROPPED_EN = [
    "the",
    "a",
    "an",
    "of",
    "is",
    "are",
    "was",
    "were",
    "did",
    "does",
    "do",
    "has",
    "have",
    "had",
    "been",
]
_DROPPED_ID = ["yang", "itu", "telah", "sudah", "adalah", "para", "sebuah", "seorang"]
_SMALL = {
    "en": (
        ("until when", "sampai kapan"), ("since when", "sejak kapan"), ("until", "sampai"),
        ("since", "sejak"), ("how many", "berapa"), ("how much", "berapa"),
        ("how long", "berapa lama"),
        ("who", "siapa"), ("whom", "siapa"), ("what", "apa"), ("when", "kapan"),
        ("where", "di mana"), ("why", "mengapa"), ("how", "bagaimana"), ("which", "apa"),
        ("in", "di"), ("at", "di"), ("on", "pada"), ("to", "ke"), ("from", "dari"),
        ("with", "dengan"), ("about", "tentang"), ("by", "oleh"), ("for", "untuk"),
        ("between", "antara"), ("and", "dan"), ("or", "atau"), ("not", "tidak"),
        ("after", "setelah"), ("before", "sebelum"), ("will", "akan"),
        *((word, "") for word in _DROPPED_EN),
    ),
    "id": (
        ("sampai kapan", "until when"), ("sejak kapan", "since when"), ("sampai", "until"),
        ("sejak", "since"), ("di mana", "where"), ("ke mana", "where"),
        ("siapa yang", "who"), ("siapa", "who"),
        ("apakah", ""), ("apa", "what"), ("kapan", "when"), ("mengapa", "why"), ("kenapa", "why"),
        ("berapa", "how many"), ("bagaimana", "how"), ("mana", "which"), ("di", "in"), ("ke", "to"),
        ("dari", "from"), ("dengan", "with"), ("pada", "on"), ("dalam", "in"), ("tentang", "about"),
        ("oleh", "by"), ("untuk", "for"), ("antara", "between"), ("dan", "and"), ("atau", "or"),
        ("tidak", "not"), ("setelah", "after"), ("sebelum", "before"), ("akan", "will"),
        *((word, "") for word in _DROPPED_ID),
    ),
}  # fmt: skip
_SMALL_WORDS = {
    language: (
        dict(pairs),
        re.compile(rf"\b(?:{'|'.join(re.escape(word) for word, _ in pairs)})\b", re.IGNORECASE),
    )
    for language, pairs in _SMALL.items()
}


def said_in(said: Said, *, source: str, target: str) -> str:
    """A query of one language with the words of the other, where they are known.

    >>> said_in(Said("Siapa yang bertemu Blinken di Mesir?", ()), source="id", target="en")
    'Who met Blinken in Egypt?'
    """
    if source == target or source not in _SMALL or target not in _SMALL:
        return said.text
    known = glossary.load()
    pieces: dict[int, tuple[int, str]] = {}
    own = [n for n in said.names if n.kind != "place"]
    for match in known.find(said.text, source):
        forms = known.concept(match.concept_id).forms(target)
        in_name = any(n.start < match.end and match.start < n.end for n in own)
        if forms and not in_name:
            pieces.setdefault(match.start, (match.end, forms[0]))
    small, pattern = _SMALL_WORDS[source]
    for found in pattern.finditer(said.text):
        covered = any(s < found.end() and found.start() < e for s, (e, _) in pieces.items())
        if not covered and not any(n.start <= found.start() < n.end for n in said.names):
            pieces[found.start()] = (found.end(), small[found.group().lower()])
    out, at = "", 0
    for start in sorted(pieces):
        end, form = pieces[start]
        if start >= at:
            out += said.text[at:start] + form
            at = end
    result = " ".join((out + said.text[at:]).split()).replace(" ?", "?")
    return result[:1].upper() + result[1:]


def in_language(said: Said, source: str, target: str) -> Said:
    """A query of the conversation in the language of the question."""
    text = said_in(said, source=source, target=target)
    return said if text == said.text else read([text, said.text])[0]
