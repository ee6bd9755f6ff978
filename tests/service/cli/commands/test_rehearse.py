"""strongroom rehearse: tables, JSON, kept paths."""

import json
from pathlib import Path

from tests.service.cli.conftest import strongroom

FEW = ("--paths", "4", "--replan-every", "2", "--scenarios", "3", "--executor", "here")


def test_costs_moves_and_solves_are_told(case_file: Path, solved: Path) -> None:
    """Both ways beside each other, with the bound and the time that it took."""
    result = strongroom("rehearse", case_file, solved, *FEW)
    assert result.exit_code == 0, result.output
    for text in (
        "4 fresh paths, seed 2: planned again every 2 periods on 3 scenarios",
        "Plan as printed",
        "Planned again",
        "Worth of planning again",
        "Clairvoyant (lower bound)",
        "4 solves took",
    ):
        assert text in result.output


def test_kept_paths_are_not_run_again(
    case_file: Path, solved: Path, tmp_path: Path
) -> None:
    """The same command goes on from them; another one does not take them."""
    kept = tmp_path / "paths.jsonl"
    words = ("rehearse", case_file, solved, *FEW, "--json", "--keep", kept)
    whole = json.loads(strongroom(*words).output)
    title, *parts = kept.read_text("utf-8").splitlines(keepends=True)
    assert len(parts) == 4
    kept.write_text("".join([title, *parts[:2]]), encoding="utf-8")
    again = json.loads(strongroom(*words).output)
    assert again["paths"][:2] == whole["paths"][:2]
    assert again["worth"] == whole["worth"]
    other = strongroom(*words, "--seed", "9")
    assert other.exit_code == 2
    assert "same case, plan and options" in other.output


def test_mistakes_name_the_options(case_file: Path, solved: Path) -> None:
    """Before anything is drawn."""
    result = strongroom("rehearse", case_file, solved, "--replan-every", "0")
    assert result.exit_code == 2
    assert "--replan-every" in result.output
