"""The server of the page: bind, mount, announce, run until told to end.

Listens before anything heavy is loaded, so that a port that is taken is told at once.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import secrets
import signal
import socket
import sys
import tempfile
import threading
import webbrowser
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, NoReturn

from rag.engine import Engine
from rag.errors import BadSetting, KutipError
from rag.settings import Settings
from ui.desk import Desk
from ui.guard import Guard, Rules, answers_to
from ui.listen import CannotListen, address, everywhere, listening
from ui.login import login_of

if TYPE_CHECKING:
    import gradio as gr
    import uvicorn

logger = logging.getLogger(__name__)

_FILES = 50  # in one upload
# JSON takes at most four bytes for a character, mostly one; the rest is for what is around it.
_CHARACTER_BYTES, _AROUND_BYTES = 4, 1_000_000
_GRACE_SECONDS = 1  # for requests that are being answered when the server is told to end
# Connections at once: a browser holds up to six. Beyond, the process would run out of files.
_CONNECTIONS = 400
_WARM_SECONDS = 10  # more than it takes to get ready for the first question
_TITLE = 200  # characters of a title that make a question
_TRIES = "After five wrong tries, wait a minute. / Setelah lima kali salah, tunggu satu menit."


def serve(
    engine: Engine,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    read_only: bool = False,
    mcp: bool = False,
    auth: str = "",
    announce: Callable[[str], None],
    open_browser: bool = False,
) -> None:
    """Serve the page until Ctrl-C or SIGTERM.

    Port 0 takes a free one. `auth` is ``user:password``, or nothing for no login; an address
    that other machines can reach needs one. `announce` is told the address in a sentence, once
    connections are answered. Raises `BadSetting` and `CannotListen`.
    """
    login_of(auth)
    if mcp and auth:
        raise BadSetting(
            "--mcp has no login, and KUTIP_AUTH asks for one",
            hint="Serve it on this machine alone, without KUTIP_AUTH.",
        )
    if mcp and importlib.util.find_spec("mcp") is None:
        raise BadSetting(
            "--mcp needs a package that is not installed",
            hint='Install it: pip install "gradio[mcp]"',
        )
    with (
        listening(host, port, public=bool(auth)) as listener,
        tempfile.TemporaryDirectory(prefix="kutip-", ignore_cleanup_errors=True) as scratch,
        _terminated_as_interrupted(),
        suppress(KeyboardInterrupt),
    ):
        os.environ["GRADIO_TEMP_DIR"] = scratch  # of this user alone, and gone with us
        here = address(listener)
        app = application(Desk(engine, read_only=read_only), host=host, auth=auth, mcp=mcp)
        warmth = threading.Thread(target=_warm, args=[engine], name="kutip-warm", daemon=True)

        def ready() -> None:
            others = ", and at this machine's other addresses" * everywhere(host)
            announce(f"Kutip is at {here}{others} (Ctrl-C ends it)")
            warmth.start()
            if open_browser:
                _open(here)

        try:
            server_of(app, ready).run(sockets=[listener])
        except SystemExit as error:  # how it ends when it does not start; the log has the cause
            raise CannotListen(
                "the page could not be started", hint="Try it with --debug."
            ) from error
        finally:
            if warmth.ident is not None:  # compiled code must not be at work when Python goes
                warmth.join(_WARM_SECONDS)


def application(desk: Desk, *, host: str = "127.0.0.1", auth: str = "", mcp: bool = False) -> Guard:
    """The page of `desk` behind its guard, as an ASGI application."""
    settle()
    from ui.app import page

    built = page(desk)
    return mounted(
        built.blocks,
        built.mounting,
        desk.engine.settings,
        host=host,
        auth=auth,
        mcp=mcp,
        read_only=desk.read_only,
    )


def mounted(
    blocks: gr.Blocks,
    mounting: Mapping[str, Any],
    settings: Settings,
    *,
    host: str = "127.0.0.1",
    auth: str = "",
    mcp: bool = False,
    read_only: bool = False,
) -> Guard:
    """`blocks` behind the guard, with what `mounting` adds to the options of Gradio's mount.

    ``GET /kutip/alive`` tells which process answers; it needs no login.
    """
    settle()
    import gradio
    from fastapi import FastAPI

    known = login_of(auth)
    instance = secrets.token_hex(8)
    server = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @server.get("/kutip/alive")
    async def alive() -> dict[str, str]:
        return {"instance": instance}

    gradio.mount_gradio_app(
        server,
        blocks,
        path="/",
        server_name=host,
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
        auth=known.is_right if known else None,
        auth_message=_TRIES if known else None,
        allowed_paths=[],
        show_error=False,
        max_file_size=settings.max_file_bytes,
        ssr_mode=False,
        pwa=False,
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        mcp_server=mcp,
        **mounting,
    )
    if mcp and not blocks.mcp_server:
        raise BadSetting(f"--mcp does not work: {blocks.mcp_error or 'the reason is not known'}")
    tokens: dict[str, str] = server.routes[-1].app.tokens  # type: ignore[attr-defined]
    names, any_address = answers_to(host)
    rules = Rules(
        names=names,
        any_address=any_address,
        upload_bytes=_FILES * settings.max_file_bytes + _AROUND_BYTES,
        post_bytes=_CHARACTER_BYTES * settings.max_article_chars + _AROUND_BYTES,
        read_only=read_only,
        admitted=(lambda values: not values.isdisjoint(tokens)) if known else None,
    )
    return Guard(server, rules)


def settle() -> None:
    """Set what Gradio and its parts read of the environment, before they are loaded.

    Nothing is told to anybody, and what is on this machine is reached without a proxy.
    """
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # exactly so; "0" would be read as well
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    for name in ("NO_PROXY", "no_proxy"):
        kept = [part for part in os.environ.get(name, "").split(",") if part.strip()]
        missing = [part for part in ("127.0.0.1", "localhost", "::1") if part not in kept]
        os.environ[name] = ",".join(kept + missing)
    from gradio import processing_utils

    # A file field of a page takes an address in place of an upload, and Gradio fetches it, asking
    # a resolver on the web first. Articles are fetched by Kutip, which checks where from.
    processing_utils.async_ssrf_protected_get = _fetch_nothing


async def _fetch_nothing(url: str) -> NoReturn:
    raise PermissionError("the page fetches no file by its address")


def server_of(app: Guard, ready: Callable[[], None]) -> uvicorn.Server:
    """The server that runs `app`; it calls `ready` when the first request can be answered."""
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                ready()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            app.end_streams()
            await super().shutdown(sockets)

    return Server(
        uvicorn.Config(
            app,
            # Its heads are bounded; the other parser's are not.
            http="h11",
            ws="none",
            loop="asyncio",
            lifespan="on",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            limit_concurrency=_CONNECTIONS,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
    )


@contextmanager
def _terminated_as_interrupted() -> Iterator[None]:
    """Within, SIGTERM ends the program as Ctrl-C does: in order."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _warm(engine: Engine) -> None:
    """Load what the first question needs; where it cannot be, the question will tell."""
    try:
        newest = next(iter(engine.entries()), None)
        if newest is not None:
            engine.ask(newest.article.metadata.title[:_TITLE], answerer="extractive")
        logger.debug("Ready for the first question")
    except KutipError as error:
        logger.warning("Nothing could be made ready: %s", error)


def _open(address: str) -> None:
    """Show the page in the user's browser; without a screen, a terminal browser would get in."""
    if sys.platform == "linux" and not {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys():
        logger.warning("There is no screen to open a browser on")
        return
    threading.Thread(target=webbrowser.open, args=[address], daemon=True).start()
