"""The financing of a plan as a lender sees it: schedule, fans, covenants, stress.

Cash, collateral and what the cash rule draws are those of the replay. Terms are those
of FORMULATION.md, rows (16) to (21), kept by `optimizer.financing`.
"""

import numpy as np

from models.financing_view import (
    Covenants,
    FinancingView,
    StressResult,
    WorstMoment,
)
from models.instance import Instance
from models.member_fees import fees_per_year_usd
from models.plan import Plan
from optimizer.cores import on_one_thread
from optimizer.evaluation.books import mean_draws
from optimizer.evaluation.carrying import carrying_costs
from optimizer.evaluation.chunks import in_chunks, joined
from optimizer.evaluation.decisions import Decisions, PlanMismatchError, decisions_of
from optimizer.evaluation.financing_schedule import SMALLEST_CAPITAL_USD, schedule
from optimizer.evaluation.position import Position, financing_fans, position_of
from optimizer.evaluation.replay import keep_books
from optimizer.evaluation.stress import (
    Stress,
    largest_right_holder,
    stressed,
    stresses,
)
from optimizer.scenarios import sample_batches
from optimizer.scenarios.scenario_set import Floats, ScenarioSet

PRICE_FALL = 0.3


@on_one_thread
def financing_view(
    instance: Instance,
    plan: Plan,
    *,
    number_of_scenarios: int,
    seed: int,
    price_fall: float = PRICE_FALL,
    defaulted: str | None = None,
) -> FinancingView:
    """Return schedule, fans, covenants and stress of a plan on fresh scenarios.

    price_fall is a share of the price; defaulted a participant with a right in the
    plan or a member, if absent that with the largest rights. All stresses are on the
    same scenarios (common random numbers), and they are those of `evaluate` for the
    same number and seed. Raises PlanMismatchError if the plan does not fit the case or
    the participant is neither.
    """
    decisions = decisions_of(instance, plan)
    holders = {x.participant for x in decisions.tranches if x.participant is not None}
    payers = holders | {*fees_per_year_usd(instance)}
    if defaulted is not None and defaulted not in payers:
        found = f"{defaulted} has no right"
        raise PlanMismatchError(found=found, expected=f"one of {sorted(payers)}")
    scenarios = sample_batches(
        instance,
        number_of_scenarios=number_of_scenarios,
        generator=np.random.default_rng(seed),
    ).scenarios
    position = _position(instance, scenarios, decisions)
    defaulted = defaulted or largest_right_holder(instance, decisions)
    names = instance.index.participant_name
    return FinancingView(
        instance_hash=instance.content_hash,
        plan_hash=plan.content_hash,
        scenarios=number_of_scenarios,
        seed=seed,
        schedule=schedule(
            instance,
            mean_draws(
                instance, decisions.draws, position.books.level, position.probability
            ),
        ),
        fans=financing_fans(instance, position),
        covenants=_covenants(instance, scenarios, position),
        carrying=carrying_costs(instance, scenarios, decisions),
        stresses=tuple(
            _result(
                stress,
                names.get(stress.defaulted or ""),
                _position(*stressed(instance, scenarios, decisions, stress)),
            )
            for stress in stresses(
                instance, position.books.debt.max(axis=0), price_fall, defaulted
            )
        ),
    )


def _position(
    instance: Instance, scenarios: ScenarioSet, decisions: Decisions
) -> Position:
    parts = [keep_books(instance, part, decisions) for part in in_chunks(scenarios)]
    books = joined(parts, axis=0)
    return position_of(instance, scenarios.probability, decisions.draws, books)


def _covenants(
    instance: Instance, scenarios: ScenarioSet, position: Position
) -> Covenants:
    terms, books = instance.financing, position.books
    is_called = books.capital >= SMALLEST_CAPITAL_USD
    ratios = books.debt[is_called] / books.capital[is_called]
    limit = terms.debt_to_equity_limit
    headroom = None if limit is None else limit * books.capital - books.debt
    cover = np.where(position.needs_cover, position.cover, np.inf)

    def lowest_at(values: Floats) -> WorstMoment:
        return _lowest_at(values, instance, scenarios)

    return Covenants(
        debt_to_equity_limit=limit,
        highest_debt_to_equity=float(ratios.max()) if is_called.any() else None,
        least_debt_headroom_usd=None if headroom is None else float(headroom.min()),
        collateral_cover_limit=terms.collateral_cover,
        lowest_collateral_to_debt=position.lowest_cover,
        collateral_broken_by_period=tuple(
            position.share_of(is_so) for is_so in position.is_cover_broken.T
        ),
        collateral_broken_probability=position.cover_broken_probability(),
        debt_uncovered_probability=position.uncovered_probability(),
        cash_below_zero_probability=position.unfunded_probability(),
        lowest_cash_usd=float(books.cash.min()),
        least_debt_headroom_at=None if headroom is None else lowest_at(headroom),
        lowest_collateral_to_debt_at=(
            lowest_at(cover) if position.needs_cover.any() else None
        ),
        lowest_cash_at=lowest_at(books.cash),
    )


def _lowest_at(
    values: Floats, instance: Instance, scenarios: ScenarioSet
) -> WorstMoment:
    """Return where the least of values (w, t) is."""
    w, t = (int(x) for x in np.unravel_index(np.argmin(values), values.shape))
    is_common = bool((values == values[:1]).all())
    return WorstMoment(
        period=t,
        start=instance.horizon.start_of(t),
        scenario=None if is_common else scenarios.names[w],
    )


def _result(stress: Stress, name: str | None, position: Position) -> StressResult:
    return StressResult(
        name=stress.name,
        price_fall=stress.price_fall,
        price_fall_start_period=stress.price_fall_start,
        defaulted=stress.defaulted,
        defaulted_name=name,
        has_price_floors=stress.has_price_floors,
        lowest_cash_usd=float(position.books.cash.min()),
        lowest_collateral_to_debt=position.lowest_cover,
        collateral_broken_probability=position.cover_broken_probability(),
        debt_uncovered_probability=position.uncovered_probability(),
        cash_below_zero_probability=position.unfunded_probability(),
    )
