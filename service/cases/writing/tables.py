"""Reads the data (as published) and the content tables (our choices) of the cases."""

import csv
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

CASES = Path(__file__).resolve().parent.parent
SIGNIFICANT_DIGITS = 6

Row = dict[str, str]
Part = dict[str, Any]


@cache
def _read(folder: str, name: str) -> tuple[Row, ...]:
    with (CASES / folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def data(name: str, **wanted: str) -> list[Row]:
    """Return the rows of a data file whose columns have the wanted values."""
    return list(_matching("data", name, tuple(wanted.items())))


def content(name: str, **wanted: str) -> list[Row]:
    """Return the rows of a content table whose columns have the wanted values."""
    return list(_matching("content", name, tuple(wanted.items())))


@cache
def fragment(name: str) -> Part:
    """Return a part of a case that is written by hand in the form of the case."""
    text = (CASES / "content" / f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)


def material_row(material: str) -> Row:
    """Return our choices for a material: of the reference case, or a further one."""
    known = content("materials", id=material)
    return (known or content("further_materials", id=material))[0]


def mineral(material: str) -> Row:
    """Return the row of a material in minerals.csv."""
    return data("minerals", mineral_id=material)[0]


def rounded(value: float, digits: int = SIGNIFICANT_DIGITS) -> float:
    """Round to significant digits, so that a case is legible."""
    return float(f"{value:.{digits}g}")


def shares(rows: Iterable[Row], column: str) -> dict[str, float]:
    """Return the share of each country in the order of the rows, scaled to 1."""
    found: dict[str, float] = {}
    for row in rows:
        found[row["iso3"]] = found.get(row["iso3"], 0.0) + float(row[column])
    total = sum(found.values())
    return {country: share / total for country, share in found.items()}


@cache
def _matching(
    folder: str, name: str, wanted: tuple[tuple[str, str], ...]
) -> tuple[Row, ...]:
    return tuple(
        row
        for row in _read(folder, name)
        if all(row[key] == value for key, value in wanted)
    )
