"""What is asked of a plan is found again on its page."""

import pytest
from fastapi.testclient import TestClient

from models.instance import Instance
from service.api.context import Context
from tests.service.identity.belongings import belongings_of

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("explain", "Why the plan is as it is"),
        ("sensitivity", "Which assumptions matter most"),
    ],
)
def test_a_question_is_among_the_answers(
    browser: TestClient, context: Context, instance: Instance, name: str, question: str
) -> None:
    """In the words in which it was asked, also where it is about the case."""
    plan = f"/console/plans/{belongings_of(context, instance).plans}"
    job = browser.post(f"{plan}/{name}").headers["location"]
    page = browser.get(plan).text
    assert f'<a href="{job}">{question}</a>' in page
    assert question in browser.get(job).text
