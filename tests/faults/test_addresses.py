"""No web address, redirect or answer of a name server makes Kutip ask a private machine.

The world of these tests: a name server that says what a test tells it, one public web server
that redirects as it is told, and behind every other IP address, public ones included, a
canary that counts who connects. So a single connection to anywhere but the public server,
by whatever spelling and on whatever port, is seen.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from rag.errors import BadSource
from rag.ingest.fetch import fetch

PUBLIC = "93.184.216.34"  # where the public server is, at news.example and in person
PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>Berita pagi.</p>"
_real_connect = socket.socket.connect


class World:
    """The network as the code under test sees it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.hits: list[object] = []  # connections to the canary, by what was connected to
        self.asked: list[str] = []  # names looked up
        self.names: dict[str, list[list[str]]] = {"news.example": [[PUBLIC]]}  # by look-up
        self.location: bytes | None = None  # what the public server redirects to
        self.visits = 0  # to the public server
        self._servers = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
        self._threads = [
            threading.Thread(target=self._serve, args=(server, number), daemon=True)
            for number, server in enumerate(self._servers)
        ]
        for thread in self._threads:
            thread.start()
        monkeypatch.setattr(socket, "getaddrinfo", self._look_up)
        world = self

        def connect(self: socket.socket, address: tuple[str, int]) -> None:
            world._connect(self, address)

        monkeypatch.setattr(socket.socket, "connect", connect)

    def _look_up(self, host: str, port: int, **options: int) -> list[object]:
        self.asked.append(host)
        if host in self.names:
            answers = self.names[host]
            ips = answers.pop(0) if len(answers) > 1 else answers[0]
        else:
            try:
                # A number in any spelling that the system knows, as 127.1 or 0x7f000001.
                ips = [socket.inet_ntoa(socket.inet_aton(host))]
            except OSError:
                ips = ["127.0.0.1"]  # all other names stand for this machine
        return [
            (socket.AF_INET6, 1, 6, "", (ip, port, 0, 0))
            if ":" in ip
            else (socket.AF_INET, 1, 6, "", (ip, port))
            for ip in ips
        ]

    def _connect(self, connection: socket.socket, address: tuple[str, int]) -> None:
        public = address[:2] in ((PUBLIC, 80), (PUBLIC, 443))
        if not public:
            self.hits.append(address)
        if connection.family == socket.AF_INET6:
            raise OSError(101, "Network is unreachable")
        _real_connect(connection, self._servers[not public].getsockname())

    def _serve(self, server: socket.socket, canary: int) -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with suppress(OSError), connection:
                if canary:
                    self.hits.append("canary")
                connection.settimeout(2)
                connection.recv(65_536)
                if self.location is None or canary:
                    connection.sendall(PAGE)
                else:
                    self.visits += 1
                    connection.sendall(
                        b"HTTP/1.1 302 Found\r\nLocation: " + self.location + b"\r\n\r\n"
                    )

    def close(self) -> None:
        for server in self._servers:
            server.shutdown(socket.SHUT_RDWR)
            server.close()
        for thread in self._threads:
            thread.join()


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    world = World(monkeypatch)
    yield world
    monkeypatch.undo()
    world.close()


def ipv4_spellings(ip: str) -> Iterator[str]:
    """The ways in which resolvers, browsers and libraries let an IPv4 address be written."""
    number = int(ipaddress.IPv4Address(ip))
    a, b, c, d = ip.split(".")
    yield ip
    yield str(number)
    yield hex(number)
    yield oct(number).replace("0o", "0")
    yield f"{number:#034b}"
    yield f"0x{int(a):x}.{b}.{c}.{d}"
    yield f"0x{int(a):x}.0x{int(b):x}.0x{int(c):x}.0x{int(d):x}"
    yield f"0{int(a):o}.0{int(b):o}.0{int(c):o}.0{int(d):o}"
    yield f"{int(a):04o}.{b}.{c}.{int(d):03d}"
    yield f"{a}.{number & 0xFFFFFF}"
    yield f"{a}.{b}.{number & 0xFFFF}"
    yield f"{ip}."
    yield f"{a}。{b}。{c}。{d}"
    yield f"{a}．{b}｡{c}.{d}"
    yield ip.translate({48 + n: 0xFF10 + n for n in range(10)})
    yield ip.translate({48 + n: 0x1D7CE + n for n in range(10)})
    yield f"{a}%2e{b}%2e{c}%2e{d}"
    yield "".join(f"%{ord(character):02x}" for character in ip)
    yield f"{a}.{b}.{c}.\u00ad{d}"
    yield f"{a}.{b}.{c}.{d}\u200b"
    yield f"[::ffff:{ip}]"
    yield f"[::ffff:{number >> 16:x}:{number & 0xFFFF:x}]"
    yield f"[::{ip}]"
    yield f"[64:ff9b::{ip}]"
    yield f"[64:ff9b:1::{ip}]"
    yield f"[2002:{number >> 16:x}:{number & 0xFFFF:x}::1]"
    yield f"[2001:0:{number >> 16:x}:{number & 0xFFFF:x}::]"
    yield f"[2a00:1450::5efe:{ip}]"
    yield f"[{ip}]"


MACHINES = [
    "127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.254", "192.168.0.1",
    "169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.0.192", "198.18.0.1", "0.0.0.0",
    "192.0.2.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "168.63.129.16", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::1%25lo]", "[fe80::1]",
    "[fe80::1%25eth0]", "[fc00::1]", "[fd00:ec2::254]", "[fec0::1]", "[ff02::1]",
    "[2001:db8::1]", "[100::1]", "[5f00::1]", "[3fff::1]",
]  # fmt: skip
NAMES = [
    "localhost", "LocalHost", "localhost.", "localhost.localdomain", "x.localhost", "nas.local",
    "metadata.google.internal", "pi.home.arpa", "printer.lan", "router", "metadata",
    "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "ｌｏｃａｌｈｏｓｔ", "local\u00adhost", "loca%6chost", "localhoſt",
    "127.0.0.1.nip.example", "localtest.example", "a" * 64 + ".example", "_",
]  # fmt: skip
WHOLE = [
    "http://good\\@127.0.0.1/", "http://news.example\\.127.0.0.1/", "http:\\\\127.0.0.1\\",
    "http://127.0.0.1\\@news.example/", "http://news.example@127.0.0.1/",
    "http://127.0.0.1@news.example/", "http://user:pass@127.0.0.1/", "http://@127.0.0.1/",
    "http://news.example:80@127.0.0.1/", "http://news.example:80\\@127.0.0.1:80/",
    "http://news.example#@127.0.0.1/", "http://127.0.0.1#@news.example/",
    "http://127.0.0.1?@news.example/", "http://127.0.0.1;news.example/",
    "http://127.0.0.1 news.example/", "http://127.0.0.1\tnews.example/",
    "http://127.0.\n0.1/", "http://news.example\r\nHost: 127.0.0.1/", "http://127.0.0.1\x00.news/",
    "ht\ntp://127.0.0.1/", "http:127.0.0.1/", "http:/127.0.0.1/", "http:///127.0.0.1/",
    "http:////127.0.0.1/", "//127.0.0.1/", "HTTP://127.0.0.1/", "https://127.0.0.1/",
    "http://127.0.0.1:80/", "http://127.0.0.1:443/", "http://127.0.0.1:22/",
    "http://127.0.0.1:6379/", "http://127.0.0.1:11434/api/tags", "http://127.0.0.1:080/",
    "http://127.0.0.1:65616/", "http://[::1]:80/", "http://[::1]@news.example/",
    "http://news.example:8080/", "http://news.example:25/", "http://[news.example]/",
    "ftp://127.0.0.1/", "gopher://127.0.0.1:6379/_FLUSHALL", "file:///etc/passwd",
    "file://127.0.0.1/etc/passwd", "dict://127.0.0.1:11211/stat", "ldap://127.0.0.1/",
    "data:text/html,<p>x</p>", "javascript:alert(1)", "jar:http://127.0.0.1!/", "unix:///run/x",
    "view-source:http://127.0.0.1/", "url:http://127.0.0.1/", "http+unix://%2frun%2fx/",
    "http://127.0.0.1" + "/" * 5_000, "http://" + "127.0.0.1," * 3 + "news.example/",
]  # fmt: skip
# "news.example#@127.0.0.1" is news.example, whoever reads it: it is a page like any other.
HARMLESS = ("http://news.example#@127.0.0.1/",)

HOSTS = [*dict.fromkeys([*ipv4_spellings("127.0.0.1"), *ipv4_spellings("10.11.12.13"),
                         *ipv4_spellings("169.254.169.254"), *MACHINES, *NAMES])]  # fmt: skip
HOSTILE = [*(f"http://{host}/" for host in HOSTS), *(u for u in WHOLE if u not in HARMLESS)]


def refused(url: str, world: World) -> BadSource:
    with pytest.raises(BadSource) as caught:
        fetch(url, seconds=5)
    assert world.hits == []
    assert caught.value.hint
    assert caught.value.message.isprintable()
    assert len(caught.value.message) < 800
    return caught.value


def test_there_are_enough_of_them() -> None:
    """More than sixty hostile addresses, no two of them the same."""
    assert len(set(HOSTILE)) == len(HOSTILE) > 150


@pytest.mark.parametrize("url", HOSTILE, ids=ascii)
def test_a_hostile_address(url: str, world: World) -> None:
    """No hostile address reaches a machine."""
    refused(url, world)
    assert world.visits == 0


@pytest.mark.parametrize("url", HOSTILE, ids=ascii)
def test_a_redirect_to_a_hostile_address(url: str, world: World) -> None:
    """A public page that redirects to a hostile address leads nowhere."""
    world.location = url.encode("utf-8", "surrogatepass").replace(b"\r\n", b" ").replace(b"\n", b"")
    if url.startswith("//"):
        assert "is a private address" in refused("http://news.example/x", world).message
    else:
        refused("http://news.example/x", world)
    assert world.visits >= 1


@pytest.mark.parametrize(
    "ips",
    [
        *([machine.strip("[]").replace("%25", "%")] for machine in MACHINES),
        ["::ffff:127.0.0.1"],
        ["::127.0.0.1"],
        ["64:ff9b::7f00:1"],
        ["2002:7f00:1::1"],
        [PUBLIC, "127.0.0.1"],
        ["127.0.0.1", PUBLIC],
        [PUBLIC, PUBLIC, PUBLIC, PUBLIC, PUBLIC, "10.0.0.1"],
        ["2606:2800:220:1::1", "::1"],
    ],
    ids=str,
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_name_that_stands_for_a_private_machine(
    ips: list[str], scheme: str, world: World
) -> None:
    """A name is refused if any of the addresses it stands for is private, and is named."""
    world.names["trap.example"] = [ips]
    error = refused(f"{scheme}://trap.example/x", world)
    assert f"{scheme}://trap.example/x: trap.example is a private address (" in error.message
    assert world.visits == 0


def test_a_name_that_changes_after_it_was_checked(world: World) -> None:
    """A name is looked up once; what it stands for a moment later is never asked."""
    world.names["turncoat.example"] = [[PUBLIC], ["127.0.0.1"]]
    assert fetch("http://turncoat.example/x").data == b"<p>Berita pagi.</p>"
    assert world.asked == ["turncoat.example"]
    assert world.hits == []


@pytest.mark.parametrize("turns", range(1, 6))
def test_a_name_that_changes_between_redirects(turns: int, world: World) -> None:
    """A page that leads to itself until its name stands for this machine is checked each time."""
    world.names["turncoat.example"] = [*([[PUBLIC]] * turns), ["127.0.0.1"]]
    world.location = b"http://turncoat.example/x"
    assert (
        "turncoat.example is a private address"
        in refused("http://turncoat.example/x", world).message
    )
    assert world.visits == turns


@pytest.mark.parametrize(
    "location", [b"http://news.example/y", b"/y", b"//news.example", b"?", b"#", b"."]
)
def test_a_redirect_without_an_end(location: bytes, world: World) -> None:
    """An endless chain of public redirects ends after the fifth."""
    world.location = location
    assert "too many redirects" in refused("http://news.example/x", world).message
    assert world.visits == 6


def test_the_canary_is_alive(world: World) -> None:
    """What the other tests rule out is seen when it is asked for, and public pages are read."""
    assert fetch("http://news.example/x").data == b"<p>Berita pagi.</p>"
    assert fetch(HARMLESS[0]).url == "http://news.example/"
    assert world.hits == []
    assert fetch("http://127.0.0.1/", allow_private=True).data == b"<p>Berita pagi.</p>"
    assert world.hits == [("127.0.0.1", 80), "canary"]
    world.hits.clear()
    world.location = b"http://localhost:11434/"
    fetch("http://news.example/x", allow_private=True)
    assert world.hits == [("127.0.0.1", 11434), "canary"]


@pytest.mark.parametrize(
    "host", ["169.254.169.254", "0.0.0.0", "255.255.255.255", "[fe80::1]", "[::ffff:169.254.1.1]"]
)
def test_what_is_never_asked(host: str, world: World) -> None:
    """A cloud's store of secrets is shut even for those who open their own network."""
    with pytest.raises(BadSource, match="is a private address") as caught:
        fetch(f"http://{host}/latest/meta-data/", allow_private=True)
    assert "--allow-private" not in caught.value.hint
    assert world.hits == []


def test_this_machine_without_any_trick() -> None:
    """With nothing replaced, a server on this machine is not asked, and is when that is allowed."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        port = server.getsockname()[1]
        for host in ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "127.1", "2130706433"):
            with pytest.raises(BadSource):
                fetch(f"http://{host}:{port}/", seconds=1)
        with pytest.raises(TimeoutError):
            server.accept()
        with pytest.raises(BadSource, match="timed out"):
            fetch(f"http://127.0.0.1:{port}/", allow_private=True, seconds=0.1)
        server.accept()[0].close()
