"""strongroom participant: a plan as one of the participants may see it."""

import json
from pathlib import Path

import pytest

from models.plan import Plan
from tests.service.cli.conftest import Files, strongroom, written

FEW = ("--scenarios", "20", "--executor", "here")


def test_the_view_is_a_page(files: Files) -> None:
    """Own cost, the right, its terms, its end and the lines in history."""
    result = strongroom("participant", *files, "maker", *FEW)
    assert result.exit_code == 0
    for text in (
        "Wafer maker: on 20 fresh scenarios, seed 2",
        "Own shortage cost",
        "maker-gallium",
        "All-in cost a kg and year",
        "must be taken, $510,000 a tonne",
        "price P95",
        "The ban",
    ):
        assert text in result.output


def test_the_json_is_one_object(files: Files) -> None:
    """The fees of half a tonne: $5,000 and $12,500 a tonne."""
    words = ("--seed", "5", "--json")
    answer = json.loads(strongroom("participant", *files, "maker", *FEW, *words).output)
    (right,) = answer["rights"]
    assert (answer["scenarios"], answer["seed"]) == (20, 5)
    assert right["upfront_fee_usd"] == pytest.approx(2_500)
    assert right["carrying_fee_usd_per_year"] == pytest.approx(6_250)
    assert answer["warnings"] == ["the plan was made for another case"]


def test_a_view_without_rights(files: Files, tmp_path: Path, plan: Plan) -> None:
    """Its offer is named as not awarded, and no table of rights is shown."""
    bare = plan.model_copy(update={"contracts": ()})
    path = written(tmp_path / "bare.json", bare)
    result = strongroom("participant", files[0], path, "maker", *FEW)
    assert result.exit_code == 0
    assert "Offers not awarded" in result.output
    assert "All-in cost" not in result.output


def test_an_unknown_name_is_refused(files: Files, plan_file: Path) -> None:
    """It is reported with the other mistakes, without the list of participants."""
    result = strongroom("participant", files[0], plan_file, "toyota", "--json")
    assert result.exit_code == 2
    mistakes = json.loads(result.output)["mistakes"]
    assert [x["value"] for x in mistakes] == ["smelter", "toyota"]
    assert mistakes[1]["expected"] == "a participant of the case"
    assert "maker" not in mistakes[1]["message"]


@pytest.mark.parametrize("words", [("--scenarios", "0"), ("--executor", "nowhere")])
def test_wrong_options_are_refused(files: Files, words: tuple[str, ...]) -> None:
    """The status is 2."""
    assert strongroom("participant", *files, "maker", *words).exit_code == 2
