"""How long planning again takes: `python -m tests.benchmark.planning_again`.

The reserve of month 9 is planned cold; then its position turns out otherwise, and it is
planned again with what the first solve has kept.
"""

import statistics
import sys
from collections.abc import Callable, Mapping

from models.instance import Instance
from models.opening_position import OpeningPosition
from models.outcome import Outcome
from models.reading import read_instance
from optimizer.decomposition.session import SolveSession
from optimizer.solve import executors_for, solve_in_session
from service.casefiles import load

CASE = "project_vault:month_9"
CASH_USD = 10e6


def _with_stock(case: Instance, factor: float, *materials: str) -> Instance:
    """Return the case with another part of the free stock of materials, or of all."""
    stock = tuple(
        x.model_copy(update={"tonnes": factor * x.tonnes})
        if x.right is None and (not materials or x.material in materials)
        else x
        for x in case.position.stock
    )
    return _at(case, case.position.model_copy(update={"stock": stock}))


def _at(case: Instance, position: OpeningPosition) -> Instance:
    return read_instance(case.model_copy(update={"position": position}).model_dump())


def _with_more_cash(case: Instance) -> Instance:
    cash = case.financing.opening_cash_usd + CASH_USD
    financing = case.financing.model_copy(update={"opening_cash_usd": cash})
    return case.model_copy(update={"financing": financing})


CHANGES: Mapping[str, Callable[[Instance], Instance]] = {
    "5 % less free stock": lambda case: _with_stock(case, 0.95),
    "5 % more free stock": lambda case: _with_stock(case, 1.05),
    "half of the tungsten": lambda case: _with_stock(case, 0.5, "tungsten"),
    "a tenth of the lithium": lambda case: _with_stock(case, 0.1, "lithium"),
    "10 million dollars more cash": _with_more_cash,
}


def main() -> None:
    """Print the seconds of each solve by those of the cold one, and their median."""
    case, ratios = read_instance(load(CASE)), list[float]()
    with SolveSession(executors_for(case)) as session:
        cold = solve_in_session(session, case)
        _tell("cold", cold)
        for name, change in CHANGES.items():
            again = solve_in_session(session, change(case), like=case)
            _tell(name, again)
            ratios.append(again.seconds / cold.seconds)
    sys.stdout.write(f"median of ratios: {statistics.median(ratios):.2f}\n")


def _tell(name: str, outcome: Outcome) -> None:
    gap = "no plan" if outcome.plan is None else f"{outcome.plan.promise.gap:.2%}"
    sys.stdout.write(f"{name}: {outcome.seconds:.1f} s, gap {gap}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
