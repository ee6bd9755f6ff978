"""Published losses: their kind is given, and figures of one kind are comparable."""

import pytest

from models.reading import InvalidCaseError, read_instance, read_stored_instance
from models.sections import PublishedLoss
from tests.cases import Case

GIVEN: Case = {"materials": ["gallium"], "country": "CHN", "loss_usd": 3e9}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "a loss needs its basis: conditional, weighted or unweighted"),
        (
            {"basis": "conditional", "loss_usd_low": 4e9},
            "loss_usd_low, loss_usd and loss_usd_high in rising order",
        ),
        (
            {"basis": "conditional", "probability": 0.5},
            "probability goes with basis weighted only",
        ),
        (
            {"basis": "weighted", "is_fitted": True},
            "is_fitted needs loss_usd, conditional or with its probability",
        ),
        (
            {"basis": "conditional", "products": ["wafer"]},
            "products and products_share_low go together",
        ),
    ],
)
def test_a_mistake_is_named(tiny_case: Case, changes: Case, expected: str) -> None:
    """With the place in the list."""
    tiny_case["published_losses"] = [GIVEN | changes]
    with pytest.raises(InvalidCaseError) as raised:
        read_instance(tiny_case)
    (mistake,) = raised.value.mistakes
    assert mistake.path == "published_losses[0]"
    assert mistake.expected == expected


def test_a_share_of_an_unknown_product_is_a_mistake(tiny_case: Case) -> None:
    """The product is named."""
    share = {"basis": "conditional", "products": ["chip"], "products_share_low": 0.4}
    tiny_case["published_losses"] = [GIVEN | share]
    with pytest.raises(InvalidCaseError, match="chip"):
        read_instance(tiny_case)


@pytest.mark.parametrize(
    ("basis", "probability", "expected"),
    [
        ("conditional", None, 3e9),
        ("weighted", 0.5, 6e9),
        ("weighted", None, None),
        ("unweighted", None, None),
    ],
)
def test_a_weighted_loss_over_its_probability_is_that_of_the_cut_off(
    basis: str, probability: float | None, expected: float | None
) -> None:
    """3 billion at one in two is 6 billion if it happens."""
    loss = PublishedLoss.model_validate(
        GIVEN | {"basis": basis, "probability": probability}
    )
    assert loss.conditional_loss_usd == expected


def test_a_case_stored_before_losses_had_a_kind_is_still_read(tiny_case: Case) -> None:
    """They were compared with losses of complete cut-offs."""
    ranked = {"materials": ["gallium"], "country": "CHN", "rank": 6}
    tiny_case["published_losses"] = [GIVEN, ranked]
    losses = read_stored_instance(tiny_case).published_losses
    assert [loss.basis for loss in losses] == [None, None]
    assert [loss.conditional_loss_usd for loss in losses] == [3e9, None]
