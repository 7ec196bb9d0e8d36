"""Where the server of language models is, and whether that is this machine.

Standard library only: a question asked without a model must not wait for an import.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from rag.errors import BadSetting

DEFAULT_PORT = 11_434
_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[^\s/?#@:\[\]\\%\"'<>|^`{}\x00-\x1f\x7f]+")
_LISTENING = "0A"  # of /proc/net/tcp


def address(host: str) -> str:
    """The URL that a value of OLLAMA_HOST means, its port stated, without a slash at the end.

    A host alone is asked at Ollama's port, one after "http://" or "https://" at that scheme's;
    an address to listen at everywhere is asked on this machine. Raises `BadSetting` on what is
    no address. The rules are those of Ollama's own `envconfig.Host`.

    >>> address(":8080"), address("http://box/"), address("::1"), address("0.0.0.0")
    ('http://127.0.0.1:8080', 'http://box:80', 'http://[::1]:11434', 'http://127.0.0.1:11434')
    """
    stated = host.strip().strip("\"'").strip()
    scheme, parted, rest = stated.partition("://")
    scheme = scheme.lower() if parted else "http"
    port = _PORTS.get(scheme, 0) if parted else DEFAULT_PORT
    place, _, path = (rest if parted else stated).partition("/")
    name, stated_port = _split(place)
    if _is_ip(name) and ipaddress.ip_address(name).is_unspecified:
        name = "::1" if ":" in name else "127.0.0.1"
    name = name or "127.0.0.1"
    wrong = BadSetting(
        f"the address of the model's server is {_masked(stated)!r}",
        hint="It must be host, host:port or http://host:port, as for OLLAMA_HOST.",
    )
    if scheme not in _PORTS or (":" not in name and not _HOST.fullmatch(name)):
        raise wrong
    if ":" in name and not _is_ip(name):
        raise wrong
    if stated_port:
        if not re.fullmatch(r"[0-9]{1,5}", stated_port) or not 0 < int(stated_port) <= 65_535:
            raise wrong
        port = int(stated_port)
    if re.search(r"[\s?#\\\x00-\x1f]", path):
        raise wrong
    path = path.strip("/")
    shown = f"[{name}]" if ":" in name else name.lower()
    return f"{scheme}://{shown}:{port}" + (f"/{path}" if path else "")


def where(url: str) -> Literal["this machine", "another host"]:
    """Whether `url` is the loopback address; this machine's other addresses are not told apart.

    >>> where("http://localhost:11434"), where("http://192.168.0.7:11434")
    ('this machine', 'another host')
    """
    name = (_host_and_port(url)[0] or "").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return "this machine"
    if not _is_ip(name):
        return "another host"
    ip = ipaddress.ip_address(name.partition("%")[0])
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return "this machine" if ip.is_loopback or ip.is_unspecified else "another host"


def port_of(url: str) -> int:
    """The port that `url` is asked at; 0 where it is no URL."""
    return _host_and_port(url)[1]


def listens_everywhere(host: str) -> bool:
    """Whether a server started with this OLLAMA_HOST answers other machines too.

    >>> listens_everywhere("0.0.0.0:11434"), listens_everywhere("[::]"), listens_everywhere("")
    (True, True, False)
    """
    place = host.strip().strip("\"'").rpartition("://")[2].partition("/")[0]
    name = _split(place)[0]
    return _is_ip(name) and ipaddress.ip_address(name).is_unspecified


def reachable(url: str, *, seconds: float = 3.0) -> bool:
    """Whether something listens at `url`; looking its name up and connecting take this at most."""
    host, port = _host_and_port(url)
    if host is None:
        return False
    answered: list[bool] = []

    def connect() -> None:
        until = time.monotonic() + seconds
        try:
            for family, kind, protocol, _, target in socket.getaddrinfo(
                host, port, type=socket.SOCK_STREAM
            ):
                left = until - time.monotonic()
                if left <= 0:
                    return
                with socket.socket(family, kind, protocol) as tried:
                    tried.settimeout(left)
                    if tried.connect_ex(target) == 0:
                        answered.append(True)
                        return
        except (OSError, UnicodeError):
            return  # no such name, or no way there: it is not reachable

    # In a thread, as nothing else limits how long a name is looked up.
    thread = threading.Thread(target=connect, name="reachable", daemon=True)
    thread.start()
    thread.join(seconds)
    return bool(answered)


def open_to_others(port: int, *, tables: Path = Path("/proc/net")) -> bool:
    """Whether something on this machine listens at `port` beyond loopback; Linux knows, others not.

    `tables` is the folder of the kernel's `tcp` and `tcp6`.
    """
    for table in ("tcp", "tcp6"):
        try:
            lines = (tables / table).read_text(encoding="ascii").splitlines()[1:]
        except (OSError, UnicodeDecodeError):
            continue  # no such table: another system, or no IPv6
        for line in lines:
            columns = line.split()
            if len(columns) > 3 and columns[3] == _LISTENING:
                host, _, hex_port = columns[1].partition(":")
                if int(hex_port, 16) == port and not _is_loopback(host):
                    return True
    return False


def _is_loopback(hexadecimal: str) -> bool:
    """Whether an address as the kernel's tables print it, in words of the machine, is loopback."""
    words = [hexadecimal[i : i + 8] for i in range(0, len(hexadecimal), 8)]
    raw = b"".join(int(word, 16).to_bytes(4, sys.byteorder) for word in words)
    ip = ipaddress.ip_address(raw)
    return bool((getattr(ip, "ipv4_mapped", None) or ip).is_loopback)


def _split(place: str) -> tuple[str, str]:
    """Host and port of "host", "host:port", "[v6]:port", "[v6]" or a bare v6 address."""
    if place.startswith("["):
        name, closed, after = place[1:].partition("]")
        fits = closed and ":" in name and (not after or after.startswith(":"))
        return (name, after[1:]) if fits else (place, "")
    if _is_ip(place):
        return place, ""
    name, _, port = place.rpartition(":") if ":" in place else (place, "", "")
    return name, port


def _is_ip(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _host_and_port(url: str) -> tuple[str | None, int]:
    try:
        parts = urlsplit(url)
        return parts.hostname, parts.port or _PORTS.get(parts.scheme, DEFAULT_PORT)
    except ValueError:
        return None, 0


def _masked(text: str) -> str:
    return re.sub(r"[^/@]*@", "***@", text[:200])
