"""Contracts in force: what is wrong with them, and what has no effect."""

import pytest

from models.case_warnings import warnings_of
from models.reading import InvalidCaseError, read_instance
from tests.cases import Case, contract


def in_force(paid_back_usd: float, name: str = "offtake") -> Case:
    """Return a contract in force that has paid back so much this year."""
    return {"contract": name, "paid_back_usd": paid_back_usd}


def test_all_mistakes_are_found_at_once(tiny_case: Case) -> None:
    """Unknown, listed twice, and more paid back than the cap of a year."""
    tiny_case["contracts"] = [contract(upside_cap_usd_per_year=100.0)]
    there = [in_force(100.0), in_force(101.0), in_force(0.0, "nothing")]
    with pytest.raises(InvalidCaseError) as caught:
        read_instance(tiny_case | {"position": {"contracts": there}})
    assert {mistake.path for mistake in caught.value.mistakes} == {
        "position.contracts",
        "position.contracts[offtake].paid_back_usd",
        "position.contracts[nothing].contract",
    }


@pytest.mark.parametrize(
    ("cap", "paid", "is_idle"),
    [(None, 1.0, True), (None, 0.0, False), (100.0, 1.0, False)],
)
def test_what_no_cap_counts_is_warned_of(
    tiny_case: Case,
    cap: float | None,
    paid: float,
    is_idle: bool,  # noqa: FBT001
) -> None:
    """What was paid back counts in the cap of the calendar year alone."""
    tiny_case["contracts"] = [contract(upside_cap_usd_per_year=cap)]
    case = read_instance(tiny_case | {"position": {"contracts": [in_force(paid)]}})
    found = {x.path for x in warnings_of(case) if "position" in x.path}
    idle = {"position.contracts[offtake].paid_back_usd"}
    assert found == (idle if is_idle else set[str]())
