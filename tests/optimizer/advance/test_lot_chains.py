"""Positions and orders of months leave nothing of a lot unexplained."""

import pytest

from models.lot_chains import Entered, lot_chains
from models.observation import Observation
from models.orders import Orders
from models.reading import read_instance
from models.reserve import StatedPosition
from optimizer.advance.advance import advance
from tests.cases import Case
from tests.optimizer.advance.test_advance import BAN
from tests.plans import in_place, steps, written_plan


def test_orders_explain_what_the_next_position_has_less(tiny_case: Case) -> None:
    """Three months of a ban: all that left was released to the maker.

    What the first month released had been bought before the start, and is in no lot.
    """
    tiny_case["financing"]["opening_cash_usd"] = 2e6
    instance = read_instance(tiny_case)
    ban = BAN.model_copy(update={"since": instance.horizon.start})
    plan = written_plan(instance, in_place(2.0, steps=steps(0.2)))
    told: list[StatedPosition | Orders] = []
    for month in range(3):
        observation = Observation(
            start=instance.horizon.start, otherwise="as_planned", events=(ban,)
        )
        advanced = advance(instance, plan, observation)
        assert advanced.next_case is not None
        told += [
            StatedPosition(start=instance.horizon.start, position=instance.position),
            advanced.orders,
        ]
        instance = advanced.next_case
        assert instance.horizon.number_of_periods == 3 - month
    last = StatedPosition(start=instance.horizon.start, position=instance.position)
    entered = [Entered(str(n), n, x) for n, x in enumerate([*told, last])]
    chains = lot_chains(entered).values()
    steps_of = [x for chain in chains for x in chain.steps]
    assert {x.kind for x in steps_of} == {"entered", "released"}
    released = sum(x.tonnes for x in steps_of if x.kind == "released")
    ordered = [x for x in told if isinstance(x, Orders)][1:]
    assert -released == pytest.approx(sum(x.releases[0].tonnes for x in ordered))
    assert {x.to for x in steps_of if x.kind == "released"} == {"maker"}
    assert {x.mining_country for x in chains} == {"CHN", "DEU"}
