"""Modelled against published losses of a year without one supplier."""

import pytest

from models.calibration import Calibration, CalibrationRow
from models.disruption import Event, Phase
from models.instance import Instance
from models.reading import read_instance
from models.sections import PublishedLoss
from optimizer.calibration import calibrate
from optimizer.calibration.agreement import interval
from optimizer.calibration.cutoffs import Cutoff
from optimizer.calibration.hazards import cutoff_years_per_year
from optimizer.calibration.out_of_sample import out_of_sample
from service import casefiles
from service.cases.writing.cutoff import yearly_loss
from tests import cases
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


def test_too_few_figures_give_no_statistics(tiny_case: Case) -> None:
    """Without fitted figures and ranks there is neither a test nor a correlation."""
    found = calibrate(cutoff_case(tiny_case))
    assert found.out_of_sample is None
    assert found.rank_correlations == ()


def row_of(calibration: Calibration, *materials: str, basis: str) -> CalibrationRow:
    """Return the row of a cut-off with a published loss of some kind."""
    return next(
        x for x in calibration.rows if x.materials == materials and x.basis == basis
    )


def test_a_weighted_loss_is_compared_with_hazard_times_loss(tiny_case: Case) -> None:
    """A cut-off of 365.25 days every tenth year costs a tenth of its loss a year."""
    tiny_case["events"] = [
        {
            "id": "cut",
            "name": "Cut",
            "country": "CHN",
            "stage": "both",
            "materials": ["gallium"],
            "hazard_per_year": 0.1,
            "phases": [
                {
                    "name": "half",
                    "duration_days_low": 365.25,
                    "duration_days_high": 1095.75,
                    "availability": 0.5,
                }
            ],
        }
    ]
    loss = {"materials": ["gallium"], "country": "CHN", "loss_usd": 96_000}
    tiny_case["published_losses"] = [
        {**loss, "basis": "weighted"},
        {**loss, "basis": "weighted", "probability": 0.1},
        {**loss, "basis": "conditional", "loss_usd": 960_000},
    ]
    rows = calibrate(cutoff_case(tiny_case)).rows
    # 0.1 a year x two years on average x half of the flow.
    assert rows[0].cutoff_years_per_year == pytest.approx(0.1)
    assert rows[0].comparable_loss_usd == pytest.approx(96_000)
    assert [row.ratio for row in rows[:3]] == pytest.approx([1.0, 1.0, 1.0])


def test_a_ban_on_direct_trade_cuts_the_direct_share(tiny_case: Case) -> None:
    """Where a quarter is bought from the origin, a ban is a quarter of a cut-off."""
    instance = cutoff_case(tiny_case)
    event = Event(
        id="ban",
        name="Ban",
        country="CHN",
        stage="both",
        materials=("gallium",),
        scope="direct_trade",
        hazard_per_year=0.1,
        phases=(
            Phase(
                name="ban",
                duration_days_low=365.25,
                duration_days_high=365.25,
                availability=0.0,
            ),
        ),
    )
    routes = [r.model_copy(update={"direct_share": 0.25}) for r in instance.routes]
    changed = instance.model_copy(update={"events": (event,), "routes": tuple(routes)})
    years = cutoff_years_per_year(changed, ["gallium"], "CHN")
    assert years == pytest.approx(0.1 * 0.25)


def test_an_event_that_recurs_has_a_cycle(tiny_case: Case) -> None:
    """A year of waiting, a quarter cut off, a quarter of rest: one in 1.5 years."""
    quarter = 365.25 / 4
    tiny_case["events"] = [
        cases.event(
            "ban",
            cases.chance_phase(mean_days=quarter),
            hazard_per_year=1.0,
            recurs_after={"low_days": 0, "high_days": 2 * quarter},
        )
    ]
    instance = cutoff_case(tiny_case)
    years = cutoff_years_per_year(instance, ["gallium"], "CHN")
    assert years == pytest.approx(0.25 / 1.5)


@pytest.mark.parametrize(
    "material",
    ["samarium", "lutetium", "terbium", "dysprosium", "gallium", "germanium"],
)
def test_losses_are_near_the_figures_that_they_were_fitted_to(
    calibration: Calibration, material: str
) -> None:
    """Two parameters come within a factor of two of each of six figures."""
    row = next(x for x in calibration.rows if x.materials == (material,))
    assert row.is_fitted
    assert row.ratio is not None
    assert 0.5 <= row.ratio <= 2


def test_the_sum_of_both_materials_is_in_range(calibration: Calibration) -> None:
    """The joint loss is not fitted; it falls into the published range by itself."""
    row = row_of(calibration, "gallium", "germanium", basis="conditional")
    assert row.published_low_usd is not None
    assert row.published_high_usd is not None
    assert row.published_low_usd <= row.modelled_loss_usd <= row.published_high_usd
    assert row.products_share is not None
    assert row.products_share >= (row.products_share_low or 1.0)


def test_figures_left_out_are_predicted_better_than_by_their_mean(
    calibration: Calibration,
) -> None:
    """Value added says more of a loss than the other losses do."""
    found = calibration.out_of_sample
    assert found is not None
    assert found.error_factor <= found.leave_one_out_error_factor
    assert found.leave_one_out_error_factor < found.naive_error_factor
    assert len(found.leave_one_out) == found.figures == 6


def test_the_case_is_the_best_fit_of_its_figures(calibration: Calibration) -> None:
    """Fitted anew, scale and elasticity stay as the scripts found them."""
    found = calibration.out_of_sample
    assert found is not None
    assert found.scale == pytest.approx(1.0, rel=0.05)
    assert found.elasticity == pytest.approx(1.0, abs=0.1)


def test_the_order_of_the_rest_agrees_somewhat(calibration: Calibration) -> None:
    """Expected losses of materials that were never fitted go the published way."""
    found = {x.name: x for x in calibration.rank_correlations}
    unseen = found["expected losses, never fitted"]
    assert unseen.materials >= 15
    assert unseen.low <= unseen.rho <= unseen.high
    assert unseen.rho > 0.2


def test_scaled_losses_predict_scaled_figures(tiny_case: Case) -> None:
    """Figures that are all twice the modelled losses are met with a scale of two."""
    instance = cutoff_case(tiny_case)
    published = [
        PublishedLoss(
            materials=("gallium",),
            country="CHN",
            basis="conditional",
            loss_usd=2 * 960_000,
            is_fitted=True,
        )
    ] * 4
    found = out_of_sample(instance, [Cutoff(x.materials, "CHN", x) for x in published])
    assert found is not None
    assert found.scale == pytest.approx(2.0, rel=0.03)
    assert found.leave_one_out_error_factor == pytest.approx(1.0, abs=0.03)
    assert found.error_factor == pytest.approx(2.0)


def test_an_interval_is_narrower_with_more_materials() -> None:
    """It covers the correlation, and shrinks as ranks are added."""
    low, high = interval(0.5, 10)
    assert low < 0.5 < high
    assert interval(0.5, 100)[0] > low


def test_losses_agree_with_those_that_the_case_was_written_with(
    reference: Instance, calibration: Calibration
) -> None:
    """The linear program of the writing scripts finds the same losses."""
    for row in calibration.rows:
        loss = yearly_loss(reference, row.materials, row.country)
        assert row.modelled_loss_usd == pytest.approx(loss, rel=1e-4, abs=MILLION)
