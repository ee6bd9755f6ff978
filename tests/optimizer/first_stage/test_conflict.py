"""The limits that cannot hold together are named with their paths, and no others."""

from models.outcome import Termination
from models.reading import read_instance
from optimizer.first_stage.conflict import conflicting_limits
from optimizer.problem import complete_problem
from optimizer.solve import solve_on
from tests import cases
from tests.optimizer.vault_case import Changes, bans, changed, vault_case

FIRST_MONTH = {(0, 0)}
COVER = "minimum_cover[alpha]: materials[alpha].minimum_days_of_cover"
CAP = "origin_cap[alpha,CHN]: materials[alpha].origin_share_cap"


def conflict(changes: Changes) -> set[str]:
    """Return the limits in conflict as sentences."""
    instance = read_instance(changed(vault_case(), changes))
    problem = complete_problem(instance, bans(instance))
    return set(conflicting_limits(problem, FIRST_MONTH))


def test_a_cover_beyond_the_menu() -> None:
    """90 days are asked for, and shares of at most 60 days fill the pool."""
    found = conflict({"materials.0.minimum_days_of_cover": 90.0})
    assert found == {
        f"{COVER} = 90 days of need",
        "one_policy[pool:alpha]: levels_days_of_cover go up to 60 days of need",
    }


def test_a_cover_beyond_the_store() -> None:
    """Money is enough but 5 t are not 30 days."""
    found = conflict(
        {
            "materials.0.minimum_days_of_cover": 30.0,
            "storage_classes.0.capacity_tonnes": 5.0,
        }
    )
    assert found == {
        f"{COVER} = 30 days of need",
        "storage_capacity[dry]: storage_classes[dry].capacity_tonnes = 5",
    }


def test_a_cover_beyond_the_budget() -> None:
    """60 days cost 197,000 dollars, and 150,000 can be drawn."""
    found = conflict({"materials.0.minimum_days_of_cover": 60.0})
    assert found == {
        f"{COVER} = 60 days of need",
        "draw_limit[loan]: financing.facilities[loan].limit_usd = 150000",
        "financing_flow: interest, fees, instalments and premia are paid (period 0)",
        "cash_nonnegative: cash may not fall below 0 (period 0)",
    }


def test_too_little_of_an_origin_for_a_cover() -> None:
    """What is bought from anywhere is Chinese by four fifths, and Australia has 1 t."""
    found = conflict(
        {
            "materials.0.minimum_days_of_cover": 10.0,
            "materials.0.origin_share_cap": 0.5,
            "routes.0.vault_tonnes_per_year": 4.0,
            "routes.1.vault_tonnes_per_year": 1.0,
            "sourcing_options+": cases.sourcing("local", origins=["AUS"]),
        }
    )
    assert found == {
        f"{COVER} = 10 days of need",
        f"{CAP} = 0.5 of what is bought may come from CHN",
        "opening_purchase[alpha-aus]: routes[alpha-aus].vault_tonnes_per_year = 1",
    }


def test_too_little_stock_for_a_cover() -> None:
    """30 days are 9.9 t, of which 7 t are there and none can be paid for."""
    found = conflict(
        {
            "materials.0.minimum_days_of_cover": 30.0,
            "financing.facilities": [],
            "sourcing_options": [cases.sourcing("held", is_held=True)],
            "position": {"stock": [cases.stock_lot("pile", 7.0, material="alpha")]},
        }
    )
    stock = "position.stock has 7 t of alpha that have not expired"
    assert found == {
        f"{COVER} = 30 days of need",
        f"held_stock[alpha,stock]: {stock}",
    }


def test_nothing_to_buy_for_a_cover() -> None:
    """Where every origin is ineligible no candidate is left, and the solve says so."""
    changes: Changes = {
        "materials.0.minimum_days_of_cover": 10.0,
        "trade": {"ineligible_countries": ["CHN", "AUS"]},
    }
    instance = read_instance(changed(vault_case(), changes))
    outcome = solve_on(instance, bans(instance))
    assert outcome.termination is Termination.INFEASIBLE
    assert outcome.conflict == ("minimum_cover[alpha]: nothing eligible can be bought",)
