"""From the facts of a period to its orders, its books, and the case that comes next."""

from collections.abc import Iterator
from dataclasses import dataclass

from models.allowed_levels import with_levels_of
from models.impossible_facts import impossible_facts
from models.instance import Instance
from models.mistakes import Mistake
from models.observation import Observation
from models.observation_mistakes import wrong_observation
from models.orders import ContractDelivery, Orders, of_another_chain
from models.plan import Plan
from models.reading import InvalidCaseError
from optimizer.advance.accounts import PeriodEnd, material_of_route, reconciliation
from optimizer.advance.alerts import material_alerts
from optimizer.advance.differences import tranche_ends
from optimizer.advance.facilities import facility_orders
from optimizer.advance.free_stock import free_ends
from optimizer.advance.next_case import NoNextCaseError, next_case
from optimizer.advance.observed import contradictions, observed_scenario
from optimizer.advance.observed_buffers import with_observed_buffers
from optimizer.advance.purchases import purchase_orders, rotation_orders
from optimizer.advance.releases import hand_overs, release_orders
from optimizer.advance.sales import sale_orders
from optimizer.advance.tranche_month import tranche_months
from optimizer.cores import on_one_thread
from optimizer.evaluation.replay import PlanReplay, replay
from optimizer.in_force.decisions_in_force import decisions_in_force
from optimizer.scenarios.scenario_set import ScenarioSet


@dataclass(frozen=True, slots=True)
class Advanced:
    """The orders of a period, and the case as it stands after it."""

    orders: Orders
    next_case: Instance | None


@on_one_thread
def advance(
    instance: Instance,
    plan: Plan,
    observation: Observation,
    *,
    previous: Orders | None = None,
) -> Advanced:
    """Return the orders of the first period of a case by the rules of a plan.

    previous are the orders of the period before, whose costs so far are added to.

    Raises
    ------
    InvalidCaseError
        With every mistake in the observation: what is missing, what contradicts itself
        or the plan; or if the previous orders do not lead to the case.
    PlanMismatchError
        If the plan does not fit the case.
    """
    mistakes = [
        *wrong_observation(instance, observation),
        *wrong_by_plan(instance, plan, observation),
    ]
    if previous is not None:
        mistakes += of_another_chain(instance.content_hash, previous)
    if mistakes:
        raise InvalidCaseError(mistakes)
    decisions = decisions_in_force(instance, plan)
    scenarios = observed_scenario(instance, observation)
    seen = with_observed_buffers(instance, scenarios)
    happened = replay(seen, scenarios, decisions)
    months = list(tranche_months(happened, plan))
    materials = material_of_route(instance)
    alerts = tuple(material_alerts(instance, happened, previous))
    since = {x.material: x.since for x in alerts if x.since is not None}
    purchases = tuple(purchase_orders(instance, scenarios, happened, months, since))
    ends = tranche_ends(months, purchases, materials, observation)
    sales = tuple(sale_orders(decisions, happened))
    free = tuple(free_ends(instance, scenarios, decisions, happened, observation))
    period_end = PeriodEnd(
        observation, decisions, happened, ends, purchases, sales, free
    )
    after, endings = _after(seen, scenarios, period_end)
    after = None if after is None else with_levels_of(after, plan.tranches())
    orders = Orders(
        instance_hash=instance.content_hash,
        plan_hash=plan.content_hash,
        observation_hash=observation.content_hash,
        previous_hash=None if previous is None else previous.content_hash,
        next_instance_hash=None if after is None else after.content_hash,
        start=instance.horizon.start,
        end=instance.horizon.start_of(1),
        alerts=alerts,
        releases=tuple(release_orders(instance, happened, months, since)),
        purchases=purchases,
        rotations=tuple(rotation_orders(months)),
        sales=sales,
        hand_overs=tuple(hand_overs(months)),
        deliveries=tuple(_deliveries(happened)),
        facilities=tuple(facility_orders(instance, decisions.draws, happened.books)),
        endings=endings,
        reconciliation=reconciliation(instance, period_end, previous),
    )
    return Advanced(orders, after)


def wrong_by_plan(
    instance: Instance,
    plan: Plan,
    observation: Observation,
    left_out: frozenset[str] = frozenset(),
) -> Iterator[Mistake]:
    """Yield facts that contradict the plan, or each other.

    `left_out` names facts that are wrong themselves, as field or field.name.
    """
    yield from contradictions(instance, observation, left_out)
    yield from impossible_facts(instance, plan, observation, left_out)


def _after(
    instance: Instance, scenarios: ScenarioSet, period_end: PeriodEnd
) -> tuple[Instance | None, tuple[str, ...]]:
    """Return the case that comes next and what has ended, or why there is none."""
    try:
        moved = next_case(instance, scenarios, period_end)
    except NoNextCaseError as error:
        return None, (str(error),)
    return moved.case, moved.notes


def _deliveries(happened: PlanReplay) -> Iterator[ContractDelivery]:
    for signed in happened.contracts:
        if (tonnes := float(signed.delivered[0, 0])) > 0:
            yield ContractDelivery(
                contract=signed.contract.id,
                material=signed.contract.material,
                tonnes=tonnes,
                beneficiary=signed.contract.beneficiary,
            )
