"""Who the guard lets in, driven as a server drives it: no socket, no Gradio."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.behind import HERE, JOIN, UPLOAD, Behind, ask, rules
from ui.guard import Guard
from ui.request import Message

# Host --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:7860", "localhost:1", "LOCALHOST:7860", "[::1]:7860", "[::1]"]
)
def test_a_reader_on_this_machine_is_answered(host: str) -> None:
    """Each way to write this machine's own address is one, whatever the port."""
    assert ask(Guard(Behind(), rules()), headers={"Host": host}).status == 200


HOSTILE_HOSTS = (
    *("evil.example", "evil.example:7860", "127.0.0.1.evil.example", "localhost.evil.example"),
    *("evil.example#localhost", "localhost@evil.example", "0.0.0.0:7860", "192.168.1.5:7860"),
    *("", ":7860", "localhost:", "localhost:99999999", "local host", "[::1", "127.0.0.1/x"),
)


@pytest.mark.parametrize("host", HOSTILE_HOSTS)
def test_a_name_that_was_pointed_here_gets_nothing(host: str) -> None:
    """A page whose own name resolves to this machine (DNS rebinding) is refused in words."""
    app = Behind()
    for method in ("GET", "POST"):
        reply = ask(Guard(app, rules()), method, headers={"Host": host})
        assert (reply.status, reply.body) == (400, "Kutip does not answer to this host name.\n")
    assert app.reached == []


def test_two_hosts_are_none() -> None:
    """A request that names two hosts is refused, whichever the app would have read."""
    app = Behind()
    twice = [("Host", HERE), ("Host", HERE)]
    assert ask(Guard(app, rules()), headers=twice).status == 400
    assert app.reached == []


def test_where_others_come_in_addresses_and_this_machines_name_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On a network an address or the machine's own name will do; any other name will not."""
    monkeypatch.setattr("socket.gethostname", lambda: "Desk.office.example")
    guard = Guard(Behind(), rules(host="0.0.0.0"))
    right = ["192.168.1.5:7860", "[fe80::1]:7860", "desk:7860", "desk.local", "localhost"]
    right.append("desk.office.example:80")
    wrong = ["evil.example", "desk.evil.example", "office.example"]
    statuses = {host: ask(guard, headers={"Host": host}).status for host in right + wrong}
    assert statuses == dict.fromkeys(right, 200) | dict.fromkeys(wrong, 400)


# Other pages -------------------------------------------------------------------------------


FOREIGN: dict[str, tuple[str, str, dict[str, str]]] = {
    "upload of a form": ("POST", UPLOAD, {"Sec-Fetch-Site": "cross-site"}),
    "upload, old browser": ("POST", UPLOAD, {"Origin": "https://evil.example"}),
    "text/plain to the queue": (
        "POST", JOIN, {"Sec-Fetch-Site": "cross-site", "Content-Type": "text/plain"},
    ),
    "text/plain to a call": (
        "POST", "/gradio_api/call/ask",
        {"Origin": "http://evil.example", "Content-Type": "text/plain"},
    ),
    "null origin of a sandbox": ("POST", JOIN, {"Origin": "null"}),
    "null origin, site left out": ("POST", "/login", {"Origin": "null"}),
    "another port of this machine": ("POST", JOIN, {"Sec-Fetch-Site": "same-site"}),
    "its origin": ("POST", JOIN, {"Origin": "http://127.0.0.1:3000"}),
    "this machine over TLS": ("POST", JOIN, {"Origin": "https://127.0.0.1:7860"}),
    "this machine by another name": ("POST", JOIN, {"Origin": "http://localhost:7860"}),
    "a name that begins like ours": ("POST", JOIN, {"Origin": "http://127.0.0.1:78601"}),
    "an origin that is none": ("POST", JOIN, {"Origin": HERE}),
    "preflight": ("OPTIONS", JOIN, {"Origin": "http://evil.example"}),
    "deleting": ("DELETE", "/", {"Sec-Fetch-Site": "cross-site"}),
    "reading the queue": ("GET", "/gradio_api/queue/data", {"Sec-Fetch-Site": "cross-site"}),
    "reading an answer": ("GET", "/gradio_api/call/ask/1", {"Sec-Fetch-Site": "same-site"}),
    "reading as a script": (
        "GET", "/config", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
    ),
    "reading with fetch": ("GET", "/config", {"Origin": "http://evil.example"}),
    "in a frame": (
        "GET", "/",
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
    ),
    "a link into the API": (
        "GET", "/gradio_api/file=x",
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate",
         "Sec-Fetch-Dest": "document"},
    ),
    "a link that logs out": (
        "GET", "/logout",
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate",
         "Sec-Fetch-Dest": "document"},
    ),
    "a form that navigates": (
        "POST", "/login",
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate",
         "Sec-Fetch-Dest": "document"},
    ),
    "a word nobody knows": ("POST", JOIN, {"Sec-Fetch-Site": "elsewhere"}),
}  # fmt: skip


@pytest.mark.parametrize("case", FOREIGN)
def test_another_page_can_do_nothing(case: str) -> None:
    """What a page of another site makes the browser send never reaches the app."""
    method, path, headers = FOREIGN[case]
    app = Behind()
    reply = ask(Guard(app, rules()), method, path, headers)
    assert reply.status == 403
    assert "another web page" in reply.body
    assert "access-control-allow-origin" not in reply.headers
    assert app.reached == []


OURS: dict[str, tuple[str, str, dict[str, str]]] = {
    "our page asks": (
        "POST", JOIN, {"Sec-Fetch-Site": "same-origin", "Origin": "http://127.0.0.1:7860"},
    ),
    "our page, where browsers tell less": ("POST", JOIN, {"Origin": "http://127.0.0.1:7860"}),
    "our page listens": ("GET", "/gradio_api/queue/data", {"Sec-Fetch-Site": "same-origin"}),
    "typed into the browser": ("GET", "/", {"Sec-Fetch-Site": "none"}),
    "a program": ("POST", JOIN, {}),
    "a link from elsewhere": (
        "GET", "/",
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate",
         "Sec-Fetch-Dest": "document"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", OURS)
def test_our_own_page_can(case: str) -> None:
    """The page itself, programs and links from elsewhere get through."""
    method, path, headers = OURS[case]
    assert ask(Guard(Behind(), rules()), method, path, headers).status == 200


@pytest.mark.parametrize(
    ("host", "origin"), [("desk", "http://desk:80"), ("desk:80", "http://desk")]
)
def test_port_80_may_go_without_saying(
    host: str, origin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An origin is ours when only one of the two spells out the usual port."""
    monkeypatch.setattr("socket.gethostname", lambda: "desk")
    guard = Guard(Behind(), rules(host="0.0.0.0"))
    assert ask(guard, "POST", JOIN, {"Host": host, "Origin": origin}).status == 200


@given(st.text(st.characters(max_codepoint=255), max_size=40))
def test_no_odd_origin_gets_through(origin: str) -> None:
    """Whatever Origin says, unless it is ours the app is not reached, and nothing breaks."""
    app = Behind()
    reply = ask(Guard(app, rules()), "POST", JOIN, {"Origin": origin})
    assert (reply.status, app.reached) == (403, [])


def test_a_websocket_is_closed() -> None:
    """The page opens none, so none is opened."""
    app, sent = Behind(), []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    scope = {"type": "websocket", "path": JOIN, "headers": [(b"host", HERE.encode())]}
    asyncio.run(Guard(app, rules())(scope, receive, send))
    assert [message["type"] for message in sent] == ["websocket.close"]
    assert app.reached == []


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/proxy=https://evil.example/",
        "/gradio_api/deep_link",
        "/gradio_api/run-history/connect",
        "/gradio_api/vibe-edit",
        "/monitoring",
        "/monitoring/summary",
    ],
)
def test_what_the_page_does_not_use_is_not_there(path: str) -> None:
    """Gradio's own extras are closed, to programs as well."""
    app = Behind()
    assert ask(Guard(app, rules()), path=path).status == 404
    assert app.reached == []
