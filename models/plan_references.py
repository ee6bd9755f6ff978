"""Whether a plan and a case belong together: names, periods, what is in force."""

from collections.abc import Iterator

from models.instance import Instance
from models.mistakes import Mistake
from models.plan import Plan, Tranche


def plan_mistakes(plan: Plan, instance: Instance) -> tuple[Mistake, ...]:
    """Return why a plan cannot be followed in a case; empty if it can."""
    found = (*unknown_names(plan, instance), *broken_agreements(plan, instance))
    periods, horizon = len(plan.financing), instance.horizon.number_of_periods
    if periods == horizon:
        return found
    expected = f"the {horizon} periods of case {instance.id}"
    return (*found, Mistake("financing", f"{periods} periods", expected))


def unknown_names(plan: Plan, instance: Instance) -> tuple[Mistake, ...]:
    """Return a mistake for each name in the plan that the case does not have."""
    known = {
        "materials": {x.id for x in instance.materials},
        "participants": {x.id for x in instance.participants},
        "entitlement_offers": {x.id for x in instance.entitlement_offers},
        "contracts": {x.id for x in instance.contracts},
        "sourcing_options": {x.id for x in instance.sourcing_options},
        "facilities": {x.id for x in instance.financing.facilities},
        "position.sales": {x.material for x in instance.position.sales},
    }
    mistakes: dict[tuple[str, str], Mistake] = {}
    for path, section, name in _references(plan):
        if name not in known[section]:
            expected = f"one of the {section} of case {instance.id}"
            mistakes.setdefault((section, name), Mistake(path, name, expected))
    return tuple(mistakes.values())


def broken_agreements(plan: Plan, instance: Instance) -> tuple[Mistake, ...]:
    """Return a mistake for each right and contract in force that the plan breaks.

    It holds rights as they are, and has contracts signed.
    """
    signed = {x.contract for x in plan.contracts}
    contracts = (
        Mistake(f"contracts[{x.contract}]", "absent", f"in force in case {instance.id}")
        for x in instance.position.contracts
        if x.contract not in signed
    )
    return (*_broken_rights(plan, instance), *contracts)


def _broken_rights(plan: Plan, instance: Instance) -> Iterator[Mistake]:
    held = {x.offer: x for x in plan.tranches() if x.offer is not None}
    for right in instance.position.rights:
        tranche = held.get(right.offer)
        found = "none" if tranche is None else _said(tranche.lots, tranche.sourcing)
        expected = _said(right.lots, right.sourcing)
        if found != expected:
            path = f"levels.tranches[{right.offer}]"
            in_force = f"{expected}, in force in case {instance.id}"
            yield Mistake(path, found, in_force)


def _said(lots: int, sourcing: str) -> str:
    return f"{lots} lots by {sourcing}"


def _sold(plan: Plan) -> Iterator[tuple[str, str, str]]:
    for sale in plan.sales():
        at = f"levels[{sale.material}].sale.material"
        yield at, "position.sales", sale.material


def _references(plan: Plan) -> Iterator[tuple[str, str, str]]:
    """Yield path, section and name of each reference of the plan."""
    for level in plan.levels:
        yield f"levels[{level.material}].material", "materials", level.material
    for tranche in plan.tranches():
        yield from _named_by(tranche)
    yield from _sold(plan)
    for award in plan.awards:
        at = f"awards[{award.offer}]"
        yield f"{at}.offer", "entitlement_offers", award.offer
        yield f"{at}.participant", "participants", award.participant
        yield f"{at}.material", "materials", award.material
    for signed in plan.contracts:
        yield f"contracts[{signed.contract}]", "contracts", signed.contract
    for period in plan.financing:
        at = f"financing[{period.period}]"
        for facility in period.draws_usd:
            yield f"{at}.draws_usd", "facilities", facility
        for facility in period.expected_balances_usd:
            yield f"{at}.expected_balances_usd", "facilities", facility


def _named_by(tranche: Tranche) -> Iterator[tuple[str, str, str]]:
    at = f"levels[{tranche.material}].tranches"
    yield f"{at}.material", "materials", tranche.material
    yield f"{at}.sourcing", "sourcing_options", tranche.sourcing
    if tranche.offer is not None:
        yield f"{at}.offer", "entitlement_offers", tranche.offer
    if tranche.participant is not None:
        yield f"{at}.participant", "participants", tranche.participant
