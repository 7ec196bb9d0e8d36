"""What went wrong, in the reader's words, and the edge behind which nothing is raised.

Gradio leaves a page half dead when a handler raises, so every handler runs behind this edge.
"""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import TypeVar

from rag.errors import KutipError
from rag.layout import one_line, sentence
from ui.desk import Reader

logger = logging.getLogger(__name__)
_PLAIN_WORD = re.compile(r"[a-z]+(?:[ ,]|$)")
T = TypeVar("T")
U = TypeVar("U")

WORDS = {
    "en": {
        "trouble_fault": "This is a fault in Kutip ({what}). What was kept before is safe; the"
        " terminal where it runs tells more.",
    },
    "id": {
        "trouble_fault": "Ini kesalahan di dalam Kutip ({what}). Yang tersimpan sebelumnya aman;"
        " rinciannya ada di terminal tempat Kutip berjalan.",
        # What an error of each kind means; its own words, which are English, follow.
        "bad_question": "Pertanyaan ini tidak dapat dijawab.",
        "bad_source": "Sumber ini tidak dapat dibaca.",
        "not_found": "Itu sudah tidak ada.",
        "bad_setting": "Pengaturan ini keliru.",
        "store": "Penyimpanan bermasalah.",
        "busy": "Perpustakaan sedang ditulis oleh proses lain. Coba lagi sebentar.",
        "fingerprint": "Indeks dibuat dengan model pencari yang lain. Jalankan kutip reindex.",
        "model": "Model pencari bermasalah.",
        "answerer": "Model bahasa yang diminta tidak tersedia.",
        "server": "Server model tidak menjawab semestinya.",
        "generation": "Model bahasa gagal menulis jawaban.",
    },
}


def in_words(error: KutipError, reader: Reader) -> str:
    """The error as one sentence or two: what, which, and what next.

    >>> in_words(KutipError("it is full", hint="Free some space."), "en")
    'It is full. Free some space.'
    """
    told = one_line(sentence(error.message, error.hint))
    lead = WORDS["id"].get(error.kind, "") if reader == "id" else ""
    if _PLAIN_WORD.match(told):  # and no name, such as that of a model or a file
        told = told[0].upper() + told[1:]
    return f"{lead} ({told})" if lead else told


def fault(error: Exception, reader: Reader) -> str:
    """What to say of an exception that nobody foresaw."""
    return WORDS[reader]["trouble_fault"].format(what=one_line(type(error).__name__))


async def safely(work: Awaitable[T], otherwise: Callable[[str], U], reader: Reader) -> T | U:
    """What `work` gives, or `otherwise` of what went wrong, in words."""
    try:
        return await work
    except KutipError as error:
        return otherwise(in_words(error, reader))
    except Exception as error:
        logger.exception("A fault behind the page")
        return otherwise(fault(error, reader))


async def all_safely(
    work: AsyncGenerator[T, None], otherwise: Callable[[str], T], reader: Reader
) -> AsyncIterator[T]:
    """What `work` yields; when it fails, `otherwise` of what went wrong as the last one."""
    try:
        async with aclosing(work) as results:
            async for result in results:
                yield result
    except KutipError as error:
        yield otherwise(in_words(error, reader))
    except Exception as error:
        logger.exception("A fault behind the page")
        yield otherwise(fault(error, reader))
