"""One fresh path: as printed, planned again, and for somebody who knows it."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from models.instance import Instance
from models.plan import Plan
from models.rehearsal import LevelMove, RehearsedPath, Replanning
from optimizer.cores import on_one_thread
from optimizer.deadline import Clock
from optimizer.evaluation.decisions import Decisions, decisions_of
from optimizer.evaluation.replay import replay
from optimizer.rehearsal.clairvoyant import clairvoyant_cost
from optimizer.rehearsal.paths import FreshPath
from optimizer.rehearsal.planning_again import (
    NoNewPlanError,
    SolveTerms,
    planned_again,
)
from optimizer.rehearsal.stretch import Stretch, cost_of

# Of a level; less is rounding.
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class FollowedPath:
    """A path with planning again: the printed plan first, and what the dates brought.

    seconds is the time of all solves.
    """

    stretches: tuple[Stretch, ...]
    replannings: tuple[Replanning, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class PathRun:
    """What is rehearsed on each path; periods from one plan to the next."""

    instance: Instance
    plan: Plan
    replan_every: int
    terms: SolveTerms

    @on_one_thread
    def __call__(self, path: FreshPath, clock: Clock = time.monotonic) -> RehearsedPath:
        """Return what a path costs in each way."""
        followed = self.followed(path, clock)
        case, stretches = self.instance, followed.stretches
        return RehearsedPath(
            number=path.number,
            probability=path.probability,
            batch=path.batch,
            printed=cost_of(case, stretches[:1]),
            planned_again=cost_of(case, stretches),
            clairvoyant_usd=clairvoyant_cost(case, stretches[0], stretches),
            replannings=followed.replannings,
            seconds=followed.seconds,
        )

    def followed(self, path: FreshPath, clock: Clock) -> FollowedPath:
        """Follow the printed plan, and plan again at each date."""
        case, scenario = self.instance, path.scenario
        decisions = decisions_of(case, self.plan)
        happened = replay(case, scenario, decisions)
        promised = self.plan.promise
        stretches = [Stretch(0, case, scenario, decisions, happened, promised)]
        began_s = clock()
        replannings = [self._replanned(path, stretches, t) for t in self.dates()]
        seconds = clock() - began_s if self.dates() else 0.0
        return FollowedPath(tuple(stretches), tuple(replannings), seconds)

    def dates(self) -> range:
        """Return the periods with a new plan."""
        periods = self.instance.horizon.number_of_periods
        return range(self.replan_every, periods, self.replan_every)

    def _replanned(
        self, path: FreshPath, stretches: list[Stretch], period: int
    ) -> Replanning:
        """Plan again and add the new stretch; if there is none, follow the last one."""
        current = stretches[-1]
        try:
            new = planned_again(self.instance, path, current, period, self.terms)
        except NoNewPlanError as error:
            return Replanning(period=period, failed_because=str(error))
        stretches.append(new)
        changes = level_changes(new.instance, current.decisions, new.decisions)
        return Replanning(period=period, changes=tuple(changes))


def level_changes(
    case: Instance, before: Decisions, after: Decisions
) -> Iterator[LevelMove]:
    """Yield how far levels move, for all materials of which one does."""
    for material in case.materials:
        old, new = (
            sum(x.tonnes for x in made.tranches if x.material == material.id)
            for made in (before, after)
        )
        if abs(new - old) > ROUNDING * max(old, new):
            days = case.index.days_of_cover(material.id, abs(new - old))
            yield LevelMove(
                material=material.id,
                tonnes=new - old,
                days=days if new > old else -days,
            )
