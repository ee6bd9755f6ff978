"""strongroom show: tables that a manager reads."""

import json
from pathlib import Path

import pytest

from models.plan import Plan
from tests.service.cli.conftest import strongroom


@pytest.mark.parametrize(
    "words",
    [
        "Shortage cost without vault        │ $4.50 bn",
        "Shortage cost with vault (promise) │ $1.23 bn",
        "Replay of the printed rules",
        "gap 0.98 %",
        "The next dollar avoids             │    $3.21",
        "Hold 1 t of gallium; from watch on release all that is missing.",
        "│ 3 severe │",
        "maker-gallium",
        "smelter",
        "-$12.0 k",
        "loan balance",
        "9.6 %",
        "Helium",
        "by hand",
    ],
)
def test_every_section_of_the_plan_is_shown(plan_file: Path, words: str) -> None:
    """Headline, levels, rules, rights, contracts, financing, shortfalls, and so on."""
    result = strongroom("show", plan_file)
    assert result.exit_code == 0
    assert words in result.stdout


def test_the_plan_in_json_is_the_plan(plan_file: Path, plan: Plan) -> None:
    """One object that reads back as the same plan."""
    result = strongroom("show", plan_file, "--json")
    assert Plan.model_validate_json(result.output) == plan


def test_square_brackets_are_shown_as_they_are(plan_file: Path) -> None:
    """Words of the plan are no markup."""
    text = plan_file.read_text(encoding="utf-8")
    plan_file.write_text(text.replace('"Helium"', '"[red]He"'), encoding="utf-8")
    assert "[red]He" in strongroom("show", plan_file).stdout


def test_a_long_schedule_is_shown_by_three_periods(plan_file: Path) -> None:
    """Draws and interest add up, balances are those at the end of the row."""
    content = json.loads(plan_file.read_text(encoding="utf-8"))
    first, *_, last = content["financing"]
    content["financing"] = [first] + [last | {"period": t} for t in range(1, 20)]
    plan_file.write_text(json.dumps(content), encoding="utf-8")
    lines = strongroom("show", plan_file).stdout.splitlines()
    begin = next(line for line in lines if line.startswith("│ 0-2 "))
    # Drawn 5e5 once, balance 5e5, three times 2,000 of interest.
    assert [cell.strip() for cell in begin.split("│")[2:5]] == [
        "$500 k",
        "$500 k",
        "$6.00 k",
    ]
    assert any(line.startswith("│ 18-19 ") for line in lines)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is 'empty', expected a plan"),
        ("{", "expected JSON"),
        ("[]", "plan: is []"),
        ('{"levels": []}', "promise: is 'absent'"),
    ],
)
def test_what_is_no_plan_is_refused(tmp_path: Path, content: str, message: str) -> None:
    """The status is 2 and the message names the mistake."""
    path = tmp_path / "plan.json"
    path.write_text(content, encoding="utf-8")
    result = strongroom("show", path)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_missing_plan_is_refused(tmp_path: Path) -> None:
    """The message names the command that makes a plan."""
    result = strongroom("show", tmp_path / "plan.json")
    assert result.exit_code == 2
    assert "strongroom solve --output" in result.stderr
