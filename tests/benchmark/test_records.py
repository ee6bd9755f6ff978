"""Answers are kept with what was asked for."""

import json
from pathlib import Path

from tests.benchmark.case import Case
from tests.benchmark.processes import Answer
from tests.benchmark.records import Records
from tests.benchmark.solving import Solve, Solved, Step


def test_a_line_has_the_request_and_the_log(tmp_path: Path) -> None:
    """The plan is left out: it is long, and another run finds it again."""
    path = tmp_path / "records.jsonl"
    found = Solved(
        seconds=1.0,
        termination="OPTIMAL",
        is_done=True,
        gap=0.0,
        cost_usd=9.0,
        plan="{}",
        log=(Step(0.5, "any", 8.0, 9.0),),
    )
    Records(path).keep(Solve(Case("magnets", 20)), Answer(found, 2.0, 1_000))
    line = json.loads(path.read_text(encoding="utf-8"))
    assert line["request"] == "Solve"
    assert line["asked"]["case"]["scenarios"] == 20
    assert line["answered"]["value"]["log"][0]["upper_bound_usd"] == 9.0
    assert "plan" not in line["answered"]["value"]
