"""What a product loses if it is not made: value added of the industries that stop.

Loss of a product = scale x sum over industries of value added x share x exposure; the
slices of a shortage weigh it by the curve of thrift and substitution, bent by one
elasticity. Scale and elasticity are the only two figures that are estimated.
"""

from collections.abc import Sequence

from service.cases.writing.bills import materials_of, tonnes_per_unit
from service.cases.writing.materials import EMERGENCY_PREMIUM, price
from service.cases.writing.tables import Part, Row, content, data, rounded

MILLION = 1e6
THRIFT, SUBSTITUTION = 0.05, 0.15
# Lines that stop, as shares of what neither thrift nor substitution absorbs: the least
# valuable ones first.
LINE_STOPS = ((0.30, 0.50), (0.35, 0.80), (0.35, 1.00))


def value_at_stake(product: str) -> float:
    """Return the value added that stops with a product, US dollars a year."""
    stopped = (
        float(_industry(row)["value_added_2023_musd"])
        * float(row["share"])
        * float(row["exposure"])
        for row in content("stakes", product=product)
    )
    return MILLION * sum(stopped)


def parameter(name: str) -> float:
    """Return the estimated scale or elasticity."""
    return float(content("loss_model", parameter=name)[0]["value"])


def loss_per_unit(row: Row) -> float:
    """Return what is lost for each unit when all lines stop, US dollars.

    At least the metals of a unit at emergency terms: no line stops for less.
    """
    units = float(row["units_per_year"])
    modelled = parameter("scale") * value_at_stake(row["id"]) / units
    return max(modelled, dearest_metal(row["id"]))


def dearest_metal(product: str) -> float:
    """Return the largest price of one material of a unit at emergency terms."""
    return max(
        EMERGENCY_PREMIUM * price(m)[0] * tonnes_per_unit(product, m)
        for m in materials_of(product)
    )


def slices(curve: str) -> list[tuple[str, float, float]]:
    """Return kind, share of demand and weight of each slice of a curve of thrift."""
    row = content("curves", id=curve)[0]
    thrift, substitution = float(row["thrift"]), float(row["substitution"])
    rest = 1.0 - thrift - substitution
    return [
        ("thrift", thrift, THRIFT),
        ("substitution", substitution, SUBSTITUTION),
        *(("line_stop", rest * share, weight) for share, weight in LINE_STOPS),
    ]


def blocks(row: Row) -> list[Part]:
    """Return the slices of a shortage of a product with their costs."""
    return priced(row["curve"], loss_per_unit(row), parameter("elasticity"))


def priced(curve: str, loss: float, elasticity: float) -> list[Part]:
    """Return slices that cost the loss, times their weight to the elasticity."""
    return [
        {
            "kind": kind,
            "share": share,
            "cost_usd_per_unit": rounded(weight**elasticity * loss, 4),
        }
        for kind, share, weight in _closed(slices(curve))
    ]


def source(row: Row) -> str:
    """Return where the losses of a product come from."""
    stakes = content("stakes", product=row["id"])
    named = " + ".join(
        f"{x['industry']} x {x['share']} x {x['exposure']} ({x['source']})"
        for x in stakes
    )
    text = (
        f"calibrated: {parameter('scale'):g} x value added 2023 of "
        f"industry_value_added.csv {named}; curve {row['curve']} "
        f"({content('curves', id=row['curve'])[0]['source']}), weights 5, 15, 50, 80 "
        f"and 100 % to the power {parameter('elasticity'):g}"
    )
    units = float(row["units_per_year"])
    if parameter("scale") * value_at_stake(row["id"]) / units < dearest_metal(
        row["id"]
    ):
        text += "; raised to the price of its dearest metal at emergency terms"
    return text


def _closed(
    found: Sequence[tuple[str, float, float]],
) -> list[tuple[str, float, float]]:
    """Return slices with legible shares whose sum is 1."""
    shares = [round(share, 4) for _, share, _ in found]
    shares[-1] = round(1.0 - sum(shares[:-1]), 4)
    return [
        (kind, share, weight)
        for (kind, _, weight), share in zip(found, shares, strict=True)
    ]


def _industry(row: Row) -> Row:
    return data("industry_value_added", bea_code=row["industry"])[0]
