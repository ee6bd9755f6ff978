"""Financing and cash, counted again: rows (14) to (20) of the page, and the table."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.finance import Facility
from models.instance import Instance
from models.plan import FinancingPeriod
from optimizer.feasibility.buying import premium_usd
from optimizer.feasibility.members import member_fees_usd
from optimizer.feasibility.recount import Recount
from optimizer.feasibility.tolerances import LIMIT, PROMISE, ROUNDING
from optimizer.feasibility.violation import (
    Violations,
    at_least,
    at_most,
    equal,
    same,
)
from optimizer.scenarios.scenario_set import Floats


@dataclass(frozen=True, slots=True)
class Ledger:
    """One facility by period (t), US dollars: draws, instalments due, balance, fees."""

    facility: Facility
    draws: list[float]
    due: list[float]
    balance: list[float]
    fees: list[float]


def financing_violations(counted: Recount) -> Violations:
    """Yield what is wrong with draws, covenants, cash, collateral and the table."""
    instance = counted.instance
    ledgers = [
        _ledger(instance, counted.plan.financing, f)
        for f in instance.financing.facilities
    ]
    for ledger in ledgers:
        yield from _draws(ledger)
    yield from debt_to_equity(instance, ledgers)
    cash, moved = _cash(counted, ledgers)
    yield from _before_start(counted, ledgers)
    yield from _cash_rows(counted, ledgers, cash, LIMIT * moved)
    yield from _table(counted, ledgers, cash, ROUNDING * moved)
    yield from _cost_of_holding(counted, ledgers, cash, moved)


def _ledger(
    instance: Instance, table: tuple[FinancingPeriod, ...], facility: Facility
) -> Ledger:
    """Follow one facility period by period: (16) and its part of (18)."""
    draws = [x.draws_usd[facility.id] for x in table]
    start, number = facility.repayment_start_period, facility.number_of_instalments
    owed, drawn = 0.0, 0.0
    ledger = Ledger(facility, draws, [], [], [])
    for t, draw in enumerate(draws):
        due = 0.0
        years = instance.horizon.years_between(t, t + 1)
        if start is not None and number is not None and start <= t < start + number:
            due = sum(draws[:start]) / number
        drawn += draw
        owed += draw - due
        fee = facility.exposure_fee * draw
        fee += facility.rate_per_year * years * owed
        if facility.last_draw_period is None or t <= facility.last_draw_period:
            undrawn = facility.limit_usd - drawn
            fee += facility.commitment_fee_per_year * years * undrawn
        ledger.due.append(due)
        ledger.balance.append(owed)
        ledger.fees.append(fee)
    return ledger


def _draws(ledger: Ledger) -> Violations:
    """(15) draws within limit and window, never back."""
    f = ledger.facility
    total = sum(ledger.draws)
    yield from at_most("draw_limit", f.id, total, f.limit_usd, 0.0)
    for t, draw in enumerate(ledger.draws):
        where = f"{f.id}, t={t}"
        yield from at_least("draw_sign", where, draw, 0.0, 0.0)
        is_late = f.last_draw_period is not None and t > f.last_draw_period
        if t < f.first_draw_period or is_late:
            yield from at_most("draw_window", where, draw, 0.0, 0.0)


def debt_to_equity(instance: Instance, ledgers: list[Ledger]) -> Violations:
    """(17) debt <= debt_to_equity_limit capital in each period."""
    limit = instance.financing.debt_to_equity_limit
    if limit is None:
        return
    capital = _owed(ledgers, "equity")
    equity = sum(x.facility.limit_usd for x in ledgers if x.facility.kind == "equity")
    tolerance = LIMIT * limit * equity
    for t, debt in enumerate(_owed(ledgers, "loan")):
        most = limit * float(capital[t])
        yield from at_most("debt_to_equity", f"t={t}", float(debt), most, tolerance)


def _owed(ledgers: list[Ledger], kind: str) -> Floats:
    """Return the balance (t) of all facilities of a kind."""
    periods = len(ledgers[0].draws) if ledgers else 0
    chosen = [x.balance for x in ledgers if x.facility.kind == kind]
    return np.array(chosen).reshape(-1, periods).sum(axis=0)


def _cash(counted: Recount, ledgers: list[Ledger]) -> tuple[Floats, Floats]:
    """Return the cash balance after all payments, and all that was moved, (w, t)."""
    opening = counted.instance.financing.opening_cash_usd
    flow = np.zeros(counted.scenarios.price.shape[1:])
    moved = np.zeros_like(flow)
    for part in _payments(counted, ledgers):
        flow += part
        moved += np.abs(part)
    return opening + np.cumsum(flow, axis=1), opening + np.cumsum(moved, axis=1)


def _before_start(counted: Recount, ledgers: list[Ledger]) -> Violations:
    """(19) before the start: the first draws pay for what is in place then."""
    signed = {x.contract for x in counted.plan.contracts}
    paid = sum(x.initial * x.opening_unit_cost for x in counted.moved)
    paid += sum(
        x.signing_cost_usd for x in counted.instance.contracts if x.id in signed
    )
    received = counted.instance.financing.opening_cash_usd
    received += sum(x.upfront_fee_usd for x in counted.plan.awards)
    received += sum((1 - x.facility.exposure_fee) * x.draws[0] for x in ledgers)
    tolerance = LIMIT * (paid + received)
    left = received - paid
    yield from at_least("cash_nonnegative", "before the start", left, 0.0, tolerance)


def _payments(counted: Recount, ledgers: list[Ledger]) -> Iterator[Floats]:
    """Yield what each part of the plan is paid less what it pays, (w, t) or (t)."""
    instance, scenarios = counted.instance, counted.scenarios
    for x in counted.moved:
        yield x.cash_flow
    for contract in counted.deliveries:
        yield contract.cash_flow
    yield member_fees_usd(instance)
    for ledger in ledgers:
        yield np.array(ledger.draws)
        yield -np.array(ledger.due) - np.array(ledger.fees)
    for m, material in enumerate(instance.materials):
        price, planned = scenarios.base_price[m], counted.planned(material)
        yield -np.array(
            [
                premium_usd(instance, material, float(bought), float(price[t]))
                for t, bought in enumerate(planned)
            ]
        )


def _cash_rows(
    counted: Recount, ledgers: list[Ledger], cash: Floats, tolerance: Floats
) -> Violations:
    """(19) cash >= 0 and (20) collateral_cover debt <= stock value + cash."""
    for t, w in enumerate((cash + tolerance).argmin(axis=0)):
        where, lowest = f"w={w}, t={t}", float(cash[w, t])
        slack = float(tolerance[w, t])
        yield from at_least("cash_nonnegative", where, lowest, 0.0, slack)
    cover = counted.instance.financing.collateral_cover
    if cover is None or not ledgers:
        return
    held = cash.copy()
    for x in counted.moved:
        held += x.on_hand * counted.scenarios.price[x.m]
    owed = cover * _owed(ledgers, "loan")
    for t, w in enumerate((held + tolerance).argmin(axis=0)):
        where, least = f"w={w}, t={t}", float(owed[t])
        slack = float(tolerance[w, t])
        yield from at_least("collateral", where, float(held[w, t]), least, slack)


def _cost_of_holding(
    counted: Recount, ledgers: list[Ledger], cash: Floats, moved: Floats
) -> Violations:
    """Compare what owners have lost at the end with both figures of the promise."""
    instance, promise = counted.instance, counted.plan.promise
    probability, replayed = counted.scenarios.probability, promise.cost_of_holding
    if replayed is None and promise.cost_of_holding_usd is None:
        return  # a plan of before, which promises nothing of it
    if replayed is None or promise.cost_of_holding_usd is None:
        yield from same("cost_of_holding", "promise", "one figure", "both, or none")
        return
    haircut, stock = instance.financing.final_value_haircut, np.zeros(len(probability))
    for x in counted.moved:
        stock += x.on_hand[:, -1] * counted.scenarios.price[x.m, :, -1]
    known = instance.financing.opening_cash_usd + member_fees_usd(instance).sum()
    earned = cash[:, -1] - known
    lost = sum(x.balance[-1] for x in ledgers) - earned - (1 - haircut) * stock
    horizon = instance.horizon
    factor = (1 + horizon.discount_rate_per_year) ** -horizon.years
    expected = factor * float(probability @ lost)
    slack = PROMISE * float(probability @ (moved[:, -1] + stock))
    for name, found in (
        ("cost_of_holding", promise.cost_of_holding_usd),
        ("simulated_cost_of_holding", replayed.total_usd),
    ):
        yield from equal(name, "promise", found, expected, slack)
    fees = float(sum(sum(x.fees) for x in ledgers))
    for name, found, wanted in (
        ("haircut", replayed.final_value_haircut, haircut),
        ("discount_factor", replayed.discount_factor, factor),
        ("interest_and_fees", replayed.interest_and_fees_usd, fees),
        ("final_stock", replayed.final_stock_usd, float(probability @ stock)),
    ):
        tolerance = ROUNDING * (abs(wanted) + slack)
        yield from equal(name, "cost of holding", found, wanted, tolerance)


def _table(
    counted: Recount, ledgers: list[Ledger], cash: Floats, tolerance: Floats
) -> Violations:
    expected = counted.scenarios.probability @ cash
    lowest, moved = cash.min(axis=0), tolerance.max(axis=0)
    limits = ROUNDING * sum(x.facility.limit_usd for x in ledgers)
    for t, x in enumerate(counted.plan.financing):
        for ledger in ledgers:
            owed, name = ledger.balance[t], ledger.facility.id
            printed = x.balances_usd[name]
            yield from equal("balance", f"{name}, t={t}", printed, owed, limits)
        where, fees = f"t={t}", sum(ledger.fees[t] for ledger in ledgers)
        mean, least, slack = float(expected[t]), float(lowest[t]), float(moved[t])
        yield from equal("fees", where, x.interest_and_fees_usd, fees, limits)
        yield from equal("expected_cash", where, x.expected_cash_usd, mean, slack)
        yield from equal("lowest_cash", where, x.lowest_cash_usd, least, slack)
