"""How long Kutip takes, cold and warm, beside the import that a question avoids.

Each round runs every cold command once, in turn, so that a busy spell of the machine falls on all
of them, and compares within the round. "Cold" is a new process: its files were read before, by a
run that is not counted. Says nothing of how good an answer is; needs a Unix, for `getrusage`.
"""

from __future__ import annotations

import argparse
import json
import logging
import math
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from rag.errors import BadSetting, KutipError

logger = logging.getLogger(__name__)

KINDS = ("help", "ask", "import", "add", "warm")
COLD = KINDS[:4]  # one new process for each, in this order in every round
MOST = 0.5  # of the import's CPU seconds is what a whole cold question may take
QUESTION = "who met Blinken in Doha?"
# Of the three example articles: both languages, long and short, two that they do not answer.
QUESTIONS = (
    QUESTION,
    "Siapa yang membahas mediasi bersama Blinken?",
    "Kapan Blinken meninggalkan Doha?",
    "Siapa Direktur CIA yang akan mengunjungi Doha untuk membahas pertukaran sandera?",
    "Mengapa upaya mediasi terhenti?",
    "When did Hamas reject what Joe Biden said about the withdrawal from the agreement?",
    "Siapa pemimpin oposisi Israel?",
    "Where did the indirect talks take place?",
    "Berapa harga beras di Jakarta?",
    "Who won the 1998 World Cup?",
)
_PACKAGES = ("chromadb", "numpy", "sentence-transformers", "tokenizers", "torch", "transformers")
_TIMEOUT = 300.0  # seconds that one command may take


class MeasureFailed(KutipError):
    """A command that was to be measured did not do its work."""

    kind = "measure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one run took, in seconds: of all processors together, and by the clock."""

    cpu: float
    wall: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The middle and the ends of `n` values."""

    n: int
    median: float
    low: float
    high: float

    @staticmethod
    def of(values: Sequence[float]) -> Spread:
        """The spread of one value or more."""
        return Spread(n=len(values), median=median(values), low=min(values), high=max(values))

    def __str__(self) -> str:
        return f"{self.median:.3f} [{self.low:.3f}, {self.high:.3f}]"


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that `percent` of all values do not exceed (nearest rank).

    >>> percentile([4.0, 1.0, 3.0, 2.0], 50), percentile([4.0, 1.0, 3.0, 2.0], 95)
    (2.0, 4.0)
    """
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]


def run(command: Sequence[str], environment: Mapping[str, str]) -> Cost:
    """What a command and its children took; raises `MeasureFailed` unless it exits with 0."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    try:
        done = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=_TIMEOUT, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise MeasureFailed(
            f"{' '.join(command)} could not be measured: {error}", hint="Is the machine too busy?"
        ) from error
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        last = next(reversed(done.stderr.splitlines()), "it said nothing")
        raise MeasureFailed(
            f"{' '.join(command)} ended with {done.returncode}: {last}",
            hint="Run that command by itself to see what it says.",
        )
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(cpu=cpu, wall=wall)


def run_in_turn(
    commands: Mapping[str, Callable[[int], Sequence[str]]],
    environment: Mapping[str, str],
    *,
    rounds: int,
) -> dict[str, list[Cost]]:
    """The costs of each command, one per round; a first run of each, round 0, is not counted."""
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            cost = run(command(number), environment)
            logger.info("round %d: %s %.2f s CPU, %.2f s", number, name, cost.cpu, cost.wall)
            if number > 0:
                costs[name].append(cost)
    return costs


def answer_in_turn(data_dir: Path, *, rounds: int) -> list[Cost]:
    """The cost of every answer to `QUESTIONS`, given `rounds` times by one engine, warm."""
    from rag.engine import Engine
    from rag.settings import Settings

    costs = []
    with Engine(Settings.load(environment={}, data_dir=data_dir)) as engine:
        for number in range(rounds + 1):
            for question in QUESTIONS:
                cpu, wall = time.process_time(), time.perf_counter()
                engine.ask(question)
                cost = Cost(cpu=time.process_time() - cpu, wall=time.perf_counter() - wall)
                if number > 0:  # the first round loads the model and the stores
                    costs.append(cost)
    return costs


def bench(kinds: Sequence[str], *, rounds: int) -> dict[str, Any]:
    """All figures of one run as JSON values, of the `KINDS` asked for; seconds throughout."""
    # Without the user's settings, and with bytecode kept from one process to the next, as usual:
    # to compile Kutip anew adds a tenth of a second.
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("KUTIP_") and name != "PYTHONDONTWRITEBYTECODE"
    }
    load_before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="kutip-bench-") as scratch:
        library = Path(scratch) / "library"
        if {"ask", "warm"} & set(kinds):
            run(_adding(library), environment)
        ask = [*_kutip(), "--data-dir", str(library), "ask", QUESTION]
        commands: dict[str, Callable[[int], Sequence[str]]] = {
            "help": lambda _: [*_kutip(), "--help"],
            "ask": lambda _: ask,
            "import": lambda _: [sys.executable, "-c", "import sentence_transformers"],
            "add": lambda number: _adding(Path(scratch) / f"fresh-{number}"),
        }
        chosen = {name: commands[name] for name in COLD if name in kinds}
        cold = run_in_turn(chosen, environment, rounds=rounds)
        warm = answer_in_turn(library, rounds=rounds) if "warm" in kinds else []
    figures: dict[str, Any] = {
        "command": f"python -m eval.bench --rounds {rounds} --only {' '.join(kinds)}",
        "machine": {**_machine(), "load": [round(load_before, 2), round(os.getloadavg()[0], 2)]},
        "versions": {name: version(name) for name in ("kutip", *_PACKAGES)},
        "rounds": rounds,
        "cold": {
            name: {
                "cpu": Spread.of([cost.cpu for cost in costs]),
                "wall": Spread.of([cost.wall for cost in costs]),
            }
            for name, costs in cold.items()
        },
    }
    if {"ask", "import"} <= cold.keys():
        pairs = list(zip(cold["ask"], cold["import"], strict=True))
        figures["ask/import"] = {
            "cpu": Spread.of([ask.cpu / other.cpu for ask, other in pairs]),
            "wall": Spread.of([ask.wall / other.wall for ask, other in pairs]),
            "most": MOST,
        }
    if warm:
        seconds = [cost.wall for cost in warm]
        figures["warm"] = {
            "n": len(warm),
            "p50": percentile(seconds, 50),
            "p95": percentile(seconds, 95),
            "cpu": Spread.of([cost.cpu for cost in warm]),
        }
    return figures


def lines(figures: Mapping[str, Any]) -> list[str]:
    """What `bench` found, for a reader."""
    machine, rounds = figures["machine"], figures["rounds"]
    names = {
        "help": "kutip --help",
        "ask": f'kutip ask "{QUESTION}"',
        "import": "import sentence_transformers",
        "add": "kutip add --examples",
    }
    text = [
        figures["command"],
        "{processor}, {cores} cores, {system}, Python {python}".format(**machine)
        + "; load {} before, {} after".format(*machine["load"]),
        ", ".join(f"{name} {number}" for name, number in figures["versions"].items()),
        f"Seconds: median [lowest, highest] of n={rounds} rounds; new processes, files read before",
        "",
        f"{'':40}{'CPU':24}wall",
    ]
    for name, cost in figures["cold"].items():
        text.append(f"{names[name]:40}{cost['cpu']!s:24}{cost['wall']}")
    if "ask/import" in figures:
        ratio = figures["ask/import"]
        text.append(f"{'ask / import, within a round':40}{ratio['cpu']!s:24}{ratio['wall']}")
        text.append(f"{'':40}at most {ratio['most']}: {'yes' if kept(figures) else 'NO'}")
    if "warm" in figures:
        warm = figures["warm"]
        text.append("")
        text.append(f"Warm answers in one process, n={warm['n']}:")
        text.append("p50 {p50:.4f} s, p95 {p95:.4f} s; CPU {cpu}".format(**warm))
    return text


def kept(figures: Mapping[str, Any]) -> bool:
    """Whether a cold question stayed within `MOST` of the import's CPU, where both were run."""
    return "ask/import" not in figures or bool(figures["ask/import"]["cpu"].median <= MOST)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and report on stdout; 0, or 1 where a cold question takes too long, 2 an error."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="default: 5")
    parser.add_argument("--only", nargs="+", choices=KINDS, default=KINDS, metavar="KIND",
                        help=f"of {', '.join(KINDS)}; default: all")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        if options.rounds < 1:
            raise BadSetting(f"--rounds is {options.rounds}", hint="It must be 1 or more.")
        figures = bench(options.only, rounds=options.rounds)
    except KutipError as error:
        logger.error("%s. %s", error.message, error.hint)
        if options.json:
            told = {"kind": error.kind, "message": error.message, "hint": error.hint}
            sys.stdout.write(json.dumps({"error": told}) + "\n")
        return 2
    shown = json.dumps(figures, default=asdict) if options.json else "\n".join(lines(figures))
    sys.stdout.write(shown + "\n")
    return 0 if kept(figures) else 1


def _kutip() -> list[str]:
    beside = Path(sys.executable).parent / "kutip"
    return [str(beside)] if beside.is_file() else [sys.executable, "-m", "rag.cli"]


def _adding(folder: Path) -> list[str]:
    return [*_kutip(), "--data-dir", str(folder), "add", "--quiet", "--examples"]


def _machine() -> dict[str, Any]:
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:  # not Linux
        told = []
    models = [line.partition(":")[2].strip() for line in told if line.startswith("model name")]
    affinity = getattr(os, "sched_getaffinity", None)  # not on macOS
    return {
        "processor": models[0] if models else platform.processor() or platform.machine(),
        "cores": len(affinity(0)) if affinity else os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


if __name__ == "__main__":
    sys.exit(main())
