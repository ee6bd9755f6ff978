"""Estimates loss_model.csv: python -m service.cases.writing.calibration.

Two figures, the common scale of value added and the elasticity of the curve of thrift
and substitution, minimise the squared logarithms of modelled over published losses. Run
it after a change of demand, routes, bills or stakes, then write the cases again.
"""

import csv
from collections.abc import Callable
from typing import Any, cast

import numpy as np
from scipy.optimize import minimize

from models.instance import Instance
from models.reading import read_instance
from models.sections import PublishedLoss
from service.cases.writing.assembling import project_vault
from service.cases.writing.cutoff import yearly_loss
from service.cases.writing.tables import CASES, content, rounded
from service.cases.writing.value_added import dearest_metal, priced, value_at_stake

# A loss that grows more slowly than the shortage would not be convex; above 3 the first
# half of a shortage would cost next to nothing.
LEAST_ELASTICITY, MOST_ELASTICITY = 0.0, 3.0
DIGITS = 3
START = (np.log(0.5), 1.0)


def estimated() -> tuple[float, float]:
    """Return the scale and the elasticity that fit the published losses best."""
    instance = read_instance(project_vault())
    fitted = [x for x in instance.published_losses if x.is_fitted]

    def squared(parameters: tuple[float, float]) -> float:
        scaled = with_losses(instance, float(np.exp(parameters[0])), parameters[1])
        return sum(_residual(scaled, x) ** 2 for x in fitted)

    minimise = cast("Callable[..., Any]", minimize)
    bounds = ((None, None), (LEAST_ELASTICITY, MOST_ELASTICITY))
    found = minimise(squared, START, method="Nelder-Mead", bounds=bounds)
    return float(np.exp(found.x[0])), float(found.x[1])


def with_losses(instance: Instance, scale: float, elasticity: float) -> Instance:
    """Return the case with losses of another scale and elasticity."""
    tables = {row["id"]: row for row in content("products")}
    products: list[object] = []
    for product in instance.products:
        row, part = tables[product.id], product.model_dump()
        if product.participant is not None:
            modelled = scale * value_at_stake(row["id"]) / float(row["units_per_year"])
            usd = max(modelled, dearest_metal(row["id"]))
            part["shortage_blocks"] = priced(row["curve"], usd, elasticity)
        products.append(part)
    return Instance.model_validate({**instance.model_dump(), "products": products})


def _residual(instance: Instance, published: PublishedLoss) -> float:
    loss = yearly_loss(instance, published.materials, published.country)
    return float(np.log(loss / (published.conditional_loss_usd or loss)))


def _write(scale: float, elasticity: float) -> None:
    source = "least squares of log losses over the fitted rows of published_losses"
    path = CASES / "content" / "loss_model.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("parameter", "value", "source"))
        for name, value in (("scale", scale), ("elasticity", elasticity)):
            writer.writerow((name, f"{rounded(value, DIGITS):g}", source))


if __name__ == "__main__":
    _write(*estimated())
