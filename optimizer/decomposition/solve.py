"""The solve by decomposition on one page: relaxation, plans, integers."""

from collections.abc import Callable

import numpy as np

from models.outcome import Termination
from optimizer.decomposition.mixed_integer import Improvement, improve
from optimizer.decomposition.relaxation import Relaxation
from optimizer.decomposition.session import SolveSession
from optimizer.first_stage.conflict import conflicting_limits, unbuyable_covers
from optimizer.first_stage.found import (
    NO_WHOLE_LOTS,
    Found,
    Incumbent,
    Watch,
)
from optimizer.first_stage.searching import Search
from optimizer.first_stage.tranches import as_before, first_plan, search, with_support
from optimizer.formulation import MILLION
from optimizer.highs import Solution, Status
from optimizer.point import Point
from optimizer.problem import Problem, assemble

EARLY_GAPS = (0.1, 0.03)
RELAXATION_SHARES = (0.35, 0.1, 0.02)  # of the gap, each before another search
SEARCH_SHARE = 0.05
SMALLEST_GAP = 1e-7


def search_by_decomposition(
    problem: Problem, base: SolveSession, watch: Watch
) -> Found:
    """Return what the search finds from what a base knows, without integers."""
    relaxation = base.relaxation(problem, watch.seconds_left)
    return _Solve(relaxation, base, watch).search()


def solve_by_decomposition(problem: Problem, base: SolveSession, watch: Watch) -> Found:
    """Solve a problem whose responses need not be there; blocks simulate their own.

    The base gives what it knows that is valid, and keeps what is found.
    """
    if unbuyable := unbuyable_covers(problem):
        return Found(Termination.INFEASIBLE, None, np.inf, None, unbuyable)
    relaxation = base.relaxation(problem, watch.seconds_left)
    found = _Solve(relaxation, base, watch).run()
    base.remember(found.incumbent)
    return found


class _Solve:
    """One solve from its first cut to its end."""

    def __init__(
        self, relaxation: Relaxation, base: SolveSession, watch: Watch
    ) -> None:
        self._relaxation = relaxation
        self._base = base
        self._report = watch.report
        self._seconds_left = watch.seconds_left
        self._best = Incumbent(
            None,
            -np.inf,
            self._announce,
        )
        self._on_incumbent = watch.on_incumbent
        options = relaxation.lp.problem.instance.options
        self._gap = options.gap
        self._support = base.support(options.max_tranches)
        self._has_solved_known = False
        tolerance = max(SEARCH_SHARE * self._gap, SMALLEST_GAP)
        self._program = relaxation.program(tolerance, watch.seconds_left)

    def search(self) -> Found:
        """Return what the search alone finds: no integers are branched on."""
        self._have_a_plan_early()
        if self._alternate() is None and self._best.point is None:
            return self._without_plan()
        return self._found(None)

    def run(self) -> Found:
        """Return what was found."""
        self._have_a_plan_early()
        relaxed, best = self._alternate(), self._best
        if relaxed is None:
            return self._without_plan() if best.point is None else self._found(None)
        shadow_price = self._budget_shadow_price(relaxed)
        if best.gap > self._gap and self._seconds_left() > 0:
            work = Improvement(
                self._relaxation.lp,
                self._relaxation.master,
                self._program,
                self._base.blocks,
                self._searching(),
                self._report,
                self._seconds_left,
            )
            if not improve(work, best, relaxed):
                reason = (NO_WHOLE_LOTS,)
                return Found(Termination.INFEASIBLE, None, np.inf, None, reason)
        return self._found(shadow_price)

    def _found(self, shadow_price: float | None) -> Found:
        best = self._best
        termination = best.termination(self._gap, self._seconds_left())
        return Found(termination, best.point, best.lower_bound_usd, shadow_price)

    def _have_a_plan_early(self) -> None:
        """Offer plans from a relaxation that is still rough, if none is known."""
        known = self._base.incumbent
        if known is not None:
            self._offer("known plan", lambda run, _: as_before(run, known))
            return
        for gap in EARLY_GAPS:
            self._relax(max(gap, self._gap))
            if self._relaxation.state.point is None:
                return
            self._offer("first plan", first_plan)
            if self._best.gap <= self._gap or self._seconds_left() <= 0:
                return

    def _alternate(self) -> Solution | None:
        """Relax and search in turn until the gap is met; None without a relaxation."""
        relaxed = None
        for share in RELAXATION_SHARES:
            self._relax(max(share * self._gap, SMALLEST_GAP))
            if self._relaxation.state.point is None:
                return relaxed
            relaxed = self._relaxed()
            self._base.learn(self._relaxation)
            if self._best.gap > self._gap:
                self._offer("known tranches", self._again)
            if self._best.gap > self._gap:
                self._offer("few tranches", self._search)
            if self._best.gap <= self._gap or self._seconds_left() <= 0:
                break
        return relaxed

    def _relax(self, gap: float) -> None:
        self._relaxation.relax(gap, self._seconds_left, self._on_round, self._is_met)
        self._prove(self._relaxation)

    def _on_round(self, relaxation: Relaxation) -> None:
        self._prove(relaxation)
        self._tell("relaxation")

    def _is_met(self) -> bool:
        return self._best.gap <= self._gap

    def _prove(self, relaxation: Relaxation) -> None:
        best = self._best
        is_first = np.isinf(best.lower_bound_usd)
        proven = relaxation.state.lower_bound * MILLION
        best.lower_bound_usd = max(best.lower_bound_usd, proven)
        if is_first and best.point is not None:
            self._announce(best.point)

    def _announce(self, point: Point) -> None:
        """Tell of a better point, once anything is proved: a known one comes before."""
        if np.isfinite(self._best.lower_bound_usd):
            self._on_incumbent(point, self._best.lower_bound_usd)

    def _offer(
        self, stage: str, find: Callable[[Search, Solution], Point | None]
    ) -> None:
        """Offer what a search finds from the relaxation, rough as that may be."""
        self._program.protect()
        self._best.offer(find(self._searching(), self._relaxed()))
        self._program.release()
        self._tell(stage)

    def _search(self, run: Search, relaxed: Solution) -> Point | None:
        return search(run, relaxed, self._support)

    def _again(self, run: Search, relaxed: Solution) -> Point | None:
        """Return a point with the tranches of the base's incumbent, solved anew."""
        if self._support is None or self._has_solved_known:
            return None
        self._has_solved_known = True
        return with_support(run, relaxed, self._support)

    def _searching(self) -> Search:
        return Search(
            self._program,
            self._seconds_left,
            lambda _: self._tell("searching"),
            self._best.lower_bound_usd,
        )

    def _relaxed(self) -> Solution:
        point = self._relaxation.state.point
        if point is None:
            return Solution(Status.LIMIT, np.inf, -np.inf, None, None, None)
        return self._program.read(point)

    def _tell(self, stage: str) -> None:
        self._report(
            stage,
            self._best.lower_bound_usd,
            self._best.upper_bound_usd,
            self._relaxation.master.number_of_cuts,
        )

    def _budget_shadow_price(self, relaxed: Solution) -> float | None:
        """Return the objective avoided by a dollar more, facilities in proportion."""
        facilities = self._relaxation.lp.problem.instance.financing.facilities
        total = sum(f.limit_usd for f in facilities)
        if total <= 0 or relaxed.row_duals is None:
            return None
        rows, duals = self._relaxation.lp.rows_of("draw_limit"), relaxed.row_duals
        return 0.0 - sum(
            float(duals[rows[f.id,]]) * f.limit_usd / total for f in facilities
        )

    def _without_plan(self) -> Found:
        """Return the limits in conflict, or that time was up."""
        if self._relaxation.master.status is not Status.INFEASIBLE:
            known = {Status.LIMIT: Termination.TIME_LIMIT}
            status = self._relaxation.master.status
            termination = known.get(status, Termination.NUMERICAL)
            bound = self._best.lower_bound_usd
            return Found(termination, None, bound, None)
        problem = self._relaxation.lp.problem
        scenarios = sorted({w for _, w in self._relaxation.oracle.cash_rows})
        few = problem.scenarios.select(np.array(scenarios, dtype=np.int64))
        conflict = conflicting_limits(assemble(problem.instance, few), set())
        return Found(Termination.INFEASIBLE, None, -np.inf, None, conflict)
