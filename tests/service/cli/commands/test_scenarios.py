"""strongroom scenarios and --scenarios-from: out, looked at, changed, and in again."""

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from service.cli.exit_status import ExitStatus
from tests.service.cli.conftest import strongroom


def _written(path: Path, *words: object) -> Path:
    result = strongroom("scenarios", "two_materials", "--output", path, *words)
    assert result.exit_code == ExitStatus.SUCCESS, result.output
    return path


def _plan(path: Path, *words: object) -> bytes:
    result = strongroom("solve", "two_materials", "--output", path, *words)
    assert result.exit_code == ExitStatus.SUCCESS, result.output
    return path.read_bytes()


@pytest.mark.parametrize("ending", [".parquet", ".csv"])
def test_scenarios_out_and_in_again_give_the_same_plan(
    tmp_path: Path, ending: str
) -> None:
    """The same bytes: such a plan needs no file, and names none."""
    path = _written(tmp_path / f"scenarios{ending}", "--scenarios", 3, "--seed", 4)
    drawn = _plan(tmp_path / "drawn.json", "--scenarios", 3, "--seed", 4)
    assert _plan(tmp_path / "read.json", "--scenarios-from", path) == drawn
    assert "scenarios_hash" not in json.loads(drawn)["provenance"]


def test_numpy_alone_finds_the_cost_without_vault(tmp_path: Path) -> None:
    """A tonne of alpha that is missing costs 40,000 dollars, one of beta 60,000."""
    table = pq.read_table(_written(tmp_path / "scenarios.parquet"))
    probability, material, gap = (
        table[name].to_numpy() for name in ("probability", "id", "gap_tonnes")
    )
    cost = np.select([material == "alpha", material == "beta"], [40_000, 60_000])
    # 1/2 x 100 x 40,000 + 1/2 x 100 x 60,000; rows of routes and products have no gap.
    assert np.nansum(probability * gap * cost) == pytest.approx(5_000_000)
    answer = json.loads(strongroom("solve", "two_materials", "--json").output)
    assert answer["cost_without_vault_usd"] == pytest.approx(5_000_000)


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a file in which the cut has probability 3/4, and the plan made for it."""
    folder = tmp_path_factory.mktemp("changed")
    path = _written(folder / "scenarios.csv")
    text = path.read_text().replace('"w0",0.5,', '"w0",0.25,')
    path.write_text(text.replace('"w1",0.5,', '"w1",0.75,'))
    plan = folder / "plan.json"
    _plan(plan, "--scenarios-from", path)
    return path, plan


def test_a_plan_remembers_the_file_of_its_scenarios(changed: tuple[Path, Path]) -> None:
    """Without stock 3/4 x (4,000,000 + 6,000,000) are lost."""
    plan = json.loads(changed[1].read_text())
    assert len(plan["provenance"]["scenarios_hash"]) == 64
    assert plan["promise"]["cost_without_vault_usd"] == pytest.approx(7_500_000)


def test_a_plan_keeps_its_promise_on_its_own_scenarios(
    changed: tuple[Path, Path], tmp_path: Path
) -> None:
    """To the last digit; the results by scenario have that mean, and go by name."""
    path, plan = changed
    results = tmp_path / "results.parquet"
    own = ("--planning-scenarios", "--scenarios-from", path, "--per-scenario", results)
    printed = strongroom("evaluate", "two_materials", plan, *own, "--json").stdout
    answer, promise = json.loads(printed), json.loads(plan.read_text())["promise"]
    cost = answer["expected_shortage_cost_usd"]
    assert cost == promise["simulated_shortage_cost_usd"]
    assert answer["followed"] == "planning"
    table = pq.read_table(results)
    assert table["name"].to_pylist() == ["w0", "w1"]
    probability, each = (
        table[x].to_numpy() for x in ("probability", "shortage_cost_usd")
    )
    assert probability @ each == cost
    periods = pq.read_table(tmp_path / "results_periods.parquet")
    assert periods.num_rows == 2 * 2
    assert {"cash_usd", "stock_value_usd"} < set(periods.column_names)


@pytest.mark.parametrize("command", ["evaluate", "explain", "audit"])
def test_a_plan_of_a_file_needs_that_file(
    changed: tuple[Path, Path], tmp_path: Path, command: str
) -> None:
    """Without it, or with another, its own scenarios cannot be had again."""
    other = _written(tmp_path / "other.csv")
    words = {
        "evaluate": ["--planning-scenarios"],
        "audit": ["--output", tmp_path / "x.zip"],
    }
    for given in ([], ["--scenarios-from", other]):
        asked = ("two_materials", changed[1], *words.get(command, []), *given)
        result = strongroom(command, *asked)
        assert result.exit_code == ExitStatus.BAD_INPUT, result.output
        assert "those that the plan was made for, with hash" in result.stderr


def test_rules_are_compared_on_a_file(changed: tuple[Path, Path]) -> None:
    """The plan costs what it promises there; nothing stands for an interval."""
    path, plan = changed
    words = ("--scenarios-from", path, "--value-scenarios", 0, "--json")
    answer = json.loads(
        strongroom("compare-rules", "two_materials", plan, *words).stdout
    )
    own = next(x for x in answer["rows"] if x["kind"] == "plan")
    promise = json.loads(plan.read_text())["promise"]
    assert own["expected_shortage_cost_usd"] == promise["simulated_shortage_cost_usd"]
    assert own["confidence_interval_usd"] is None
    assert answer["scenarios"] == 2
    provenance = json.loads(plan.read_text())["provenance"]
    assert answer["scenarios_hash"] == provenance["scenarios_hash"]


def test_plans_are_compared_on_a_file(changed: tuple[Path, Path]) -> None:
    """A plan costs as much as itself."""
    path, plan = changed
    pair = ("two_materials", plan)
    result = strongroom(
        "compare-plans", *pair, *pair, "--scenarios-from", path, "--json"
    )
    kept = json.loads(result.stdout)["kept"]
    assert (kept["number_of_scenarios"], kept["dearer_usd"]) == (2, 0)


def test_a_case_without_replays_has_none_to_write(tmp_path: Path) -> None:
    """An empty file would be no scenarios."""
    path = tmp_path / "replays.csv"
    result = strongroom("scenarios", "two_materials", "--replays", "--output", path)
    assert result.exit_code == ExitStatus.BAD_INPUT
    assert "expected a case with replays" in result.stderr


@pytest.mark.parametrize(
    "command", ["solve", "evaluate", "compare-rules", "compare-plans"]
)
def test_the_file_says_number_and_seed(
    command: str, changed: tuple[Path, Path]
) -> None:
    """Options beside it that say otherwise are refused."""
    path, plan = changed
    words = {"solve": ["two_materials"], "compare-plans": ["two_materials", plan] * 2}
    given = words.get(command, ["two_materials", plan])
    drawn = ("--seed", 2, "--scenarios", 20)
    result = strongroom(command, *given, "--scenarios-from", path, *drawn)
    assert result.exit_code == ExitStatus.BAD_INPUT
    assert "--seed: is 2" in result.stderr
    assert "--scenarios: is 20" in result.stderr
