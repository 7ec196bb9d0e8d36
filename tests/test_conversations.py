"""Conversations are kept whole, found by their ids, and forgotten when told to."""

from __future__ import annotations

import dataclasses
import os
import re
import stat
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.conversations import Conversations, turns_of
from rag.errors import NotFound
from rag.schema import Turn
from tests import kept_turns
from tests.kept_turns import FOREIGN, NOON, REFUSED, answers, file_of, zones
from tests.samples import ANSWER, ARTICLE_ID, CITATION, METADATA, PASSAGE, wild

kept = kept_turns.kept


# Answers as JSON ---------------------------------------------------------------------------


recently = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=zones)

# Keeping -----------------------------------------------------------------------------------


def test_kept_and_opened(kept: Conversations) -> None:
    """Two turns come back in order, with what was asked, when, and all that was answered."""
    name = kept.new()
    kept.append(name, ANSWER, asked=NOON.astimezone(timezone(timedelta(hours=7))))
    kept.append(name, REFUSED, asked=NOON + timedelta(minutes=1))
    opened = kept.open(name)
    assert [turn.answer for turn in opened.turns] == [ANSWER, REFUSED]
    assert [turn.asked for turn in opened.turns] == [NOON, NOON + timedelta(minutes=1)]
    assert opened.turns[0].asked.tzinfo is UTC
    assert (opened.started, opened.title, opened.damaged) == (NOON, ANSWER.question, False)


def test_asked_now(kept: Conversations) -> None:
    """A turn for which no time is given was asked about now."""
    name = kept.new()
    kept.append(name, ANSWER)
    assert abs(kept.open(name).started - datetime.now(UTC)) < timedelta(minutes=1)


def test_nothing_on_disk_before_the_first_turn(kept: Conversations) -> None:
    """An id alone leaves nothing behind, and so does looking."""
    name = kept.new()
    assert re.fullmatch(r"\d{8}-\d{6}-[0-9a-z]{6}", name)
    assert kept.list() == []
    with pytest.raises(NotFound):
        kept.open(name)
    assert not kept.folder.parent.exists()


def test_ids_differ(kept: Conversations) -> None:
    """Ids made in one moment differ, and their beginnings sort by time."""
    names = [kept.new() for _ in range(2000)]
    assert len(set(names)) == 2000
    assert [name[:15] for name in names] == sorted(name[:15] for name in names)


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_only_the_owner_can_read(kept: Conversations) -> None:
    """Whatever the umask lets through, folder and files are their owner's alone."""
    before = os.umask(0)
    try:
        name = kept.new()
        kept.append(name, ANSWER)
    finally:
        os.umask(before)
    made = (kept.folder.parent, kept.folder, file_of(kept, name))
    assert [stat.S_IMODE(path.stat().st_mode) for path in made] == [0o700, 0o700, 0o600]


def test_the_one_last_spoken_in_is_first(kept: Conversations) -> None:
    """The list tells each conversation's first question, size, and times, newest first."""
    old, new = kept.new(), kept.new()
    kept.append(new, REFUSED, asked=NOON + timedelta(minutes=5))
    kept.append(old, ANSWER, asked=NOON)
    assert [summary.conversation_id for summary in kept.list()] == [new, old]
    kept.append(old, REFUSED, asked=NOON + timedelta(minutes=9))
    first = kept.list()[0]
    assert (first.conversation_id, first.title, first.turns) == (old, ANSWER.question, 2)
    assert (first.started, first.last) == (NOON, NOON + timedelta(minutes=9))


@settings(max_examples=60, deadline=None)
@given(
    asked=st.lists(st.tuples(wild, recently), min_size=1, max_size=4),
    cut=st.none() | st.floats(0, 1),
    data=st.data(),
)
def test_the_list_tells_what_opening_does(
    tmp_path_factory: pytest.TempPathFactory,
    asked: list[tuple[str, datetime]],
    cut: float | None,
    data: st.DataObject,
) -> None:
    """Whatever was asked, and wherever a kill cut the last line, list and opening agree."""
    kept = Conversations(tmp_path_factory.mktemp("data"))
    name = "20261121-120000-abcdef"
    for question, time in asked:
        answer = data.draw(answers)
        kept.append(name, dataclasses.replace(answer, question=question), asked=time)
    if cut is not None:
        path = file_of(kept, name)
        whole = path.read_bytes()
        last = whole.rstrip(b"\n").rfind(b"\n") + 1
        path.write_bytes(whole[: last + 1 + int(cut * (len(whole) - last - 2))])
    (summary,) = kept.list()
    opened = kept.open(name)
    assert (summary.title, summary.started) == (opened.title, opened.started)
    assert (summary.turns, summary.damaged) == (len(opened.turns), opened.damaged)
    assert summary.last == max((turn.asked for turn in opened.turns), default=opened.started)


# Ids ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("foreign", FOREIGN)
def test_an_id_names_no_other_file(kept: Conversations, foreign: str) -> None:
    """What has not the form of an id reaches no file, to write, read or delete."""
    name = kept.new()
    kept.append(name, ANSWER)
    secret = kept.folder.parent / "secret.jsonl"
    secret.write_text("keep me")
    before = sorted(kept.folder.parent.rglob("*"))
    for attempt in (
        lambda: kept.append(foreign, ANSWER),
        lambda: kept.open(foreign),
        lambda: kept.forget(foreign),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert sorted(kept.folder.parent.rglob("*")) == before
    assert secret.read_text() == "keep me"


def test_prefixes(kept: Conversations) -> None:
    """A beginning that only one id has stands for it; too short, none or several are told."""
    one, two = "20261121-120000-abcdef", "20261121-120000-abxyzw"
    kept.append(one, ANSWER)
    kept.append(two, REFUSED)
    assert kept.open(" 20261121-120000-ABC ").conversation_id == one
    assert kept.open(two).title == "Who won?"
    with pytest.raises(NotFound, match="2 conversations") as several:
        kept.open("2026")
    assert one in several.value.hint
    assert two in several.value.hint
    with pytest.raises(NotFound, match="too short"):
        kept.open("202")
    with pytest.raises(NotFound, match="no conversation"):
        kept.open("2025")


# Forgetting --------------------------------------------------------------------------------


def test_forgotten(kept: Conversations) -> None:
    """A forgotten conversation has no file; its summary tells what it was; others stay."""
    one, two = kept.new(), kept.new()
    kept.append(one, ANSWER)
    kept.append(two, REFUSED)
    gone = kept.forget(one)
    assert (gone.title, gone.turns) == (ANSWER.question, 1)
    assert [path.stem for path in kept.folder.iterdir()] == [two]
    with pytest.raises(NotFound):
        kept.forget(one)


def test_all_forgotten(kept: Conversations) -> None:
    """Forgetting everything deletes the conversations, counts them, and nothing else."""
    assert kept.forget_all() == 0
    for answer in (ANSWER, REFUSED):
        kept.append(kept.new(), answer)
    (kept.folder / "notes.jsonl").write_text("mine")
    assert kept.forget_all() == 2
    assert [path.name for path in kept.folder.iterdir()] == ["notes.jsonl"]
    assert kept.list() == []


def test_turns_for_a_follow_up(kept: Conversations) -> None:
    """A follow-up gets each turn's question, answer, refusal, and articles by first use."""
    later = dataclasses.replace(
        CITATION,
        marker=2,
        passage=dataclasses.replace(PASSAGE, article_id="f" * 16, metadata=METADATA),
    )
    answer = dataclasses.replace(ANSWER, citations=(later, CITATION, CITATION), query="Desa?")
    name = kept.new()
    kept.append(name, answer)
    kept.append(name, REFUSED)
    assert turns_of(kept.open(name)) == (
        Turn(
            question=ANSWER.question,
            query="Desa?",
            text=ANSWER.text,
            language="id",
            article_ids=(ARTICLE_ID, "f" * 16),
        ),
        Turn(
            question="Who won?",
            query="Who won?",
            text="The articles do not say.",
            language="en",
            abstention="not_in_evidence",
        ),
    )
