"""Questions made of English sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.askable_sentence import LONGEST, Askable, Sentence, cut, last, past, speakers, titled
from rag.text import dates

_HARD = re.compile(
    r"[,;:()\"“”.](?=\s|$)|[(\"“]|\s(?:-{1,2}|[–—])\s"
    r"|\s(?:that|who|which|whose|because|while|as|when|but|although|though|since|despite|saying"
    r"|if|unless|where|whom|so|and(?=\s[a-z0-9]))\s"
)
_SOFT = re.compile(r"\s(?=(?:after|before|during|over|until|following|with|for|to|amid)\s)")
_PAST = re.compile(
    r"\s+(?:(?:also|meanwhile|then|later|quietly|personally|briefly|separately)\s+)?"
    r"(?P<rest>(?:[a-z]{2,}ed|met|held|won|led|took|gave|made|told|sent|paid|found|flew|spoke|saw"
    r"|sold|bought|built|broke|wrote|beat|lost|left|chose|became|began|dined|said)\s+\S.*)"
)
_ADVERBIAL = re.compile(
    r"(?:On|In|At|During|After|Before|Earlier|Last|By|Later|Meanwhile)\b[^,]{0,60},\s+"
)
_SPEAKS = re.compile(r"\s+(?P<verb>said|told|added|warned|argued|insisted|explained|claimed)\b")
_SPOKEN = re.compile(r"[\"”,]\s+(?P<verb>said)\s+(?:[a-z]+\s+){0,4}$")
_WAS = re.compile(
    r"(?P<what>[A-Z][^,;:()\"“”]*?)\s+(?P<aux>was|were|will|is|are)\s+"
    r"(?P<rest>[^,;:()\"“”]+?)\s+(?:on|in)"
)
_MANY = re.compile(
    r"\s+(?P<what>(?:[a-z-]+\s+){1,3}?)(?P<rest>(?:were|was|had|have|are|died|will|took|left|joined"
    r"|lost|attended|marched|signed|[a-z]{2,}ed)\s+\S.*)"
)
_ROUGHLY = re.compile(r"(?:(?:Some|About|Around|At least|Nearly|More than|Almost|Only|A|All)\s+)?")
_KILLING = re.compile(
    r"\b(?P<verb>kill(?:ing|s|ed)|injur(?:ing|es|ed)|wound(?:ing|s|ed))\s+(?:at least\s+|some\s+)?$"
)
_PEOPLE = re.compile(r"\s+(?P<what>people|passengers|miners|workers|soldiers|children)\b")
_DONE = {"k": "killed", "i": "injured", "w": "wounded"}


@dataclass(frozen=True)
class English:
    """What can be asked about an English sentence."""

    sentence: Sentence

    def questions(self) -> Iterator[Askable]:
        """Every question, those of one kind together."""
        yield from self.who()
        yield from self.when()
        yield from self.how_many()
        yield from self.said()

    def who(self) -> Iterator[Askable]:
        """The subject, a person, asked for."""
        text, begin = self.sentence.text, past(_ADVERBIAL, self.sentence.text)
        for at, end, name in self.sentence.names[:3]:
            if at < begin or name.kind == "place" or not self.sentence.opens(begin, at):
                continue
            if name.kind != "person" and not titled(text[begin:at]):
                continue
            found = _PAST.match(text, end)
            if not found:
                continue
            rest = cut(found["rest"], _HARD, _SOFT, most=LONGEST - 1)
            if len(rest.split()) < 3 or not self.sentence.named(
                end, found.start("rest") + len(rest)
            ):
                continue
            keys = (name.text.split()[-1], *last(rest))
            yield Askable(question=f"Who {rest}?", kind="who", keys=keys, sentence=text)

    def when(self) -> Iterator[Askable]:
        """The day on which something was, is or will be done."""
        for at, _, day in self.sentence.dates:
            found = _WAS.fullmatch(self.sentence.text[:at].rstrip())
            if found and not dates.find(found[0]):
                asks = f"{found['aux']} {self.sentence.lowered(found['what'])} {found['rest']}"
                text = self.sentence.text
                yield Askable(question=f"When {asks}?", kind="when", keys=(day,), sentence=text)

    def how_many(self) -> Iterator[Askable]:
        """The number that a sentence opens with, or of those who were killed."""
        text = self.sentence.text
        for at, end, number in self.sentence.counts:
            people, killing = _PEOPLE.match(text, end), _KILLING.search(text[:at])
            asks = ""
            if people and killing:
                if place := self._place():
                    asks = f"{people['what']} were {_DONE[killing['verb'][0]]} {place}"
            elif _ROUGHLY.fullmatch(text[:at]) and (found := _MANY.match(text, end)):
                asks = cut(found["what"] + found["rest"], _HARD, _SOFT, most=LONGEST - 2)
            if len(asks.split()) >= 3:
                yield Askable(
                    question=f"How many {asks}?", kind="how many", keys=(number,), sentence=text
                )

    def _place(self) -> str:
        """The first place in the sentence, with what stands before it: "near Sable Bay"."""
        for at, end, name in self.sentence.names:
            before = re.search(r"\b(?:in|near|at)\s$", self.sentence.text[:at])
            if before and name.kind == "place":
                return self.sentence.text[before.start() : end]
        return ""

    def said(self) -> Iterator[Askable]:
        """Whoever is quoted, and what they said."""
        for name, verb in speakers(self.sentence, _SPEAKS, _SPOKEN):
            keys = (name.split()[-1], verb)
            yield Askable(question=f"What did {name} say?", kind="said", keys=keys)
