"""Modelled against published losses of a year without one supplier."""

import pytest

from models.calibration import Calibration
from models.instance import Instance
from models.reading import read_instance
from optimizer.calibration import calibrate
from service import casefiles
from service.cases.writing.cutoff import yearly_loss
from tests.cases import Case

MILLION = 1e6


@pytest.fixture(scope="module")
def reference() -> Instance:
    """Return the reference case."""
    return read_instance(casefiles.load("project_vault"))


@pytest.fixture(scope="module")
def calibration(reference: Instance) -> Calibration:
    """Return the calibration of the reference case."""
    return calibrate(reference)


def cutoff_case(tiny_case: Case, **changes: object) -> Instance:
    """Return the tiny case with a linear shortage cost and changes to its product."""
    product = tiny_case["products"][0]
    product["shortage_blocks"] = [
        {"kind": "line_stop", "share": 1.0, "cost_usd_per_unit": 100.0}
    ]
    product.update(changes)
    return read_instance(tiny_case)


def test_a_cut_off_costs_the_output_that_it_stops(tiny_case: Case) -> None:
    """Without its supplier of 80 %, 80 % of a year's wafers are not made."""
    rows = calibrate(cutoff_case(tiny_case)).rows
    # 0.8 x 12,000 wafers x 100 USD.
    assert rows[0].modelled_loss_usd == pytest.approx(960_000)
    assert (rows[0].materials, rows[0].country) == (("gallium",), "CHN")


def test_losses_are_counted_without_priority_weights(tiny_case: Case) -> None:
    """A weight of ten for the maker's class leaves the loss as it is."""
    tiny_case["priority_classes"][0]["weight"] = 10.0
    rows = calibrate(cutoff_case(tiny_case)).rows
    assert rows[0].modelled_loss_usd == pytest.approx(960_000)


def test_a_year_is_a_year_whatever_the_period(tiny_case: Case) -> None:
    """Periods of two years give the loss of one year."""
    tiny_case["horizon"]["period_days"] = 730.5
    rows = calibrate(cutoff_case(tiny_case)).rows
    assert rows[0].modelled_loss_usd == pytest.approx(960_000)


def test_two_ranks_give_no_correlation(tiny_case: Case) -> None:
    """Without three ranked cut-offs there is no rank correlation."""
    assert calibrate(cutoff_case(tiny_case)).rank_correlation is None


@pytest.mark.parametrize(
    "material",
    ["samarium", "lutetium", "terbium", "dysprosium", "gallium", "germanium"],
)
def test_losses_are_near_published_figures(
    calibration: Calibration, material: str
) -> None:
    """A published figure is met within a tenth."""
    row = next(x for x in calibration.rows if x.materials == (material,))
    assert row.modelled_loss_usd == pytest.approx(row.published_loss_usd, rel=0.1)


def test_the_sum_of_both_materials_is_in_range(calibration: Calibration) -> None:
    """The joint loss is not fitted; it falls into the published range by itself."""
    row = next(x for x in calibration.rows if x.materials == ("gallium", "germanium"))
    assert row.published_low_usd is not None
    assert row.published_high_usd is not None
    assert row.published_low_usd <= row.modelled_loss_usd <= row.published_high_usd


def test_the_order_of_the_rest_agrees_somewhat(calibration: Calibration) -> None:
    """Where only ranks are known, modelled losses go the same way, not exactly.

    Ranks are of expected losses, weighted by probability; the modelled ones are of
    complete cut-offs, so that suppliers who are unlikely to fail stand higher here.
    """
    assert calibration.rank_correlation is not None
    assert calibration.rank_correlation > 0.2


def test_losses_agree_with_those_that_the_case_was_written_with(
    reference: Instance, calibration: Calibration
) -> None:
    """The linear program of the writing scripts finds the same losses."""
    for row in calibration.rows:
        loss = yearly_loss(reference, row.materials, row.country)
        assert row.modelled_loss_usd == pytest.approx(loss, rel=1e-4, abs=MILLION)
