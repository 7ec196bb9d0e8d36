"""What readers thought of answers is kept line by line, and read back as it was given."""

from __future__ import annotations

import dataclasses
import json
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.conversations import Conversations
from rag.errors import StoreError
from rag.feedback import NOTE, Feedback, Opinion
from rag.layout import sanitise
from tests.samples import ANSWER, ARTICLE_ID, CONTROL, HOSTILE, ROOT, wild

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LIKED = Opinion(
    when=NOON,
    conversation_id="20261121-120000-abcdef",
    turn=0,
    question="Berapa desa terendam?",
    answer_text="Banjir merendam 12 desa di Demak. [1]",
    answerer="extractive",
    liked=True,
    note="Tepat.",
    article_ids=(ARTICLE_ID,),
)
DISLIKED = dataclasses.replace(
    LIKED, turn=1, liked=False, note="", when=NOON + timedelta(minutes=1), article_ids=()
)


@pytest.fixture
def feedback(tmp_path: Path) -> Feedback:
    return Feedback(tmp_path / "data")


def test_given_and_read(feedback: Feedback) -> None:
    """Opinions come back in the order they were given, a later one on the same turn too."""
    changed = dataclasses.replace(LIKED, liked=False, note="Salah desa.")
    for opinion in (LIKED, DISLIKED, changed):
        feedback.add(opinion)
    assert list(feedback.read()) == [LIKED, DISLIKED, changed]
    assert feedback.path.read_bytes().count(b"\n") == 3
    assert feedback.path.name == "feedback.jsonl"


def test_the_latest(feedback: Feedback) -> None:
    """Of a conversation, the last opinion on each turn counts; those on others are not told."""
    changed = dataclasses.replace(LIKED, liked=False, note="Salah desa.")
    other = dataclasses.replace(LIKED, conversation_id="20261121-130000-abcdef")
    for opinion in (LIKED, DISLIKED, changed, other):
        feedback.add(opinion)
    assert feedback.latest(LIKED.conversation_id) == {0: changed, 1: DISLIKED}
    assert feedback.latest("20261121-140000-abcdef") == {}


def test_a_line_is_plain_json(feedback: Feedback) -> None:
    """A line tells its version and every field under its own name, for whoever reads the file."""
    feedback.add(LIKED)
    assert json.loads(feedback.path.read_text("utf-8")) == {
        "version": 1,
        "when": "2026-11-21T12:00:00+00:00",
        "conversation_id": "20261121-120000-abcdef",
        "turn": 0,
        "question": "Berapa desa terendam?",
        "answer_text": "Banjir merendam 12 desa di Demak. [1]",
        "answerer": "extractive",
        "liked": True,
        "note": "Tepat.",
        "article_ids": [ARTICLE_ID],
    }


def test_the_time_is_told_in_utc(feedback: Feedback) -> None:
    """A time in another zone is kept as the same moment in UTC."""
    feedback.add(dataclasses.replace(LIKED, when=NOON.astimezone(timezone(timedelta(hours=7)))))
    (opinion,) = feedback.read()
    assert (opinion.when, opinion.when.tzinfo) == (NOON, UTC)


@settings(max_examples=60, deadline=None)
@given(question=wild, text=wild, note=wild, liked=st.booleans(), turn=st.integers(0, 2**53))
def test_any_text(
    tmp_path_factory: pytest.TempPathFactory,
    question: str,
    text: str,
    note: str,
    liked: bool,
    turn: int,
) -> None:
    """Whatever is typed, one opinion is one line, and comes back; of the note what can be seen."""
    feedback = Feedback(tmp_path_factory.mktemp("data"))
    given = dataclasses.replace(
        LIKED, question=question, answer_text=text, note=note, liked=liked, turn=turn
    )
    feedback.add(given)
    feedback.add(LIKED)
    first, second = feedback.read()
    # JSON has no lone surrogates.
    lone = str.maketrans(dict.fromkeys(range(0xD800, 0xE000), "\ufffd"))
    assert (first.question, first.answer_text) == (question.translate(lone), text.translate(lone))
    assert first.note == sanitise(note).strip()
    assert (first.liked, first.turn, second) == (liked, turn, LIKED)


def test_a_note_is_cut_and_clean(feedback: Feedback) -> None:
    """Of a note the first 2,000 characters are kept, without what a terminal obeys."""
    feedback.add(dataclasses.replace(LIKED, note=f" {HOSTILE}\nb{'a' * 3_000}"))
    (opinion,) = feedback.read()
    assert opinion.note.startswith("red gnp.exe here\nbaaa")
    assert len(opinion.note) == NOTE == 2_000
    assert not CONTROL.search(feedback.path.read_text("utf-8").rstrip("\n"))


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_only_the_owner_can_read(feedback: Feedback) -> None:
    """Whatever the umask lets through, folder and file are their owner's alone."""
    before = os.umask(0)
    try:
        feedback.add(LIKED)
    finally:
        os.umask(before)
    made = (feedback.path.parent, feedback.path)
    assert [stat.S_IMODE(path.stat().st_mode) for path in made] == [0o700, 0o600]


def test_nothing_on_disk_before_the_first(feedback: Feedback) -> None:
    """To look leaves nothing behind."""
    assert list(feedback.read()) == []
    assert not feedback.path.parent.exists()


def test_a_torn_line(feedback: Feedback) -> None:
    """Wherever a kill cuts the last line, the others are read and the next one is whole."""
    feedback.add(LIKED)
    whole = feedback.path.read_bytes()
    for cut in range(1, len(whole) - 1, 17):
        feedback.path.write_bytes(whole + whole[:cut])
        assert list(feedback.read()) == [LIKED]
        feedback.add(DISLIKED)
        assert list(feedback.read()) == [LIKED, DISLIKED]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("version", 2),
        ("version", True),
        ("when", "2026-11-21T12:00:00"),
        ("when", 5),
        ("turn", True),
        ("turn", "0"),
        ("liked", 1),
        ("liked", None),
        ("note", None),
        ("question", 5),
        ("article_ids", "0123"),
        ("article_ids", [5]),
    ],
)
def test_an_altered_line(feedback: Feedback, field: str, value: object) -> None:
    """A line whose fields are not what was written is left out; none of it is guessed."""
    feedback.add(LIKED)
    line = json.loads(feedback.path.read_bytes())
    altered = json.dumps(line | {field: value})
    missing = json.dumps({name: line[name] for name in line if name != field})
    feedback.path.write_text(f"{altered}\n{missing}\n5\n[]\n{json.dumps(line)}\n")
    assert list(feedback.read()) == [LIKED]


WRITER = """
import dataclasses, sys
from pathlib import Path
from rag.feedback import Feedback
from tests.test_feedback import LIKED
feedback = Feedback(Path(sys.argv[1]))
sys.stdin.readline()
for number in range(40):
    feedback.add(dataclasses.replace(LIKED, turn=number, note=sys.argv[2]))
"""


def test_two_processes_at_once(feedback: Feedback) -> None:
    """Opinions that two processes keep at the same time are all there, whole."""
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(feedback.path.parent), who],
            cwd=ROOT,
            stdin=subprocess.PIPE,
        )
        for who in ("a", "b")
    ]
    for writer in writers:
        assert writer.stdin
        writer.stdin.write(b"go\n")
        writer.stdin.close()
    assert [writer.wait(60) for writer in writers] == [0, 0]
    read = list(feedback.read())
    assert len(read) == 80
    for who in ("a", "b"):
        assert [opinion.turn for opinion in read if opinion.note == who] == list(range(40))


def test_no_folder_can_be_made(tmp_path: Path) -> None:
    """A data folder that cannot be is a `StoreError`, to write and to read."""
    (tmp_path / "data").write_text("a file")
    feedback = Feedback(tmp_path / "data")
    for attempt in (lambda: feedback.add(LIKED), lambda: list(feedback.read())):
        with pytest.raises(StoreError) as raised:
            attempt()
        assert str(feedback.path) in raised.value.message
        assert raised.value.hint


@pytest.mark.skipif(os.name != "posix", reason="needs symbolic links")
def test_a_link_is_not_written_through(feedback: Feedback, tmp_path: Path) -> None:
    """A link in the file's place does not change what it points to."""
    feedback.path.parent.mkdir()
    (tmp_path / "elsewhere").write_text("mine")
    feedback.path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError):
        feedback.add(LIKED)
    assert (tmp_path / "elsewhere").read_text() == "mine"


def test_forgetting_a_conversation_forgets_what_was_thought_of_it(feedback: Feedback) -> None:
    """Opinions repeat question and answer, so they go with the conversation; others stay."""
    kept = Conversations(feedback.path.parent)
    first, second = kept.new(), kept.new()
    for conversation_id in (first, second):
        kept.append(conversation_id, ANSWER)
        feedback.add(dataclasses.replace(LIKED, conversation_id=conversation_id))
    kept.forget(first)
    assert [opinion.conversation_id for opinion in feedback.read()] == [second]
    assert kept.forget_all() == 1
    assert list(feedback.read()) == []
