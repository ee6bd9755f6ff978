"""strongroom store: backup, restore, show, delete and audit as they are called."""

import json
from collections.abc import Callable, Generator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import text
from typer.testing import Result

from service.app import create_app
from service.clock import Clock
from service.jobs.lease import Lease
from service.jobs.transitions import claim_job
from service.settings import Settings
from service.store.database import Database
from service.store.opening import opened_store
from service.store.workers import WorkerRepository
from tests.cases import Case
from tests.service.cli.conftest import strongroom
from tests.service.fake_solver import ENDLESS_SOLVER, SOLVER
from tests.service.waiting import wait_until

Keeping = Callable[..., Result]
TRIGGERS = "ALTER TABLE reserveentry {} TRIGGER USER"


@pytest.fixture
def keep(
    settings: Settings, store_url: SecretStr | None, monkeypatch: pytest.MonkeyPatch
) -> Keeping:
    """Return `strongroom store` for the store of the settings."""
    monkeypatch.setenv("STRONGROOM_DATA_DIRECTORY", str(settings.data_directory))
    if store_url is not None:
        url = store_url.get_secret_value()
        monkeypatch.setenv("STRONGROOM_DATABASE_URL", url)
    return lambda *words: strongroom("store", *words)


@pytest.fixture
def working(settings: Settings, clock: Clock) -> Generator[TestClient]:
    """Yield a client of a server whose worker's solver never ends by itself."""
    given = settings.model_copy(update={"has_worker": True})
    app = create_app(given, solver=ENDLESS_SOLVER, clock=clock)
    with TestClient(app, "http://localhost") as client:
        wait_until(lambda: client.get("/health").status_code == HTTPStatus.OK)
        yield client


def told(result: Result) -> dict[str, Any]:
    """Return the JSON of a command that succeeded."""
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def states(client: TestClient) -> set[str]:
    """Return in which states jobs are."""
    return {job["state"] for job in client.get("/v1/jobs").json()["items"]}


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_store_is_moved_while_its_server_works(
    keep: Keeping, working: TestClient, tiny_case: Case, tmp_path: Path
) -> None:
    """The new one has the same documents, and its server solves what was not solved.

    Nothing is restored under the server that works.
    """
    case = working.post("/v1/cases", json=tiny_case).json()["hash"]
    order = {"case": case, "options": {"seed": 1}}
    jobs = [working.post("/v1/jobs", json=order).json() for _ in range(2)]
    wait_until(lambda: working.get(jobs[0]["href"]).json()["state"] == "RUNNING")
    file = tmp_path / "strongroom.backup"
    made = told(keep("backup", file, "--json"))
    assert made["rows"]["job"] == 2
    assert made["bytes"] == file.stat().st_size
    other = Settings(data_directory=tmp_path / "other", database_url=None)
    assert keep("restore", file, "--replace").exit_code == 2
    restored = told(_elsewhere(keep, other)("restore", file, "--json"))
    assert (restored["rows"], restored["queued_jobs"]) == (made["rows"], 2)
    with TestClient(create_app(other, solver=SOLVER), "http://localhost") as anew:
        assert (
            anew.get(f"/v1/cases/{case}").text == working.get(f"/v1/cases/{case}").text
        )
        wait_until(lambda: states(anew) == {"SUCCEEDED"})
        entries = anew.get("/v1/audit").json()["items"]
    verbs = [entry["verb"] for entry in entries]
    assert verbs == ["answer", "answer", "restore", "submit", "submit", "put"]
    assert entries[0]["actor"] != "anonymous"


def _elsewhere(keep: Keeping, other: Settings) -> Keeping:
    """Return the same for another folder, with a file of its own."""

    def elsewhere(*words: object) -> Result:
        with pytest.MonkeyPatch.context() as patch:
            patch.delenv("STRONGROOM_DATABASE_URL", raising=False)
            return keep(*words, "--data-dir", other.data_directory)

    return elsewhere


@pytest.fixture
def case_of_client(client: TestClient, tiny_case: Case) -> str:
    """Return the hash of the case that the server has."""
    return str(client.post("/v1/cases", json=tiny_case).json()["hash"])


def test_nothing_is_restored_while_a_worker_lives(
    keep: Keeping,
    client: TestClient,
    case_of_client: str,
    tmp_path: Path,
    database: Database,
    clock: Clock,
) -> None:
    """The status is 2 and the store is as it was; when the worker has gone, it is done.

    A server alone is no obstacle: it goes on with what was restored.
    """
    file = tmp_path / "strongroom.backup"
    assert keep("backup", file).exit_code == 0
    later = client.post("/v1/jobs", json={"case": case_of_client}).json()["href"]
    Lease(database, "a worker", number_of_slots=1, lease_s=60, clock=clock).begin()
    result = keep("restore", file, "--replace")
    assert result.exit_code == 2
    assert "without living workers" in result.stderr
    assert "stop servers and workers first" in result.stderr
    assert client.get(later).status_code == 200
    with database.transaction() as session:
        WorkerRepository(session).remove("a worker")
    assert keep("restore", file, "--replace").exit_code == 0
    assert client.get(later).status_code == 404
    assert client.get(f"/v1/cases/{case_of_client}").status_code == 200


@pytest.mark.parametrize("store_url", [None])
def test_a_damaged_file_makes_no_store(keep: Keeping, tmp_path: Path) -> None:
    """The status is 2 before anything is made."""
    file = tmp_path / "strongroom.backup"
    file.write_bytes(b"PK and then nothing")
    result = keep("restore", file)
    assert result.exit_code == 2
    assert "a whole backup" in result.stderr
    assert not (tmp_path / "data").exists()


def test_a_store_that_has_something_is_replaced_only_if_asked(
    keep: Keeping, settings: Settings, tmp_path: Path
) -> None:
    """The status is 2; --replace does it and records it in the audit log."""
    with opened_store(settings):
        pass
    file = tmp_path / "strongroom.backup"
    empty = told(keep("backup", file, "--json"))
    assert set(empty["rows"].values()) == {0}
    assert keep("restore", file).exit_code == 0
    result = keep("restore", file)
    assert result.exit_code == 2
    assert "--replace" in result.stderr
    assert keep("restore", file, "--replace").exit_code == 0
    (entry,) = told(keep("audit", "--json"))["entries"]
    assert (entry["verb"], entry["noun"]) == ("restore", "store")


@pytest.mark.parametrize("store_url", [None])
def test_a_backup_is_not_the_database(keep: Keeping, settings: Settings) -> None:
    """It would be lost."""
    with opened_store(settings):
        pass
    result = keep("backup", settings.database_file)
    assert result.exit_code == 2
    assert "the database itself" in result.stderr


@pytest.mark.parametrize(
    "words", [["show"], ["audit"], ["backup", "a"], ["delete", "--older-than", "1"]]
)
@pytest.mark.parametrize(
    "store_url", ["empty sqlite", "empty postgresql"], indirect=True
)
def test_no_store_is_made_to_look_into(
    keep: Keeping,
    words: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The status is 2, and the message reports that there is no store."""
    monkeypatch.chdir(tmp_path)
    result = keep(*words)
    assert result.exit_code == 2
    assert "STRONGROOM_DATABASE_URL" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_show_counts_what_the_store_holds(
    keep: Keeping, client: TestClient, case_of_client: str
) -> None:
    """Counts as the interface has them; bytes are more than those of documents."""
    shown = told(keep("show", "--json"))
    tables = {x["name"]: x for x in shown["tables"]}
    assert shown["jobs"] == client.get("/health").json()["number_of_jobs"]
    (case,) = client.get("/v1/cases").json()["items"]
    assert case["hash"] == case_of_client
    assert tables["casedocument"]["rows"] == 1
    assert tables["casedocument"]["oldest"].startswith(case["created_at"][:19])
    size = tables["casedocument"]["document_bytes"]
    assert 0 < size < min(case["number_of_bytes"], shown["bytes"])
    assert (shown["objects"], shown["object_bytes"]) == (0, 0)
    assert "hunter2" not in keep("show").stdout
    assert shown["revision"] in keep("show").stdout


def test_old_jobs_are_deleted_under_a_server(
    keep: Keeping,
    client: TestClient,
    case_of_client: str,
    database: Database,
    clock: Clock,
) -> None:
    """What was cancelled goes; what runs, and the case, stay."""
    order = {"case": case_of_client}
    jobs = [client.post("/v1/jobs", json=order).json() for _ in "ab"]
    with database.transaction() as session:
        assert claim_job(session, jobs[0]["id"], 1, "a worker", clock)
    client.post(f"{jobs[1]['href']}/cancel")
    # The clock of the client's server began in January.
    foreseen = told(keep("delete", "--older-than", 0, "--dry-run", "--json"))
    assert client.get(jobs[1]["href"]).status_code == 200
    deleted = told(keep("delete", "--finished-before", "2026-02-01", "--json"))
    assert deleted["what"] == foreseen["what"]
    counts = {x["noun"]: x["number"] for x in deleted["what"]}
    assert counts.pop("job") == 1
    assert counts == dict.fromkeys(
        ("batch", "evaluation", "analysis", "plan", "case", "object"), 0
    )
    assert client.get(jobs[1]["href"]).status_code == 404
    assert client.get(jobs[0]["href"]).json()["state"] == "RUNNING"
    assert client.get("/v1/audit").json()["items"][0]["name"] == jobs[1]["id"]
    assert jobs[1]["id"] in keep("audit", "--limit", 1).stdout.replace("\n", "")


@pytest.mark.parametrize(
    "words", [[], ["--older-than", "1", "--finished-before", "2026-01-01"]]
)
@pytest.mark.parametrize("store_url", [None])
def test_one_age_is_given(keep: Keeping, settings: Settings, words: list[str]) -> None:
    """Not none, and not two that may differ."""
    with opened_store(settings):
        pass
    result = keep("delete", *words)
    assert result.exit_code == 2
    assert "expected one of them" in result.stderr


def test_the_audit_log_is_verified(
    keep: Keeping, client: TestClient, tiny_case: Case
) -> None:
    """The head that it prints is still in the chain later; another hash is not."""
    client.post("/v1/cases", json=tiny_case)
    noted = told(keep("verify-audit", "--json"))
    assert noted["entries"] == 1
    client.post("/v1/cases", json=tiny_case | {"id": "another"})
    later = told(keep("verify-audit", "--json", "--head", noted["heads"]["default"]))
    assert (later["entries"], later["heads"] == noted["heads"]) == (2, False)
    assert "the chain is whole: 2 entries" in keep("verify-audit").stdout
    refused = keep("verify-audit", "--head", "f" * 64)
    assert refused.exit_code == 2
    assert "entries were removed" in " ".join(refused.stderr.split())


def test_the_ledgers_of_reserves_are_verified(
    keep: Keeping, client: TestClient, tiny_case: Case, settings: Settings
) -> None:
    """An entry that was changed past the database, and an end that is gone."""
    reserve = client.post("/v1/reserves", json={"name": "Vault"}).json()
    head = reserve["head"]
    case_hash = client.post("/v1/cases", json=tiny_case).json()["hash"]
    for _ in range(3):
        body = {"predecessor": head, "kind": "position", "case": case_hash}
        head = client.post(reserve["entries_href"], json=body).json()["hash"]
    found = told(keep("verify-ledger", "--json", "--head", head))
    assert found == {"entries": 3, "heads": {reserve["id"]: head}}
    assert "the ledgers are whole: 1" in keep("verify-ledger").stdout
    alter(settings, "UPDATE reserveentry SET account = 'nobody' WHERE number = 2")
    alter(settings, "DELETE FROM reserveentry WHERE number = 3")
    refused = keep("verify-ledger", "--head", head)
    assert refused.exit_code == 2
    told_wrong = " ".join(refused.stderr.split())
    assert f"reserve {reserve['id']}: is 'entries 2'" in told_wrong
    assert "is '2 entries', expected 3, the last one of them included" in told_wrong
    assert f"--head: is '{head}', expected a hash of a ledger" in told_wrong


def alter(settings: Settings, change: str) -> None:
    """Change a row of a ledger as somebody does who gets past the database."""
    with opened_store(settings) as store, store.database.transaction() as session:
        connection = session.connection()
        if connection.dialect.name == "sqlite":
            for verb in ("UPDATE", "DELETE"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS reserveentry_{verb}"))
            connection.execute(text(change))
            return
        for words in (TRIGGERS.format("DISABLE"), change, TRIGGERS.format("ENABLE")):
            connection.execute(text(words))
