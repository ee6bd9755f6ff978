"""strongroom rehearse-history: tables, JSON, kept replays, what a case lacks."""

import json
from pathlib import Path

from tests import cases
from tests.cases import Case
from tests.service.cli.conftest import strongroom, written

FEW = ("--replan-every", "2", "--scenarios", "3", "--executor", "here")


def _with_halt(case: Case, **terms: object) -> Case:
    phases = cases.phase(40, name="halt"), cases.phase(30, availability=0.5)
    cut = cases.disruption(*phases, onset_day=40.0, notice_days=15.0) | terms
    months = cases.horizon(4, period="month")
    return case | {"horizon": months, "replays": [cases.replay("halt", cut)]}


def test_history_is_told_month_by_month(
    solved: Path, tmp_path: Path, tiny_case: Case
) -> None:
    """What happened with its sources, costs, months, and each new plan."""
    sources = {"phases": "row CHN-1 of a table"}
    case = written(tmp_path / "halt.json", _with_halt(tiny_case, sources=sources))
    result = strongroom("rehearse-history", case, solved, *FEW)
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
    solved: Path, tmp_path: Path, tiny_case: Case
) -> None:
    """All months; the same command takes what is kept."""
    case = written(tmp_path / "halt.json", _with_halt(tiny_case))
    kept = tmp_path / "replays.jsonl"
    words = ("rehearse-history", case, solved, *FEW, "--json", "--keep", kept)
    found = json.loads(strongroom(*words).output)
    (halt,) = found["replays"]
    assert [x["period"] for x in halt["periods"]] == [0, 1, 2, 3]
    assert [x["period"] for x in halt["dates"]] == [2]
    assert json.loads(strongroom(*words).output) == found


def test_what_a_case_lacks_is_a_mistake(
    solved: Path, tmp_path: Path, tiny_case: Case
) -> None:
    """With unknown replays, all at once."""
    nowhere = _with_halt(tiny_case, country="FRA")
    case = written(tmp_path / "halt.json", nowhere)
    words = ("--replay", "flood", "--replay", "halt", "--json")
    result = strongroom("rehearse-history", case, solved, *words)
    assert result.exit_code == 2
    mistakes = json.loads(result.output)["mistakes"]
    assert [x["path"] for x in mistakes] == [
        "--replay",
        "CASE.replays[halt].disruptions[0].country",
    ]


def test_a_case_without_history(solved: Path, case_file: Path) -> None:
    """The output reports that there is none."""
    result = strongroom("rehearse-history", case_file, solved, *FEW)
    assert result.exit_code == 0
    assert "no historic replays" in result.output
