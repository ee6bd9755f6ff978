"""A case as mpi-sppy's driver wants it: a model and its first stage for each scenario.

The driver (mpisppy.generic_cylinders) imports this module by its path and calls
scenario_names_creator, inparser_adder, kw_creator, scenario_creator and
scenario_denouement; their names and arguments are its own.
"""

import json
from pathlib import Path
from typing import Any

import pyomo.environ as pyo
from mpisppy.utils import sputils  # pyright: ignore[reportMissingModuleSource]

from tests.benchmark.mpi_sppy.one_scenario import CashRow, build_scenario
from tests.benchmark.mpi_sppy.planning_problem import problem_of

PREFIX = "Scenario"


def scenario_names_creator(num_scens: int, start: int | None = None) -> list[str]:
    """Return names of scenarios that end in their positions."""
    first = start or 0
    return [f"{PREFIX}{w}" for w in range(first, first + num_scens)]


def inparser_adder(cfg: Any) -> None:  # noqa: ANN401 (a class of mpi-sppy)
    """Declare the options that say which case it is."""
    cfg.num_scens_required()
    cfg.add_to_config("case", description="case", domain=str, default=None)
    cfg.add_to_config("cash_rows", description="JSON file", domain=str, default=None)
    cfg.add_to_config("is_relaxed", description="1 or 0", domain=int, default=1)


def kw_creator(cfg: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the arguments of scenario_creator."""
    rows = json.loads(Path(cfg.cash_rows).read_text(encoding="utf-8"))
    return {
        "case": cfg.case,
        "num_scens": cfg.num_scens,
        "cash_rows": [(t, w) for t, w in rows],
        "is_relaxed": bool(cfg.is_relaxed),
        "is_whole_first_stage": bool(cfg.lshaped_hub),
    }


def scenario_creator(
    scenario_name: str,
    *,
    case: str,
    num_scens: int,
    cash_rows: list[CashRow],
    is_relaxed: bool,
    is_whole_first_stage: bool,
) -> pyo.ConcreteModel:
    """Return the model of a scenario with its probability and first stage."""
    problem = problem_of(case, num_scens)
    w = int(scenario_name.removeprefix(PREFIX))
    model = build_scenario(problem, w, is_relaxed=is_relaxed, cash_rows=cash_rows)
    model._mpisppy_probability = float(  # noqa: SLF001 (where mpi-sppy looks for it)
        problem.scenarios.probability[w]
    )
    sputils.attach_root_node(
        model, 0.0, first_stage(model, is_whole=is_whole_first_stage)
    )
    return model


def first_stage(model: pyo.ConcreteModel, *, is_whole: bool) -> list[Any]:
    """Return what scenarios must agree on; all else of the first stage if is_whole.

    Progressive hedging does better with the few variables that fix the rest: financing
    follows from the draws, shares from the lots.
    """
    shares = [model.share] if model.is_relaxed else [model.lots, model.use]
    independent = [*shares, model.signed, model.draw]
    if pyo.value(model.cvar_weight) > 0:
        independent.append(model.value_at_risk)
    if not is_whole:
        return independent
    dependent = [model.balance, model.net_financing, model.purchase_block]
    return [*independent, *dependent, *([] if model.is_relaxed else [model.share])]


def scenario_denouement(_rank: int, _name: str, _model: pyo.ConcreteModel) -> None:
    """Do nothing: bounds are read from the log."""


def hub_and_spoke_dict_callback(
    hub: dict[str, Any],
    _spokes: list[dict[str, Any]],
    cfg: Any,  # noqa: ANN401
) -> None:
    """Tell the L-shaped method what is known: no scenario costs less than nothing."""
    if cfg.lshaped_hub:
        names = scenario_names_creator(cfg.num_scens)
        hub["opt_kwargs"]["options"]["valid_eta_lb"] = dict.fromkeys(names, 0.0)
