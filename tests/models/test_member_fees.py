"""Fees by need and price as at the start, and those that were agreed before."""

import pytest

from models.case_warnings import warnings_of
from models.member_fees import fees_per_year_usd
from models.reading import InvalidCaseError, read_instance
from tests.cases import Case

# A thousandth of 12 t a year at 500,000 dollars.
MEMBERS = {"members": ["maker"], "fee_rate_per_year": 0.001}

ONLY_MEMBERS = "one of membership.members; only these pay fees"
KNOWN = "one of the participants (maker)"


def agreed(usd_per_year: float, participant: str = "maker") -> Case:
    """Return a position with an agreed fee."""
    return {"fees": [{"participant": participant, "usd_per_year": usd_per_year}]}


def test_an_agreed_fee_takes_the_place_of_that_by_need(tiny_case: Case) -> None:
    """5,000 dollars, though the need is worth 6 million now."""
    tiny_case["membership"] = MEMBERS
    for position, fee in (({}, 6_000.0), (agreed(5_000.0), 5_000.0)):
        case = read_instance(tiny_case | {"position": position})
        assert fees_per_year_usd(case) == {"maker": pytest.approx(fee)}


def test_a_fee_that_changes_nothing_is_warned_of(tiny_case: Case) -> None:
    """It is that by need and price at the start."""
    tiny_case["membership"] = MEMBERS
    fee = fees_per_year_usd(read_instance(tiny_case))["maker"]
    for usd, paths in ((fee, {"position.fees[maker].usd_per_year"}), (1.0, set[str]())):
        case = read_instance(tiny_case | {"position": agreed(usd)})
        assert {x.path for x in warnings_of(case) if "position" in x.path} == paths


def test_only_members_have_agreed_to_fees(tiny_case: Case) -> None:
    """Not a participant without membership, nobody unknown, and none twice."""
    fee = agreed(1.0)["fees"][0]
    fees = [fee, fee, {"participant": "nobody", "usd_per_year": 1.0}]
    with pytest.raises(InvalidCaseError) as caught:
        read_instance(tiny_case | {"position": {"fees": fees}})
    assert {str(mistake) for mistake in caught.value.mistakes} == {
        "position.fees: is 'maker', expected to be listed once, found 2 times",
        f"position.fees[maker].participant: is 'maker', expected {ONLY_MEMBERS}",
        f"position.fees[nobody].participant: is 'nobody', expected {KNOWN}",
    }
