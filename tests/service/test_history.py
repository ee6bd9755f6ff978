"""The page on historic rehearsals: its replays, sources and labels are true."""

import json
import re
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from models.disruption import Replay
from models.reading import read_instance
from service.casefiles import load
from service.cli.application import app
from tests import cases
from tests.plans import empty_plan, financing_period

PAGE = Path(__file__).parents[2] / "service" / "cases" / "HISTORY.md"
BLOCK = re.compile(r"^```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"\$ strongroom rehearse-history (\S+) .*--replay (\w+)")
EPISODES = {"rare_earths_2010", "gallium_germanium_2023", "cobalt_2025"}


@cache
def shown() -> tuple[tuple[Replay, str], ...]:
    """Return what the page shows of each replay, with the replay of the case."""
    found: list[tuple[Replay, str]] = []
    for block in BLOCK.findall(PAGE.read_text("utf-8")):
        for command in re.split(r"^(?=\$ )", block, flags=re.MULTILINE):
            if told := COMMAND.match(command):
                case = read_instance(load(told[1]))
                replay = next(x for x in case.replays if x.id == told[2])
                found.append((replay, command))
    return tuple(found)


def test_the_page_shows_each_episode() -> None:
    """With a replay that the case of its command has."""
    assert {replay.id for replay, _ in shown()} == EPISODES


@pytest.mark.parametrize("episode", sorted(EPISODES))
def test_phases_and_sources_are_those_of_the_case(episode: str) -> None:
    """Each phase with days, flow and price, and each source, in the words shown."""
    replay, text = next(x for x in shown() if x[0].id == episode)
    (cut,) = replay.disruptions
    for phase in cut.phases:
        days = f"{phase.law.average_days:g}"
        flow, price = f"{100 * phase.availability:g} %", f"{phase.price_multiplier:.2f}"
        row = rf"│ {phase.name} +│ +{days} │ +{flow} │ x {price} │"
        assert re.search(row, text), row
    words = " ".join(text.split())
    assert f"Source: {cut.sources['phases']}" in words


def test_the_labels_are_those_of_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Headers and words of the costs, on the smallest case with a history."""
    monkeypatch.setenv("COLUMNS", "120")
    cut = cases.disruption(cases.phase(60), onset_day=10.0)
    content = cases.smallest_case() | {"replays": [cases.replay("cut", cut)]}
    case, plan = tmp_path / "case.json", tmp_path / "plan.json"
    case.write_text(json.dumps(content), encoding="utf-8")
    made = empty_plan(read_instance(content)).model_copy(
        update={"financing": tuple(financing_period(t) for t in range(4))}
    )
    plan.write_text(made.model_dump_json(), encoding="utf-8")
    words = ("--replan-every", "2", "--scenarios", "1", "--executor", "here")
    ran = CliRunner().invoke(app, ["rehearse-history", str(case), str(plan), *words])
    assert ran.exit_code == 0, ran.output
    for _, text in shown():
        for label in re.findall(r"(?m)^[┃│] ([A-Za-z][a-z ()]+?) +[┃│]", text):
            assert f" {label} " in ran.output, label
        for header in re.findall(r"(?m)^┃(.*)┃$", text):
            for name in filter(None, map(str.strip, header.split("┃"))):
                assert name in ran.output, name
