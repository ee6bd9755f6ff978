"""A case on its planning scenarios, with every response computed: data of the model."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.instance import Instance
from optimizer.policies.candidates import Menu, menu_of
from optimizer.policies.holding import Holding, holdings
from optimizer.policies.market import Market, observe
from optimizer.policies.offtake import OfftakeResponse, respond_to_contracts
from optimizer.policies.response import Response, no_response, respond
from optimizer.recourse.blocks import Recourse, find_blocks, nothing_short
from optimizer.scenarios.scenario_set import Floats, ScenarioSet

Chosen = dict[str, NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Problem:
    """All that the formulation reads; holdings, menus and responses in one order."""

    instance: Instance
    scenarios: ScenarioSet
    market: Market
    holdings: tuple[Holding, ...]
    menus: tuple[Menu, ...]
    responses: tuple[Response, ...]
    contracts: tuple[OfftakeResponse, ...]
    recourse: Recourse

    def calmest_cash_rows(self) -> list[tuple[int, int]]:
        """Return each (t, w) of the scenario with the least gap.

        Most cash rows bind there, because nothing is sold.
        """
        calmest = int(self.market.market_gap.sum(axis=(0, 2)).argmin())
        return [(t, calmest) for t in range(self.instance.horizon.number_of_periods)]

    def restricted(self, chosen: Chosen) -> "Problem":
        """Return the problem with only some candidates of each holding."""
        menus: list[Menu] = []
        responses: list[Response] = []
        for holding, menu, response in zip(
            self.holdings, self.menus, self.responses, strict=True
        ):
            keep = chosen[holding.name]
            menus.append(menu.select(keep))
            responses.append(response.select(keep))
        return replace(self, menus=tuple(menus), responses=tuple(responses))

    def simulated(self, chosen: Chosen) -> "Problem":
        """Return the problem with only some candidates, and these simulated."""
        few = self.restricted(chosen)
        responses = tuple(
            respond(self.instance, holding, menu.policies)
            for holding, menu in zip(few.holdings, few.menus, strict=True)
        )
        return replace(few, responses=responses)


def assemble(instance: Instance, scenarios: ScenarioSet) -> Problem:
    """Simulate every candidate of the menu and find where something is short."""
    return with_responses(outline(instance, scenarios))


def with_responses(problem: Problem) -> Problem:
    """Return the problem with every candidate simulated that differs from all others.

    Those that do and cost exactly the same are one.
    """
    instance = problem.instance
    menus: list[Menu] = []
    responses: list[Response] = []
    for holding, menu in zip(problem.holdings, problem.menus, strict=True):
        response = respond(instance, holding, menu.policies)
        distinct = _distinct(menu, response)
        menus.append(menu.select(distinct))
        responses.append(response.select(distinct))
    return replace(problem, menus=tuple(menus), responses=tuple(responses))


def without_blocks(problem: Problem) -> Problem:
    """Return the first stage alone: as if nothing were ever short."""
    return replace(problem, recourse=nothing_short(problem.recourse))


def outline(instance: Instance, scenarios: ScenarioSet) -> Problem:
    """Return the problem before any candidate is simulated: responses are empty."""
    market = observe(instance, scenarios)
    held = holdings(instance, scenarios, market)
    menus = tuple(menu_of(instance, holding) for holding in held)
    return Problem(
        instance=instance,
        scenarios=scenarios,
        market=market,
        holdings=held,
        menus=menus,
        responses=tuple(no_response(len(menu.candidates)) for menu in menus),
        contracts=respond_to_contracts(instance, scenarios),
        recourse=find_blocks(instance, scenarios, market),
    )


def discount_factors(instance: Instance) -> Floats:
    """Return the value today of a dollar in each period (t)."""
    horizon = instance.horizon
    return np.array(
        [horizon.discount_factor(t) for t in range(horizon.number_of_periods)]
    )


def _distinct(menu: Menu, response: Response) -> NDArray[np.int64]:
    """Return the first of each set of candidates that do and cost exactly the same."""
    seen: dict[tuple[object, ...], int] = {}
    for c, candidate in enumerate(menu.candidates):
        key = (
            candidate.level_days_of_cover,
            candidate.sourcing,
            response.released[c].tobytes(),
            response.cash_flow[c].tobytes(),
            menu.policies.most_acquired()[c],
            menu.policies.most_released()[c],
        )
        seen.setdefault(key, c)
    return np.array(sorted(seen.values()), dtype=np.int64)
