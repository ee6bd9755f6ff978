"""A map of supply: from where a material is mined to where it is refined."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from math import sqrt

from models.instance import Instance
from models.supply import Route
from service.pictures.figure import PRINTED, Figure, Look, figure_of
from service.pictures.marks import Canvas, Point
from service.pictures.style import BLUE, INK, VERMILION, area_of
from service.pictures.words import Words
from service.pictures.world.outlines import (
    EAST,
    NORTH,
    SOUTH,
    centre,
    on_plane,
    outlines,
)
from service.tabular.flat_tables import Column, FlatTable

LAND = {**area_of(INK, 0.12), "stroke": INK, "stroke-opacity": "0.3"}
FAINTEST, DARKEST = 0.15, 0.9
LEAST_SHARE = 0.001  # of a flow that is drawn
WIDEST_PX, DOT_PX = 7.0, 9.0

Countries = tuple[str, str]  # where it is mined, where it is refined
Shares = Mapping[Countries, float]


def routes_picture(
    case: Instance, material: str | None = None, look: Look = PRINTED
) -> Figure:
    """Return the routes of a material, or of all with equal weights, on a map.

    Shares are of the normal deliveries of all routes of a material.
    """
    words, canvas = look.words, Canvas()
    routes = [x for x in case.routes if material in {None, x.material}]
    shares = _shares(case, routes)
    place, height = _places(look.width_px)
    shapes = {
        code: [[place(at) for at in ring] for ring in rings]
        for code, rings in outlines().items()
    }
    land = {**LAND, "stroke-width": f"{look.width_px / 1600:.2g}"}
    canvas.shape([ring for rings in shapes.values() for ring in rings], land)
    _refining(canvas, shapes, shares)
    missing = _flows(canvas, shapes, shares)
    meaning = words(
        "Shade: share refined there. Arrows: from where it is mined to where it is "
        "refined, wider with the share. Dots: mined and refined in one country."
    )
    if missing > 0:
        rest = words("{share} % is not on the map.", share=f"{100 * missing:.2g}")
        meaning = f"{meaning} {rest}"
    said = _title(case, material, words), meaning
    size = look.width_px, height
    return figure_of(canvas, size, said, _table(case, routes, words))


def _shares(case: Instance, routes: Sequence[Route]) -> Shares:
    """Return the share of each pair of countries; all together are 1."""
    flows: dict[str, dict[Countries, float]] = defaultdict(lambda: defaultdict(float))
    for route in routes:
        pair = route.mining_country, route.refining_country
        flows[route.material][pair] += case.index.normal_share(route)
    found: dict[Countries, float] = defaultdict(float)
    for of_material in flows.values():
        total = sum(of_material.values()) or 1.0
        for pair, share in of_material.items():
            found[pair] += share / total / len(flows)
    return found


def _places(width_px: float) -> tuple[Callable[[Point], Point], float]:
    """Return where a point of the plane is drawn, and the height of the map."""
    (x, _), (_, top), (_, bottom) = (
        on_plane(*at) for at in ((EAST, 0.0), (0.0, NORTH), (0.0, SOUTH))
    )
    scale = width_px / (2 * x)

    def place(at: Point) -> Point:
        return (at[0] + x) * scale, (top - at[1]) * scale

    return place, (top - bottom) * scale


def _refining(
    canvas: Canvas, shapes: Mapping[str, Sequence[Sequence[Point]]], shares: Shares
) -> None:
    """Shade the countries in which it is refined."""
    refined: dict[str, float] = defaultdict(float)
    for (_, country), share in shares.items():
        refined[country] += share
    most = max(refined.values(), default=1.0)
    for country, share in sorted(refined.items()):
        if country in shapes and share >= LEAST_SHARE:
            opacity = FAINTEST + (DARKEST - FAINTEST) * share / most
            canvas.shape(shapes[country], area_of(BLUE, opacity))


def _flows(
    canvas: Canvas, shapes: Mapping[str, Sequence[Sequence[Point]]], shares: Shares
) -> float:
    """Draw the flows, the widest last; return the share of those without a place."""
    missing = 0.0
    most = max(shares.values(), default=1.0)
    for (mined, refined), share in sorted(shares.items(), key=lambda x: x[1]):
        if mined not in shapes or refined not in shapes:
            missing += share
        elif share >= LEAST_SHARE:
            end = centre(shapes[refined][0])
            if mined == refined:
                canvas.dot(end, max(DOT_PX * sqrt(share / most), 1.5), VERMILION)
            else:
                width = max(WIDEST_PX * share / most, 0.7)
                canvas.arrow(centre(shapes[mined][0]), end, VERMILION, width)
    return missing


def _title(case: Instance, material: str | None, words: Words) -> str:
    if material is None:
        return words("Where the materials are mined and refined, each of equal weight")
    name = case.materials[case.index.material[material]].name
    return words("Where {material} is mined and refined", material=name)


def _table(case: Instance, routes: Sequence[Route], words: Words) -> FlatTable:
    columns = (
        Column("material", str, words("Material")),
        Column("route", str, words("Route")),
        Column("mining_country", str, words("Mined in")),
        Column("refining_country", str, words("Refined in")),
        Column("share_of_need", float, words("Share of the need")),
    )
    names = {x.id: x.name for x in case.materials}
    rows = (
        (
            names[x.material],
            x.id,
            words.country(x.mining_country),
            words.country(x.refining_country),
            case.index.normal_share(x),
        )
        for x in routes
    )
    return FlatTable("routes", columns, tuple(rows))
