"""What the facts of one topic alone do to a plan that keeps its rules.

Each topic in turn is put into the case of the plan, which is then followed through its
planning scenarios. They are drawn with one seed, so what a topic does not touch happens
as before. Nothing is solved.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from pydantic import ValidationError

from models.instance import Instance
from models.plan import Plan
from models.plan_comparison import FactChange, Topic, TopicChange
from optimizer.evaluation.chunks import in_chunks
from optimizer.evaluation.decisions import (
    Decisions,
    PlanMismatchError,
    nothing_held,
)
from optimizer.evaluation.replay import compare
from optimizer.evaluation.statistics import mean
from optimizer.plan_comparison.facts import SECTIONS, topic_of_material
from optimizer.plan_comparison.keeping import kept_decisions
from optimizer.solve import planning_scenarios

Fields = dict[str, Any]
Costs = tuple[float, float]  # without vault and with the plan, US dollars


def topic_changes(
    cases: tuple[Instance, Instance],
    facts: Mapping[Topic, tuple[FactChange, ...]],
    plan: Plan,
    periods_later: int,
) -> Iterator[TopicChange]:
    """Yield what two cases differ in, with the effect of each topic on a plan.

    The first case is as it stands some periods after the plan was made. Effects of a
    topic that does not fit the rest of that case are left out. So is that of the
    position of a later case on the plan: without it nothing says what the plan holds.
    """
    before, after = cases
    base = before
    if periods_later:
        base = with_topic(before, after, Topic.POSITION) or before
    known = _costs(base, plan, periods_later)
    for topic, changes in facts.items():
        if periods_later and topic is Topic.POSITION:
            bare = _followed(before, nothing_held(before))[0]
            there = _followed(base, nothing_held(base), like=before)[0]
            effects: tuple[float | None, float | None] = (there - bare, None)
        else:
            mixed = with_topic(base, after, topic)
            moved = None if mixed is None else _costs(mixed, plan, periods_later, base)
            effects = _less(moved, known)
        yield TopicChange(
            topic=topic,
            facts=changes,
            cost_without_vault_effect_usd=effects[0],
            shortage_cost_effect_usd=effects[1],
        )


def _less(
    moved: Costs | None, known: Costs | None
) -> tuple[float | None, float | None]:
    if moved is None or known is None:
        return None, None
    return moved[0] - known[0], moved[1] - known[1]


def with_topic(before: Instance, after: Instance, topic: Topic) -> Instance | None:
    """Return a case with the facts of one topic of another; None if they do not fit."""
    old, new = before.model_dump(), after.model_dump()
    for section, of in SECTIONS.items():
        if of is topic:
            old.pop(section, None)
            if section in new:
                old[section] = new[section]
    old["materials"] = _materials(old["materials"], new["materials"], topic)
    try:
        return Instance.model_validate(old)
    except ValidationError:
        return None


def _materials(
    before: Sequence[Fields], after: Sequence[Fields], topic: Topic
) -> Sequence[Fields]:
    """Return the materials with the fields of a topic as they are in another case.

    New and missing materials are part of supply.
    """
    if topic is Topic.SUPPLY:
        order, other = after, {x["id"]: x for x in before}
    else:
        order, other = before, {x["id"]: x for x in after}
    found: list[Fields] = []
    for fields in order:
        material = dict(fields)
        changed = other.get(material["id"], material)
        for key in {*material, *changed}:
            is_of_topic = topic_of_material(f"materials[].{key}") is topic
            if is_of_topic is (topic is Topic.SUPPLY):
                continue
            material.pop(key, None)
            if key in changed:
                material[key] = changed[key]
        found.append(material)
    return found


def _costs(
    case: Instance, plan: Plan, periods_later: int, like: Instance | None = None
) -> Costs | None:
    """Return the expected costs of a plan in a case; None if it does not fit."""
    try:
        decisions = kept_decisions(case, plan, periods_later)
    except PlanMismatchError:
        return None
    return _followed(case, decisions, like)


def _followed(
    case: Instance, decisions: Decisions, like: Instance | None = None
) -> Costs:
    """Return the expected costs of decisions on the planning scenarios of a case.

    Onsets are as in the case `like`, if it has the same parts.
    """
    if like is not None and _parts(like) != _parts(case):
        like = None
    scenarios = planning_scenarios(case, like)
    found = [compare(case, part, decisions) for part in in_chunks(scenarios)]
    without, with_plan = (
        mean(np.concatenate(costs), scenarios.probability)
        for costs in (
            [x.without_vault for x in found],
            [x.with_plan for x in found],
        )
    )
    return without, with_plan


def _parts(case: Instance) -> object:
    """Return what two cases must share to have the same onsets."""
    events = sorted((x.id, str(x.onset_date)) for x in case.events)
    materials = sorted(x.id for x in case.materials)
    products = sorted(x.id for x in case.products)
    horizon = case.horizon
    return events, materials, products, horizon.start, horizon.number_of_periods
