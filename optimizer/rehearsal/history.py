"""Replays of a case with planning again from what was known at each date."""

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

from models.historic_rehearsal import HistoricRehearsal, RehearsedReplay
from models.instance import Instance
from models.plan import Plan
from optimizer.cores import on_one_thread
from optimizer.evaluation.decisions import decisions_of
from optimizer.evaluation.history import positions_of
from optimizer.executors import map_in_order, opened
from optimizer.rehearsal.clairvoyant import clairvoyant_cost
from optimizer.rehearsal.historic_paths import disruptions_on_dates, historic_path
from optimizer.rehearsal.historic_periods import rehearsed_periods
from optimizer.rehearsal.path_run import PathRun
from optimizer.rehearsal.paths import FreshPath
from optimizer.rehearsal.planning_again import SolveTerms
from optimizer.rehearsal.plans_on_dates import plans_on_dates
from optimizer.rehearsal.stretch import cost_of


def rehearse_history(  # noqa: PLR0913 - each is a choice of the caller
    instance: Instance,
    plan: Plan,
    *,
    replays: Sequence[str] | None = None,
    replan_every: int,
    number_of_scenarios: int,
    time_limit_s: float,
    seed: int,
    finished: Iterable[RehearsedReplay] = (),
    on_replay: Callable[[RehearsedReplay], None] = lambda _: None,
    is_interrupted: Callable[[], bool] = lambda: False,
    executors: Sequence[Executor] | None = None,
) -> HistoricRehearsal:
    """Return what a plan does in the named replays, as printed and planned again.

    All replays of the case if none are named. What they share with `rehearse` means the
    same there.

    Raises
    ------
    UnknownReplayError
        For a name that the case does not have.
    InvalidCaseError
        If the case has no route or no event for what happens in a replay.
    PlanMismatchError
        If the plan does not fit the case.
    """
    decisions_of(instance, plan)
    paths = [historic_path(instance, w) for w in positions_of(instance, replays)]
    known = {x.replay: x for x in finished}
    names = [instance.replays[path.number].id for path in paths]
    left = [x for x, name in zip(paths, names, strict=True) if name not in known]
    terms = SolveTerms(number_of_scenarios, seed, time_limit_s)
    run = HistoricRun(PathRun(instance, plan, replan_every, terms))
    with opened(executors or ("local" if len(left) > 1 else "here")) as workers:
        for found in map_in_order(workers, run, left):
            known[found.replay] = found
            on_replay(found)
            if is_interrupted():
                break
    return HistoricRehearsal(
        instance_hash=instance.content_hash,
        plan_hash=plan.content_hash,
        replan_every=replan_every,
        number_of_scenarios=number_of_scenarios,
        seed=seed,
        replays=tuple(known[name] for name in names if name in known),
    )


@dataclass(frozen=True, slots=True)
class HistoricRun:
    """Follows the path of a replay as a run of fresh paths does, and tells of it."""

    run: PathRun

    @on_one_thread
    def __call__(self, path: FreshPath) -> RehearsedReplay:
        """Return what happened in a replay."""
        case = self.run.instance
        replay = case.replays[path.number]
        followed = self.run.followed(path, time.monotonic)
        printed, stretches = followed.stretches[0], followed.stretches
        periods = tuple(rehearsed_periods(case, replay, stretches))
        return RehearsedReplay(
            replay=replay.id,
            name=replay.name,
            disruptions=tuple(disruptions_on_dates(case, replay)),
            printed=cost_of(case, [printed]),
            planned_again=cost_of(case, stretches),
            without_vault_usd=periods[-1].without_vault_usd,
            clairvoyant_usd=clairvoyant_cost(case, printed, stretches),
            promised_usd=self.run.plan.promise.expected_shortage_cost_usd,
            periods=periods,
            dates=tuple(plans_on_dates(case, path, followed)),
            seconds=followed.seconds,
        )
