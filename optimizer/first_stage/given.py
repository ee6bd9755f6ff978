"""Limits that rights in force exceed by themselves: they bind what is new alone."""

from dataclasses import replace
from typing import cast

import numpy as np

from optimizer.compiled import compile_model
from optimizer.first_stage.limit_text import limit_texts
from optimizer.formulation import LIMITED, build
from optimizer.problem import FirstStageProblem

ROUNDING = 1e-8  # of what is taken of a limit


def exceeded_by_rights(problem: FirstStageProblem) -> tuple[str, ...]:
    """Return a sentence for each limit that rights in force alone exceed."""
    if not problem.instance.position.rights:
        return ()
    alone = problem.restricted(
        {
            x.name: np.arange(0 if x.in_force is None else len(menu.candidates))
            for x, menu in zip(problem.holdings, problem.menus, strict=True)
        }
    )
    # As if they were not in force, so that all rows count them.
    anew = tuple(replace(x, in_force=None) for x in problem.holdings)
    model = build(replace(alone, holdings=anew), is_relaxed=True)
    compiled = compile_model(model)
    whole = np.zeros(len(compiled.variables))
    for key in model.CANDIDATES:
        whole[compiled.column(model.share[key])] = 1.0
    taken, scale = compiled.program.rows @ whole, abs(compiled.program.rows) @ whole
    beyond = taken - compiled.program.row_upper > ROUNDING * scale
    rows = [
        (row.parent_component().local_name, _index(row.index()))
        for row, is_beyond in zip(compiled.rows, beyond.tolist(), strict=True)
        if is_beyond
    ]
    limits = limit_texts(problem, [x for x in rows if x[0] in LIMITED])
    return tuple(f"rights in force alone exceed a limit: {x}" for x in limits)


def _index(index: object) -> tuple[object, ...]:
    return cast("tuple[object, ...]", index) if isinstance(index, tuple) else (index,)
