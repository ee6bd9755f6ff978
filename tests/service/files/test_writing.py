"""Whether a file can be written, and that it is written whole."""

import os
from pathlib import Path

import pytest

from models.reading import InvalidCaseError
from service.files.writing import check_writable, write_whole


def test_what_was_there_is_replaced(tmp_path: Path) -> None:
    """Whole, and nothing else is left."""
    path = tmp_path / "file"
    write_whole(b"before", path)
    write_whole(b"after", path)
    assert [(x.name, x.read_bytes()) for x in tmp_path.iterdir()] == [
        ("file", b"after")
    ]


def test_a_check_leaves_what_is_there(tmp_path: Path) -> None:
    """Finding out whether a file can be written does not write it."""
    path = tmp_path / "plan.json"
    path.write_text("before", encoding="utf-8")
    check_writable(path)
    assert path.read_text(encoding="utf-8") == "before"


@pytest.mark.parametrize(
    ("name", "obstacle"),
    [
        ("", "a directory"),
        ("absent/plan.json", "in a folder that is not there"),
        ("file/plan.json", "in a folder that is not there"),
        ("x" * 250, "File name too long"),
        ("x" * 5000, "File name too long"),
    ],
)
def test_a_place_that_cannot_be_written_is_refused(
    tmp_path: Path, name: str, obstacle: str
) -> None:
    """The obstacle is named."""
    (tmp_path / "file").touch()
    with pytest.raises(InvalidCaseError) as caught:
        check_writable(tmp_path / name)
    assert f"is '{obstacle}'" in str(caught.value)


def test_a_device_is_never_replaced() -> None:
    """Writing to /dev/null would put a file in its place."""
    with pytest.raises(InvalidCaseError) as caught:
        check_writable(Path(os.devnull))
    assert "is 'a device, pipe or socket'" in str(caught.value)
