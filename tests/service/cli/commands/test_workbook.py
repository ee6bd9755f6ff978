"""strongroom workbook: a case that a spreadsheet edits, and every command reads."""

import json
from pathlib import Path

from models.reading import read_instance
from service.casefiles import load
from service.cli.exit_status import ExitStatus
from service.workbook.sheets import grids_of
from tests.plans import empty_plan
from tests.service.cli.conftest import strongroom


def test_a_case_becomes_a_workbook_that_commands_read(tmp_path: Path) -> None:
    """It is the same case; --set changes it before it is written."""
    path = tmp_path / "case.xlsx"
    words = ("two_materials", path, "--set", "financing.loan.limit_usd=7e5", "--json")
    result = strongroom("workbook", *words)
    assert result.exit_code == ExitStatus.SUCCESS
    answer = json.loads(result.stdout)
    assert answer["file"] == {"path": str(path), "bytes": path.stat().st_size}
    case = read_instance(load(str(path)))
    assert case.content_hash == answer["content_hash"]
    assert case.financing.facilities[0].limit_usd == 7e5


def test_a_workbook_has_its_ending(tmp_path: Path) -> None:
    """Spreadsheets open files by it."""
    result = strongroom("workbook", "two_materials", tmp_path / "case.yaml")
    assert result.exit_code == ExitStatus.BAD_INPUT
    assert "expected a name that ends in .xlsx" in result.stderr


def test_what_is_no_workbook_is_told(tmp_path: Path) -> None:
    """The ending alone makes no workbook."""
    path = tmp_path / "case.xlsx"
    path.write_text("id: x")
    result = strongroom("solve", path)
    assert result.exit_code == ExitStatus.BAD_INPUT
    assert "expected an Excel workbook (.xlsx)" in result.stderr


def test_a_plan_becomes_a_workbook_of_its_tables(tmp_path: Path) -> None:
    """A file with what a command adds to a document is read as well."""
    plan, path = tmp_path / "plan.json", tmp_path / "plan.xlsx"
    made = empty_plan(read_instance(load("two_materials")))
    added: dict[str, object] = {**json.loads(made.model_dump_json()), "warnings": []}
    plan.write_text(json.dumps(added), encoding="utf-8")
    result = strongroom("workbook", plan, path, "--json")
    assert json.loads(result.stdout)["content_hash"] == made.content_hash
    names = [grid.name for grid in grids_of(path.read_bytes(), "it")]
    assert {"plan", "plan_levels", "columns"} <= set(names)
    plan.write_text(json.dumps({**added, "levels": 1}), encoding="utf-8")
    assert "levels: is 1, expected" in strongroom("workbook", plan, path).stderr
