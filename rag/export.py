"""A conversation as a Markdown or HTML file that carries its sources along.

What articles, models and readers wrote stays text: no markup, link or image comes from it.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rag.conversations import Conversation, Kept
from rag.errors import BadSetting, StoreError
from rag.export_html import as_html
from rag.exported import (
    Piece,
    Source,
    asked_line,
    dates_inferred,
    paragraphs,
    sources,
    words_in,
)
from rag.layout import one_line, sanitise
from rag.text.days import written

__all__ = ["as_html", "as_markdown", "write"]

_SUFFIXES = (".md", ".html")
# What means something anywhere in a line, to CommonMark or to a dialect of it.
_ANYWHERE = re.compile(r"[\\`*_{}\[\]#|~$^]")
# What makes a list, a heading or a definition of what follows or precedes it.
_AT_START = re.compile(r"^([ ]*[0-9]*)([-+=:.)])")
# What some dialects make a link or a mention of: a://b, a.b, a@b.
_LINKABLE = re.compile(r":(?=/)|(?<=\w)\.(?=[^\W\d_])|@(?=\w)")


def as_markdown(conversation: Conversation, *, language: str | None = None) -> str:
    """The conversation as Markdown: per turn the answer, then its sources with their quotes.

    The words around them are in `language`, or in each answer's own.
    """
    first = language or _language(conversation)
    words = words_in(first)
    day = written(conversation.started.date(), first)
    blocks = [f"# {_escaped(words['title'].format(day=day))}"]
    if conversation.damaged:
        blocks.append(_escaped(words["damaged"]))
    for kept in conversation.turns:
        blocks += _turn(kept, language or kept.answer.language)
    blocks += ["---", f"{words['foot']} {words['by']}"]
    return "\n\n".join(blocks) + "\n"


def write(path: Path, conversation: Conversation, *, force: bool = False) -> None:
    """Write the conversation to `path`, as Markdown or HTML by its suffix.

    The file is there whole or not at all, readable by its owner only. Raises `BadSetting` for
    another suffix, and for a file that is there already unless `force`; `StoreError` when the
    disk refuses.
    """
    suffix = path.suffix.lower()
    if suffix not in _SUFFIXES:
        raise BadSetting(
            f"{path} ends in {suffix!r}" if suffix else f"{path} has no suffix",
            hint=f"A conversation is exported to a name that ends in {' or '.join(_SUFFIXES)}.",
        )
    form = as_html if suffix == ".html" else as_markdown
    text = form(conversation).encode()
    there = BadSetting(
        f"{path} is there already", hint="Name another file, or say that it is to be replaced."
    )
    if not force and os.path.lexists(path):
        raise there
    try:
        _put(path, text, replace=force)
    except FileExistsError as error:
        raise there from error
    except OSError as error:
        raise StoreError(
            f"{path} cannot be written: {error.strerror or error}",
            hint="Name a file in a folder that is there, may be written to and has room.",
        ) from error


def _put(path: Path, data: bytes, *, replace: bool) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:64]}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if not replace:
            try:
                path.hardlink_to(part)  # fails if something came to be there meanwhile
            except FileExistsError:
                raise
            except OSError:  # a file system without links
                if os.path.lexists(path):
                    raise FileExistsError(f"{path} is there already") from None
                part.replace(path)
        else:
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _turn(kept: Kept, language: str) -> list[str]:
    answer = kept.answer
    words = words_in(language)
    blocks = [f"## {_escaped(answer.question)}", _escaped(asked_line(kept.asked, answer, language))]
    blocks += [_line(line) for line in paragraphs(answer, language)]
    notices = [f"- {_escaped(notice)}" for notice in answer.notices]
    if notices:
        blocks.append("\n".join(notices))
    found = sources(answer, language)
    if found:
        blocks.append(f"### {words['sources']}")
    for source in found:
        blocks += _source(source)
    if dates_inferred(found):
        blocks.append(_escaped(words["inferred"]))
    return blocks


def _source(source: Source) -> list[str]:
    where = f"<{source.link}>" if source.link else _escaped(source.where)
    head = f"**\\[{source.marker}\\]** {_escaped(source.head)}"
    quotes = [
        "  \n".join(f"> {_escaped(line)}" for line in lines)
        for quote in source.quotes
        if (lines := [line for line in sanitise(quote).split("\n") if line.strip()])
    ]
    return [
        "  \n".join(filter(None, (head, where))),
        "\n>\n".join(quotes),
        *map(_escaped, source.remarks),
    ]


def _line(pieces: Sequence[Piece]) -> str:
    return " ".join("".join(map(_piece, pieces)).split())


def _piece(piece: Piece) -> str:
    if piece.kind == "remark":
        return f" **{_escaped(piece.text)}** " if piece.doubted else f" {_escaped(piece.text)} "
    lead = " " * piece.text.startswith(" ")
    trail = " " * piece.text.endswith(" ")
    return f"{lead}{_escaped(piece.text)}{trail}"


def _escaped(text: str) -> str:
    r"""`text` on one line, so that any Markdown reader shows it as it is.

    >>> _escaped("- [a](b) <i> R&D")
    '\\- \\[a\\](b) &lt;i&gt; R&amp;D'
    """
    text = _ANYWHERE.sub(r"\\\g<0>", one_line(text))
    text = _LINKABLE.sub(r"\\\g<0>", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _AT_START.sub(r"\1\\\2", text)


def _language(conversation: Conversation) -> str:
    """The language of the first answer, for the words that belong to no turn."""
    return conversation.turns[0].answer.language if conversation.turns else "en"
