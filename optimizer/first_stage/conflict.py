"""The limits in conflict if no first stage satisfies all of them."""

from collections.abc import Iterable
from dataclasses import replace

from models.allowed_levels import allowed_tonnes, minimum_tonnes
from optimizer.cash_rows import Tangent
from optimizer.deadline import NEVER
from optimizer.first_stage.limit_text import limit_texts
from optimizer.limit_margin import MARGIN
from optimizer.problem import FirstStageProblem, SimulatedProblem
from optimizer.separation import SeparatedProgram

LAST_DIGITS = "limits: all of them together are missed by their last digits"


def conflicting_limits(
    problem: SimulatedProblem,
    cash_rows: set[tuple[int, int]],
    tangents: Iterable[Tangent] = (),
    *,
    is_relaxed: bool = True,
) -> tuple[str, ...]:
    """Return the limits of an irreducible conflict: name on the page, path in the case.

    Shortage can always be paid for, so a conflict lies in the first stage: the recourse
    is left out. A conflict within the solver's tolerance is one of tighter limits.
    """
    first_stage = problem.without_recourse()
    program = SeparatedProgram(
        first_stage, is_relaxed=is_relaxed, cash_rows=cash_rows, tangents=tangents
    )
    program.solve(NEVER)
    rows, _ = program.solver.conflict()
    if len(rows):
        return limit_texts(problem, [program.row_key(int(row)) for row in rows])
    if problem.margin > 0:
        return (LAST_DIGITS,)
    tighter = replace(problem, margin=MARGIN)
    return conflicting_limits(tighter, cash_rows, tangents, is_relaxed=is_relaxed)


def unbuyable_covers(problem: FirstStageProblem) -> tuple[str, ...]:
    """Return the least levels of materials that have no candidate."""
    buyable = {
        holding.material.id
        for holding, menu in zip(problem.holdings, problem.menus, strict=True)
        if menu.candidates and holding.sale is None
    }
    instance = problem.instance
    return tuple(
        f"{row}[{m.id}]: nothing eligible can be bought"
        for m in instance.materials
        if m.id not in buyable
        for row, least in (
            ("minimum_cover", minimum_tonnes(instance, m)),
            ("level_fall", allowed_tonnes(instance, m)[0]),
        )
        if problem.eased(m, least) > 0
    )
