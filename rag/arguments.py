"""The verbs of the `kutip` command, their help, and a command line parsed. Runs nothing.

What argparse would print and exit for is raised as `BadUsage`, so that the caller can say it
in one line, or as JSON.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NoReturn

from rag.errors import KutipError
from rag.options import COMMON, add_common_options, add_options


class BadUsage(KutipError):
    """The command line is not one that Kutip knows."""

    kind = "usage"


@dataclass(frozen=True, slots=True)
class Verb:
    """What the help says of one verb."""

    purpose: str
    examples: tuple[str, ...]


VERBS = {
    "add": Verb(
        "Add articles: files, folders, web addresses, feeds, or - for standard input.",
        (
            "kutip add news/ story.pdf page.html",
            "kutip add https://example.com/news/story",
            "kutip add --examples",
        ),
    ),
    "sync": Verb(
        "Keep the library in step with a folder: new, changed and vanished files.",
        ("kutip sync news/", "kutip sync --watch news/"),
    ),
    "list": Verb(
        "List the articles in the library.",
        ("kutip list", "kutip list --publisher Antara --since 2024-08-01", "kutip list --json"),
    ),
    "show": Verb(
        "Show one article: what is known of it and its whole text.",
        ("kutip show 1a2b3c4d", "kutip show 1a2b3c4d --removed"),
    ),
    "edit": Verb(
        "Correct an article's title, publisher or date, or put back lines taken out of it.",
        (
            "kutip edit 1a2b3c4d --date 2024-08-21",
            'kutip edit 1a2b3c4d --publisher "Antara"',
            "kutip edit 1a2b3c4d --restore 3 5",
        ),
    ),
    "remove": Verb(
        "Remove articles from the library; their files stay where they are.",
        ("kutip remove 1a2b3c4d", "kutip remove 1a2b3c4d 5e6f7a8b"),
    ),
    "search": Verb(
        "Find the passages nearest to a query.",
        (
            "kutip search gencatan senjata Gaza",
            "kutip search -k 3 --language id banjir",
            "kutip search --explain who met Blinken",
        ),
    ),
    "ask": Verb(
        "Answer a question from the articles, every sentence with its source.",
        (
            'kutip ask "Who met the Emir of Qatar?"',
            "echo Siapa emir Qatar? | kutip ask -",
            'kutip ask --model qwen3:4b "Kapan Blinken meninggalkan Doha?"',
            'kutip ask --answerer extractive "Kapan Blinken meninggalkan Doha?"',
        ),
    ),
    "chat": Verb(
        "Ask one question after another; follow-ups are understood.",
        (
            "kutip chat",
            "kutip chat --continue",
            "kutip chat --list",
            "kutip chat --export 20260131-0915 talk.html",
        ),
    ),
    "ui": Verb(
        "Open the page: ask in a browser, go from each sentence to its source.",
        (
            "kutip ui",
            "kutip ui --port 8000 --open",
            "KUTIP_AUTH=user:password kutip ui --host 0.0.0.0 --read-only",
        ),
    ),
    "eval": Verb(
        "Measure how well Kutip finds, answers and refuses, on questions with known answers.",
        (
            "kutip eval",
            "kutip eval questions.jsonl --articles news/ --out results/",
            "kutip eval questions.jsonl --articles news/ --check",
            "kutip eval --squad dev.json --limit 100 --min mrr@10=0.8",
            "kutip eval --squad dev.json --forms dev.en.jsonl",
            "kutip eval --answerer ollama:gemma4:e4b --out results/ --resume",
            "kutip eval score results/",
            "kutip eval compare before/ after/",
            "kutip eval peers",
            "kutip eval bench",
        ),
    ),
    "setup": Verb(
        "Go through what is missing, a language model above all, and ask a first question.",
        ("kutip setup", "kutip setup --yes"),
    ),
    "status": Verb(
        "Check every part: the library, the models, the server they run on.",
        ("kutip status", "kutip status --quick", "kutip status --json"),
    ),
    "reindex": Verb(
        "Embed every article again, after a change of embedding model.",
        ("kutip reindex",),
    ),
    "tune": Verb(
        "Teach the bundled encoder the words of your articles; kept only if it then finds more.",
        ("kutip tune", "kutip tune questions.jsonl", "kutip tune --undo"),
    ),
}


# Each comes after "eval"; what follows that and is none of them is a file of questions.
EVAL_VERBS = {
    "eval score": Verb(
        "Score a run again from what its folder holds, perhaps with a dataset that was mended.",
        ("kutip eval score results/", "kutip eval score results/ questions.jsonl"),
    ),
    "eval compare": Verb(
        "Compare two runs on the questions that both asked: differences, and what flipped.",
        ("kutip eval compare before/ after/",),
    ),
    "eval peers": Verb(
        "Measure the quickstarts one would otherwise copy, on the same questions and articles.",
        ("kutip eval peers", "kutip eval peers questions.jsonl --articles news/"),
    ),
    "eval bench": Verb(
        "Measure how long Kutip takes, cold and warm.",
        ("kutip eval bench", "kutip eval bench --rounds 3 --only ask warm"),
    ),
}


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The options and the verb in `arguments`; raises `BadUsage` on what cannot be understood.

    ``--help`` prints and raises SystemExit(0), as argparse does. `verb` is None when only
    ``--version`` was asked for.
    """
    options = _parser().parse_args(_joined(arguments), argparse.Namespace(**COMMON))
    if options.verb is None and not options.version:
        raise BadUsage("no verb was given", hint=_verbs_hint())
    if options.verb == "add" and not (options.sources or options.examples):
        raise BadUsage("add: no source was given", hint=_example("add"))
    changes = [getattr(options, name, None) for name in ("title", "publisher", "date", "restore")]
    if options.verb == "edit" and changes == [None] * 4:
        raise BadUsage("edit: nothing to change was given", hint=_example("edit"))
    if options.verb == "ui" and options.json:
        raise BadUsage("ui: it prints no result that could be JSON", hint="Leave --json out.")
    if getattr(options, "since", None) and options.until and options.since > options.until:
        raise BadUsage(
            f"{options.verb}: --since {options.since} is later than --until {options.until}",
            hint="Swap them.",
        )
    return options


def wants_json(arguments: Sequence[str]) -> bool:
    """Whether ``--json`` stands among the options, even where `arguments` cannot be parsed.

    >>> wants_json(["ask", "--json", "why"]), wants_json(["ask", "--", "--json"])
    (True, False)
    """
    options = list(arguments)
    return "--json" in (options[: options.index("--")] if "--" in options else options)


def _joined(arguments: Sequence[str]) -> list[str]:
    """`arguments` with "eval" and a verb of its own after it as one word.

    >>> _joined(["eval", "score", "x"]), _joined(["ask", "eval", "score"])
    (['eval score', 'x'], ['ask', 'eval', 'score'])
    """
    words = list(arguments)
    at = next((n for n, word in enumerate(words) if word in VERBS), len(words))
    if " ".join(words[at : at + 2]) in EVAL_VERBS:
        words[at : at + 2] = [" ".join(words[at : at + 2])]
    return words


class _Parser(argparse.ArgumentParser):
    """An argument parser that raises instead of exiting, and guesses at no abbreviation."""

    def __init__(self, **options: object) -> None:
        super().__init__(
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            **options,  # type: ignore[arg-type]
        )

    def error(self, message: str) -> NoReturn:
        verb = self.prog.removeprefix("kutip").strip()
        unknown = re.match(r"argument VERB: invalid choice: '(.*?)' \(", message, re.DOTALL)
        if unknown:
            near = get_close_matches(unknown[1], VERBS, n=1)
            guess = f"Did you mean {near[0]!r}? " if near else ""
            raise BadUsage(f"{unknown[1]!r} is not a verb", hint=guess + _verbs_hint())
        where = f"kutip {verb} --help" if verb else "kutip --help"
        message = f"{verb}: {message}" if verb else message
        raise BadUsage(message, hint=f'See "{where}".')


def _parser() -> argparse.ArgumentParser:
    verbs = "\n".join(f"  {name:<9}{verb.purpose}" for name, verb in VERBS.items())
    parser = _Parser(
        prog="kutip",
        usage="kutip [--data-dir FOLDER] [--json] [--quiet] VERB ...",
        description="Ask your own news articles a question; get the exact words that answer it,\n"
        f"with their source. Everything runs on this machine.\n\nverbs:\n{verbs}",
        epilog='examples:\n  kutip add news/\n  kutip ask "Who met the Emir of Qatar?"\n\n'
        '"kutip VERB --help" tells more about a verb.\n\nexit status: 0 done or answered, '
        "1 the articles do not hold the answer, 2 an error.",
    )
    add_common_options(parser)
    parser.add_argument("--version", action="store_true", help="print the version")
    # The verbs are in the description, each with its purpose.
    group = parser.add_subparsers(dest="verb", metavar="VERB", help=argparse.SUPPRESS)
    for name, verb in (VERBS | EVAL_VERBS).items():
        examples = "\n".join(f"  {line}" for line in verb.examples)
        sub = group.add_parser(
            name, prog=f"kutip {name}", description=verb.purpose, epilog=f"examples:\n{examples}"
        )
        add_options(name, sub)
        add_common_options(sub)
    return parser


def _verbs_hint() -> str:
    return f"Verbs are: {', '.join(VERBS)}."


def _example(verb: str) -> str:
    return f"Such as: {VERBS[verb].examples[0]}"
