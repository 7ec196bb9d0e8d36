"""Whether a sentence surely says who somebody is: the name of who holds a post, or a name's post.

"What's the name of Egypt's president?" leaves a judge little to go by, as it has two words; but a
name that stands with that very post is the answer. Pure.
"""

from __future__ import annotations

import re

from rag.answer.evidence import Sentence
from rag.answer.matching import match
from rag.answer.posts import holders
from rag.answer.question import Question
from rag.answer.sorts import is_post
from rag.answer.spans.locate import answer_span
from rag.answer.spans.sought import sought

_NAME = re.compile(r"\b(?:names?|nama(?:nya)?)\b", re.IGNORECASE)
_POST_OF = re.compile(
    r"\bwhat\s+(?:other\s+|else\s+)?(?:\w+\s+)?(?:job|post|position|role|office|title|portfolio)\s+(?:does|did|is|was)\b"
    r"|\bjabatan(?:nya)?\b|\bmenjabat\b.*\bapa\b",
    re.IGNORECASE,
)
_MOST = 3  # units of a question that is a post, whose it is, and no more
_HELD = 0.75  # of a match


def identified(question: Question, sentence: Sentence) -> bool:
    """Whether the sentence has the post asked about with its holder, or whom the name is of."""
    asked = sought(question.text)
    names = [u for u in question.units if u.kind == "name"]
    alone = len(question.units) == 1 == len(names) and bool(sentence.places_of(names[0]))
    if asked.sort == "definition":
        return alone
    if question.kind == "place" and alone:
        return answer_span(question, sentence) is not None
    if _POST_OF.search(question.text) and len(names) >= 1:
        return all(match(u, sentence) >= _HELD for u in names) and any(
            not holder.words.isdisjoint(name.words)
            for holder in holders([sentence])
            for name in names
        )
    if question.kind != "person" or (asked.role is not None and not _NAME.search(question.text)):
        return False
    posts = [u for u in question.units if is_post(u)]
    others = [u for u in question.units if u not in posts]
    if len(posts) != 1 or len(question.units) > _MOST:
        return False
    named = {word for unit in question.units for word in unit.words}
    return all(match(u, sentence) >= _HELD for u in others) and any(
        holder.concepts & posts[0].concepts and named.isdisjoint(holder.words)
        for holder in holders([sentence])
    )
