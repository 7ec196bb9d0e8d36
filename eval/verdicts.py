"""Judge the sentences of a file against their evidence: a verdict each, and how many are right."""

from __future__ import annotations

from pathlib import Path

from eval.folder import keep_rows
from eval.library import OnProgress
from eval.stats import interval
from eval.verifying import Judged, judged, read_rows
from rag.schema import Progress


def verify(file: Path, verdicts: Path, *, seed: int, on_progress: OnProgress) -> dict[str, float]:
    """Write a verdict for each sentence of `file`; the share of right ones, with its interval.

    Of all, of the supported and of the unsupported ones, under names that begin with "verify.".
    """
    rows = read_rows(file)
    found: list[Judged] = []
    for number, row in enumerate(rows):
        on_progress(Progress(stage="judging", done=number, total=len(rows), label=row.row_id))
        found.append(judged(row))
    on_progress(Progress(stage="judging", done=len(rows), total=len(rows)))
    keep_rows(verdicts, map(_verdict, found))
    kinds = {
        "verify.accuracy": found,
        "verify.supported": [each for each in found if each.row.supported],
        "verify.unsupported": [each for each in found if not each.row.supported],
    }
    numbers: dict[str, float] = {}
    for name, members in kinds.items():
        share = interval([float(each.right) for each in members], seed=seed)
        if share is not None:
            numbers |= {
                name: share.value,
                f"{name}.low": share.low,
                f"{name}.high": share.high,
                f"{name}.n": float(share.n),
            }
    return numbers


def _verdict(found: Judged) -> dict[str, object]:
    return {
        "id": found.row.row_id,
        "verdict": "supported" if found.supported else "unsupported",
        "reasons": found.reasons,
    }
