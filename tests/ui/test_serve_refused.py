"""What the server around the page refuses, over real connections."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from rag.errors import BadSetting
from tests.ui import small_page
from tests.ui.small_page import FILE, FORM, SMALL, files_in, served
from ui.listen import CannotListen, listening
from ui.serve import serve

scratch = small_page.scratch
page = small_page.page


# Pages of others ---------------------------------------------------------------------------


EVIL = "http://evil.example"
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
    before = files_in(scratch)
    reply = httpx.request(method, page + path, headers=headers, content=body)
    assert reply.status_code in (400, 403)
    assert len(reply.text) < 100
    assert "access-control-allow-origin" not in reply.headers
    assert files_in(scratch) == before


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
    before = files_in(scratch)
    large = FILE.replace(b"hello", b"x" * 1_001)
    assert httpx.post(f"{page}/gradio_api/upload", headers=FORM, content=large).status_code == 413
    called = httpx.post(f"{page}/gradio_api/call/parts", content=b"x" * 1_050_000)
    assert called.status_code == 413
    assert files_in(scratch) == before


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
    before = files_in(scratch)
    with served(scratch, read_only=True) as address:
        reply = httpx.post(f"{address}/gradio_api/upload", headers=FORM, content=FILE)
        assert (reply.status_code, reply.text) == (403, "Refused: this page is read-only.\n")
        asked = httpx.post(f"{address}/gradio_api/call/parts", json={"data": ["x"]})
        assert asked.status_code == 200
    assert files_in(scratch) == before


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
