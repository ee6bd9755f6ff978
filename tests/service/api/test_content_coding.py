"""Answers and bodies in gzip and zstd, within limits."""

import gzip
import json
from collections.abc import Generator
from pathlib import Path

import pytest
import zstandard
from fastapi.testclient import TestClient

from models.content import canonical_json
from models.reading import read_instance
from service.api.bodies import decoded
from service.app import create_app
from service.casefiles import load
from service.errors import BodyTooLargeError, MalformedContentError
from service.settings import Settings


def unpacked_zstd(content: bytes) -> bytes:
    """Return the content of a frame that may not say how long it is."""
    return zstandard.ZstdDecompressor().decompressobj().decompress(content)


UNPACKED = {"gzip": gzip.decompress, "zstd": unpacked_zstd}
PACKED = {"gzip": gzip.compress, "zstd": zstandard.compress}
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Generator[TestClient]:
    """Yield a client of a server that all tests of the module share."""
    data: Path = tmp_path_factory.mktemp("data")
    app = create_app(Settings(data_directory=data, has_worker=False))
    with TestClient(app, "http://localhost") as client:
        yield client


@pytest.fixture(scope="module")
def path(client: TestClient) -> str:
    """Return the path of a case of many kilobytes."""
    return client.post("/v1/cases", json="magnets").json()["href"]


def sent(client: TestClient, path: str, accepted: str) -> tuple[str | None, bytes]:
    """Return the coding and the bytes of an answer as they are sent."""
    with client.stream("GET", path, headers={"Accept-Encoding": accepted}) as answer:
        coding = answer.headers.get("content-encoding")
        return coding, b"".join(answer.iter_raw())


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", "gzip"),
        ("zstd", "zstd"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("*", "zstd"),
        ("zstd;q=0, gzip;q=0.5", "gzip"),
        ("br", None),
        ("gzip;q=0", None),
        ("identity", None),
        ("", None),
    ],
)
def test_an_answer_is_in_a_coding_that_the_client_accepts(
    client: TestClient, path: str, accepted: str, coding: str | None
) -> None:
    """The content is the same in each."""
    _, plain = sent(client, path, "identity")
    found, content = sent(client, path, accepted)
    assert found == coding
    assert coding is None or len(content) < len(plain) / 3
    assert (UNPACKED[coding](content) if coding else content) == plain


def test_each_coding_has_a_tag_of_its_own(client: TestClient, path: str) -> None:
    """Each is known later, whatever the client accepts then."""
    answers = {
        x: client.get(path, headers={"Accept-Encoding": x})
        for x in ("identity", *UNPACKED)
    }
    tags = [x.headers["etag"] for x in answers.values()]
    assert len(set(tags)) == 3
    for answer in answers.values():
        assert answer.headers["vary"] == "Accept, Accept-Encoding"
    for tag in tags:
        for known in (tag, f"W/{tag}", f'"other", {tag}'):
            again = client.get(path, headers={"If-None-Match": known})
            assert (again.status_code, again.headers["etag"]) == (304, tag)
            assert again.headers["vary"] == "Accept, Accept-Encoding"
            assert "content-encoding" not in again.headers


def test_a_tag_of_a_coded_answer_allows_a_change(client: TestClient, path: str) -> None:
    """It is strong, so If-Match takes it."""
    case = path.rpartition("/")[2]
    order = {"case": case, "options": {"seed": 8}}
    job = client.post("/v1/jobs", json=order).json()["href"]
    plain = {"Accept-Encoding": "identity"}
    coded = f'{client.get(job, headers=plain).headers["etag"][:-1]}-gzip"'
    for tag, status in (('"other-gzip"', 412), (coded, 200)):
        answer = client.post(f"{job}/cancel", headers={"If-Match": tag})
        assert answer.status_code == status


def test_other_answers_are_sent_as_they_are(client: TestClient, path: str) -> None:
    """To changes, which may show a secret; short ones."""
    ordered = client.post("/v1/cases", json={})
    assert (ordered.status_code, len(ordered.content) > 1000) == (422, True)
    for answer in (ordered, client.get("/v1/whoami"), client.get("/alive")):
        assert "content-encoding" not in answer.headers
    assert client.get(path).headers["content-encoding"] in UNPACKED


def test_head_is_get_without_content(client: TestClient, path: str) -> None:
    """With the same status and headers, whatever is asked for."""
    for where in (path, "/v1/cases", "/v1/jobs/none", "/v1/nothing", "/v1/whoami"):
        get, head = client.get(where), client.head(where)
        assert head.status_code == get.status_code
        assert head.content == b""
        given = get.headers | {"x-request-id": head.headers["x-request-id"]}
        assert dict(head.headers) == dict(given)


@pytest.mark.parametrize("coding", PACKED)
def test_a_body_may_be_sent_in_a_coding(client: TestClient, coding: str) -> None:
    """It is the same case."""
    whole = canonical_json(read_instance(load("magnets"))).encode()
    headers = JSON | {"Content-Encoding": coding}
    body = PACKED[coding](whole)
    answer = client.post("/v1/cases", content=body, headers=headers)
    assert (
        answer.json()["hash"] == client.post("/v1/cases", json="magnets").json()["hash"]
    )
    for spoilt in (body[: len(body) // 2], b"{}", b""):
        answer = client.post("/v1/cases", content=spoilt, headers=headers)
        assert answer.status_code == 400


@pytest.mark.parametrize("coding", ["br", "deflate", "gzip, gzip", "aes128gcm"])
def test_a_body_in_another_coding_is_refused(client: TestClient, coding: str) -> None:
    """The answer names those that are read."""
    headers = JSON | {"Content-Encoding": coding}
    answer = client.post("/v1/cases", content=b"{}", headers=headers)
    assert answer.status_code == 415
    assert answer.json()["type"] == "/docs/problems#unknown-content-coding"
    assert answer.headers["accept-encoding"] == "gzip, zstd"


@pytest.mark.parametrize("coding", PACKED)
def test_a_bomb_is_not_unpacked(coding: str) -> None:
    """Neither one that is coded once, nor one of many parts."""
    part = PACKED[coding](b" " * 100_000)
    for bomb in (PACKED[coding](b" " * 50_000_000), part * 500):
        assert len(bomb) < 100_000
        with pytest.raises(BodyTooLargeError):
            decoded(bomb, coding, 1_000_000)
    assert decoded(part * 3, coding, 300_000) == b" " * 300_000


def test_a_frame_that_needs_much_memory_is_refused() -> None:
    """A reader would have to keep 128 MiB of it."""
    wide = zstandard.ZstdCompressionParameters(window_log=27)
    packer = zstandard.ZstdCompressor(compression_params=wide).compressobj()
    with pytest.raises(MalformedContentError, match="memory"):
        decoded(packer.compress(json.dumps({}).encode()) + packer.flush(), "zstd", 100)
