"""The case that comes next: what the reserve is after the observed period."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

from models.held_stock import Pile
from models.instance import Instance
from models.moved_on import MovedCase
from models.observation import Observation
from models.opening_position import OpeningDisruption
from models.prices_today import prices_today
from optimizer.advance.accounts import PeriodEnd, cash_account
from optimizer.advance.as_found import as_found
from optimizer.advance.observed import events_in_period, observed_price_levels
from optimizer.evaluation.replay import PlanReplay
from optimizer.in_force.money import NotInAPositionError
from optimizer.in_force.moved import moved_case, with_takers
from optimizer.in_force.reserve_after import reserve_after
from optimizer.scenarios.scenario_set import ScenarioSet

MOST_NAMED = 3  # prices in a sentence


class NoNextCaseError(ValueError):
    """No case can begin with the next period."""


def next_case(
    instance: Instance, scenarios: ScenarioSet, period_end: PeriodEnd
) -> MovedCase:
    """Return the case as it stands after the period.

    Raises
    ------
    NoNextCaseError
        If that was the last period, or if a position cannot state what there is, such
        as cash below 0.
    InvalidCaseError
        If what was observed makes no case.
    """
    if instance.horizon.number_of_periods == 1:
        msg = "the plan ends with the period: no case comes next"
        raise NoNextCaseError(msg)
    observation = period_end.observation
    try:
        reserve = reserve_after(
            instance,
            scenarios,
            period_end.decisions,
            _with_cash(period_end),
            w=0,
            periods=1,
        )
    except NotInAPositionError as error:
        msg = f"no case comes next: {error}"
        raise NoNextCaseError(msg) from None
    found = as_found(instance, reserve, period_end.ends, period_end.free)
    levels = observed_price_levels(instance, observation)
    before = _with_prices(_with_events(instance, observation), levels)
    piles: list[Pile] = ["stock"] if found.stock else []
    if any(x.right is None for x in found.purchases):
        piles.append("purchases")
    moved = moved_case(with_takers(before, piles), found)
    return replace(moved, notes=(*moved.notes, *_of_prices(moved.case, levels)))


def _with_cash(period_end: PeriodEnd) -> PlanReplay:
    """Return the replay with the cash that is there at the end of the period."""
    happened, account = period_end.happened, cash_account(period_end)
    cash = happened.books.cash.copy()
    cash[0, 0] = account.at_end_usd
    return replace(happened, books=replace(happened.books, cash=cash))


def _with_prices(instance: Instance, levels: Mapping[str, float]) -> Instance:
    """Return the case with prices that are off their paths, multiples by material."""
    update = {"prices": prices_today(levels)}
    position = instance.position.model_copy(update=update)
    return instance.model_copy(update={"position": position})


def _of_prices(after: Instance, levels: Mapping[str, float]) -> Iterator[str]:
    """Yield a sentence on prices that are off their paths, those furthest off named."""
    if not levels:
        return
    furthest = sorted(levels, key=lambda name: -abs(math.log(levels[name])))
    named = ", ".join(f"{x} {levels[x]:.3g}" for x in furthest[:MOST_NAMED])
    dots = ", ..." if len(levels) > MOST_NAMED else ""
    yield (
        f"From {after.horizon.start} on prices are expected as far from their paths "
        f"as they were observed: {named}{dots} times the path."
    )


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
        OpeningDisruption(event=x.event, phase=x.phase, since=x.since) for x in in_force
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
