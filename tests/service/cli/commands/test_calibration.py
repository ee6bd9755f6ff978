"""strongroom calibration: modelled losses beside published ones."""

import json
from typing import Literal

import pytest

from models.calibration import (
    Calibration,
    CalibrationRow,
    OutOfSample,
    Prediction,
    RankCorrelation,
    SplitHalf,
)
from models.instance import Instance
from service.analyses.of_cases import calibrated
from service.cli.commands.calibration import print_calibration
from service.printing.calibration import is_inside
from tests.service.cli.conftest import strongroom

Output = pytest.CaptureFixture[str]


def row(
    modelled: float,
    low: float | None = None,
    high: float | None = None,
    *,
    basis: Literal["conditional", "weighted"] = "conditional",
) -> CalibrationRow:
    """Return a cut-off of gallium, a tenth of the time, with a published range."""
    return CalibrationRow(
        materials=("gallium",),
        country="CHN",
        modelled_loss_usd=modelled,
        cutoff_years_per_year=0.1,
        expected_loss_usd=0.1 * modelled,
        basis=basis,
        probability=None,
        published_loss_usd=None,
        published_low_usd=low,
        published_high_usd=high,
        published_rank=3,
        is_fitted=False,
        products_share=0.6,
        products_share_low=0.4,
        source="a paper",
    )


def calibrate(_instance: Instance) -> Calibration:
    """Return a calibration made by hand."""
    return Calibration(
        rows=(row(2e9, 1e9, 3e9), row(4e9, 1e9, 3e9), row(5e9, 1e8, basis="weighted")),
        out_of_sample=OutOfSample(
            figures=4,
            scale=1.1,
            elasticity=0.9,
            error_factor=1.4,
            leave_one_out=(
                Prediction(
                    materials=("gallium",),
                    country="CHN",
                    published_loss_usd=2e9,
                    predicted_loss_usd=3e9,
                ),
            ),
            leave_one_out_error_factor=1.8,
            naive_error_factor=2.5,
            split_half=SplitHalf(splits=6, error_factor=1.7, rank_correlation=None),
        ),
        rank_correlations=(
            RankCorrelation(
                name="expected losses",
                materials=19,
                rho=0.48,
                low=0.01,
                high=0.78,
                p_value=0.037,
            ),
        ),
    )


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(1.0, 3.0, True), (2.5, 3.0, False), (None, 1.0, False), (2.0, None, True)],
)
def test_a_range_may_be_open(
    low: float | None, high: float | None, *, expected: bool
) -> None:
    """Where one end is not published, the other one counts; ends are inside."""
    assert is_inside(row(2.0, low, high)) is expected


def test_a_weighted_range_holds_the_expected_loss() -> None:
    """A tenth of 20 is between 1 and 3; 20 is not."""
    assert is_inside(row(20.0, 1.0, 3.0, basis="weighted")) is True
    assert is_inside(row(20.0, 1.0, 3.0)) is False


def test_without_a_range_nothing_is_inside_or_outside() -> None:
    """There is no answer where nothing was published."""
    assert is_inside(row(2.0)) is None


def test_losses_are_shown_by_kind(instance: Instance, capsys: Output) -> None:
    """Given the cut-off first, then weighted by its probability, with the rank."""
    print_calibration(calibrated(instance, calibrate(instance)), as_json=False)
    out = capsys.readouterr().out
    cells = [
        [cell.strip() for cell in line.split("│")[3:-1]]
        for line in out.splitlines()
        if line.startswith("│ gallium")
    ]
    assert cells == [
        ["$2.00 bn", "-", "-", "$1.00 bn .. $3.00 bn", "yes", "test"],
        ["$4.00 bn", "-", "-", "$1.00 bn .. $3.00 bn", "no", "test"],
        ["10 %", "$500 m", "-", "-", "$100 m .. -", "yes", "3"],
        ["$3.00 bn", "$2.00 bn", "1.50"],
    ]


def test_what_was_not_seen_is_printed_good_or_bad(
    instance: Instance, capsys: Output
) -> None:
    """Error factors, halves, order with interval, shares of products, what was used."""
    print_calibration(calibrated(instance, calibrate(instance)), as_json=False)
    out = " ".join(capsys.readouterr().out.split())
    assert (
        "fitted 1.40, left out 1.80, without a model (mean of the others) 2.50" in out
    )
    assert "typical factor 1.70, rank correlation not defined" in out
    assert "0.01 .. 0.78" in out
    assert "60 % falls on the products named; published is at least 40 %" in out
    assert "No figure was used to fit" in out


def test_a_calibration_in_json_is_complete(instance: Instance, capsys: Output) -> None:
    """Rows show whether they are inside their range; statistics are parts of it."""
    print_calibration(calibrated(instance, calibrate(instance)), as_json=True)
    answer = json.loads(capsys.readouterr().out)
    inside = [found["is_inside_range"] for found in answer["rows"]]
    assert inside == [True, False, True]
    assert answer["out_of_sample"]["leave_one_out_error_factor"] == 1.8
    assert answer["rank_correlations"][0]["rho"] == 0.48


def test_a_missing_case_is_refused() -> None:
    """The status is 2."""
    assert strongroom("calibration", "/nowhere.yaml").exit_code == 2
