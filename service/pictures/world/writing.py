"""Writes the outlines of countries from a topology of Natural Earth at 1:110 million.

Borders are shared by two countries, so each is made simpler once. Rerunning gives the
same bytes: python -m service.pictures.world.writing WorldMap.json. The file is in the
wheel of bqplot 0.13.1 (bqplot/map_data/, Apache-2.0); Natural Earth is in the public
domain.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from babel.core import get_global

from models.countries import COUNTRY_CODES

PLACE = Path(__file__).parent / "outlines.json"
TENTHS = 10  # of a degree are the unit of the file
TOLERANCE = 2.5  # tenths of a degree: half a px of a wide picture
LEAST_AREA = 40.0  # of islands, square tenths of a degree: about 5 square px
FURTHER = {"-1": "CYP", "-2": "XKX", "-3": "SOM"}  # areas without a number
WITHOUT = {"ATA"}

Place = tuple[float, float]


def main(source: Path) -> None:
    """Write the file."""
    topology = json.loads(source.read_text())
    arcs = [_simpler(arc) for arc in _arcs(topology)]
    countries: dict[str, list[list[int]]] = {}
    for shape in topology["objects"]["subunits"]["geometries"]:
        code = _code(shape)
        if code is not None and code not in WITHOUT:
            countries.setdefault(code, []).extend(_rings(shape, arcs))
    kept = [ring for rings in countries.values() for ring in rings]
    used = sorted({_of(i) for ring in kept for i in ring})
    place = {arc: i for i, arc in enumerate(used)}
    document = {
        "source": "Natural Earth, 1:110 million, public domain",
        "arcs": [_differences(arcs[i]) for i in used],
        "countries": {
            code: [[place[i] if i >= 0 else ~place[~i] for i in ring] for ring in rings]
            for code, rings in sorted(countries.items())
        },
    }
    PLACE.write_text(json.dumps(document, separators=(",", ":")) + "\n")


def _arcs(topology: dict[str, Any]) -> list[list[Place]]:
    """Return the arcs in tenths of a degree."""
    (x_scale, y_scale), (x_start, y_start) = (
        topology["transform"][name] for name in ("scale", "translate")
    )
    found: list[list[Place]] = []
    for arc in topology["arcs"]:
        x = y = 0
        places: list[Place] = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            at = (x * x_scale + x_start) * TENTHS, (y * y_scale + y_start) * TENTHS
            places.append(at)
        found.append(places)
    return found


def _code(shape: dict[str, Any]) -> str | None:
    """Return the code of a country, None of what has none."""
    number = str(shape["id"])
    if number in FURTHER:
        return FURTHER[number]
    aliases: Mapping[str, list[str]] = get_global("territory_aliases")
    letters = aliases.get(number.zfill(3), [None])[0]
    by_letters = {
        names[0]: code
        for code, names in aliases.items()
        if code in COUNTRY_CODES and len(names) == 1
    }
    return by_letters.get(letters or "")


def _rings(shape: dict[str, Any], arcs: Sequence[list[Place]]) -> list[list[int]]:
    """Return the outer rings of a country as arcs, without small islands."""
    parts = shape["arcs"]
    polygons = [parts] if shape["type"] == "Polygon" else parts
    outer = sorted((polygon[0] for polygon in polygons), key=lambda x: -_area(x, arcs))
    return [x for i, x in enumerate(outer) if i == 0 or _area(x, arcs) >= LEAST_AREA]


def _of(arc: int) -> int:
    return arc if arc >= 0 else ~arc


def _area(ring: Sequence[int], arcs: Sequence[list[Place]]) -> float:
    places = [
        at for arc in ring for at in (arcs[arc] if arc >= 0 else reversed(arcs[~arc]))
    ]
    following = [*places[1:], places[0]]
    pairs = zip(places, following, strict=True)
    return abs(sum(a * d - b * c for (a, b), (c, d) in pairs)) / 2


def _simpler(arc: list[Place]) -> list[Place]:
    """Return an arc without the places that change its shape little.

    After Douglas & Peucker (1973).
    """
    if len(arc) <= 2:  # noqa: PLR2004 - a straight line
        return arc
    distances = [_distance(at, arc[0], arc[-1]) for at in arc]
    farthest = max(range(len(arc)), key=distances.__getitem__)
    if distances[farthest] <= TOLERANCE:
        return [arc[0], arc[-1]]
    return [*_simpler(arc[: farthest + 1]), *_simpler(arc[farthest:])[1:]]


def _distance(at: Place, start: Place, end: Place) -> float:
    (x, y), (x1, y1), (x2, y2) = at, start, end
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    if length == 0:
        return ((x - x1) ** 2 + (y - y1) ** 2) ** 0.5
    return abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length


def _differences(arc: list[Place]) -> list[int]:
    """Return the first place, then how far each next one is, all in one list."""
    places = [(round(x), round(y)) for x, y in arc]
    before = [(0, 0), *places]
    return [
        value
        for (x, y), (x0, y0) in zip(places, before, strict=False)
        for value in (x - x0, y - y0)
    ]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
