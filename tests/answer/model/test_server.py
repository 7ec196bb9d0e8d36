"""What is known of the server of language models, however it answers or does not."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rag.answer.model.address import listens_everywhere, open_to_others
from rag.answer.model.server import (
    address,
    choose,
    inspect,
    is_cloud,
    loaded_context,
    pull,
    reachable,
    show,
    where,
)
from rag.errors import AnswererUnavailable, BadSetting, ServerError
from rag.schema import LanguageModel, ModelServer
from tests.fakes import CLOUD, EMBEDDING, GEMMA, LLAMA, FakeModel, FakeOllama, FakeOpenAI, Script
from tests.http_double import Call, Double

ALL = (GEMMA, LLAMA, EMBEDDING, CLOUD)


@pytest.fixture(autouse=True)
def no_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees how the user starts Ollama."""
    monkeypatch.delenv("OLLAMA_HOST", raising=False)
    monkeypatch.delenv("OLLAMA_API_KEY", raising=False)


@pytest.fixture
def ollama() -> Iterator[FakeOllama]:
    """Ollama with four models."""
    with FakeOllama(models=ALL) as server:
        yield server


@pytest.fixture
def nobody() -> str:
    """An address at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return f"http://127.0.0.1:{port}"


# Addresses --------------------------------------------------------------------------------


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


def test_importing_it_loads_no_library() -> None:
    """A question asked without a model does not wait for the clients' imports."""
    code = (
        "import sys; before = set(sys.modules); "
        "import rag.answer.model.server, rag.answer.model.generate; "
        "print(*sorted({name.partition('.')[0] for name in set(sys.modules) - before}))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {n for n in run.stdout.split() if n not in sys.stdlib_module_names} <= {"rag"}


def test_which_names_run_elsewhere() -> None:
    """A tag that is or ends in "cloud", in any case; a name that begins so does not."""
    assert is_cloud("glm-4.6:cloud")
    assert is_cloud("gpt-oss:120b-Cloud")
    assert not is_cloud("cloud-llama:8b")
    assert not is_cloud("llama:cloud-8b")


# Looking at a server ----------------------------------------------------------------------


def test_what_ollama_is_and_has(ollama: FakeOllama) -> None:
    """Version, place, and each model with its size, its context and what it can do."""
    server = inspect(ollama.url)
    assert (server.url, server.kind, server.where) == (ollama.url, "ollama", "this machine")
    assert server.version == "0.35.2"
    assert {model.name: model for model in server.models} == {
        "gemma4:e4b": LanguageModel(
            name="gemma4:e4b",
            size_bytes=9_608_350_718,
            parameters="8.0B",
            context_tokens=131_072,
            can=("completion", "vision", "tools", "thinking"),
        ),
        "llama3.2:latest": LanguageModel(
            name="llama3.2:latest",
            size_bytes=2_019_393_189,
            parameters="3.2B",
            context_tokens=131_072,
            can=("completion", "tools"),
        ),
        "nomic-embed-text:latest": LanguageModel(
            name="nomic-embed-text:latest",
            size_bytes=274_302_450,
            parameters="137M",
            can=("embedding",),
        ),
        "gpt-oss:120b-cloud": LanguageModel(
            name="gpt-oss:120b-cloud", size_bytes=12_384, parameters="116.8B", cloud=True
        ),
    }
    assert {path for _, path, _ in ollama.requests} == {"/api/version", "/api/tags", "/api/show"}


def test_a_model_elsewhere_is_a_problem(ollama: FakeOllama) -> None:
    """It is named, and so is where the question would go."""
    (problem,) = inspect(ollama.url).problems
    assert "gpt-oss:120b-cloud" in problem
    assert "ollama.com" in problem


def test_a_server_as_it_should_be_has_no_problem() -> None:
    """Up to date, bound to loopback, its models its own."""
    with FakeOllama(models=(GEMMA, LLAMA)) as server:
        assert inspect(server.url).problems == ()


@pytest.mark.parametrize(
    ("version", "old"),
    [
        ("0.34.9", True), ("0.5.13-rc1", True), ("v0.12.0", True), ("0.35.0", False),
        ("0.35.1-rc0", False), ("1.0.0", False), ("0.0.0", False), ("dev", False),
    ],
)  # fmt: skip
def test_an_old_version_is_a_problem(version: str, old: bool) -> None:
    """Older than 0.35.0 is said; a build of one's own is left alone."""
    with FakeOllama(version=version) as server:
        seen = inspect(server.url)
    assert seen.version == version
    assert ["older than 0.35.0" in problem for problem in seen.problems] == [True] * old


@pytest.mark.parametrize(
    ("host", "open_"),
    [("0.0.0.0", True), ("http://[::]:11434", True), ("127.0.0.1", False), (":11434", False)],
)
def test_a_server_told_to_listen_everywhere_is_a_problem(
    host: str, open_: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OLLAMA_HOST as the user set it tells whether others can reach the server."""
    monkeypatch.setenv("OLLAMA_HOST", host)
    assert listens_everywhere(host) == open_
    with FakeOllama() as server:
        problems = inspect(server.url).problems
    assert ["other machines" in problem for problem in problems] == [True] * open_


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


def test_a_server_that_is_away(nobody: str) -> None:
    """Not an exception: no version, no models, and the line that says how to start it."""
    server = inspect(nobody)
    assert (server.version, server.models) == (None, ())
    (problem,) = server.problems
    assert nobody in problem
    assert "ollama serve" in problem


def test_another_kind_of_server() -> None:
    """Its models with their context where it tells; its key is sent, and asked for if wrong."""
    with FakeOpenAI(models=(GEMMA, EMBEDDING), key="s3cret") as server:
        url = server.url + "/v1"
        seen = inspect(url, kind="openai", key="s3cret")
        refused = inspect(url, kind="openai", key="other")
    assert (seen.kind, seen.version, seen.problems) == ("openai", None, ())
    assert [(m.name, m.context_tokens, m.can) for m in seen.models] == [
        ("gemma4:e4b", 131_072, ()),
        ("nomic-embed-text:latest", 2048, ("embedding",)),
    ]
    assert refused.models == ()
    assert "KUTIP_LLM_KEY" in refused.problems[0]


class Odd(Double):
    """Answers as one function says, whatever was asked."""

    def __init__(self, act: Callable[[Call], None]) -> None:
        super().__init__(Script())
        self.act = act

    def answer(self, call: Call) -> None:
        self.act(call)


def flood(call: Call) -> None:
    """More than any list of models."""
    while True:
        call.chunk(b" " * 1_000_000, "application/json")


def drip(call: Call) -> None:
    """A byte now and then, for ever."""
    while True:
        call.pause(0.05)
        call.chunk(b" ", "application/json")


def slow_headers(call: Call) -> None:
    """A status line that never comes to its end, so that no time limit of a read helps."""
    call.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    while True:
        call.pause(0.05)
        call.wfile.write(b"x")


def elsewhere(call: Call) -> None:
    """A redirect."""
    call.send_response(302)
    call.send_header("Location", "http://198.51.100.7/")
    call.send_header("Content-Length", "0")
    call.end_headers()


def another_protocol(call: Call) -> None:
    """What a server for something else says."""
    call.wfile.write(b"SSH-2.0-OpenSSH_9.6\r\n")


HOSTILE: list[Callable[[Call], None]] = [
    lambda call: call.reply(200, b"<html>Hello</html>", "text/html"),
    lambda call: call.reply(500, b"\x1b[2Joops", "text/plain"),
    lambda call: call.reply(200, b"[]", "application/json"),
    lambda call: call.reply(200, b"null", "application/json"),
    lambda call: call.reply(200, b"[" * 100_000, "application/json"),
    lambda call: call.reply(200, b'{"models": 5, "data": {}}', "application/json"),
    lambda call: call.reply(200, b'{"version": {}}', "application/json"),
    lambda call: call.reply(200, b"\xff\xfe\x00", "application/json"),
    another_protocol,
    lambda call: call.die(),
    elsewhere,
    flood,
    drip,
    slow_headers,
]


@pytest.mark.parametrize("act", HOSTILE)
@pytest.mark.parametrize("kind", ["ollama", "openai"])
def test_whatever_a_server_sends_is_a_problem_in_one_line(
    act: Callable[[Call], None], kind: Any
) -> None:
    """No traceback, no redirect followed, no waiting beyond the time allowed."""
    with Odd(act) as server:
        begun = time.monotonic()
        seen = inspect(server.url, kind=kind, seconds=1.0)
        assert time.monotonic() - begun < 2.0
    assert (seen.version, seen.models) == (None, ())
    (problem,) = seen.problems
    assert server.url in problem
    assert problem.isprintable()
    assert len(problem) < 400


@pytest.mark.parametrize("act", [flood, drip])
def test_a_server_that_never_ends_is_not_read_for_ever(act: Callable[[Call], None]) -> None:
    """What goes on behind a look that was given up ends by its own limits."""
    with Odd(act) as server:
        inspect(server.url, seconds=0.3)
        for _ in range(300):
            if "model server" not in {thread.name for thread in threading.enumerate()}:
                return
            time.sleep(0.01)
        raise AssertionError("it is still read")


def test_odd_entries_of_a_list_are_passed_over() -> None:
    """What has no name is left out; sizes that are none are not known."""
    listed = [
        {"name": "ok:1b", "size": 5, "details": {"parameter_size": "1B"}},
        {"name": "odd:1b", "size": "big", "details": 7, "capabilities": ["completion", 5]},
        {"name": "far:1b", "size": -1, "remote_host": "https://ollama.com", "details": None},
        {"name": "v\x1b[2J:1b", "size": True, "details": {"family": "bert"}},
        {"size": 9}, {"name": 5}, "text", None,
    ]  # fmt: skip

    def act(call: Call) -> None:
        known = {"/api/version": {"version": "0.36.0"}, "/api/tags": {"models": listed}}
        content = known.get(call.path)
        call.reply_json(200 if content else 500, content or {"error": "no"})

    with Odd(act) as server:
        seen = inspect(server.url)
    assert seen.models == (
        LanguageModel(name="ok:1b", size_bytes=5, parameters="1B"),
        LanguageModel(name="odd:1b", can=("completion",)),
        LanguageModel(name="far:1b", cloud=True),
        LanguageModel(name="v[2J:1b", can=("embedding",)),
    )


def test_of_many_models_only_the_first_are_looked_at() -> None:
    """A shelf of a hundred models is listed whole, and asked about twenty times."""
    many = tuple(replace(LLAMA, name=f"llama{n}:1b") for n in range(100))
    with FakeOllama(models=many) as server:
        seen = inspect(server.url)
    assert len(seen.models) == 100
    assert [bool(model.can) for model in seen.models] == [True] * 20 + [False] * 80


# One model --------------------------------------------------------------------------------


def test_one_model_is_shown(ollama: FakeOllama) -> None:
    """With its context and its abilities."""
    assert show(ollama.url, "gemma4:e4b") == LanguageModel(
        name="gemma4:e4b",
        parameters="8.0B",
        context_tokens=131_072,
        can=("completion", "vision", "tools", "thinking"),
    )
    with FakeOpenAI() as server:
        assert show(server.url + "/v1", "gemma4:e4b", kind="openai").context_tokens == 131_072


def test_a_model_that_is_not_there_is_an_error(ollama: FakeOllama, nobody: str) -> None:
    """The error says how to get it, or that nobody was there to ask."""
    with pytest.raises(ServerError) as missing:
        show(ollama.url, "qwen9:1b")
    assert "qwen9:1b" in missing.value.message
    assert "ollama pull qwen9:1b" in missing.value.hint
    with FakeOpenAI() as server, pytest.raises(ServerError, match="qwen9:1b"):
        show(server.url + "/v1", "qwen9:1b", kind="openai")
    with pytest.raises(ServerError, match="nothing answers"):
        show(nobody, "gemma4:e4b")


def test_the_context_a_model_was_loaded_with(ollama: FakeOllama, nobody: str) -> None:
    """What the server allotted, which may be less than was asked for; None until it is loaded."""
    import ollama as client

    assert loaded_context(ollama.url, "llama3.2") is None
    client.Client(host=ollama.url, trust_env=False).chat(
        "llama3.2", messages=[{"role": "user", "content": "Hi"}], options={"num_ctx": 3000}
    )
    assert loaded_context(ollama.url, "llama3.2") == 3000
    assert loaded_context(ollama.url, "llama3.2:latest") == 3000
    assert loaded_context(ollama.url, "gemma4:e4b") is None
    with pytest.raises(ServerError, match="nothing answers"):
        loaded_context(nobody, "llama3.2")


# Downloads --------------------------------------------------------------------------------


def test_a_download_counts_bytes_over_all_parts() -> None:
    """They never go back, and all of them are there at the end."""
    with FakeOllama(models=()) as server:
        steps = list(pull(server.url, "llama3.2"))
        assert [model.name for model in inspect(server.url).models] == ["llama3.2:latest"]
    done = [step.done for step in steps]
    assert done == sorted(done)
    assert (done[0], steps[0].total) == (0, None)
    assert done[-1] == steps[-1].total == LLAMA.size
    assert steps[-1].label == "success"
    assert {step.stage for step in steps} == {"loading"}


def test_closing_a_download_stops_it() -> None:
    """Ollama notices within 0.3 s that nobody waits any more."""
    with FakeOllama(models=()) as server:
        server.pull_every = 0.2
        steps = pull(server.url, "gemma4:e4b")
        next(steps)
        closed = time.monotonic()
        steps.close()
        assert server.pulling[0].gone.wait(2.0)
        gone_at = server.pulling[0].gone_at
    assert gone_at is not None
    assert gone_at - closed < 0.3


@pytest.mark.parametrize(
    ("lines", "message", "hint"),
    [
        ([{"error": "pull model manifest: file does not exist"}], "does not exist", "library"),
        ([{"status": "x"}, {"error": "write: no space left on device"}], "no space", "room"),
        ([{"error": "dial tcp: lookup registry.ollama.ai: no such host"}], "dial", "internet"),
        ([{"error": "odd\x1b[2J" + "x" * 5000}], "odd[2J", "log"),
        ([{"status": "pulling manifest"}], "before it was complete", "again"),
        ([], "before it was complete", "again"),
        ([{"status": 5}], "cannot be read", "address"),
    ],
)
def test_a_download_that_fails(lines: list[dict[str, Any]], message: str, hint: str) -> None:
    """Each failure in one line that can be printed, with what to do."""
    with FakeOllama(models=(), pulls=lines) as server, pytest.raises(ServerError) as failed:
        list(pull(server.url, "some:model"))
    assert message in failed.value.message
    assert hint in failed.value.hint
    assert failed.value.message.isprintable()
    assert len(failed.value.message) < 400


def test_a_download_from_nobody(nobody: str) -> None:
    """The error says how to start Ollama."""
    with pytest.raises(ServerError, match="nothing answers") as failed:
        list(pull(nobody, "gemma4:e4b"))
    assert "ollama serve" in failed.value.hint


# Choosing ---------------------------------------------------------------------------------


def shelf(*names: str, kind: Any = "ollama", **known: LanguageModel) -> ModelServer:
    """A server with models of these names."""
    models = tuple(
        known.get(name) or LanguageModel(name=name, can=("completion",)) for name in names
    )
    return ModelServer(
        url="http://127.0.0.1:11434",
        kind=kind,
        where="this machine",
        version="0.35.2" if kind == "ollama" else None,
        models=models,
    )


AWAY = ModelServer(
    url="http://127.0.0.1:11434",
    kind="ollama",
    where="this machine",
    problems=('nothing answers at http://127.0.0.1:11434. Start it with "ollama serve".',),
)


@pytest.mark.parametrize("by_name", [True, False])
@pytest.mark.parametrize("wanted", ["llama3.2", "llama3.2:latest", "Llama3.2"])
def test_the_wanted_model_answers_where_it_is_there(wanted: str, by_name: bool) -> None:
    """A name without a tag means the latest, and nothing needs to be said."""
    server = shelf("gemma4:e4b", "llama3.2:latest")
    chosen, remark = choose(server, wanted=wanted, by_name=by_name)
    assert chosen is not None
    assert (chosen.name, remark) == ("llama3.2:latest", "")


def test_a_tag_is_part_of_the_name() -> None:
    """Another tag of the same model is another model, and stands in first."""
    server = shelf("aaa:1b", "gemma4:12b")
    with pytest.raises(AnswererUnavailable):
        choose(server, wanted="gemma4", by_name=True)
    chosen, remark = choose(server, wanted="gemma4:e4b", by_name=False)
    assert chosen is not None
    assert chosen.name == "gemma4:12b"
    assert "gemma4:12b" in remark
    assert "ollama pull gemma4:e4b" in remark


def test_a_model_asked_for_by_name_that_is_not_there() -> None:
    """An error with the command that gets it, though others are there."""
    with pytest.raises(AnswererUnavailable, match="qwen9:1b") as absent:
        choose(shelf("gemma4:e4b"), wanted="qwen9:1b", by_name=True)
    assert "ollama pull qwen9:1b" in absent.value.hint
    with pytest.raises(AnswererUnavailable, match="nothing answers") as away:
        choose(AWAY, wanted="qwen9:1b", by_name=True)
    assert "ollama serve" in away.value.hint


def test_another_model_stands_in_and_is_named() -> None:
    """The largest that most machines can hold; where none is, the smallest."""
    sized = {
        name: LanguageModel(name=name, size_bytes=size * 10**9, can=("completion",))
        for name, size in {"tiny": 1, "middle": 8, "large": 40, "huge": 80}.items()
    }
    chosen, _ = choose(shelf(*sized, **sized), wanted="gemma4:e4b", by_name=False)
    assert chosen == sized["middle"]
    chosen, _ = choose(shelf("huge", "large", **sized), wanted="gemma4:e4b", by_name=False)
    assert chosen == sized["large"]


def test_nothing_is_chosen_that_only_embeds_or_runs_elsewhere() -> None:
    """Neither by itself nor because it is the model of the settings."""
    known = {
        "vectors": LanguageModel(name="vectors", can=("embedding",)),
        "far": LanguageModel(name="far", can=("completion",), cloud=True),
    }
    server = shelf("vectors", "far", **known)
    for wanted in ("gemma4:e4b", "far", "vectors"):
        chosen, remark = choose(server, wanted=wanted, by_name=False)
        assert chosen is None
        assert f"ollama pull {wanted}" in remark
    with pytest.raises(AnswererUnavailable, match="cannot write"):
        choose(server, wanted="vectors", by_name=True)
    chosen, remark = choose(server, wanted="far", by_name=True)
    assert chosen == known["far"]
    assert "ollama.com" in remark


def test_a_server_that_is_away_offers_nothing() -> None:
    """What is said is what is wrong."""
    assert choose(AWAY, wanted="gemma4:e4b", by_name=False) == (None, AWAY.problems[0])


def test_the_models_of_another_kind_of_server() -> None:
    """Any that may write stands in; nobody is told to pull at a server that cannot."""
    server = shelf("Qwen3-8B", kind="openai")
    chosen, remark = choose(server, wanted="gemma4:e4b", by_name=False)
    assert chosen is not None
    assert chosen.name == "Qwen3-8B"
    assert "pull" not in remark
    with pytest.raises(AnswererUnavailable) as absent:
        choose(server, wanted="gemma4:e4b", by_name=True)
    assert "Qwen3-8B" in absent.value.hint


def test_a_model_that_states_nothing_is_given_the_chance() -> None:
    """What a server does not tell is not held against a model."""
    unknown = LanguageModel(name="own:1b")
    chosen, _ = choose(shelf("own:1b", **{"own:1b": unknown}), wanted="own:1b", by_name=True)
    assert chosen == unknown


def test_from_the_look_at_a_server_to_the_choice() -> None:
    """Of what a real list holds, the one that can write and runs here is taken."""
    small = FakeModel(
        name="small:1b",
        size=10**9,
        context_length=4096,
        capabilities=("completion",),
        parameters="1B",
        family="small",
    )
    with FakeOllama(models=(EMBEDDING, CLOUD, small)) as server:
        chosen, remark = choose(inspect(server.url), wanted="gemma4:e4b", by_name=False)
    assert chosen is not None
    assert (chosen.name, chosen.context_tokens) == ("small:1b", 4096)
    assert "ollama pull gemma4:e4b" in remark
