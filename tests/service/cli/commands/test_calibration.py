"""strongroom calibration: modelled losses beside published ones."""

import json

import pytest

from models.calibration import Calibration, CalibrationRow
from models.instance import Instance
from service.cli.commands.calibration import calibrate_case, is_inside
from tests.service.cli.conftest import strongroom

Output = pytest.CaptureFixture[str]


def row(
    modelled: float, low: float | None = None, high: float | None = None
) -> CalibrationRow:
    """Return a cut-off of gallium with a published range."""
    return CalibrationRow(
        materials=("gallium",),
        country="CHN",
        modelled_loss_usd=modelled,
        published_loss_usd=None,
        published_low_usd=low,
        published_high_usd=high,
        published_rank=3,
        source="a paper",
    )


def calibrate(_instance: Instance) -> Calibration:
    """Return a calibration made by hand."""
    rows = (row(2e9, 1e9, 3e9), row(4e9, 1e9, 3e9), row(5e9))
    return Calibration(rows=rows, rank_correlation=0.75)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(1.0, 3.0, True), (2.5, 3.0, False), (None, 1.0, False), (2.0, None, True)],
)
def test_a_range_may_be_open(
    low: float | None, high: float | None, *, expected: bool
) -> None:
    """Where one end is not published, the other one counts; ends are inside."""
    assert is_inside(row(2.0, low, high)) is expected


def test_without_a_range_nothing_is_inside_or_outside() -> None:
    """There is no answer where nothing was published."""
    assert is_inside(row(2.0)) is None


def test_a_table_of_cutoffs_and_correlation(instance: Instance, capsys: Output) -> None:
    """Modelled loss, range, whether inside, rank."""
    calibrate_case(instance, calibrate, as_json=False)
    out = capsys.readouterr().out
    cells = [
        [cell.strip() for cell in line.split("│")[3:8]]
        for line in out.splitlines()
        if line.startswith("│ gallium")
    ]
    assert cells == [
        ["$2.00 bn", "-", "$1.00 bn .. $3.00 bn", "yes", "3"],
        ["$4.00 bn", "-", "$1.00 bn .. $3.00 bn", "no", "3"],
        ["$5.00 bn", "-", "-", "-", "3"],
    ]
    assert "published order: 0.75" in out


def test_a_calibration_in_json_is_complete(instance: Instance, capsys: Output) -> None:
    """Rows show whether they are inside their range."""
    calibrate_case(instance, calibrate, as_json=True)
    answer = json.loads(capsys.readouterr().out)
    inside = [found["is_inside_range"] for found in answer["rows"]]
    assert inside == [True, False, None]
    assert answer["rank_correlation"] == 0.75


def test_a_missing_case_is_refused() -> None:
    """The status is 2."""
    assert strongroom("calibration", "/nowhere.yaml").exit_code == 2
