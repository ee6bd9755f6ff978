"""The rows of the mission: what-ifs of the reference case, each for one feature."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

from models.content import canonical_json
from models.instance import Instance
from models.reading import read_instance
from service.casefiles import open_case
from service.files.yaml_values import parse_yaml
from service.variants.changing import changed

CASE = "project_vault"
ROWS = Path(__file__).with_name("rows.yaml")


@dataclass(frozen=True, slots=True)
class Row:
    """A feature of the mission and the variant that shows what it moves.

    gap is that of its solves, where the usual one takes too long.
    """

    feature: str
    base: str
    what_if: str
    why: str
    gap: float | None = None


def rows() -> tuple[Row, ...]:
    """Return the rows in their order."""
    text = ROWS.read_text(encoding="utf-8")
    listed = cast("list[dict[str, Any]]", parse_yaml(text, str(ROWS)))
    return tuple(Row(**row) for row in listed)


def base_of(row: Row) -> Instance:
    """Return the case that a what-if is compared with."""
    return _variant(row.base)


def what_if_of(row: Row) -> Instance:
    """Return the base with the changes of the what-if."""
    file = open_case(CASE)
    overlay = file.overlay(row.what_if, row.what_if)
    base = json.loads(canonical_json(base_of(row)))
    return read_instance(changed(base, overlay, must_change=True))


@cache
def _variant(name: str) -> Instance:
    """Return a variant of the reference case, the base of several rows."""
    return read_instance(dict(open_case(f"{CASE}:{name}").content))
