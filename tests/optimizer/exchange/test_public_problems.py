"""The test sets of tests/instances/smps against their published optima."""

from pathlib import Path

import pytest

from optimizer.exchange.smps_reading import read_smps
from optimizer.exchange.two_stage import extensive_form
from optimizer.highs import Solver

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
def test_the_extensive_form_has_the_published_optimum(
    name: str, optimum: float
) -> None:
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
