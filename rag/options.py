"""What each verb of the `kutip` command takes: its options, and what their values may be."""

from __future__ import annotations

import argparse
import calendar
import math
import re
from datetime import date
from pathlib import Path

from rag.text.plain import one_line

# The options of every verb where they are not given.
COMMON: dict[str, object] = {
    "data_dir": None,
    "json": False,
    "quiet": False,
    "debug": False,
}
_DATES = "write it as 2024-08-21 or 21 August 2024"


def add_options(name: str, sub: argparse.ArgumentParser) -> None:
    """Give `sub` what the verb `name` takes beyond the options of every verb."""
    if name == "add":
        sub.add_argument(
            "sources", nargs="*", metavar="SOURCE", help="a file, a folder, an address, or -"
        )
        sub.add_argument(
            "--examples", action="store_true", help="add the articles Kutip comes with"
        )
        sub.add_argument("--strict", action="store_true", help="exit 2 if any source failed")
        sub.add_argument(
            "--allow-private",
            action="store_true",
            help="fetch from hosts of one's own network too, on any port",
        )
    if name == "sync":
        sub.add_argument("folder", metavar="FOLDER", help="with all that is below it")
        sub.add_argument("--watch", action="store_true", help="go on until interrupted (Ctrl-C)")
        sub.add_argument(
            "--even-if-empty",
            action="store_true",
            help="remove everything when the folder holds no article any more",
        )
    if name in ("show", "edit"):
        sub.add_argument(
            "id", metavar="ID", help="an article's id, or the first of its characters, four or more"
        )
    if name == "show":
        sub.add_argument(
            "--removed", action="store_true", help="show what was taken out too, line by line"
        )
    if name == "edit":
        sub.add_argument("--title", type=_words)
        sub.add_argument("--publisher", type=_words)
        sub.add_argument("--date", type=_day, help="the day it was published, such as 2024-08-21")
        sub.add_argument(
            "--restore",
            type=_count,
            nargs="*",
            metavar="LINE",
            help="put back what was taken out: all, or lines as numbered by show --removed",
        )
    if name == "remove":
        sub.add_argument("ids", nargs="+", metavar="ID", help="an article's id or its beginning")
    if name == "search":
        sub.add_argument("query", nargs="+", metavar="QUERY")
        sub.add_argument(
            "-k", "--hits", type=_count, metavar="N", help="how many passages (default: 10)"
        )
        sub.add_argument(
            "--explain", action="store_true", help="show the words and the scores of each passage"
        )
    if name == "ask":
        sub.add_argument(
            "question", nargs="+", metavar="QUESTION", help="or - to read it from standard input"
        )
    if name == "chat":
        kept = sub.add_argument_group("conversations, which are kept in the data folder")
        which = kept.add_mutually_exclusive_group()
        which.add_argument(
            "--continue",
            dest="go_on",
            nargs="?",
            const="",
            metavar="ID",
            help="go on with the last one, or with this one",
        )
        which.add_argument("--list", action="store_true", help="list them, newest first")
        which.add_argument(
            "--export", nargs=2, metavar=("ID", "FILE"), help="write one to FILE.md or FILE.html"
        )
        which.add_argument("--forget", nargs="+", metavar="ID", help="delete these")
        which.add_argument("--forget-all", action="store_true", help="delete all of them")
        kept.add_argument("--force", action="store_true", help="let --export write over a file")
    if name in ("ask", "chat"):
        _answerer(sub).add_argument(
            "--think", action="store_true", help="let a model that can think do so first"
        )
    if name == "ui":
        sub.add_argument(
            "--host",
            type=_words,
            metavar="ADDRESS",
            default="127.0.0.1",
            help="where to listen (default: %(default)s); where others can come in, a login is "
            "asked for, and KUTIP_AUTH=user:password must be set",
        )
        sub.add_argument(
            "--port",
            type=_port,
            metavar="N",
            default=7860,
            help="(default: %(default)s; 0: any that is free)",
        )
        sub.add_argument(
            "--read-only", action="store_true", help="let nobody add, change or delete anything"
        )
        sub.add_argument(
            "--mcp", action="store_true", help="serve asking and searching as MCP tools, too"
        )
        sub.add_argument(
            "--open", dest="open_browser", action="store_true", help="show it in the browser"
        )
    if name.startswith("eval"):
        _of_eval(name, sub)
    if name == "setup":
        sub.add_argument("--yes", action="store_true", help="agree to everything, downloads too")
    if name == "tune":
        sub.add_argument(
            "pairs",
            nargs="?",
            type=_folder,
            metavar="PAIRS.jsonl",
            help='lines such as {"question": "...", "passage": "..."}, or of "headline" and "body" '
            "(default: the headlines and leads of the library)",
        )
        sub.add_argument(
            "--epochs", type=_count, metavar="N", help="go through the pairs so often (default: 2)"
        )
        sub.add_argument(
            "--undo", action="store_true", help="go back to the encoder from before the last time"
        )
    if name == "status":
        sub.add_argument("--quick", action="store_true", help="do not time an answer")
    if name in ("list", "search", "ask", "chat"):
        filters = sub.add_argument_group("only articles")
        filters.add_argument("--since", type=_first, metavar="DATE", help="of this day or later")
        filters.add_argument("--until", type=_last, metavar="DATE", help="of this day or earlier")
        filters.add_argument("--publisher", type=_words, help="of this publisher")
        filters.add_argument("--language", type=_language, metavar="CODE", help="such as id or en")


def _answerer(sub: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    answers = sub.add_argument_group("who answers")
    by = answers.add_mutually_exclusive_group()
    by.add_argument(
        "--answerer",
        metavar="A",
        help="auto, extractive (quotes), ollama:MODEL or openai:MODEL (default: auto)",
    )
    by.add_argument(
        "--model",
        dest="answerer",
        type=_model,
        metavar="NAME",
        help="this model, or fail: no other one and no quotes in its place",
    )
    return answers


def _of_eval(name: str, sub: argparse.ArgumentParser) -> None:
    """Give `sub` what only a verb of the suite takes."""
    if name == "eval score":
        sub.add_argument("folder", type=_folder, metavar="FOLDER", help="that a run wrote")
    if name == "eval compare":
        sub.add_argument("first", type=_folder, metavar="A", help="the folder of a run")
        sub.add_argument("second", type=_folder, metavar="B", help="that of another")
    if name in ("eval", "eval score", "eval peers"):
        sub.add_argument(
            "datasets",
            nargs="*",
            type=_folder,
            metavar="DATASET",
            help="a file of questions, one JSON object a line (default: "
            + ("those of the run)" if name == "eval score" else "those that Kutip comes with)"),
        )
    if name in ("eval", "eval peers"):
        sub.add_argument(
            "--articles",
            nargs="+",
            action="extend",
            type=_folder,
            default=[],
            metavar="PATH",
            help="files and folders that the dataset asks about",
        )
        sub.add_argument("--limit", type=_count, metavar="N", help="ask the first N only")
        sub.add_argument("--tag", type=_words, metavar="T", help="ask those with this tag only")
        sub.add_argument("--language", choices=("en", "id"), help="ask those in this language only")
        sub.add_argument(
            "--squad", type=_folder, metavar="FILE", help="questions and paragraphs, in SQuAD 2.0"
        )
    if name in ("eval", "eval score"):
        sub.add_argument(
            "--min",
            dest="least",
            action="append",
            type=_least,
            default=[],
            metavar="METRIC=V",
            help="exit 1 if a score is less (or more, where less is better); may be repeated",
        )
    if name in ("eval", "eval score", "eval compare", "eval peers"):
        sub.add_argument(
            "--seed", type=_whole, metavar="N", help="of all that is drawn by chance (default: 0)"
        )
    if name == "eval":
        sub.add_argument(
            "--out",
            type=_folder,
            metavar="FOLDER",
            help="where answers, scores and report go (default: evaluation, in the data folder)",
        )
        sub.add_argument(
            "--cache", type=_folder, metavar="FOLDER", help="keep the library there (default: not)"
        )
        sub.add_argument(
            "--forms",
            type=_folder,
            metavar="FILE",
            help="ask the questions of --squad in these other forms, such as another language",
        )
        sub.add_argument(
            "--verify", type=_folder, metavar="FILE", help="sentences to judge by their evidence"
        )
        sub.add_argument(
            "--no-robustness",
            dest="robustness",
            action="store_false",
            help="leave out the questions that are asked again from altered and mixed passages",
        )
        sub.add_argument("--check", action="store_true", help="only check the files, ask nothing")
        sub.add_argument("--resume", action="store_true", help="go on with a run that was stopped")
        _answerer(sub)
    if name == "eval bench":
        sub.add_argument("--rounds", type=_count, metavar="N", default=5, help="default: 5")
        sub.add_argument("--only", nargs="+", metavar="KIND", default=[], help="default: all")


def add_common_options(parser: argparse.ArgumentParser) -> None:
    """Give `parser` the options that may stand before the verb or after it."""
    # SUPPRESS: a verb's parser must not put its default over what stood before the verb.
    group = parser.add_argument_group("for every verb")
    group.add_argument(
        "--data-dir",
        type=_folder,
        metavar="FOLDER",
        default=argparse.SUPPRESS,
        help="where the library is (default: KUTIP_DATA_DIR, else the user's data folder)",
    )
    for flag, purpose in (
        ("--json", "print one JSON value, errors too"),
        ("--quiet", "no progress and no remarks; errors are still told"),
        ("--debug", "log to stderr, with the whole trace of a fault"),
    ):
        group.add_argument(flag, action="store_true", default=argparse.SUPPRESS, help=purpose)


def _folder(text: str) -> Path:
    if not text:
        raise argparse.ArgumentTypeError("it is empty")
    try:
        return Path(text).expanduser()
    except RuntimeError as error:  # ~nobody
        raise argparse.ArgumentTypeError(f"{text!r} names a user without a home") from error


def _words(text: str) -> str:
    words = one_line(text)
    if not words:
        raise argparse.ArgumentTypeError("it is empty")
    return words


def _model(text: str) -> str:
    return f"model:{_words(text)}"


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1")
    return int(text)


def _whole(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0")
    return int(text)


def _least(text: str) -> tuple[str, float]:
    name, _, value = text.rpartition("=")
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not name or not math.isfinite(number):
        raise argparse.ArgumentTypeError(f"{text!r} is not a score and a number; write mrr@10=0.8")
    return name, number


def _port(text: str) -> int:
    if not re.fullmatch("[0-9]{1,5}", text) or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 0 to 65535")
    return int(text)


def _language(text: str) -> str:
    code = text.lower()
    if not re.fullmatch("[a-z]{2}", code):
        raise argparse.ArgumentTypeError(f"{text!r} is not a two-letter code such as id or en")
    return code


def _first(text: str) -> date:
    """The day `text` names, or the first of the year or month it names."""
    return _span(text)[0]


def _last(text: str) -> date:
    """The day `text` names, or the last of the year or month it names."""
    return _span(text)[1]


def _span(text: str) -> tuple[date, date]:
    part = re.fullmatch(r"(\d{4})(?:-(\d{2}))?", text.strip(), re.ASCII)
    if part is None:
        return _day(text), _day(text)
    try:
        year, month = int(part[1]), int(part[2] or 0)
        last = calendar.monthrange(year, month or 12)[1]
        return date(year, month or 1, 1), date(year, month or 12, last)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; {_DATES}") from error


def _day(text: str) -> date:
    from rag.text.dates import parse_date

    day = parse_date(text)
    if day is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; {_DATES}")
    return day
