"""Text that one database can hold and another one cannot: answers are the same."""

import json
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.cases import Case
from tests.service.api.conftest import End

NAMES = ("a\x0bb", "\N{GRINNING FACE}", "a'b%s{}\\")
TEXTS = ("a\0b", "\ud800", "\N{GRINNING FACE}", "a\nb")
ORDERS: tuple[dict[str, Any], ...] = (
    {"name": "TEXT"},
    {"case": "TEXT"},
    {"variants": [{"name": "TEXT"}]},
    {"variants": [{"name": "a", "set": {"TEXT": 1}}]},
    {"variants": [{"name": "a", "set": {"description": "TEXT"}}]},
    {"variants": [{"name": "a", "patch": {"name": "TEXT"}}]},
    {"grid": ["name=TEXT"]},
    {"grid": ["TEXT=1"]},
)


def test_an_impossible_name_is_not_found(client: TestClient) -> None:
    """A NUL or too many characters: the status is 404."""
    nouns = ("batches", "cases", "evaluations", "jobs", "plans")
    for noun, name in product(nouns, ("%00", 99 * "x")):
        assert client.get(f"/{noun}/{name}").status_code == 404, noun


def test_any_name_of_a_case(client: TestClient, tiny_case: Case) -> None:
    """It comes back to the letter."""
    for name in NAMES:
        tiny_case["name"] = name
        href = client.post("/v1/cases", json=tiny_case).json()["href"]
        assert json.loads(client.get(href).text)["name"] == name


def test_a_nul_in_a_case_is_a_mistake_with_its_path(
    client: TestClient, tiny_case: Case
) -> None:
    """One database would keep it, the other one alter it: neither gets it."""
    tiny_case["materials"][0] |= {"name": "a\0b", "sources": {"a\0": "b"}}
    answer = client.post("/v1/cases", json=tiny_case)
    assert answer.status_code == 422
    found = [(x["path"], x["expected"]) for x in answer.json()["mistakes"]]
    expected = "text without the character NUL"
    paths = ("materials[gallium].sources", "materials[gallium].name")
    assert found == [(path, expected) for path in paths]


@pytest.mark.parametrize("order", [{"name": "a\0"}, {"variants": [{"name": "a\0"}]}])
def test_a_nul_in_the_name_of_an_order_is_a_mistake(
    client: TestClient, case_hash: str, order: dict[str, Any]
) -> None:
    """Batches and variants have names that are stored, too."""
    whole = {"case": case_hash, "grid": ["options.seed=2"], **order}
    answer = client.post("/v1/batches", json=whole)
    assert answer.status_code == 422
    assert "NUL" in answer.text


def test_a_failure_may_have_any_words(client: TestClient, end_job: End) -> None:
    """What cannot be stored of them is left out, not the failure."""
    job_id = end_job("a\0b")
    failure = client.get(f"/v1/jobs/{job_id}").json()["failure"]
    assert failure.replace("\N{REPLACEMENT CHARACTER}", "\0") == "a\0b"


def test_a_report_may_have_any_words(
    client: TestClient, running_job: str, report: Callable[[str], None]
) -> None:
    """It comes back to the letter."""
    report("a\0b")
    assert client.get(f"/v1/jobs/{running_job}").json()["progress"]["stage"] == "a\0b"


def test_an_order_of_a_batch_may_have_any_words(
    client: TestClient, case_hash: str
) -> None:
    """It is stored and can be read, or refused with 404 or 422."""
    headers = {"Content-Type": "application/json"}
    for order, text in product(ORDERS, TEXTS):
        whole = {"case": case_hash, "grid": ["options.seed=2"], **order}
        body = json.dumps(whole).replace("TEXT", json.dumps(text)[1:-1])
        answer = client.post("/v1/batches", content=body, headers=headers)
        assert answer.status_code in {202, 404, 422}, body
        if answer.status_code == 202:
            for path in (answer.json()["href"], answer.json()["variants_href"]):
                assert client.get(path).status_code == 200, body


def test_an_order_of_a_job_may_name_anything(client: TestClient) -> None:
    """Half a surrogate pair is no case."""
    headers = {"Content-Type": "application/json"}
    body = '{"case": "\\ud800"}'
    assert client.post("/v1/jobs", content=body, headers=headers).status_code == 404
