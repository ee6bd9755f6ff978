"""Undisrupted prices and demand, and the noise around them."""

import numpy as np
import pytest

from models.reading import read_instance
from optimizer.scenarios.market import (
    demand_noise,
    demand_path,
    price_noise,
    price_path,
)
from optimizer.scenarios.streams import Streams
from tests.cases import Case, horizon

LABELS = {"gallium": "of gallium", "wafer": "of wafers"}


def streams() -> Streams:
    """Return streams with a fixed seed."""
    return Streams(np.random.default_rng(4))


def test_price_path_is_the_given_one(tiny_case: Case) -> None:
    """A price path is taken as it is."""
    tiny_case["materials"][0]["price_path_usd_per_tonne"] = [5.0, 6.0, 7.0, 8.0]
    assert price_path(read_instance(tiny_case)).tolist() == [[5, 6, 7, 8]]


def test_price_is_constant_without_a_path(tiny_case: Case) -> None:
    """Without a path the price at the start goes on."""
    assert price_path(read_instance(tiny_case)).tolist() == [[500_000.0] * 4]


def test_demand_grows_from_period_to_period(tiny_case: Case) -> None:
    """Growth of 21 % a year is 10 % in half a year."""
    tiny_case["horizon"] |= {"period_days": 365.25 / 2, "number_of_periods": 3}
    tiny_case["products"][0]["growth_per_year"] = 0.21
    # 12,000 a year are 6,000 in half a year.
    expected = pytest.approx([6_000, 6_600, 7_260])
    assert demand_path(read_instance(tiny_case))[0] == expected


def test_components_have_no_demand(tiny_case: Case) -> None:
    """Only final products have a row of demand."""
    component = {
        "id": "ingot",
        "name": "Ingot",
        "unit": "kg",
        "bill_of_materials": [{"material": "gallium", "quantity_per_unit": 0.001}],
    }
    tiny_case["products"].insert(0, component)
    assert demand_path(read_instance(tiny_case)).shape == (1, 4)


def test_no_volatility_means_no_noise(tiny_case: Case) -> None:
    """Without volatility every multiple is exactly 1."""
    instance = read_instance(tiny_case)
    assert np.all(price_noise(instance, 3, streams(), LABELS) == 1)
    assert np.all(demand_noise(instance, 3, streams(), LABELS) == 1)


def test_noise_has_mean_one_and_the_given_spread(tiny_case: Case) -> None:
    """Means stay at 1; after n years the log spreads by volatility x sqrt(n)."""
    tiny_case["horizon"]["period_days"] = 365.25
    tiny_case["materials"][0]["price_volatility_per_year"] = 0.3
    noise = price_noise(read_instance(tiny_case), 20_000, streams(), LABELS)[0]
    # After 3 years the noise has deviation sqrt(exp(.27) - 1) = .557, and 4 standard
    # errors of its mean are .016; 4 standard errors of the log's spread are 2 %.
    assert noise.mean(axis=0) == pytest.approx([1, 1, 1, 1], abs=0.016)
    spread = np.log(noise).std(axis=0)
    assert spread == pytest.approx(0.3 * np.sqrt([0, 1, 2, 3]), rel=0.02)


def test_noise_starts_at_what_is_known(tiny_case: Case) -> None:
    """Period 0 has the known demand in every scenario."""
    tiny_case["products"][0]["demand_volatility_per_year"] = 0.5
    noise = demand_noise(read_instance(tiny_case), 5, streams(), LABELS)[0]
    assert np.all(noise[:, 0] == 1)
    assert np.all(noise[:, 1:] != 1)


def test_one_period_has_no_noise(tiny_case: Case) -> None:
    """A horizon of one period is as known."""
    tiny_case["horizon"]["number_of_periods"] = 1
    tiny_case["materials"][0]["price_volatility_per_year"] = 0.5
    found = price_noise(read_instance(tiny_case), 2, streams(), LABELS)
    assert found.tolist() == [[[1], [1]]]


def test_demand_of_a_month_is_that_of_its_days(tiny_case: Case) -> None:
    """12,000 a year of 365.25 days; after 31 and 59 days growth of 21 % a year."""
    tiny_case["horizon"] = horizon(3, period="month", start="2027-01-01")
    tiny_case["products"][0]["growth_per_year"] = 0.21
    a_day = 12_000 / 365.25
    expected = [
        31 * a_day,
        28 * a_day * 1.21 ** (31 / 365.25),
        31 * a_day * 1.21 ** (59 / 365.25),
    ]
    assert demand_path(read_instance(tiny_case))[0] == pytest.approx(expected)


def test_noise_grows_with_the_days_of_the_month(tiny_case: Case) -> None:
    """By as much over 28 days of February as over any other 28 days."""
    tiny_case["horizon"] = horizon(3, period="month", start="2027-01-01")
    tiny_case["materials"][0]["price_volatility_per_year"] = 0.3
    noise = price_noise(read_instance(tiny_case), 20_000, streams(), LABELS)[0]
    spread = np.log(noise).std(axis=0)
    expected = 0.3 * np.sqrt(np.array([0, 31, 59]) / 365.25)
    assert spread == pytest.approx(expected, rel=0.02)
