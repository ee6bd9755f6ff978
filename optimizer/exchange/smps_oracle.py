"""A two-stage problem as an Oracle of the decomposition.

Columns are those of the first stage, then one for the expected cost of each cluster of
scenarios.
"""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array, hstack

from optimizer.deadline import Deadline
from optimizer.decomposition.lshaped import OracleResult
from optimizer.decomposition.master_data import Rows, joined, no_rows
from optimizer.exchange.scenario_programs import (
    Answer,
    ScenarioPrograms,
    Support,
    summed,
)
from optimizer.exchange.two_stage import Floats, TwoStageProblem

MOST_CLUSTERS = 100
MOST_PULLS = 6
LARGEST_VIOLATION = 1e-6
LARGEST_ROW_VIOLATION = 1e-7  # that of HiGHS


class SmpsOracle:
    """The recourse of a problem: cuts by cluster, and rows for feasibility."""

    def __init__(self, problem: TwoStageProblem, deadline: Deadline) -> None:
        self._problem = problem
        self._deadline = deadline
        self._inside: Floats | None = None
        self._bare_rows = np.flatnonzero(np.diff(problem.core.recourse.indptr) == 0)
        self._programs = ScenarioPrograms(problem, deadline)
        number = len(problem.scenarios)
        self._clusters = np.array_split(np.arange(number), min(number, MOST_CLUSTERS))

    @property
    def number_of_clusters(self) -> int:
        """Number of clusters of scenarios."""
        return len(self._clusters)

    def evaluate(self, trial_point: Floats) -> OracleResult:
        """Solve the recourse of all scenarios.

        A point that is infeasible in a scenario is moved halfway to the last feasible
        one, repeatedly, so that most rounds give cuts.
        """
        point = trial_point[: len(self._problem.first.cost)]
        rows = no_rows(len(trial_point))
        answers, found = self.ask(point)
        for _ in range(MOST_PULLS):
            if found is None or self._inside is None:
                break
            rows = joined(rows, widened(found, self.number_of_clusters))
            point = (point + self._inside) / 2
            answers, found = self.ask(point)
        if found is not None:
            none = no_rows(len(trial_point))
            rows = joined(rows, widened(found, self.number_of_clusters))
            return OracleResult(trial_point, is_feasible=False, cuts=none, rows=rows)
        self._inside = point
        supports = self.by_cluster(answers)
        return OracleResult(
            np.concatenate([point, [support.at(point) for support in supports]]),
            is_feasible=self._satisfies(point),
            cuts=_cuts(supports),
            rows=rows if rows.number else None,
        )

    def ask(self, point: Floats) -> tuple[list[Answer], Rows | None]:
        """Return the answer of each scenario to a first stage, or rows that cut it off.

        Rows without a second-stage column come first: they need no program. Raises
        TimeoutError if time is up before the end, and NoAnswerError.
        """
        found = self._violated(point)
        if found is not None:
            return [], found
        answers = self.answers(point)
        return answers, feasibility_rows(answers)

    def answers(self, point: Floats) -> list[Answer]:
        """Return the answer of each scenario to a first stage.

        Raises TimeoutError if time is up before the last one, and NoAnswerError.
        """
        number = len(self._problem.scenarios)
        return [self._programs.answer(w, point) for w in range(number)]

    def by_cluster(self, answers: Sequence[Answer]) -> list[Support]:
        """Return the expected cost of each cluster, from feasible answers."""
        probability = self._problem.probability
        return [
            summed(probability[ws].tolist(), [answers[int(w)].support for w in ws])
            for ws in self._clusters
        ]

    def totals(self, costs: Floats) -> Floats:
        """Return the expected cost by cluster of costs by scenario."""
        weighted = self._problem.probability * costs
        return np.array([weighted[ws].sum() for ws in self._clusters])

    def _violated(self, point: Floats) -> Rows | None:
        """Return each row without recourse in the scenario that breaks it most."""
        chosen = self._bare_rows
        worst = np.full(len(chosen), LARGEST_ROW_VIOLATION)
        matrix = np.zeros((len(chosen), len(point)))
        lower, upper = np.full(len(chosen), -np.inf), np.full(len(chosen), np.inf)
        if len(chosen) == 0:
            return None
        for stage in self._problem.second_stages():
            technology = stage.technology[chosen]
            activity = technology @ point
            least, most = stage.row_lower[chosen], stage.row_upper[chosen]
            violation = np.maximum(least - activity, activity - most)
            is_worse = violation > worst
            worst[is_worse] = violation[is_worse]
            matrix[is_worse] = technology[is_worse].toarray()
            lower[is_worse], upper[is_worse] = least[is_worse], most[is_worse]
        is_violated = worst > LARGEST_ROW_VIOLATION
        if not is_violated.any():
            return None
        return Rows(
            csr_array(matrix[is_violated]), lower[is_violated], upper[is_violated]
        )

    def _satisfies(self, point: Floats) -> bool:
        """Return whether a first stage satisfies rows and bounds within tolerance."""
        first = self._problem.first
        activity = first.rows @ point
        return bool(
            _is_within(activity, first.row_lower, first.row_upper)
            and _is_within(point, first.column_lower, first.column_upper)
        )


def feasibility_rows(answers: Sequence[Answer]) -> Rows | None:
    """Return rows that cut off a first stage with infeasible scenarios, if any."""
    supports = [answer.support for answer in answers if not answer.is_feasible]
    if not supports:
        return None
    matrix = csr_array(np.array([support.gradient for support in supports]))
    upper = np.array([-support.constant for support in supports])
    return Rows(matrix, np.full(len(supports), -np.inf), upper)


def widened(rows: Rows, number: int) -> Rows:
    """Return rows with columns of zeros behind those that are there."""
    matrix = hstack([rows.matrix, csr_array((rows.number, number))], format="csr")
    return Rows(csr_array(matrix), rows.lower, rows.upper)


def _cuts(supports: Sequence[Support]) -> Rows:
    """Return cluster - gradient @ x >= constant for each cluster."""
    number = len(supports)
    gradients = np.array([support.gradient for support in supports])
    matrix = csr_array(np.hstack([-gradients, np.eye(number)]))
    lower = np.array([support.constant for support in supports])
    return Rows(matrix, lower, np.full(number, np.inf))


def _is_within(values: Floats, lower: Floats, upper: Floats) -> bool:
    scale = LARGEST_VIOLATION * np.maximum(1.0, np.abs(values))
    return bool(((values >= lower - scale) & (values <= upper + scale)).all())
