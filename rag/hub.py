"""Fetch an embedding model from the Hugging Face hub into its local cache. Only when told to.

The hub's own client waits minutes for a network that is not there and for ever on a host that
never answers, so it runs in a process of its own, which is ended when nothing comes any more.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from rag.errors import ModelError
from rag.schema import Progress

# What a sentence-transformers model needs, and no second copy of its weights.
_WANTED = (".json", ".safetensors", ".txt", ".model")
_UNWANTED = ("onnx/", "openvino/")
_FIRST_SECONDS = 18.0  # until the hub has said what the model consists of
_STALL_SECONDS = 60.0  # without one more byte
_CONNECT_SECONDS = 6.0
_BOOT = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from rag.hub import main; main(sys.argv[2])"
)


def fetch(
    name: str, *, first_seconds: float = _FIRST_SECONDS, stall_seconds: float = _STALL_SECONDS
) -> Generator[Progress, None, None]:
    """How far the download of model `name` has come, in bytes, until it is all in the cache.

    Closing the generator ends the download; the next one goes on from there. Raises
    `ModelError` when the hub does not answer in `first_seconds`, refuses, or sends nothing
    more for `stall_seconds`. HF_HUB_OFFLINE is not heeded: whoever calls this was asked.
    """
    arguments = (_BOOT, json.dumps([str(Path(part).absolute()) for part in sys.path]), name)
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
    )
    assert process.stdout is not None
    lines: queue.Queue[dict[str, Any] | None] = queue.Queue()
    reader = threading.Thread(target=_read, args=(process.stdout, lines), daemon=True)
    reader.start()
    try:
        total, done = None, -1
        deadline = time.monotonic() + first_seconds
        while True:
            try:
                told = lines.get(timeout=max(0.01, deadline - time.monotonic()))
            except queue.Empty as error:
                why = "the hub does not answer" if total is None else "nothing more comes"
                raise _failed(name, why) from error
            if told is None:
                raise _failed(name, "the download ended before its time")
            if "error" in told:
                raise _failed(name, str(told["error"]))
            if told.get("finished"):
                return
            total = int(told["total"])
            if int(told["done"]) > done:
                done = int(told["done"])
                deadline = time.monotonic() + stall_seconds
                yield Progress(stage="loading", done=min(done, total), total=total, label=name)
            elif time.monotonic() > deadline:
                raise _failed(name, "nothing more comes")
    finally:
        process.kill()
        process.wait()
        reader.join()
        process.stdout.close()


def _failed(name: str, why: str) -> ModelError:
    return ModelError(
        f"{name} could not be fetched: {why}",
        hint='Look at the network and run "kutip setup" again; until then nothing has changed.',
    )


def _environment() -> dict[str, str]:
    """The environment of the download: it may use the network, and says nothing of us."""
    kept = {k: v for k, v in os.environ.items() if k not in ("HF_HUB_OFFLINE", "HF_TOKEN")}
    return kept | {
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
        # Its other way of loading keeps what it has in a second cache, where a stalled
        # download cannot be told from a slow one.
        "HF_HUB_DISABLE_XET": "1",
        "TRANSFORMERS_OFFLINE": "0",
    }


def _read(stream: IO[bytes], lines: queue.Queue[dict[str, Any] | None]) -> None:
    """Put every line of the child's on the queue, and None when it has no more."""
    for line in stream:
        with suppress(ValueError):
            told = json.loads(line)
            if isinstance(told, dict):
                lines.put(told)
    lines.put(None)


# In the child ------------------------------------------------------------------------------


def main(name: str) -> None:
    """Fetch model `name`, telling on stdout how far it has come: one JSON object a line."""
    from huggingface_hub import HfApi, hf_hub_download
    from huggingface_hub.constants import HF_HUB_CACHE

    try:
        _connect()
        about = HfApi().model_info(name, files_metadata=True, timeout=_FIRST_SECONDS, token=False)
        files = [
            (file.rfilename, file.size or 0)
            for file in about.siblings or ()
            if file.rfilename.endswith(_WANTED) and not file.rfilename.startswith(_UNWANTED)
        ]
        total = sum(size for _, size in files)
        folder = Path(HF_HUB_CACHE) / f"models--{name.replace('/', '--')}" / "blobs"
        _tell(total=total, done=_held(folder, total))
        threading.Thread(target=_watch, args=(folder, total), daemon=True).start()
        for file, _ in sorted(files, key=lambda pair: pair[1]):  # the weights last
            hf_hub_download(name, file, token=False)
    except Exception as error:
        _tell(error=_reason(error))
        raise SystemExit(1) from error
    _tell(finished=True)


def _connect() -> None:
    """Fail at once where there is no network; the hub's client would try for a minute."""
    import socket
    from urllib.parse import urlsplit
    from urllib.request import getproxies

    from huggingface_hub.constants import ENDPOINT

    parts = urlsplit(ENDPOINT)
    if parts.scheme in getproxies() or not parts.hostname:
        return
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname, port), timeout=_CONNECT_SECONDS).close()
    except OSError as error:
        raise ConnectionError(f"{parts.hostname} cannot be reached") from error


def _watch(folder: Path, total: int) -> None:
    """Tell twice a second how much has come; ends this process when nobody listens."""
    while True:
        time.sleep(0.5)
        try:
            _tell(total=total, done=_held(folder, total))
        except OSError:
            os._exit(1)


def _held(folder: Path, total: int) -> int:
    """Bytes of the model that are here, at most `total`; an older version's may be among them."""
    held = 0
    for path in folder.glob("*"):
        with suppress(OSError):  # renamed when it is whole
            held += path.stat().st_size
    return min(held, total)


def _tell(**fields: object) -> None:
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()


def _reason(error: Exception) -> str:
    """The first line of what went wrong."""
    return next(iter(str(error).strip().splitlines()), "") or type(error).__name__
