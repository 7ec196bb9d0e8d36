"""Who may log in: the user and password that were set, and how often one may be wrong.

The login form, its cookie and who has one are Gradio's.
"""

from __future__ import annotations

import hmac
import ipaddress
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from rag.errors import BadSetting


@dataclass(frozen=True, slots=True)
class Login:
    """The one user there is."""

    user: str
    password: str

    def is_right(self, user: str, password: str) -> bool:
        """Whether these are the ones; how long that takes does not tell how near they are."""
        same_user = hmac.compare_digest(_given(user), _set(self.user))
        same_password = hmac.compare_digest(_given(password), _set(self.password))
        return same_user and same_password


def login_of(auth: str) -> Login | None:
    """The login in ``user:password``; None for none; raises `BadSetting`."""
    if not auth:
        return None
    user, _, password = auth.partition(":")
    if not user or not password or user != user.strip():
        raise BadSetting(
            "KUTIP_AUTH is not a user and a password", hint="Write it as user:password."
        )
    return Login(user, password)


class Attempts:
    """Logins that failed within the last minute, by client. No more than `ALL` are remembered.

    An attempt counts as failed until it is known to be right, so that many at once do not slip
    by. When `ALL` failed, nobody may try: guessing from many addresses is no faster.
    """

    EACH, ALL, SECONDS = 5, 100, 60.0

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failed: deque[tuple[float, str]] = deque()

    def wait(self, client: str) -> float:
        """Seconds until `client` may try again; 0 when it may now."""
        now = self._clock()
        while self._failed and self._failed[0][0] <= now - self.SECONDS:
            self._failed.popleft()
        own = [moment for moment, who in self._failed if who == client]
        since = own[-self.EACH] if len(own) >= self.EACH else None
        if len(self._failed) >= self.ALL:
            since = max(since or 0.0, self._failed[-self.ALL][0])
        return 0.0 if since is None else since + self.SECONDS - now

    def begin(self, client: str) -> tuple[float, str]:
        """Count an attempt of `client`; hand what is returned to `right` if it was right."""
        attempt = (self._clock(), client)
        self._failed.append(attempt)
        return attempt

    def right(self, attempt: tuple[float, str]) -> None:
        """Count `attempt` as failed no more."""
        if attempt in self._failed:
            self._failed.remove(attempt)


def client_of(client: tuple[str, int] | None) -> str:
    """Whom attempts are counted for: an address, of IPv6 the network one household has."""
    host = client[0] if client else ""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if not isinstance(address, ipaddress.IPv6Address):
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))


def _given(text: str) -> bytes:
    return text.encode(errors="backslashreplace")


def _set(text: str) -> bytes:
    return text.encode(errors="surrogateescape")  # as the environment holds it
