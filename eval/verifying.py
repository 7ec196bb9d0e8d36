"""How well checking a sentence against its evidence tells the faithful from the altered.

Rows are hand-written: an evidence text, a sentence, and whether the one bears out the other.
Nothing is known here of how the check is made.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import fmean
from typing import Any

from eval.reading import (
    Bad,
    filled,
    gathered,
    lines,
    one_object,
    refuse_whole,
    shown,
    text_at,
    texts_at,
    written,
)
from eval.retrieval import interval
from rag.engine import judge
from rag.errors import KutipError
from rag.text.language import detect

_NAME_ONE = "Name a file of sentences, one JSON object a line."
_REQUIRED = ("id", "evidence", "sentence", "published", "supported")
_FORM = (
    'A line is {"id": "...", "evidence": "...", "sentence": "...", "published": "YYYY-MM-DD" or '
    'null, "supported": true or false}, and may have language and tags.'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One sentence with what it rests on; the first tag is the kind of alteration."""

    row_id: str
    evidence: str
    sentence: str
    published: date | None
    supported: bool
    language: str
    tags: tuple[str, ...]


def read_rows(path: Path) -> list[Row]:
    """The rows of a JSONL file; raises `DatasetError`, which names file and bad lines."""
    rows: list[Row] = []
    bad_lines: list[tuple[int, str]] = []
    found = lines(path, hint=_NAME_ONE)
    for number, line in found:
        try:
            rows.append(_row(one_object(line)))
        except Bad as bad:
            bad_lines.append((number, str(bad)))
    if bad_lines:
        refuse_whole(path, found)
        raise gathered(path, bad_lines, hint=_FORM)
    return rows


def _row(row: Mapping[str, Any]) -> Row:
    missing = [key for key in _REQUIRED if key not in row]
    if missing:
        raise Bad(f"{', '.join(missing)} not given; every sentence needs it")
    if not isinstance(row["supported"], bool):
        raise Bad("supported is neither true nor false")
    sentence = text_at(row, "sentence")
    language = text_at(row, "language") if row.get("language") else detect(sentence)
    return Row(
        row_id=text_at(row, "id"),
        evidence=written(row["evidence"], "evidence"),
        sentence=sentence,
        published=_published(row["published"]),
        supported=row["supported"],
        language=language or "en",
        tags=texts_at(row, "tags"),
    )


def _published(value: object) -> date | None:
    if not value:
        return None
    try:
        return date.fromisoformat(filled(value, "published"))
    except ValueError:
        said = shown(str(value))
    raise Bad(f"published is {said}, which is no day; write YYYY-MM-DD or null")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What checking one sentence found; any verdict but "matches" is "unsupported"."""

    row: Row
    verdict: str
    reasons: tuple[str, ...]

    @property
    def supported(self) -> bool:
        """Whether the check takes the sentence for borne out."""
        return self.verdict == "matches"

    @property
    def right(self) -> bool:
        """Whether that is so."""
        return self.supported == self.row.supported


def judged(row: Row) -> Judged:
    """One sentence, checked against its evidence."""
    check = judge(row.sentence, row.evidence, published=row.published, language=row.language)
    return Judged(row=row, verdict=check.verdict, reasons=tuple(check.reasons))


def measure(rows: Sequence[Row]) -> tuple[dict[str, list[float]], list[str]]:
    """Every rate's values, 1 for a right verdict, and a line for each wrong one."""
    values: dict[str, list[float]] = defaultdict(list)
    wrong: list[str] = []
    for row in rows:
        check = judged(row)
        right = check.right
        kind = "faithful matched" if row.supported else "altered flagged"
        where = "across" if "across" in row.tags else "same language"
        for name in (kind, f"{kind} ({row.language}, {where})"):
            values[name].append(float(right))
        if not row.supported and row.tags:
            values[f"altered flagged, {row.tags[0]}"].append(float(right))
        if not right:
            wrong.append(f"{row.row_id} {check.verdict} {list(check.reasons)} {row.sentence}")
    return dict(sorted(values.items())), wrong


def main(arguments: Sequence[str] | None = None) -> int:
    """Score one file of rows; a line per rate on standard output."""
    parser = argparse.ArgumentParser(prog="python -m eval.verifying", description=__doc__)
    parser.add_argument("rows", type=Path, help="JSONL, a sentence a line")
    parser.add_argument("--wrong", action="store_true", help="show the wrong verdicts too")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    try:
        values, wrong = measure(read_rows(options.rows))
    except KutipError as error:
        sys.stderr.write(f"{error.message} {error.hint}\n")
        return 2
    for name, found in values.items():
        low, high = interval(found, seed=options.seed)
        sys.stdout.write(f"{name:42} {fmean(found):.3f} [{low:.3f}, {high:.3f}] n={len(found)}\n")
    if options.wrong:
        sys.stdout.write("".join(f"{line}\n" for line in wrong))
    return 0


if __name__ == "__main__":
    sys.exit(main())
