"""The case that comes next: what the reserve is after the observed period."""

from models.instance import Instance
from models.moved_on import MovedCase
from models.observation import Observation
from models.opening_position import OpeningDisruption
from optimizer.advance.accounts import PeriodEnd
from optimizer.advance.as_found import as_found
from optimizer.advance.observed import events_in_period
from optimizer.in_force.moved import moved_case
from optimizer.in_force.reserve_after import reserve_after
from optimizer.scenarios.scenario_set import ScenarioSet


def next_case(
    instance: Instance, scenarios: ScenarioSet, period_end: PeriodEnd
) -> MovedCase | None:
    """Return the case as it stands after the period; None if that was the last one.

    Raises InvalidCaseError if what was observed makes no case, and NotInAPositionError
    if a position cannot state what there is, such as cash below 0.
    """
    if instance.horizon.number_of_periods == 1:
        return None
    reserve = reserve_after(
        instance,
        scenarios,
        period_end.decisions,
        period_end.happened,
        w=0,
        periods=1,
    )
    observation = period_end.observation
    found = as_found(instance, reserve, period_end.ends, observation)
    return moved_case(_with_events(instance, observation), found)


def _with_events(instance: Instance, observation: Observation) -> Instance:
    """Return the case with the events that are in force when the period ends.

    What is over happens again only if it recurs.
    """
    observed = events_in_period(instance, observation)
    in_force = [x for x in observed if x.until is None]
    happened = {x.event for x in observed}
    happened |= {x.event for x in instance.position.disruptions}
    over = happened - {x.event for x in in_force}
    disruptions = tuple(
        OpeningDisruption(event=x.event, phase=x.phase, since=x.since)
        for x in in_force
    )
    return instance.model_copy(
        update={
            "position": instance.position.model_copy(
                update={"disruptions": disruptions}
            ),
            "events": tuple(
                x
                for x in instance.events
                if x.id not in over or x.recurs_after is not None
            ),
        }
    )
