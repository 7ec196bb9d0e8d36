"""Conversations are kept whole, survive a kill, and are forgotten when told to."""

from __future__ import annotations

import dataclasses
import json
import math
import os
import re
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.conversations import Conversations, turns_of
from rag.errors import NotFound, StoreError
from rag.jsonform import dumps
from rag.packing import packed, unpacked
from rag.schema import (
    Abstention,
    Answer,
    Citation,
    Hit,
    Metadata,
    Passage,
    PublishedBasis,
    Statement,
    Turn,
    Verdict,
)
from tests.samples import ANSWER, ARTICLE_ID, CITATION, METADATA, PASSAGE, ROOT, SPANNED, wild

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
REFUSED = Answer(
    question="Who won?",
    query="Who won?",
    text="The articles do not say.",
    language="en",
    abstention="not_in_evidence",
)


@pytest.fixture
def kept(tmp_path: Path) -> Conversations:
    return Conversations(tmp_path / "data")


def file_of(kept: Conversations, conversation_id: str) -> Path:
    return kept.folder / f"{conversation_id}.jsonl"


# Answers as JSON ---------------------------------------------------------------------------

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
numbers = st.floats(allow_nan=False)
whole = st.integers(0, 2**53)
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
times = st.datetimes(timezones=zones).map(lambda time: time.replace(fold=0))
recently = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=zones)
metadata = st.builds(
    Metadata,
    title=words,
    source=words,
    url=st.none() | words,
    publisher=st.none() | words,
    authors=st.lists(words, max_size=2).map(tuple),
    published=st.none() | st.dates(),
    published_at=st.none() | times,
    published_basis=st.none() | st.sampled_from(get_args(PublishedBasis)),
    modified=st.none() | st.dates(),
    language=st.none() | words,
)
passages = st.builds(
    Passage, article_id=words, start=whole, end=whole, text=words, metadata=metadata
)
answers = st.builds(
    Answer,
    question=words,
    query=words,
    text=words,
    language=words,
    statements=st.lists(
        st.builds(
            Statement,
            start=whole,
            end=whole,
            markers=st.lists(whole, max_size=2).map(tuple),
            verdict=st.sampled_from(get_args(Verdict)),
            reasons=st.lists(words, max_size=2).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
    citations=st.lists(
        st.builds(Citation, marker=whole, passage=passages, start=whole, end=whole, quote=words),
        max_size=2,
    ).map(tuple),
    hits=st.lists(
        st.builds(
            Hit,
            passage=passages,
            rank=whole,
            score=numbers,
            scores=st.dictionaries(words, numbers, max_size=2),
            copies=st.lists(passages, max_size=2).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
    evidence_score=numbers,
    answerer=words,
    abstention=st.none() | st.sampled_from(get_args(Abstention)),
    notices=st.lists(words, max_size=2).map(tuple),
    seconds=st.dictionaries(words, numbers, max_size=2),
    tokens=st.dictionaries(words, whole, max_size=2),
)


@settings(max_examples=60, deadline=None)
@given(answers)
def test_json_and_back(answer: Answer) -> None:
    """An answer read back is the answer that was kept, its zones included."""
    back = unpacked(json.loads(dumps(packed(answer))))
    assert back == answer
    # Times in two zones can be equal; what an article states must not be told otherwise.
    assert repr(back) == repr(answer)


def test_the_words_that_answer_are_kept() -> None:
    """An answer read back names the same words; one kept before they were named has none."""
    plain = json.loads(dumps(packed(SPANNED)))
    assert unpacked(plain) == SPANNED
    del plain["answer"]["answer_span"]
    assert unpacked(plain).answer_span is None


def test_no_number_is_lost() -> None:
    """Scores that JSON has no number for come back as they were."""
    scores = {"dense": math.inf, "lexical": -math.inf, "odd": math.nan}
    answer = dataclasses.replace(
        ANSWER, hits=(Hit(passage=PASSAGE, rank=1, score=0.1, scores=scores),)
    )
    text = dumps(packed(answer))
    assert "NaN" not in text
    back = unpacked(json.loads(text)).hits[0].scores
    assert (back["dense"], back["lexical"]) == (math.inf, -math.inf)
    assert math.isnan(back["odd"])


def test_a_passage_is_written_once() -> None:
    """A passage that is a hit and cited twice stands in the line once."""
    answer = dataclasses.replace(ANSWER, citations=(CITATION, CITATION))
    assert dumps(packed(answer)).count("Warga mengungsi ke balai desa.") == 1


def test_what_a_later_kutip_adds() -> None:
    """A field that is not known is passed over; one that is missing has its default."""
    plain = json.loads(dumps(packed(ANSWER)))
    plain["answer"]["mood"] = "good"
    del plain["answer"]["notices"]
    assert unpacked(plain) == ANSWER


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


# Kills, damage, other processes ------------------------------------------------------------


def test_a_torn_line(kept: Conversations) -> None:
    """Wherever a kill cuts the last line, the turns before it are read and the loss is said."""
    name = kept.new()
    kept.append(name, ANSWER)
    whole = file_of(kept, name).read_bytes()
    kept.append(name, REFUSED)
    both = file_of(kept, name).read_bytes()
    for cut in (len(whole) + 1, (len(whole) + len(both)) // 2, len(both) - 2):
        file_of(kept, name).write_bytes(both[:cut])
        opened = kept.open(name)
        assert [turn.answer for turn in opened.turns] == [ANSWER]
        assert opened.damaged
        assert kept.list()[0].damaged
        kept.append(name, REFUSED)
        opened = kept.open(name)
        assert [turn.answer for turn in opened.turns] == [ANSWER, REFUSED]
        assert opened.damaged
    file_of(kept, name).write_bytes(both[:-1])  # only the line's end is missing
    assert not kept.open(name).damaged
    kept.append(name, ANSWER)
    assert [turn.answer for turn in kept.open(name).turns] == [ANSWER, REFUSED, ANSWER]


def test_a_torn_first_line(kept: Conversations) -> None:
    """A conversation of which nothing can be read is listed, dated by its id, and goes on."""
    kept.folder.mkdir(parents=True)
    name = "20261121-120000-abcdef"
    file_of(kept, name).write_bytes(b'{"version": 1, "asked')
    (summary,) = kept.list()
    assert (summary.title, summary.turns, summary.damaged) == ("", 0, True)
    assert summary.started == NOON
    kept.append(name, ANSWER)
    assert kept.open(name).title == ANSWER.question


@pytest.mark.parametrize(
    "altered",
    [
        b"",
        b"5",
        b"null",
        b"[]",
        b"{}",
        b"\x00" * 64,
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"version": "1"}',
        b'{"version": 0}',
    ],
)
def test_an_altered_line(kept: Conversations, altered: bytes) -> None:
    """A line that is no turn is passed over and said, unless it is empty; never an exception."""
    name = kept.new()
    kept.append(name, ANSWER)
    path = file_of(kept, name)
    path.write_bytes(altered + b"\n" + path.read_bytes())
    opened = kept.open(name)
    assert [turn.answer for turn in opened.turns] == [ANSWER]
    assert opened.damaged == bool(altered)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("asked", 5),
        ("asked", "2026-11-21T12:00:00"),
        ("asked", "0001-01-01T00:00:00+14:00"),
        ("passages", {}),
        ("passages", [3]),
        ("metadata", []),
        ("answer", None),
        ("answer.text", 5),
        ("answer.text", None),
        ("answer.abstention", "bored"),
        ("answer.citations", "text"),
        ("answer.citations", [{"marker": 1}]),
        ("answer.citations.0.passage", -1),
        ("answer.citations.0.passage", 99),
        ("answer.citations.0.start", 1.5),
        ("answer.citations.0.start", True),
        ("answer.hits.0.scores", []),
        ("answer.hits.0.score", "high"),
        ("metadata.0.published", "yesterday"),
    ],
)
def test_an_altered_field(kept: Conversations, field: str, value: object) -> None:
    """A line whose fields are not what was written is no turn; none of it is guessed."""
    name = kept.new()
    kept.append(name, ANSWER)
    line = json.loads(file_of(kept, name).read_bytes())
    at = line
    *path, last = field.split(".")
    for step in path:
        at = at[int(step) if step.isdigit() else step]
    at[last] = value
    file_of(kept, name).write_text(json.dumps(line) + "\n")
    opened = kept.open(name)
    assert (opened.turns, opened.damaged) == ((), True)


def test_a_later_version(kept: Conversations) -> None:
    """What a newer Kutip wrote is not half read; it is listed with the reason, and can go."""
    name, other = kept.new(), kept.new()
    kept.append(name, ANSWER)
    kept.append(other, REFUSED)
    path = file_of(kept, name)
    path.write_bytes(path.read_bytes().replace(b'"version": 1', b'"version": 2'))
    with pytest.raises(StoreError, match="newer Kutip") as raised:
        kept.open(name)
    assert raised.value.hint
    problems = {summary.conversation_id: summary.problem for summary in kept.list()}
    assert "newer Kutip" in problems[name]
    assert problems[other] == ""
    assert kept.forget(name).conversation_id == name
    assert not path.exists()


WRITER = """
import sys
from pathlib import Path
from rag.conversations import Conversations
from tests.samples import ANSWER
import dataclasses
kept = Conversations(Path(sys.argv[1]))
sys.stdin.readline()
for number in range(40):
    kept.append(sys.argv[2], dataclasses.replace(ANSWER, question=f"{sys.argv[3]} {number}"))
"""


def test_two_processes_at_once(kept: Conversations) -> None:
    """Turns that two processes keep at the same time in one conversation are all there, whole."""
    name = kept.new()
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(kept.folder.parent), name, who],
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
    opened = kept.open(name)
    asked = [turn.answer.question for turn in opened.turns]
    assert not opened.damaged
    for who in ("a", "b"):
        assert [a for a in asked if a[0] == who] == [f"{who} {number}" for number in range(40)]


FULL = """
import resource, sys
from pathlib import Path
from rag.conversations import Conversations
from rag.errors import StoreError
from tests.samples import ANSWER
kept = Conversations(Path(sys.argv[1]))
path = kept.folder / f"{sys.argv[2]}.jsonl"
most = path.stat().st_size + 300
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
try:
    kept.append(sys.argv[2], ANSWER)
except StoreError as error:
    print(error.message, "|", error.hint)
"""


@pytest.mark.skipif(os.name != "posix", reason="the limit on a file's size is POSIX")
def test_no_room(kept: Conversations) -> None:
    """Where a turn does not fit, one line says so; what was kept stays, and it goes on later."""
    name = kept.new()
    kept.append(name, ANSWER)
    said = subprocess.run(
        [sys.executable, "-c", FULL, str(kept.folder.parent), name],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout
    assert said.count("\n") == 1
    assert str(file_of(kept, name)) in said
    assert "Free some space" in said
    assert [turn.answer for turn in kept.open(name).turns] == [ANSWER]
    kept.append(name, REFUSED)
    assert [turn.answer for turn in kept.open(name).turns] == [ANSWER, REFUSED]


def test_no_folder_can_be_made(tmp_path: Path) -> None:
    """A data folder that cannot be is a `StoreError`, to write and to read."""
    (tmp_path / "data").write_text("a file")
    kept = Conversations(tmp_path / "data")
    for attempt in (lambda: kept.append(kept.new(), ANSWER), kept.list):
        with pytest.raises(StoreError) as raised:
            attempt()
        assert str(tmp_path / "data") in raised.value.message
        assert raised.value.hint


@pytest.mark.skipif(os.name != "posix", reason="needs symbolic links")
def test_links_are_not_followed(kept: Conversations, tmp_path: Path) -> None:
    """A link under a conversation's name neither shows nor changes what it points to."""
    name = kept.new()
    kept.append(name, ANSWER)
    target = file_of(kept, name).rename(tmp_path / "elsewhere.jsonl")
    before = target.read_bytes()
    file_of(kept, name).symlink_to(target)
    for attempt in (lambda: kept.append(name, REFUSED), lambda: kept.open(name)):
        with pytest.raises(StoreError):
            attempt()
    assert kept.list()[0].problem
    kept.forget(name)
    assert target.read_bytes() == before


# Ids ---------------------------------------------------------------------------------------

FOREIGN = (
    "",
    ".",
    "..",
    "../secret",
    "../../etc/passwd",
    "/etc/passwd",
    "C:\\secret",
    "20261121-120000-abcdef/../../secret",
    "20261121-120000-abcdef\n",
    "20261121-120000-abcdef\x00",
    "20261121-120000-abc.ef",
    "20261121-120000-ABCDEF",
    "٢٠٢٦١١٢١-120000-abcdef",
    "20261121-120000-abcdefg",
    "~root",
    "*",
)


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


# Cutting short -----------------------------------------------------------------------------

SECOND = dataclasses.replace(ANSWER, question="Kapan?")
THIRD = dataclasses.replace(ANSWER, question="Di mana?")


def test_only_the_first_turns_stay(kept: Conversations) -> None:
    """The first turns stay as they were written, to the byte; what is asked next follows them."""
    name, other = kept.new(), kept.new()
    kept.append(other, REFUSED)
    kept.append(name, ANSWER)
    kept.append(name, SECOND)
    two = file_of(kept, name).read_bytes()
    kept.append(name, THIRD)
    kept.keep_first(name, 2)
    assert file_of(kept, name).read_bytes() == two
    kept.append(name, REFUSED)
    assert [turn.answer for turn in kept.open(name).turns] == [ANSWER, SECOND, REFUSED]
    assert not kept.open(name).damaged
    assert sorted(path.stem for path in kept.folder.iterdir()) == sorted([name, other])
    if os.name == "posix":
        assert stat.S_IMODE(file_of(kept, name).stat().st_mode) == 0o600


def test_no_turn_stays(kept: Conversations) -> None:
    """Of a conversation without turns there is no file."""
    name, other = kept.new(), kept.new()
    kept.append(name, ANSWER)
    kept.append(other, REFUSED)
    kept.keep_first(name, 0)
    assert [path.stem for path in kept.folder.iterdir()] == [other]
    for turns in (0, 1):
        with pytest.raises(NotFound):
            kept.keep_first(name, turns)


@pytest.mark.parametrize("turns", [2, 3, 99])
def test_as_many_turns_as_there_are(kept: Conversations, turns: int) -> None:
    """To keep all turns changes nothing; the file is not even written."""
    name = kept.new()
    kept.append(name, ANSWER)
    kept.append(name, SECOND)
    before = file_of(kept, name).stat()
    kept.keep_first(name, turns)
    after = file_of(kept, name).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_unreadable_lines_before_the_cut_stay(kept: Conversations) -> None:
    """What cannot be read is not counted, stays before the last turn kept, and goes behind it."""
    name = kept.new()
    kept.append(name, ANSWER)
    path = file_of(kept, name)
    whole = path.read_bytes()
    path.write_bytes(b"\x00\xff\n" + whole + b"torn\n" + whole + b"torn again\n" + whole)
    kept.keep_first(name, 2)
    assert path.read_bytes() == b"\x00\xff\n" + whole + b"torn\n" + whole
    kept.keep_first(name, 1)
    assert path.read_bytes() == b"\x00\xff\n" + whole


def test_a_torn_last_line_is_behind_the_cut(kept: Conversations) -> None:
    """A line that a kill cut goes with the turns dropped; a turn without a line end is whole."""
    name = kept.new()
    kept.append(name, ANSWER)
    path = file_of(kept, name)
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:40])
    kept.keep_first(name, 1)
    assert path.read_bytes() == whole
    path.write_bytes(whole + whole[:-1])
    kept.keep_first(name, 2)
    assert len(kept.open(name).turns) == 2


def test_a_later_version_is_not_cut(kept: Conversations) -> None:
    """A line that a newer Kutip wrote is not dropped unread."""
    name = kept.new()
    kept.append(name, ANSWER)
    path = file_of(kept, name)
    both = path.read_bytes() + path.read_bytes().replace(b'"version": 1', b'"version": 2')
    path.write_bytes(both)
    with pytest.raises(StoreError, match="newer Kutip"):
        kept.keep_first(name, 1)
    assert path.read_bytes() == both


@pytest.mark.parametrize("foreign", FOREIGN)
@pytest.mark.parametrize("turns", [0, 1])
def test_no_other_file_is_cut(kept: Conversations, foreign: str, turns: int) -> None:
    """What has not the form of an id is no conversation to be cut, and a prefix is none either."""
    name = "20261121-120000-abcdef"
    kept.append(name, ANSWER)
    for wrong in (foreign, "2026", "20261121-120000-abcdeg"):
        with pytest.raises(NotFound):
            kept.keep_first(wrong, turns)
    with pytest.raises(ValueError, match="-1"):
        kept.keep_first(name, -1)
    assert len(kept.open(name).turns) == 1


KILLED = """
import os, signal, sys
from pathlib import Path
from rag import lines
from rag.conversations import Conversations

calls = [0]

def dying(real):
    def call(*arguments, **options):
        calls[0] += 1
        if calls[0] == int(sys.argv[3]):
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments, **options)
    return call

for name in ("open", "fdopen", "fsync", "close"):
    setattr(os, name, dying(getattr(os, name)))
Path.replace = dying(Path.replace)
Path.unlink = dying(Path.unlink)
Conversations(Path(sys.argv[1])).keep_first(sys.argv[2], 1)
print("done", calls[0])
"""


@pytest.mark.skipif(os.name != "posix", reason="kills are POSIX")
def test_killed_while_cutting(kept: Conversations) -> None:
    """Wherever a kill comes, all turns are there or the first alone; then it can be forgotten."""
    name = kept.new()
    kept.append(name, ANSWER)
    one = file_of(kept, name).read_bytes()
    kept.append(name, SECOND)
    both = file_of(kept, name).read_bytes()
    left = []
    for call in range(1, 40):
        file_of(kept, name).write_bytes(both)
        ran = subprocess.run(
            [sys.executable, "-c", KILLED, str(kept.folder.parent), name, str(call)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
        )
        left.append(file_of(kept, name).read_bytes())
        assert left[-1] in (both, one)
        assert [summary.conversation_id for summary in kept.list()] == [name]
        if ran.returncode == 0:
            break
        assert ran.returncode == -9
    else:
        raise AssertionError("it never came to an end")
    # Old ones, then new ones; several of each, or the kills came at no interesting time.
    assert left == sorted(left, key=lambda data: data == one)
    assert left.count(both) > 3
    assert left.count(one) > 1
    kept.forget(name)
    assert list(kept.folder.iterdir()) == []


def test_what_a_kill_left_is_forgotten_too(kept: Conversations) -> None:
    """A half-written copy is not listed, and goes with its conversation."""
    name = kept.new()
    kept.append(name, ANSWER)
    (kept.folder / f"{name}.part").write_bytes(b"half")
    assert [summary.conversation_id for summary in kept.list()] == [name]
    assert kept.forget_all() == 1
    assert list(kept.folder.iterdir()) == []


CUTTER = """
import sys
from pathlib import Path
from rag.conversations import Conversations
kept = Conversations(Path(sys.argv[1]))
sys.stdin.readline()
for _ in range(60):
    kept.keep_first(sys.argv[2], 3)
"""


@pytest.mark.skipif(os.name != "posix", reason="the lock is POSIX")
def test_asked_and_cut_at_once(kept: Conversations) -> None:
    """While one process cuts, what another one appends is dropped as a whole or follows whole.

    The turns that are kept are always there, in order come the rest, and the last turn of
    all, appended after the last cut, is never lost.
    """
    name = kept.new()
    for answer in (ANSWER, SECOND, THIRD):
        kept.append(name, answer)
    arguments = [str(kept.folder.parent), name, "a"]
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", script, *arguments], cwd=ROOT, stdin=subprocess.PIPE
        )
        for script in (WRITER, CUTTER)
    ]
    for process in processes:
        assert process.stdin
        process.stdin.write(b"go\n")
        process.stdin.close()
    assert [process.wait(60) for process in processes] == [0, 0]
    kept.append(name, REFUSED)
    opened = kept.open(name)
    assert not opened.damaged
    first, rest = opened.turns[:3], [turn.answer.question for turn in opened.turns[3:-1]]
    assert [turn.answer for turn in first] == [ANSWER, SECOND, THIRD]
    assert rest == [f"a {number}" for number in range(40 - len(rest), 40)]
    assert opened.turns[-1].answer == REFUSED


@pytest.mark.skipif(os.name != "posix", reason="needs symbolic links")
def test_a_link_is_not_cut(kept: Conversations, tmp_path: Path) -> None:
    """A link under a conversation's name is refused, and what it points to stays."""
    name = kept.new()
    kept.append(name, ANSWER)
    kept.append(name, SECOND)
    target = file_of(kept, name).rename(tmp_path / "elsewhere.jsonl")
    before = target.read_bytes()
    file_of(kept, name).symlink_to(target)
    with pytest.raises(StoreError):
        kept.keep_first(name, 1)
    assert target.read_bytes() == before
    kept.keep_first(name, 0)
    assert target.read_bytes() == before
    assert list(kept.folder.iterdir()) == []


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
