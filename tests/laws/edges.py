"""Small cases whose limits lie at the edge of whole lots, against brute force.

Two materials, each in a product of its own, and a year without supply that comes with
probability 1/2. All whole lots of all levels are enumerated. Limits are what some
of them need, times 1 plus next to nothing; tonnes, output and money have any scale.

    .venv/bin/python -m tests.laws.edges 2000 --processes 2
"""

import argparse
import itertools
import sys
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

from models.outcome import Outcome, Termination
from models.reading import read_instance
from optimizer.solve import solve
from service.casefiles import load
from tests import cases
from tests.cases import Case
from tests.laws.scaled_cases import Factors, scaled

METHODS = ("extensive_form", "decomposition")
SHARES_OF_A_YEAR = (0.25, 0.5, 1.0)
NEXT_TO_NOTHING = (0.0, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-3)
DAYS_OF_A_YEAR = 365.25
CHANCE = 0.5
CERTAIN = 1e-12
POSSIBLE = 1.5e-8
SAME = 1e-6


@dataclass(frozen=True)
class Goods:
    """A material: tonnes needed a year and in a lot, US dollars a tonne."""

    need: float
    lot: float
    price: float
    loss: float

    def ways(self) -> Iterator[tuple[float, float]]:
        """Yield tonnes held and tonnes released in the cut, of each number of lots."""
        yield 0.0, 0.0
        for part in SHARES_OF_A_YEAR:
            level = part * self.need
            whole = round(level / self.lot)
            if abs(level - whole * self.lot) <= SAME * level:
                level = whole * self.lot
            for lots in range(1, int(level / self.lot * (1 + CERTAIN)) + 1):
                tonnes = lots * self.lot
                yield tonnes, tonnes / level * min(level, self.need)


@dataclass(frozen=True)
class Limits:
    """The limits of a case, in its units."""

    loan: float
    equity: float
    debt_to_equity: float | None
    capacity: float
    minimum: tuple[float, float]

    def hold(self, goods: tuple[Goods, Goods], held: tuple[float, float]) -> float:
        """Return the relative slack of the tightest limit, negative if it is broken."""
        paid = sum(x.price * tonnes for x, tonnes in zip(goods, held, strict=True))
        budget = self.loan + self.equity
        if self.debt_to_equity is not None:
            budget = min(budget, (1 + self.debt_to_equity) * self.equity)
        slack = [_below(paid, budget), _below(sum(held), self.capacity)]
        for least, tonnes in zip(self.minimum, held, strict=True):
            slack.append((tonnes - least) / least if least > 0 else 1.0)
        return min(slack)


def _below(amount: float, limit: float) -> float:
    if limit > 0:
        return (limit - amount) / limit
    return 1.0 if amount <= 0 else -1.0


@dataclass(frozen=True)
class EdgeCase:
    """A case with what brute force reads from it."""

    case: Case
    goods: tuple[Goods, Goods]
    limits: Limits

    def costs(self, slack: float) -> list[float]:
        """Return the costs of all holdings within the limits but for the slack."""
        found: list[float] = []
        for ways in itertools.product(*(x.ways() for x in self.goods)):
            held = ways[0][0], ways[1][0]
            if self.limits.hold(self.goods, held) >= -slack:
                found.append(
                    sum(
                        CHANCE * x.loss * (x.need - released)
                        for x, (_, released) in zip(self.goods, ways, strict=True)
                    )
                )
        return found


def edge_case(seed: int) -> EdgeCase:
    """Return the case of a seed."""
    draw = np.random.default_rng(seed)
    goods = _goods(draw), _goods(draw)
    aim = tuple(_some_tonnes(draw, x) for x in goods)
    limits = _limits(draw, goods, (aim[0], aim[1]))
    factors = Factors(*(float(10.0 ** draw.integers(-6, 4)) for _ in range(3)))
    case = scaled(_case(goods, limits), factors)
    return EdgeCase(case, *_in_units(goods, limits, factors))


def _goods(draw: np.random.Generator) -> Goods:
    need = _digits(draw, 10.0, 1000.0)
    lots = int(draw.integers(1, 9))
    level = need * float(draw.choice(SHARES_OF_A_YEAR))
    kind = int(draw.integers(0, 4))
    lot = level / lots
    if kind == 1:
        lot *= 1 + float(draw.choice([-1e-7, 1e-7, 3e-7, 1e-9, 1e-3]))
    elif kind == 2:
        lot = float(f"{lot:.6g}")
    elif kind == 3:
        lot = _digits(draw, need / 12, need / 2)
    price = _digits(draw, 100.0, 50_000.0)
    return Goods(need, lot, price, price * float(draw.uniform(0.5, 8)))


def _digits(draw: np.random.Generator, low: float, high: float) -> float:
    """Return a number as people write it: of three, six or all digits."""
    value = float(draw.uniform(low, high))
    digits = int(draw.choice([3, 6, 17]))
    return float(f"{value:.{digits}g}")


def _some_tonnes(draw: np.random.Generator, goods: Goods) -> float:
    ways = list(goods.ways())
    return ways[int(draw.integers(len(ways)))][0]


def _limits(
    draw: np.random.Generator, goods: tuple[Goods, Goods], aim: tuple[float, float]
) -> Limits:
    """Return limits that just let the aim in, or just not."""
    paid = sum(x.price * tonnes for x, tonnes in zip(goods, aim, strict=True))
    plenty = 10 * sum(x.price * x.need for x in goods)
    ratio, equity, loan = None, 0.0, _edge(draw, paid)
    kind = int(draw.integers(0, 5))
    if kind == 1 and paid > 0:
        ratio = float(draw.integers(1, 5))
        equity = _edge(draw, paid / (1 + ratio))
        loan = plenty
    elif kind == 2:
        loan = plenty
    elif kind == 3:
        loan = float(round(paid))
    elif kind == 4:
        loan = paid + float(draw.choice([-1.0, -0.1, 0.1, 1.0]))
    capacity = (
        _edge(draw, sum(aim))
        if draw.random() < 0.5
        else 10 * sum(x.need for x in goods)
    )
    minimum = [
        max(_edge(draw, tonnes), 0.0) if draw.random() < 0.3 else 0.0 for tonnes in aim
    ]
    loan, equity, capacity = (max(x, 0.0) for x in (loan, equity, capacity))
    return Limits(loan, equity, ratio, capacity, (minimum[0], minimum[1]))


def _edge(draw: np.random.Generator, amount: float) -> float:
    sign = float(draw.choice([-1.0, 1.0]))
    return amount * (1 + sign * float(draw.choice(NEXT_TO_NOTHING)))


def _in_units(
    goods: tuple[Goods, Goods], limits: Limits, by: Factors
) -> tuple[tuple[Goods, Goods], Limits]:
    """Return goods and limits times the factors."""
    a_tonne = by.money / by.tonnes
    one, two = (
        Goods(
            x.need * by.tonnes, x.lot * by.tonnes, x.price * a_tonne, x.loss * a_tonne
        )
        for x in goods
    )
    minimum = limits.minimum[0] * by.tonnes, limits.minimum[1] * by.tonnes
    return (one, two), Limits(
        limits.loan * by.money,
        limits.equity * by.money,
        limits.debt_to_equity,
        limits.capacity * by.tonnes,
        minimum,
    )


def _case(goods: tuple[Goods, Goods], limits: Limits) -> Case:
    case: Case = cases.changed(dict(load("two_materials")), {})
    for i, x in enumerate(goods):
        case["materials"][i] |= {
            "lot_tonnes": x.lot,
            "price_usd_per_tonne": x.price,
            "market_capacity_tonnes_per_year": 100 * x.need,
            "minimum_days_of_cover": limits.minimum[i] / x.need * DAYS_OF_A_YEAR,
        }
        product = case["products"][i]
        product["demand_units_per_year"] = x.need
        product["bill_of_materials"][0]["quantity_per_unit"] = 1.0
        product["shortage_blocks"][0]["cost_usd_per_unit"] = x.loss
    case["storage_classes"][0] |= {
        "capacity_tonnes": limits.capacity,
        "outload_tonnes_per_day": sum(x.need for x in goods),
    }
    facilities = [cases.facility("loan", limit_usd=limits.loan)]
    if limits.equity > 0:
        facilities.append(
            cases.facility("capital", kind="equity", limit_usd=limits.equity)
        )
    financing: Case = {"facilities": facilities}
    if limits.debt_to_equity is not None:
        financing["debt_to_equity_limit"] = limits.debt_to_equity
    case["financing"] = financing
    case["options"] |= {"max_tranches": 1, "gap": 0.0, "time_limit_s": 60.0}
    return case


def faults(outcome: Outcome, edge: EdgeCase) -> list[str]:
    """Return what brute force has to object to."""
    certain, possible = edge.costs(-CERTAIN), edge.costs(POSSIBLE)
    found: list[str] = []
    scale = SAME * sum(CHANCE * x.loss * x.need for x in edge.goods)
    plan = outcome.plan
    if plan is None:
        if outcome.termination is Termination.INFEASIBLE:
            found += ["false INFEASIBLE"] if certain else []
            return found + ([] if outcome.conflict else ["empty conflict"])
        return [f"{outcome.termination.value} without a plan"] if possible else []
    cost = plan.promise.objective_usd
    if not possible or cost < min(possible) - scale:
        found.append("breaks a limit")
    if certain and plan.promise.lower_bound_usd > min(certain) + scale:
        found.append("bound above the optimum")
    if certain and cost > min(certain) + scale:
        found.append(f"worse than the optimum, {outcome.termination.value}")
    if outcome.termination is not Termination.OPTIMAL:
        found.append(f"{outcome.termination.value} with a plan")
    return found


def tried(seed: int, methods: tuple[str, ...] = METHODS) -> list[tuple[int, str, str]]:
    """Return (seed, method, fault) of all faults of a case."""
    edge = edge_case(seed)
    found: list[tuple[int, str, str]] = []
    for method in methods:
        case = cases.changed(edge.case, {"options.method": method})
        try:
            objections = faults(solve(read_instance(case)), edge)
        except Exception as error:
            text = traceback.format_exception_only(error)[-1].strip()
            objections = [f"internal error: {text[:160]}"]
        found += [(seed, method, text) for text in objections]
    return found


def main() -> None:
    """Try the cases of the first seeds, and print what was found."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("number", type=int, help="number of cases")
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--method", choices=METHODS, action="append")
    given = parser.parse_args()
    seeds = range(given.first, given.first + given.number)
    methods = tuple(given.method or METHODS)
    counts: Counter[str] = Counter()
    with ProcessPoolExecutor(given.processes) as pool:
        for found in pool.map(partial(tried, methods=methods), seeds, chunksize=8):
            for seed, method, text in found:
                counts[f"{method}: {text.split(': ')[0]}"] += 1
                sys.stdout.write(f"{seed} {method} {text}\n")
    sys.stdout.write(f"{given.number} cases, {', '.join(methods)}\n")
    for name, number in sorted(counts.items()):
        sys.stdout.write(f"{number:6d}  {name}\n")


if __name__ == "__main__":
    main()
