"""The server around the page: real connections, real Gradio, and `kutip ui` as a process."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from rag.cli import main
from tests.browser.site import NOWHERE
from tests.live import Live
from tests.newsroom import ARTICLES, Newsroom
from tests.ui import small_page
from tests.ui.small_page import FILE, FORM, HEARD, served
from ui.guard import HEADERS
from ui.serve import settle

scratch = small_page.scratch
page = small_page.page


# What anybody gets -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/config", 200),
        ("/theme.css", 200),
        ("/no/such/path", 404),
        ("/monitoring", 404),
    ],
)
def test_every_reply_has_the_headers(page: str, path: str, status: int) -> None:
    """The page, its data, its style and an error come with the guard's headers, and no server's."""
    reply = httpx.get(page + path)
    assert reply.status_code == status
    assert dict(HEADERS).items() <= dict(reply.headers).items()
    assert "server" not in reply.headers
    assert (reply.headers.get("cache-control") == "no-store") == (path != "/theme.css")


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/monitoring/x"])
def test_nothing_is_documented_to_strangers(page: str, path: str) -> None:
    """The server's own pages about itself are off."""
    assert httpx.get(page + path).status_code == 404


def test_alive_tells_which_process_answers(page: str, scratch: Path) -> None:
    """The same server says the same word, another one another; nothing may keep it."""
    first, again = (httpx.get(f"{page}/kutip/alive") for _ in range(2))
    assert first.json() == again.json()
    assert first.headers["cache-control"] == "no-store"
    assert re.fullmatch("[0-9a-f]{16}", first.json()["instance"])
    with served(scratch, auth="ana:secret") as other:
        assert httpx.get(f"{other}/kutip/alive").json() != first.json()


def test_nobody_is_told_that_it_runs(page: str) -> None:
    """Gradio's statistics are off, and this machine is reached without a proxy."""
    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"
    for name in ("NO_PROXY", "no_proxy"):
        assert {"127.0.0.1", "localhost", "::1"} <= set(os.environ[name].split(","))


def test_what_the_proxy_is_not_for_is_added_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user's own exceptions from the proxy stay."""
    monkeypatch.setenv("NO_PROXY", "news.example,localhost")
    monkeypatch.delenv("no_proxy", raising=False)
    settle()
    assert os.environ["NO_PROXY"] == "news.example,localhost,127.0.0.1,::1"
    assert os.environ["no_proxy"] == "127.0.0.1,localhost,::1"


# Streams -----------------------------------------------------------------------------------


def test_an_answer_arrives_while_it_is_made(page: str) -> None:
    """Nothing between the app and the browser waits for more: the second part is made only
    after the first has arrived."""
    started = httpx.post(f"{page}/gradio_api/call/parts", json={"data": ["wait"]}).json()
    came: list[str] = []
    address = f"{page}/gradio_api/call/parts/{started['event_id']}"
    with httpx.stream("GET", address, timeout=30) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert stream.headers["cache-control"] == "no-store"
        for line in stream.iter_lines():
            if line.startswith("data: ["):
                came.append(json.loads(line[6:])[0])
                HEARD.set()
    assert list(dict.fromkeys(came)) == ["wait: first", "wait: second"]


def test_open_streams_do_not_hold_the_server(scratch: Path) -> None:
    """Ending takes no longer because browsers still listen, and their streams end in order."""
    ended = threading.Event()

    def listen(address: str, heard: threading.Event) -> None:
        with httpx.stream("GET", f"{address}/gradio_api/heartbeat/x", timeout=20) as stream:
            for _ in stream.iter_raw():
                heard.set()
        ended.set()

    with served(scratch) as address:
        heard = threading.Event()
        threading.Thread(target=listen, args=[address, heard], daemon=True).start()
        assert heard.wait(10)
        last = time.monotonic()
    assert time.monotonic() - last < 2
    assert ended.wait(2)


# The command -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--host", "0.0.0.0"], "KUTIP_AUTH=user:password"),
        (["--host", ""], "--host"),
        (["--port", "70000"], "is not a port"),
        (["--port", "-1"], "--port"),
        (["--json"], "Leave --json out"),
    ],
)
def test_what_makes_no_sense_is_exit_2(
    words: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each is refused in one line that says what to do, before anything is loaded."""
    assert main(["ui", "--data-dir", str(tmp_path / "data"), *words]) == 2
    said = capsys.readouterr().err
    assert told in said
    assert said.count("\n") == 1
    assert not (tmp_path / "data").exists()


def test_the_password_is_in_the_environment_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong KUTIP_AUTH is told without what is in it, and no program started later has it."""
    monkeypatch.setenv("KUTIP_AUTH", "hunter2")
    assert main(["ui", "--data-dir", str(tmp_path), "--port", "0"]) == 2
    said = capsys.readouterr().err
    assert "KUTIP_AUTH is not a user and a password" in said
    assert "hunter2" not in said
    assert "KUTIP_AUTH" not in os.environ


on_unix = pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")


@on_unix
@pytest.mark.parametrize(
    "end", [lambda live: live.interrupt(), lambda live: live.process.send_signal(signal.SIGTERM)],
    ids=["ctrl-c", "sigterm"],
)  # fmt: skip
def test_kutip_ui_serves_until_it_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: Callable[[Live], object]
) -> None:
    """It says where it is, answers, and ends within two seconds, quietly, with open streams.

    The uploads it had go with it.
    """
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    folder = Newsroom.of(tmp_path, ARTICLES).folder
    with Live("ui", "--port", "0", "--debug", folder=folder, server=NOWHERE) as live:
        live.until("Ready for the first question", seconds=60, error=True)
        found = re.search(r"^kutip: Kutip is at (http://\S+)/ \(Ctrl-C ends it\)$", live.err, re.M)
        assert found
        assert httpx.get(found[1]).status_code == 200
        sent = httpx.post(f"{found[1]}/gradio_api/upload", headers=FORM, content=FILE)
        assert sent.status_code == 200
        (kept,) = (tmp_path / "temporary").glob("kutip-*")
        assert kept.stat().st_mode & 0o777 == 0o700
        assert Path(sent.json()[0]).is_relative_to(kept)
        with httpx.stream("GET", f"{found[1]}/gradio_api/heartbeat/x") as stream:
            next(stream.iter_raw())
            begun = time.monotonic()
            end(live)
            assert live.process.wait(10) == 0
        assert time.monotonic() - begun < 2
        assert live.end() == 0
        assert live.out == ""
        assert "Traceback" not in live.err
        assert "ERROR" not in live.err
    assert list((tmp_path / "temporary").glob("kutip-*")) == []
