"""Whether an answer quotes the right words, and whether it quotes them exactly.

The gold quotes are what a right answer rests on; others may back it too, so precision against
them is a lower bound.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PureWindowsPath
from typing import get_args

from eval.answers import unmarked
from eval.datasets import Gold, Question, spaced
from eval.given import Given, GivenCitation, GivenStatement, Texts
from rag.schema import Verdict
from rag.text import dates, names, numbers

VERDICTS: tuple[str, ...] = get_args(Verdict)

# How an answer says that marks of its model were left out, in both its languages.
_DROPPED = (
    re.compile(r"Marks of the model that pointed to no passage, left out: ([0-9]+)\."),
    re.compile(r"Tanda dari model yang tidak menunjuk bagian mana pun dan dibuang: ([0-9]+)\."),
)


def covers(quote: str, gold: str) -> bool:
    """Whether one of two quotes holds the other, white space aside.

    >>> covers("Ia tiba.  Lalu ia pergi.", "Ia tiba."), covers("", "Ia tiba.")
    (True, False)
    """
    one, other = spaced(quote), spaced(gold)
    return bool(one) and bool(other) and (one in other or other in one)


def is_gold(citation: GivenCitation, gold: Gold, texts: Texts) -> bool:
    """Whether a citation quotes a gold quote, from its article or from one that prints it too.

    The article is known by its id or by the base name of the citation's source.
    """
    wanted = texts.id_of(gold.article)
    # Such a path has both kinds of separator, so that a run from elsewhere can be scored.
    named = wanted in (citation.place.article_id, *citation.copies) or (
        gold.article not in texts.ids and PureWindowsPath(citation.source).name == gold.article
    )
    return named and covers(citation.quote, gold.quote)


def precision(citations: Sequence[GivenCitation], evidence: Sequence[Gold], texts: Texts) -> float:
    """The share of the citations that quote a gold quote; 0 of none, as in ALCE."""
    if not citations:
        return 0.0
    right = sum(any(is_gold(c, gold, texts) for gold in evidence) for c in citations)
    return right / len(citations)


def recall(citations: Sequence[GivenCitation], evidence: Sequence[Gold], texts: Texts) -> float:
    """The share of the gold quotes, of which there is one at least, that a citation quotes."""
    wanted = list(dict.fromkeys(evidence))
    return sum(any(is_gold(c, gold, texts) for c in citations) for gold in wanted) / len(wanted)


def first_sentence_right(given: Given, evidence: Sequence[Gold], texts: Texts) -> bool:
    """Whether the first sentence of an answer quotes a gold quote.

    Its citations are those of its marks; where one of them stands in the sentence word for
    word, only such count, as later sentences may share the mark.
    """
    if given.outcome != "answered" or not given.statements:
        return False
    first = given.statements[0]
    cited = [c for c in given.citations if c.marker in first.markers]
    told = spaced(unmarked(given, first))
    quoted = [c for c in cited if c.quote.strip() and spaced(c.quote) in told]
    return any(is_gold(c, gold, texts) for c in quoted or cited for gold in evidence)


def is_exact(citation: GivenCitation, texts: Texts) -> bool:
    """Whether a citation's quote is its article's text at its offsets, to the character."""
    article = texts.by_id.get(citation.place.article_id)
    return article is not None and article[citation.place.start : citation.place.end] == (
        citation.quote
    )


def is_factual(given: Given, statement: GivenStatement) -> bool:
    """Whether a sentence says something that a source could bear out.

    It does when the check found something to go by, and when it has a number, a date or a name
    and is no question, whatever the check says.
    """
    if statement.verdict != "unchecked":
        return True
    text = unmarked(given, statement)
    if text.rstrip("\"'”’»)] ").endswith("?"):
        return False
    return bool(numbers.find(text) or dates.find(text) or names.find(text))


def dropped_marks(given: Given) -> int:
    """How many marks of the model pointed to no passage, as the answer's notices tell."""
    found = (pattern.fullmatch(notice) for notice in given.notices for pattern in _DROPPED)
    return sum(int(match.group(1)) for match in found if match)


def measures(question: Question, given: Given, texts: Texts) -> dict[str, float]:
    """What one answer adds to each measure that applies to it.

    Of questions that have an answer: "cite.recall", "answer_sentence" (of the first sentence),
    "sentence_first" (of the sentence ranked first, where the row gives it) and, if answered,
    "cite.precision". Of every answer: "quote_exact" (1.0, or something is badly wrong),
    "uncited" (the share of its factual sentences without a mark), "verdict.*" (shares of its
    sentences) and, of a model's, "dropped_marks" (how many).
    """
    values: dict[str, float] = {}
    if question.evidence:
        values["cite.recall"] = recall(given.citations, question.evidence, texts)
        values["answer_sentence"] = float(first_sentence_right(given, question.evidence, texts))
        if given.answer_sentence is not None:
            values["sentence_first"] = float(
                any(covers(given.answer_sentence, gold.quote) for gold in question.evidence)
            )
    if given.outcome != "answered":
        return values
    if question.evidence:
        values["cite.precision"] = precision(given.citations, question.evidence, texts)
    if given.citations and texts.by_id:
        exact = sum(is_exact(citation, texts) for citation in given.citations)
        values["quote_exact"] = exact / len(given.citations)
    factual = [s for s in given.statements if is_factual(given, s)]
    if factual:
        values["uncited"] = sum(not s.markers for s in factual) / len(factual)
    if given.statements:
        for verdict in VERDICTS:
            share = sum(s.verdict == verdict for s in given.statements) / len(given.statements)
            values[f"verdict.{verdict}"] = share
    if given.generated:
        values["dropped_marks"] = float(dropped_marks(given))
    return values
