"""Text on a terminal: names control nothing, and narrow tables break no amount."""

import io
import json
import re
from pathlib import Path

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

from service.cli.application import app
from service.cli.screen import Screen, echo, fitted
from service.printing.table import table
from tests.cases import Case
from tests.service.cli.conftest import strongroom, written

EVIL = "Alpha\x0b\x1b[2J\x1b]0;title\x07 \u202ebeta\x9b31m"
SHOWN = r"Alpha\x0b\x1b[2J\x1b]0;title\x07 \u202ebeta\x9b31m"
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]")
AMOUNT = re.compile(r"-?\$[\d.,]+( (k|m|bn|tn))?|[\d.,]+ t|gap [\d.,]+ %|[\d.,]+ %")


def test_names_control_no_terminal(tiny_case: Case, tmp_path: Path) -> None:
    """Neither in tables nor in progress; in JSON nothing is lost."""
    tiny_case["name"] = tiny_case["materials"][0]["name"] = EVIL
    case, path = written(tmp_path / "case.json", tiny_case), tmp_path / "plan.json"
    solved = strongroom("solve", case, "--scenarios", 5, "--output", path)
    assert solved.exit_code == 0
    assert SHOWN in solved.stderr
    assert SHOWN in solved.stdout
    assert not CONTROL.search(solved.stderr + solved.stdout)
    shown = strongroom("show", path, "--json").stdout
    assert json.loads(shown)["levels"][0]["name"] == EVIL.strip()
    assert not CONTROL.search(shown)


def test_a_line_controls_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Messages of errors and warnings pass here."""
    echo(f"warning: {EVIL}", err=True)
    assert capsys.readouterr().err == f"warning: {SHOWN}\n"


@pytest.mark.parametrize("width", [40, 50, 60, 80, 100])
def test_no_amount_is_broken_over_lines(plan_file: Path, width: int) -> None:
    """Each cell of figures in a wide output is whole in the narrow one."""
    wide, narrow = shown(plan_file, 400), shown(plan_file, width)
    assert max(map(cell_len, narrow.splitlines())) <= width
    amounts = [x for x in _cells(wide) if AMOUNT.fullmatch(x)]
    assert len(amounts) > 40
    assert sorted(x for x in _cells(narrow) if AMOUNT.fullmatch(x)) == sorted(amounts)


def shown(plan: Path, width: int) -> str:
    """Return what show prints on a screen of a width."""
    runner = CliRunner(env={"COLUMNS": str(width)})
    return runner.invoke(app, ["show", str(plan)]).stdout


def _cells(output: str) -> list[str]:
    return [cell.strip() for line in output.splitlines() for cell in line.split("│")]


@pytest.mark.parametrize("width", [20, 40, 60])
def test_words_wrap_first_then_rows_become_lists(width: int) -> None:
    """At 20 columns each row is a list of headings and cells."""
    made = table("Title", "material", "cost", "interest and fees")
    made.add_row("タンタル of the second year", "$1.23 bn", "-$4,560.12")
    made.caption = "A note."
    page = io.StringIO()
    console = Screen(file=page, width=width)
    console.print(fitted(made, width))
    lines = page.getvalue().splitlines()
    assert all(cell_len(line) <= width for line in lines)
    assert any("$1.23 bn" in line for line in lines)
    assert any("-$4,560.12" in line for line in lines)
    assert "A note." in page.getvalue()
