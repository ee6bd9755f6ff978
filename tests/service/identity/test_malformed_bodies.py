"""Hundreds of malformed bodies: each is refused as a problem, and leaves no trace."""

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any, cast

import pytest
import zstandard
from fastapi.testclient import TestClient
from pydantic import SecretStr

from models.instance import Instance
from models.tables import Role
from service.api.context import Context
from service.identity.permissions import RULES
from service.settings import Settings
from service.store.database import Database
from tests.service.identity.belongings import Belongings, belongings_of
from tests.service.identity.conftest import bearer
from tests.service.identity.test_matrix import Operation, operations
from tests.service.store.conftest import Held, held

LIMIT_BYTES = 100_000
JSON = {"Content-Type": "application/json"}
BILLION_LAUGHS = b"a: &a [x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c]\n"
# 100 MB of spaces, which JSON permits around a value.
BOMB = b" " * 100_000_000
# Malformed whatever the operation.
TEXTS: Mapping[str, bytes] = {
    "cut short": b'{"case": "two_mat',
    "two values": b"{} {}",
    "a comma too many": b'{"case": "two_materials",}',
    "single quotes": b"{'case': 'two_materials'}",
    "not a number": b'{"case": NaN}',
    "infinity": b'{"case": -Infinity}',
    "a key twice": b'{"case": "a", "case": "b"}',
    "many digits": b'{"case": ' + b"9" * 10_000 + b"}",
    "beyond all bounds": b'{"nothing": 1e999}',
    "nested deeply": b"[" * 50_000,
    "nested mappings": b'{"case":' * 10_000,
    "bytes of another coding": '{"case": "Österreich"}'.encode("latin-1"),
    "UTF-16": '{"case": "x"}'.encode("utf-16"),
    "half a pair": rb'{"case": "\ud800"}',
    "a key of half a pair": rb'{"\udfff": 1}',
    "a number": b"42",
    "a truth value": b"true",
    "a list": b'["two_materials"]',
    "unknown fields": b'{"__proto__": {"admin": true}}',
    "YAML": BILLION_LAUGHS,
    "markup": b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY y 'z'>]><x>&y;</x>",
    "too large": b'{"case": "' + b"x" * LIMIT_BYTES + b'"}',
}
# A proper value that comes in a wrong way.
HEADERS: Mapping[str, Mapping[str, str]] = {
    "no type": {},
    "text": {"Content-Type": "text/plain"},
    "a form": {"Content-Type": "application/x-www-form-urlencoded"},
    "parts": {"Content-Type": "multipart/form-data; boundary=x"},
    "YAML": {"Content-Type": "application/yaml"},
    "pickle": {"Content-Type": "application/octet-stream"},
    "an unknown coding": {**JSON, "Content-Encoding": "br"},
    "a coding that it has not": {**JSON, "Content-Encoding": "gzip"},
    "two codings": {**JSON, "Content-Encoding": "gzip, gzip"},
}
PACKED: Mapping[str, tuple[str, bytes]] = {
    "gzip, cut short": ("gzip", gzip.compress(b'{"case": "x"}')[:-9]),
    "gzip, changed": ("gzip", gzip.compress(b'{"case": "x"}')[:-4] + b"xxxx"),
    "zstd, cut short": ("zstd", zstandard.compress(b'{"case": "x"}' * 99)[:-3]),
    "a gzip bomb": ("gzip", gzip.compress(BOMB, 1)),
    "a zstd bomb": ("zstd", zstandard.compress(BOMB, 1)),
}
# Of whatever field.
WRONG: Sequence[object] = ("\ud800", {"\ud800": 1}, [[[1]]])


@pytest.fixture
def settings(tmp_path: Path, store_url: SecretStr | None) -> Settings:
    """Return the settings of a server that takes small bodies only."""
    return Settings(
        data_directory=tmp_path / "data",
        database_url=store_url,
        has_worker=False,
        maximum_body_bytes=LIMIT_BYTES,
    )


def malformed(
    operation: Operation, things: Belongings, number: int
) -> Iterator[tuple[str, bytes, Mapping[str, str]]]:
    """Yield name, body and headers of malformed requests to one of the operations.

    One in four of those that are malformed whatever the operation, by its number: all
    operations read their bodies alike.
    """
    proper = operation.body(things)
    whole = json.dumps(proper).encode()
    always: list[tuple[str, bytes, Mapping[str, str]]] = [
        *((name, text, JSON) for name, text in TEXTS.items()),
        *((name, whole, headers) for name, headers in HEADERS.items()),
        *(
            (name, content, {**JSON, "Content-Encoding": coding})
            for name, (coding, content) in PACKED.items()
        ),
    ]
    yield from always[number % 4 :: 4]
    if isinstance(proper, dict):
        fields = cast("dict[str, object]", proper)
        for field, wrong in product(fields, WRONG):
            body = json.dumps(fields | {field: wrong}).encode()
            yield f"{field} = {wrong!r}", body, JSON


def with_bodies(description: Mapping[str, Any]) -> list[Operation]:
    """Return the operations that take a body."""
    described = {
        content["operationId"]
        for methods in description["paths"].values()
        for content in methods.values()
        if "requestBody" in content
    }
    return [x for x in operations() if x.name in described]


def stored(database: Database, folder: Path) -> tuple[Held, dict[str, int]]:
    """Return every row, but of keys when they were last used, and every file."""
    rows = {name: x for name, x in held(database).items() if name != "apikey"}
    files = {
        str(x): x.stat().st_size
        for x in folder.rglob("*")
        if x.is_file() and "sqlite3" not in x.name
    }
    return rows, files


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_malformed_body_is_a_problem_without_effect(
    client: TestClient,
    store_context: Context,
    context: Context,
    instance: Instance,
    keys_of_roles: Mapping[Role, str],
    description: Mapping[str, Any],
) -> None:
    """To every operation that takes a body, by somebody who may call it."""
    things = belongings_of(context, instance)
    store = store_context.database, store_context.settings.data_directory
    before = stored(*store)
    number = 0
    for place, operation in enumerate(with_bodies(description)):
        key = keys_of_roles[min(RULES[operation.name].roles)]
        for name, body, headers in malformed(operation, things, place):
            answer = client.request(
                operation.method,
                things.path(operation.path),
                content=body,
                headers={**bearer(key), **headers},
            )
            told = operation.name, name, answer.status_code, answer.text
            assert 400 <= answer.status_code < 500, told
            assert answer.status_code not in {401, 403, 405, 429}, told
            assert answer.headers["content-type"] == "application/problem+json", told
            problem = answer.json()
            assert problem["status"] == answer.status_code, told
            assert problem["title"], told
            number += 1
    assert number >= 400
    assert stored(*store) == before
