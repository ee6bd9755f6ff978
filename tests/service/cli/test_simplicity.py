"""strongroom solve --simplicity: the table of what fewer tranches cost."""

import json

from typer.testing import CliRunner

from service.cli.application import app


def test_the_table_has_a_row_for_each_limit() -> None:
    """Fewer tranches never cost less than the bound, which is one for all limits."""
    result = CliRunner().invoke(
        app, ["solve", "two_materials", "--simplicity", "--json"]
    )
    assert result.exit_code == 0
    rows = json.loads(result.stdout)["simplicity"]
    assert [row["max_tranches"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert all(
        row["lower_bound_usd"] <= row["objective_usd"] * (1 + 1e-9) for row in rows
    )


def test_people_see_it_too() -> None:
    """The table follows the levels."""
    result = CliRunner().invoke(app, ["solve", "two_materials", "--simplicity"])
    assert "What fewer tranches cost" in result.stdout
