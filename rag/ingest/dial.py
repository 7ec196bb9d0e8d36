"""Connect to the host of a web address: look it up once, check all it stands for, and stay there.

The address that was checked is the address that is connected to; the name is not looked up
again, so it cannot mean another machine a moment later. Speaks no HTTP.
"""

from __future__ import annotations

import io
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rag.errors import BadSource
from rag.ingest.address import Address, ip_of
from rag.ingest.network import check_address, check_found

_TRIED = 4  # addresses of one host; a page with more has them for the load, not to be reached
_SILENCE = 3.0  # seconds before the next of them is tried, as where IPv6 leads nowhere
_LOOK_AGAIN = "Check the spelling of the host, and that this machine is online."


class Flood(Exception):
    """The other side sent more bytes than it was allowed to."""


class Wire:
    """A connection that ends at its deadline, and after the bytes that it was allowed."""

    def __init__(self, connection: socket.socket, *, deadline: float) -> None:
        self._socket = connection
        self._deadline = deadline  # of time.monotonic()
        self.allowance = 0  # bytes that may still come

    def send(self, data: bytes) -> None:
        """Send all of it; raises `TimeoutError` at the deadline."""
        self._socket.settimeout(left(self._deadline))
        self._socket.sendall(data)

    def receive_into(self, buffer: memoryview) -> int:
        """How many bytes came, 0 at the end; raises `TimeoutError` and `Flood`."""
        if self.allowance <= 0:
            raise Flood
        self._socket.settimeout(left(self._deadline))
        count = self._socket.recv_into(buffer)
        self.allowance -= count
        return count

    def makefile(self, mode: str) -> io.BufferedReader:
        """What comes, as the binary file that `http.client.HTTPResponse` reads from."""
        assert mode == "rb"
        return io.BufferedReader(_Incoming(self))


class _Incoming(io.RawIOBase):
    """The receiving end of a wire as a raw stream; closing it does not hang up."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._wire.receive_into(memoryview(buffer))


@contextmanager
def dial(
    address: Address, *, name: str, deadline: float, allow_private: bool = False
) -> Iterator[Wire]:
    """A wire to the host of `address`, over TLS for https, hung up at the end.

    `deadline` is of `time.monotonic()`. Raises `BadSource`, its message beginning with `name`,
    for a host that may not be asked or cannot be reached, and `TimeoutError`.
    """
    check_address(address, name=name, allow_private=allow_private)
    found = [address.host] if ip_of(address.host) is not None else _look_up(address, name, deadline)
    check_found(address, found, name=name, allow_private=allow_private)
    with _connect(address, found[:_TRIED], name=name, deadline=deadline) as connection:
        if address.scheme == "http":
            yield Wire(connection, deadline=deadline)
            return
        with _secured(connection, address, name=name, deadline=deadline) as secured:
            yield Wire(secured, deadline=deadline)


def left(deadline: float) -> float:
    """The seconds up to the deadline, more than none; raises `TimeoutError` when it has passed."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


def _look_up(address: Address, name: str, deadline: float) -> list[str]:
    """The IP addresses of a host. In a thread: a look-up takes no deadline of its own."""
    found: list[str] = []
    failed: list[Exception] = []

    def ask() -> None:
        try:
            answers = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            failed.append(error)
        else:
            found.extend(dict.fromkeys(str(answer[4][0]) for answer in answers))

    thread = threading.Thread(target=ask, name="look-up", daemon=True)
    thread.start()
    thread.join(left(deadline))
    if thread.is_alive():
        raise TimeoutError
    if not found:
        raise BadSource(
            f"{name}: the name {address.given_host} cannot be resolved", hint=_LOOK_AGAIN
        ) from next(iter(failed), None)
    return found


def _connect(address: Address, found: list[str], *, name: str, deadline: float) -> socket.socket:
    """A connection to the first of the addresses that answers."""
    host = address.given_host
    failure: OSError = OSError()
    for number, ip in enumerate(found):
        family = socket.AF_INET6 if ":" in ip else socket.AF_INET
        connection = None
        try:
            connection = socket.socket(family, socket.SOCK_STREAM)
            last = number == len(found) - 1
            connection.settimeout(left(deadline) if last else min(left(deadline), _SILENCE))
            connection.connect((ip, address.port))
        except OSError as error:
            failure = error
            if connection is not None:
                connection.close()
        else:
            return connection
    if isinstance(failure, TimeoutError):
        raise failure
    if isinstance(failure, ConnectionRefusedError):
        raise BadSource(
            f"{name}: {host} refused the connection",
            hint="Check the address; the site may be down. Try again later.",
        ) from failure
    raise BadSource(
        f"{name}: {host} cannot be reached: {failure.strerror or failure}", hint=_LOOK_AGAIN
    ) from failure


def _secured(
    connection: socket.socket, address: Address, *, name: str, deadline: float
) -> ssl.SSLSocket:
    """The connection under TLS, the certificate checked against the host of the address."""
    import certifi

    context = ssl.create_default_context()
    # Beside the system's own authorities, which may be missing in a container or on macOS.
    context.load_verify_locations(certifi.where())
    context.set_alpn_protocols(["http/1.1"])
    connection.settimeout(left(deadline))
    failed = f"{name}: no safe connection to {address.given_host}"
    try:
        return context.wrap_socket(connection, server_hostname=address.host)
    except ssl.SSLCertVerificationError as error:
        raise BadSource(
            f"{failed}: its certificate is not valid: {error.verify_message}",
            hint="Check the address and this machine's clock. The site may be an impostor.",
        ) from error
    except TimeoutError:
        raise
    except OSError as error:  # ssl.SSLError is one
        raise BadSource(
            f"{failed}: {getattr(error, 'reason', None) or error.strerror or error}",
            hint="The site may be down or offer no https. Try again later.",
        ) from error
