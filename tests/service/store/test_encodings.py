"""Databases of PostgreSQL as others have set them up."""

import datetime as dt
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import URL

from service.app import create_app
from service.errors import StoreUnusableError
from service.settings import Settings
from service.store.opening import opened_store, visited_store
from tests.postgres import Postgres
from tests.service.fake_solver import SOLVER
from tests.service.waiting import wait_until

NAME = "Gallium \N{EM DASH} \N{CJK UNIFIED IDEOGRAPH-9271} \N{ROCK}"


def settings_of(url: URL) -> Settings:
    """Return the settings of a server with a worker and that database."""
    text = url.render_as_string(hide_password=False)
    return Settings(database_url=SecretStr(text), has_worker=True)


@pytest.mark.parametrize("encoding", ["LATIN1", "WIN1252", "EUC_JP"])
def test_an_encoding_that_does_not_hold_all_text_is_refused(
    postgres: Postgres, encoding: str
) -> None:
    """At the start, with the encoding and a statement that helps."""
    with postgres.encoded(encoding) as url:
        for opened in (opened_store, visited_store):
            with (
                pytest.raises(StoreUnusableError, match=rf"{encoding}.*'UTF8'"),
                opened(settings_of(url)),
            ):
                pass


@pytest.mark.parametrize(
    ("encoding", "of_the_database", "of_the_environment"),
    [
        ("SQL_ASCII", {"client_encoding": "SQL_ASCII"}, {}),
        (
            "UTF8",
            {
                "datestyle": "'SQL, DMY'",
                "timezone": "'Asia/Kolkata'",
                "client_encoding": "LATIN1",
            },
            {},
        ),
        (
            "UTF8",
            {},
            {
                "PGDATESTYLE": "German",
                "PGTZ": "Asia/Kolkata",
                "PGCLIENTENCODING": "LATIN1",
            },
        ),
    ],
)
def test_settings_of_others_change_nothing(
    postgres: Postgres,
    tiny_case: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    encoding: str,
    of_the_database: dict[str, str],
    of_the_environment: dict[str, str],
) -> None:
    """A case with any text is solved, and its times are in UTC."""
    for name, value in of_the_environment.items():
        monkeypatch.setenv(name, value)
    began = dt.datetime.now(dt.UTC)
    with (
        postgres.encoded(encoding, **of_the_database) as url,
        TestClient(
            create_app(settings_of(url), solver=SOLVER), "http://localhost"
        ) as client,
    ):
        case = client.post("/v1/cases", json=tiny_case | {"name": NAME}).json()
        href = client.post("/v1/jobs", json={"case": case["hash"]}).json()["href"]
        wait_until(lambda: client.get(href).json()["finished_at"] is not None)
        job = client.get(href).json()
        listed = client.get("/v1/cases").json()["items"]
    assert job["state"] == "SUCCEEDED"
    assert [it["name"] for it in listed] == [NAME]
    created = dt.datetime.fromisoformat(job["created_at"])
    assert began <= created <= dt.datetime.now(dt.UTC)
