from pathlib import Path

import pytest

from models.instance import Instance
from models.reading import read_instance
from optimizer.exchange.cases import write_case_as_mps, write_case_as_smps
from optimizer.exchange.smps_reading import read_smps
from optimizer.exchange.two_stage import extensive_form
from optimizer.highs import Solver, read_model
from service.casefiles import load

# The arithmetic stands at the top of service/cases/two_materials.yaml.
OPTIMUM_IN_MILLIONS = 2.25


@pytest.fixture(scope="module")
def instance() -> Instance:
    """Return the case to check by hand."""
    return read_instance(load("two_materials"))


def test_smps_of_a_known_case(tmp_path: Path, instance: Instance) -> None:
    """Whoever solves the files gets the answer of the case."""
    files = write_case_as_smps(instance, tmp_path, is_relaxed=False)
    assert [path.suffix for path in files] == [".mps", ".tim", ".sto"]
    form = extensive_form(read_smps(tmp_path))
    found = Solver(form.program).run().objective
    assert found == pytest.approx(OPTIMUM_IN_MILLIONS)


def test_mps_of_a_known_case(tmp_path: Path, instance: Instance) -> None:
    """The names are those of the page, and so is the answer."""
    path = tmp_path / "case.mps"
    write_case_as_mps(instance, path, is_relaxed=False)
    named = read_model(str(path))
    assert "one_policy[pool:alpha]" in named.rows
    found = Solver(named.program).run().objective
    assert found == pytest.approx(OPTIMUM_IN_MILLIONS)
