"""What the guard adds to what passes it, and what it cuts: headers, bodies, streams."""

from __future__ import annotations

import asyncio

import pytest

from tests.ui.behind import HERE, JOIN, UPLOAD, Behind, ask, rules
from ui.guard import HEADERS, Guard
from ui.request import Message, Receive, Scope, Send

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
