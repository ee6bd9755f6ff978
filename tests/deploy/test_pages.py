"""The pages for operators name what is there."""

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from models.failure import FailureKind
from service.app import create_app
from service.settings import Settings
from tests.deploy.deployed import DEPLOY, ROOT

METRICS_PAGE = ROOT / "service" / "README.md"
PAGES = [*DEPLOY.glob("*.md"), METRICS_PAGE]


@pytest.fixture(scope="module")
def metrics(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Return the names of all metrics of a server, without _bucket and the like."""
    settings = Settings(data_directory=tmp_path_factory.mktemp("data"))
    with TestClient(create_app(settings), "http://localhost") as client:
        client.get("/health")
        text = client.get("/metrics").text
    return set(re.findall(r"^# TYPE (strongroom_\w+)", text, re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_metric_that_is_named_exists(page: Path, metrics: set[str]) -> None:
    """Also within an expression."""
    text = page.read_text(encoding="utf-8")
    named = set(
        re.findall(r"\b(strongroom_(?:job|http|oldest|database_up|workers)\w*)", text)
    )
    plain = {re.sub("_(bucket|sum|count)$", "", name) for name in named}
    assert plain - metrics == set()


def test_every_metric_is_explained(metrics: set[str]) -> None:
    """Its page has a row for it; when a series began is the library's."""
    text = METRICS_PAGE.read_text(encoding="utf-8")
    ours = {name for name in metrics if not name.endswith("_created")}
    assert {name for name in ours if f"`{name}" not in text} == set()


@pytest.mark.parametrize("kind", FailureKind)
def test_every_kind_of_failure_is_explained(kind: FailureKind) -> None:
    """The runbook has an entry for each kind of failure but the unknown one."""
    text = (DEPLOY / "RUNBOOK.md").read_text(encoding="utf-8")
    assert (f"`{kind}`" in text) == (kind is not FailureKind.OTHER)
