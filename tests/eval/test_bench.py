"""The bench measures real processes, counts each round once, and fails where a command fails."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from eval.bench import (
    COLD,
    Cost,
    MeasureFailed,
    Spread,
    answer_in_turn,
    kept,
    main,
    percentile,
    run,
    run_in_turn,
)


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_a_bench_of_help_is_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    """`--only help --rounds 1 --json` starts kutip and tells its cost, the machine and n."""
    assert main(["--only", "help", "--rounds", "1", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["cold"].keys() == {"help"}
    assert figures["cold"]["help"]["cpu"]["n"] == figures["rounds"] == 1
    assert 0.001 < figures["cold"]["help"]["cpu"]["median"] < 10
    assert 0.001 < figures["cold"]["help"]["wall"]["median"] < 60
    assert figures["machine"]["cores"] >= 1
    assert figures["versions"].keys() >= {"kutip", "torch", "sentence-transformers"}


def test_a_bench_of_help_can_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    """Without `--json` the same figures are lines, the command that repeats them first."""
    assert main(["--only", "help", "--rounds", "1"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "python -m eval.bench --rounds 1 --only help"
    assert "n=1 rounds" in shown[3]
    assert shown[-1].startswith("kutip --help  ")


def test_processor_time_is_that_of_the_command() -> None:
    """A command that works is charged for it; one that sleeps takes wall seconds only."""
    environment = dict(os.environ)
    idle = run(python("import time; time.sleep(0.6)"), environment)
    busy = run(python("import time\nwhile time.process_time() < 0.6: pass"), environment)
    assert idle.wall >= 0.6
    assert busy.cpu >= 0.6
    assert busy.cpu - idle.cpu >= 0.3


def test_a_command_that_fails_is_not_a_measurement() -> None:
    """A command that ends in an error or cannot be started is an error, not a short time."""
    with pytest.raises(MeasureFailed, match="ended with 3: boom"):
        run(python("import sys; sys.stderr.write('boom'); sys.exit(3)"), dict(os.environ))
    with pytest.raises(MeasureFailed, match="no-such-command"):
        run(["/no-such-command"], dict(os.environ))


def test_commands_take_turns(tmp_path: Path) -> None:
    """Every command runs once a round, in one order, and round 0 is not counted."""
    log = tmp_path / "log"

    def writing(letter: str, number: int) -> Sequence[str]:
        return python(f"open({str(log)!r}, 'a').write('{letter}{number} ')")

    costs = run_in_turn(
        {"a": lambda n: writing("a", n), "b": lambda n: writing("b", n)},
        dict(os.environ),
        rounds=2,
    )
    assert log.read_text() == "a0 b0 a1 b1 a2 b2 "
    assert {name: len(those) for name, those in costs.items()} == {"a": 2, "b": 2}


def test_warm_answers_are_counted(tmp_path: Path) -> None:
    """Ten questions in two rounds are twenty costs; the round that loads is not among them."""
    costs = answer_in_turn(tmp_path / "library", rounds=2)
    assert len(costs) == 20
    assert all(isinstance(cost, Cost) and cost.wall > 0 for cost in costs)


def test_a_percentile_is_one_of_the_values() -> None:
    """By nearest rank: of 20 values, p50 is the 10th, p95 the 19th and p100 the last."""
    values = [float(n) for n in range(20, 0, -1)]
    assert [percentile(values, p) for p in (50, 95, 100, 0)] == [10, 19, 20, 1]
    assert percentile([7.0], 95) == 7


@pytest.mark.parametrize(("ratios", "wanted"), [([0.4, 0.5, 9.0], True), ([0.4, 0.51, 0.6], False)])
def test_a_slow_question_fails_the_bench(ratios: list[float], wanted: bool) -> None:
    """The median CPU of a question may be half of the import's, and no more."""
    assert kept({"ask/import": {"cpu": Spread.of(ratios)}}) is wanted
    assert kept({})
    assert COLD.index("ask") + 1 == COLD.index("import")  # compared, so run one after the other


def test_no_rounds_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    """`--rounds 0` measures nothing and says so, in JSON where that was asked for."""
    assert main(["--rounds", "0", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["kind"] == "bad_setting"
