"""The lines of glossary files. Their format is told in the head of `news.tsv`.

Knows nothing of how a form is found in a text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

PARTS_OF_SPEECH = frozenset({"verb", "noun", "adj", "adv", "place", "role", "time", "unit"})

_NONE = "-"  # a side without forms; the id of the lines whose words name no concept


@dataclass(frozen=True, slots=True)
class Concept:
    """One meaning with its forms in both languages, the most usual form first."""

    concept_id: str
    pos: str  # one of PARTS_OF_SPEECH
    en: tuple[str, ...]
    id: tuple[str, ...]

    def forms(self, language: str) -> tuple[str, ...]:
        """The forms in "en" or "id"; KeyError for another language."""
        return {"en": self.en, "id": self.id}[language]


@dataclass(slots=True)
class Table:
    """The lines of the files read so far; their forms are split when they are asked for.

    Making all the concepts takes longer than to find the few that a question names.
    """

    rows: dict[str, list[str]] = field(default_factory=dict)  # id -> id, part of speech, en, id
    as_written: set[str] = field(default_factory=set)  # the forms marked with "!"
    no_forms: dict[str, tuple[str, ...]] = field(default_factory=lambda: {"en": (), "id": ()})

    def read(self, text: str, *, replaces: bool = False) -> None:
        """Add the lines of one file; with `replaces`, its ids may be those of earlier files.

        Raises ValueError, naming the line, for one without four fields, and for an id that is
        there already. What else may be wrong with a line is for `check` to say.
        """
        rows, earlier = self.rows, set(self.rows) if replaces else set()
        for number, line in enumerate(text.split("\n"), start=1):
            if not line or line[0] == "#":
                continue
            row = line.split("\t")
            if len(row) != 4:
                raise ValueError(f"line {number}: {len(row)} fields instead of 4")
            concept_id = row[0]
            if concept_id == _NONE:
                self.no_forms["en"] += split(row[2])
                self.no_forms["id"] += split(row[3])
            elif concept_id in rows and concept_id not in earlier:
                raise ValueError(f"line {number}: {concept_id!r} is there already")
            else:
                earlier.discard(concept_id)
                rows[concept_id] = row
                if "!" in line:
                    marked = (f for side in row[2:] for f in side.split("|") if f.endswith("!"))
                    self.as_written.update(form[:-1] for form in marked)

    def concept(self, concept_id: str) -> Concept:
        """The concept of this id; KeyError when there is none."""
        _, pos, english, indonesian = self.rows[concept_id]
        return Concept(concept_id, pos, split(english), split(indonesian))

    def sides(self, language: str) -> Iterator[str]:
        """The forms of each concept in "en" or "id", as `split` takes them."""
        column = {"en": 2, "id": 3}[language]
        return (row[column] for row in self.rows.values())


def split(side: str) -> tuple[str, ...]:
    """The forms of one side of a line, without their marks."""
    if side == _NONE:
        return ()
    forms = side.split("|")
    return tuple([f.removesuffix("!") for f in forms] if "!" in side else forms)


def check(text: str) -> None:
    """Nothing; ValueError, naming the line, for one that is not well formed.

    That is one without four fields or an id, with an unknown part of speech or without any
    form, or with a form that is empty, begins with no letter or digit, ends in a space, or
    stands twice on one side.
    """
    for number, line in enumerate(text.split("\n"), start=1):
        if not line or line[0] == "#":
            continue
        fields = line.split("\t")
        if len(fields) != 4:
            raise ValueError(f"line {number}: {len(fields)} fields instead of 4")
        concept_id, pos, *sides = fields
        if not concept_id.strip():
            raise ValueError(f"line {number}: there is no id")
        if pos not in PARTS_OF_SPEECH:
            raise ValueError(f"line {number}: unknown part of speech {pos!r}")
        if sides == [_NONE, _NONE]:
            raise ValueError(f"line {number}: {concept_id!r} has no form in either language")
        for side in sides:
            _check_forms(side, number)


def _check_forms(side: str, number: int) -> None:
    forms = split(side)
    if len(set(forms)) < len(forms):
        raise ValueError(f"line {number}: a form is there twice: {side!r}")
    if not all(form[:1].isalnum() and not form[-1].isspace() for form in forms):
        raise ValueError(f"line {number}: a form is empty, padded or no word: {side!r}")
