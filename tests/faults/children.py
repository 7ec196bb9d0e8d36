"""What other processes do in these tests, and how they are started: forked from one that has
Chroma loaded, so that each takes milliseconds."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from rag.errors import KutipError
from rag.search.library import Library
from tests.search.helpers import DIMENSION, FINGERPRINT, numbered, remade

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["chromadb", "filelock", "tests.faults.children"])


def start(target: Callable[..., None], *arguments: object) -> BaseProcess:
    """A process that runs `target`."""
    process = _context.Process(target=target, args=arguments, daemon=True)
    process.start()
    return process


def pipe() -> tuple[Connection, Connection]:
    """Two ends to talk through: ours, and the child's."""
    return _context.Pipe()


def finish(process: BaseProcess) -> int:
    """The exit status of a process, negative for a signal."""
    process.join(60)
    assert process.exitcode is not None, "the process hangs"
    return process.exitcode


def open_library(folder: Path) -> Library:
    """The same small pages as in the other tests; a writer waits long on a busy machine."""
    return Library(
        folder, fingerprint=FINGERPRINT, dimension=DIMENSION, page_size=3, lock_seconds=60
    )


def die_at(point: str, call: int) -> None:
    """Make this process kill itself with -9 at the `call`-th time it comes to `point`.

    A point is `module:owner.function:before` or `:after`.
    """
    module, path, when = point.split(":")
    owner: Any = importlib.import_module(module)
    *owners, name = path.split(".")
    for part in owners:
        owner = getattr(owner, part)
    real, count = getattr(owner, name), [0]

    def dying(*arguments: Any, **options: Any) -> Any:
        count[0] += 1
        if when == "before" and count[0] == call:
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*arguments, **options)
        if when == "after" and count[0] == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, dying)


def change(folder: Path, what: str) -> None:
    """One change of a library that holds the articles 0 to 3, as `outcome` tells them."""
    with open_library(folder) as store:
        if what == "put":
            store.put([changed(0), numbered(4), numbered(5)])
        elif what == "delete":
            store.delete([numbered(n).article.article_id for n in (1, 2)])
        elif what == "edit":
            store.edit(numbered(1).article.article_id, title="Dibetulkan")
        elif what == "rebuild":
            store.rebuild()
        elif what == "first":
            store.put([numbered(n) for n in range(4)])
        else:
            raise ValueError(what)


def change_and_die(folder: Path, what: str, point: str, call: int) -> None:
    """`change`, killed on the way."""
    die_at(point, call)
    change(folder, what)


def changed(number: int) -> Any:
    """A new version of the article with this number, from the same source."""
    from dataclasses import replace

    new, old = numbered(number + 1_000), numbered(number)
    return replace(new, source_id=old.source_id, source=old.source)


def put_all(folder: Path, numbers: list[int], batch: int) -> None:
    """Put these articles, so many at once."""
    with open_library(folder) as store:
        for start in range(0, len(numbers), batch):
            store.put([numbered(n) for n in numbers[start : start + batch]])


def reindex_and_die(folder: Path, fingerprint: str, after_batches: int | None) -> None:
    """Give every passage a vector of another model; die after so many batches, or at the flip."""
    if after_batches is None:
        die_at("rag.search.sync:Sync.settle:before", 2)
    with Library(folder, fingerprint=fingerprint, dimension=24, page_size=3) as store:

        def batches() -> Any:
            stored = sorted(entry.article.metadata.title for entry in store.entries())
            for done, title in enumerate(stored):
                if done == after_batches:
                    os.kill(os.getpid(), signal.SIGKILL)
                yield [remade(numbered(int(title.split()[1])), dimension=24, salt="new")]

        store.replace(fingerprint, 24, batches())


def churn(folder: Path, talk: Connection) -> None:
    """Put two articles and take one away, again and again until told to stop; say what is left."""
    left, number = [], 2
    with open_library(folder) as store:
        while not talk.poll():
            store.put([numbered(number), numbered(number + 1)])
            left += [number, number + 1]
            number += 2
            if number % 6 == 0:
                store.delete([numbered(left.pop(0)).article.article_id])
    talk.send(left)


def read_until_found(folder: Path, number: int, talk: Connection) -> None:
    """Search for article 0, say so, then search for `number` until it is found; say how long."""
    wanted = numbered(number).passages[0].passage_id
    with open_library(folder) as store:
        (first,) = store.dense(numbered(0).vectors[0], limit=1)
        talk.send(first[0])
        talk.recv()  # it is there now
        began = time.monotonic()
        while time.monotonic() - began < 30:
            if store.dense(numbered(number).vectors[0], limit=1)[0][0] == wanted:
                break
        talk.send(time.monotonic() - began)


def put_with_little_room(
    folder: Path, numbers: list[int], bytes_a_file: int, talk: Connection
) -> None:
    """Put articles where no file may grow beyond a size, as on a full disk; say what came of it."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_a_file, bytes_a_file))
    store = open_library(folder)
    try:
        talk.send(("done", store.put([numbered(n) for n in numbers])))
    except KutipError as error:
        talk.send((error.kind, error.message, error.hint))


def use_as_nobody(folder: Path, talk: Connection) -> None:
    """Write to and read from a folder this user may not write to; say what came of it."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65_534)
        os.setuid(65_534)
    store = open_library(folder)
    for use in (lambda: store.put([numbered(9)]), lambda: [*store.entries()], store.counts):
        try:
            talk.send(("done", len(use())))  # type: ignore[no-untyped-call]
        except KutipError as error:
            talk.send((error.kind, error.message, error.hint))
    talk.send(("problems", store.problems()))
