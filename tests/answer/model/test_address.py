"""Where a server of language models is: its address, whose machine that is, who listens there."""

from __future__ import annotations

import socket
import sys
import time
from pathlib import Path

import pytest

from rag.answer.model.address import address, open_to_others, reachable, where
from rag.errors import BadSetting
from tests.fakes import FakeOllama


@pytest.mark.parametrize(
    ("host", "url"),
    [
        # The cases of Ollama's own tests, where it does not fall back in silence.
        ("", "http://127.0.0.1:11434"),
        ("1.2.3.4", "http://1.2.3.4:11434"),
        (":1234", "http://127.0.0.1:1234"),
        ("1.2.3.4:1234", "http://1.2.3.4:1234"),
        ("example.com", "http://example.com:11434"),
        ("example.com:1234", "http://example.com:1234"),
        ("http://example.com", "http://example.com:80"),
        ("https://example.com", "https://example.com:443"),
        ("https://example.com:1234", "https://example.com:1234"),
        ("example.com/", "http://example.com:11434"),
        ("example.com:1234/path/", "http://example.com:1234/path"),
        ("https://example.com/ollama", "https://example.com:443/ollama"),
        ("[::1]", "http://[::1]:11434"),
        ("::1", "http://[::1]:11434"),
        ("[::1]:1337", "http://[::1]:1337"),
        ("https://[0001:002:003:0004::1]:56789/path", "https://[0001:002:003:0004::1]:56789/path"),
        (' "example.com" ', "http://example.com:11434"),
        ("'1.2.3.4:80'", "http://1.2.3.4:80"),
        ("HTTP://Example.com:8080", "http://example.com:8080"),
        ("localhost:", "http://localhost:11434"),
        # An address to listen at everywhere is none to ask.
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("0.0.0.0:8000", "http://127.0.0.1:8000"),
        ("http://0.0.0.0:11434", "http://127.0.0.1:11434"),
        ("::", "http://[::1]:11434"),
        ("[::]:11434", "http://[::1]:11434"),
        ("[0:0:0:0:0:0:0:0]", "http://[::1]:11434"),
    ],
)
def test_an_address_is_read_as_ollama_reads_it(host: str, url: str) -> None:
    """Every form of OLLAMA_HOST; read once more, the URL stays what it is."""
    assert address(host) == url
    assert address(url) == url


@pytest.mark.parametrize(
    "host",
    [
        "ftp://example.com", "example.com:0", "example.com:65536", "example.com:http", "a b",
        "http://a:b:c", "http://me:secret@example.com", "[::1", "[::1]x", "[abc]", "[]:80", "http://a?b=c",
        "a\x1b[2J", "http://exa\nmple.com", "example.com:-1", "example.com:٣",
        "http://example.com/a b", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(host: str) -> None:
    """With a hint, and without the password it may hold."""
    with pytest.raises(BadSetting) as refused:
        address(host)
    assert refused.value.hint
    assert "secret" not in refused.value.message
    assert refused.value.message.isprintable()


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("http://127.0.0.1:11434", "this machine"),
        ("http://127.8.9.1", "this machine"),
        ("http://localhost:11434/v1", "this machine"),
        ("http://LocalHost.", "this machine"),
        ("http://[::1]:11434", "this machine"),
        ("http://[::ffff:127.0.0.1]:11434", "this machine"),
        ("http://10.0.0.2:11434", "another host"),
        ("http://[fe80::1]:11434", "another host"),
        ("http://localhost.example.com", "another host"),
        ("http://127.0.0.1.example.com", "another host"),
        ("http://user@127.0.0.1@example.com", "another host"),
        ("nonsense", "another host"),
        ("http://[", "another host"),
    ],
)
def test_this_machine_is_told_from_others(url: str, place: str) -> None:
    """Only loopback is this machine; what is in doubt is another."""
    assert where(url) == place


def test_whether_something_listens(ollama: FakeOllama, nobody: str) -> None:
    """A connection is all it takes, and no request is made."""
    assert reachable(ollama.url)
    assert reachable(ollama.url.replace("127.0.0.1", "localhost"))
    assert ollama.requests == []
    assert not reachable(nobody)
    assert not reachable("http://[")
    assert not reachable("nonsense")


def test_looking_whether_something_listens_is_quick(nobody: str) -> None:
    """A refusal is told at once, whatever time is allowed."""
    begun = time.monotonic()
    assert not reachable(nobody, seconds=30.0)
    assert time.monotonic() - begun < 1.0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who listens where")
def test_the_kernel_knows_who_listens_everywhere() -> None:
    """A port bound to all addresses is told from one bound to loopback, whatever was set."""
    with (
        socket.create_server(("0.0.0.0", 0)) as wide,
        socket.create_server(("127.0.0.1", 0)) as own,
    ):
        assert open_to_others(wide.getsockname()[1])
        assert not open_to_others(own.getsockname()[1])


@pytest.mark.skipif(sys.byteorder != "little", reason="the table is a little-endian machine's")
def test_the_kernels_tables_are_read_right(tmp_path: Path) -> None:
    """Only a listening socket beyond 127.0.0.1 and ::1 counts; both tables are read."""
    head = "  sl  local_address rem_address   st ...\n"
    line = "   0: {}:{:04X} 00000000:0000 {} 00000000:00000000 00:00000000 00000000 0 0 1\n"
    (tmp_path / "tcp").write_text(
        head
        + line.format("0100007F", 1, "0A")  # 127.0.0.1
        + line.format("00000000", 2, "0A")  # 0.0.0.0
        + line.format("0200A8C0", 3, "0A")  # 192.168.0.2
        + line.format("00000000", 4, "01")  # a connection
    )
    (tmp_path / "tcp6").write_text(
        head
        + line.format("00000000000000000000000001000000", 5, "0A")  # ::1
        + line.format("00000000000000000000000000000000", 6, "0A")  # ::
        + line.format("0000000000000000FFFF00000100007F", 7, "0A")  # ::ffff:127.0.0.1
    )
    assert [p for p in range(1, 9) if open_to_others(p, tables=tmp_path)] == [2, 3, 6]
    assert not open_to_others(2, tables=tmp_path / "none")
