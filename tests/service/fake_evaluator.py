"""Invented evaluators, called by name in the place of the simulator's."""

import threading

from models.evaluation import Fresh
from models.instance import Instance
from models.plan import Plan
from service.jobs.messages import Evaluated

ENDLESS_EVALUATOR = "tests.service.fake_evaluator:follow_for_ever"


def follow_for_ever(
    instance: Instance, plan: Plan, fresh: Fresh, *, executor: str, **_: object
) -> Evaluated:
    """Come to no end."""
    del instance, plan, fresh, executor
    threading.Event().wait()
    raise AssertionError
