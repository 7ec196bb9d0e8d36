"""A socket that the page is served on: bound before anything heavy is loaded."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from rag.errors import BadSetting, KutipError
from ui.request import is_loopback


class CannotListen(KutipError):
    """The address or the port that the page was to be served at cannot be had."""

    kind = "listen"


@contextmanager
def listening(host: str, port: int, *, public: bool) -> Iterator[socket.socket]:
    """A socket that connections queue at; `public` is whether one for others is wanted."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise CannotListen(
            f"--host {host} is no address that is known here", hint="Such as: --host 127.0.0.1"
        ) from error
    # A name with both gets the one that every browser tries.
    family, _, _, _, bound = min(found, key=lambda entry: entry[0] != socket.AF_INET)
    if not public and not is_loopback(str(bound[0]).partition("%")[0]):
        raise BadSetting(
            f"--host {host} lets other machines in, and there is no login",
            hint="Set KUTIP_AUTH=user:password, or leave --host out.",
        )
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        if os.name == "posix":  # elsewhere this would take the port from who has it
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(bound)
            listener.listen()
        except PermissionError as error:
            raise CannotListen(
                f"port {port} is not for every user", hint="Take one above 1023, such as 7860."
            ) from error
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise CannotListen(
                    f"--host {host} cannot be listened at: {error.strerror}",
                    hint="Name an address of this machine.",
                ) from error
            raise CannotListen(
                f"port {port} is taken; the page may be open already",
                hint="Take another one with --port, or --port 0 for any that is free.",
            ) from error
        yield listener


def address(listener: socket.socket) -> str:
    """Where a browser on this machine finds what listens."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def everywhere(host: str) -> bool:
    return host in ("0.0.0.0", "::", "0")
