"""Whose word a sentence gives: the outlet that reports, or the source that it names.

"Menurut laporan Axios, mengutip pejabat Israel, ...": asked whom Axios cites, the officials are
it. Pure; goes by the words that attribute, in English and in Indonesian.
"""

from __future__ import annotations

import re

from rag.answer.spans.look import STOPS, Look
from rag.answer.spans.typed import Typed
from rag.text.stems import tokens

# What follows is whom it is from; the surest first.
_CITES = re.compile(
    r"\b(?:(?:yang\s+)?(?:mengutip|mengutip\s+dari|dikutip(?:\s+dari|\s+oleh)?|menyitir|melansir|dilansir(?:\s+dari)?"
    r"|kutipan\s+dari|bersumber\s+dari|berdasarkan)"
    r"|citing|cites?|cited|quoting|quotes?|quoted|relying\s+on|based\s+on|sourced\s+(?:from|to))\s+",
    re.IGNORECASE,
)
_BY = re.compile(
    r"\b(?:menurut|according\s+to|attributed\s+to|kata|ujar|ungkap|tutur)\s+", re.IGNORECASE
)
_TELLS = re.compile(
    r"\b(?:told|said\s+in|reported\s+by|(?:berbicara|berkata|mengatakan|bicara)\s+(?:ke)?pada"
    r"|disampaikan\s+oleh|dilaporkan(?:\s+oleh)?|diungkapkan(?:\s+oleh)?)\s+",
    re.IGNORECASE,
)
_CUES = ((0.0, _CITES), (3.0, _BY), (6.0, _TELLS))
# What was said or counted, before whose it is.
_ITS = re.compile(
    r"(?:(?:an?|the|its|latest|official|new|data|laporan|pernyataan|keterangan|catatan|berita|kabar"
    r"|informasi|info|hasil|survei|terbaru|resmi|tertulis|media|figures|numbers|statistics"
    r"|statements?|reports?|records|remarks|accounts?|count|tally|story|article)\s+)+"
    r"(?:(?:dari|of|by|from|issued\s+by|released\s+by|in|oleh)\s+(?:the\s+)?)?",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"[,;:()\"“”]|[.!?](?=\s|\Z)|\s(?:yang|who|which|that|as|bahwa|saying|tentang|about|on|soal|mengenai"
    r"|pada|in|at|when|ketika|seperti|dan\s+me\w+|and\s+\w+ed|mengatakan|menyatakan|menyebut\w*|said|says)\s",
    re.IGNORECASE,
)
# A source that is not named is told by where it sits.
_UNNAMED = re.compile(
    r"(?:(?:seorang|sejumlah|beberapa|an?|the|several|unnamed|anonymous)\s+)*(?:sumber|orang\s+dalam|sources?|insiders?)"
    r"\s+(?:yang\s+(?:tidak|tak|enggan)[^,.]{0,40}?nama(?:nya)?\s+|who\s[^,.]{0,50}?named\s+)?"
    r"(?:di|dari|dalam|in|on|from|within|close\s+to)\s+",
    re.IGNORECASE,
)
_LONGEST = 120  # characters of what is still somebody


def source(look: Look) -> Typed | None:
    """Whom a sentence has it from, where the question does not name him."""
    found = []
    for doubt, cue in _CUES:
        for match in cue.finditer(look.text):
            start = match.end()
            its = _ITS.match(look.text, start)
            start = its.end() if its else start
            nameless = _UNNAMED.match(look.text, start)
            stop = _ENDS.search(look.text, nameless.end() if nameless else start)
            end = stop.start() if stop else len(look.text)
            if 0 < end - start <= _LONGEST:
                found.append(Typed(start, end, doubt))
    return look.nearest([span for span in found if not _asked(look, span)])


def _asked(look: Look, span: Typed) -> bool:
    """Whether the question names all of it: "Gaza's health ministry" is more than "Gaza"."""
    words = {t.text for t in tokens(look.text[span.start : span.end])} - STOPS
    return words <= look.asked_words
