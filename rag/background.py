"""Async work for callers without an event loop. Knows nothing of questions or of the library."""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing

from rag.schema import Event

logger = logging.getLogger(__name__)


class Background:
    """One event loop in a thread of its own, begun when first needed.

    It works where a loop is running already, as in a notebook.
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = threading.Lock()

    def events(self, stream: AsyncGenerator[Event, None]) -> Generator[Event, None, None]:
        """What an async generator yields, as it comes; closing this one stops the other."""
        arrived: queue.SimpleQueue[Event | None] = queue.SimpleQueue()

        async def drain() -> None:
            try:
                async with aclosing(stream) as events:
                    async for event in events:
                        arrived.put(event)
            finally:
                arrived.put(None)

        future = asyncio.run_coroutine_threadsafe(drain(), self._running())
        try:
            while (event := arrived.get()) is not None:
                yield event
            future.result()
        finally:  # an interrupt too: nobody waits for the answer any more
            future.cancel()

    def close(self) -> None:
        """Cancel what still runs and end the thread; called for more, it begins anew."""
        with self._lock:
            loop, self._loop = self._loop, None
        if loop is not None:
            asyncio.run_coroutine_threadsafe(_cancel_all(), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            self._thread.join()
            loop.close()

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(
                    target=self._loop.run_forever, name="kutip-loop", daemon=True
                )
                self._thread.start()
            return self._loop


async def _cancel_all() -> None:
    """Cancel what else runs on this loop, and wait until it has let go."""
    loop = asyncio.get_running_loop()
    # Our own generators are closed by now; those of the libraries below them hang on to one
    # another, and complain of being closed in the wrong order. Their connections are closed.
    loop.set_exception_handler(lambda _, about: logger.debug("At the end: %s", about))
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await loop.shutdown_asyncgens()
