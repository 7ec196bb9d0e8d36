"""A follow-up question made to stand alone, from the conversation before it.

Rules only, in the language of the question. What a model made of it is checked in
`condensed_by_model`, offered here too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.followup import words
from rag.answer.followup.antecedents import Past, Said, past, read_with
from rag.answer.followup.condensed_by_model import accepted, messages
from rag.answer.followup.filled import filled, with_topic
from rag.answer.followup.pointing import (
    Fragment,
    bare,
    connective,
    content,
    defines,
    fragment,
    names_little,
    owned,
    points_back,
)
from rag.answer.followup.reworded import in_language
from rag.answer.followup.swapped import swapped
from rag.answer.kinds.intent import plain
from rag.schema import Turn
from rag.text.language import detect
from rag.text.plain import one_line

__all__ = ["accepted", "messages", "rewrite", "stands_alone"]

_LONGEST = 300  # as in `filled`, which leaves room


def stands_alone(question: str, history: Sequence[Turn]) -> bool:
    """Whether a question can be searched for as it is.

    True without a turn that asked the articles something, and for a question that names what
    it is about.
    """
    text = one_line(plain(question))
    before = past(history, text) if text else None
    return before is None or _alone(text, before)


def _alone(text: str, before: Past) -> bool:
    if words.ARTICLE.search(text):
        return True
    core = read_with(connective(text), before)
    if len(core.text) < len(text) or fragment(core) is not None:
        return False
    return defines(core) or not (points_back(core, before.base) or names_little(core, before.base))


def rewrite(question: str, history: Sequence[Turn]) -> str:
    """The question with what it leaves out filled in from the conversation.

    One line in the language of the question, of at most 160 characters unless what was typed is
    longer, with one pair of brackets at most. Each word is of the question or the conversation,
    or the glossary's word for one of theirs. It leans on the last question asked, refused or not:
    to find nothing is better than to answer about somebody else.
    """
    typed = one_line(question)
    text = one_line(plain(question))
    before = past(history, text) if text else None
    if before is None:
        return typed[:_LONGEST].rstrip()
    core = read_with(connective(text), before)
    added = _added(core, text, before)
    if added is None and _alone(core.text, before):
        return _asked(core.text) if core.text != text else core.text[:_LONGEST].rstrip()
    language = _language(core.text, before)
    own = owned(core.text, before.base)
    if own is not None:
        return _asked(filled(read_with(own, before), before, language))
    swap = fragment(core) or added
    if swap is not None and not _leans(swap.x, before):
        text = swapped(swap, core, before, language)
        return _asked(text if swap.x else with_topic(text, before.about, before.base, language))
    if not content(core.text) and not points_back(core, before.base):  # "tell me more", "jelaskan"
        base = in_language(before.base, before.language, language)
        return _asked(with_topic(base.text, before.about, base, language))
    return _asked(filled(core, before, language))


def _leans(x: str, before: Past) -> bool:
    """Whether a phrase cannot just be put in: "listriknya" leans too, "sampai kapan" asks."""
    return bool(x) and (
        points_back(read_with(x, before), before.base) or bool(words.HAS_WH.search(x))
    )


def _added(core: Said, text: str, before: Past) -> Fragment | None:
    """A thing that is only added to the question before: "and the hostages?"."""
    short = core.text != text and len(core.text.split()) < 5 and bool(content(core.text))
    if not short or words.HAS_WH.search(core.text) or words.YES_NO.match(core.text):
        return None
    return None if points_back(core, before.base) else Fragment("", bare(core.text), "")


def _language(text: str, before: Past) -> str:
    """The language of a question; of names alone, that of the conversation."""
    hints = {
        "en": r"and|what about|how about|in|on|at|there",
        "id": r"dan|lalu|bagaimana|di|ke|sana",
    }
    found = detect(text)
    if found:
        return found
    for code, hint in hints.items():
        if re.match(rf"(?:{hint})\b", text, re.IGNORECASE):
            return code
    return before.language


def _asked(text: str) -> str:
    """A question with its first letter large and its mark, no longer than allowed."""
    text = bare(text)[: _LONGEST - 1].rstrip()
    return f"{text[:1].upper()}{text[1:]}?" if text else ""
