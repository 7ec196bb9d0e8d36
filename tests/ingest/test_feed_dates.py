"""The dates of feeds, as they are written."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ingest.feed_dates import moment


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Wed, 21 Aug 2024 14:05:00 +0700", "2024-08-21T14:05:00+07:00"),
        ("Wed, 21 Aug 2024 14:05:00 WIB", "2024-08-21T14:05:00+07:00"),
        ("Wed, 21 Aug 2024 14:05:00 wita", "2024-08-21T14:05:00+08:00"),
        ("Wed, 21 Aug 2024 14:05 WIT", "2024-08-21T14:05:00+09:00"),
        ("21 Aug 2024 14:05:00 GMT", "2024-08-21T14:05:00+00:00"),
        ("Wed, 21 Aug 2024 14:05:00 EST", "2024-08-21T14:05:00-05:00"),
        ("Wed, 21 Aug 2024 14:05:00 PDT", "2024-08-21T14:05:00-07:00"),
        ("Wed, 21 Aug 2024 14:05:00 -0330", "2024-08-21T14:05:00-03:30"),
        ("Wed, 21 Aug 2024 14:05:00 GMT+7", "2024-08-21T14:05:00+07:00"),
        ("Wed, 21 Aug 2024 14:05:00 +07:00 (WIB)", "2024-08-21T14:05:00+07:00"),
        ("Wed, 21 Aug 24 14:05:00 +0700", "2024-08-21T14:05:00+07:00"),
        ("Wed, 21-Aug-2024 14:05:00 UTC", "2024-08-21T14:05:00+00:00"),
        ("Rabu, 21 Agustus 2024 14:05 WIB", "2024-08-21T14:05:00+07:00"),
        ("Jum'at, 23 Agt 2024 14.05 WIB", "2024-08-23T14:05:00+07:00"),
        ("Sabtu, 4 Mei 2024, 09:00", "2024-05-04T09:00:00"),
        ("Wed, 21 Aug 2024 14:05:00 CEST", "2024-08-21T14:05:00"),
        ("Wed, 21 Aug 2024 14:05:00", "2024-08-21T14:05:00"),
        ("Wed, 21 Aug 2024", "2024-08-21"),
        ("2024-08-21T14:05:07+07:00", "2024-08-21T14:05:07+07:00"),
        ("2024-08-21T14:05:07.123456Z", "2024-08-21T14:05:07+00:00"),
        ("2024-08-21T14:05+0700", "2024-08-21T14:05:00+07:00"),
        ("2024-08-21 14:05:07 WIB", "2024-08-21T14:05:07+07:00"),
        ("2024-08-21 14:05:07", "2024-08-21T14:05:07"),
        ("2024-08-21", "2024-08-21"),
        ("August 21, 2024", "2024-08-21"),
        ("  2024-08-21\n", "2024-08-21"),
        ("2024-08", None),
        ("2024", None),
        ("kemarin", None),
        ("", None),
        ("Wed, 31 Feb 2024 14:05:00 +0700", None),
        ("Wed, 21 Foo 2024 14:05:00 +0700", None),
        ("Wed, 21 Aug 2024 25:05:00 +0700", None),
        ("2024-13-01", None),
        ("0001-01-01T00:00:00Z", None),
        ("Thu, 01 Jan 1970 00:00:00 +0000", None),
        ("0000-00-00 00:00:00", None),
        ("-62135596800", None),
        ("21 Aug 2024 " * 1_000, None),
    ],
)
def test_a_date(written: str, meant: str | None) -> None:
    """A time keeps the offset that it states, and never gets one that it does not."""
    assert moment(written) == meant


@given(st.datetimes(), st.integers(-14 * 4, 14 * 4))
def test_every_standard_date_is_read(at: datetime, quarters: int) -> None:
    """What the standard library writes by either standard is read to the second."""
    when = at.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=15 * quarters)))
    if when.year < 1800 or when.date().isoformat() in ("1900-01-01", "1970-01-01"):
        assert moment(when.isoformat()) is None
    else:
        assert moment(when.isoformat()) == when.isoformat()
        assert moment(format_datetime(when)) == when.isoformat()


@given(st.text(max_size=40) | st.from_regex(r"[0-9A-Za-z ,:+()-]{0,40}", fullmatch=True))
def test_any_text_is_a_date_or_none(text: str) -> None:
    """Whatever stands for a date is read or not; nothing else happens."""
    found = moment(text)
    assert found is None or found[4] == "-"
