"""What is asked of a plan or a case is ordered as typed, and found again."""

import re
from collections.abc import Mapping

import pytest
from fastapi.testclient import TestClient

from models.instance import Instance
from service.analyses.registry import ANALYSES, Subject, operation_of
from service.api.context import Context
from service.console.registry import FORMS, QUESTIONS
from tests.service.identity.belongings import PARTICIPANT, belongings_of

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)

# What is typed into a form, and how many fields are wrong.
REFUSED: Mapping[str, tuple[dict[str, str], int]] = {
    "rehearse": ({"number_of_paths": "many", "replan_every": "0"}, 2),
    "frontier": ({"budgets_usd": "5", "number_of_points": "4"}, 1),
    "value-rights": ({"lots": "7, 0"}, 2),
    "compare-plans": ({"against": "0" * 64}, 1),
    "mps": ({"seed": "1.5"}, 1),
}


def forms(context: Context, instance: Instance) -> dict[str, str]:
    """Return the path of the form of each question, about what is stored."""
    own = belongings_of(context, instance)
    subjects = {Subject.CASE: own.cases, Subject.PLAN: own.plans}
    found = (ANALYSES[x] for x in QUESTIONS)
    return {
        x.name: FORMS[operation_of(x)].path.format(content_hash=subjects[x.subject])
        for x in found
    }


def inputs(page: str) -> dict[str, str]:
    """Return what a browser would send of the form of a page as it is."""
    (form,) = re.findall(r'<form class="card".*?</form>', page, re.DOTALL)
    sent = dict(
        re.findall(
            r'<input id="[^"]+" name="([^"]+)" type="text" value="([^"]*)"', form
        )
    )
    for name, choices in re.findall(
        r'<select id="[^"]+" name="([^"]+)".*?>(.*?)</select>', form, re.DOTALL
    ):
        values = re.findall(r'value="([^"]*)"( selected)?', choices)
        chosen = [value for value, is_chosen in values if is_chosen]
        sent[name] = (chosen or [x for x, _ in values] or [""])[0]
    return sent


def test_a_question_is_among_the_answers(
    browser: TestClient, context: Context, instance: Instance
) -> None:
    """In the words in which it was asked, also where it is about the case."""
    plan = f"/console/plans/{belongings_of(context, instance).plans}"
    for name in ("explain", "sensitivity"):
        (path,) = re.findall(f'action="([^"]+/{name})"', browser.get(plan).text)[-1:]
        job = browser.post(path).headers["location"]
        page = browser.get(plan).text
        assert f'<a href="{job}">{QUESTIONS[name]}</a>' in page
        assert QUESTIONS[name] in browser.get(job).text


def test_a_form_that_is_not_changed_asks_as_without_parameters(
    browser: TestClient, context: Context, instance: Instance
) -> None:
    """Each analysis, which is then the same order as one of the interface."""
    paths = forms(context, instance)
    paths.pop("compare-plans")  # there is no other plan
    for path in paths.values():
        sent = inputs(browser.get(path).text)
        order = {x: PARTICIPANT for x in sent if x == "participant"}
        job = browser.post(path, data=sent).headers["location"].rpartition("/")[2]
        interface = path.replace("/console/", "/v1/")
        asked = browser.post(interface, json=order).json()
        assert asked["options"] == browser.get(f"/v1/jobs/{job}").json()["options"]


def test_what_is_chosen_is_ordered(
    browser: TestClient, context: Context, instance: Instance
) -> None:
    """Numbers, lists, one of several and several of several."""
    path = forms(context, instance)["sensitivity"]
    typed = {"assumptions.prices": "on", "changes": "0.1, 0.25", "picture": "svg"}
    job = browser.post(path, data=typed).headers["location"]
    options = browser.get(f"/v1/jobs/{job.rpartition('/')[2]}").json()["options"]
    chosen = {"assumptions": ["prices"], "changes": [0.1, 0.25], "picture": "svg"}
    assert options == chosen


def test_a_refused_form_has_what_was_typed(
    browser: TestClient, context: Context, instance: Instance
) -> None:
    """With each mistake beside its field."""
    paths = forms(context, instance)
    for name, (typed, number_of_mistakes) in REFUSED.items():
        answer = browser.post(paths[name], data=typed)
        assert answer.status_code == 422
        assert answer.text.count('class="error"') == number_of_mistakes
        assert inputs(answer.text) | typed == inputs(answer.text)
