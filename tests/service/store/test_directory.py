from pathlib import Path

import pytest

from service.errors import DataDirectoryError
from service.settings import Settings
from service.store.directory import opened_store


def test_a_second_server_is_refused(settings: Settings) -> None:
    """Two servers on one folder would start the same jobs twice."""
    with (
        opened_store(settings),
        pytest.raises(DataDirectoryError, match="another server is using it"),
        opened_store(settings),
    ):
        pass


def test_the_next_server_may_come(settings: Settings) -> None:
    """Leaving frees the folder."""
    with opened_store(settings):
        pass
    with opened_store(settings) as database:
        assert database.engine is not None


def test_a_file_in_the_place_of_the_folder_is_a_clear_error(tmp_path: Path) -> None:
    """The message names the folder."""
    (tmp_path / "data").write_text("")
    with (
        pytest.raises(DataDirectoryError, match="data"),
        opened_store(Settings(data_directory=tmp_path / "data")),
    ):
        pass


def test_a_file_that_is_no_database_is_a_clear_error(settings: Settings) -> None:
    """The message says what the file is not."""
    settings.data_directory.mkdir()
    settings.database_file.write_text("some other file, long enough to be one" * 99)
    with (
        pytest.raises(DataDirectoryError, match="not a database"),
        opened_store(settings),
    ):
        pass
