"""How well the losses of a case predict published figures that they have not seen.

Two parameters are estimated anew on a part of the figures: a scale of all shortage
costs, and an exponent that bends the curve of each product. In a case whose losses were
fitted to the same figures both are 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from models.calibration import OutOfSample, Prediction, SplitHalf
from models.demand import Product
from models.instance import Instance
from optimizer.calibration.agreement import spearman
from optimizer.calibration.cutoffs import Cutoff, yearly_losses
from optimizer.scenarios.scenario_set import Floats

SCALES = np.geomspace(0.1, 10.0, 13)
ELASTICITIES = np.array([0.0, 0.5, 1.0, 1.5, 2.0, 3.0])
# Points between which losses are interpolated, in both directions.
STEPS = 16
FEWEST_FIGURES = 3
FEWEST_FOR_HALVES = 4
SMALLEST_LOSS_USD = 1.0


@dataclass(frozen=True, slots=True)
class LossSurface:
    """Log losses over scales and elasticities, (scale, elasticity, figure)."""

    scale: Floats
    elasticity: Floats
    log_loss: Floats
    log_published: Floats

    def best(self, figures: Sequence[int]) -> tuple[int, int]:
        """Return the place whose losses are nearest to some figures, in logarithms."""
        chosen = list(figures)
        error = self.log_loss[:, :, chosen] - self.log_published[chosen]
        squared = (error**2).sum(axis=2)
        scale, elasticity = np.unravel_index(np.argmin(squared), squared.shape)
        return int(scale), int(elasticity)


def out_of_sample(instance: Instance, fitted: Sequence[Cutoff]) -> OutOfSample | None:
    """Return leave-one-out and split-half predictions; None with too few figures."""
    if len(fitted) < FEWEST_FIGURES:
        return None
    surface = _surface(instance, fitted)
    everyone = range(len(fitted))
    scale, elasticity = surface.best(everyone)
    left_out = [
        surface.log_loss[(*surface.best([j for j in everyone if j != i]), i)]
        for i in everyone
    ]
    published = surface.log_published
    own = np.log(np.maximum(yearly_losses(instance, fitted).total, SMALLEST_LOSS_USD))
    naive = (published.sum() - published) / (len(fitted) - 1)
    return OutOfSample(
        figures=len(fitted),
        scale=float(surface.scale[scale]),
        elasticity=float(surface.elasticity[elasticity]),
        error_factor=_factor(own - published),
        leave_one_out=tuple(
            Prediction(
                materials=cutoff.materials,
                country=cutoff.country,
                published_loss_usd=float(np.exp(published[i])),
                predicted_loss_usd=float(np.exp(left_out[i])),
            )
            for i, cutoff in enumerate(fitted)
        ),
        leave_one_out_error_factor=_factor(np.array(left_out) - published),
        naive_error_factor=_factor(naive - published),
        split_half=_split_half(surface),
    )


def rescaled(instance: Instance, scale: float, elasticity: float) -> Instance:
    """Return the case with shortage costs scaled, and bent below the last block."""
    products = [_rescaled(p, scale, elasticity) for p in instance.products]
    return instance.model_copy(update={"products": tuple(products)})


def _rescaled(product: Product, scale: float, elasticity: float) -> Product:
    last = max((b.cost_usd_per_unit for b in product.shortage_blocks), default=0.0)
    if last <= 0:
        return product
    weights = [b.cost_usd_per_unit / last for b in product.shortage_blocks]
    blocks = [
        block.model_copy(
            update={"cost_usd_per_unit": scale * last * weight**elasticity}
        )
        for block, weight in zip(product.shortage_blocks, weights, strict=True)
    ]
    return product.model_copy(update={"shortage_blocks": tuple(blocks)})


def _surface(instance: Instance, fitted: Sequence[Cutoff]) -> LossSurface:
    """Return losses on a grid, interpolated in logarithms between its points."""
    grid = np.log(
        [
            [
                np.maximum(
                    yearly_losses(rescaled(instance, s, e), fitted).total,
                    SMALLEST_LOSS_USD,
                )
                for e in ELASTICITIES
            ]
            for s in SCALES
        ]
    )
    scale = _finer(np.log(SCALES))
    elasticity = _finer(ELASTICITIES)
    by_scale = _interpolated(np.log(SCALES), grid, scale)
    turned = _interpolated(ELASTICITIES, by_scale.transpose(1, 0, 2), elasticity)
    published = [_conditional(cutoff) for cutoff in fitted]
    return LossSurface(
        np.exp(scale), elasticity, turned.transpose(1, 0, 2), np.log(published)
    )


def _finer(points: Floats) -> Floats:
    places = np.linspace(0, len(points) - 1, (len(points) - 1) * STEPS + 1)
    return np.interp(places, np.arange(len(points)), points)


def _interpolated(points: Floats, values: Floats, places: Floats) -> Floats:
    """Return values, given along the first axis at points, at other places."""
    right = np.clip(np.searchsorted(points, places), 1, len(points) - 1)
    left = right - 1
    weight = (places - points[left]) / (points[right] - points[left])
    shape = (-1, *([1] * (values.ndim - 1)))
    weight = weight.reshape(shape)
    return values[left] * (1 - weight) + values[right] * weight


def _conditional(cutoff: Cutoff) -> float:
    loss = cutoff.published.conditional_loss_usd if cutoff.published else None
    return loss or SMALLEST_LOSS_USD


def _factor(errors: Floats) -> float:
    return float(np.exp(np.sqrt(np.mean(np.square(errors)))))


def _split_half(surface: LossSurface) -> SplitHalf | None:
    """Return predictions of each half from the rest, over all halves."""
    number = len(surface.log_published)
    if number < FEWEST_FOR_HALVES:
        return None
    factors: list[float] = []
    rhos: list[float] = []
    for half in combinations(range(number), number // 2):
        unseen = [i for i in range(number) if i not in half]
        predicted = surface.log_loss[surface.best(half)][unseen]
        published = surface.log_published[unseen]
        factors.append(_factor(predicted - published))
        if len(set(predicted)) > 1 and len(set(published)) > 1:
            rhos.append(spearman(predicted.tolist(), published.tolist())[0])
    return SplitHalf(
        splits=len(factors),
        error_factor=float(np.median(factors)),
        rank_correlation=float(np.median(rhos)) if rhos else None,
    )
