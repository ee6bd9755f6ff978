"""strongroom sensitivity: the answer under other assumptions."""

import json
from pathlib import Path

import pytest

from tests.service.cli.conftest import strongroom


def test_tables_and_picture(tmp_path: Path) -> None:
    """Costs of the hand-worked case go with the loss per unit; no ranks change."""
    picture = tmp_path / "tornado.svg"
    words = ("--only", "shortage_costs", "--change", "0.2", "--picture", picture)
    result = strongroom("sensitivity", "two_materials", *words)
    assert result.exit_code == 0, result.output
    said = "hangs on no single assumption"
    texts = ("as assumed: $2.25 m", "shortage costs +20 %", "$2.70 m", "$1.80 m", said)
    for text in texts:
        assert text in result.output
    assert "Changed ranks" not in result.output
    assert picture.read_text().startswith("<?xml")


def test_json_is_the_document() -> None:
    """Two variants, each with bound, plan and the cost of the base's plan."""
    words = ("--only", "prices", "--change", "0.1", "--json")
    result = strongroom("sensitivity", "two_materials", *words)
    answer = json.loads(result.stdout)
    assert result.exit_code == 0
    assert [x["name"] for x in answer["variants"]] == ["prices -10 %", "prices +10 %"]
    assert all(x["base_plan_cost_usd"] > 0 for x in answer["variants"])
    assert answer["picture"] is None
    assert "hangs most on prices" in answer["headline"]


def test_a_plan_whose_money_runs_out_is_marked() -> None:
    """Of 1.5 million a tenth is missing if all is a tenth dearer; none if cheaper."""
    words = ("--only", "prices", "--change", "0.1")
    result = strongroom("sensitivity", "two_materials", *words)
    (dearer,) = [x for x in result.stdout.splitlines() if "prices +10 %" in x]
    (cheaper,) = [x for x in result.stdout.splitlines() if "prices -10 %" in x]
    assert "$2.25 m*" in dearer
    assert "*" not in cheaper
    assert "Its cash runs out there" in result.stdout
    as_json = strongroom("sensitivity", "two_materials", *words, "--json").stdout
    cash = [x["base_plan_lowest_cash_usd"] for x in json.loads(as_json)["variants"]]
    assert cash == pytest.approx([150_000, -150_000])


@pytest.mark.parametrize(
    "words",
    [("--only", "weather"), ("--change", "0"), ("--change", "1.5")],
)
def test_wrong_options_are_refused(words: tuple[str, ...]) -> None:
    """The status is 2."""
    assert strongroom("sensitivity", "two_materials", *words).exit_code == 2


def test_a_picture_of_an_unknown_kind_is_refused_first(tmp_path: Path) -> None:
    """The endings that are known are named."""
    result = strongroom("sensitivity", "magnets", "--picture", tmp_path / "x.gif")
    assert result.exit_code == 2
    assert ".svg or .png" in result.output


def test_a_case_without_a_plan_is_answered_as_by_solve() -> None:
    """The limits in conflict are named, and the status is 3."""
    words = ("--set", "materials.beta.minimum_days_of_cover=350")
    result = strongroom("sensitivity", "two_materials", *words)
    assert result.exit_code == 3
    assert "minimum_cover[beta]" in result.output
    as_json = strongroom("sensitivity", "two_materials", *words, "--json")
    assert as_json.exit_code == 3
    assert json.loads(as_json.stdout)["status"] == "INFEASIBLE"
