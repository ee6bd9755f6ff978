"""Answers as flat rows."""

from strongroom_client.answer import Answer
from strongroom_client.rows import rows_of


class Inner(Answer):
    """A part."""

    gap: float


class Outer(Answer):
    """An answer."""

    name: str
    figures: Inner | None
    values: dict[str, object]
    warnings: list[str]


def test_all_rows_have_the_same_columns() -> None:
    """A part that is missing has those of the others."""
    some = Outer(name="a", figures=None, values={}, warnings=["odd"])
    more = Outer(name="b", figures=Inner(gap=0.5), values={"x.y": 1}, warnings=[])
    assert rows_of([some, more]) == [
        {"name": "a", "figures.gap": None, "values.x.y": None, "warnings": '["odd"]'},
        {"name": "b", "figures.gap": 0.5, "values.x.y": 1, "warnings": "[]"},
    ]
    assert [*rows_of([some, more])[0]] == [*rows_of([some, more])[1]]


def test_nothing_has_no_rows() -> None:
    """As of an empty list."""
    assert rows_of([]) == []
