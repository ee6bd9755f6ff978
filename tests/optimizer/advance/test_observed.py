"""What an observation says of its month, as a scenario of which no rule reads more."""

import datetime as dt

import numpy as np
import pytest

from models.observation import Observation, ObservedEvent
from models.reading import read_instance
from optimizer.advance.observed import contradictions, observed_scenario
from tests import cases
from tests.cases import Case

START = dt.date(2026, 1, 1)
CHN, DEU = 0, 1


def two_phases(case: Case) -> Case:
    """Return the case with a ban that is a quota first, on a calendar of months."""
    quota = cases.phase(5, 90, availability=0.5, price_multiplier=1.5)
    ban = cases.phase(60, 120, price_multiplier=3.0)
    event = cases.event("chn-ban", quota, ban, hazard_per_year=0.3, notice_days=30)
    horizon = cases.horizon(4, period="month")
    return case | {"events": [event], "horizon": horizon}


def observed(*events: ObservedEvent, **facts: object) -> Observation:
    """Return an observation with these events, and else as planned."""
    plain = Observation(start=START, otherwise="as_planned", events=events)
    return plain.model_copy(update=facts)


def phase(number: int, since: int, until: int | None = None) -> ObservedEvent:
    """Return a phase between two days of January; before the first if below 1."""
    first, end = (
        None if day is None else START + dt.timedelta(days=day - 1)
        for day in (since, until)
    )
    assert first is not None
    return ObservedEvent(event="chn-ban", phase=number, since=first, until=end)


def test_a_month_has_the_mean_over_its_days(tiny_case: Case) -> None:
    """Calm for 5 days, a quota for 16, a ban for the last 10 of 31 days."""
    case = read_instance(two_phases(tiny_case))
    found = observed_scenario(case, observed(phase(0, 6, 22), phase(1, 22)))
    assert found.availability[CHN, 0, 0] == pytest.approx((5 + 16 * 0.5) / 31)
    assert found.availability[DEU, 0, 0] == 1.0
    ratio = found.price[0, 0] / found.base_price[0]
    assert ratio[0] == pytest.approx((5 + 16 * 1.5 + 10 * 3.0) / 31)
    # The onset within the month was announced before it.
    assert found.announced[0, 0, 0]
    # Nothing is known of later months, and nothing of them is read.
    assert np.all(found.availability[..., 1:] == 1)
    assert ratio[1:] == pytest.approx(1.0)


def test_what_has_begun_before_is_not_announced(tiny_case: Case) -> None:
    """The whole month is one phase."""
    case = read_instance(two_phases(tiny_case))
    found = observed_scenario(case, observed(phase(1, -20)))
    assert found.availability[CHN, 0, 0] == 0.0
    assert not found.announced.any()


def test_facts_count_instead_of_what_is_planned(tiny_case: Case) -> None:
    """Price, demand, announcement and availability as they were."""
    case = read_instance(two_phases(tiny_case))
    facts = Observation(
        start=START,
        otherwise="as_planned",
        availability={"gallium-chn": 0.25},
        announced=("gallium",),
        prices_usd_per_tonne={"gallium": 1e6},
        demand_units={"wafer": 800.0},
    )
    found = observed_scenario(case, facts)
    assert found.availability[:, 0, 0].tolist() == [0.25, 1.0]
    assert found.announced[0, 0].tolist() == [True, False, False, False]
    assert found.price[0, 0, 0] == 1e6
    assert found.demand[0, 0, 0] == 800.0


def test_events_and_shares_of_routes_must_agree(tiny_case: Case) -> None:
    """To half a per cent: people round."""
    case = read_instance(two_phases(tiny_case))
    quota = phase(0, -20)
    agreed = observed(quota, availability={"gallium-chn": 0.502})
    assert list(contradictions(case, agreed)) == []
    other = observed(quota, availability={"gallium-chn": 0.6, "gallium-deu": 0.9})
    found = {x.path: x.expected for x in contradictions(case, other)}
    assert found["availability.gallium-chn"].startswith("0.5, what the events")
    assert found["availability.gallium-deu"].startswith("1, what the events")
