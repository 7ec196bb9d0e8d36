"""A question of a conversation made to stand alone: by the model if there is one, or by rules."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing

from rag.answer.followup.condense import accepted, messages, rewrite, stands_alone
from rag.answer.model.generate import Piece, Writer
from rag.errors import GenerationFailed
from rag.schema import Turn

_PATIENCE = 30.0  # seconds for one line; the rules need none
_ROOM = 600  # characters: a reply that goes on is no question


async def condense(question: str, history: Sequence[Turn], writer: Writer | None) -> str:
    """The question as it would be asked by somebody who had not heard the rest."""
    if not history or stands_alone(question, history):
        return question
    if writer is not None:
        said = accepted(await _said(writer, question, history), question, history)
        if said is not None:
            return said
    return rewrite(question, history)


async def _said(writer: Writer, question: str, history: Sequence[Turn]) -> str:
    """What the model makes of it; "" when it fails, which its answer will show again."""
    text = ""
    try:
        async with (
            asyncio.timeout(_PATIENCE),
            aclosing(writer.reply(messages(question, history))) as parts,
        ):
            async for part in parts:
                if isinstance(part, Piece):
                    text += part.text
                if len(text) > _ROOM:
                    break
    except (GenerationFailed, TimeoutError):
        return ""
    return text
