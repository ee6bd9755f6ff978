"""strongroom frontier: what other budgets buy."""

import json
from pathlib import Path

import pytest

from service.files.plans import read_plan
from tests.service.cli.conftest import strongroom

SMALL_BUDGET = ("--set", "materials.beta.minimum_days_of_cover=200")


def test_table_progress_and_picture(tmp_path: Path) -> None:
    """From half to twice 1.5 million in three steps; in the end all is covered."""
    picture = tmp_path / "frontier.svg"
    words = ("--points", 3, "--picture", picture, "--against", "cost_of_holding")
    result = strongroom("frontier", "two_materials", *words)
    assert result.exit_code == 0, result.output
    rows = [line for line in result.stdout.splitlines() if line.startswith("│")]
    cells = [[cell.strip() for cell in row.strip("│").split("│")] for row in rows]
    assert [row[:3] for row in cells[-3:]] == [
        ["$750 k", "$750 k", "$3.50 m"],
        ["$1.50 m*", "$1.50 m", "$2.25 m"],
        ["$3.00 m", "$3.00 m", "$0"],
    ]
    assert cells[-2][-4:] == ["2 of 2", "91", "228", "228"]
    assert cells[-2][4:6] == ["$150 k", "$2.60 m"]
    assert "budget $1.50 m: $2.25 m, gap 0 %" in result.stderr
    assert picture.read_text().startswith("<?xml")


def test_json_is_the_document() -> None:
    """Budgets as they are named, ascending, with the hash of each plan."""
    words = ("--budget", "2e6", "--budget", "1.5e6", "--json")
    result = strongroom("frontier", "two_materials", *words)
    points = json.loads(result.stdout)["points"]
    assert [x["budget_usd"] for x in points] == pytest.approx([1.5e6, 2e6])
    assert [x["is_as_given"] for x in points] == [True, False]
    assert all(len(x["plan_hash"]) == 64 for x in points)
    assert "plan" not in points[0]


def test_plans_are_kept(tmp_path: Path) -> None:
    """Each has the hash of its point; a budget without a plan has no file."""
    folder, picture = tmp_path / "plans", tmp_path / "frontier.svg"
    words = ("--budget", 1e6, "--budget", 1.5e6, "--budget", 2e6, "--json")
    result = strongroom(
        "frontier",
        "two_materials",
        *SMALL_BUDGET,
        *words,
        *("--plans", folder, "--picture", picture),
    )
    answer = json.loads(result.stdout)
    assert answer["picture"] == str(picture)
    assert answer["plans"][0] is None
    for file, point in zip(answer["plans"][1:], answer["points"][1:], strict=True):
        assert read_plan(Path(file)).content_hash == point["plan_hash"]
    assert sorted(x.name for x in folder.iterdir()) == [
        "02_1500000_usd.json",
        "03_2000000_usd.json",
    ]


def test_a_folder_that_cannot_be_is_refused_before_any_work(tmp_path: Path) -> None:
    """A file is in its place."""
    taken = tmp_path / "taken"
    taken.write_text("")
    result = strongroom("frontier", "magnets", "--plans", taken)
    assert result.exit_code == 2
    assert "expected a directory" in result.output


def test_a_budget_that_is_too_small_is_shown_as_such() -> None:
    """One of two has a plan: that is an answer. None has: the status is 3."""
    result = strongroom(
        "frontier", "two_materials", *SMALL_BUDGET, "--budget", 1e6, "--budget", 2e6
    )
    assert result.exit_code == 0
    assert "infeasible" in result.stdout
    assert "minimum_cover[beta]" in result.stdout
    none = strongroom("frontier", "two_materials", *SMALL_BUDGET, "--budget", 1e6)
    assert none.exit_code == 3


@pytest.mark.parametrize(
    ("words", "paths"),
    [
        (("--from", 0, "--to", "nan", "--points", 1), ["--from", "--to", "--points"]),
        (("--from", 2, "--to", 2), ["--to"]),
        (("--to", 1e12), ["--to"]),
        (
            ("--budget", -1, "--to", 2, "--picture", "x.gif"),
            ["--to", "--budget", "x.gif"],
        ),
        (("--set", "financing.loan.limit_usd=0"), ["financing.facilities"]),
        (("--set", "materials.beta.lot_tonnes=-1", "--points", 0), ["lot", "--points"]),
        (("--set", "financing.opening_cash_usd=1e6", "--budget", 1), ["--budget"]),
    ],
)
def test_all_mistakes_are_reported(words: tuple[object, ...], paths: list[str]) -> None:
    """Whether in the case, in the budgets or in the name of the picture."""
    result = strongroom("frontier", "two_materials", *words, "--json")
    assert result.exit_code == 2
    mistakes = json.loads(result.stdout)["mistakes"]
    assert len(mistakes) == len(paths)
    for mistake, path in zip(mistakes, paths, strict=True):
        assert path in mistake["path"]
