"""Outlines of countries on the map, from the file that writing.py has written."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import accumulate
from math import radians

Point = tuple[float, float]
TENTHS = 10
# Of a degree of longitude and the arc of latitude, in powers of the latitude.
LENGTHS = ((0, 0.8707), (2, -0.131979), (4, -0.013791), (10, 0.003971), (12, -0.001529))
HEIGHTS = ((1, 1.007226), (3, 0.015085), (7, -0.044475), (9, 0.028874), (11, -0.005916))
NORTH, SOUTH, EAST = 84.0, -56.0, 180.0  # of all land but the Antarctic


@cache
def outlines() -> Mapping[str, Sequence[Sequence[Point]]]:
    """Return the rings of each country by its code, on a plane: x to the east, y north.

    The plane is the projection Natural Earth, after Savric et al. (2011).
    """
    written = files("service.pictures.world").joinpath("outlines.json").read_text()
    document = json.loads(written)
    arcs = [_arc(differences) for differences in document["arcs"]]
    return {
        code: [[at for i in ring for at in _directed(arcs, i)] for ring in rings]
        for code, rings in document["countries"].items()
    }


def on_plane(longitude: float, latitude: float) -> Point:
    """Return the place of a point of the globe, in radii at the equator."""
    phi = radians(latitude)
    length = sum(factor * phi**power for power, factor in LENGTHS)
    return radians(longitude) * length, sum(x * phi**power for power, x in HEIGHTS)


def centre(ring: Sequence[Point]) -> Point:
    """Return the centre of gravity of a ring."""
    following = [*ring[1:], ring[0]]
    pairs = list(zip(ring, following, strict=True))
    crosses = [a * d - b * c for (a, b), (c, d) in pairs]
    total = 3 * sum(crosses) or 1.0
    x = sum((a[0] + b[0]) * cross for (a, b), cross in zip(pairs, crosses, strict=True))
    y = sum((a[1] + b[1]) * cross for (a, b), cross in zip(pairs, crosses, strict=True))
    return x / total, y / total


def _arc(differences: Sequence[int]) -> list[Point]:
    longitudes = accumulate(differences[::2])
    latitudes = accumulate(differences[1::2])
    return [
        on_plane(x / TENTHS, y / TENTHS)
        for x, y in zip(longitudes, latitudes, strict=True)
    ]


def _directed(arcs: Sequence[list[Point]], i: int) -> list[Point]:
    """Return an arc without its last point; a number below 0 is one backwards."""
    return arcs[i][:-1] if i >= 0 else arcs[~i][:0:-1]
