"""README is true: its commands run, its outputs occur, what it names is there.

A block `console` is run, command by command, with the program; each line that it shows
must be in the output, in that order, and `...` stands for lines left out.
"""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from models.instance import Instance
from service.app import create_app
from service.casefiles import shipped_names
from service.cli.application import app
from service.cli.exit_status import ExitStatus
from tests.house.conftest import ROOT, Blocks

LINK = re.compile(r"\]\((?!https?:)([^)#]+)\)")
PATH = re.compile(r"`((?:models|optimizer|service|tests)/[^`\s]*)`")
COMMANDS = {str(command.name) for command in app.registered_commands}
GROUPS = {
    (str(group.name), str(command.name))
    for group in app.registered_groups
    if group.typer_instance is not None
    for command in group.typer_instance.registered_commands
}
PROGRAM = "strongroom"


def outputs(console: str) -> list[tuple[list[str], list[str]]]:
    """Return the words of each command of a block, and the lines shown below it."""
    shown: list[tuple[list[str], list[str]]] = []
    for line in console.splitlines():
        if line.startswith("$ "):
            shown.append((shlex.split(line.removeprefix("$ ")), []))
        elif line != "...":
            shown[-1][1].append(line)
    return shown


def in_order(shown: list[str], output: str) -> list[str]:
    """Return the lines that the output does not have after the one before."""
    lines = iter(line.rstrip() for line in output.splitlines())
    return [line for line in shown if line not in lines]


def test_what_is_shown_is_what_is_printed(
    blocks: Blocks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each command of a console block prints the lines below it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    for _, console in (block for block in blocks if block[0] == "console"):
        for (program, *words), shown in outputs(console):
            assert program == PROGRAM
            output = CliRunner().invoke(app, words).output
            assert in_order(shown, output) == [], " ".join(words)


def test_every_command_is_named(readme: str) -> None:
    """README knows the commands of the program, and no others."""
    named = re.findall(rf"(?:`|\$ |/){PROGRAM} ([a-z-]+)", readme)
    assert set(named) == COMMANDS | {group for group, _ in GROUPS}
    groups = "|".join({group for group, _ in GROUPS})
    parts = re.findall(rf"`{PROGRAM} ({groups}) ([a-z]+)", readme)
    assert set(parts) == GROUPS


def test_every_option_that_is_named_exists(readme: str) -> None:
    """An option in the text is one of some command."""
    words = [*((name,) for name in COMMANDS), *GROUPS]
    helps = [CliRunner().invoke(app, [*name, "--help"]).output for name in words]
    named = set(re.findall(r"`(--[a-z-]+)", readme))
    assert {option for option in named if not any(option in x for x in helps)} == set()


def test_every_target_of_make_that_is_named_exists(readme: str) -> None:
    """`make demo` and the like are targets."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", readme, re.MULTILINE)) <= targets


def test_everything_linked_or_named_by_its_path_exists(readme: str) -> None:
    """No link and no path leads nowhere."""
    named = {*LINK.findall(readme), *PATH.findall(readme)}
    assert {path for path in named if not (ROOT / path).exists()} == set()


def test_every_shipped_case_is_named(readme: str) -> None:
    """The cases that ship are introduced."""
    assert [name for name in shipped_names() if name not in readme] == []


@pytest.mark.parametrize("status", list(ExitStatus))
def test_every_exit_status_is_explained(readme: str, status: ExitStatus) -> None:
    """The table has a row for it."""
    assert f"\n| {status.value} | " in readme


def test_every_section_of_a_case_is_explained(readme: str) -> None:
    """The table names each field of a case."""
    table = readme.partition("## The case file")[2].partition("## HTTP API")[0]
    fields = Instance.model_fields
    assert [field for field in fields if f"`{field}`" not in table] == []


def test_every_request_is_explained(readme: str) -> None:
    """The table has the methods and paths of the interface, and no others."""
    paths = create_app().openapi()["paths"]
    served = {f"{verb.upper()} {path}" for path in paths for verb in paths[path]}
    # `GET /cases/{content_hash}` and the like; the log and others after a path too.
    named = set(re.findall(r"`((?:GET|POST) /[^`]*)`", readme))
    assert named == served


def test_the_tree_is_the_tree(blocks: Blocks) -> None:
    """What it shows is there; no folder of the three packages is left out."""
    (tree,) = (text for kind, text in blocks if kind == "tree")
    shown: set[Path] = set()
    top = Path()
    for line in tree.splitlines():
        folder = Path(line.split()[0])
        top = top if line.startswith(" ") else folder
        shown.add(top / folder if line.startswith(" ") else top)
    assert {path for path in shown if not (ROOT / path).is_dir()} == set()
    there = {
        path.parent.relative_to(ROOT)
        for package in ("models", "optimizer", "service")
        for path in (ROOT / package).glob("**/__init__.py")
    }
    assert {path for path in there if len(path.parts) <= len(("a", "b"))} <= shown
