"""The solve by decomposition in one module: relaxation, few tranches, integers.

The relaxation is solved to ever smaller gaps. After each of them a search looks for a
point with few tranches and whole lots; integers follow if the gap is still not met.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from optimizer.deadline import Deadline, OutOfTimeError, uninterrupted
from optimizer.decomposition.mixed_integer import MixedIntegerModels
from optimizer.decomposition.session import SolveSession
from optimizer.first_stage.conflict import conflicting_limits
from optimizer.first_stage.incumbent import (
    NO_COST,
    NO_WHOLE_LOTS,
    Incumbent,
    OnBetter,
    SolveResult,
    infeasible,
    unsolved,
)
from optimizer.first_stage.mixed_integer import improve
from optimizer.first_stage.searching import Search
from optimizer.first_stage.tranches import (
    as_before,
    first_plan,
    is_within_gap,
    search,
    with_support,
)
from optimizer.formulation import MILLION
from optimizer.highs import Solution, Status
from optimizer.point import Point
from optimizer.problem import FirstStageProblem, complete_problem
from optimizer.progress import ProgressLog
from optimizer.share_program import budget_shadow_price, weight_among_ties

EARLY_GAPS = (0.1, 0.03)
EARLY_TIME_SHARE = 0.5  # of the time left; a plan from a rough relaxation needs some
RELAXATION_SHARES = (0.35, 0.1, 0.02)  # of the gap, each before another search
SEARCH_SHARE = 0.05
TIED_SHARE = 0.02  # of the gap: what the cost of holding changes is a part of it
SMALLEST_GAP = 1e-7


def search_by_decomposition(
    problem: FirstStageProblem,
    session: SolveSession,
    deadline: Deadline,
    log: ProgressLog,
) -> SolveResult:
    """Return what relaxation and search find, without integers."""
    return _Decomposition(problem, session, deadline, log, None).search()


def solve_by_decomposition(
    problem: FirstStageProblem,
    session: SolveSession,
    deadline: Deadline,
    log: ProgressLog,
    on_better: OnBetter | None = None,
) -> SolveResult:
    """Solve a problem; on_better gets each better point and its lower bound.

    It starts from what the session holds that is valid here, and leaves its cuts and
    incumbent in the session.
    """
    result = _Decomposition(problem, session, deadline, log, on_better).solve()
    session.keep_incumbent(result.incumbent)
    return result


class _Decomposition:
    """One solve, from its first cut to its end."""

    def __init__(
        self,
        problem: FirstStageProblem,
        session: SolveSession,
        deadline: Deadline,
        log: ProgressLog,
        on_better: OnBetter | None,
    ) -> None:
        options = problem.instance.options
        self._problem = problem
        self._session = session
        self._deadline = deadline
        self._log = log
        self._relaxation = session.relaxation(problem, deadline)
        self._gap = options.gap
        tolerance = max(SEARCH_SHARE * self._gap, SMALLEST_GAP)
        self._program = self._relaxation.program(tolerance, deadline)
        without = MILLION * float(session.blocks.cluster_costs.sum())
        self._best = Incumbent(on_better=on_better, no_cost_usd=NO_COST * without)
        self._support = session.support(options.max_tranches)
        self._has_tried_support = False
        self._is_support_enough = False

    def solve(self) -> SolveResult:
        """Return the result of relaxation, search and integers.

        If an enforced deadline is over before, it is that of the incumbent.
        """
        try:
            with uninterrupted():
                return self._solve()
        except OutOfTimeError:
            best = self._best
            if best.point is None:
                return unsolved(Status.LIMIT, best.lower_bound_usd)
            return self._result(None)

    def _solve(self) -> SolveResult:
        self._find_early_plan()
        relaxed, best = self._relax_and_search(), self._best
        if relaxed is None:
            return self._unsolved() if best.point is None else self._result(None)
        shadow_price = budget_shadow_price(self._program, relaxed)
        if best.gap > self._gap and not self._deadline.is_over:
            run = self._search_run()
            models = MixedIntegerModels(
                self._relaxation,
                self._program,
                self._session.blocks,
                run,
                best,
                self._log,
            )
            if not improve(run, best, relaxed, models.solve):
                return infeasible((NO_WHOLE_LOTS,))
        return self._result(shadow_price)

    def search(self) -> SolveResult:
        """Return the result of relaxation and search."""
        self._find_early_plan()
        if self._relax_and_search() is None and self._best.point is None:
            return self._unsolved()
        return self._result(None)

    def _find_early_plan(self) -> None:
        """Offer the last incumbent, or plans from a relaxation that is still rough."""
        known = self._session.incumbent
        if known is not None:
            self._offer("known plan", lambda run, _: as_before(run, known))
            return
        for gap in EARLY_GAPS:
            early = self._deadline.within(EARLY_TIME_SHARE)
            self._relax(max(gap, self._gap), early)
            if self._relaxation.state.point is None:
                return
            self._offer("first plan", first_plan)
            if self._is_done():
                return

    def _relax_and_search(self) -> Solution | None:
        """Relax and search in turn until the gap is met; None without a relaxation."""
        if self._problem.instance.options.cost_of_holding_weight is None:
            return self._relax_and_search_among_ties()
        relaxed = None
        for share in RELAXATION_SHARES:
            self._relax(max(share * self._gap, SMALLEST_GAP))
            if self._relaxation.state.point is None:
                return relaxed
            relaxed = self._keep_relaxed()
            self._search_from(relaxed, self._relaxation.state.lower_bound)
            if self._is_done():
                break
        return relaxed

    def _relax_and_search_among_ties(self) -> Solution | None:
        """Relax as far as ever, and search once; None without a relaxation.

        The plan follows from the relaxation's point, its bound, and what the gap leaves
        above it. From a rough relaxation a small change of the case would move all.
        """
        gap = max(RELAXATION_SHARES[-1] * self._gap, SMALLEST_GAP)
        within = self._deadline.within(EARLY_TIME_SHARE)
        self._relaxation.relax(gap, within, self._on_round)
        self._prove()
        if self._relaxation.state.point is None:
            return None
        relaxed = self._keep_relaxed()
        bound = self._relaxation.state.lower_bound
        weight = weight_among_ties(
            self._program, relaxed, bound * MILLION, self._deadline
        )
        if weight == 0:
            self._search_from(relaxed, bound)
        else:
            self._search_by_holding(weight, relaxed, bound)
        return relaxed

    def _search_by_holding(
        self, weight: float, relaxed: Solution, bound: float
    ) -> None:
        """Search with a weight of the cost of holding beside the objective."""
        self._best.tied_gap = self._gap
        self._program.weigh_holding(weight)
        tied = self._relaxation.tied()
        gap = max(TIED_SHARE * self._gap, SMALLEST_GAP)
        tied.relax(gap, self._deadline, lambda: self._report("cost of holding"))
        if tied.state.point is not None:
            relaxed = self._program.read(tied.state.point)
            bound = tied.state.lower_bound
        self._search_from(relaxed, bound, is_tied=True)
        self._program.weigh_holding(0.0)

    def _search_from(
        self, begin: Solution, bound: float, *, is_tied: bool = False
    ) -> None:
        """Search from a point of the relaxation; among ties even if the gap is met.

        What the last tranches cost, shared anew, is enough among ties if it meets the
        gap: a new search ends there as well.
        """
        for stage, find in (
            ("known tranches", self._try_support),
            ("few tranches", self._search),
        ):
            is_wanted = is_tied and not self._is_support_enough
            if is_wanted or not self._is_met():
                self._offer(stage, find, begin, bound * MILLION)

    def _keep_relaxed(self) -> Solution:
        self._session.keep_cuts(self._relaxation)
        return self._relaxed()

    def _relax(self, gap: float, deadline: Deadline | None = None) -> None:
        self._relaxation.relax(
            gap, deadline or self._deadline, self._on_round, self._is_met
        )
        self._prove()

    def _on_round(self) -> None:
        self._prove()
        self._report("relaxation")

    def _prove(self) -> None:
        self._best.prove(self._relaxation.state.lower_bound * MILLION)

    def _is_met(self) -> bool:
        return self._best.gap <= self._gap

    def _is_done(self) -> bool:
        return self._is_met() or self._deadline.is_over

    def _offer(
        self,
        stage: str,
        find: Callable[[Search, Solution], Point | None],
        begin: Solution | None = None,
        bound_usd: float | None = None,
    ) -> None:
        """Offer the point that a search finds from the relaxation, as it is by default.

        bound_usd is one of what the program minimises.
        """
        self._program.protect()
        run = self._search_run()
        if bound_usd is not None:
            run = replace(run, lower_bound_usd=bound_usd)
        self._best.offer(find(run, begin or self._relaxed()))
        self._program.release()
        self._report(stage)

    def _search(self, run: Search, relaxed: Solution) -> Point | None:
        return search(run, relaxed, self._support)

    def _try_support(self, run: Search, relaxed: Solution) -> Point | None:
        """Return a point with the tranches of the last incumbent, solved anew once."""
        if self._support is None or self._has_tried_support:
            return None
        self._has_tried_support = True
        found = with_support(run, relaxed, self._support)
        self._is_support_enough = found is not None and is_within_gap(run, found)
        return found

    def _search_run(self) -> Search:
        return Search(
            self._program,
            self._deadline,
            lambda _: self._report("searching"),
            self._best.lower_bound_usd,
            self._best.lower_bound_usd,
        )

    def _relaxed(self) -> Solution:
        point = self._relaxation.state.point
        if point is None:
            return Solution(Status.LIMIT, np.inf, -np.inf, None, None, None)
        return self._program.read(point)

    def _report(self, stage: str) -> None:
        best, cuts = self._best, self._relaxation.master.number_of_cuts
        self._log.bounds(stage, best.lower_bound_usd, best.upper_bound_usd, cuts)

    def _result(self, shadow_price: float | None) -> SolveResult:
        return self._best.result(self._gap, self._deadline, shadow_price)

    def _unsolved(self) -> SolveResult:
        """Return the limits in conflict, or why the relaxation has no point."""
        status = self._relaxation.master.status
        if status is not Status.INFEASIBLE:
            return unsolved(status, self._best.lower_bound_usd)
        oracle = self._relaxation.oracle
        scenarios = sorted(
            {w for _, w in oracle.cash_rows} | {x.w for x in oracle.tangents}
        )
        few = self._problem.scenarios.select(np.array(scenarios, dtype=np.int64))
        problem = complete_problem(
            self._problem.instance, few, eases_levels=self._problem.eases_levels
        )
        return infeasible(conflicting_limits(problem, set()))
