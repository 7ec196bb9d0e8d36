"""Every setting and every limit, read once from the environment and one TOML file.

Order, the later wins: the defaults below, ``config.toml`` in the data folder, ``KUTIP_*``
variables, what the caller names. The stages never see this record; the engine hands
them values.
"""

from __future__ import annotations

import math
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from rag.errors import BadSetting

TAUGHT = "encoder.safetensors"  # in the data folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One frozen record of every choice a user or an operator can make."""

    data_dir: Path = Path(".kutip")
    embedder: str = "bundled"  # "bundled", a folder, or the name of a hub model in the cache
    taught: str = ""  # what kutip tune made of the bundled one; encoder.safetensors, if there
    chroma_url: str = ""  # http://host:port of a Chroma server; empty: inside the data folder
    precision: str = "auto"  # "auto" measures bf16 against fp32 once; or "fp32", "bf16"
    threads: int = 0  # for embedding; 0: as many as there are cores

    glossary: str = ""  # a file of words in both languages, besides ours; glossary.tsv, if there
    hits: int = 10  # passages a search returns
    # Of cosine against words: 0.5 as the embedder's measured quality says, 0 none, 1 cosine alone.
    dense_weight: float = 0.5
    passage_words: int = 150  # a passage takes whole sentences up to this many words
    answer_sentences: int = 3  # the most an extractive answer quotes
    evidence_floor: float = 0.28  # below this evidence score the answer is an abstention

    answerer: str = "auto"  # "auto", "extractive", "ollama:MODEL" or "openai:MODEL"
    model: str = "gemma4:e4b"  # the one that "auto" takes when the server has it
    ollama_host: str = "http://127.0.0.1:11434"  # of OLLAMA_HOST too, as Ollama's own tools read it
    llm_url: str = ""  # http://host:port/v1 of an OpenAI-compatible server, used in Ollama's place
    llm_key: str = ""  # what that server wants as a key
    think: str = "off"  # "on": a model that can think does so before it answers
    keep_alive: str = "30m"  # how long Ollama keeps the model in memory after an answer
    context_tokens: int = 8_192  # the prompt and the answer; constant, so that nothing is reloaded
    answer_tokens: int = 512  # the most a model may write
    answer_seconds: float = 120.0  # from the request to the last word
    answer_bytes: int = 16_000  # of UTF-8

    lock_seconds: float = 10.0  # how long a writer waits for another one
    batch_passages: int = 128  # passages embedded and stored between two commits
    page_size: int = 5_000  # rows asked of Chroma or SQLite at once; Chroma's own limit is 5,461

    max_question_chars: int = 2_000
    max_file_bytes: int = 20_000_000
    max_page_bytes: int = 5_000_000  # of HTML
    max_download_bytes: int = 10_000_000  # after decompression
    download_seconds: float = 20.0  # from the lookup of the name to the last byte
    max_pdf_pages: int = 2_000
    parser_bytes: int = 750_000_000  # of memory, in the process that parses
    parser_seconds: float = 20.0  # for one file
    max_article_chars: int = 2_000_000
    max_article_passages: int = 5_000

    @staticmethod
    def load(
        *, environment: Mapping[str, str] | None = None, data_dir: Path | None = None
    ) -> Settings:
        """The settings of this process; raises `BadSetting` on a value that means nothing."""
        env = os.environ if environment is None else environment
        folder = data_dir or _folder(env)
        values: dict[str, Any] = {}
        config = folder / "config.toml"
        names = {f.name for f in fields(Settings)} - {"data_dir"}
        for name, value in _configured(config).items():
            if name not in names:
                raise BadSetting(
                    f"{config} sets {name!r}, which is no setting",
                    hint=f"Settings are: {', '.join(sorted(names))}.",
                )
            values[name] = _typed(name, value, origin=f"{name} in {config}")
        for name in sorted(names):
            variable = f"KUTIP_{name.upper()}"
            if variable in env:
                values[name] = _typed(name, env[variable], origin=variable)
        if "glossary" not in values and (folder / "glossary.tsv").is_file():
            values["glossary"] = str(folder / "glossary.tsv")
        if "taught" not in values and (folder / TAUGHT).is_file():
            values["taught"] = str(folder / TAUGHT)
        if env.get("OLLAMA_HOST") and "KUTIP_OLLAMA_HOST" not in env:
            values["ollama_host"] = env["OLLAMA_HOST"]
        return Settings(data_dir=folder, **values)


# What a text may be, where not everything.
_CHOICES: Mapping[str, tuple[str, ...]] = {"think": ("off", "on")}
# The least and the most that a number may be; what is not here must only not be negative.
_RANGES: Mapping[str, tuple[float, float]] = {
    "hits": (1, 1_000),
    "dense_weight": (0, 1),
    "passage_words": (8, 2_000),
    "answer_sentences": (1, 20),
    "evidence_floor": (0, 1),
    "context_tokens": (1_024, 1_000_000),
    "answer_tokens": (16, 100_000),
    "answer_seconds": (0.1, 3_600),
    "answer_bytes": (100, 1_000_000),
    "lock_seconds": (0, 86_400),
    "batch_passages": (1, 100_000),
    "page_size": (1, 1_000_000),
    "max_question_chars": (1, 1_000_000),
    "max_file_bytes": (1, 1_000_000_000),
    "max_page_bytes": (1, 100_000_000),
    "max_download_bytes": (1, 1_000_000_000),
    "download_seconds": (0.1, 3_600),
    "max_pdf_pages": (1, 100_000),
    "parser_bytes": (200_000_000, 64_000_000_000),
    "parser_seconds": (0.1, 3_600),
    "max_article_chars": (1, 100_000_000),
    "max_article_passages": (1, 1_000_000),
    "threads": (0, 1_024),
}


def _configured(config: Path) -> dict[str, Any]:
    """What the settings file says; nothing when there is none."""
    try:
        return tomllib.loads(config.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"{config} is not TOML: {error}", hint="Mend the file.") from error
    except OSError as error:
        raise BadSetting(
            f"{config} cannot be read: {error.strerror}",
            hint="Look at the data folder, or name another with --data-dir.",
        ) from error


def _folder(env: Mapping[str, str]) -> Path:
    named = env.get("KUTIP_DATA_DIR")
    if named:
        try:
            return Path(named).expanduser()
        except RuntimeError as error:
            raise BadSetting(
                f"KUTIP_DATA_DIR is {named!r}, which names no home folder",
                hint="Name a folder by its whole path.",
            ) from error
    from platformdirs import user_data_path

    return user_data_path("kutip", appauthor=False)


def _typed(name: str, value: object, *, origin: str) -> str | int | float:
    """`value` as the type of the setting `name`, whose default tells it."""
    default: str | int | float = getattr(Settings(), name)
    kind = type(default)
    least, most = _RANGES.get(name, (0, math.inf))
    wanted = "text" if kind is str else f"one number from {least:g} to {most:g}"
    wrong = BadSetting(f"{origin} is {value!r}", hint=f"It must be {wanted}.")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise wrong
    if kind is str:
        if not isinstance(value, str):
            raise wrong
        if value and value not in _CHOICES.get(name, (value,)):
            raise BadSetting(
                f"{origin} is {value!r}", hint=f"It must be {' or '.join(_CHOICES[name])}."
            )
        # An empty variable is one that was not set.
        return value or default
    try:
        number = kind(value)
    except (ValueError, OverflowError) as error:
        raise wrong from error
    if number != float(value) or not math.isfinite(number) or not least <= number <= most:
        raise wrong
    return number
