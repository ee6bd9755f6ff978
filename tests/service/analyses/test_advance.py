"""Orders of a period as an analysis: the file of one month is what the next is of."""

import json

import pytest

from models.mistakes import Mistake
from models.orders import Orders
from models.reading import read_instance
from service.analyses.of_plans import advance
from service.analyses.parameters import AdvanceParameters
from service.analyses.planned_case import PlannedCase
from service.analyses.run import AnalysisRun
from tests.cases import Case
from tests.plans import in_place, written_plan

RUN = AnalysisRun("here", lambda _: None, lambda: False, lambda _: None)


@pytest.fixture
def planned(tiny_case: Case) -> PlannedCase:
    """Return the tiny case with cash for the 2 t of its plan."""
    tiny_case["financing"]["opening_cash_usd"] = 2e6
    instance = read_instance(tiny_case)
    return PlannedCase(instance, written_plan(instance, in_place(2.0)))


def parameters(start: str, **further: object) -> AdvanceParameters:
    """Return the parameters of a month as planned, as JSON has them."""
    observed = {"start": start, "otherwise": "as_planned"}
    order = json.dumps({"observed": observed} | further)
    return AdvanceParameters.model_validate_json(order)


def test_a_month_goes_on_from_the_file_of_the_month_before(
    planned: PlannedCase,
) -> None:
    """With its orders, as an analysis answers them, the costs are added up."""
    first = advance(planned, parameters("2026-01-01"), RUN)
    assert isinstance(first.found, Orders)
    (file,) = first.files
    assert file.name == "next_case.json"
    before = {
        "moved_case": json.loads(file.content),
        "previous": first.answer,
    }
    second = parameters("2026-02-01", **before)
    assert list(second.mistakes(planned)) == []
    found = advance(planned, second, RUN).found
    assert isinstance(found, Orders)
    assert found.previous_hash == first.found.content_hash
    assert found.reconciliation.cost_so_far.periods == 2


def test_mistakes_are_named_by_their_parameter(planned: PlannedCase) -> None:
    """In the facts, or in the case that they are of."""

    def paths(found: AdvanceParameters) -> list[str]:
        mistakes: list[Mistake] = list(found.mistakes(planned))
        return [x.path for x in mistakes]

    assert paths(parameters("2026-02-01")) == ["observed.start"]
    wrong = parameters("2026-01-01", moved_case={"id": "x"})
    assert "moved_case.horizon" in paths(wrong)


def test_what_looks_misread_or_was_found_is_warned_of(planned: PlannedCase) -> None:
    """A price in dollars a kilogram, units in thousands, kilograms that arrived."""
    observed = {
        "start": "2026-01-01",
        "otherwise": "as_planned",
        "prices_usd_per_tonne": {"gallium": 500.0},
        "demand_units": {"wafer": 1.0},
        "happened": {
            "arrived_tonnes": {"gallium-chn": 2.5},
            "stock_tonnes": {"gallium": 5.0},
        },
    }
    found = advance(planned, parameters("2026-01-01", observed=observed), RUN)
    assert [x.partition(":")[0] for x in found.answer["warnings"]] == [
        "prices_usd_per_tonne.gallium",
        "demand_units.wafer",
        "happened.arrived_tonnes.gallium-chn",
        "happened.stock_tonnes.gallium",
    ]
    assert "the 0.5 t that were found" in found.answer["warnings"][-1]
