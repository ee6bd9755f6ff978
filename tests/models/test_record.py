"""Numbers, truth values and text in the parts of documents."""

import pytest
from pydantic import ValidationError

from models.options import SolveOptions
from models.plan import TrancheStep
from models.reading import InvalidCaseError, read_instance
from models.record import LARGEST_NUMBER, Record
from tests.cases import Case
from tests.plans import steps


class Flagged(Record):
    """A record with a field that may be true, one that counts, and one with text."""

    option: float | bool | None = None
    prices: tuple[float, ...] = ()
    note: str = ""


@pytest.mark.parametrize("value", [True, False])
def test_a_truth_value_is_no_number(tiny_case: Case, value: bool) -> None:  # noqa: FBT001
    """`lot_tonnes: true` is a mistake that is named, not one tonne."""
    tiny_case["materials"][0]["lot_tonnes"] = value
    with pytest.raises(InvalidCaseError) as raised:
        read_instance(tiny_case)
    (mistake,) = raised.value.mistakes
    assert mistake.path == "materials[gallium].lot_tonnes"
    assert mistake.expected == "a number, not a truth value"


def test_a_truth_value_is_no_whole_number() -> None:
    """`seed: true` is a mistake, too."""
    with pytest.raises(ValueError, match="a number, not a truth value"):
        SolveOptions.model_validate({"seed": True})


def test_a_truth_value_in_a_list_is_no_number() -> None:
    """A list of numbers has no truth value among them."""
    with pytest.raises(ValueError, match="a number, not a truth value"):
        Flagged.model_validate({"prices": [1.0, True]})


def test_a_truth_value_stands_where_it_is_meant() -> None:
    """A field that may be true keeps it."""
    assert Flagged.model_validate({"option": True}).option is True


def test_a_truth_value_for_text_is_called_that() -> None:
    """A field of text asks for text."""
    with pytest.raises(ValueError, match="valid string"):
        Flagged.model_validate({"note": True})


def test_no_whole_number_is_larger_than_a_column_holds() -> None:
    """A plan with 10^20 lots could not be put into a table."""
    with pytest.raises(ValidationError, match="at most 9223372036854775807 in size"):
        SolveOptions(seed=10**20)
    assert SolveOptions(seed=2**63 - 1).seed == 2**63 - 1


class Figure(Record):
    """A record with a number and a path of numbers."""

    tonnes: float
    path: tuple[float, ...] = ()


def test_a_number_beyond_this_world_is_a_mistake() -> None:
    """A typing error such as 1e300 is refused."""
    with pytest.raises(ValidationError, match="at most 1e"):
        Figure(tonnes=1e300)
    with pytest.raises(ValidationError, match="at most 1e"):
        Figure(tonnes=1.0, path=(1.0, -1e16))


def test_the_largest_number_is_fine() -> None:
    """The limit itself is allowed."""
    assert Figure(tonnes=LARGEST_NUMBER).tonnes == LARGEST_NUMBER


def test_a_step_has_an_alert_from_0_to_3() -> None:
    """There is no alert 4."""
    with pytest.raises(ValidationError, match="less than or equal to 3"):
        TrancheStep.model_validate(steps(1.0)[1] | {"alert": 4})
