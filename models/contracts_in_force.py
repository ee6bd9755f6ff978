"""Contracts that were signed before the start, and mistakes in them."""

from collections import Counter
from collections.abc import Iterator

from models.identifiers import KnownIdentifiers
from models.mistakes import Mistake
from models.sections import Sections

ROUNDING = 1e-9


def in_force(case: Sections) -> frozenset[str]:
    """Return the contracts that are signed already: each plan has them."""
    return frozenset(x.contract for x in case.position.contracts)


def paid_back_before_usd(case: Sections, contract: str) -> float:
    """Return what was paid back in the year of the start, before the start."""
    found = (x for x in case.position.contracts if x.contract == contract)
    return next((x.paid_back_usd for x in found), 0.0)


def wrong_contracts(case: Sections, known: KnownIdentifiers) -> Iterator[Mistake]:
    """Find unknown contracts, double ones, and more paid back than the cap of a year.

    Rounding is allowed for: what was paid back is a sum.
    """
    contracts = {x.id: x for x in case.contracts}
    found = case.position.contracts
    for name, count in Counter(x.contract for x in found).items():
        if count > 1:
            expected = f"to be listed once, found {count} times"
            yield Mistake("position.contracts", name, expected)
    for x in found:
        path = f"position.contracts[{x.contract}]"
        yield from known.missing("contracts", f"{path}.contract", x.contract)
        contract = contracts.get(x.contract)
        cap = None if contract is None else contract.upside_cap_usd_per_year
        if cap is not None and x.paid_back_usd > cap * (1 + ROUNDING):
            expected = f"at most upside_cap_usd_per_year = {cap:g}"
            yield Mistake(f"{path}.paid_back_usd", x.paid_back_usd, expected)


def idle_contracts(case: Sections) -> Iterator[Mistake]:
    """Find what was paid back where no cap counts it."""
    contracts = {x.id: x for x in case.contracts}
    for x in case.position.contracts:
        cap = contracts[x.contract].upside_cap_usd_per_year
        if x.paid_back_usd > 0 and cap is None:
            path = f"position.contracts[{x.contract}].paid_back_usd"
            expected = "0: the contract has no upside_cap_usd_per_year that counts it"
            yield Mistake(path, x.paid_back_usd, expected)
