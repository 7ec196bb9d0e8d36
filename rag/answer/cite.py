"""Sentences of an answer with a mark for every passage they rest on.

Pure bookkeeping: who is cited where. Whether a sentence is backed is `check`'s to say.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.answer.evidence import Sentence
from rag.answer.extract import Pick
from rag.schema import Citation, Statement, Verdict


class Citing:
    """An answer's text as it grows, with its statements and citations.

    Passages are numbered by first use. The marks of a sentence stand behind it.
    """

    def __init__(self) -> None:
        self.text = ""
        self._markers: dict[str, int] = {}
        self._citations: dict[tuple[int, int, int], Citation] = {}
        self._statements: list[Statement] = []

    @property
    def statements(self) -> tuple[Statement, ...]:
        """One per sentence, in order."""
        return tuple(self._statements)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every sentence that is rested on, once, in order of first use."""
        return tuple(self._citations.values())

    def say(self, text: str) -> str:
        """Add to the text what is no sentence's end; what was added."""
        self.text += text
        return text

    def end(
        self,
        start: int,
        evidence: Sequence[Sentence],
        *,
        verdict: Verdict,
        reasons: tuple[str, ...] = (),
    ) -> str:
        """Close the sentence that began at `start`: its marks, which are added to the text."""
        markers: list[int] = []
        places: list[int] = []
        for sentence in evidence:
            passage = sentence.passage
            marker = self._markers.setdefault(passage.passage_id, len(self._markers) + 1)
            if marker not in markers:
                markers.append(marker)
            key = (marker, sentence.start, sentence.end)
            self._citations.setdefault(
                key,
                Citation(
                    marker=marker,
                    passage=passage,
                    start=sentence.start,
                    end=sentence.end,
                    quote=sentence.text,
                ),
            )
            places.append(list(self._citations).index(key))
        added = self.say(f" {''.join(f'[{m}]' for m in sorted(markers))}" if markers else "")
        self._statements.append(
            Statement(
                start=start,
                end=len(self.text),
                markers=tuple(sorted(markers)),
                verdict=verdict,
                reasons=reasons,
                evidence=tuple(dict.fromkeys(places)),
            )
        )
        return added

    def quote(self, picks: Sequence[Pick]) -> str:
        """Add picked sentences, each on a line of its own; what was added.

        A quoted sentence stands in its source word for word, so its verdict is "matches".
        """
        before = len(self.text)
        for pick in picks:
            if self.text and not self.text.endswith("\n"):
                self.say("\n")
            start = len(self.text)
            self.say(pick.sentence.text)
            self.end(start, [pick.sentence], verdict="matches")
        return self.text[before:]


def quote(picks: Sequence[Pick]) -> tuple[str, tuple[Statement, ...], tuple[Citation, ...]]:
    """The answer's text, its statements and its citations, one of each per picked sentence."""
    citing = Citing()
    citing.quote(picks)
    return citing.text, citing.statements, citing.citations
