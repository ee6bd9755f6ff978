from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from fastapi.testclient import TestClient

from models.instance import Instance
from models.reading import read_instance
from service.api.formats import WORKBOOK
from service.csv_folder.writing import case_as_csv_files
from service.workbook.writing import case_as_workbook

on_sqlite = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)

Case = dict[str, Any]


def test_a_new_case(client: TestClient, tiny_case: Case, instance: Instance) -> None:
    """The answer is 201 with Location."""
    answer = client.post("/v1/cases", json=tiny_case)
    assert (answer.status_code, answer.headers["location"]) == (
        201,
        f"/v1/cases/{instance.content_hash}",
    )


def test_the_same_content_is_the_same_case(
    client: TestClient, tiny_case: Case, case_hash: str
) -> None:
    """However it is written, it is there already."""
    answer = client.post("/v1/cases", json=dict(reversed(tiny_case.items())))
    assert (answer.status_code, answer.json()["hash"]) == (200, case_hash)


def test_a_stored_case(client: TestClient, case_hash: str, instance: Instance) -> None:
    """What is read is what was given, with every default spelled out."""
    answer = client.get(f"/v1/cases/{case_hash}")
    assert read_instance(answer.json()) == instance


@on_sqlite
def test_a_case_the_client_has_is_not_sent(client: TestClient, case_hash: str) -> None:
    """Content under a hash never changes."""
    tag = client.get(f"/v1/cases/{case_hash}").headers["etag"]
    answer = client.get(f"/v1/cases/{case_hash}", headers={"If-None-Match": tag})
    assert (answer.status_code, answer.content) == (304, b"")


@on_sqlite
def test_an_unknown_case_is_a_problem(client: TestClient) -> None:
    """The answer is 404 and names what was not found."""
    answer = client.get("/v1/cases/0000")
    assert (answer.status_code, answer.json()["type"]) == (
        404,
        "/docs/problems#case-not-found",
    )


@on_sqlite
def test_all_mistakes_of_a_case_are_listed(client: TestClient, tiny_case: Case) -> None:
    """One answer has them all, each with path, value and what was expected."""
    tiny_case["materials"][0]["storage_class"] = "wet"
    tiny_case["routes"][0]["share"] = -1
    tiny_case["colour"] = "blue"
    answer = client.post("/v1/cases", json=tiny_case)
    found = {(x["path"], x["value"]) for x in answer.json()["mistakes"]}
    assert (answer.status_code, found) == (
        422,
        {
            ("materials[gallium].storage_class", "wet"),
            ("routes[gallium-chn].share", -1),
            ("colour", "blue"),
        },
    )


@on_sqlite
def test_a_mistaken_case_is_not_stored(client: TestClient, tiny_case: Case) -> None:
    """A refusal leaves nothing behind."""
    client.post("/v1/cases", json=tiny_case | {"colour": "blue"})
    assert client.get("/v1/cases").json()["items"] == []


@on_sqlite
def test_a_case_that_is_no_object_is_refused(client: TestClient) -> None:
    """A list is JSON, but no case."""
    answer = client.post("/v1/cases", json=[1, 2])
    assert (answer.status_code, answer.json()["mistakes"][0]["path"]) == (422, "case")


def test_cases_are_listed_latest_first_in_pages(
    client: TestClient, other_case: Callable[[str], Case]
) -> None:
    """Following `next` gives every case once."""
    for name in "abc":
        client.post("/v1/cases", json=other_case(name))
    path, names = "/v1/cases?limit=2", list[list[str]]()
    while path:
        page = client.get(path).json()
        names.append([case["case_id"] for case in page["items"]])
        path = page["next"]
    assert names == [["c", "b"], ["a"]]


@on_sqlite
def test_products_nested_deep_are_refused(client: TestClient, tiny_case: Case) -> None:
    """A chain of 3,000 components is a mistake of the case."""
    wafer = tiny_case["products"][0]
    chain = [
        {
            "id": f"part{i}",
            "name": "Part",
            "unit": "part",
            "bill_of_materials": [
                {"component": f"part{i + 1}", "quantity_per_unit": 1}
            ],
        }
        for i in range(3000)
    ]
    chain[-1]["bill_of_materials"] = wafer["bill_of_materials"]
    wafer["bill_of_materials"] = [{"component": "part0", "quantity_per_unit": 1}]
    answer = client.post("/v1/cases", json=tiny_case | {"products": [wafer, *chain]})
    (mistake,) = answer.json()["mistakes"]
    assert (answer.status_code, answer.json()["status"]) == (422, 422)
    assert (mistake["path"], mistake["value"]) == (
        "products[wafer].bill_of_materials",
        "3001 levels deep",
    )


@on_sqlite
def test_a_case_is_answered_with_its_warnings(
    client: TestClient, tiny_case: Case
) -> None:
    """Also when it is there already; the document and the list have none."""
    tiny_case["events"][0]["country"] = "CHM"
    first = client.post("/v1/cases", json=tiny_case)
    again = client.post("/v1/cases", json=tiny_case)
    assert (first.status_code, again.status_code) == (201, 200)
    (warning,) = first.json()["warnings"]
    assert warning.startswith("events[chn-ban].country: is 'CHM', expected a country")
    assert again.json()["warnings"] == [warning]
    assert "warnings" not in client.get(first.json()["href"]).json()
    (listed,) = client.get("/v1/cases").json()["items"]
    assert "warnings" not in listed


NICHE = "project_vault:niche"


@on_sqlite
def test_a_shipped_case_or_variant_by_name(client: TestClient) -> None:
    """A string in the place of a case; it is stored as if it had been sent."""
    answer = client.post("/v1/cases", json=NICHE)
    assert answer.status_code == 201
    assert answer.json()["case_id"] == NICHE
    assert answer.json()["warnings"] == []
    assert client.get("/v1/cases").json()["items"][0]["case_id"] == NICHE


@on_sqlite
def test_shipped_cases_are_listed_with_their_variants(client: TestClient) -> None:
    """Each with its name for orders, its title and what it is about."""
    listed = client.get("/v1/cases/shipped").json()
    names = [item["case"] for item in listed]
    assert names.index(NICHE) == names.index("project_vault") + 1
    assert {"magnets", "two_materials"} < set(names)
    assert all(item["name"] and item["description"] for item in listed)


@on_sqlite
def test_an_unknown_name_is_a_mistake(client: TestClient) -> None:
    """The nearest names are offered."""
    for name, hint in (("project_valt", "project_vault"), (f"{NICHE}s", "niche")):
        answer = client.post("/v1/cases", json=name)
        assert answer.status_code == 422
        (mistake,) = answer.json()["mistakes"]
        assert f"perhaps {hint}" in mistake["expected"]


@on_sqlite
def test_a_case_is_sent_without_variants(client: TestClient, tiny_case: Case) -> None:
    """They are not lost: the message says who takes them."""
    no_variants: Case = {}
    answer = client.post("/v1/cases", json={**tiny_case, "variants": no_variants})
    assert answer.status_code == 422
    (mistake,) = answer.json()["mistakes"]
    assert mistake["path"] == "variants"
    assert "POST /v1/batches" in mistake["expected"]


@on_sqlite
def test_a_case_in_a_zip_of_csv_files(
    client: TestClient, instance: Instance, case_hash: str
) -> None:
    """It is the same case; its mistakes are told by file, row and column."""
    headers = {"content-type": "application/zip"}
    files = case_as_csv_files(instance)
    answer = client.post("/v1/cases", content=zipped(files), headers=headers)
    assert (answer.status_code, answer.json()["hash"]) == (200, case_hash)
    del files["case.csv"]
    answer = client.post("/v1/cases", content=zipped(files), headers=headers)
    (mistake,) = answer.json()["mistakes"]
    assert (mistake["path"], mistake["value"]) == ("case.csv", "not there")
    answer = client.post("/v1/cases", content=b"PK no zip", headers=headers)
    assert "a broken zip" in answer.json()["mistakes"][0]["value"]


def zipped(files: dict[str, bytes]) -> bytes:
    """Return files in a folder as a zip."""
    page = BytesIO()
    with ZipFile(page, "w") as parts:
        for name, content in files.items():
            parts.writestr(f"case/{name}", content)
    return page.getvalue()


@on_sqlite
def test_a_case_in_a_workbook(
    client: TestClient, instance: Instance, case_hash: str
) -> None:
    """It is the same case; its mistakes are told by sheet and cell."""
    headers = {"content-type": WORKBOOK}
    sent = client.get(f"/v1/cases/{case_hash}?format=xlsx").content
    assert sent == case_as_workbook(instance)
    answer = client.post("/v1/cases", content=sent, headers=headers)
    assert (answer.status_code, answer.json()["hash"]) == (200, case_hash)
    wrong = instance.model_copy(update={"name": "x", "levels_days_of_cover": (-1.0,)})
    answer = client.post("/v1/cases", content=case_as_workbook(wrong), headers=headers)
    assert answer.status_code == 422
    (mistake,) = answer.json()["mistakes"]
    assert mistake["path"].startswith("Sheet Case, cell B")
    answer = client.post("/v1/cases", content=b"no zip", headers=headers)
    assert answer.status_code == 422
