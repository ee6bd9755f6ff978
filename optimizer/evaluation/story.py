"""The worst scenarios of a plan, followed once more to be told as stories."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

import numpy as np

from models.disruption import Event
from models.instance import Instance
from models.story import Story, ToldCut, ToldLine, ToldStock, WorstScenario
from optimizer.evaluation.decisions import Decisions, nothing_held
from optimizer.evaluation.output import (
    Output,
    helped,
    output_of,
    output_without_vault,
)
from optimizer.evaluation.replay import replay
from optimizer.evaluation.stocks import Stocks, stocks_of
from optimizer.scenarios.scenario_set import Floats, ScenarioSet
from optimizer.scenarios.timeline import Course

NUMBER_OF_WORST = 5


def worst_scenarios(
    instance: Instance,
    decisions: Decisions,
    scenarios: ScenarioSet,
    courses: Sequence[tuple[Event, Course]],
    costs: tuple[Floats, Floats],
) -> tuple[WorstScenario, ...]:
    """Return the scenarios that cost most, the worst first; none that costs nothing.

    courses: of the events in these scenarios. costs: of shortages with the plan and
    without vault (w).
    """
    with_plan, without_vault = costs
    order = np.argsort(-with_plan, kind="stable")
    worse = np.cumsum(scenarios.probability[order])
    chosen = [int(w) for w in order[:NUMBER_OF_WORST] if with_plan[w] > 0]
    if not chosen:
        return ()
    told = _Followed.through(instance, decisions, scenarios.select(np.array(chosen)))
    return tuple(
        WorstScenario(
            name=scenarios.names[w],
            probability=float(scenarios.probability[w]),
            probability_of_worse=min(float(worse[i]), 1.0),
            shortage_cost_usd=float(with_plan[w]),
            cost_without_vault_usd=float(without_vault[w]),
            story=Story(
                cuts=_cuts(instance, courses, w),
                stocks=told.stocks_told(i),
                lines=told.lines_told(i),
            ),
        )
        for i, w in enumerate(chosen)
    )


def _cuts(
    instance: Instance, courses: Sequence[tuple[Event, Course]], w: int
) -> tuple[ToldCut, ...]:
    found = [
        _cut(instance, event, float(course.onset_day[i]), course.duration_days[i])
        for event, course in courses
        for i in np.flatnonzero(course.scenarios == w)
    ]
    return tuple(sorted(found, key=lambda x: (x.onset, x.event or "")))


def _cut(instance: Instance, event: Event, onset_day: float, days: Floats) -> ToldCut:
    horizon, position = instance.horizon, instance.index.material
    first = max(onset_day, 0.0)
    ends = onset_day + np.cumsum(days)
    happens = (ends > 0) & (ends - days < horizon.days) & (days > 0)
    flows = [x.availability for x, y in zip(event.phases, happens, strict=True) if y]
    return ToldCut(
        event=event.id,
        name=event.name,
        country=event.country,
        stage=event.stage,
        materials=tuple(instance.materials[position[x]].name for x in event.materials),
        onset=horizon.start + dt.timedelta(days=floor(first)),
        period=horizon.period_at(first) + 1,
        days=max(min(float(ends[-1]), horizon.days) - first, 0.0),
        least_flow=min(flows, default=1.0),
    )


@dataclass(frozen=True, slots=True)
class _Followed:
    """What a plan does in scenarios (w), and how lines run without it."""

    instance: Instance
    stocks: Stocks
    with_vault: Output
    without: Output

    @classmethod
    def through(
        cls, instance: Instance, decisions: Decisions, scenarios: ScenarioSet
    ) -> "_Followed":
        """Follow a plan through scenarios."""
        happened = replay(instance, scenarios, decisions)
        bare = replay(instance, scenarios, nothing_held(instance))
        made = output_of(instance, happened)
        without = output_without_vault(
            made, output_of(instance, bare), helped(happened)
        )
        return cls(instance, stocks_of(instance, happened), made, without)

    def stocks_told(self, w: int) -> tuple[ToldStock, ...]:
        """Return the materials that are short, the earliest first."""
        stocks, horizon = self.stocks, self.instance.horizon
        found: list[ToldStock] = []
        for m, material in enumerate(self.instance.materials):
            short = np.flatnonzero(stocks.is_short[m, w])
            empty = np.flatnonzero(stocks.is_empty[m, w])
            if len(short):
                told = ToldStock(
                    material=material.id,
                    name=material.name,
                    short_from=horizon.start_of(int(short[0])),
                    gap_tonnes=max(float(stocks.gap[m, w].sum()), 0.0),
                    covered_tonnes=max(float(stocks.covered[m, w].sum()), 0.0),
                    empty_from=horizon.start_of(int(empty[0])) if len(empty) else None,
                )
                found.append(told)
        return tuple(sorted(found, key=lambda x: x.short_from))

    def lines_told(self, w: int) -> tuple[ToldLine, ...]:
        """Return the lines that miss anything, those that stop longest first."""
        horizon = self.instance.horizon
        days = np.array(horizon.period_lengths_days)
        names = self.instance.index.participant_name
        found: list[ToldLine] = []
        for p, product in enumerate(self.instance.final_products()):
            made = self.with_vault.running_days(p, w, days)
            without = self.without.running_days(p, w, days)
            stops = np.flatnonzero(self.with_vault.is_stopped[p, w])
            if not (made.lost_output_days or without.lost_output_days):
                continue
            told = ToldLine(
                participant=product.participant or "",
                participant_name=names[product.participant or ""],
                product=product.id,
                name=product.name,
                stopped_from=horizon.start_of(int(stops[0])) if len(stops) else None,
                stopped_days=made.stopped_days,
                stopped_days_without_vault=without.stopped_days,
                lost_output_days=made.lost_output_days,
                lost_output_days_without_vault=without.lost_output_days,
            )
            found.append(told)
        return tuple(
            sorted(found, key=lambda x: (-x.stopped_days, -x.lost_output_days))
        )
