"""strongroom rehearse-history: tables, JSON, kept replays, what a case lacks."""

import json
from pathlib import Path

import pytest

from models.reading import read_instance
from tests import cases
from tests.cases import Case
from tests.plans import empty_plan, financing_period
from tests.service.cli.conftest import strongroom, written

FEW = ("--replan-every", "2", "--scenarios", "3", "--executor", "here")


@pytest.fixture
def followed(tmp_path: Path, tiny_case: Case) -> Path:
    """Return the file of a plan that holds nothing."""
    plan = empty_plan(read_instance(tiny_case)).model_copy(
        update={"financing": tuple(financing_period(t) for t in range(4))}
    )
    return written(tmp_path / "plan.json", plan)


def _with_halt(case: Case, **terms: object) -> Case:
    phases = cases.phase(40, name="halt"), cases.phase(30, availability=0.5)
    cut = cases.disruption(*phases, onset_day=40.0, notice_days=15.0) | terms
    months = cases.horizon(4, period="month")
    return case | {"horizon": months, "replays": [cases.replay("halt", cut)]}


def test_history_is_told_month_by_month(
    followed: Path, tmp_path: Path, tiny_case: Case
) -> None:
    """What happened with its sources, costs, months, and each new plan."""
    sources = {"phases": "row CHN-1 of a table"}
    case = written(tmp_path / "halt.json", _with_halt(tiny_case, sources=sources))
    result = strongroom("rehearse-history", case, followed, *FEW)
    assert result.exit_code == 0, result.output
    for text in (
        "Halt: what happened",
        "It came after notice from 2026-01-26 on, and is over on 2026-04-21.",
        "What is not known yet is expected by the law of: Export ban.",
        "Source: row CHN-1 of a table",
        "Without vault",
        "no figure has an interval",
        "Halt: shortage cost so far",
        "Gallium, tonnes: plan as printed > planned again",
        "Halt: new plans",
        "halt since 2026-02-10: 0 % left",
    ):
        assert text in " ".join(result.output.split())


def test_the_json_is_one_object_and_is_kept(
    followed: Path, tmp_path: Path, tiny_case: Case
) -> None:
    """All months; the same command takes what is kept."""
    case = written(tmp_path / "halt.json", _with_halt(tiny_case))
    kept = tmp_path / "replays.jsonl"
    words = ("rehearse-history", case, followed, *FEW, "--json", "--keep", kept)
    found = json.loads(strongroom(*words).output)
    (halt,) = found["replays"]
    assert [x["period"] for x in halt["periods"]] == [0, 1, 2, 3]
    assert [x["period"] for x in halt["dates"]] == [2]
    assert json.loads(strongroom(*words).output) == found


def test_what_a_case_lacks_is_a_mistake(
    followed: Path, tmp_path: Path, tiny_case: Case
) -> None:
    """With unknown replays, all at once."""
    nowhere = _with_halt(tiny_case, country="FRA")
    case = written(tmp_path / "halt.json", nowhere)
    words = ("--replay", "flood", "--replay", "halt", "--json")
    result = strongroom("rehearse-history", case, followed, *words)
    assert result.exit_code == 2
    mistakes = json.loads(result.output)["mistakes"]
    assert [x["path"] for x in mistakes] == [
        "--replay",
        "CASE.replays[halt].disruptions[0].country",
    ]


def test_a_case_without_history(followed: Path, case_file: Path) -> None:
    """The output reports that there is none."""
    result = strongroom("rehearse-history", case_file, followed, *FEW)
    assert result.exit_code == 0
    assert "no historic replays" in result.output
