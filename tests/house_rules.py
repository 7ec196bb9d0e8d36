"""The house rules that a machine can check, read off the source of every file.

A rule is a function from one parsed file to what is wrong in it.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STAGES = ("rag.ingest", "rag.search", "rag.answer")
RECORDS = ("rag.schema", "rag.errors")
# The packages of `rag.answer`, and which of them each may see besides the modules beside them.
# Those see `spans` alone.
PARTS = {
    "rag.answer.spans": (),
    "rag.answer.check": (),
    "rag.answer.kinds": ("rag.answer.check",),
    "rag.answer.model": ("rag.answer.check",),
    "rag.answer.followup": ("rag.answer.kinds", "rag.answer.model"),
}
# May see every stage.
JOINERS = (
    *("rag.engine", "rag.intake", "rag.upkeep", "rag.health", "rag.llama"),
    *("rag.answerers", "rag.articles", "rag.coverage", "rag.extractive", "rag.followup"),
    *("rag.reply", "rag.setup", "rag.tune"),
)
# Which library may be imported where: each has one home, a file or a package.
HOMES = {
    "gradio": ("ui",),
    "fastapi": ("ui",),
    "starlette": ("ui",),
    "uvicorn": ("ui",),
    "chromadb": ("rag.search.vectors",),
    "sentence_transformers": ("rag.search.embed", "rag.search.teach"),
    "transformers": ("rag.search.embed", "rag.search.teach", "rag.search.teach_reader"),
    "torch": ("rag.search.embed", "rag.search.teach", "rag.search.teach_reader"),
    "ollama": ("rag.answer.model.generate", "rag.answer.model.server"),
    "llama_index": ("rag.llama", "rag.ingest.split", "rag.answer.model.generate"),
}
AT_LOAD = "rag.llama"  # its classes derive from the library's: only who wants them loads it
EVERYWHERE = "eval.peers"  # compares Kutip with what others build from these libraries
EDGES = ("rag.cli", "ui.trouble")  # behind which nothing is raised; what is caught there is logged
# What makes and scores the weights of a stage, and the stage.
LEARNING = {
    "eval.furniture": ("rag.ingest",),
    "eval.encoder": ("rag.search", "rag.ingest.split"),
    "eval.reader": ("rag.search", "rag.answer.marked"),
    "eval.scorer": ("rag.search.reader", "rag.answer.marked"),
    "eval.word": ("rag.answer.heard", "rag.answer.candidate", "rag.answer.marked"),
}
VAGUE = ("utils", "util", "base", "common", "manager", "helpers", "misc")


@dataclass(frozen=True, slots=True)
class File:
    """One source file: its dotted module name and its syntax tree."""

    module: str
    tree: ast.Module
    package: bool = False  # an __init__.py

    @staticmethod
    def parse(module: str, source: str, *, package: bool = False) -> File:
        return File(module, ast.parse(source), package)


@dataclass(frozen=True, slots=True)
class Import:
    """One module that a file names: `a.b` for `import a.b`, `a.b.c` for `from a.b import c`."""

    name: str
    line: int
    deferred: bool  # inside a function, so run only when that is called
    typing: bool  # under `if TYPE_CHECKING`, so never run


def within(name: str, *homes: str) -> bool:
    """Whether the dotted `name` is one of `homes` or lies inside one."""
    return any(name == home or name.startswith(home + ".") for home in homes)


def imports(file: File) -> Iterator[Import]:
    """Every import in `file`, relative ones made absolute, `import_module("x")` included."""

    def visit(node: ast.AST, deferred: bool, typing: bool) -> Iterator[Import]:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node.lineno, deferred, typing)
        elif isinstance(node, ast.ImportFrom):
            parts = file.module.split(".")
            above = parts[: len(parts) - node.level + file.package] if node.level else []
            origin = ".".join([*above, *filter(None, [node.module])])
            for alias in node.names:
                yield Import(f"{origin}.{alias.name}", node.lineno, deferred, typing)
        elif isinstance(node, ast.Call) and node.args:
            function, first = ast.unparse(node.func), node.args[0]
            if function.endswith(("import_module", "__import__")) and isinstance(
                first, ast.Constant
            ):
                yield Import(str(first.value), node.lineno, deferred, typing)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            for statement in node.body:
                yield from visit(statement, deferred, True)
            for statement in node.orelse:
                yield from visit(statement, deferred, typing)
            return
        inside = deferred or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for child in ast.iter_child_nodes(node):
            yield from visit(child, inside, typing)

    return visit(file.tree, False, False)


def arrows(file: File) -> Iterator[str]:
    """Imports that run against the flow: see "The house" in the README's tree."""
    for use in imports(file):
        allowed = _allowed(file.module, use)
        if allowed:
            yield f"{file.module}:{use.line} imports {use.name}; it may see {allowed}"


def _allowed(module: str, use: Import) -> str:
    """What `module` may see, in words, if `use` is not part of that; else nothing."""
    name = use.name
    if within(module, *RECORDS):
        free = name.partition(".")[0] in sys.stdlib_module_names or within(name, *RECORDS)
        return "" if free else "the standard library only"
    if not within(name, "rag", "ui", "eval"):
        return ""
    if within(module, "rag.answer") and within(name, *PARTS):
        own = next((part for part in PARTS if within(module, part)), "rag.answer.spans")
        seen = (own, *PARTS[own])
        return "" if within(name, *seen) else f"of the parts of rag.answer {', '.join(seen)}"
    for stage in ("rag.text", *STAGES):
        if within(module, stage):
            inside = within(name, *RECORDS, "rag.text", stage)
            return "" if inside else f"schema, errors, rag.text and {stage}"
    if within(module, "rag.settings"):
        return "" if within(name, *RECORDS) else "schema and errors"
    if within(module, *JOINERS):
        return "all of rag but its faces" if within(name, "ui", "eval", "rag.cli") else ""
    if module in LEARNING and within(name, *LEARNING[module]):
        return ""
    if within(name, *STAGES) and module != EVERYWHERE:
        return "the engine, never a stage"
    if within(module, "rag") and within(name, "ui", "eval"):
        at_call = module == "rag.cli" and use.deferred
        return "" if at_call else "neither ui nor eval (rag.cli may, inside a function)"
    if within(module, "ui", "eval") and within(name, "rag.cli"):
        return "the engine, never the command line"
    return ""


def homes(file: File) -> Iterator[str]:
    """Heavy libraries imported outside their home, or when the module is loaded."""
    for use in imports(file):
        library = use.name.split(".")[0]
        loaded = not (use.deferred or use.typing)
        if loaded and within(file.module, "rag") and within(use.name, AT_LOAD):
            yield f"{file.module}:{use.line} imports {AT_LOAD} when loaded, and llama_index with it"
        if library not in HOMES:
            continue
        if file.module != EVERYWHERE and not within(file.module, *HOMES[library]):
            yield f"{file.module}:{use.line} imports {library}; its home is {HOMES[library]}"
        elif loaded and file.module != AT_LOAD:
            yield f"{file.module}:{use.line} imports {library} when loaded, not inside a function"


def prints(file: File) -> Iterator[str]:
    """Calls of print outside the command line."""
    for node in ast.walk(file.tree):
        if not isinstance(node, ast.Call) or file.module == "rag.cli":
            continue
        if ast.unparse(node.func) == "print":
            yield f"{file.module}:{node.lineno} prints; only rag.cli does"


def catches(file: File) -> Iterator[str]:
    """Handlers that take any exception and swallow it, outside the outermost edges."""
    for node in ast.walk(file.tree):
        if not isinstance(node, ast.ExceptHandler) or file.module in EDGES:
            continue
        kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        broad = any(
            kind is None or ast.unparse(kind).split(".")[-1] in ("Exception", "BaseException")
            for kind in kinds
        )
        # What passes the same exception on, or tells it in our words with the cause, loses nothing.
        last = node.body[-1]
        passed = isinstance(last, ast.Raise) and (
            last.exc is None or (isinstance(last.cause, ast.Name) and last.cause.id == node.name)
        )
        if broad and not passed:
            yield f"{file.module}:{node.lineno} catches everything; name what it can handle"


def names(file: File) -> Iterator[str]:
    """Modules whose name does not say their job."""
    for part in file.module.split("."):
        if part in VAGUE:
            yield f"{file.module} is named {part!r}, which says nothing of its job"


Rule = Callable[[File], Iterator[str]]
RULES: tuple[Rule, ...] = (arrows, homes, prints, catches, names)
