"""What a denial or a plan in a sentence bears on: in its own clause, and near enough. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.schema import Span

# How far, in characters, a cue before or after a word still bears on it.
_REACH_BEFORE, _REACH_AFTER = 45, 15
# A meeting may be told with people, place and purpose before the word that calls it off.
_REACH_CANCELLED = 160
# What ends the reach of a denial, and the clause between commas that says more of somebody.
_PARTING = re.compile(
    r";|[.!?]\s|\b(?:tetapi|tapi|namun|melainkan|sedangkan|meski(?:pun)?|walau(?:pun)?|sejak|but|while"
    r"|whereas|although|though|since)\b",
    re.IGNORECASE,
)
_RELATIVE = re.compile(r",\s+(?:yang|who|which|whose|whom)\s[^,]*,", re.IGNORECASE)


def cancels(cues: Sequence[Span], places: Sequence[Span], text: str) -> bool:
    """Whether one of the places is followed, in its own clause, by a cue that calls it off."""
    return any(
        0 < cue.start - place.end <= _REACH_CANCELLED
        and not re.search(r"[;.]\s", text[place.end : cue.start])
        for cue in cues
        for place in places
    )


def governs(cues: Sequence[Span], places: Sequence[Span], text: str) -> bool:
    """Whether a cue such as "tidak" or "akan" stands where it bears on one of the places.

    Right before it, with room for a subject between them, or close behind ("batal"); not across
    a "but", nor out of a relative clause: who "was not there" may have sent a letter.
    """
    return any(
        (0 <= place.start - cue.end <= _REACH_BEFORE or 0 <= cue.start - place.end <= _REACH_AFTER)
        and not _parted(cue, place, text)
        for cue in cues
        for place in places
    )


def _parted(cue: Span, place: Span, text: str) -> bool:
    low, high = min(cue.end, place.end), max(cue.start, place.start)
    if _PARTING.search(text, low, high):
        return True
    return any(
        m.start() <= cue.start and cue.end <= m.end() and not m.start() <= place.start < m.end()
        for m in _RELATIVE.finditer(text)
    )
