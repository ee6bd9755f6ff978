"""What an origin cap makes of shares, by hand arithmetic and for random shares."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.origin_shares import cap_in_force, spread, unavoidable

COUNTRIES = ("AUS", "CAN", "CHN", "DEU")
VOLUMES = st.dictionaries(
    st.sampled_from(COUNTRIES), st.floats(0.01, 10), min_size=1, max_size=4
)


@pytest.mark.parametrize(
    ("cap", "options", "expected"),
    [
        (0.75, [{"CHN": 1.0}], 1.0),
        (0.4, [{"CHN": 0.8, "DEU": 0.2}], 0.5),
        (0.4, [{"CHN": 1.0}, {"DEU": 1.0}, {"AUS": 1.0}], 0.4),
        (0.4, [], 0.4),
    ],
)
def test_the_cap_in_force(
    cap: float, options: list[dict[str, float]], expected: float
) -> None:
    """A cap is at least an even split over all that can supply."""
    assert cap_in_force(cap, options) == expected


@pytest.mark.parametrize(
    ("cap", "options", "expected"),
    [
        # 0.9 are cut to 0.75; the tenth becomes a quarter, 6 to 4 as before.
        (
            0.75,
            [{"CHN": 0.9, "DEU": 0.06, "AUS": 0.04}],
            [{"CHN": 0.75, "DEU": 0.15, "AUS": 0.1}],
        ),
        # Above 0.4 is first one country, then another too.
        (
            0.4,
            [{"CHN": 0.6, "DEU": 0.3, "AUS": 0.1}],
            [{"CHN": 0.4, "DEU": 0.4, "AUS": 0.2}],
        ),
        # The second option buys elsewhere, so a mix of both keeps the cap.
        (0.75, [{"CHN": 0.9, "DEU": 0.1}, {"DEU": 1.0}], None),
        # It cannot help by itself, and is left.
        (
            0.75,
            [{"CHN": 0.9, "DEU": 0.1}, {"CHN": 1.0}],
            [{"CHN": 0.75, "DEU": 0.25}, {"CHN": 1.0}],
        ),
        (0.75, [{"CHN": 1.0}], None),
    ],
)
def test_spreading(
    cap: float,
    options: list[dict[str, float]],
    expected: list[dict[str, float]] | None,
) -> None:
    """Shares are cut to the cap only where no mix keeps it."""
    found = spread(cap, options)
    assert found == [pytest.approx(x) for x in expected or options]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(VOLUMES, min_size=1, max_size=3), st.floats(0.05, 1))
def test_what_is_bought_everywhere_keeps_the_cap(
    volumes: list[dict[str, float]], cap: float
) -> None:
    """An option with all origins, or with enough of them, is never left without use.

    Shares sum to 1, and a country that supplied more than another still does.
    """
    options = [{x: t / sum(v.values()) for x, t in v.items()} for v in volumes]
    found = spread(cap, options)
    most = cap_in_force(cap, options)
    for before, after in zip(options, found, strict=True):
        assert sum(after.values()) == pytest.approx(1)
        order = sorted(before, key=lambda x: before[x])
        assert sorted(order, key=lambda x: round(after[x], 9)) == order
        if unavoidable(most, options) and most * len(before) >= 1:
            assert max(after.values()) <= most + 1e-8
