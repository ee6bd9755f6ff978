"""The map of routes and the outlines of countries."""

import pytest

from models.reading import read_instance
from service.pictures.routes import routes_picture
from service.pictures.style import VERMILION
from service.pictures.svg import inlined
from service.pictures.words import OTHERS
from service.pictures.world.outlines import centre, on_plane, outlines
from tests.cases import Case
from tests.service.pictures.test_pictures import marks
from tests.service.pictures.test_words import JAPANESE


def test_routes_are_arrows_and_dots(tiny_case: Case) -> None:
    """Flows between countries have a head; what has no place is said, and listed."""
    (route, *_) = tiny_case["routes"]
    pairs = (("COD", "CHN", 0.4), ("USA", "USA", 0.3), ("OTH", "CHN", 0.3))
    tiny_case["routes"] = [
        {
            **route,
            "id": f"{mined}_{refined}",
            "mining_country": mined,
            "refining_country": refined,
            "share": share,
        }
        for mined, refined, share in pairs
    ]
    figure = routes_picture(read_instance(tiny_case))
    # The head of an arrow; a flow within a country is a dot.
    assert len(marks(figure, "path", fill=VERMILION)) == 1
    assert len(marks(figure, "circle")) == 1
    assert "30 % is not on the map." in figure.explanation
    assert [row[2:] for row in figure.table.rows] == [
        ("Congo - Kinshasa", "China", 0.4),
        ("United States", "United States", 0.3),
        ("other countries", "China", 0.3),
    ]
    assert len(inlined(figure)) < 100_000


def test_most_countries_have_an_outline() -> None:
    """Each on its place: the middle of Japan is where it is."""
    assert len(outlines()) == 174
    east, north = centre(outlines()["JPN"][0])
    expected = on_plane(138.0, 36.5)
    assert (east, north) == (
        pytest.approx(expected[0], abs=0.04),
        pytest.approx(expected[1], abs=0.04),
    )


def test_countries_have_names_in_the_language() -> None:
    """Kosovo has a code of its own; all others together have a text."""
    names = [JAPANESE.country(code) for code in ("JPN", "XKX", OTHERS)]
    assert names == ["日本", "コソボ", "<other countries>"]
