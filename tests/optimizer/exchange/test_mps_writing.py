"""Programs and cases written as files, and what HiGHS reads there."""

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array

from models.instance import Instance
from models.reading import read_instance
from optimizer.exchange.cases import write_case_as_mps, write_case_as_smps
from optimizer.exchange.mps_writing import write_mps
from optimizer.exchange.smps_reading import read_smps
from optimizer.exchange.two_stage import extensive_form
from optimizer.highs import INFINITY, LinearProgram, NamedProgram, Solver, read_model
from service.casefiles import load


@pytest.fixture
def named() -> NamedProgram:
    """Return a program with every kind of row, bound and column."""
    program = LinearProgram(
        cost=np.array([1 / 3, 0.0, -2.5, 0.0, 0.0, 7.0]),
        rows=csr_array(
            [
                [1.0, 0.0, 1 / 7, 0.0, 0.0, 0.0],
                [0.0, 0.0, 1e-7, 2.0, 0.0, 0.0],
                [1.0, 0.0, 1.0, 1.0, 0.0, 1.0],
                [0.0, 0.0, 0.0, 3.0, 0.0, 1.0],
                [0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
            ]
        ),
        row_lower=np.array([-INFINITY, 1.0, 3.0, 1.5, 0.0]),
        row_upper=np.array([4.0, INFINITY, 3.0, 2.0, 0.0]),
        column_lower=np.array([0.0, 0.0, -INFINITY, -INFINITY, 2.0, -3.0]),
        column_upper=np.array([INFINITY, INFINITY, INFINITY, 5.0, 2.0, -1.0]),
        is_integer=np.array([True, False, False, False, False, True]),
    )
    return NamedProgram(
        program,
        rows=("one_policy[pool:m-1]", "b", "c", "between", "empty"),
        columns=("use[pool:m-1,3]", "unused", "free", "below", "fixed", "negative"),
        constant=2.5,
    )


@pytest.mark.parametrize("ending", [".mps", ".mps.gz"])
def test_a_file_is_read_back(tmp_path: Path, named: NamedProgram, ending: str) -> None:
    """HiGHS reads names, digits, kinds and bounds as they were.

    The unused column stands behind an integer one: its kind must not spread.
    """
    path = tmp_path / f"program{ending}"
    write_mps(named, path)
    found = read_model(str(path))
    assert found.rows == named.rows
    assert found.columns == named.columns
    assert found.constant == named.constant
    for field in LinearProgram.__dataclass_fields__:
        written, read = getattr(named.program, field), getattr(found.program, field)
        if field == "rows":
            written, read = written.toarray(), read.toarray()
        np.testing.assert_array_equal(read, written, err_msg=field)


@pytest.mark.parametrize("ending", [".mps", ".mps.gz"])
def test_the_same_program_gives_the_same_bytes(
    tmp_path: Path, named: NamedProgram, ending: str
) -> None:
    """Written, read and written again."""
    first, again = tmp_path / f"first{ending}", tmp_path / f"again{ending}"
    write_mps(named, first)
    write_mps(read_model(str(first)), again)
    assert again.read_bytes() == first.read_bytes()


# The arithmetic stands at the top of service/cases/two_materials.yaml.
OPTIMUM_IN_MILLIONS = 2.25


@pytest.fixture(scope="module")
def instance() -> Instance:
    """Return the case to check by hand."""
    return read_instance(load("two_materials"))


def test_smps_of_a_known_case(tmp_path: Path, instance: Instance) -> None:
    """The optimum of the files is that of the case."""
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
