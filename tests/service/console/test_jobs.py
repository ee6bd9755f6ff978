"""Jobs are ordered, followed and cancelled without a line of JSON."""

import re

import pytest
from fastapi.testclient import TestClient

from models.outcome import ProgressRecord
from service.api.context import Context
from service.store.jobs import JobRepository
from service.store.progress import ProgressRepository

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


@pytest.fixture
def job(browser: TestClient) -> str:
    """Return the page of a job that the start page has ordered."""
    answer = browser.post("/console/cases", data={"case": "two_materials"})
    assert answer.status_code == 303
    return answer.headers["location"]


def case_page(browser: TestClient, job: str) -> str:
    """Return the page of the case of a job."""
    return re.findall(r'"(/console/cases/\w+)"', browser.get(job).text)[0]


def test_a_job_is_in_the_list_and_on_the_start_page(
    browser: TestClient, job: str
) -> None:
    """By the name of its case; filters that are empty are none."""
    for path in ("/", "/console/jobs", "/console/jobs?state=QUEUED&kind=&case="):
        text = browser.get(path).text
        assert f'href="{job}"' in text
        assert "Two materials" in text
    assert f'href="{job}"' not in browser.get("/console/jobs?state=FAILED").text


def test_portions_of_a_job_are_listed(browser: TestClient, job: str) -> None:
    """One without any has none, and the filter stays."""
    text = browser.get(f"/console/jobs?portion_of={job}").text
    assert f'name="portion_of" value="{job}"' in text
    assert "<tbody>" not in text


def test_a_list_goes_on_on_the_next_page(browser: TestClient, job: str) -> None:
    """Its link keeps the filters."""
    case = case_page(browser, job)
    second = browser.post(case, data={"seed": "7"}).headers["location"]
    first_page = browser.get("/console/jobs?limit=1&state=QUEUED").text
    assert f'href="{second}"' in first_page
    (following,) = re.findall(r'rel="next" href="([^"]+)"', first_page)
    assert f'href="{job}"' in browser.get(following.replace("&amp;", "&")).text


def test_options_with_mistakes_order_nothing(browser: TestClient, job: str) -> None:
    """Each is told beside its field, and what was typed is still there."""
    case = case_page(browser, job)
    given = {"seed": "-3", "gap": "little", "cvar_level": "[" * 50_000, "method": ""}
    answer = browser.post(case, data=given)
    assert answer.status_code == 422
    assert 'id="seed-error"' in answer.text
    assert 'id="gap-error"' in answer.text
    assert 'id="cvar_level-error"' in answer.text
    assert 'value="little"' in answer.text
    assert len(browser.get("/v1/jobs").json()["items"]) == 1


def test_a_page_is_sent_once_while_it_is_the_same(
    browser: TestClient, job: str
) -> None:
    """So that many can watch a job."""
    first = browser.get(job)
    known = {"If-None-Match": first.headers["etag"]}
    assert browser.get(job, headers=known).status_code == 304
    assert browser.post(f"{job}/cancel").headers["location"] == job
    assert browser.get(job, headers=known).status_code == 200
    assert "cancelled" in browser.get(job).text


def test_cases_are_listed_with_those_that_ship(browser: TestClient, job: str) -> None:
    """Each variant of these can be solved, too."""
    text = browser.get("/console/cases").text
    assert f'href="{case_page(browser, job)}"' in text
    assert 'value="project_vault:niche"' in text


def test_the_best_plan_and_the_bound_are_drawn(
    browser: TestClient, job: str, context: Context
) -> None:
    """Once a line of the log has a bound; its figures stand in a table below."""
    assert "<figure>" not in browser.get(job).text
    record = ProgressRecord(seconds=1, stage="cuts", lower_bound_usd=2, gap=0.5)
    with context.database.transaction() as session:
        stored = JobRepository(session).get(job.rpartition("/")[2])
        ProgressRepository(session).append(stored, [record], at=context.clock())
    text = browser.get(job).text
    assert text.count("<svg") == 2  # for wide pages and for narrow ones
    assert "The figures as a table" in text


def test_each_line_is_on_the_page_once_it_is_there(
    browser: TestClient, job: str, context: Context
) -> None:
    """Also if the page was asked for before; its figures are there as often."""
    for number in (1, 2):
        message = f"line {number}"
        record = ProgressRecord(
            seconds=number, stage="cuts", message=message, lower_bound_usd=number
        )
        with context.database.transaction() as session:
            stored = JobRepository(session).get(job.rpartition("/")[2])
            ProgressRepository(session).append(stored, [record], at=context.clock())
        for _ in range(2):
            assert browser.get(job).text.count(message) == 1
            figures = browser.get(f"{job}?figures=1")
            assert len(figures.text.splitlines()) == 1 + number


def test_a_page_is_another_one_for_another_reader(
    browser: TestClient, job: str
) -> None:
    """Its tag is of what a job says, and of who reads it in which language."""
    known = {"If-None-Match": browser.get(job).headers["etag"]}
    japanese = known | {"Accept-Language": "ja"}
    answer = browser.get(job, headers=japanese)
    assert answer.status_code == 200
    assert answer.headers["etag"] != known["If-None-Match"]
    assert browser.get(f"{job}?figures=1", headers=known).status_code != 304
