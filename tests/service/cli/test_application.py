"""The program as a whole: help, start-up, and the commands without a solver."""

import json
import subprocess
import sys

import pytest
from pydantic import BaseModel

from models.instance import Instance
from models.observation import Observation
from models.orders import Orders
from models.plan import Plan
from service.casefiles import shipped_names
from service.cli.commands import cases
from service.cli.exit_status import ExitStatus
from service.variants.overlay import Overlay
from tests.service.cli.conftest import strongroom

HEAVY = ("pyomo", "highspy", "scipy", "numpy", "fastapi", "uvicorn", "sqlalchemy")


@pytest.mark.parametrize("words", [(), ("solve",)])
def test_the_help_explains_every_exit_status(words: tuple[str, ...]) -> None:
    """Scripts depend on them."""
    text = " ".join(strongroom(*words, "--help").output.split())
    for status in ExitStatus:
        assert f"{status.value} " in text.partition("Exit status: ")[2]


def test_help_loads_no_solver_and_no_web_framework() -> None:
    """The first answer comes at once."""
    code = (
        "import sys; sys.argv = ['strongroom', '--help']\n"
        "from service.cli import main\n"
        "try: main()\n"
        f"finally: print([x for x in {HEAVY!r} if x in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(  # noqa: S603 - this very program
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert "Usage: strongroom" in done.stdout
    assert done.stderr.strip() == "[]"


def test_no_command_is_a_wrong_command_line() -> None:
    """The help is shown, and the status is 2."""
    result = strongroom()
    assert result.exit_code == 2
    assert "Commands:" in result.output


def test_the_version_is_printed() -> None:
    """A version and nothing else."""
    assert strongroom("--version").stdout.strip()[0].isdigit()


def test_shipped_cases_are_listed_with_their_sizes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each has its row; those of two small ones here."""
    names = ("two_materials", "magnets")
    monkeypatch.setattr(cases, "shipped_names", lambda: names)
    result = strongroom("cases")
    assert result.exit_code == 0
    assert all(name in result.stdout for name in names)


def test_shipped_cases_in_json_are_one_object() -> None:
    """With hash and sizes."""
    listed = json.loads(strongroom("cases", "--json").output)["cases"]
    names = [case["id"] for case in listed]
    assert [name for name in names if ":" not in name] == list(shipped_names())
    assert names[names.index("project_vault") + 1] == "project_vault:niche"
    assert all(case["materials"] > 0 for case in listed)


@pytest.mark.parametrize(
    ("words", "model"),
    [
        ((), Instance),
        (("case",), Instance),
        (("plan",), Plan),
        (("variant",), Overlay),
        (("observation",), Observation),
        (("orders",), Orders),
    ],
)
def test_the_schema_is_that_of_the_document(
    words: tuple[str, ...], model: type[BaseModel]
) -> None:
    """The case by default."""
    assert json.loads(strongroom("schema", *words).stdout) == model.model_json_schema()


def test_an_unknown_document_has_no_schema() -> None:
    """The status is 2."""
    assert strongroom("schema", "job").exit_code == 2
