"""strongroom pictures: files of a plan over time."""

import json
from pathlib import Path

from tests.service.cli.conftest import strongroom


def test_pictures_are_written(case_file: Path, solved: Path, tmp_path: Path) -> None:
    """Three of them, whose names are printed."""
    made = tmp_path / "made"
    words = ("--directory", made, "--scenarios", 10)
    result = strongroom("pictures", case_file, solved, *words)
    assert result.exit_code == 0, result.output
    names = {path.name for path in made.iterdir()}
    assert names == {"stock.svg", "cost.svg", "shortage.svg"}
    assert all(name.removesuffix(".svg") in result.output for name in names)


def test_json_has_the_figures(case_file: Path, solved: Path, tmp_path: Path) -> None:
    """And the files, here of the other kind."""
    words = ("--directory", tmp_path, "--scenarios", 10, "--format", "png", "--json")
    answer = json.loads(strongroom("pictures", case_file, solved, *words).stdout)
    assert [x["material"] for x in answer["materials"]] == ["gallium"]
    for file in answer["files"].values():
        assert Path(file).read_bytes().startswith(b"\x89PNG")


def test_a_folder_not_to_be_made_is_refused(case_file: Path, solved: Path) -> None:
    """A file is no directory."""
    result = strongroom("pictures", case_file, solved, "--directory", case_file)
    assert result.exit_code == 2
    assert "expected a directory" in result.stderr


def test_a_plan_of_another_case_is_refused(
    case_file: Path, plan_file: Path, tmp_path: Path
) -> None:
    """Nothing is written then."""
    made = tmp_path / "made"
    result = strongroom("pictures", case_file, plan_file, "--directory", made)
    assert result.exit_code == 2
    assert not made.exists()
