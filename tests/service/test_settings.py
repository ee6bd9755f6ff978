from pathlib import Path

import pytest
from pydantic import ValidationError

from service.settings import Settings, networks_of
from tests.service.processes import ran


def test_the_data_directory_is_in_the_working_directory() -> None:
    """Without any setting the folder is strongroom-data."""
    assert Settings().database_file == Path("strongroom-data/strongroom.sqlite3")


def test_the_environment_sets_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables have the prefix STRONGROOM_."""
    monkeypatch.setenv("STRONGROOM_NUMBER_OF_SLOTS", "3")
    assert Settings().number_of_slots == 3


def test_arguments_precede_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """An option of the command line wins."""
    monkeypatch.setenv("STRONGROOM_PORT", "9000")
    assert Settings(port=9001).port == 9001


def test_a_setting_out_of_range_is_refused() -> None:
    """No slot at all would leave every job waiting."""
    with pytest.raises(ValidationError, match="number_of_slots"):
        Settings(number_of_slots=0)


def test_networks_that_are_set_are_those_that_are_read() -> None:
    """What one of both refuses, such as a comma too many, the other does too."""
    assert networks_of(Settings(webhook_networks=" ").webhook_networks) == ()
    both = Settings(webhook_networks="10.1.0.0/16, fd00::/8").webhook_networks
    assert [str(x) for x in networks_of(both)] == ["10.1.0.0/16", "fd00::/8"]
    for wrong in ("10.1.0.0/16,", ",", "10.1.0.0/16,,fd00::/8", "10.1"):
        with pytest.raises(ValidationError, match="webhook_networks"):
            Settings(webhook_networks=wrong)
        with pytest.raises(ValueError, match="network"):
            networks_of(wrong)


def test_a_secret_may_be_in_a_file(tmp_path: Path) -> None:
    """The environment goes before it; what else is in the folder is left alone."""
    url = "postgresql+psycopg://me:hunter2@host/name"
    (tmp_path / "strongroom_database_url").write_text(f"{url}\n")
    (tmp_path / "strongroom_log_level").write_text("error")
    (tmp_path / "another").write_text("secret")
    program = (
        "from service.settings import Settings; settings = Settings();"
        "print(settings.database_url.get_secret_value(), settings.log_level)"
    )
    ended = ran(
        program, CREDENTIALS_DIRECTORY=str(tmp_path), STRONGROOM_LOG_LEVEL="debug"
    )
    assert ended.stdout.split() == [url, "debug"]
