import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile

import pytest

from service.errors import DamagedBackupError
from service.store.backup.reading import opened_backup
from tests.service.store.backup.rewriting import Content, rewritten


def check(path: Path) -> None:
    """Go through a backup."""
    with opened_backup(path):
        pass


def test_a_backup_that_is_whole_is_taken(backup_file: Path) -> None:
    """Rewritten with its own rows it is valid."""
    check(backup_file)
    check(rewritten(backup_file, lambda _: None))


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_cut_file_is_refused(backup_file: Path, share: float) -> None:
    """What a full disk or a broken transfer leaves is not taken for a backup."""
    content = backup_file.read_bytes()
    backup_file.write_bytes(content[: int(share * len(content))])
    with pytest.raises(DamagedBackupError, match="store backup"):
        check(backup_file)


def test_a_changed_byte_is_refused_wherever_it_is(backup_file: Path) -> None:
    """In the rows, the manifest or the frame; some bytes of the frame mean nothing."""
    with opened_backup(backup_file) as backup:
        right = {x.name: list(backup.rows(x)) for x in backup.manifest.tables}
    content = backup_file.read_bytes()
    refused = 0
    positions = range(0, len(content), max(1, len(content) // 200))
    for position in positions:
        wrong = bytearray(content)
        wrong[position] ^= 0x55
        backup_file.write_bytes(wrong)
        try:
            with opened_backup(backup_file) as backup:
                manifest = backup.manifest
                read = {x.name: list(backup.rows(x)) for x in manifest.tables}
        except DamagedBackupError:
            refused += 1
        else:
            assert read == right
    assert refused > len(positions) / 2


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    """The message has its name and what was expected."""
    path = tmp_path / "nothing"
    with pytest.raises(DamagedBackupError, match=r"nothing: No such file.*a whole"):
        check(path)
    with pytest.raises(DamagedBackupError, match="directory"):
        check(tmp_path)
    with ZipFile(path, "w") as archive:
        archive.writestr("letter.txt", "hello")
    with pytest.raises(DamagedBackupError, match=r"manifest\.json"):
        check(path)


def lie_about_plans(rows: Content) -> None:
    """Put another document under the hash of one."""
    rows["plandocument"][0]["content"] = b64encode(zlib.compress(b"{}")).decode()


def lose_a_content(rows: Content) -> None:
    """Leave a document without its content."""
    rows["plandocument"][0]["content"] = None


@pytest.mark.parametrize("change", [lie_about_plans, lose_a_content])
def test_a_document_that_is_not_what_its_hash_names_is_refused(
    backup_file: Path, change: Callable[[Content], None]
) -> None:
    """Its own claim to be valid changes nothing."""
    with pytest.raises(DamagedBackupError, match="its hash names"):
        check(rewritten(backup_file, change))


def shorten_cases(rows: Content) -> None:
    """Write each case but the first as what differs from the one before it."""
    before: dict[str, Any] = {"base_hash": None}
    for row in rows["casedocument"]:
        whole = json.loads(zlib.decompress(b64decode(row["content"])))
        if "whole" in before:
            differs = {
                key: value
                for key, value in whole.items()
                if value != before["whole"][key]
            }
            assert 0 < len(differs) < len(whole)
            packed = zlib.compress(json.dumps(differs).encode())
            row["content"] = b64encode(packed).decode()
        row["base_hash"] = before.get("content_hash")
        before = {"content_hash": row["content_hash"], "whole": whole}


def shorten_cases_wrongly(rows: Content) -> None:
    """Name another base for the last one."""
    shorten_cases(rows)
    rows["casedocument"][-1]["base_hash"] = "0" * 64


def lie_about_what_differs(rows: Content) -> None:
    """Change what the last one differs in."""
    shorten_cases(rows)
    packed = zlib.compress(b'{"id":"another"}')
    rows["casedocument"][-1]["content"] = b64encode(packed).decode()


def test_a_case_may_be_what_differs_from_another(backup_file: Path) -> None:
    """Its hash is that of the whole."""
    check(rewritten(backup_file, shorten_cases))


@pytest.mark.parametrize("change", [shorten_cases_wrongly, lie_about_what_differs])
def test_what_differs_from_another_is_checked_with_it(
    backup_file: Path, change: Callable[[Content], None]
) -> None:
    """A base that is not there, or a difference that is not that one."""
    with pytest.raises(DamagedBackupError, match="its hash names"):
        check(rewritten(backup_file, change))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"revision": "r9999"}, "newer version"),
        ({"format": 2}, "format"),
    ],
)
def test_a_backup_of_the_future_is_refused(
    backup_file: Path, change: dict[str, object], reason: str
) -> None:
    """The message asks for a newer version."""
    with pytest.raises(DamagedBackupError, match=reason):
        check(rewritten(backup_file, lambda _: None, **change))


def test_a_lost_row_is_refused(backup_file: Path) -> None:
    """The manifest counts them."""
    with ZipFile(backup_file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = "tables/progressline.jsonl"
    members[name] = b"".join(members[name].splitlines(keepends=True)[:-1])
    with ZipFile(backup_file, "w", ZIP_STORED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    listed = json.loads(members["manifest.json"])["tables"]
    (count,) = (x["number_of_rows"] for x in listed if x["name"] == "progressline")
    with pytest.raises(DamagedBackupError, match=f"{count - 1} rows, {count} are"):
        check(backup_file)
