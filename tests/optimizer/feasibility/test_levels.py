"""Levels and awards as printed, each broken alone."""

from typing import Any

import pytest

from tests.optimizer.feasibility.by_hand import Path, broken_rows


@pytest.mark.parametrize(
    ("field", "value", "row"),
    [
        ("name", "Gold", "level_name"),
        ("tonnes", 1.3, "level_tonnes"),
        ("pool_tonnes", 1.1, "pool_tonnes"),
        ("lots", 13, "level_lots"),
        ("days_of_cover", 39.0, "days_of_cover"),
        # 1.2 t at 500,000 without the premia of 15,000.
        ("cost_usd", 600_000.0, "level_cost"),
    ],
)
def test_sees_a_wrong_sum(
    case: dict[str, Any], field: str, value: object, row: str
) -> None:
    """What a level prints of its tranches is the only thing wrong."""
    assert broken_rows(case, ("levels", 0, field), value) == [row]


@pytest.mark.parametrize(
    ("field", "value", "row"),
    [
        ("participant", "another", "award"),
        ("lots", 3, "award_lots"),
        ("tonnes", 0.3, "award_tonnes"),
        ("days_of_own_cover", 9.0, "award_days_of_cover"),
        ("inventory_price_usd_per_tonne", 500_000.0, "award_price"),
        ("upfront_fee_usd", 3_000.0, "award_fee"),
        ("carrying_fee_usd_per_year", 2_000.0, "award_carrying_fee"),
    ],
)
def test_sees_a_wrong_award(
    case: dict[str, Any], field: str, value: object, row: str
) -> None:
    """What an award prints of its right is the only thing wrong."""
    path: Path = ("awards", 0, field)
    assert broken_rows(case, path, value) == [row]


def test_sees_a_right_without_award(case: dict[str, Any]) -> None:
    """A tranche that serves a right needs an award in the plan."""
    assert broken_rows(case, ("awards",), []) == ["awards"]


def test_sees_an_award_below_the_least(case: dict[str, Any]) -> None:
    """Two lots are too few for an offer of three or more, whose menu begins at five."""
    case["entitlement_offers"][0]["minimum_lots"] = 3
    assert set(broken_rows(case)) == {"minimum_award", "level"}


def test_sees_an_award_above_the_largest(case: dict[str, Any]) -> None:
    """Two lots are too many for an offer of one, whose menu ends at one lot."""
    case["entitlement_offers"][0]["maximum_lots"] = 1
    assert set(broken_rows(case)) == {"maximum_award", "level"}
