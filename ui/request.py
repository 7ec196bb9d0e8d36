"""A request's head: which host it names, which page sent it, what it brings.

A page of another site, open in the reader's browser, can send requests to this machine. What
tells them apart are Host, Sec-Fetch-Site and Origin: browsers write them, and no page can
forge them.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from ui.login import client_of

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

API = "/gradio_api/"
UPLOADS = (f"{API}upload", f"{API}process_recording")
SAFE = ("GET", "HEAD")


class Request:
    """The parts of a request that tell where it comes from and what it wants."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.scheme: str = scope.get("scheme", "http")
        pairs = [(k.decode("latin-1").lower(), v.decode("latin-1")) for k, v in scope["headers"]]
        self.headers = dict(pairs)
        hosts = [value for name, value in pairs if name == "host"]
        self.host = hosts[0] if len(hosts) == 1 else ""
        self.client = client_of(scope.get("client"))

    @property
    def foreign(self) -> bool:
        """Whether a page that is not ours made the browser send this.

        A link on another site may lead to the page; nothing else may come from there. Browsers
        leave Sec-Fetch-Site out where the page is not on this machine; Origin they do not, for
        whatever could change something.
        """
        origin = self.headers.get("origin")
        if origin is not None:
            scheme, _, netloc = origin.lower().partition("://")
            theirs = split(netloc, scheme)
            if theirs is None or scheme != self.scheme or theirs != split(self.host, scheme):
                return True
        if self.headers.get("sec-fetch-site", "none") in ("none", "same-origin"):
            return False
        followed = (
            self.method in SAFE
            and self.headers.get("sec-fetch-mode") == "navigate"
            and self.headers.get("sec-fetch-dest") == "document"
        )
        return not followed or self.path.startswith((API, "/logout"))

    @property
    def uploads(self) -> bool:
        """Whether files come with it."""
        kind = self.headers.get("content-type", "").lower()
        files = kind.startswith("multipart/") and self.path.startswith(API)
        return files or self.path.startswith(UPLOADS)

    @property
    def cookies(self) -> frozenset[str]:
        """The values of its cookies, whatever they are called."""
        pairs = self.headers.get("cookie", "").split(";")
        return frozenset(pair.partition("=")[2].strip().strip('"') for pair in pairs) - {""}

    def stripped(self) -> Scope:
        """The request without what only a proxy could know: no proxy stands before Kutip."""
        kept = [
            (name, value)
            for name, value in self._scope["headers"]
            if not name.lower().startswith((b"x-forwarded-", b"forwarded", b"x-gradio-server"))
        ]
        return {**self._scope, "headers": kept}


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server bound to `host`, as far as its text tells.

    >>> is_loopback("localhost"), is_loopback("::1"), is_loopback("0.0.0.0"), is_loopback("desk")
    (True, True, False, False)
    """
    address = address_of(host)
    return host.lower() == "localhost" or (address is not None and address.is_loopback)


def address_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The IP address that `host` is; None for a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


_NETLOC = re.compile(r"(?:\[([0-9a-f:.]+)\]|([^\s:/@?#\[\]\\]+))(?::(\d{1,5}))?")
_PORTS = {"http": 80, "https": 443}


def split(netloc: str, scheme: str = "http") -> tuple[str, int] | None:
    """``host:port`` in its parts, the port that goes without saying put in; None if it is not."""
    match = _NETLOC.fullmatch(netloc.lower())
    if match is None:
        return None
    return match[1] or match[2], int(match[3] or _PORTS.get(scheme, 0))
