"""`kutip` in a real process: when words appear, what Ctrl-C stops, what a kill leaves."""

from __future__ import annotations

import json
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import newsroom
from tests.fakes import FakeOllama, Script, quoting
from tests.live import Live
from tests.newsroom import LATE, WHO, Newsroom, label, saying

made = newsroom.news

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and terminals of Unix")

AT_ONCE = 0.3  # seconds within which a request that nobody waits for is ended
ODILE = saying(f"{LATE} [{{Odile}}]")
SAID = "Odile Marsh said the gates had been opened too late. [{Odile}]"
SLOW = saying(SAID, every=5.0)


@pytest.fixture
def store(made: Newsroom, tmp_path: Path) -> Path:
    """The same library with no conversation in it."""
    return made.copy(tmp_path).folder


def _of(body: dict[str, Any]) -> str:
    return label(body, "Odile")


def waited(met: Callable[[], Any], *, seconds: float = 20.0) -> None:
    """Wait until something is so."""
    until = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.fixture(scope="module")
def server() -> Iterator[FakeOllama]:
    """A server of models for the running chat."""
    with FakeOllama() as started:
        yield started


@pytest.fixture(scope="module", params=["pipes", "terminal"])
def running(
    request: pytest.FixtureRequest,
    made: Newsroom,
    server: FakeOllama,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Live]:
    """One `kutip chat` that several tests talk to; it ends well."""
    folder = made.copy(tmp_path_factory.mktemp("chat")).folder
    terminal = request.param == "terminal"
    with Live("chat", folder=folder, server=server.url, terminal=terminal) as kutip:
        server.script = ODILE
        kutip.write(WHO)  # so that all is loaded
        kutip.until("Written by")
        yield kutip
        kutip.forget()
        kutip.write("/history")
        kutip.until(f"1. {WHO}")
        kutip.write("/quit")
        assert kutip.process.wait(20) == 0
        assert "Traceback" not in kutip.out + kutip.err


@pytest.fixture
def chat(running: Live, server: FakeOllama) -> Live:
    """The running chat, of which nothing was heard yet."""
    running.until("> " if running.terminal else "\n")
    running.forget()
    server.chats.clear()
    return running


def test_words_appear_as_they_come(chat: Live, server: FakeOllama) -> None:
    """What is read stands there before the first word, and each word before the next is sent."""
    moments: list[float] = []

    def slow(body: dict[str, Any]) -> Script:
        moments.append(time.monotonic())
        pieces = ("Odile ", "Marsh ", f"said the gates had been opened too late. [{_of(body)}]")
        return Script(pieces=pieces, first_after=0.5, every=0.6)

    server.script = slow
    chat.write(WHO)
    read = chat.until("Flood kills 12")
    said = chat.until("Odile")
    (asked,) = server.chats
    assert asked.sent == 1
    assert "Marsh" not in chat.out
    assert read < moments[0] + 0.5 < said < moments[0] + 0.5 + AT_ONCE
    chat.until("Marsh")
    assert asked.sent == 2
    chat.until("Written by")


@pytest.mark.parametrize("when", ["before the first word", "amid the words"])
def test_an_interrupt_stops_the_answer_and_not_the_chat(
    chat: Live, server: FakeOllama, when: str
) -> None:
    """Ctrl-C ends the request at once, says so, and the next question is answered."""
    before = when == "before the first word"
    server.script = Script(first_after=60.0) if before else SLOW
    chat.write(WHO)
    waited(lambda: server.chats)
    if before:
        time.sleep(0.2)
    else:
        chat.until("Odile")
    (asked,) = server.chats
    pressed = chat.interrupt()
    assert asked.gone.wait(5)
    assert asked.gone_at is not None
    assert asked.gone_at - pressed < AT_ONCE
    chat.until("kutip: Stopped.", error=not chat.terminal)
    server.script = ODILE
    chat.write(WHO)
    chat.until("Written by")
    assert len(server.chats) == 2


def test_a_model_gives_a_terminal_nothing_to_obey(chat: Live, server: FakeOllama) -> None:
    """Control sequences of a model are gone; those on the screen are Kutip's own, for colour."""
    server.script = saying(f"\x1b]0;owned\x07\x1b[2J{LATE} \x9b31m [{{Odile}}]\x1b[5n")
    chat.write(WHO)
    chat.until("Written by")
    plain = re.sub(r"\x1b\[(?:[0-9;]*m|K|\?2004[hl])|\r", "", chat.out)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", plain), plain


def test_an_interrupt_at_the_prompt_does_not_end_the_chat(chat: Live, server: FakeOllama) -> None:
    """Nothing is being answered: Ctrl-C only tells how to end."""
    server.script = ODILE
    time.sleep(0.2)
    chat.interrupt()
    chat.until("/quit or Ctrl-D ends the chat.", error=not chat.terminal)
    chat.write(WHO)
    chat.until("Written by")


def test_an_interrupt_ends_ask(store: Path) -> None:
    """`kutip ask` ends with 130 and one line, its request with it."""
    with (
        FakeOllama(Script(first_after=60.0)) as server,
        Live("ask", WHO, folder=store, server=server.url) as kutip,
    ):
        waited(lambda: server.chats)
        time.sleep(0.2)
        pressed = kutip.interrupt()
        assert server.chats[0].gone.wait(5)
        assert (server.chats[0].gone_at or 0) - pressed < AT_ONCE
        assert kutip.process.wait(10) == 130
        assert kutip.err == "kutip: Interrupted. What was finished is kept.\n"


def test_a_conversation_outlives_a_kill(store: Path) -> None:
    """What was answered before a kill -9 is there; the question being answered is not."""
    with FakeOllama(ODILE) as server:
        with Live("chat", folder=store, server=server.url) as kutip:
            kutip.write(WHO)
            kutip.until("Written by")
            server.script = SLOW
            kutip.write(WHO)
            waited(lambda: len(server.chats) == 2)
            kutip.process.send_signal(signal.SIGKILL)
            assert kutip.process.wait(10) == -signal.SIGKILL
        server.script = ODILE
        ran = Newsroom(store).chat("/history", WHO, server=server, options=["--continue"])
        assert ran.out.startswith(f"1. {WHO}\n")
        assert "2. " not in ran.out.partition("Reading")[0]
        assert f"{LATE} [1]" in ran.out
    listed = Newsroom(store).kutip("chat", "--list", "--json", server="")
    (summary,) = json.loads(listed.out)
    assert (summary["turns"], summary["damaged"]) == (2, False)


def test_a_reader_that_goes_away_stops_the_model(store: Path) -> None:
    """`kutip ask | head -1`: when nobody reads any more, the request is ended too."""
    words = "".join(f"Odile Marsh came to gate {n} and closed it. " for n in range(2_000))
    with (
        FakeOllama(Script(text=words, every=0.05)) as server,
        Live("ask", WHO, folder=store, server=server.url, head="Odile") as kutip,
    ):
        waited(lambda: server.chats)
        assert server.chats[0].gone.wait(5)
        assert kutip.process.wait(10) == 0
        assert kutip.err == ""


def test_the_command_itself(tmp_path: Path) -> None:
    """`kutip` over the articles it comes with, with its own encoder and a model."""
    folder = tmp_path / "store"
    with FakeOllama(quoting) as server:
        with Live("add", "--examples", folder=folder, server=server.url, light=False) as kutip:
            assert kutip.process.wait(120) == 0
        with Live(
            "ask", "--json", "who met Blinken in Doha?",
            folder=folder, server=server.url, light=False,
        ) as kutip:  # fmt: skip
            assert kutip.end(seconds=60) == 0
            answer = json.loads(kutip.out)
        assert len(server.chats) == 1
    assert answer["answerer"] == "ollama:gemma4:e4b"
    assert answer["citations"][0]["quote"] in answer["text"]
    assert kutip.err == ""
