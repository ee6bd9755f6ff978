"""The worked example: a vault nine months in, its facts, and its commands."""

import csv
import json
import re
import shlex
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
from typer.testing import CliRunner

from models.case_warnings import warnings_of
from models.content import canonical_json
from models.instance import Instance
from models.moved_on import moved_on
from models.reading import read_instance
from service.casefiles import load
from service.cli.application import app
from service.files.observations import read_observation_file
from service.variants.changing import changed
from service.variants.overlay import Overlay

CASES = Path(__file__).parents[2] / "service" / "cases"
EXAMPLE = CASES / "vault_in_month_9"
NAME = "project_vault:month_9"
MONTHS = 9
# Enough for each event that is in force to hit something.
MATERIALS = [
    "gallium",
    "samarium",
    "tungsten",
    "antimony",
    "graphite_natural",
    "cobalt",
    "chromium",
]
COUNTRIES = {"CHN": "China", "COD": "Congo (Kinshasa)", "ZAF": "South Africa"}


@cache
def case(name: str = NAME) -> Instance:
    return read_instance(load(name))


def test_it_is_the_reference_case_moved_on() -> None:
    """But for what is there, what can be taken of it, and what is known by then."""
    expected = moved_on(case("project_vault"), MONTHS).case
    found = case()
    probabilities = {x.id: x.probability for x in found.events}
    capital = {x.id: x.limit_usd for x in found.financing.facilities}
    facilities = tuple(
        x.model_copy(update={"limit_usd": capital[x.id]})
        for x in expected.financing.facilities
    )
    expected = expected.model_copy(
        update={
            "id": found.id,
            "name": found.name,
            "description": found.description,
            "position": found.position,
            "sourcing_options": found.sourcing_options,
            "financing": expected.financing.model_copy(
                update={"facilities": facilities}
            ),
            "events": tuple(
                x.model_copy(update={"probability": probabilities[x.id]})
                for x in expected.events
            ),
        }
    )
    assert _figures(found) == _figures(expected)


def _figures(instance: Instance) -> Any:  # noqa: ANN401 - any part of a case
    """Return the content of a case without its sources."""
    return _without_sources(json.loads(canonical_json(instance)))


def _without_sources(value: Any) -> Any:  # noqa: ANN401 - any part of a case
    if isinstance(value, dict):
        part = cast("dict[str, Any]", value)
        return {k: _without_sources(x) for k, x in part.items() if k != "sources"}
    if isinstance(value, list):
        return [_without_sources(x) for x in cast("list[Any]", value)]
    return value


def test_nothing_of_it_is_without_effect() -> None:
    """Its position raises no warning."""
    assert warnings_of(case()) == []


def test_controls_in_force_are_those_of_the_file() -> None:
    """Each names its row, whose country is that of the event; the ban is our own."""
    path = CASES / "data" / "export_controls_in_force.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = {row["country"] for row in csv.DictReader(file)}
    events = {x.id: x for x in case().events}
    named = dict[str, str]()
    for x in case().position.disruptions:
        source = x.sources["event"]
        country = COUNTRIES[events[x.event].country]
        if source.startswith(f"{path.name} {country}: "):
            named[x.event] = country
    assert set(named.values()) == set(COUNTRIES.values()) <= rows
    (ban,) = (x for x in case().position.disruptions if x.event not in named)
    assert (ban.event, str(ban.since)) == ("magnet_rare_earth_ban", "2027-08-01")


def test_two_rights_are_in_force_and_one_is_drawn() -> None:
    """What is drawn of it and what is there are together the whole right."""
    drawn = [x.drawn_tonnes > 0 for x in case().position.rights]
    assert sorted(drawn) == [False, True]


def test_what_is_drawn_and_what_may_be_are_the_limit_of_the_programme() -> None:
    """Two billion dollars of capital, and ten of the loan."""
    limits = {x.id: x.limit_usd for x in case().financing.facilities}
    (debt,) = case().position.debt
    before = {x.id: x.limit_usd for x in case("project_vault").financing.facilities}
    limits[debt.facility] += debt.drawn_usd
    assert limits == pytest.approx(before)


def test_the_facts_of_october_fit_the_case() -> None:
    """The file that ships beside the page names parts of the case."""
    found = read_observation_file(EXAMPLE / "october.yaml", case())
    assert found.start == case().horizon.start


@pytest.fixture
def part(tmp_path: Path) -> Path:
    """Return a file of the case with few materials and scenarios."""
    few = Overlay.model_validate(
        {
            "keep": {"materials": MATERIALS},
            "set": {"options.number_of_scenarios": 2, "id": "part"},
        }
    )
    path = tmp_path / "part.json"
    case = read_instance(changed(load(NAME), few))
    path.write_text(canonical_json(case), encoding="utf-8")
    return path


def test_the_commands_of_the_page_run(
    part: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a part of the case: it is solved, advanced, solved again, and compared.

    The audit, which comes last, takes longer.
    """
    monkeypatch.chdir(part.parent)
    for file in EXAMPLE.glob("*.yaml"):
        (part.parent / file.name).write_bytes(file.read_bytes())
    page = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    *commands, last = re.findall(r"(?m)^\$ strongroom (.*)$", page)
    assert last.startswith("audit")
    for command in commands:
        result = CliRunner().invoke(app, shlex.split(command.replace(NAME, part.name)))
        assert result.exit_code == 0, f"{command}\n{result.output}"
