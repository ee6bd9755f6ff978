"""Warnings about financing: limits that nothing reaches, terms without effect."""

from collections.abc import Iterator

from models.debt_in_force import room_in_force_usd
from models.draw_order import most_by_rule_usd
from models.instance import Instance
from models.mistakes import Mistake

ROUNDING = 1e-6


def idle_collateral_terms(case: Instance) -> Iterator[Mistake]:
    """Find a cover without a loan, and guarantees where none is asked for."""
    financing = case.financing
    cover = financing.collateral_cover
    if cover is None:
        for facility in financing.facilities:
            if facility.guaranteed:
                expected = "false: it only counts beside a collateral_cover"
                path = f"financing.facilities[{facility.id}].guaranteed"
                yield Mistake(path, facility.guaranteed, expected)
    elif not any(x.needs_collateral for x in financing.facilities):
        expected = "none: there is no loan that needs it, so it has no effect"
        yield Mistake("financing.collateral_cover", cover, expected)


def limits_out_of_reach(case: Instance) -> Iterator[Mistake]:
    """Find facilities that debt to equity keeps the cash rule from drawing."""
    limits = sum(x.limit_usd for x in case.financing.drawn_by_rule())
    most = most_by_rule_usd(case.financing, room_in_force_usd(case))
    if most < limits * (1 - ROUNDING):
        names = ", ".join(x.id for x in case.financing.drawn_by_rule())
        expected = (
            f"a multiple that lets {names} be drawn in full, or capital drawn before "
            f"or with the loans; of ${limits:,.2f} only ${most:,.2f} can be drawn"
        )
        limit = case.financing.debt_to_equity_limit
        yield Mistake("financing.debt_to_equity_limit", limit, expected)
