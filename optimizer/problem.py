"""A case on its planning scenarios, in the three forms that programs are built from.

The first stage alone; with the response of each candidate, for rows of cash; and with
the blocks of the recourse as well, for the extensive form.
"""

from dataclasses import dataclass, field, fields, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from models.allowed_levels import least_tonnes, tonnes_there
from models.instance import Instance
from models.material import Material
from optimizer.policies.candidates import Menu, menu_of
from optimizer.policies.holding import Holding, holdings
from optimizer.policies.market import Market, observe
from optimizer.policies.offtake import OfftakeResponse, respond_to_contracts
from optimizer.policies.response import Response, respond
from optimizer.recourse.blocks import Recourse, find_blocks
from optimizer.scenarios.scenario_set import Floats, ScenarioSet

Chosen = dict[str, NDArray[np.int64]]  # candidates, by name of the holding
BEFORE_START = -1  # the period in which what is in place at the start is paid for


@dataclass(frozen=True, slots=True)
class FirstStageProblem:
    """What is decided first: holdings with their menus in one order, and contracts.

    margin is the share of each limit that is left free (`limit_margin`). With
    eases_levels the least levels of materials are at most what is there of them.
    """

    instance: Instance
    scenarios: ScenarioSet
    market: Market
    holdings: tuple[Holding, ...]
    menus: tuple[Menu, ...]
    contracts: tuple[OfftakeResponse, ...]
    margin: float = field(default=0.0, kw_only=True)
    eases_levels: bool = field(default=False, kw_only=True)

    def calmest_cash_rows(self) -> list[tuple[int, int]]:
        """Return each (t, w) of the scenario with the least gap, from t = -1 on.

        Most cash rows bind there, because nothing is sold.
        """
        calmest = int(self.market.market_gap.sum(axis=(0, 2)).argmin())
        periods = range(BEFORE_START, self.instance.horizon.number_of_periods)
        return [(t, calmest) for t in periods]

    def eased(self, material: Material, least: float) -> float:
        """Return the least level of a material, lowered if levels are eased; tonnes."""
        if not self.eases_levels:
            return least
        return min(least, tonnes_there(self.instance, material))

    def least_tonnes(self, material: Material) -> float:
        """Return the least that must be held, by minimum cover and level in force."""
        return self.eased(material, least_tonnes(self.instance, material))

    def origin_cap(self, m: int) -> float:
        """Return the cap of a material, by position: that of its pool's options."""
        return self.holdings[m].origin_cap

    @property
    def signed_before(self) -> Floats:
        """Least part of each contract that is signed: 1 if it is in force, else 0."""
        return np.array([float(x.is_in_force) for x in self.contracts])

    def restricted(self, chosen: Chosen) -> Self:
        """Return the problem with only some candidates of each holding."""
        return replace(self, menus=_selected(self, chosen))

    def simulated(self, chosen: Chosen) -> "SimulatedProblem":
        """Return some candidates of each holding with their responses."""
        menus = _selected(self, chosen)
        responses = tuple(
            respond(self.instance, holding, menu.policies)
            for holding, menu in zip(self.holdings, menus, strict=True)
        )
        return SimulatedProblem(
            **_first_stage_of(replace(self, menus=menus)), responses=responses
        )


@dataclass(frozen=True, slots=True)
class SimulatedProblem(FirstStageProblem):
    """A first stage with the response of each candidate, in the order of the menus."""

    responses: tuple[Response, ...]

    def restricted(self, chosen: Chosen) -> Self:
        """Return the problem with only some candidates of each holding."""
        responses = tuple(
            response.select(chosen[holding.name])
            for holding, response in zip(self.holdings, self.responses, strict=True)
        )
        return replace(self, menus=_selected(self, chosen), responses=responses)

    def without_recourse(self) -> "SimulatedProblem":
        """Return first stage and responses alone."""
        return SimulatedProblem(**_first_stage_of(self), responses=self.responses)


@dataclass(frozen=True, slots=True)
class CompleteProblem(SimulatedProblem):
    """A problem with its recourse: all that the extensive form reads."""

    recourse: Recourse


def first_stage_problem(
    instance: Instance, scenarios: ScenarioSet, *, eases_levels: bool = False
) -> FirstStageProblem:
    """Return the first stage of a case, with the whole menu of each holding."""
    market = observe(instance, scenarios)
    held = holdings(instance, scenarios, market)
    return FirstStageProblem(
        instance=instance,
        scenarios=scenarios,
        market=market,
        holdings=held,
        menus=tuple(menu_of(instance, holding) for holding in held),
        contracts=respond_to_contracts(instance, scenarios),
        eases_levels=eases_levels,
    )


def recourse_of(problem: FirstStageProblem) -> Recourse:
    """Return the blocks in which something is short without any supply."""
    return find_blocks(problem.instance, problem.scenarios, problem.market)


def complete_problem(
    instance: Instance, scenarios: ScenarioSet, *, eases_levels: bool = False
) -> CompleteProblem:
    """Return the problem with all that differs on its menus, simulated."""
    problem = first_stage_problem(instance, scenarios, eases_levels=eases_levels)
    return completed(problem, recourse_of(problem))


def completed(problem: FirstStageProblem, recourse: Recourse) -> CompleteProblem:
    """Return the problem with recourse and responses, each response once.

    Candidates that do and cost exactly the same are one.
    """
    menus: list[Menu] = []
    responses: list[Response] = []
    shortest = problem.instance.horizon.shortest_period_share
    for holding, menu in zip(problem.holdings, problem.menus, strict=True):
        response = respond(problem.instance, holding, menu.policies)
        most_released = menu.policies.most_released(shortest)
        distinct = _distinct(menu, response, most_released)
        menus.append(menu.select(distinct))
        responses.append(response.select(distinct))
    return CompleteProblem(
        **_first_stage_of(replace(problem, menus=tuple(menus))),
        responses=tuple(responses),
        recourse=recourse,
    )


def positions_in(problem: FirstStageProblem, part: FirstStageProblem) -> Chosen:
    """Return where the candidates of a part stand in the menus of the problem."""
    found: Chosen = {}
    for holding, whole, menu in zip(
        problem.holdings, problem.menus, part.menus, strict=True
    ):
        position = {candidate: c for c, candidate in enumerate(whole.candidates)}
        positions = [position[candidate] for candidate in menu.candidates]
        found[holding.name] = np.array(positions, dtype=np.int64)
    return found


def discount_factors(instance: Instance) -> Floats:
    """Return the value today of a dollar in each period (t)."""
    horizon = instance.horizon
    return np.array(
        [horizon.discount_factor(t) for t in range(horizon.number_of_periods)]
    )


def _first_stage_of(problem: FirstStageProblem) -> dict[str, Any]:
    return {x.name: getattr(problem, x.name) for x in fields(FirstStageProblem)}


def _selected(problem: FirstStageProblem, chosen: Chosen) -> tuple[Menu, ...]:
    return tuple(
        menu.select(chosen[holding.name])
        for holding, menu in zip(problem.holdings, problem.menus, strict=True)
    )


def _distinct(
    menu: Menu, response: Response, most_released: Floats
) -> NDArray[np.int64]:
    """Return the first of each set of candidates that do and cost exactly the same."""
    seen: dict[tuple[object, ...], int] = {}
    others = response.for_others
    for c, candidate in enumerate(menu.candidates):
        key = (
            candidate.level_days_of_cover,
            candidate.sourcing,
            response.released[c].tobytes(),
            others is not None and others[c].tobytes(),
            response.cash_flow[c].tobytes(),
            float(response.opening_flow[c]),
            menu.policies.most_acquired()[c],
            most_released[c],
        )
        seen.setdefault(key, c)
    return np.array(sorted(seen.values()), dtype=np.int64)
