"""README has every setting of the service, with its default and its meaning."""

import pytest

from service.settings import ENVIRONMENT_PREFIX, Settings


@pytest.mark.parametrize("name", Settings.model_fields)
def test_a_setting_is_documented(readme: str, name: str) -> None:
    """Its row says what its declaration says."""
    field = Settings.model_fields[name]
    variable = f"{ENVIRONMENT_PREFIX}{name.upper()}"
    default = "none" if field.default is None else f"`{field.default}`"
    assert f"| `{variable}` | {default} | {field.description} |" in readme


def test_nothing_else_is_documented(readme: str) -> None:
    """No row is of a setting that was given up."""
    rows = [line for line in readme.splitlines() if f"| `{ENVIRONMENT_PREFIX}" in line]
    assert len(rows) == len(Settings.model_fields)
