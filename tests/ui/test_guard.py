"""The guard, driven as a server drives it: no socket, no Gradio."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import BadSetting
from ui.guard import HEADERS, Guard, Rules, answers_to
from ui.login import Attempts, Login, client_of, login_of
from ui.request import Message, Receive, Scope, Send

HERE = "127.0.0.1:7860"
JOIN = "/gradio_api/queue/join"
UPLOAD = "/gradio_api/upload"


@dataclass
class Behind:
    """An app that takes notes: what reached it, and how much of the body."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"content-type": "text/plain"})
    reached: list[Scope] = field(default_factory=list)
    bytes: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.reached.append(scope)
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ConnectionError("the client went away")
            self.bytes += len(message.get("body", b""))
            more = message.get("more_body", False)
        raw = [(name.encode(), value.encode()) for name, value in self.headers.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": raw})
        await send({"type": "http.response.body", "body": b"from the app"})


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: str


Stand = Callable[..., Reply]


def rules(**changes: Any) -> Rules:
    names, any_address = answers_to(changes.pop("host", "127.0.0.1"))
    plain: dict[str, Any] = {
        "names": names, "any_address": any_address, "upload_bytes": 1_000, "post_bytes": 100,
    }  # fmt: skip
    return Rules(**(plain | changes))


def ask(
    guard: Guard,
    method: str = "GET",
    path: str = "/",
    headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    *,
    body: Iterable[bytes] = (b"",),
    client: str = "127.0.0.1",
) -> Reply:
    """What a client of this address gets; Host is ours unless it is named."""
    pairs = list(headers.items() if isinstance(headers, Mapping) else headers)
    if not any(name.lower() == "host" for name, _ in pairs):
        pairs.append(("Host", HERE))
    pieces = list(body)
    sent: list[Message] = []

    async def receive() -> Message:
        if not pieces:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": method, "path": path, "scheme": "http", "client": (client, 9),
        "headers": [(n.lower().encode(), v.encode("latin-1")) for n, v in pairs],
    }  # fmt: skip
    asyncio.run(guard(scope, receive, send))
    assert [message["type"] for message in sent].count("http.response.start") == 1
    text = b"".join(message.get("body", b"") for message in sent).decode()
    kept = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    assert len(kept) == len(sent[0]["headers"])  # no header twice
    return Reply(sent[0]["status"], kept, text)


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


# Headers -----------------------------------------------------------------------------------


def test_every_reply_says_what_it_may_be_used_for() -> None:
    """A page, a refusal and an error carry the same headers; the app cannot weaken them."""
    lax = {
        "Content-Type": "text/html",
        "Content-Security-Policy": "default-src *",
        "X-Frame-Options": "ALLOWALL",
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Credentials": "true",
        "Cache-Control": "public, max-age=60",
    }
    page = ask(Guard(Behind(headers=lax), rules()))
    fault = ask(Guard(Behind(status=500), rules()))
    refusal = ask(Guard(Behind(), rules()), headers={"Host": "evil.example"})
    for reply in (page, fault, refusal):
        assert dict(HEADERS).items() <= reply.headers.items()
        assert reply.headers["cache-control"] == "no-store"
        assert [name for name in reply.headers if name.startswith("access-control")] == []
    assert page.headers["content-type"] == "text/html"
    assert HEADERS["x-content-type-options"] == "nosniff"
    assert HEADERS["referrer-policy"] == "no-referrer"
    assert HEADERS["x-frame-options"] == "DENY"


def test_the_page_may_load_nothing_from_elsewhere() -> None:
    """The policy names no host but our own, no frame and no plug-in."""
    policy = dict(part.split(" ", 1) for part in HEADERS["content-security-policy"].split("; "))
    sources = {word for value in policy.values() for word in value.split()}
    assert sources == {"'self'", "'none'", "'unsafe-inline'", "'unsafe-eval'", "data:", "blob:"}
    assert policy["default-src"] == "'self'"
    assert policy["img-src"] == "'self' data: blob:"
    assert policy["connect-src"] == "'self' blob: data:"
    for none in ("frame-src", "object-src", "frame-ancestors"):
        assert policy[none] == "'none'"


def test_files_of_the_program_may_be_kept() -> None:
    """A browser keeps scripts and fonts as the app says, and nothing of the library."""
    app = Behind(headers={"cache-control": "max-age=60"})
    kept = ask(Guard(app, rules()), path="/assets/index.js").headers["cache-control"]
    file = ask(Guard(app, rules()), path="/gradio_api/file=x").headers["cache-control"]
    assert (kept, file) == ("max-age=60", "no-store")


def test_what_only_a_proxy_could_know_is_not_believed() -> None:
    """The app never sees a forwarded host, address or scheme."""
    app = Behind()
    forged = {
        "X-Forwarded-Host": "evil.example", "X-Forwarded-For": "1.2.3.4", "Forwarded": "for=x",
        "X-Forwarded-Proto": "https", "X-Gradio-Server": "http://evil.example", "X-Own": "kept",
    }  # fmt: skip
    ask(Guard(app, rules()), headers=forged)
    assert [name for name, _ in app.reached[0]["headers"]] == [b"x-own", b"host"]


# Bodies ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "most"), [(JOIN, 100), (UPLOAD, 1_000), ("/login", 64_000), ("/", 64_000)]
)
@pytest.mark.parametrize("told", [True, False])
def test_a_body_has_a_limit(path: str, most: int, told: bool) -> None:
    """A body up to the limit goes through; past it, it is 413, told in advance or not."""
    for size, status in ((most, 200), (most + 1, 413)):
        app = Behind()
        pieces = [b"x" * (size // 2), b"x" * (size - size // 2)]
        headers = {"Content-Length": str(size)} if told else {}
        reply = ask(Guard(app, rules()), "POST", path, headers, body=pieces)
        assert reply.status == status
        assert app.bytes <= most
    assert app.reached == [] if told else app.bytes == size // 2
    assert reply.body == "This is more than Kutip takes at once.\n"


@pytest.mark.parametrize("length", ["-1", "1e9", "", "0x10", "99999999999999999999999"])
def test_a_length_that_is_none_is_refused(length: str) -> None:
    """A length that is not a number within the limit never reaches the app."""
    app = Behind()
    assert ask(Guard(app, rules()), "POST", JOIN, {"Content-Length": length}).status == 413
    assert app.reached == []


def test_a_cut_body_is_413_whatever_the_app_makes_of_it() -> None:
    """An app that answers a cut body with words of its own is overruled."""

    async def lenient(scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        await send({"type": "http.response.start", "status": 400, "headers": []})
        await send({"type": "http.response.body", "body": b"malformed"})

    reply = ask(Guard(lenient, rules()), "POST", JOIN, body=[b"x" * 99, b"x" * 99])
    assert (reply.status, reply.body) == (413, "This is more than Kutip takes at once.\n")


def test_an_error_of_the_app_is_its_own() -> None:
    """The guard swallows no exception of the app."""

    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise ValueError("a fault")

    with pytest.raises(ValueError, match="a fault"):
        ask(Guard(broken, rules()))


# Read-only ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (UPLOAD, "multipart/form-data; boundary=x"),
        (f"{UPLOAD}/", "multipart/form-data; boundary=x"),
        (f"{UPLOAD}?upload_id=1", "text/plain"),
        ("/gradio_api/component_server", "Multipart/Form-Data; boundary=x"),
    ],
)
def test_a_read_only_page_takes_no_files(path: str, kind: str) -> None:
    """Files are refused before one byte of them is on the disk; else they are taken."""
    headers = {"Content-Type": kind}
    refused, taken = Behind(), Behind()
    assert ask(Guard(refused, rules(read_only=True)), "POST", path, headers).status == 403
    assert ask(Guard(taken, rules()), "POST", path, headers).status == 200
    assert (len(refused.reached), len(taken.reached)) == (0, 1)


def test_a_read_only_page_can_be_asked() -> None:
    """Asking and logging in send no files."""
    guard = Guard(Behind(), rules(read_only=True))
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    assert ask(guard, "POST", JOIN, {"Content-Type": "application/json"}).status == 200
    assert ask(guard, "POST", "/login", form).status == 200


# Logging in --------------------------------------------------------------------------------


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def _door(clock: Clock, *, status: int) -> tuple[Guard, Behind]:
    app = Behind(status=status)
    return Guard(app, rules(host="0.0.0.0", admitted=lambda _: False), clock=clock), app


def test_five_wrong_tries_a_minute(clock: Clock) -> None:
    """The sixth try within a minute of the first is not even looked at, and says when to come."""
    guard, app = _door(clock, status=400)
    for _ in range(5):
        assert ask(guard, "POST", "/login").status == 400
        clock.now += 10
    reply = ask(guard, "POST", "/login/")
    assert (reply.status, reply.headers["retry-after"]) == (429, "11")
    assert "Wait a minute" in reply.body
    assert len(app.reached) == 5
    clock.now += 10
    assert ask(guard, "POST", "/login").status == 400


def test_others_can_still_log_in(clock: Clock) -> None:
    """One client's wrong tries are not another's; one household of IPv6 is one client."""
    guard, _ = _door(clock, status=400)
    for number in range(5):
        ask(guard, "POST", "/login", client=f"2001:db8::{number}")
        ask(guard, "POST", "/login", client="::ffff:10.0.0.1")
    statuses = {
        client: ask(guard, "POST", "/login", client=client).status
        for client in ("2001:db8::99", "2001:db8:0:1::1", "10.0.0.1", "10.0.0.2")
    }
    assert statuses == {
        "2001:db8::99": 429, "2001:db8:0:1::1": 400, "10.0.0.1": 429, "10.0.0.2": 400,
    }  # fmt: skip


def test_a_right_try_counts_for_nothing(clock: Clock) -> None:
    """Who logs in often is not kept out."""
    guard, app = _door(clock, status=200)
    assert {ask(guard, "POST", "/login").status for _ in range(20)} == {200}
    assert len(app.reached) == 20


def test_tries_at_once_are_all_counted(clock: Clock) -> None:
    """Twenty tries sent before the first is answered are five tries."""
    gate = asyncio.Event()
    reached = 0

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal reached
        reached += 1
        await gate.wait()
        await send({"type": "http.response.start", "status": 400, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    guard = Guard(slow, rules(admitted=lambda _: False), clock=clock)
    statuses: list[int] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    async def flood() -> None:
        scope = {
            "type": "http", "method": "POST", "path": "/login", "scheme": "http",
            "client": ("10.0.0.1", 9), "headers": [(b"host", HERE.encode())],
        }  # fmt: skip
        tries: list[Awaitable[None]] = [
            asyncio.create_task(guard(dict(scope), receive, send)) for _ in range(20)
        ]
        await asyncio.sleep(0.01)
        gate.set()
        await asyncio.gather(*tries)

    asyncio.run(flood())
    assert reached == 5
    assert sorted(statuses) == [400] * 5 + [429] * 15


def test_guessing_from_everywhere_is_no_faster(clock: Clock) -> None:
    """A hundred wrong tries a minute are the most, from however many addresses; none is kept."""
    attempts = Attempts(clock)
    begun = 0
    for number in range(1_000):
        if not attempts.wait(f"10.0.{number // 250}.{number % 250}"):
            attempts.begin(f"10.0.{number // 250}.{number % 250}")
            begun += 1
    assert begun == Attempts.ALL == len(attempts._failed)
    clock.now += Attempts.SECONDS
    assert attempts.wait("10.9.9.9") == 0
    assert len(attempts._failed) == 0


def test_without_a_login_nothing_is_counted() -> None:
    """Where there is no login, its path is one like any other."""
    guard = Guard(Behind(status=302), rules())
    assert {ask(guard, "POST", "/login").status for _ in range(10)} == {302}


def test_the_api_is_for_who_has_logged_in() -> None:
    """Without the cookie of a login every path of the API is 401, those Gradio leaves open too."""
    guard = Guard(Behind(), rules(admitted=lambda values: "token-1" in values))
    paths = [JOIN, "/gradio_api/heartbeat/x", "/gradio_api/cancel", "/gradio_api/mcp/"]
    assert {ask(guard, path=path).status for path in paths} == {401}
    known = {"Cookie": 'a=b; access-token-unsecure-x="token-1"'}
    assert {ask(guard, path=path, headers=known).status for path in paths} == {200}
    assert {ask(guard, path=path).status for path in ("/", "/assets/x.js", "/kutip/alive")} == {200}


def test_a_login_is_a_user_and_a_password() -> None:
    """The password may hold a colon; a part that is missing is an error."""
    assert login_of("") is None
    assert login_of("ana:se:cret") == Login("ana", "se:cret")
    for wrong in ("ana", "ana:", ":secret", " ana:secret"):
        with pytest.raises(BadSetting, match="KUTIP_AUTH") as caught:
            login_of(wrong)
        assert "secret" not in str(caught.value)


@given(st.text(), st.text())
def test_only_the_right_login_is_right(user: str, password: str) -> None:
    """Nothing but the user and password that were set is let in, and no text breaks it."""
    known = Login("ana", "sé:cret")
    assert known.is_right(user, password) == ((user, password) == ("ana", "sé:cret"))
    assert known.is_right("ana", "sé:cret")
    assert not known.is_right(user, "\ud800")


def test_a_client_without_an_address_is_one() -> None:
    """A server that cannot tell who asks counts all such tries together."""
    assert client_of(None) == ""
    assert client_of(("fe80::1%eth0", 1)) == "fe80::/64"


# Streams -----------------------------------------------------------------------------------


def test_a_stream_passes_piece_by_piece_and_ends_when_told() -> None:
    """Each event is sent on before the next exists; ending closes the stream in order, at once."""
    sent: list[Message] = []
    held = asyncio.Event()

    async def streaming(scope: Scope, receive: Receive, send: Send) -> None:
        head = [(b"content-type", b"text/event-stream; charset=utf-8")]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        for number in range(3):
            data = f"data: {number}\n\n".encode()
            await send({"type": "http.response.body", "body": data, "more_body": True})
            assert sent[-1]["body"] == data
        await held.wait()

    guard = Guard(streaming, rules())

    async def receive() -> Message:
        await asyncio.sleep(60)
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    async def listen() -> None:
        scope = {
            "type": "http", "method": "GET", "path": "/gradio_api/queue/data", "scheme": "http",
            "client": None, "headers": [(b"host", HERE.encode())],
        }  # fmt: skip
        task = asyncio.create_task(guard(scope, receive, send))
        while len(sent) < 4:
            await asyncio.sleep(0)
        guard.end_streams()
        await asyncio.wait_for(task, 1)
        late = asyncio.create_task(guard(scope, receive, send))  # comes while the server ends
        await asyncio.wait_for(late, 1)

    asyncio.run(listen())
    assert sent[4] == {"type": "http.response.body", "body": b"", "more_body": False}
    assert sent[-1] == sent[4]


def test_a_cancelled_request_stays_cancelled() -> None:
    """Only the streams that the guard itself ends are ended quietly."""

    async def hanging(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(60)

    async def cancel() -> None:
        task = asyncio.create_task(_bare(Guard(hanging, rules())))
        await asyncio.sleep(0)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancel())


async def _bare(guard: Guard) -> None:
    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        pass

    scope = {
        "type": "http", "method": "GET", "path": "/", "scheme": "http", "client": None,
        "headers": [(b"host", HERE.encode())],
    }  # fmt: skip
    await guard(scope, receive, send)
