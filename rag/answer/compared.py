"""Whether a sentence tells of something else than a question: elsewhere, of others, another post.

Pure, as `coverage`, which it goes by.
"""

from __future__ import annotations

import re
from functools import cached_property

from rag.answer.asking import VENUES, asked_nouns
from rag.answer.belongs import of_another_land
from rag.answer.bond import counted
from rag.answer.coverage import LEAD, Coverage
from rag.answer.matching import match
from rag.answer.placed import asked_where, named_at, stands_at
from rag.answer.posts import another_rank, heads_another, holders, rival_post
from rag.answer.question import Unit
from rag.answer.quoting import asks_who_says, only_says
from rag.answer.sorts import is_post, sort_of
from rag.answer.spans.sought import sought
from rag.answer.traits import trait_untold
from rag.answer.turned import turned
from rag.text import dates, glossary, numbers
from rag.text.cues import FUTURE, STILL, STILL_ASKED
from rag.text.glossary.contraries import contraries
from rag.text.glossary.fates import fates

_MOSTLY = 0.75  # of the weight of what is asked about that is no name
_RIGHT_THERE = 16  # characters between what is done and where: "tiba di kota Doha"
_HARDLY = 0.3  # of a match: what is near is something else
_TOLD = 0.5  # of a match, that it is mentioned
_SURELY = 0.8  # of a match, that what is done is told there
# Questions whose answers stand with what befell whom they ask about.
_FATED = frozenset({"number", "person", "date", "place"})
# Those who are counted apart from others, besides those with a part: children, police.
_PEOPLE = frozenset({"child", "troops", "student", "woman", "man", "police"})
# And those whom "six people" may be.
_ANYBODY = frozenset(
    {"passenger", "casualty", "people_residents", "citizen", "refugee", "immigrant", "newcomer"}
    | {"viewers", "audience", "supporter_fan", "survive", "member", "participant", "hostage"}
)
_WHO_IS = re.compile(
    r"\W*(?:siapa(?:kah)?|who\s*(?:['’]s|is|was|are|were))\s+(?:the\s+|nama\s+)?", re.IGNORECASE
)


class Compared(Coverage):
    """One article's sentences beside what one question asks about."""

    def elsewhere(self, i: int) -> bool:
        """Whether sentence `i` names the place asked about, but not as where it happened.

        "In Israel" is asked; "Israel killed 44,580 people in Gaza" tells of another place.
        """
        return any(
            self.direct[unit][i] >= 0.5 and not stands_at(self.sentences[i], unit, relation)
            for unit, relation in self._where
        )

    def there(self, i: int) -> bool:
        """Whether sentence `i` tells of something at a place that is asked about."""
        return any(stands_at(self.sentences[i], unit, where) for unit, where in self._where)

    def displaced(self, i: int) -> bool:
        """Whether sentence `i` tells of another place than the one asked about.

        One that the headline or the lead names may well be meant: what is told then happens in it,
        unless it is told where that very deed was done.
        """
        return any(
            self._done_elsewhere(unit, relation, i)
            or (
                self._led_by(unit) < 0.5
                and (self.tied(unit, i) < 0.5 or not self._in_text(unit))
                and any(
                    name.kind in ("place", None) and not self.asks_about(name.text)
                    for name in named_at(self.sentences[i], relation)
                )
            )
            for unit, relation in self._where
        )

    def _done_elsewhere(self, unit: Unit, relation: str, i: int) -> bool:
        """Whether sentence `i` has what is done right before another place: "tiba di Doha".

        Only where it names the place asked about, too: otherwise the other may be a part of that.
        """
        sentence = self.sentences[i]
        if not sentence.places_of(unit) or stands_at(sentence, unit, relation):
            return False
        deeds = [u for u in self.question.units if sort_of(u) == "act"]
        places = [place for deed in deeds for place in sentence.places_of(deed)]
        return any(
            name.kind == "place"
            and not self.asks_about(name.text)
            and any(0 < name.start - place.end <= _RIGHT_THERE for place in places)
            for name in named_at(sentence, relation)
        )

    def of_another(self, i: int) -> bool:
        """Whether sentence `i` names somebody or something else than whom the question does.

        Of what the headline and the lead name, all of the article may be told.
        """
        sentence = self.sentences[i]
        return any(
            self._topical(unit) < 0.5 and self.tied(unit, i) < 0.5 for unit in self._named
        ) and any(
            not self.asks_about(name.text)
            for name in sentence.names
            if name.start >= sentence.dateline
            and (self._of_saying or not only_says(sentence, name))
        )

    @cached_property
    def _of_saying(self) -> bool:
        return asks_who_says(self.question.text)

    def another_post(self, i: int) -> bool:
        """Whether sentence `i` has another minister, director or the like than the question."""
        return any(
            self.direct[unit][i] < 0.5 and rival_post(unit, self.sentences[i])
            for unit in self.question.units
            if unit.kind == "word"
        )

    def contrary(self, i: int) -> bool:
        """Whether sentence `i` says the contrary of what is asked about, and not that itself.

        That it is not so answers whether it is.
        """
        if self.question.kind == "yes_no":
            return False
        said = self.sentences[i].concepts
        return any(
            unit.kind == "word"
            and self.tied(unit, i) < 0.5
            and any(contraries(concept) & said for concept in unit.concepts)
            for unit in self.question.units
        )

    def another_fate(self, i: int) -> bool:
        """Whether sentence `i` tells what else befell people: who was taken, not who was freed."""
        if self.question.kind == "reason":
            return False  # "why was he not killed?": he survived
        told = fates(self.sentences[i].concepts)
        return any(
            asked and not asked & told and told and not self._mentions(unit, i)
            for unit in self.question.units
            if unit.kind == "word"
            for asked in [fates(unit.concepts)]
        )

    def fate_untold(self, i: int) -> bool:
        """Whether sentence `i` has no word for what is asked to have befallen somebody."""
        if sought(self.question.text).sort == "money":
            return False  # the price at which rice is released
        return self.question.kind in _FATED and any(
            fates(unit.concepts) and not self._mentions(unit, i)
            for unit in self.question.units
            if unit.kind == "word"
        )

    def role_untold(self, i: int) -> bool:
        """Whether "who is the goalkeeper?" is asked, and sentence `i` has no word for one."""
        roles = self._roles
        return bool(roles) and not any(self._mentions(unit, i) for unit in roles)

    def counted_untold(self, i: int) -> bool:
        """Whether sentence `i` has no word for the people whose number is asked for.

        How many workers died is not how many children did.
        """
        unit = counted(self.question) if self.question.kind == "number" else None
        return (
            unit is not None
            and (is_post(unit) or not _PEOPLE.isdisjoint(unit.concepts))
            and _ANYBODY.isdisjoint(unit.concepts)
            and not self._mentions(unit, i)
        )

    def noun_untold(self, i: int) -> bool:
        """Whether nothing near sentence `i` mentions what "what tariff" asks for."""
        return any(self.near(unit, i) < _HARDLY for unit in self._asked_for)

    def role_held(self, i: int) -> bool:
        """Whether "who is the prosecutor?" is asked, and sentence `i` has one with a name."""
        return any(
            holder.concepts & unit.concepts and not self._asked_words & holder.words
            for unit in self._roles
            for holder in holders([self.sentences[i]])
        )

    @cached_property
    def _roles(self) -> list[Unit]:
        asked = _WHO_IS.match(self.question.text) if self.question.kind == "person" else None
        return [
            unit
            for unit in self.question.units
            if asked and is_post(unit) and self.question.text.startswith(unit.text, asked.end())
        ]

    @cached_property
    def _asked_words(self) -> frozenset[str]:
        return frozenset(word for unit in self.question.units for word in unit.words)

    def another_date(self, i: int) -> bool:
        """Whether sentence `i` tells of other years or months than the question."""
        sentence = self.sentences[i]
        told = [d for d in sentence.dates if d.start >= sentence.dateline]
        years, months = self._asked_dates
        return _others(years, {d.year for d in told}) or _others(months, {d.month for d in told})

    @cached_property
    def _asked_dates(self) -> tuple[frozenset[int], frozenset[int]]:
        found = dates.find(self.question.text)
        return (
            frozenset(d.year for d in found if d.year is not None),
            frozenset(d.month for d in found if d.month is not None),
        )

    def _mentions(self, unit: Unit, i: int) -> bool:
        return match(unit, self.sentences[i]) >= _TOLD

    def deed_elsewhere(self, i: int) -> bool:
        """Whether what is done stands in other sentences of the article only, behind its lead."""
        return any(
            sort_of(unit) == "act"
            and self.tied(unit, i) < 0.5
            and max(self.direct[unit][LEAD:], default=0.0) >= _SURELY
            and self._topical(unit) < 0.5
            for unit in self.question.units
        )

    def timely(self, i: int) -> bool:
        """Whether sentence `i` tells of what is to come, where the question asks of that."""
        return not self.question.future or bool(FUTURE.search(self.sentences[i].text))

    def lasting(self, i: int) -> bool:
        """Whether it is told of around sentence `i` how many there still are, where that is asked.

        How many were taken is not how many are still held.
        """
        asked = self.question.kind == "number" and STILL_ASKED.search(self.question.text)
        if not asked:
            return True
        unit = counted(self.question)
        return any(
            STILL.search(self.sentences[j].text)
            and (j == i or unit is None or self.direct[unit][j] >= _TOLD)
            for j in self._around(i)
        )

    @cached_property
    def done_by_another(self) -> bool:
        """Whether every sentence of the article that tells of the deed tells of others.

        Another does it, it is done to another, or only others are named there.
        """
        words = [u for u in self.question.units if u.kind == "word"]
        acts = [u for u in words if sort_of(u) == "act"]
        if not self._named or not acts:
            return False
        total = sum(self.weights[u] for u in words)
        told = [
            i
            for i in range(len(self.sentences))
            if all(self.direct[u][i] >= _SURELY for u in acts)
            and sum(self.weights[u] * self.direct[u][i] for u in words) >= _MOSTLY * total
        ]
        return bool(told) and all(
            turned(self.question, self.sentences[i], self.sentences[i - 1] if i else None)
            or self.of_another(i)
            for i in told
        )

    def another_ordinal(self, i: int) -> bool:
        """Whether "the tenth visit" is asked about, and no tenth is told of around sentence `i`."""
        return any(
            all(n.value != value for j in self._around(i) for n in self.sentences[j].numbers)
            for value in self._ordinals
        )

    @cached_property
    def _ordinals(self) -> frozenset[float]:
        found = numbers.find(self.question.text, language=self.question.language)
        return frozenset(n.value for n in found if n.kind == "ordinal" and n.value > 1)

    def _around(self, i: int) -> range:
        return range(max(0, i - 1), min(len(self.sentences), i + 2))

    def sought(self, i: int) -> float:
        """How well sentence `i` and those around it mention what "which hotel" asks for."""
        return min((self.near(unit, i) for unit in self._asked_for), default=1.0)

    def surely_else(self, i: int) -> bool:
        """Whether sentence `i` has another post, or another's, another fate or date, or no hotel.

        That no hotel is mentioned near it counts where "which hotel" is asked.
        """
        return (
            self.another_post(i)
            or self.another_fate(i)
            or self.another_date(i)
            or trait_untold(self.question, self.sentences[i])
            or another_rank(self.question, self.sentences[i])
            or of_another_land(self.question, self.sentences[i])
            or heads_another(self.question, self.sentences[i])
            or any(
                self.near(unit, i) < _HARDLY
                for unit in self._asked_for
                if not VENUES.isdisjoint(unit.words)
            )
        )

    @cached_property
    def _asked_for(self) -> list[Unit]:
        nouns = asked_nouns(self.question.text)
        return [
            unit
            for unit in self.question.units
            if unit.kind == "word" and _is_noun(unit) and nouns.intersection(unit.words)
        ]

    @cached_property
    def _where(self) -> list[tuple[Unit, str]]:
        return asked_where(self.question)


def _others(asked: frozenset[int], told: set[int | None]) -> bool:
    """Whether other values are told than those asked about, and none of these."""
    known = told - {None}
    return bool(asked and known) and not asked & known


def _is_noun(unit: Unit) -> bool:
    """Whether words are for a thing, if for a deed as well: "building"."""
    shelf = glossary.load()
    nouns = any(shelf.concept(c).pos == "noun" for c in unit.concepts)
    return nouns or sort_of(unit) == "thing"
