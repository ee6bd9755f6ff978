"""Files that are replaced: their mode, and those that can only be written in place."""

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from models.reading import InvalidCaseError
from service.files.writing import check_writable, write_whole


@pytest.mark.parametrize("mode", [0o640, 0o600, 0o664, 0o755])
def test_a_replaced_file_keeps_its_mode(tmp_path: Path, mode: int) -> None:
    """The same accounts can read it as before."""
    path = tmp_path / "plan.json"
    path.write_text("before")
    path.chmod(mode)
    write_whole(b"after", path)
    assert path.read_bytes() == b"after"
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """The file it leads to is replaced."""
    path, link = tmp_path / "plan.json", tmp_path / "latest.json"
    path.write_text("before")
    link.symlink_to(path)
    write_whole(b"after", link)
    assert link.is_symlink()
    assert path.read_bytes() == b"after"


def refuse(number: int) -> Callable[..., None]:
    """Return a function that fails with an error of the system."""

    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize("number", [errno.EBUSY, errno.EACCES, errno.EXDEV])
def test_a_file_that_cannot_be_replaced_is_written_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """A mount point: the same file has the new content, and no draft is left."""
    path = tmp_path / "plan.json"
    path.write_text("a longer text before")
    before = path.stat().st_ino
    monkeypatch.setattr(Path, "replace", refuse(number))
    check_writable(path)
    write_whole(b"after", path)
    assert path.read_bytes() == b"after"
    assert path.stat().st_ino == before
    assert [x.name for x in tmp_path.iterdir()] == ["plan.json"]


def test_a_file_in_a_folder_that_nobody_may_change_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The draft is elsewhere then; a new file is refused at the start."""
    folder = tmp_path / "folder"
    folder.mkdir()
    path = folder / "plan.json"
    path.write_text("before")
    opened, touched = Path.open, Path.touch

    def guarded(act: Callable[..., object]) -> Callable[..., object]:
        def do(self: Path, *words: object, **named: object) -> object:
            if self.parent == folder and not self.exists():
                refuse(errno.EROFS)()
            return act(self, *words, **named)

        return do

    monkeypatch.setattr(Path, "open", guarded(opened))
    monkeypatch.setattr(Path, "touch", guarded(touched))
    monkeypatch.setattr(Path, "replace", refuse(errno.EROFS))
    check_writable(path)
    write_whole(b"after", path)
    assert path.read_bytes() == b"after"
    with pytest.raises(InvalidCaseError, match="Read-only file system"):
        check_writable(folder / "new.json")


@pytest.mark.parametrize("name", ["-", "/dev/stdout", "/dev/fd/2"])
def test_a_standard_stream_is_refused(name: str) -> None:
    """A file of that name in the folder is ./-."""
    with pytest.raises(InvalidCaseError, match="a standard stream"):
        check_writable(Path(name))


def test_a_file_named_by_a_hyphen_needs_its_folder(tmp_path: Path) -> None:
    """Paths with a folder are files."""
    check_writable(tmp_path / "-")
