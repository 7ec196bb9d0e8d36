"""`kutip` in a process of its own, on pipes or on a terminal, heard while it speaks."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType

from tests.samples import ROOT

# As the command, but with an encoder that needs no weights.
_LIGHT = (
    "import sys; from rag.cli import main; from rag.engine import Engine; "
    "from tests.fakes import HashEmbedder; "
    "sys.exit(main(engine_factory=lambda s: Engine(s, embedder=HashEmbedder())))"
)
# Its terminal is to be the one whose Ctrl-C it gets.
_OWNING = "import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "


class Live:
    """One running command; a context manager that leaves no process behind."""

    def __init__(
        self, *words: str, folder: Path, server: str, terminal: bool = False, light: bool = True,
        head: str = "",
    ) -> None:  # fmt: skip
        environment = os.environ | {
            "KUTIP_DATA_DIR": str(folder),
            "OLLAMA_HOST": server,
            "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
            "TERM": "xterm",
        }
        environment.pop("PYTHONUNBUFFERED", None)  # users have not set it
        light_words = _OWNING + _LIGHT if terminal else _LIGHT
        command = [sys.executable, *(["-c", light_words] if light else ["-m", "rag.cli"]), *words]
        self._heard: list[tuple[float, str]] = []
        self._errors: list[str] = []
        self._lock = threading.Condition()
        self.terminal = terminal
        self._head = head  # stdout is read up to these words, and no further
        if terminal:
            ours, theirs = pty.openpty()
            self.process = subprocess.Popen(
                command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment,
                start_new_session=True,
            )  # fmt: skip
            os.close(theirs)
            self._in, outs = ours, [(ours, True)]
        else:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                env=environment, start_new_session=True,
            )  # fmt: skip
            assert self.process.stdin is not None
            assert self.process.stdout is not None
            assert self.process.stderr is not None
            self._in = self.process.stdin.fileno()
            outs = [(self.process.stdout.fileno(), True), (self.process.stderr.fileno(), False)]
        self._readers = [threading.Thread(target=self._read, args=one, daemon=True) for one in outs]
        for reader in self._readers:
            reader.start()

    def _read(self, file: int, out: bool) -> None:
        while True:
            try:
                data = os.read(file, 65_536)
            except OSError:  # how a terminal ends
                data = b""
            with self._lock:
                if data and out:
                    self._heard.append((time.monotonic(), data.decode("utf-8", "replace")))
                elif data:
                    self._errors.append(data.decode("utf-8", "replace"))
                self._lock.notify_all()
            if not data:
                return
            if out and self._head and self._head in self.out:
                assert self.process.stdout is not None
                self.process.stdout.close()
                return

    @property
    def out(self) -> str:
        """What stdout has shown so far; on a terminal, stderr too."""
        return "".join(text for _, text in self._heard)

    @property
    def err(self) -> str:
        """What stderr has shown so far, on pipes."""
        return "".join(self._errors)

    def until(
        self, words: str, *, seconds: float = 20.0, error: bool = False, times: int = 1
    ) -> float:
        """When the words were there, by time.monotonic(); fails when they do not come."""
        with self._lock:
            came = self._lock.wait_for(
                lambda: (self.err if error else self.out).count(words) >= times, timeout=seconds
            )
        assert came, f"no {words!r} in {self.out!r}, {self.err!r}"
        told = ""
        for moment, text in self._heard:
            told += text
            if words in told:
                return moment
        return time.monotonic()

    def forget(self) -> None:
        """Take what was heard so far for heard."""
        with self._lock:
            self._heard.clear()
            self._errors.clear()

    def write(self, line: str) -> None:
        """Type a line."""
        os.write(self._in, line.encode() + b"\n")

    def interrupt(self) -> float:
        """Press Ctrl-C; when that was."""
        moment = time.monotonic()
        if self.terminal:
            os.write(self._in, b"\x03")
        else:
            self.process.send_signal(signal.SIGINT)
        return moment

    def end(self, *, seconds: float = 20.0) -> int:
        """Close its input, wait for it, and return its status."""
        if self.terminal:
            os.write(self._in, b"\x04")
        elif self.process.stdin is not None:
            self.process.stdin.close()
        status = self.process.wait(seconds)
        for reader in self._readers:
            reader.join(5)
        return status

    def __enter__(self) -> Live:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.process.kill()
        self.process.wait(10)
        for reader in self._readers:
            reader.join(5)
        if self.terminal:
            os.close(self._in)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()
