"""What hostile files reach for, in the names that a test can watch."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Bait:
    """Where hostile files call to, and a file of this machine that they try to show."""

    url: str = "http://127.0.0.1:9"  # without a slash at its end
    secret: str = "/etc/passwd"  # an absolute path
