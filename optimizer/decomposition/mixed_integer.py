"""Tranche limit, whole lots and awards as integers over the cuts, with fresh cuts.

Near the incumbent's support first, then over the whole menu: its bound is one for the
case. Each point is solved truly, which adds cuts, until model and truth agree.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from optimizer.decomposition.cut_program import CutProgram
from optimizer.decomposition.first_stage_lp import FirstStageLp, first_stage_lp
from optimizer.decomposition.master import Master
from optimizer.decomposition.master_data import Rows, joined
from optimizer.decomposition.scenario_blocks import ScenarioBlocks
from optimizer.first_stage.found import Incumbent, Report, SecondsLeft
from optimizer.first_stage.searching import Search
from optimizer.first_stage.tranches import simplified, whole_lots
from optimizer.formulation import MILLION
from optimizer.highs import LinearProgram, Solution, Solver, Status
from optimizer.point import Point
from optimizer.problem import Chosen

NEAR_CANDIDATES = 4
NEAR_TIME_SHARE = 0.5
SMALLEST_SHARE = 1e-9
MOST_ROUNDS = 100


@dataclass(frozen=True, slots=True)
class Improvement:
    """What integers are improved with."""

    lp: FirstStageLp
    master: Master
    program: CutProgram
    blocks: ScenarioBlocks
    run: Search
    report: Report
    seconds_left: SecondsLeft

    @property
    def gap(self) -> float:
        """Relative gap at which to stop."""
        return self.lp.problem.instance.options.gap


def improve(work: Improvement, best: Incumbent, relaxed: Solution) -> bool:
    """Solve mixed-integer models until the gap is met or time is up.

    Return False if it is proved that no plan of the menu satisfies all limits.
    """
    problem = work.lp.problem
    near = _near(work, best, relaxed)
    whole = {
        h.name: np.arange(len(menu.candidates))
        for h, menu in zip(problem.holdings, problem.menus, strict=True)
    }
    is_all_near = all(len(near[name]) == len(all_) for name, all_ in whole.items())
    if not is_all_near:
        until = NEAR_TIME_SHARE * work.seconds_left()
        _solve_among(work, best, near, lambda: work.seconds_left() - until)
    if best.gap > work.gap and work.seconds_left() > 0:
        status = _solve_among(work, best, whole, work.seconds_left, bounds=True)
        return best.point is not None or status is not Status.INFEASIBLE
    return True


def _near(work: Improvement, best: Incumbent, relaxed: Solution) -> Chosen:
    """Return candidates in use here or in the relaxation, and the best-priced rest."""
    problem = work.lp.problem
    point = None if relaxed.values is None else work.program.point(relaxed.values)
    shares = [p.shares for p in (point, best.point) if p is not None]
    chosen: Chosen = {}
    for h, cost in enumerate(work.program.reduced_costs(relaxed)):
        used = np.zeros(len(cost), dtype=np.bool_)
        for share in shares:
            used |= share[h] > SMALLEST_SHARE
        near = np.argsort(np.where(used, np.inf, cost), kind="stable")[:NEAR_CANDIDATES]
        used[near] = True
        chosen[problem.holdings[h].name] = np.flatnonzero(used)
    return chosen


def _solve_among(
    work: Improvement,
    best: Incumbent,
    chosen: Chosen,
    seconds_left: SecondsLeft,
    *,
    bounds: bool = False,
) -> Status:
    """Alternate between model and truth among some candidates.

    bounds says that these are all candidates, so that the model's bound is one for the
    case.
    """
    stage_name = "whole menu" if bounds else "near candidates"
    few = first_stage_lp(
        work.lp.problem.restricted(chosen),
        work.blocks.cluster_costs,
        work.blocks.scenario_costs,
        is_relaxed=False,
    )
    place = _places(work.lp, few, chosen)
    status = Status.LIMIT
    for _ in range(MOST_ROUNDS):
        # Cuts of earlier rounds are slack in most solves, but the model needs them.
        work.program.protect()
        cuts = work.master.number_of_cuts
        work.report(stage_name, best.lower_bound_usd, best.upper_bound_usd, cuts)
        program = _program(work, few, place)
        solver = Solver(program)
        solver.stop_when(lambda: seconds_left() <= 0)
        solution = solver.run(time_limit_s=seconds_left(), relative_gap=work.gap / 2)
        status = solution.status
        if bounds and np.isfinite(solution.lower_bound):
            proven = solution.lower_bound * MILLION
            best.lower_bound_usd = max(best.lower_bound_usd, proven)
        if solution.values is None:
            break
        _offer(work, best, _point(work, few, chosen, solution.values))
        is_settled = best.upper_bound_usd * (1 - work.gap) <= (
            solution.lower_bound * MILLION
        )
        if is_settled or best.gap <= work.gap or seconds_left() <= 0:
            break
    return status


def _offer(work: Improvement, best: Incumbent, point: Point) -> None:
    """Solve a point truly, which adds its cuts, and take it if it is better."""
    work.program.fix_signed(point.signed)
    found = whole_lots(work.run, point)
    if best.offer(found) and found is not None:
        best.offer(simplified(work.run, found))


def _program(
    work: Improvement, few: FirstStageLp, place: NDArray[np.int64]
) -> LinearProgram:
    """Return the few candidates' model with all rows and cuts found so far."""
    number_of_stage_rows = work.lp.data.rows.number
    found = work.master.rows.select(
        np.arange(number_of_stage_rows, work.master.rows.number)
    )
    learned = joined(found, work.master.cuts)
    there = np.flatnonzero(place >= 0)
    narrow = learned.matrix[:, there].tocoo()
    shape = (learned.number, few.data.number_of_columns)
    moved = csr_array(
        (narrow.data, (narrow.row, place[there[narrow.col]])), shape=shape
    )
    rows = joined(few.data.rows, Rows(moved, learned.lower, learned.upper))
    return LinearProgram(
        cost=few.data.cost,
        rows=rows.matrix,
        row_lower=rows.lower,
        row_upper=rows.upper,
        column_lower=few.data.column_lower,
        column_upper=few.data.column_upper,
        is_integer=few.columns.is_integer,
    )


def _places(
    whole: FirstStageLp, few: FirstStageLp, chosen: Chosen
) -> NDArray[np.int64]:
    """Return where each column of the whole stage is among the few, -1 if nowhere."""
    place = np.full(whole.data.number_of_columns, -1, dtype=np.int64)
    old, new = whole.columns, few.columns
    place[_kept(whole, chosen)] = new.share
    for name in (
        "signed",
        "draw",
        "balance",
        "net_financing",
        "purchase",
        "excess",
        "cluster",
        "scenario",
    ):
        place[getattr(old, name)] = getattr(new, name)
    place[old.value_at_risk] = new.value_at_risk
    return place


def _kept(whole: FirstStageLp, chosen: Chosen) -> NDArray[np.int64]:
    """Return the share columns of the chosen candidates in the whole stage."""
    sizes = [len(menu.candidates) for menu in whole.problem.menus]
    by_holding = np.split(whole.columns.share, np.cumsum(sizes)[:-1])
    return np.concatenate(
        [
            columns[chosen[holding.name]]
            for holding, columns in zip(whole.problem.holdings, by_holding, strict=True)
        ]
    )


def _point(
    work: Improvement, few: FirstStageLp, chosen: Chosen, values: NDArray[np.float64]
) -> Point:
    """Return a point of the few candidates as one of the whole menu."""
    wide = np.zeros(work.lp.data.number_of_columns)
    place = _places(work.lp, few, chosen)
    there = np.flatnonzero(place >= 0)
    wide[there] = values[place[there]]
    wide[work.lp.columns.signed] = np.round(wide[work.lp.columns.signed])
    return work.program.point(wide)
