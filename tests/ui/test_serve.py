"""The server around the page: real connections, real Gradio, and `kutip ui` as a process."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from rag.cli import main
from rag.errors import BadSetting
from rag.settings import Settings
from tests.browser.site import NOWHERE
from tests.live import Live
from tests.newsroom import ARTICLES, Newsroom
from ui.guard import HEADERS
from ui.listen import CannotListen, listening
from ui.serve import mounted, serve, server_of, settle

SMALL = Settings(data_dir=Path("/nowhere"), max_file_bytes=1_000, max_article_chars=10_000)


HEARD = threading.Event()


def _blocks() -> Any:
    """A page of one question, answered in two parts, and one field for files."""
    settle()
    import gradio as gr

    async def parts(question: str) -> Any:
        yield f"{question}: first"
        heard = question != "wait" or await asyncio.to_thread(HEARD.wait, 20)
        yield f"{question}: {'second' if heard else 'nobody heard the first'}"

    with gr.Blocks() as blocks:
        question, answer, files = gr.Textbox(), gr.Textbox(), gr.File(file_count="multiple")
        question.submit(parts, question, answer, api_name="parts")
        files.upload(str, files, answer, api_name="files")
    return blocks


@contextmanager
def served(scratch: Path, **options: Any) -> Iterator[str]:
    """The address of a small page that runs in a thread."""
    before = os.environ.get("GRADIO_TEMP_DIR")
    os.environ["GRADIO_TEMP_DIR"] = str(scratch)
    started = threading.Event()
    try:
        server = server_of(mounted(_blocks(), {}, SMALL, **options), started.set)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
            thread.start()
            assert started.wait(30)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
            server.should_exit = True
            thread.join(10)
            assert not thread.is_alive()
    finally:
        os.environ.pop("GRADIO_TEMP_DIR")
        if before is not None:
            os.environ["GRADIO_TEMP_DIR"] = before


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the small page keeps uploads."""
    return tmp_path_factory.mktemp("uploads")


@pytest.fixture(scope="module")
def page(scratch: Path) -> Iterator[str]:
    """A small page without a login."""
    with served(scratch) as address:
        yield address


def _files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


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


# Pages of others ---------------------------------------------------------------------------

EVIL = "http://evil.example"
FORM = {"Content-Type": "multipart/form-data; boundary=b"}
FILE = (
    b'--b\r\nContent-Disposition: form-data; name="files"; filename="dropped.txt"\r\n'
    b"Content-Type: text/plain\r\n\r\nhello\r\n--b--\r\n"
)
ASKED = json.dumps({"data": ["x"], "fn_index": 0, "session_hash": "s"}).encode()
TEXT = {"Content-Type": "text/plain"}
DRIVE_BY: dict[str, tuple[str, str, dict[str, str], bytes]] = {
    "upload by a form": (
        "POST", "/gradio_api/upload",
        {**FORM, "Sec-Fetch-Site": "cross-site", "Origin": EVIL}, FILE,
    ),
    "upload, told by origin": ("POST", "/gradio_api/upload", {**FORM, "Origin": EVIL}, FILE),
    "upload from another port": (
        "POST", "/gradio_api/upload", {**FORM, "Sec-Fetch-Site": "same-site"}, FILE,
    ),
    "upload from a sandbox": ("POST", "/gradio_api/upload", {**FORM, "Origin": "null"}, FILE),
    "rebound name, page": ("GET", "/", {"Host": "evil.example"}, b""),
    "rebound name, data": ("GET", "/config", {"Host": "evil.example:7860"}, b""),
    "rebound name, same origin": (
        "POST", "/gradio_api/upload",
        {**FORM, "Host": "evil.example", "Origin": EVIL, "Sec-Fetch-Site": "same-origin"}, FILE,
    ),
    "question as plain text": (
        "POST", "/gradio_api/queue/join", {**TEXT, "Origin": EVIL}, ASKED,
    ),
    "call as plain text": ("POST", "/gradio_api/call/parts", {**TEXT, "Origin": EVIL}, ASKED),
    "call by a program's old door": (
        "POST", "/gradio_api/run/parts", {**TEXT, "Sec-Fetch-Site": "cross-site"}, ASKED,
    ),
    "listening in": (
        "GET", "/gradio_api/queue/data?session_hash=s", {"Sec-Fetch-Site": "cross-site"}, b"",
    ),
    "asking leave first": (
        "OPTIONS", "/gradio_api/queue/join",
        {"Origin": EVIL, "Access-Control-Request-Method": "POST"}, b"",
    ),
    "reading what is configured": ("GET", "/config", {"Origin": EVIL}, b""),
}  # fmt: skip


@pytest.mark.parametrize("case", DRIVE_BY)
def test_a_page_of_others_gets_nothing(page: str, scratch: Path, case: str) -> None:
    """No request that a hostile page can make is done, or answered with more than a refusal."""
    method, path, headers, body = DRIVE_BY[case]
    before = _files(scratch)
    reply = httpx.request(method, page + path, headers=headers, content=body)
    assert reply.status_code in (400, 403)
    assert len(reply.text) < 100
    assert "access-control-allow-origin" not in reply.headers
    assert _files(scratch) == before


def test_the_page_itself_can_upload(page: str, scratch: Path) -> None:
    """The same upload from our own page is kept, in a file that keeps its name."""
    ours = {**FORM, "Sec-Fetch-Site": "same-origin", "Origin": page}
    reply = httpx.post(f"{page}/gradio_api/upload", headers=ours, content=FILE)
    assert reply.status_code == 200
    (path,) = reply.json()
    assert Path(path).read_bytes() == b"hello"
    assert Path(path).is_relative_to(scratch)


def test_the_server_fetches_nothing_for_a_browser(page: str, refused: list[str]) -> None:
    """An address in place of an uploaded file is not asked for, here or anywhere else."""
    asked: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.settimeout(0.2)
        here = f"http://127.0.0.1:{canary.getsockname()[1]}/secret"
        for address in (here, "http://198.51.100.7/x", "https://news.example/x"):
            file = {"path": address, "url": address, "meta": {"_type": "gradio.FileData"}}
            started = httpx.post(f"{page}/gradio_api/call/files", json={"data": [[file]]}).json()
            stream = httpx.get(f"{page}/gradio_api/call/files/{started['event_id']}")
            asked.append(stream.text.splitlines()[0])
        with pytest.raises(TimeoutError):
            canary.accept()
    assert asked == ["event: error"] * 3
    assert refused == []


# Sizes, logins, reading only ---------------------------------------------------------------


def test_too_much_is_refused(page: str, scratch: Path) -> None:
    """A file over the limit, and a call over its own, are 413; nothing of them stays."""
    before = _files(scratch)
    large = FILE.replace(b"hello", b"x" * 1_001)
    assert httpx.post(f"{page}/gradio_api/upload", headers=FORM, content=large).status_code == 413
    called = httpx.post(f"{page}/gradio_api/call/parts", content=b"x" * 1_050_000)
    assert called.status_code == 413
    assert _files(scratch) == before


@pytest.fixture(scope="module")
def locked(scratch: Path) -> Iterator[str]:
    """A small page behind a login."""
    with served(scratch, auth="ana:s:cret") as address:
        yield address


def test_a_login_lets_in(locked: str) -> None:
    """Without it there is no data and no API; with it there is, by cookie as a browser has it."""
    closed = ("/config", "/gradio_api/info", "/gradio_api/heartbeat/x", "/gradio_api/queue/status")
    assert {httpx.get(locked + path).status_code for path in closed} == {401}
    assert httpx.post(f"{locked}/gradio_api/call/parts", json={"data": ["x"]}).status_code == 401
    with httpx.Client(base_url=locked) as browser:
        entered = browser.post("/login", data={"username": "ana", "password": "s:cret"})
        assert entered.status_code == 200
        assert all(
            "httponly" in cookie.lower() for cookie in entered.headers.get_list("set-cookie")
        )
        assert browser.get("/config").status_code == 200
        assert browser.post("/gradio_api/call/parts", json={"data": ["x"]}).status_code == 200


def test_a_flood_of_logins_is_stopped(locked: str) -> None:
    """Of twenty wrong tries five are looked at; then the right one must wait as well."""
    wrong = {"username": "ana", "password": "guess"}
    statuses = [httpx.post(f"{locked}/login", data=wrong).status_code for _ in range(20)]
    assert statuses == [400] * 5 + [429] * 15
    late = httpx.post(f"{locked}/login", data={"username": "ana", "password": "s:cret"})
    assert late.status_code == 429
    assert 0 < int(late.headers["retry-after"]) <= 60


def test_a_program_can_log_in_and_ask(scratch: Path) -> None:
    """Gradio's own client works through the guard, with a login."""
    from gradio_client import Client

    with served(scratch, auth="ana:secret") as address:
        client = Client(address, auth=("ana", "secret"), verbose=False, analytics_enabled=False)
        assert client.predict("part", api_name="/parts") == "part: second"
        client.close()


def test_a_read_only_page_takes_no_upload(scratch: Path) -> None:
    """Files are refused, questions are not."""
    before = _files(scratch)
    with served(scratch, read_only=True) as address:
        reply = httpx.post(f"{address}/gradio_api/upload", headers=FORM, content=FILE)
        assert (reply.status_code, reply.text) == (403, "Refused: this page is read-only.\n")
        asked = httpx.post(f"{address}/gradio_api/call/parts", json={"data": ["x"]})
        assert asked.status_code == 200
    assert _files(scratch) == before


# What is refused before anything is started ------------------------------------------------


def _refusal(**options: Any) -> str:
    said: list[str] = []
    engine: Any = SimpleNamespace(settings=SMALL)
    with pytest.raises((BadSetting, CannotListen)) as caught:
        serve(engine, announce=said.append, **options)
    assert said == []
    return f"{caught.value.message}. {caught.value.hint}"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.9.8.7"])
def test_strangers_need_a_login(host: str) -> None:
    """An address that other machines reach is not served without one."""
    told = _refusal(host=host, port=0)
    assert told == (
        f"--host {host} lets other machines in, and there is no login. "
        "Set KUTIP_AUTH=user:password, or leave --host out."
    )


def test_what_cannot_be_listened_at_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A port that is taken, a host that is none and one of elsewhere, each with what to do."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        taken = _refusal(port=port)
        assert taken.startswith(f"port {port} is taken")
        assert "--port 0" in taken
    assert "cannot be listened at" in _refusal(host="198.51.100.7", port=0, auth="ana:secret")

    def unknown(*_: object, **__: object) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", unknown)
    assert "--host nowhere is no address" in _refusal(host="nowhere", port=0)


def test_mcp_says_what_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its package it is refused with the line that installs it; with a login, always."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert 'pip install "gradio[mcp]"' in _refusal(port=0, mcp=True)
    assert "without KUTIP_AUTH" in _refusal(port=0, mcp=True, auth="ana:secret")


def test_a_port_is_held_from_the_first_moment() -> None:
    """Two servers started at once cannot both believe that they have the port."""
    with listening("127.0.0.1", 0, public=False) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(CannotListen), listening("127.0.0.1", port, public=False):
            pytest.fail("the port was given twice")


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
