"""One page has every setting of the service, with its default and its meaning."""

import re

import pytest

from service.settings import ENVIRONMENT_PREFIX, Settings
from tests.house.conftest import PAGES, ROOT, text_of

PAGE = ROOT / "deploy" / "ENVIRONMENT.md"


@pytest.mark.parametrize("name", Settings.model_fields)
def test_a_setting_is_documented(name: str) -> None:
    """Its row has the description of its declaration."""
    field = Settings.model_fields[name]
    variable = f"{ENVIRONMENT_PREFIX}{name.upper()}"
    default = "none" if field.default is None else f"`{field.default}`"
    row = f"| `{variable}` | {default} | {field.description} |"
    assert row in text_of(PAGE)


def test_nothing_else_is_documented() -> None:
    """No page has a row for a setting that was given up, or a second list."""
    row = re.compile(rf"^\| `{ENVIRONMENT_PREFIX}", re.MULTILINE)
    found = {page: len(row.findall(text_of(page))) for page in PAGES}
    assert found.pop(PAGE) == len(Settings.model_fields)
    assert set(found.values()) == {0}
