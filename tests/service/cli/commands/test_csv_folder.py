"""strongroom csv: a case that a spreadsheet edits, and every command reads."""

import json
from pathlib import Path

from models.reading import read_instance
from service.casefiles import load
from service.cli.exit_status import ExitStatus
from tests.service.cli.conftest import strongroom


def test_a_case_becomes_a_folder_that_commands_read(tmp_path: Path) -> None:
    """It is the same case; a folder of an earlier writing is written again."""
    folder = tmp_path / "case"
    words = ("two_materials", folder, "--decimal", "comma", "--json")
    strongroom("csv", *words)
    result = strongroom("csv", *words, "--set", "financing.loan.limit_usd=7e5")
    assert result.exit_code == ExitStatus.SUCCESS
    answer = json.loads(result.stdout)
    assert answer["folder"]["files"] == len(list(folder.iterdir()))
    case = read_instance(load(str(folder)))
    assert case.content_hash == answer["content_hash"]
    assert case.financing.facilities[0].limit_usd == 7e5


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    """Nothing of them is lost; and it is no case."""
    (tmp_path / "letter.txt").write_text("Dear ...")
    result = strongroom("csv", "two_materials", tmp_path)
    assert result.exit_code == ExitStatus.BAD_INPUT
    assert (
        "expected an empty folder, a new one, or one with a csv.yaml" in result.stderr
    )
    refused = strongroom("solve", tmp_path)
    assert "files: is 'letter.txt', expected those of a case" in refused.stderr


def test_an_assignment_mends_a_cell(tmp_path: Path) -> None:
    """The case is checked after it; other mistakes are told with their cells."""
    folder = tmp_path / "case"
    strongroom("csv", "two_materials", folder)
    routes = folder / "routes.csv"
    text = routes.read_text(encoding="utf-8").replace(",1,,1,", ",one,,1,")
    routes.write_text(text, encoding="utf-8")
    words = ("workbook", folder, tmp_path / "case.xlsx", "--set")
    first = strongroom(*words, "alpha_route.share=1")
    assert "routes.csv, row 3, column K (share): is 'one'" in first.stderr
    assert "row 2" not in first.stderr
    both = ("routes.alpha_route.share=1", "--set", "beta_route.share=1")
    assert strongroom(*words, *both).exit_code == ExitStatus.SUCCESS
