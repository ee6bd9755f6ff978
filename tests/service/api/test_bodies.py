from collections.abc import Generator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from service.api.bodies import read_json
from service.app import create_app
from service.errors import MalformedJsonError
from service.settings import Settings

JSON = {"content-type": "application/json"}


@pytest.fixture
def small_client(tmp_path: Path) -> Generator[TestClient]:
    """Yield a client of a server that accepts 100 bytes."""
    settings = Settings(
        data_directory=tmp_path, maximum_body_bytes=100, has_worker=False
    )
    with TestClient(create_app(settings), "http://localhost") as client:
        yield client


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"a": ', "column 7"),
        (b"", "column 1"),
        (b'{"a": NaN}', "NaN is not a number"),
        (b'{"a": -Infinity}', "-Infinity is not a number"),
        (b'{"a": 1, "b": 2, "a": 3}', "'a' stands twice"),
        (b"[" * 100_000, "nested too deeply"),
        (b"9" * 5_000, "too many digits"),
        (b'{"a": "\xff"}', "UTF-8"),
        ('{"a": 1}'.encode("utf-16"), "UTF-8"),
        (b'{"a": "\xed\xa0\x80"}', "UTF-8"),  # half a surrogate pair
    ],
)
def test_what_is_not_json_is_refused(body: bytes, said: str) -> None:
    """The error has the mistake and, if known, its place."""
    with pytest.raises(MalformedJsonError, match=said):
        read_json(body)


def test_malformed_json_is_a_problem(client: TestClient) -> None:
    """The answer is 400, before anything is looked at."""
    answer = client.post("/v1/cases", content=b'{"id": ', headers=JSON)
    assert (answer.status_code, answer.json()["title"]) == (
        400,
        "The body is not JSON.",
    )


def test_a_number_beyond_all_bounds_is_a_mistake(client: TestClient) -> None:
    """1e999 is JSON, but infinite; the answer quotes it and is JSON itself."""
    answer = client.post("/v1/cases", content=b'{"id": 1e999}', headers=JSON)
    quoted = {x["path"]: x["value"] for x in answer.json()["mistakes"]}
    assert (answer.status_code, quoted["id"]) == (422, "inf")


def test_half_a_surrogate_pair_is_a_mistake(client: TestClient) -> None:
    """No text that UTF-8 cannot carry comes in, or breaks the answer."""
    answer = client.post("/v1/cases", content=rb'{"\ud800": "\ud800"}', headers=JSON)
    assert answer.status_code == 422


def test_a_body_of_another_kind_is_a_problem(client: TestClient) -> None:
    """A form of some other site is not an order."""
    answer = client.post(
        "/v1/cases", content=b"{}", headers={"content-type": "text/plain"}
    )
    assert (answer.status_code, answer.headers["accept-post"]) == (
        415,
        "application/json",
    )


def test_a_body_declared_too_large_is_a_problem(small_client: TestClient) -> None:
    """The answer is 413 and names the limit."""
    answer = small_client.post("/v1/cases", content=b" " * 101, headers=JSON)
    assert answer.status_code == 413
    assert "100 bytes" in answer.json()["detail"]


def test_a_body_that_grows_too_large_is_a_problem(small_client: TestClient) -> None:
    """A body without declared length is counted while it comes."""
    parts = (b" " * 40 for _ in range(3))
    answer = small_client.post("/v1/cases", content=parts, headers=JSON)
    assert answer.status_code == 413


def test_a_body_up_to_the_limit_is_read(small_client: TestClient) -> None:
    """100 bytes are allowed: this one is refused for its content."""
    answer = small_client.post("/v1/cases", content=b"[1]".ljust(100), headers=JSON)
    assert answer.status_code == 422
