"""Finds the factors of loss_factors.csv: python -m service.cases.writing.calibration.

Each target material scales the losses of the products that name it, until a year
without its supplier costs what the table says. Run it after a change of demand, routes
or bills, then write the cases again.
"""

import csv

from models.instance import Instance
from models.reading import read_instance
from service.cases.writing.assembling import project_vault
from service.cases.writing.cutoff import yearly_loss
from service.cases.writing.products import blocks
from service.cases.writing.tables import CASES, Row, content, rounded

STEPS = 40
DAMPING = 0.8
DIGITS = 4


def calibrated(rows: list[Row]) -> list[Row]:
    """Return the rows with factors that meet their losses."""
    instance = read_instance(project_vault())
    factors = {row["material"]: 1.0 for row in rows}
    for _ in range(STEPS):
        scaled = _with_factors(instance, factors)
        for row in rows:
            m = row["material"]
            loss = yearly_loss(scaled, [m], row["country"])
            factors[m] *= (float(row["loss_usd"]) / loss) ** DAMPING
    return [
        {**row, "factor": f"{rounded(factors[row['material']], DIGITS):g}"}
        for row in rows
    ]


def _with_factors(instance: Instance, factors: dict[str, float]) -> Instance:
    tables = {row["id"]: row for row in content("products")}
    products: list[object] = []
    for product in instance.products:
        row = tables[product.id]
        part = product.model_dump()
        if product.participant is not None:
            usd = float(row["loss_usd_per_unit"]) * factors.get(row["targets"], 1.0)
            part["shortage_blocks"] = blocks(usd)
        products.append(part)
    return Instance.model_validate({**instance.model_dump(), "products": products})


def _write(rows: list[Row]) -> None:
    path = CASES / "content" / "loss_factors.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    _write(calibrated(content("loss_factors")))
