"""strongroom serve: what it is started with."""

from pathlib import Path

import pytest

from tests.service.cli.conftest import Strongroom


def test_a_data_directory_that_is_a_file_is_refused(
    strongroom: Strongroom, tmp_path: Path
) -> None:
    """The status is 2, and the message names it."""
    path = tmp_path / "file"
    path.touch()
    result = strongroom("serve", "--data-dir", path)
    assert result.exit_code == 2
    assert str(path) in result.stderr


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_a_wrong_port_is_refused(
    strongroom: Strongroom, tmp_path: Path, port: str
) -> None:
    """The status is 2 before anything is made."""
    result = strongroom("serve", "--data-dir", tmp_path / "data", "--port", port)
    assert result.exit_code == 2
    assert not (tmp_path / "data").exists()
