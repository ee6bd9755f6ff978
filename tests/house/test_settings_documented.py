"""Two pages have every setting of the service, with its default and its meaning."""

from pathlib import Path

import pytest

from service.settings import ENVIRONMENT_PREFIX, Settings
from tests.house.conftest import ROOT

PAGES = (ROOT / "README.md", ROOT / "deploy" / "ENVIRONMENT.md")
pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


@pages
@pytest.mark.parametrize("name", Settings.model_fields)
def test_a_setting_is_documented(page: Path, name: str) -> None:
    """Its row says what its declaration says."""
    field = Settings.model_fields[name]
    variable = f"{ENVIRONMENT_PREFIX}{name.upper()}"
    default = "none" if field.default is None else f"`{field.default}`"
    row = f"| `{variable}` | {default} | {field.description} |"
    assert row in page.read_text(encoding="utf-8")


@pages
def test_nothing_else_is_documented(page: Path) -> None:
    """No row is of a setting that was given up."""
    lines = page.read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if f"| `{ENVIRONMENT_PREFIX}" in line]
    assert len(rows) == len(Settings.model_fields)
