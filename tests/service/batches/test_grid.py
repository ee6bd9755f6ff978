"""PATH=VALUES as an axis."""

import pytest
from pydantic import JsonValue

from models.reading import InvalidCaseError
from service.batches.grid import axis_of


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("2e9..12e9:11", [i * 1e9 for i in range(2, 13)]),
        ("1..0:3", [1.0, 0.5, 0.0]),
        ("1..5:3", [1, 3, 5]),
        ("-1.5..1.5:2", [-1.5, 1.5]),
        ("0.1,0.2", [0.1, 0.2]),
        ("7", [7]),
        ("DEU, NOR", ["DEU", "NOR"]),
        ("[DEU, NOR],[]", [["DEU", "NOR"], []]),
        ("true,null", [True, None]),
    ],
)
def test_values(text: str, values: list[JsonValue]) -> None:
    """A range has both ends in equal steps; a list has what YAML has."""
    axis = axis_of(f"a.b={text}")
    assert axis.path == "a.b"
    assert list(axis.values) == values
    assert [type(value) for value in axis.values] == [type(value) for value in values]


@pytest.mark.parametrize(
    "text",
    [
        *("", "a", "=1", "a=", "a=1..2:1", "a=x..y:3", "a=1..inf:3", "a={,"),
        *("a=.inf", "a=1,[.nan]", "a=\udcff", "\udcff=1"),
    ],
    ids=ascii,
)
def test_what_is_no_axis(text: str) -> None:
    """One mistake that quotes the form."""
    with pytest.raises(InvalidCaseError) as caught:
        axis_of(text)
    assert "--vary" in str(caught.value)


def test_a_range_ends_where_it_is_said_to() -> None:
    """The last value is exact, whatever the steps come to in binary."""
    values = axis_of("a=0.1..0.7:7").values
    assert (values[0], values[-1]) == (0.1, 0.7)


def test_all_values_that_are_none_are_told() -> None:
    """Each is quoted; what is right between them is not."""
    with pytest.raises(InvalidCaseError) as caught:
        axis_of("a=.inf,1,.nan")
    found = [(x.path, str(x.value)) for x in caught.value.mistakes]
    assert found == [("--vary a", "inf"), ("--vary a", "nan")]
