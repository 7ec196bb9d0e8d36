"""Logging in through the guard: tries that are counted, and logins that are right."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import BadSetting
from tests.ui.behind import HERE, JOIN, Behind, ask, rules
from ui.guard import Guard
from ui.login import Attempts, Login, client_of, login_of
from ui.request import Message, Receive, Scope, Send


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
