"""strongroom financing: tables, one JSON object, a picture, and what is refused."""

import json
from pathlib import Path

import pytest

from tests import cases
from tests.cases import Case
from tests.service.cli.conftest import strongroom


@pytest.fixture
def case_with_right(tiny_case: Case, tmp_path: Path) -> Path:
    """Return the tiny case with an offer, which a plan for the tiny case ignores."""
    path = tmp_path / "right.json"
    path.write_text(json.dumps(tiny_case | {"entitlement_offers": [cases.offer()]}))
    return path


def test_tables_of_a_financing_view(case_file: Path, solved: Path) -> None:
    """Beside the fans, for the number of scenarios requested."""
    result = strongroom("financing", case_file, solved, "--scenarios", 10)
    assert result.exit_code == 0, result.output
    for text in (
        "Schedule, the same in every scenario",
        "On 10 fresh scenarios, seed 2",
        "Covenants and cash",
        "Debt headroom under it",
        "Stress: prices 30 % lower",
        "price fall at once",
    ):
        assert text in result.output


def test_json_is_the_document(case_file: Path, solved: Path, tmp_path: Path) -> None:
    """One object, the picture named in it; the same again with the same seed."""
    picture = tmp_path / "financing.svg"
    words = ("--scenarios", 10, "--seed", 9, "--price-fall", 0.5)
    first, again = (
        strongroom(
            "financing", case_file, solved, *words, "--picture", picture, "--json"
        ).stdout
        for _ in range(2)
    )
    answer = json.loads(first)
    assert first == again
    assert answer["seed"] == 9
    assert len(answer["schedule"]) == len(answer["fans"]["cash_usd"]["periods"]) == 4
    assert [x["price_fall"] for x in answer["stresses"]] == [0, 0.5]
    assert answer["warnings"] == []
    assert answer["picture"] == str(picture)
    assert picture.read_bytes().startswith(b"<?xml")


def test_a_covenant_can_be_set_for_a_plan(case_file: Path, solved: Path) -> None:
    """A cover of a thousand is broken in every scenario, and the case is another."""
    setting = "financing.collateral_cover=1000"
    words = ("--scenarios", 5, "--set", setting, "--json")
    answer = json.loads(strongroom("financing", case_file, solved, *words).stdout)
    broken = answer["covenants"]["collateral_broken_probability"]
    assert broken == pytest.approx(1)
    assert "another case" in answer["warnings"][0]


def test_a_plan_of_another_case_is_refused(case_file: Path, plan_file: Path) -> None:
    """The case knows neither the right nor the contract of the plan made by hand."""
    result = strongroom("financing", case_file, plan_file, "--json")
    assert result.exit_code == 2
    values = {x["value"] for x in json.loads(result.stdout)["mistakes"]}
    assert values == {"maker-gallium", "smelter"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--default", "nobody"), "nobody, which the case does not know"),
        (("--default", "maker"), "a participant with a right in the plan: none has"),
        (("--picture", "fans.pdf"), "a name that ends in .svg or .png"),
        (("--picture", "not-there/fans.svg"), "in a folder that is not there"),
    ],
)
def test_what_cannot_be_done_is_refused(
    case_with_right: Path, solved: Path, words: tuple[str, ...], message: str
) -> None:
    """Before any scenario is drawn, with the status of bad input."""
    result = strongroom("financing", case_with_right, solved, *words)
    assert result.exit_code == 2
    assert message in result.stderr


@pytest.mark.parametrize(
    "words", [("--price-fall", "1.5"), ("--scenarios", "0"), ("--seed", "-1")]
)
def test_numbers_out_of_range_are_refused(
    case_file: Path, solved: Path, words: tuple[str, ...]
) -> None:
    """The status is 2."""
    assert strongroom("financing", case_file, solved, *words).exit_code == 2
