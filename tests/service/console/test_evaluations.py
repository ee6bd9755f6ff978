"""The worst scenarios of an evaluation are told in the language of the reader."""

import json

import pytest
from fastapi.testclient import TestClient

from models.evaluation import Evaluation
from models.instance import Instance
from models.story import WorstScenario
from service.api.context import Context
from service.store.evaluations import EvaluationRepository
from tests.service.identity.belongings import belongings_of
from tests.service.printing.test_story import STORY

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


def test_the_worst_scenarios_are_told(
    browser: TestClient, context: Context, instance: Instance
) -> None:
    """Once, in English and in Japanese, with chance and costs."""
    own = belongings_of(context, instance)
    worst = WorstScenario(
        name="w7",
        probability=0.002,
        probability_of_worse=0.003,
        shortage_cost_usd=2e9,
        cost_without_vault_usd=3e9,
        story=STORY,
    )
    with context.database.transaction() as session:
        evaluations = EvaluationRepository(session)
        old = Evaluation.model_validate(json.loads(evaluations.text(own.evaluations)))
        told = old.model_copy(update={"worst": (worst,)})
        name = evaluations.put(told, {}, at=context.clock())
    english = browser.get(f"/console/evaluations/{name}").text
    assert "China halts Gallium for 59 days (Export ban)." in english
    assert english.count("Wafer of Maker stops") == 1
    assert "$2.00 bn, without vault $3.00 bn" in english
    japanese = browser.get(
        f"/console/evaluations/{name}", headers={"Accept-Language": "ja"}
    ).text
    assert "中国が59日間、Galliumの供給を停止" in japanese
