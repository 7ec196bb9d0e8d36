"""A small page that is really served."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from rag.settings import Settings
from ui.serve import mounted, server_of, settle

SMALL = Settings(data_dir=Path("/nowhere"), max_file_bytes=1_000, max_article_chars=10_000)

HEARD = threading.Event()


def _blocks() -> Any:
    """A page of one question, answered in two parts, and one field for files."""
    settle()
    import gradio as gr

    async def parts(question: str) -> Any:
        yield f"{question}: first"
        heard = question != "wait" or await asyncio.to_thread(HEARD.wait, 20)
        yield f"{question}: {'second' if heard else 'nobody heard the first'}"

    with gr.Blocks() as blocks:
        question, answer, files = gr.Textbox(), gr.Textbox(), gr.File(file_count="multiple")
        question.submit(parts, question, answer, api_name="parts")
        files.upload(str, files, answer, api_name="files")
    return blocks


@contextmanager
def served(scratch: Path, **options: Any) -> Iterator[str]:
    """The address of a small page that runs in a thread."""
    before = os.environ.get("GRADIO_TEMP_DIR")
    os.environ["GRADIO_TEMP_DIR"] = str(scratch)
    started = threading.Event()
    try:
        server = server_of(mounted(_blocks(), {}, SMALL, **options), started.set)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
            thread.start()
            assert started.wait(30)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
            server.should_exit = True
            thread.join(10)
            assert not thread.is_alive()
    finally:
        os.environ.pop("GRADIO_TEMP_DIR")
        if before is not None:
            os.environ["GRADIO_TEMP_DIR"] = before


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the small page keeps uploads."""
    return tmp_path_factory.mktemp("uploads")


@pytest.fixture(scope="module")
def page(scratch: Path) -> Iterator[str]:
    """A small page without a login."""
    with served(scratch) as address:
        yield address


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


FORM = {"Content-Type": "multipart/form-data; boundary=b"}
FILE = (
    b'--b\r\nContent-Disposition: form-data; name="files"; filename="dropped.txt"\r\n'
    b"Content-Type: text/plain\r\n\r\nhello\r\n--b--\r\n"
)
