"""The helper process: what it gives back, to whom, and how it ends."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import docx
import pytest

from rag.errors import BadSource
from rag.ingest.child import Child
from rag.ingest.document import Document
from rag.ingest.feed import read_feed
from rag.ingest.fetch import Fetched
from rag.ingest.page import read_page
from tests.ingest import bad_child
from tests.ingest.bad_child import BadChild, is_alive, linux, refusal, wait_until
from tests.ingest.made_pdf import pdf
from tests.samples import ROOT

shared = bad_child.shared


# What is given back ------------------------------------------------------------------------


def test_documents_are_read_in_the_helper() -> None:
    """A PDF and a Word document come out as records, in one process, and their errors as ours."""
    document = docx.Document()
    document.add_paragraph("Isi berita.")
    document.sections[0].header.paragraphs[0].text = "Harian Pagi"
    written = io.BytesIO()
    document.save(written)
    with Child() as child:
        assert child.pdf(
            pdf([[(50, 700, 10, "Isi “berita”.")]], info=b"/Title(Pasar ikan)"), name="a.pdf"
        ) == Document(text="Isi “berita”.", facts={"title": "Pasar ikan"})
        word = child.word(written.getvalue(), name="a.docx")
        assert (word.text, word.removed) == ("Isi berita.", ("Harian Pagi",))
        with pytest.raises(BadSource) as caught:
            child.pdf(b"%PDF-1.7", name="b.pdf", max_pages=1)
    assert caught.value.message == "b.pdf is damaged"
    assert caught.value.hint.startswith("Get it again")


BODY = "".join(
    f"<p>Gubernur {name} membuka pasar ikan di pelabuhan lama pada Selasa pagi dan berjanji"
    " bahwa harga ikan tidak akan naik sampai akhir tahun ini, kata juru bicaranya.</p>"
    for name in ("Aceh", "Bali", "Jambi", "Papua", "Riau")
)
PAGE = f"<html><body><article><h1>Pasar ikan</h1>{BODY}</article></body></html>".encode()
FEED = b"""<rss version="2.0"><channel><title>Harian Pagi</title><item><title>Pasar ikan</title>
<link>/pasar</link><pubDate>Wed, 21 Aug 2024 10:15:00 +0700</pubDate></item></channel></rss>"""


class Site(BaseHTTPRequestHandler):
    """A site whose every address is the page, but for one that never answers."""

    def do_GET(self) -> None:
        if self.path == "/lambat":
            time.sleep(3)
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        with contextlib.suppress(OSError):  # who asked has gone away
            self.wfile.write(PAGE)

    def log_message(self, *arguments: object) -> None:
        """Write nothing between the dots of the tests."""


@pytest.fixture
def site() -> Iterator[str]:
    """The address of a site on this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_addresses_are_fetched_and_read_in_the_helper(site: str) -> None:
    """A page, its bytes and a feed come out as the records that their readers make."""
    with Child() as child:
        got = child.fetch(f"{site}/a", allow_private=True, max_bytes=100_000, seconds=10)
        assert got == Fetched(url=f"{site}/a", data=PAGE, content_type="text/html", charset="utf-8")
        document = child.page(got.data, name="a.html", url=got.url, charset=got.charset)
        assert document == read_page(PAGE, name="a.html", url=got.url, charset="utf-8")
        assert "Gubernur Papua membuka pasar ikan" in document.text
        (item,) = child.feed(FEED, name="umpan", url=f"{site}/rss")
        assert (item,) == read_feed(FEED, name="umpan", url=f"{site}/rss")
        assert (item.url, item.title) == (f"{site}/pasar", "Pasar ikan")
        for call in (
            lambda: child.fetch(site, allow_private=False, max_bytes=9, seconds=5),
            lambda: child.fetch(f"{site}/lambat", allow_private=True, max_bytes=9, seconds=0.3),
        ):
            assert refusal(call).startswith(site)


def test_bytes_and_options_arrive_as_they_are(shared: BadChild) -> None:
    """Any bytes go there and back, however many; so do names and texts that are no valid UTF-8."""
    data = os.urandom(3_000_000) + b"\n\x00"
    result, body = shared.do("echo", data, url=None, limits=[1, "é\udcff"])
    assert body == data
    assert (result["name"], result["options"]) == ("a.pdf", {"url": None, "limits": [1, "é\udcff"]})
    assert shared.do("surrogate")["text"] == "a\ud800b\u2028\U0001f600"


def test_one_process_does_many_jobs(shared: BadChild) -> None:
    """The helper is kept, also after a file that it refused or that its parser gave up on."""
    first = shared.do("echo")["pid"]
    assert refusal(lambda: shared.do("bad")) == "a.pdf is \x1b scanned"
    assert refusal(lambda: shared.do("crash")).endswith("the parser gave up (KeyError)")
    assert shared.do("echo")["pid"] == first != os.getpid()


def test_a_job_is_cheap(shared: BadChild) -> None:
    """A small job costs some milliseconds of waiting, nothing that grows with their number."""
    shared.do("echo")
    started = time.monotonic()
    for _ in range(100):
        shared.do("echo", b"x" * 5_000)
    assert time.monotonic() - started < 5


def test_what_a_library_prints_is_not_taken_for_an_answer(shared: BadChild) -> None:
    """Standard output is not the pipe, and standard input is empty."""
    assert shared.do("print") == {"read": ""}


# Threads, interrupts, the end --------------------------------------------------------------


def test_threads_take_turns() -> None:
    """Eight threads share one helper: each gets its own answer."""
    answers: dict[int, bytes] = {}
    with BadChild(seconds=20) as child:

        def ask(number: int) -> None:
            for turn in range(10):
                data = b"%d,%d" % (number, turn)
                answers[number * 10 + turn] = child.do("echo", data)[1]

        threads = [threading.Thread(target=ask, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers == {n: b"%d,%d" % divmod(n, 10) for n in range(80)}


def test_closing_interrupts_a_job_of_another_thread() -> None:
    """`close` does not wait for a hanging file; what waits for it is told."""
    child = BadChild(seconds=30)
    child.do("echo")
    pid = child.pid
    told: list[str] = []
    thread = threading.Thread(target=lambda: told.append(refusal(lambda: child.do("hang"))))
    thread.start()
    time.sleep(0.2)
    started = time.monotonic()
    child.close()
    thread.join(5)
    assert time.monotonic() - started < 3
    assert told == ["a.pdf was not read: interrupted"]
    assert not is_alive(pid)
    assert refusal(lambda: child.do("echo")) == "a.pdf was not read: interrupted"
    child.close()  # a second time is harmless


def test_an_interrupt_ends_the_job() -> None:
    """Ctrl-C in the middle of a file is raised here, and the helper does not go on without us."""
    with BadChild(seconds=30) as child:
        child.do("echo")
        before = child.pid
        main = threading.get_ident()
        timer = threading.Timer(0.3, lambda: signal.pthread_kill(main, signal.SIGINT))
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            child.do("hang")
        timer.join()
        assert not is_alive(before)
        assert child.do("echo")["pid"] != before


def test_the_helper_stands_apart(shared: BadChild, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has our modules but not our folder, a session of its own, and one thread a library."""
    where = shared.do("where")
    assert where["rag"] == str(ROOT / "rag" / "__init__.py")
    assert where["session"]
    assert where["cwd"] == Path(sys.executable).anchor
    assert where["environment"]["OMP_NUM_THREADS"] == "1"


def test_modules_in_the_user_s_folder_are_not_loaded(tmp_path: Path) -> None:
    """A json.py beside the articles is not taken for Python's own, nor a pypdf.py for pypdf."""
    for name in ("json", "struct", "pypdf", "docx"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('loaded from the user\\'s folder')")
    code = (
        "from rag.ingest.child import Child\n"
        "import sys; sys.path.insert(0, ''); sys.path.insert(0, sys.argv[1])\n"
        "with Child() as child:\n"
        "    try: child.pdf(b'%PDF-1.7', name='a.pdf')\n"
        "    except Exception as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, str(tmp_path)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ["PYTHONPATH"]])},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.stdout, done.stderr) == ("a.pdf is damaged\n", "")


PARENT = """
import sys, threading
from tests.ingest.bad_child import BadChild
child = BadChild(seconds=30)
child.do("echo")
print(child.pid, flush=True)
if sys.argv[1] != "idle":
    child.do(sys.argv[1])
sys.stdin.read()
"""


@linux
@pytest.mark.parametrize("job", ["idle", "hang", "spin"])
def test_the_helper_ends_with_its_parent(job: str) -> None:
    """A parent that is killed leaves no process behind, whatever that was doing."""
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, job],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        time.sleep(0.2)
        assert is_alive(pid)
        parent.kill()
    assert wait_until(lambda: not is_alive(pid))


@linux
def test_a_helper_started_by_a_thread_outlives_it() -> None:
    """What ends with the parent does not end with the thread of the parent that began it."""
    with BadChild(seconds=10) as child:
        thread = threading.Thread(target=child.do, args=("echo",))
        thread.start()
        thread.join()
        before = child.pid
        assert child.do("slow")["pid"] == before


def test_a_helper_that_cannot_start_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken installation is named as such, not blamed on the file."""
    with BadChild() as child:
        monkeypatch.setattr(BadChild, "_table", "tests.ingest.bad_jobs:NOTHING")
        assert refusal(lambda: child.do("echo")).endswith(
            "the process that reads it does not start"
        )
        monkeypatch.setattr(sys, "executable", "/no/python")
        assert "no process can be started" in refusal(lambda: child.do("echo"))
