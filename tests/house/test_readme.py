"""README and the pages it leads to are true: commands run, paths and links exist.

A block `console` is run, command by command, with the program; each line that it shows
must be in the output, in that order, and `...` stands for lines left out. A block
`python` is run as a program.
"""

import os
import re
import shlex
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from models.instance import Instance
from models.reading import read_instance
from service.analyses.registry import ANALYSES
from service.api.analyses import order_path
from service.api.own.orders import own_order_path
from service.casefiles import given_case, open_case, shipped_names
from service.cli.application import app
from service.cli.exit_status import ExitStatus
from tests.house.conftest import (
    CHANGELOG,
    PAGES,
    README,
    ROOT,
    blocks,
    linked,
    name_of,
    text_of,
)
from tests.interface import description_of_interface

COMMANDS_PAGE = ROOT / "service/cli/README.md"
REQUESTS_PAGE = ROOT / "service/api/README.md"
PATH = re.compile(r"`((?:deploy|models|optimizer|service|tests|typings)/[^`\s*]*)`")
COMMANDS = {str(command.name) for command in app.registered_commands}
GROUPS = {
    (str(group.name), str(command.name))
    for group in app.registered_groups
    if group.typer_instance is not None
    for command in group.typer_instance.registered_commands
}
PROGRAM = "strongroom"
LARGEST_README_BYTES = 9000
SECTIONS = (
    "Quickstart",
    "A picture of a plan",
    "A case to check by hand",
    "What to read next",
    "The tree",
    "Limits",
)
LONG = 60  # characters of a line that only one page may have
every_page = pytest.mark.parametrize("page", PAGES, ids=name_of)
# The options of other programs are in the pages of deploy and tests.
ours = pytest.mark.parametrize(
    "page",
    [x for x in PAGES if name_of(x).partition("/")[0] not in {"deploy", "tests"}],
    ids=name_of,
)
consoles = pytest.mark.parametrize(
    "page", [page for page in PAGES if blocks(page, "console")], ids=name_of
)


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


@consoles
def test_what_is_shown_is_what_is_printed(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each command of a console block prints the lines below it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    for console in blocks(page, "console"):
        for (program, *words), shown in outputs(console):
            assert program == PROGRAM
            output = CliRunner().invoke(app, words).output
            assert in_order(shown, output) == [], " ".join(words)


def test_the_labels_of_the_quickstart_are_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its figures are those of a machine; its labels are those of any case."""
    monkeypatch.chdir(tmp_path)
    plan, case = "plan.json", "two_materials"
    words = (["solve", case, "--output", plan], ["evaluate", case, plan])
    printed = "".join(CliRunner().invoke(app, line).output for line in words)
    (shown,) = blocks(README, "text")
    labels = re.findall(r"(?m)^│ (.*?) +│", shown)
    assert [label for label in labels if f"│ {label} " not in printed] == []


@pytest.mark.parametrize(
    "program", [text for page in PAGES for text in blocks(page, "python")]
)
def test_an_example_of_the_library_runs(program: str, tmp_path: Path) -> None:
    """A block of Python ends without an error or a warning, and prints something."""
    run = subprocess.run(  # noqa: S603 - the text of a page of the repository
        [sys.executable, "-W", "error", "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout


def test_the_example_of_variants_is_one() -> None:
    """Each change of it leads somewhere in the reference case."""
    (example,) = [x for x in blocks(COMMANDS_PAGE, "yaml") if x.startswith("variants:")]
    base = open_case("project_vault").content
    case = given_case({**base, **yaml.safe_load(example)}, "example")
    assert [read_instance(case.varied(name)).id for name in case.variants] == [
        "project_vault:rare_earths"
    ]


def test_readme_fits_on_a_screen_of_why_and_one_of_how() -> None:
    """It is short, and its sections come in their order."""
    assert README.stat().st_size <= LARGEST_README_BYTES
    assert tuple(re.findall("(?m)^## (.*)$", text_of(README))) == SECTIONS


def test_every_page_is_reached_from_readme() -> None:
    """Each page is linked from README, or from a page that is reached from it."""
    reached, new = set[Path](), {README}
    while new:
        reached |= new
        new = {x for page in new for x in linked(page) & set(PAGES)} - reached
    assert reached == set(PAGES)


@every_page
def test_a_page_begins_with_its_purpose(page: Path) -> None:
    """The first paragraph follows the title."""
    assert re.match(r"# [^\n]+\n\n[A-Z\[`]", text_of(page))


def test_nothing_is_said_in_two_places() -> None:
    """No long line and no row of a table is in two pages."""
    lines = Counter(line for page in PAGES for line in set(text_of(page).splitlines()))
    assert [x for x, number in lines.items() if number > 1 and len(x) > LONG] == []


def test_every_command_is_explained() -> None:
    """The page has a row for each command, and each page names only these."""
    explained = re.findall(
        rf"`{PROGRAM} ([a-z-]+)", "\n".join(_rows(COMMANDS_PAGE, PROGRAM))
    )
    assert set(explained) == COMMANDS | {group for group, _ in GROUPS}
    groups = "|".join({group for group, _ in GROUPS})
    parts = re.findall(rf"`{PROGRAM} ({groups}) ([a-z-]+)", text_of(COMMANDS_PAGE))
    assert set(parts) == GROUPS


@every_page
def test_every_command_that_is_named_exists(page: Path) -> None:
    """A page names no command that was given up."""
    named = re.findall(
        rf"(?:`|\$ |/|^){PROGRAM} ([a-z-]+)", text_of(page), re.MULTILINE
    )
    assert set(named) <= COMMANDS | {group for group, _ in GROUPS}


@ours
def test_every_option_that_is_named_exists(page: Path, every_help: list[str]) -> None:
    """An option in the text is one of some command."""
    named = set(re.findall(r"`(--[a-z-]+)", text_of(page)))
    assert {x for x in named if not any(x in text for text in every_help)} == set()


@pytest.fixture(scope="module")
def every_help() -> list[str]:
    """Return what each command prints for --help."""
    words = [*((name,) for name in COMMANDS), *GROUPS]
    return [CliRunner().invoke(app, [*name, "--help"]).output for name in words]


@every_page
def test_every_target_of_make_that_is_named_exists(page: Path) -> None:
    """`make demo` and the like are targets."""
    makefile = text_of(ROOT / "Makefile")
    targets = set(re.findall(r"(?m)^([a-z-]+):", makefile))
    assert set(re.findall(r"(?m)(?:`|^)make ([a-z-]+)", text_of(page))) <= targets


@every_page
def test_every_link_leads_somewhere(page: Path) -> None:
    """Links within the repository lead to a file or folder."""
    assert {path for path in linked(page) if not path.exists()} == set()


@every_page
def test_every_heading_that_is_linked_exists(page: Path) -> None:
    """What follows # in a link is a heading of the page, as GitHub writes it."""
    for path, anchor in re.findall(r"\]\((?!https?:)([^)#]*)#([^)]+)\)", text_of(page)):
        other = (page.parent / path).resolve() if path else page
        headings = re.findall(r"(?m)^#+ (.*)$", text_of(other))
        anchors = [
            re.sub(r"[^\w -]", "", x).lower().replace(" ", "-") for x in headings
        ]
        assert anchor in anchors


@pytest.mark.parametrize("page", [x for x in PAGES if x != CHANGELOG], ids=name_of)
def test_every_path_that_is_named_exists(page: Path) -> None:
    """Paths are given from the root; the changelog may name those of old."""
    named = PATH.findall(text_of(page))
    assert {path for path in named if not (ROOT / path).exists()} == set()


@every_page
def test_every_function_that_is_named_with_its_file_is_there(page: Path) -> None:
    """`name` in `path/of/module.py` is defined there."""
    named = re.findall(r"`(\w+)` in `([\w/]+\.py)`", text_of(page))
    missing = [x for x, path in named if f"def {x}(" not in text_of(ROOT / path)]
    assert missing == []


def test_each_decision_has_a_number_of_its_own() -> None:
    """Numbers run over all pages, so each is one decision."""
    row = re.compile(r"^\| (\d+) \| .+ \| .+ \| .+ \|$", re.MULTILINE)
    pages = [x for x in PAGES if "| number | decision |" in text_of(x)]
    numbers = Counter(
        number
        for page in pages
        for number in row.findall(text_of(page).partition("| number | decision |")[2])
    )
    assert len(numbers) > 80
    assert {x: n for x, n in numbers.items() if n > 1} == {}


def test_every_shipped_case_is_introduced() -> None:
    """The page of the cases has a row for each."""
    page = text_of(ROOT / "service/cases/README.md")
    assert [name for name in shipped_names() if f"\n| {name} |" not in page] == []


@pytest.mark.parametrize("status", list(ExitStatus))
def test_every_exit_status_is_explained(status: ExitStatus) -> None:
    """The table has a row for it."""
    assert f"\n| {status.value} | " in text_of(COMMANDS_PAGE)


def test_every_section_of_a_case_is_explained() -> None:
    """The table names each field of a case."""
    table = text_of(COMMANDS_PAGE).partition("## The case file")[2]
    fields = Instance.model_fields
    assert [field for field in fields if f"`{field}`" not in table] == []


def test_every_request_is_explained() -> None:
    """The table has the methods and paths of the interface, and no others.

    Orders of analyses stand in it as one pattern: `GET /v1/analyses` lists the names.
    """
    paths = description_of_interface()["paths"]
    served = {f"{verb.upper()} {path}" for path in paths for verb in paths[path]}
    served -= {
        f"POST /v1{path(analysis)}"
        for analysis in ANALYSES.values()
        for path in (order_path, own_order_path)
    }
    request = r"`((?:GET|POST|PUT|PATCH|DELETE) /[^`]*)`"
    named = re.findall(request, text_of(REQUESTS_PAGE))
    by_name = "POST /v1/own/plans/{publication_id}/analyses/{name}"
    assert set(named) - {by_name} == served


def test_the_trees_are_the_tree() -> None:
    """Each folder shown exists; no package and no folder of tests is left out."""
    shown = {
        path for page in PAGES for tree in blocks(page, "tree") for path in _paths(tree)
    }
    assert {path for path in shown if not (ROOT / path).is_dir()} == set()
    packages = {
        path.parent.relative_to(ROOT)
        for package in ("models", "optimizer", "service")
        for path in (ROOT / package).glob("**/__init__.py")
    }
    packages |= {
        path.relative_to(ROOT)
        for path in (ROOT / "tests").iterdir()
        if path.is_dir() and path.name != "__pycache__"
    }
    assert {path for path in packages if len(path.parts) <= len(("a", "b"))} <= shown


def _rows(page: Path, word: str) -> list[str]:
    """Return the rows of tables that begin with a word."""
    return [x for x in text_of(page).splitlines() if x.startswith(f"| `{word}")]


def _paths(tree: str) -> set[Path]:
    """Return the folders of a tree that is indented by one level at most."""
    paths, top = set[Path](), Path()
    for line in tree.splitlines():
        folder = Path(line.split()[0])
        top = top if line.startswith(" ") else folder
        paths.add(top / folder if line.startswith(" ") else top)
    return paths
