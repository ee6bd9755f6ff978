"""FORMULATION.md and the model are the same: names, indices, numbers, order, fields."""

import dataclasses
import re
from pathlib import Path
from typing import Any

import numpy as np
import pyomo.environ as pyo
import pytest

import optimizer.formulation
from models.case_index import CaseIndex
from models.finance import Facility
from models.instance import Instance
from models.material import PriceImpactBlock
from models.reading import read_instance
from optimizer.cost_of_holding import ExpectedMoney
from optimizer.formulation import build
from optimizer.policies.holding import Holding
from optimizer.policies.offtake import OfftakeResponse
from optimizer.policies.policy import Policies
from optimizer.policies.response import Response
from optimizer.policies.sourcing import Purchase
from optimizer.problem import complete_problem
from optimizer.scenarios import sample
from optimizer.scenarios.scenario_set import ScenarioSet
from tests.cases import Case

PAGE = Path(optimizer.formulation.__file__).with_name("FORMULATION.md")
SETS = (pyo.Set, pyo.RangeSet)
INDEXED = re.compile(r"^`(\w+)(?:\[([\w,]+)\])?`$")
CLASSES = (
    ExpectedMoney,
    CaseIndex,
    Facility,
    Holding,
    Instance,
    OfftakeResponse,
    Policies,
    PriceImpactBlock,
    Purchase,
    Response,
    ScenarioSet,
)


def rows_of(column: str) -> list[dict[str, str]]:
    """Return the rows of all tables of the page that have a column, by heading."""
    rows: list[dict[str, str]] = []
    heads: list[str] = []
    for line in PAGE.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if not line.startswith("|"):
            heads = []
        elif not heads:
            heads = cells
        elif not set(line) <= {"|", "-"} and column in heads:
            rows.append(dict(zip(heads, cells, strict=True)))
    return rows


def indices() -> dict[str, tuple[str, ...]]:
    """Return the index letters of each name on the page, in order."""
    found: dict[str, tuple[str, ...]] = {}
    for row in rows_of("code"):
        match = INDEXED.match(row["code"])
        assert match, row["code"]
        name, letters = match.groups()
        assert name not in found
        found[name] = tuple(letters.split(",")) if letters else ()
    return found


NUMBERED = {row["code"][1:-1].split("[")[0]: row["number"] for row in rows_of("number")}


@pytest.fixture
def model(tiny_case: Case) -> pyo.ConcreteModel:
    """Return the mixed-integer model of the tiny case."""
    instance = read_instance(tiny_case)
    generator = np.random.default_rng(1)
    scenarios = sample(instance, number_of_scenarios=2, generator=generator)
    return build(complete_problem(instance, scenarios), is_relaxed=False)


def test_page_and_model_list_the_same_names(model: pyo.ConcreteModel) -> None:
    """Every component of the model is on the page as declared, and nothing else is."""
    assert list(indices()) == [x.name for x in model.component_objects()]


def test_rows_are_numbered_without_a_hole() -> None:
    """Numbers run from (1) for the objective to the last row."""
    assert list(NUMBERED.values()) == [f"({i + 1})" for i in range(len(NUMBERED))]


@pytest.mark.parametrize("name", NUMBERED)
def test_docstring_starts_with_the_number(name: str) -> None:
    """The function of a row has its name and opens with its number on the page."""
    function = getattr(optimizer.formulation, name)
    assert function.__doc__.startswith(f"{NUMBERED[name]} ")


@pytest.mark.parametrize("name", NUMBERED)
def test_arguments_of_a_row_are_its_letters(name: str) -> None:
    """The function of a row takes the model and the index letters of the page."""
    code = getattr(optimizer.formulation, name).__code__
    assert code.co_varnames[: code.co_argcount] == ("model", *indices()[name])


def test_components_have_the_letters_of_their_sets(model: pyo.ConcreteModel) -> None:
    """What is indexed by sets has on the page the letters of these sets, in order."""
    letters = indices()
    for name in letters:
        component = model.component(name)
        if component.is_indexed():
            sets = component.index_set().subsets(expand_all_set_operators=True)
            assert letters[name] == sum((letters[x.name] for x in sets), ())
        elif component.ctype not in SETS:
            assert letters[name] == ()


def test_sets_have_a_letter_for_each_dimension(model: pyo.ConcreteModel) -> None:
    """Members of a set are tuples as long as its letters on the page."""
    letters = indices()
    for component in model.component_objects(SETS):
        if len(component) > 0:
            assert len(letters[component.name]) == component.dimen


@pytest.mark.parametrize("field", [row["field"] for row in rows_of("field")])
def test_plain_data_exist(field: str) -> None:
    """Responses and terms on the page are fields or methods of their class."""
    owner, name = field[1:-1].split(".")
    known: Any = {x.__name__: x for x in CLASSES}[owner]
    fields = (
        {x.name for x in dataclasses.fields(known)}
        if dataclasses.is_dataclass(known)
        else set(known.model_fields)
    )
    assert name in fields or callable(getattr(known, name, None))
