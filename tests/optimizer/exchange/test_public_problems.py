"""The test sets of tests/instances/smps: published optima, supports of the recourse."""

from pathlib import Path

import numpy as np
import pytest

from optimizer.exchange.scenario_programs import ScenarioPrograms
from optimizer.exchange.smps_reading import read_smps
from optimizer.exchange.two_stage import extensive_form
from optimizer.highs import Solver
from tests.optimizer.exchange.small_files import write

INSTANCES = Path(__file__).parents[2] / "instances" / "smps"
# As in tests/instances/smps/README.md, with the digits that were published.
PUBLISHED = {
    "airlift_first": 249101.672072,
    "airlift_second": 269665.498390,
    "bl42": 30.94,
    "chem": -13009.166667,
    "fxm2_16": 18416.759028,
    "lands": 381.853333,
    "pltexpA2_6": -9.479354,
}


def test_every_folder_is_tested() -> None:
    """Each public problem has its published optimum here."""
    folders = {path.name for path in INSTANCES.iterdir() if path.is_dir()}
    assert folders == set(PUBLISHED)


@pytest.mark.parametrize(("name", "optimum"), PUBLISHED.items())
def test_the_extensive_form_has_its_optimum(name: str, optimum: float) -> None:
    """Read, written out over all scenarios, solved by HiGHS."""
    form = extensive_form(read_smps(INSTANCES / name))
    found = Solver(form.program).run().objective + form.constant
    assert found == pytest.approx(optimum, rel=1e-7)


@pytest.mark.parametrize(("name", "optimum"), PUBLISHED.items())
def test_the_readme_has_the_published_optimum(name: str, optimum: float) -> None:
    """The table of the folder and the figures here are the same."""
    readme = (INSTANCES / "README.md").read_text(encoding="utf-8")
    row = next(line for line in readme.splitlines() if line.startswith(f"| `{name}`"))
    assert float(row.split("|")[5]) == optimum


@pytest.mark.parametrize("name", ["lands", "chem", "airlift_first", "bl42"])
def test_a_support_is_valid_everywhere(name: str) -> None:
    """Met at its own point; below the value, or cutting off nothing, at others."""
    problem = read_smps(INSTANCES / name)
    programs = ScenarioPrograms(problem)
    draw = np.random.default_rng(1)
    points = draw.uniform(0, 60, size=(12, len(problem.first.cost)))
    answers = [programs.answer(0, point) for point in points]
    for point, answer in zip(points, answers, strict=True):
        own = answer.support.at(point)
        assert answer.is_feasible or own > 0
        for other in answers:
            if answer.is_feasible and other.is_feasible:
                assert other.support.at(point) <= own + 1e-7 * max(1.0, abs(own))
            elif answer.is_feasible:
                assert other.support.at(point) <= 1e-7


def test_a_value_is_what_the_recourse_costs(tmp_path: Path) -> None:
    """With 3 bought, the demand of 4 asks for 1 more at 5; with 6, 2 are sold at 1."""
    programs = ScenarioPrograms(read_smps(write(tmp_path)))
    values = [
        programs.answer(0, np.array([bought])).support.at(np.array([bought]))
        for bought in (3.0, 6.0)
    ]
    assert values == pytest.approx([5.0, -2.0])
