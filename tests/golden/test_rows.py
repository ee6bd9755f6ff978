"""Rows of the model against files that derive their numbers by hand.

A file holds one or two members of one row as text: terms in order of the variables'
names, what has no variable on the right. Its first line is the arithmetic. A word after
the name of the row says that it is of another case.
"""

from pathlib import Path
from typing import Any

import pyomo.environ as pyo
import pytest
from pyomo.repn import generate_standard_repn

ROWS = Path(__file__).parent / "rows"
FILES = sorted(path.stem for path in ROWS.glob("*.lp"))
COMMENT = "\\ "
OF_STOCK = {
    "held_stock",
    "level_rise",
    "level_fall",
}  # rows of a case that holds something at the start


def printed(component: Any, names: list[str]) -> str:  # noqa: ANN401 - Pyomo is untyped
    """Return the named members of a row, or the objective, one below the other."""
    members = {member.name: member for member in component.values()}
    return "".join(f"{_member(members[name])}\n" for name in names)


def _member(member: Any) -> str:  # noqa: ANN401
    is_row = member.ctype is pyo.Constraint
    repn = generate_standard_repn(member.body if is_row else member.expr)
    terms = sorted(
        (variable.name, float(coefficient))
        for variable, coefficient in zip(
            repn.linear_vars, repn.linear_coefs, strict=True
        )
    )
    text = "".join(f"\n  {x:+.6g} {name}" for name, x in terms if x != 0)
    limit = _limit(member, float(repn.constant)) if is_row else ""
    return f"{member.name}:{text}{limit}"


def _limit(row: Any, constant: float) -> str:  # noqa: ANN401
    lower, upper = pyo.value(row.lower), pyo.value(row.upper)
    sense = "=" if lower == upper else "<=" if lower is None else ">="
    side = (upper if lower is None else lower) - constant
    return f"\n  {sense} {side:.6g}"


def _content(name: str) -> str:
    lines = (ROWS / f"{name}.lp").read_text().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(COMMENT))


@pytest.mark.parametrize("name", FILES)
def test_row_is_as_in_its_file(request: pytest.FixtureRequest, name: str) -> None:
    """The members in the file have the coefficients of the file."""
    row, _, variant = name.partition(".")
    world = variant or ("held" if name in OF_STOCK else "whole")
    model = request.getfixturevalue(f"{world}_model")
    content = _content(name)
    names = [line[:-1] for line in content.splitlines() if line.endswith(":")]
    assert names
    assert printed(model.component(row), names) == content


def test_every_row_has_a_file(whole_model: pyo.ConcreteModel) -> None:
    """No row and no objective of the model is without a golden file."""
    components = whole_model.component_objects((pyo.Objective, pyo.Constraint))
    assert {x.name for x in components} == {name.partition(".")[0] for name in FILES}


@pytest.mark.parametrize("name", FILES)
def test_file_opens_with_its_arithmetic(name: str) -> None:
    """The first line works out a number of the file by hand."""
    first = (ROWS / f"{name}.lp").read_text().splitlines()[0]
    assert first.startswith(COMMENT)
    assert "=" in first
