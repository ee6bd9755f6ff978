"""strongroom worker: what it is started with."""

from pathlib import Path

import pytest

from tests.service.cli.conftest import Strongroom


@pytest.mark.parametrize("concurrency", ["0", "65", "many"])
def test_a_wrong_number_of_jobs_at_a_time_is_refused(
    strongroom: Strongroom, tmp_path: Path, concurrency: str
) -> None:
    """The status is 2 before anything is made."""
    folder = tmp_path / "data"
    result = strongroom("worker", "--data-dir", folder, "--concurrency", concurrency)
    assert result.exit_code == 2
    assert not folder.exists()


def test_a_wrong_setting_has_the_name_that_it_was_given(
    strongroom: Strongroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the environment it is that of the variable."""
    monkeypatch.setenv("STRONGROOM_LEASE_S", "ten")
    result = strongroom("worker", "--concurrency", "0")
    assert "STRONGROOM_LEASE_S: is 'ten', expected a valid number" in result.stderr
    assert "number_of_slots: is 0, expected greater than or equal" in result.stderr


def test_a_store_that_cannot_be_used_is_told_in_words(
    strongroom: Strongroom, tmp_path: Path
) -> None:
    """The status is 2, and the message names it."""
    path = tmp_path / "file"
    path.touch()
    result = strongroom("worker", "--data-dir", path)
    assert result.exit_code == 2
    assert str(path)[:40] in result.stderr
    assert "Traceback" not in result.stderr
