"""Where the articles lie that Kutip comes with."""

from __future__ import annotations

from pathlib import Path


def examples() -> Path | None:
    """Their folder: in the wheel, else in the clone; None where neither is."""
    here = Path(__file__).resolve().parent
    return next((f for f in (here / "seeds", here.parent / "seeds") if f.is_dir()), None)
