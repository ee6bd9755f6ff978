"""Mistakes in facilities that the cash rule draws, all at once."""

import pytest

from models.reading import InvalidCaseError, read_instance
from tests import cases
from tests.cases import Case


def mistakes(case: Case, *facilities: Case) -> dict[str, tuple[object, str]]:
    """Return value and expectation of each mistake by its path."""
    case["financing"] = {"facilities": list(facilities)}
    with pytest.raises(InvalidCaseError) as caught:
        read_instance(case)
    found = {x.path: (x.value, x.expected) for x in caught.value.mistakes}
    return {k.removeprefix("financing.facilities"): v for k, v in found.items()}


def line(identifier: str, **terms: object) -> Case:
    """Return a loan that is drawn when needed."""
    return cases.facility(identifier, drawn="when_needed", **terms)


def test_scheduled_facilities_keep_the_hash_of_a_case(tiny_case: Case) -> None:
    """The new fields stand in documents only where they say something."""
    loan, _ = read_instance(tiny_case).model_dump()["financing"]["facilities"]
    assert not {"drawn", "order"} & loan.keys()


def test_windows_and_instalments_are_mistakes(tiny_case: Case) -> None:
    """All of them, and an order of a facility that the plan draws."""
    found = mistakes(
        tiny_case,
        line(
            "a",
            first_draw_period=1,
            last_draw_period=1,
            repayment_start_period=2,
            number_of_instalments=2,
        ),
        cases.facility("b", order=3),
    )
    assert {path: value for path, (value, _) in found.items()} == {
        "[a].first_draw_period": 1,
        "[a].last_draw_period": 1,
        "[a].repayment_start_period": 2,
        "[b].order": 3,
    }
    assert found["[a].repayment_start_period"][1] == (
        "absent: what is drawn when_needed has neither window nor instalment"
    )


def test_one_rule_has_one_way(tiny_case: Case) -> None:
    """Two when needed, one revolving with a fee on each draw."""
    found = mistakes(
        tiny_case,
        line("a"),
        cases.facility("b", drawn="revolving", exposure_fee=0.01),
        line("c"),
    )
    assert found["[b].drawn"] == (
        "revolving",
        "when_needed as a, c (all that one cash rule draws), or by_schedule",
    )
    assert found["[b].exposure_fee"][0] == 0.01


def test_a_later_order_is_not_cheaper(tiny_case: Case) -> None:
    """4 % less 1 % after 5 %, and no exposure fee after 2 %."""
    found = mistakes(
        tiny_case,
        line("b", order=2, rate_per_year=0.04, commitment_fee_per_year=0.01),
        line("a", order=1, rate_per_year=0.05, exposure_fee=0.02),
    )
    reason = "as of a before it (cheaper money is drawn first)"
    assert found == {
        "[b].rate_per_year": (
            pytest.approx(0.03),
            f"interest less commitment fee of at least 0.05, {reason}",
        ),
        "[b].exposure_fee": (
            0.0,
            f"exposure fee of at least 0.02, {reason}",
        ),
    }


def test_drawing_more_costs_more_and_brings_more(tiny_case: Case) -> None:
    """A commitment fee above the interest; a fee that takes the draw."""
    found = mistakes(
        tiny_case,
        line("a", commitment_fee_per_year=0.01),
        line("b", order=1, exposure_fee=0.95),
    )
    assert found["[a].rate_per_year"][1] == (
        "at least commitment_fee_per_year = 0.01 (else drawing more costs less)"
    )
    assert "at most 0.9 of a draw, not 0.95" in found["[b].rate_per_year"][1]


def test_proper_facilities_are_read(tiny_case: Case) -> None:
    """Two in proportion, then a dearer one."""
    tiny_case["financing"] = {
        "facilities": [
            line("a", rate_per_year=0.05),
            line("b", kind="equity", rate_per_year=0.08),
            line("c", order=1, rate_per_year=0.09),
            cases.facility("d"),
        ]
    }
    rule = read_instance(tiny_case).financing.drawn_by_rule()
    assert [x.id for x in rule] == ["a", "b", "c"]


def test_only_loans_are_guaranteed(tiny_case: Case) -> None:
    """Whoever gives capital carries the loss."""
    terms: Case = {"guaranteed": True, "rate_per_year": 0.08}
    found = mistakes(tiny_case, line("a", **terms), line("b", kind="equity", **terms))
    assert list(found) == ["[b].guaranteed"]


def test_only_capital_by_the_rule_accrues(tiny_case: Case) -> None:
    """Not a loan, not what the plan draws, not with a fee on what is undrawn."""
    terms: Case = {"kind": "equity", "accrues": True, "rate_per_year": 0.08}
    found = mistakes(
        tiny_case,
        line("a", accrues=True),
        cases.facility("b", **terms),
        line("c", **terms, commitment_fee_per_year=0.01),
    )
    assert {path: value for path, (value, _) in found.items()} == {
        "[a].accrues": True,
        "[b].accrues": True,
        "[c].commitment_fee_per_year": 0.01,
    }
