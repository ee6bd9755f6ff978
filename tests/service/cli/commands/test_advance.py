"""strongroom advance: the orders of a month, on the screen and in files."""

import json
from pathlib import Path

import pytest

from models.orders import Orders
from models.reading import read_instance
from service import cli
from service.casefiles import load
from service.files.observations import read_observation_file
from tests import cases
from tests.cases import Case
from tests.plans import in_place, steps, written_plan
from tests.service.cli.conftest import Files, strongroom, written

FACTS = {
    "start": "2026-01-01",
    "events": [{"event": "chn-ban", "since": "2025-12-01"}],
    "otherwise": "as_planned",
}


@pytest.fixture
def planned(tmp_path: Path, tiny_case: Case) -> Files:
    """Return the files of the tiny case and of a plan that holds 2 t for its cash."""
    tiny_case["financing"]["opening_cash_usd"] = 2e6
    plan = written_plan(read_instance(tiny_case), in_place(2.0, steps=steps(0.5)))
    case = written(tmp_path / "case.json", tiny_case)
    return case, written(tmp_path / "plan.json", plan)


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    """Return the file of what was observed."""
    return written(tmp_path / "facts.json", FACTS)


def test_orders_are_printed_with_their_reasons(planned: Files, facts: Path) -> None:
    """Who gets what, by which limit, over which route, and the books."""
    result = strongroom("advance", *planned, "--observed", facts)
    assert result.exit_code == 0, result.output
    for text in (
        "Alerts",
        "Release from 2026-01-01 until 2026-02-01",
        "Gallium 1",
        "draw limit",
        "of 2 t release",
        "Release all that is there.",
        "before the start",
        "Stock, pool and rights together",
        "Shortage cost expected in the period",
    ):
        assert text in result.output


def test_orders_are_kept_in_a_file(planned: Files, facts: Path, tmp_path: Path) -> None:
    """The same as in the JSON."""
    path = tmp_path / "orders.json"
    words = ("--observed", facts, "--orders", path, "--json")
    answer = json.loads(strongroom("advance", *planned, *words).output)
    kept = Orders.model_validate_json(path.read_text(encoding="utf-8"))
    assert [x.tonnes for x in kept.releases] == [0.5]
    assert answer["releases"] == kept.model_dump(mode="json")["releases"]
    assert (answer["orders"], answer["warnings"]) == (str(path), [])


def test_facts_may_be_yaml(planned: Files, tmp_path: Path) -> None:
    """As people write them."""
    path = tmp_path / "facts.yaml"
    path.write_text("start: 2026-01-01\notherwise: as_planned\n", encoding="utf-8")
    result = strongroom("advance", *planned, "--observed", path)
    assert result.exit_code == 0, result.output
    assert "There is no alert" in result.output


def test_the_facts_of_the_page_are_read(tmp_path: Path) -> None:
    """As an observation of the first month of `magnets`."""
    page = Path(cli.__file__).with_name("README.md").read_text(encoding="utf-8")
    section = page.partition("## Facts of a period")[2]
    path = tmp_path / "facts.yaml"
    path.write_text(section.split("```")[1].removeprefix("yaml"), encoding="utf-8")
    found = read_observation_file(path, read_instance(load("magnets")))
    assert set(found.prices_usd_per_tonne) == {"ndpr_oxide", "dysprosium", "terbium"}


def test_all_mistakes_are_told_at_once(planned: Files, tmp_path: Path) -> None:
    """A wrong month, a fact that is absent, a plan that is not there, a bad file."""
    path = written(tmp_path / "facts.json", {"start": "2026-02-01", "events": []})
    words = ("--observed", path, "--orders", "-", "--json")
    result = strongroom("advance", planned[0], tmp_path / "none.json", *words)
    assert result.exit_code == 2
    assert [x["path"] for x in json.loads(result.output)["mistakes"]] == [
        "-",
        str(tmp_path / "none.json"),
        "start",
        "prices_usd_per_tonne.gallium",
        "demand_units.wafer",
    ]


def test_what_stock_and_capacity_refuse_is_told_at_once(
    planned: Files, tmp_path: Path
) -> None:
    """Of a pool of 2 t no 3 t are released; -1 t is no count; 1.2 is no share."""
    case = json.loads(planned[0].read_text(encoding="utf-8"))
    for route in case["routes"]:
        route["vault_tonnes_per_year"] = 12.0
    case["entitlement_offers"] = [cases.offer()]
    happened = {
        "released_tonnes": {"gallium": 3.0},
        "drawn_tonnes": {"right": 0.1},
        "arrived_tonnes": {"gallium-chn": 1.5},
        "stock_tonnes": {"gallium": -1.0},
    }
    facts = FACTS | {"availability": {"gallium-chn": 0.5}, "happened": happened}
    facts |= {"announced": ["zinc"]}
    words = ("--observed", written(tmp_path / "facts.json", facts), "--json")
    result = strongroom("advance", written(planned[0], case), planned[1], *words)
    assert result.exit_code == 2
    assert {x["path"] for x in json.loads(result.output)["mistakes"]} == {
        "announced.zinc",
        "availability.gallium-chn",
        "happened.released_tonnes.gallium",
        "happened.drawn_tonnes.right",
        "happened.arrived_tonnes.gallium-chn",
        "happened.stock_tonnes.gallium",
    }


def test_no_file_is_written_over_another(planned: Files, facts: Path) -> None:
    """Neither what is read, nor the next case by the orders, whatever the spelling."""
    before = [path.read_bytes() for path in (*planned, facts)]
    folder = facts.parent
    for output, orders, found in (
        (facts, None, ["facts"]),
        (planned[0], planned[1], ["case", "plan"]),
        (folder / "a.json", folder / ".." / folder.name / "a.json", ["--output"]),
    ):
        words = ["--observed", facts, "--output", output]
        words += [] if orders is None else ["--orders", orders]
        result = strongroom("advance", *planned, *words, "--json")
        assert result.exit_code == 2
        values = [x["value"] for x in json.loads(result.output)["mistakes"]]
        assert [x.split()[-1] for x in values] == found
    assert before == [path.read_bytes() for path in (*planned, facts)]
    assert not (folder / "a.json").exists()


def test_orders_of_another_chain_are_refused(
    planned: Files, facts: Path, tmp_path: Path
) -> None:
    """Those of this month do not lead to it."""
    path = tmp_path / "orders.json"
    strongroom("advance", *planned, "--observed", facts, "--orders", path)
    words = ("--observed", facts, "--previous", path, "--json")
    result = strongroom("advance", *planned, *words)
    assert result.exit_code == 2
    (mistake,) = json.loads(result.output)["mistakes"]
    assert mistake["path"] == "previous.next_instance_hash"


def test_the_next_case_is_advanced_with_the_same_plan(
    planned: Files, facts: Path, tmp_path: Path
) -> None:
    """Costs so far are added up, and the alert is known since January."""
    later, orders = tmp_path / "later.json", tmp_path / "orders.json"
    case, plan = planned
    words = ("--observed", facts, "--output", later, "--orders", orders)
    first = strongroom("advance", case, plan, *words)
    assert first.exit_code == 0, first.output
    february = {"start": "2026-02-01", "otherwise": "as_planned"}
    words = (
        *("--observed", written(tmp_path / "february.json", february)),
        *("--previous", orders, "--json"),
    )
    second = json.loads(strongroom("advance", later, plan, *words).output)
    assert second["alerts"][0]["since"] == "2026-01-01"
    assert second["reconciliation"]["cost_so_far"]["periods"] == 2
    expected = second["reconciliation"]["stock"][0]["expected_tonnes"]
    assert expected == pytest.approx(1.0)
    assert second["warnings"] == []


def test_a_case_that_cannot_come_next_is_no_file(
    planned: Files, facts: Path, tmp_path: Path
) -> None:
    """The last period has none."""
    case, plan = planned
    output = ""
    for month in range(4):
        day = json.loads(case.read_text(encoding="utf-8"))["horizon"]["start"]
        observed = written(facts, FACTS | {"start": day, "events": []})
        later = tmp_path / f"after_{month}.json"
        words = ("--observed", observed, "--output", later, "--json")
        result = strongroom("advance", case, plan, *words)
        assert (result.exit_code == 0) == (month < 3)
        case, output = later, result.output
    (mistake,) = json.loads(output)["mistakes"]
    assert mistake["path"] == "--output"
    assert "no case comes next" in mistake["expected"]
    assert not case.exists()
