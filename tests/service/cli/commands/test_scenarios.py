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


def test_a_plan_remembers_the_file_of_its_scenarios(tmp_path: Path) -> None:
    """The cut with probability 3/4: 3/4 x (4,000,000 + 6,000,000) without stock."""
    path = _written(tmp_path / "scenarios.csv")
    text = path.read_text().replace('"w0",0.5,', '"w0",0.25,')
    path.write_text(text.replace('"w1",0.5,', '"w1",0.75,'))
    plan = json.loads(_plan(tmp_path / "plan.json", "--scenarios-from", path))
    assert len(plan["provenance"]["scenarios_hash"]) == 64
    assert plan["promise"]["cost_without_vault_usd"] == pytest.approx(7_500_000)


def test_a_case_without_replays_has_none_to_write(tmp_path: Path) -> None:
    """An empty file would be no scenarios."""
    path = tmp_path / "replays.csv"
    result = strongroom("scenarios", "two_materials", "--replays", "--output", path)
    assert result.exit_code == ExitStatus.BAD_INPUT
    assert "expected a case with replays" in result.stderr


def test_the_file_says_number_and_seed(tmp_path: Path) -> None:
    """Options beside it that say otherwise are refused."""
    path = _written(tmp_path / "scenarios.csv")
    words = ("two_materials", "--scenarios-from", path, "--seed", 2)
    result = strongroom("solve", *words)
    assert result.exit_code == ExitStatus.BAD_INPUT
    assert "--seed: is 2" in result.stderr
