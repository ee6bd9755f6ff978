"""strongroom serve and strongroom worker: their options and settings."""

import socket
from pathlib import Path

import pytest

from tests.service.cli.conftest import strongroom


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_file_as_data_directory_is_refused(tmp_path: Path, command: str) -> None:
    """The status is 2, and the message names it."""
    path = tmp_path / "file"
    path.touch()
    result = strongroom(command, "--data-dir", path)
    assert result.exit_code == 2
    assert "Traceback" not in result.stderr
    # A long value is cut off.
    assert str(path)[:40] in result.stderr


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_a_wrong_port_is_refused(tmp_path: Path, port: str) -> None:
    """The status is 2 before anything is made."""
    result = strongroom("serve", "--data-dir", tmp_path / "data", "--port", port)
    assert result.exit_code == 2
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "localhost"])  # noqa: S104
def test_a_port_in_use_is_refused(tmp_path: Path, host: str) -> None:
    """The status is 2 before a store is made or a worker starts."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        folder = tmp_path / "data"
        result = strongroom(
            "serve", "--data-dir", folder, "--host", host, "--port", port
        )
    assert result.exit_code == 2
    assert f"{host}:{port}" in result.stderr
    assert "Address already in use" in result.stderr
    assert not folder.exists()


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host", "a" * 100])
def test_an_address_of_another_machine_is_refused(tmp_path: Path, host: str) -> None:
    """Nor can a name be used that leads to no address."""
    folder = tmp_path / "data"
    result = strongroom("serve", "--data-dir", folder, "--host", host, "--port", 0)
    assert result.exit_code == 2
    assert "Traceback" not in result.stderr
    assert not folder.exists()


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("postgresql+psycopg://me:hunter2@127.0.0.1:1/name", "refused"),
        ("mysql://me:hunter2@host/name", "expected sqlite:///FILE or postgresql"),
    ],
)
def test_an_unreachable_database_is_reported(
    monkeypatch: pytest.MonkeyPatch, url: str, reason: str
) -> None:
    """The status is 2; the setting and the reason are there, a password is not."""
    monkeypatch.setenv("STRONGROOM_DATABASE_URL", url)
    result = strongroom("serve")
    assert result.exit_code == 2
    assert "STRONGROOM_DATABASE_URL" in result.stderr
    assert reason in result.stderr
    assert "Traceback" not in result.stderr
    assert "hunter2" not in result.output + result.stderr


@pytest.mark.parametrize("concurrency", ["0", "65", "many"])
def test_a_wrong_concurrency_is_refused(tmp_path: Path, concurrency: str) -> None:
    """The status is 2 before anything is made."""
    folder = tmp_path / "data"
    result = strongroom("worker", "--data-dir", folder, "--concurrency", concurrency)
    assert result.exit_code == 2
    assert not folder.exists()


def test_a_wrong_setting_names_its_source(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the environment it is that of the variable."""
    monkeypatch.setenv("STRONGROOM_LEASE_S", "ten")
    result = strongroom("worker", "--concurrency", "0")
    assert "STRONGROOM_LEASE_S: is 'ten', expected a valid number" in result.stderr
    assert "number_of_slots: is 0, expected greater than or equal" in result.stderr
