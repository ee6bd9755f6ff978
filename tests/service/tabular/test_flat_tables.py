"""Documents as flat tables: nothing is lost, and each row names its place."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from typing import cast

from models.record import Record
from service.tabular.flat_tables import FlatTable, Scalar, tables_of


class Colour(StrEnum):
    """A word of a few."""

    RED = "red"


class Leaf(Record):
    """The innermost element."""

    size: float
    interval_usd: tuple[float, float] | None = None


class Branch(Record):
    """An element with a list of its own."""

    name: str
    colour: Colour | None = None
    leaves: tuple[Leaf, ...] = ()
    by_year: tuple[float, ...] = ()


class Trunk(Record):
    """A part that is no list."""

    height: int
    start: dt.date


class Tree(Record):
    """A document with everything that a document can have."""

    is_old: bool
    trunk: Trunk | None = None
    share: dict[str, float]
    note: str = ""
    branches: tuple[Branch, ...] = ()
    fallen: tuple[Branch, ...] = ()


TREE = Tree(
    is_old=True,
    trunk=Trunk(height=7, start=dt.date(1999, 12, 31)),
    share={"a": 1 / 3, "b": 2 / 3},
    note='of "oak",\nand =1+1',
    branches=(
        Branch(
            name="first",
            colour=Colour.RED,
            leaves=(Leaf(size=1e-300), Leaf(size=0.1, interval_usd=(-1.0, 2.5e15 / 3))),
            by_year=(4.0, 5.0),
        ),
        Branch(name="second", leaves=(Leaf(size=3.0),)),
    ),
)
EMPTY = Tree(is_old=False, share={})


def found(document: Record) -> dict[str, FlatTable]:
    """Return the tables of a document by name."""
    return {table.name: table for table in tables_of("tree", document)}


def rows(table: FlatTable) -> list[dict[str, Scalar]]:
    """Return rows by column."""
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows]


def leaves(value: object) -> Iterator[object]:
    """Yield each word and number of a document as JSON has it."""
    if isinstance(value, dict):
        for item in cast("dict[str, object]", value).values():
            yield from leaves(item)
    elif isinstance(value, list):
        for item in cast("list[object]", value):
            yield from leaves(item)
    elif value is not None:
        yield value


def test_parts_keys_and_ends_become_columns() -> None:
    """What is no list stays in the row of its document."""
    assert rows(found(TREE)["tree"]) == [
        {
            "is_old": True,
            "trunk.height": 7,
            "trunk.start": dt.date(1999, 12, 31),
            "share.a": 1 / 3,
            "share.b": 2 / 3,
            "note": 'of "oak",\nand =1+1',
        }
    ]


def test_a_list_in_a_list_says_where_it_stands() -> None:
    """By position and name of the elements around it."""
    assert rows(found(TREE)["tree_branches_leaves"])[1:] == [
        {
            "branches": 0,
            "branches.name": "first",
            "position": 1,
            "size": 0.1,
            "interval_usd.lower": -1.0,
            "interval_usd.upper": 2.5e15 / 3,
        },
        {
            "branches": 1,
            "branches.name": "second",
            "position": 0,
            "size": 3.0,
            "interval_usd.lower": None,
            "interval_usd.upper": None,
        },
    ]


def test_a_list_of_numbers_has_the_name_of_its_field() -> None:
    """With its unit."""
    assert [x["by_year"] for x in rows(found(TREE)["tree_branches_by_year"])] == [4, 5]


def test_no_word_and_no_number_is_lost() -> None:
    """Each is in some table as often as in the document, or more often as a name."""
    there = Counter(map(str, leaves(TREE.model_dump(mode="json"))))
    tables = found(TREE).values()
    cells = (str(x) for t in tables for row in t.rows for x in row if x is not None)
    assert there - Counter(cells) == Counter()


def test_an_empty_list_has_its_columns() -> None:
    """All tables exist under their names, whatever the plan."""
    full, empty = found(TREE), found(EMPTY)
    assert list(full) == list(empty)
    for name in list(full)[1:]:
        assert empty[name].columns == full[name].columns
        assert empty[name].rows == ()
