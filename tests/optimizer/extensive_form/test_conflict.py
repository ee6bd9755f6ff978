"""The limits that cannot hold together are named, and no others."""

from models.reading import read_instance
from optimizer.extensive_form.conflict import conflicting_limits
from optimizer.problem import assemble
from tests.optimizer.vault_case import Changes, bans, changed, vault_case

FIRST_MONTH = {(0, 0)}


def conflict(changes: Changes) -> set[str]:
    """Return the names of the limits in conflict."""
    instance = read_instance(changed(vault_case(), changes))
    problem = assemble(instance, bans(instance))
    return set(conflicting_limits(problem, FIRST_MONTH))


def test_a_cover_beyond_the_menu() -> None:
    """90 days are asked for, and shares of at most 60 days fill the pool."""
    found = conflict({"materials.0.minimum_days_of_cover": 90.0})
    assert found == {"minimum_cover[alpha]", "one_policy['pool:alpha']"}


def test_a_cover_beyond_the_store() -> None:
    """Money is enough but 5 t are not 30 days."""
    found = conflict(
        {
            "materials.0.minimum_days_of_cover": 30.0,
            "storage_classes.0.capacity_tonnes": 5.0,
        }
    )
    assert found == {"minimum_cover[alpha]", "storage_capacity[dry]"}


def test_a_cover_beyond_the_budget() -> None:
    """60 days cost 197,000 dollars, and 150,000 can be drawn."""
    found = conflict({"materials.0.minimum_days_of_cover": 60.0})
    assert {"minimum_cover[alpha]", "draw_limit[loan]"} <= found
    assert "storage_capacity[dry]" not in found


def test_no_origin_left_for_a_cover() -> None:
    """All that can be bought is Chinese by four fifths, beyond the cap."""
    found = conflict(
        {
            "materials.0.minimum_days_of_cover": 10.0,
            "materials.0.origin_share_cap": 0.5,
        }
    )
    assert found == {"minimum_cover[alpha]", "origin_cap[alpha,CHN]"}
