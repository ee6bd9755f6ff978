"""strongroom compare-plans and show --against: tables, words, JSON, what is refused."""

import json
from pathlib import Path

import pytest

from models.plan_comparison import PlanComparison
from tests.service.cli.conftest import strongroom

CASE = Path("service/cases/two_materials.yaml")
FEW = ("--scenarios", 20)
Files = tuple[Path, Path]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the plan of the hand-worked case."""
    path = tmp_path_factory.mktemp("made") / "plan.json"
    assert strongroom("solve", CASE, "--output", path).exit_code == 0
    return path


@pytest.fixture(scope="module")
def poorer(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Return the hand-worked case with a million dollars, and its plan.

    They buy the 100 t of alpha; the 25 t of beta, which avoid 0.75 million, are left.
    """
    folder = tmp_path_factory.mktemp("poorer")
    case, plan = folder / "poorer.yaml", folder / "poorer.json"
    text = CASE.read_text(encoding="utf-8")
    poor = text.replace("limit_usd: 1500000", "limit_usd: 1000000")
    case.write_text(poor, encoding="utf-8")
    assert strongroom("solve", case, "--output", plan).exit_code == 0
    return case, plan


def test_what_changes_and_why(made: Path, poorer: Files) -> None:
    """Levels, money, promise and facts; the plan of before is too dear."""
    result = strongroom("compare-plans", CASE, made, *poorer, *FEW)
    assert result.exit_code == 0, result.output
    text = " ".join(result.stdout.split())
    for words in (
        "Less is held of 1 material; 1 material as before.",
        "Beta from 25 t to 0 t (91 to 0.0 days of cover).",
        "At most $1.00 m is drawn instead of $1.50 m.",
        "The promised shortage cost is $3.00 m instead of $2.25 m",
        "On fresh scenarios it is $3.00 m ($3.00 m .. $3.00 m) instead of $2.25 m",
        "The best objective has risen by $750 k to $750 k.",
        "The cases differ in financing (1).",
        "The plan before cannot be kept: it breaks",
        "It would cost $750 k less.",
        "financing.facilities[loan].limit_usd │ 1500000 │ 1000000 │ -33.3 %",
        "│ More shortage cost │ -$750 k",
    ):
        assert words in text
    assert len(result.stderr.splitlines()) == 2


def test_a_plan_beside_itself(made: Path) -> None:
    """Nothing changes, and it can be kept."""
    same = (CASE, made)
    result = strongroom("compare-plans", *same, *same, *FEW)
    text = " ".join(result.stdout.split())
    for words in (
        "Of every material as much is held as before.",
        "the choice of scenarios alone can explain that",
        "The objectives differ by less than the gaps of both plans",
        "The cases do not differ in any fact that a plan depends on.",
        "the plan before is still good enough",
    ):
        assert words in text
    assert "Levels that change" not in text


def test_json_is_the_document(made: Path, poorer: Files) -> None:
    """With sentences and warnings; the same again with the same seed."""
    words = ("compare-plans", CASE, made, *poorer, *FEW, "--json")
    first, again = (strongroom(*words).stdout for _ in range(2))
    assert first == again
    answer = json.loads(first)
    assert answer["warnings"] == []
    assert "The cases differ in financing (1)." in answer["in_words"]
    for name in ("in_words", "warnings", "outputs"):
        answer.pop(name)
    found = PlanComparison.model_validate(answer)
    assert found.kept is not None
    assert found.kept.dearer_usd == pytest.approx(-750_000)


def test_mistakes_of_both_plans_are_told_at_once(
    made: Path, case_file: Path, tmp_path: Path
) -> None:
    """A plan of another case, and a file that is none."""
    missing = tmp_path / "missing.json"
    result = strongroom("compare-plans", case_file, made, CASE, missing)
    assert result.exit_code == 2
    assert "alpha" in result.stderr
    assert "missing.json" in result.stderr


def test_a_case_of_another_plan_is_warned_of(made: Path, poorer: Files) -> None:
    """The case before is taken as it is given."""
    case, _ = poorer
    pair = (CASE, made)
    result = strongroom("compare-plans", case, made, *pair, *FEW)
    assert result.exit_code == 0, result.output
    assert "warning: the plan was made for another case" in result.output


def test_show_against_another_plan(made: Path, poorer: Files) -> None:
    """What changes, read off the plans alone: without facts and without keeping."""
    result = strongroom("show", poorer[1], "--against", made)
    assert result.exit_code == 0, result.output
    assert "Levels that change" in result.stdout
    assert "The cases" not in result.stdout
    assert "kept" not in result.stdout
    answer = json.loads(
        strongroom("show", poorer[1], "--against", made, "--json").stdout
    )
    assert answer["topics"] == []
    assert answer["before"]["start"] is None
    wrong = strongroom("show", CASE, "--against", made.with_name("no.json"))
    assert wrong.exit_code == 2
    assert "no.json" in wrong.stderr
    assert "two_materials.yaml" in wrong.stderr
