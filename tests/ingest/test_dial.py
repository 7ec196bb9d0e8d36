"""Reaching the host of an address: names, connections and TLS."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.errors import BadSource
from rag.ingest.fetch import fetch
from tests.ingest.servers import PAGE, Server, ok


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


def test_a_host_that_does_not_answer() -> None:
    """A full queue of connections is a host that is silent while connecting."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as busy:
        waiting = [socket.socket() for _ in range(4)]
        for connection in waiting:
            connection.setblocking(False)
            connection.connect_ex(busy.getsockname())
        with pytest.raises(BadSource, match=r"timed out after 0\.5 seconds"):
            fetch(f"http://127.0.0.1:{busy.getsockname()[1]}/", allow_private=True, seconds=0.5)
        for connection in waiting:
            connection.close()


def test_a_refused_connection() -> None:
    """A port at which nothing listens is told apart from a host that is silent."""
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(BadSource, match=r": 127\.0\.0\.1 refused the connection"):
        fetch(f"http://127.0.0.1:{port}/", allow_private=True)


def test_a_name_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that cannot be resolved is named."""

    def unknown(*_: object, **__: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(BadSource, match=r"the name berita\.example cannot be resolved"):
        fetch("https://berita.example/x")


def test_a_look_up_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The deadline holds for a resolver that does not answer, too."""
    released = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: released.wait(10) and [])
    started = time.monotonic()
    with pytest.raises(BadSource, match=r"timed out after 0\.3 seconds"):
        fetch("https://berita.example/x", seconds=0.3)
    released.set()
    assert time.monotonic() - started < 1.0


def test_the_next_address_is_tried(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A host with two addresses, the first of which leads nowhere, is reached by the second."""
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 0)) for ip in
               ("127.0.0.2", "127.0.0.1")]  # fmt: skip
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
    server.replies["/x"] = ok()
    found = fetch(f"http://berita.example:{server.port}/x", allow_private=True)
    assert found.url == f"http://berita.example:{server.port}/x"
    assert f"\r\nHost: berita.example:{server.port}\r\n" in server.requests[0]


# TLS ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for berita.example, signed by itself."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs the openssl command to make a certificate")
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", "/CN=berita.example", "-addext",
         "subjectAltName=DNS:berita.example", "-keyout", path, "-out", path.with_suffix(".crt")],
        check=True, capture_output=True,
    )  # fmt: skip
    path.write_text(path.read_text() + path.with_suffix(".crt").read_text())
    return path


@pytest.fixture
def secure(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server with TLS that every name resolves to; it notes the names it was asked for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = Server(context)
    context.sni_callback = lambda _, name, __: server.requests.append(f"SNI {name}")
    answer = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [answer])
    yield server
    server.close()


def test_a_page_over_tls(
    secure: Server, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name of the host, not its IP address, is what the certificate is checked against."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_suffix(".crt")))
    secure.replies["/x"] = ok()
    url = f"https://berita.example:{secure.port}/x"
    assert fetch(url, allow_private=True).data == PAGE
    sni, request = secure.requests
    assert sni == "SNI berita.example"
    assert f"\r\nHost: berita.example:{secure.port}\r\n" in request


def test_a_certificate_of_another_host(
    secure: Server, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A valid certificate of another host is none; nothing is asked of such a server."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_suffix(".crt")))
    with pytest.raises(BadSource, match="its certificate is not valid: Hostname mismatch"):
        fetch(f"https://lain.example:{secure.port}/x", allow_private=True)
    assert secure.requests == ["SNI lain.example"]


def test_a_certificate_that_nobody_signed(secure: Server) -> None:
    """A certificate of no known authority is refused."""
    with pytest.raises(BadSource, match="its certificate is not valid: self-signed certificate"):
        fetch(f"https://berita.example:{secure.port}/x", allow_private=True)


def test_no_tls_behind_an_https_address() -> None:
    """A server that speaks plain HTTP where TLS is due is named as that, not as broken."""
    with socket.create_server(("127.0.0.1", 0)) as plain:

        def answer() -> None:
            with plain.accept()[0] as connection:
                connection.recv(65_536)
                connection.sendall(ok(status="400 Bad Request"))

        thread = threading.Thread(target=answer)
        thread.start()
        url = f"https://127.0.0.1:{plain.getsockname()[1]}/"
        with pytest.raises(BadSource, match=r"no safe connection to 127\.0\.0\.1: WRONG_VERSION"):
            fetch(url, allow_private=True)
        thread.join()


def test_a_silent_handshake() -> None:
    """A server that says nothing in the TLS handshake is cut at the deadline."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        started = time.monotonic()
        with pytest.raises(BadSource, match=r"timed out after 0\.5 seconds"):
            fetch(f"https://127.0.0.1:{silent.getsockname()[1]}/", allow_private=True, seconds=0.5)
        assert time.monotonic() - started < 1.0
