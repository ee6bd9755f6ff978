"""strongroom accounts: the first administrator, keys, and what a server then asks."""

import json
import shutil
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from service.app import create_app
from service.settings import Settings
from tests.service.cli.conftest import strongroom

MANAGER, PLANNER = ("--role", "manager"), ("--role", "participant_planner")


@pytest.fixture
def folder(tmp_path: Path, migrated_file: Path) -> Path:
    """Return the data directory of an empty store."""
    path = tmp_path / "data"
    path.mkdir()
    shutil.copy(migrated_file, path)
    return path


def accounts(*words: object, folder: Path) -> dict[str, object]:
    """Return the answer of a command that succeeds."""
    result = strongroom("accounts", *words, "--data-dir", folder, "--json")
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.stdout))


def status_with(folder: Path, key: object) -> int:
    """Return how a server of the store answers to a key."""
    settings = Settings(data_directory=folder, has_worker=False)
    with TestClient(create_app(settings), "http://localhost") as client:
        headers = {"Authorization": f"Bearer {key}"}
        return client.get("/v1/audit", headers=headers).status_code


def test_the_first_administrator_is_made_on_the_machine(tmp_path: Path) -> None:
    """The key is printed alone, so that a script can take it; lists do not have it.

    The store is made with the account.
    """
    folder = tmp_path / "new"
    accounts("add", "ada", "--role", "administrator", folder=folder)
    result = strongroom("accounts", "add-key", "ada", "--data-dir", folder)
    key = result.stdout.strip()
    assert result.stdout == f"{key}\n"
    assert status_with(folder, key) == 200
    assert status_with(folder, "none") == 401
    listed = strongroom("accounts", "keys", "--data-dir", folder).stdout
    assert key.split("_")[1] in listed
    assert key not in listed


def test_a_key_is_rotated_and_revoked(folder: Path) -> None:
    """Without an overlap the old key ends at once."""
    accounts("add", "ada", "--role", "auditor", folder=folder)
    old = accounts("add-key", "ada", "--days", 30, folder=folder)
    rotate = ("rotate-key", old["prefix"], "--overlap-hours", 0)
    new = accounts(*rotate, folder=folder)
    assert [status_with(folder, x["key"]) for x in (old, new)] == [401, 200]
    accounts("revoke-key", new["prefix"], folder=folder)
    assert status_with(folder, new["key"]) == 401
    rotated = strongroom("accounts", *rotate, "--data-dir", folder)
    assert rotated.exit_code == 2
    assert "expected a key that is valid" in rotated.stderr


def test_accounts_are_listed_and_disabled(folder: Path) -> None:
    """A disabled account stays in the list, with the time."""
    accounts("add-organisation", "others", folder=folder)
    known = accounts("organisations", folder=folder)["organisations"]
    assert [x["organisation"] for x in known] == ["default", "others"]  # type: ignore[attr-defined]
    of_others = ("--organisation", "others")
    accounts("add", "ada", "--role", "manager", *of_others, folder=folder)
    accounts("disable", "ada", folder=folder)
    (listed,) = accounts("list", folder=folder)["accounts"]  # type: ignore[misc]
    assert (listed["account"], listed["role"]) == ("ada", "manager")
    assert listed["disabled"] is not None
    shown = strongroom("accounts", "list", "--data-dir", folder).stdout
    headings, cells = (
        [x.strip() for x in line.strip("│┃").split(line[0])]
        for line in shown.splitlines()
        if line[:1] in {"│", "┃"}
    )
    assert headings == [
        "account",
        "organisation",
        "role",
        "participant",
        "added",
        "disabled",
        "linked with",
    ]
    assert cells[:4] == ["ada", "others", "manager", ""]
    assert cells[5].startswith("20")


def test_a_planner_is_of_one_participant(folder: Path) -> None:
    """Its account is listed with it."""
    role = ("--role", "participant_planner")
    added = accounts("add", "ada", *role, "--participant", "gm", folder=folder)
    assert added["participant"] == "gm"
    (listed,) = accounts("list", folder=folder)["accounts"]  # type: ignore[misc]
    assert (listed["role"], listed["participant"]) == ("participant_planner", "gm")


def test_accounts_are_linked_with_identities(folder: Path) -> None:
    """An identity is that of one account; the audit log has each change."""
    for name in ("ada", "bob"):
        accounts("add", name, "--role", "manager", folder=folder)
    identity = ("--issuer", "https://login.example", "--subject", "4711")
    accounts("link", "ada", *identity, folder=folder)
    again = strongroom("accounts", "link", "bob", *identity, "--data-dir", folder)
    assert again.exit_code == 2
    assert "one that is linked with no account" in again.stderr
    other = strongroom("accounts", "unlink", "bob", *identity, "--data-dir", folder)
    assert other.exit_code == 2
    assert linked(folder) == ["4711 of https://login.example", ""]
    accounts("unlink", "ada", *identity, folder=folder)
    assert linked(folder) == ["", ""]
    logged = strongroom("store", "audit", "--data-dir", folder, "--json")
    entries = [x for x in json.loads(logged.stdout)["entries"] if "link" in x["verb"]]
    assert {(x["verb"], x["noun"], x["name"]) for x in entries} == {
        (verb, noun, name)
        for verb in ("link", "unlink")
        for noun, name in (("account", "ada"), ("identity", "4711"))
    }


def linked(folder: Path) -> list[object]:
    """Return the identities of each account, as listed."""
    listed = accounts("list", folder=folder)["accounts"]
    return [x["linked_with"] for x in listed]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("link", "ada", "--issuer", "i", "--subject", ""), "visible characters"),
        (("add", "ada", "--role", "manager"), "a name that is not taken"),
        (("add", "", "--role", "manager"), "visible characters"),
        (("add-key", "nobody"), "the name of an account"),
        (("add", "bob", *PLANNER), "the identifier that the participant"),
        (("add", "bob", *PLANNER, "--participant", "g m"), "the identifier that"),
        (("add", "bob", *MANAGER, "--participant", "gm"), "only for participant_pl"),
        (("disable", "nobody"), "the name of an account"),
        (("revoke-key", "nothing"), "the prefix of a key"),
    ],
)
def test_a_mistake_is_named(folder: Path, words: tuple[str, ...], reason: str) -> None:
    """The status is 2, and nothing is changed."""
    accounts("add", "ada", "--role", "manager", folder=folder)
    result = strongroom("accounts", *words, "--data-dir", folder)
    assert result.exit_code == 2
    assert reason in result.stderr
    assert len(accounts("list", folder=folder)["accounts"]) == 1  # type: ignore[arg-type]


def test_other_machines_are_not_let_in_without_accounts(folder: Path) -> None:
    """The status is 2 before a server or worker starts; the message says what to do."""
    words = ("serve", "--data-dir", folder, "--host", "0.0.0.0", "--port", 0)  # noqa: S104
    result = strongroom(*words)
    assert result.exit_code == 2
    assert "strongroom accounts add" in " ".join(result.stderr.split())
    assert "0.0.0.0" in result.stderr  # noqa: S104
