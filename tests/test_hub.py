"""Fetching an embedding model, from a small hub on this machine that behaves and misbehaves."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from rag.errors import ModelError
from rag.hub import fetch

NAME = "someone/small-model"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
FILES = {
    "config.json": b'{"hidden_size": 8}',
    "modules.json": b"[]",
    "1_Pooling/config.json": b"{}",
    "model.safetensors": b"w" * 300_000,
    "pytorch_model.bin": b"pickle",
    "onnx/model.onnx": b"o" * 1000,
    "onnx/config.json": b"{}",
    "README.md": b"# hi",
}
WANTED = {"config.json", "modules.json", "1_Pooling/config.json", "model.safetensors"}


@dataclass
class Hub:
    """A hub with one model; `stall` is a file whose second half never comes."""

    url: str = ""
    stall: str = ""
    silent: bool = False  # takes connections and says nothing
    asked: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub that works, and an empty cache for what it sends."""
    made = Hub()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            self.answer(body=False)

        def do_GET(self) -> None:
            self.answer(body=True)

        def answer(self, *, body: bool) -> None:
            path = urlsplit(self.path).path
            made.asked.append(path)
            if made.silent:
                made.released.wait(30)
                return
            if path == f"/api/models/{NAME}":
                siblings = [{"rfilename": n, "size": len(d)} for n, d in FILES.items()]
                about = {"id": NAME, "sha": COMMIT, "siblings": siblings}
                self.send(200, json.dumps(about).encode(), body=body)
                return
            file = path.removeprefix(f"/{NAME}/resolve/main/")
            file = file.removeprefix(f"/{NAME}/resolve/{COMMIT}/")
            if file not in FILES:
                self.send(404, b'{"error": "Repository not found"}', body=body)
            else:
                self.send(200, FILES[file], body=body, stall=file == made.stall)

        def send(self, status: int, data: bytes, *, body: bool, stall: bool = False) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.send_header("ETag", f'"{hash(data) & 0xFFFFFFFFFFFF:012x}"')
            self.send_header("X-Repo-Commit", COMMIT)
            self.end_headers()
            if body and not stall:
                self.wfile.write(data)
            elif body:
                self.wfile.write(data[: len(data) // 2])
                self.wfile.flush()
                made.released.wait(30)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            """Say nothing on stderr."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("HF_ENDPOINT", made.url)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    yield made
    made.released.set()
    server.shutdown()
    thread.join()
    server.server_close()


def kept(tmp_path: Path) -> set[str]:
    """The files of the model that are whole in the cache."""
    folder = tmp_path / "hub" / "hub" / "models--someone--small-model" / "snapshots" / COMMIT
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}


def test_what_a_model_needs_is_fetched_and_no_more(hub: Hub, tmp_path: Path) -> None:
    """Configuration and safetensors come, with HF_HUB_OFFLINE set; pickles and twins do not."""
    steps = list(fetch(NAME))
    assert kept(tmp_path) == WANTED
    size = sum(len(FILES[name]) for name in WANTED)
    assert steps
    assert {step.total for step in steps} == {size}
    assert [step.done for step in steps] == sorted({step.done for step in steps})
    assert not any("onnx" in path or path.endswith(".bin") for path in hub.asked)
    # Found afterwards by the branch that is asked for when no version is named.
    refs = tmp_path / "hub" / "hub" / "models--someone--small-model" / "refs" / "main"
    assert refs.read_text(encoding="ascii") == COMMIT


def test_a_model_that_is_not_there_is_one_line(hub: Hub) -> None:
    """The hub's own words, on one line."""
    with pytest.raises(ModelError) as caught:
        list(fetch("someone/else"))
    assert "someone/else could not be fetched: " in caught.value.message
    assert "\n" not in caught.value.message


def test_without_a_network_it_fails_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hub's client alone would try for 70 seconds."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{unused.getsockname()[1]}")
        begun = time.monotonic()
        with pytest.raises(ModelError, match=r"127\.0\.0\.1 cannot be reached"):
            list(fetch(NAME))
    assert time.monotonic() - begun < 15  # starting Python, on a busy machine


def test_a_hub_that_never_answers_is_given_up(hub: Hub) -> None:
    """It takes the connection and says nothing; the hub's client alone would wait for ever."""
    hub.silent = True
    begun = time.monotonic()
    with pytest.raises(ModelError, match="the hub does not answer"):
        list(fetch(NAME, first_seconds=4))
    assert time.monotonic() - begun < 8


def test_a_download_that_stalls_is_given_up(hub: Hub, tmp_path: Path) -> None:
    """Half of the weights come and no more: what is whole stays, the rest is no model."""
    hub.stall = "model.safetensors"
    with pytest.raises(ModelError, match="nothing more comes"):
        list(fetch(NAME, stall_seconds=2))
    assert kept(tmp_path) == WANTED - {"model.safetensors"}
    hub.stall = ""
    list(fetch(NAME))
    assert kept(tmp_path) == WANTED


def test_closing_ends_the_download(hub: Hub) -> None:
    """After the first figure nobody wants the rest; nothing runs on."""
    hub.stall = "model.safetensors"
    with closing(fetch(NAME)) as steps:
        next(steps)
        begun = time.monotonic()
    assert time.monotonic() - begun < 2
