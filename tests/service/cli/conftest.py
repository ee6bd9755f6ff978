"""The program as it is called, files to hand to it, and a plan made by hand."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from models.instance import Instance
from models.plan import Plan, UnmodelledNote
from service.cli.application import app
from tests import cases
from tests.cases import Case
from tests.plans import (
    empty_plan,
    financing_period,
    in_place,
    level,
    signed_contract,
    steps,
)

Files = tuple[Path, Path]
WIDE = {"COLUMNS": "120"}
OFFER = cases.offer(
    id="maker-gallium",
    inventory_price_usd_per_tonne=510_000.0,
    upfront_fee_usd_per_tonne=5_000.0,
    carrying_fee_usd_per_tonne_year=12_500.0,
    repurchase_period=3,
)


def strongroom(*words: object) -> Result:
    """Run the program with the words of a command line on a wide screen."""
    return CliRunner(env=WIDE).invoke(app, [str(word) for word in words])


@pytest.fixture(autouse=True)
def _wide_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every test the same width: a parallel run sets a narrow one."""
    monkeypatch.setenv("COLUMNS", "120")


@pytest.fixture
def case_file(tmp_path: Path, tiny_case: Case) -> Path:
    """Return a file that holds the tiny case."""
    path = tmp_path / "tiny.json"
    path.write_text(json.dumps(tiny_case), encoding="utf-8")
    return path


@pytest.fixture
def solved(case_file: Path, tmp_path: Path) -> Path:
    """Return the file of a plan that was solved for the tiny case."""
    path = tmp_path / "solved.json"
    assert (
        strongroom("solve", case_file, "--scenarios", 5, "--output", path).exit_code
        == 0
    )
    return path


@pytest.fixture
def hand_worked(tmp_path: Path) -> Path:
    """Return the file of the plan for `two_materials`, which is worked out by hand."""
    path = tmp_path / "plan.json"
    assert strongroom("solve", "two_materials", "--output", path).exit_code == 0
    return path


@pytest.fixture
def files(tmp_path: Path, tiny_case: Case, plan: Plan) -> Files:
    """Return the file of a case with history and that of a plan for it."""
    case = written(tmp_path / "history.json", with_history(tiny_case))
    return case, written(tmp_path / "followed.json", with_right(plan))


@pytest.fixture
def plan_file(tmp_path: Path, plan: Plan) -> Path:
    """Return a file that holds the plan made by hand."""
    path = tmp_path / "made.json"
    path.write_text(plan.model_dump_json(), encoding="utf-8")
    return path


@pytest.fixture
def plan(instance: Instance) -> Plan:
    """Return a plan for the tiny case that has a row in every section."""
    content = empty_plan(instance).model_dump()
    content["promise"] |= {
        "expected_shortage_cost_usd": 1.234e9,
        "simulated_shortage_cost_usd": 1.234e9,
        "cost_without_vault_usd": 4.5e9,
        "objective_usd": 1.234e9,
        "cvar_usd": 9.9e9,
        "lower_bound_usd": 1.222e9,
        "gap": 0.0098,
        "budget_usd": 6e6,
        "budget_used_usd": 5e5,
        "budget_shadow_price": 3.21,
    }
    content["provenance"] |= {
        "seed": 1,
        "number_of_scenarios": 20,
        "options": {"gap": 0.01},
        "versions": {"strongroom": "0.1.0"},
    }
    held = in_place(
        1.0,
        share=0.5,
        lots=10,
        steps=steps(1.0, replenishment_tonnes_per_period=0.25, price_cap=1.5),
        build_up_tonnes_per_period=1.0,
        text="Hold 1 t of gallium; from watch on release all that is missing.",
    )
    whole = level(
        tonnes=1.0,
        pool_tonnes=1.0,
        lots=10,
        days_of_cover=30.4,
        cost_usd=500_000.0,
        tranches=(held,),
    )
    award = {
        "offer": "maker-gallium",
        "participant": "maker",
        "material": "gallium",
        "lots": 2,
        "tonnes": 0.2,
        "days_of_own_cover": 6.1,
        "inventory_price_usd_per_tonne": 510_000.0,
        "upfront_fee_usd": 1_000.0,
        "carrying_fee_usd_per_year": 2_500.0,
    }
    shortfall = {
        "material": "gallium",
        "name": "Gallium",
        "days_of_cover": 30.4,
        "gap_tonnes": 2.5,
        "released_tonnes": 0.8,
        "unused_tonnes": 0.1,
        "uncovered_tonnes": 1.7,
        "probability_of_gap": 0.096,
    }
    sections = {
        "levels": (whole,),
        "awards": (award,),
        "contracts": (signed_contract(expected_cost_usd=-12_000.0),),
        "financing": tuple(
            financing_period(
                t,
                draws_usd={"loan": 5e5 if t == 0 else 0.0},
                balances_usd={"loan": 5e5},
                interest_and_fees_usd=2_000.0,
                expected_cash_usd=10_000.0,
                lowest_cash_usd=1_000.0,
            )
            for t in range(4)
        ),
        "shortfalls": (shortfall,),
        "unmodelled": (
            UnmodelledNote(
                id="helium", name="Helium", reason="no data", known_risk="leaks"
            ),
        ),
    }
    return Plan.model_validate(content | sections)


def with_history(case: Case) -> Case:
    """Return the tiny case with two replays and an offer."""
    cut = {**case["events"][0], "onset_day": 31.0}
    for key in ("id", "name", "hazard_per_year"):
        cut.pop(key)
    replays = [
        {"id": "ban", "name": "The ban", "disruptions": [cut]},
        {"id": "later", "name": "Later", "disruptions": [{**cut, "onset_day": 5_000}]},
    ]
    return {**case, "replays": replays, "entitlement_offers": [OFFER]}


def with_right(plan: Plan) -> Plan:
    """Return the plan without contract, half of its stock as the right of the maker."""
    (level,) = plan.levels
    pool = level.tranches[0].model_copy(update={"tonnes": 0.5})
    right = pool.model_copy(update={"offer": "maker-gallium", "participant": "maker"})
    levels = (level.model_copy(update={"tranches": (pool, right)}),)
    return plan.model_copy(update={"levels": levels, "contracts": ()})


def written(path: Path, document: Case | Plan) -> Path:
    """Write a case or plan and return where it is."""
    text = (
        document.model_dump_json()
        if isinstance(document, Plan)
        else json.dumps(document)
    )
    path.write_text(text, encoding="utf-8")
    return path
