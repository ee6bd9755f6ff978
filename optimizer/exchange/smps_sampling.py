"""A problem with too many scenarios, solved on samples of them.

Mak, Morton & Wood (1999): the bound of a program over a sample is on average at most
the optimum, so the mean over independent samples is a statistical lower bound. The mean
of the first stages that were found (Sen & Liu 2016) is evaluated on fresh scenarios:
a statistical upper bound. Intervals are of 95 %.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt

import numpy as np
from scipy.special import stdtrit

from models.outcome import Termination
from optimizer.deadline import Clock, Deadline
from optimizer.exchange.cold_runs import NoAnswerError
from optimizer.exchange.scenario_programs import ScenarioPrograms
from optimizer.exchange.smps_reading import SmpsFiles
from optimizer.exchange.smps_solving import SmpsSolution, solve_two_stage
from optimizer.exchange.stoch_file import count
from optimizer.exchange.two_stage import Floats

LEVEL = 0.975  # of each side of an interval of 95 %
BLOCK = 500  # scenarios that are evaluated together
FEWEST_VALUES = 2


@dataclass(frozen=True, slots=True)
class SampleSizes:
    """How much is drawn: scenarios of a sample, samples, scenarios to evaluate on."""

    number_of_scenarios: int = 200
    replications: int = 10
    evaluation_scenarios: int = 2000
    seed: int = 1


@dataclass(frozen=True, slots=True)
class SampledEstimate:
    """A mean of independent values, and the interval of 95 % around its expectation."""

    mean: float
    low: float
    high: float
    number: int


@dataclass(frozen=True, slots=True)
class SampledSolution:
    """The result on samples: statistical bounds on the optimum of the relaxation.

    An estimate is None if it has too few values. first_stage is the one evaluated, None
    if there is none. infeasible is the number of fresh scenarios, of those
    evaluated, without recourse to it: with any, there is no upper bound.
    """

    termination: Termination
    sizes: SampleSizes
    number_of_scenarios: int
    lower_bound: SampledEstimate | None
    objective: SampledEstimate | None
    infeasible: int
    evaluated: int
    first_stage: Floats | None
    seconds: float
    parts: tuple[SmpsSolution, ...]
    failure: str | None
    notes: tuple[str, ...]

    @property
    def count(self) -> str:
        """Number of scenarios in words."""
        return count(self.number_of_scenarios)

    @property
    def gap_upper(self) -> float | None:
        """Bound on the optimality gap of the first stage, in at least 95 % of cases."""
        if self.lower_bound is None or self.objective is None:
            return None
        return max(self.objective.high - self.lower_bound.low, 0.0)


def solve_sampled(
    files: SmpsFiles,
    sizes: SampleSizes,
    *,
    gap: float,
    time_limit_s: float,
    clock: Clock = time.monotonic,
) -> SampledSolution:
    """Solve a problem on samples until each is within its gap, or time is up.

    Time is divided among the samples and the evaluation. Raises InvalidSmpsError if the
    cost of some recourse has no bound from below.
    """
    start = clock()
    deadline = Deadline(start + time_limit_s, clock)
    root = np.random.default_rng(sizes.seed)
    *generators, fresh = root.spawn(sizes.replications + 1)
    parts: list[SmpsSolution] = []
    for done, generator in enumerate(generators):
        share = deadline.seconds_left() / (sizes.replications - done + 1)
        problem = files.sample(sizes.number_of_scenarios, generator)
        part = solve_two_stage(problem, gap=gap, time_limit_s=share, clock=clock)
        parts.append(part)
        if part.termination is Termination.INFEASIBLE:
            break  # proof: what is drawn can happen
    first_stage = _mean_first_stage(parts)
    evaluation = _Evaluation(files, sizes.evaluation_scenarios, deadline)
    if first_stage is not None:
        evaluation.run(first_stage, fresh)
    return SampledSolution(
        termination=_termination(parts, evaluation),
        sizes=sizes,
        number_of_scenarios=files.stochastics.number,
        lower_bound=_estimate([part.lower_bound for part in parts]),
        objective=None if evaluation.infeasible else _estimate(evaluation.values),
        infeasible=evaluation.infeasible,
        evaluated=len(evaluation.values) + evaluation.infeasible,
        first_stage=first_stage,
        seconds=clock() - start,
        parts=tuple(parts),
        failure=next((p.failure for p in parts if p.failure), evaluation.failure),
        notes=files.stochastics.notes,
    )


def _mean_first_stage(parts: Sequence[SmpsSolution]) -> Floats | None:
    found = [part.first_stage for part in parts if part.first_stage is not None]
    if any(part.termination is Termination.INFEASIBLE for part in parts) or not found:
        return None
    return np.mean(found, axis=0)


@dataclass(slots=True)
class _Evaluation:
    """Costs of a first stage on fresh scenarios, as far as time allows."""

    files: SmpsFiles
    number: int
    deadline: Deadline
    values: list[float] = field(default_factory=list[float])
    infeasible: int = 0
    is_cut_short: bool = False
    failure: str | None = None

    def run(self, point: Floats, generator: np.random.Generator) -> None:
        """Take in all scenarios, or as many as time and HiGHS allow."""
        try:
            for begin in range(0, self.number, BLOCK):
                size = min(BLOCK, self.number - begin)
                self._block(point, size, generator)
        except TimeoutError:
            self.is_cut_short = True
        except NoAnswerError as error:
            self.failure = str(error)

    def _block(self, point: Floats, size: int, generator: np.random.Generator) -> None:
        problem = self.files.sample(size, generator)
        programs = ScenarioPrograms(problem, self.deadline)
        fixed = float(problem.first.cost @ point) + problem.constant
        for w in range(size):
            answer = programs.answer(w, point)
            if answer.is_feasible:
                self.values.append(fixed + answer.support.at(point))
            else:
                self.infeasible += 1


def _estimate(values: Sequence[float]) -> SampledEstimate | None:
    """Return mean and interval; none of too few values or without a finite one."""
    if len(values) < FEWEST_VALUES or not np.isfinite(values).all():
        return None
    array = np.array(values)
    mean = float(array.mean())
    error = float(array.std(ddof=1)) / sqrt(len(array))
    half = float(stdtrit(len(array) - 1, LEVEL)) * error
    return SampledEstimate(mean, mean - half, mean + half, len(array))


def _termination(parts: Sequence[SmpsSolution], evaluation: _Evaluation) -> Termination:
    """Return the worst end of any part; a sample proves no optimum."""
    ended = {part.termination for part in parts}
    for worst in (
        Termination.INFEASIBLE,
        Termination.NUMERICAL,
        Termination.TIME_LIMIT,
    ):
        if worst in ended:
            return worst
    if evaluation.failure is not None:
        return Termination.NUMERICAL
    is_cut_short = evaluation.is_cut_short
    return Termination.TIME_LIMIT if is_cut_short else Termination.GAP_REACHED
