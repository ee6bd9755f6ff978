"""A case is uploaded as a file or a text, and its mistakes are told at once."""

import json
import re

import pytest
import yaml
from fastapi.testclient import TestClient

from models.reading import read_instance
from service.workbook.writing import case_as_workbook
from tests.cases import Case

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
FORM = "/console/cases/upload"
File = tuple[str, bytes]


def found_mistakes(text: str) -> list[str]:
    """Return the places of the mistakes that a page tells."""
    return re.findall(r"<tr><td><code>([^<]+)</code>", text)


@pytest.mark.parametrize("name", ["case.json", "case.yaml", "case", "case.xlsx"])
def test_a_file_of_a_case_is_stored(
    browser: TestClient, tiny_case: Case, name: str
) -> None:
    """Of any kind; what it leads to says what looks misread in it."""
    tiny_case["materials"][0]["emergency_premium"] = 25.0
    if name.endswith(".xlsx"):
        content = case_as_workbook(read_instance(tiny_case))
    else:
        write = yaml.safe_dump if name.endswith(".yaml") else json.dumps
        content = write(tiny_case).encode()
    answer = browser.post(FORM, files={"file": (name, content)}, data={"text": ""})
    assert answer.status_code == 303
    stored = browser.post("/v1/cases", json=tiny_case)
    assert stored.status_code == 200
    assert answer.headers["location"].endswith(stored.json()["hash"])
    warnings = stored.json()["warnings"]
    shown = found_mistakes(browser.get(answer.headers["location"]).text)
    assert len(shown) == len(warnings) > 0


def test_all_mistakes_are_told_and_what_was_pasted_is_kept(
    browser: TestClient, tiny_case: Case
) -> None:
    """With their places; nothing is stored."""
    tiny_case["financing"]["facilities"][0]["limit_usd"] = -1
    tiny_case["materials"][0]["lot_tonnes"] = "<much>"
    text = json.dumps(tiny_case)
    answer = browser.post(FORM, data={"text": text})
    assert answer.status_code == 422
    identifier = tiny_case["materials"][0]["id"]
    assert {f"materials[{identifier}].lot_tonnes"} < {*found_mistakes(answer.text)}
    assert len(found_mistakes(answer.text)) == 2
    assert "&lt;much&gt;" in answer.text
    assert browser.get("/v1/cases").json()["items"] == []


def test_what_is_no_case_is_told_on_the_page(browser: TestClient) -> None:
    """Nothing chosen, both, or no case at all."""
    wrong: list[tuple[File, str]] = [
        (("", b""), ""),
        (("case.yaml", b"id: x"), "id: x"),
        (("case.yaml", b"a: [1"), ""),
        (("case.json", b"\xff"), ""),
        (("", b""), "id: x\nvariants: {}"),
    ]
    for file, text in wrong:
        answer = browser.post(FORM, files={"file": file}, data={"text": text})
        assert answer.status_code == 422
        assert "Nothing was stored." in answer.text
        assert len(found_mistakes(answer.text)) == 1
        assert f"{text}</textarea>" in answer.text


def test_a_pasted_text_may_be_long(browser: TestClient, tiny_case: Case) -> None:
    """As long as a body of the interface."""
    text = json.dumps(tiny_case | {"description": "x" * 2_000_000})
    answer = browser.post(FORM, files={"file": ("", b"")}, data={"text": text})
    assert answer.status_code == 303


def test_a_workbook_is_stored_or_its_cells_are_told(
    browser: TestClient, tiny_case: Case
) -> None:
    """The same case as that of the mapping, and a mistake with its sheet and cell."""
    case = read_instance(tiny_case)
    content = case_as_workbook(case)
    answer = browser.post(FORM, files={"file": ("case.xlsx", content)})
    assert answer.status_code == 303
    assert answer.headers["location"].endswith(case.content_hash)
    wrong = case.model_copy(update={"levels_days_of_cover": (-1.0,)})
    files = {"file": ("case.xlsx", case_as_workbook(wrong))}
    answer = browser.post(FORM, files=files)
    assert answer.status_code == 422
    (place,) = found_mistakes(answer.text)
    assert place.startswith("Sheet Case, cell B")
