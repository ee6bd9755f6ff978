"""Whether modelled losses come in the published order: Spearman's rho with interval."""

from collections.abc import Callable, Sequence

import numpy as np
from scipy.special import ndtri

from models.calibration import CalibrationRow, RankCorrelation

FEWEST_RANKS = 4
LEVEL = 0.95


def rank_correlations(rows: Sequence[CalibrationRow]) -> tuple[RankCorrelation, ...]:
    """Return the agreement of ranked cut-offs, in several selections.

    Published ranks are of weighted losses, so that expected losses should agree with
    them; losses given the cut-off are shown beside them.
    """
    ranked = [row for row in rows if row.published_rank is not None]
    fitted = {row.materials for row in rows if row.is_fitted}
    unseen = [row for row in ranked if row.materials not in fitted]
    found = (
        _agreement("expected losses, never fitted", unseen, _expected),
        _agreement("losses given the cut-off, never fitted", unseen, _given),
        _agreement("expected losses, all", ranked, _expected),
        _agreement("losses given the cut-off, all", ranked, _given),
    )
    return tuple(x for x in found if x is not None)


def spearman(first: Sequence[float], second: Sequence[float]) -> tuple[float, float]:
    """Return Spearman's rho and the p-value of no association."""
    # Slow to load, and few processes need it.
    from scipy.stats import spearmanr  # noqa: PLC0415

    found = spearmanr(first, second)
    return float(np.clip(found.statistic, -1.0, 1.0)), float(found.pvalue)


def interval(rho: float, number: int) -> tuple[float, float]:
    """Return the 95 % interval of a rank correlation (Bonett and Wright 2000)."""
    width = ndtri((1 + LEVEL) / 2) * np.sqrt((1 + rho**2 / 2) / (number - 3))
    limits = np.arctanh(np.clip(rho, -1 + 1e-12, 1 - 1e-12)) + np.array([-width, width])
    low, high = np.tanh(limits)
    return float(low), float(high)


def _agreement(
    name: str,
    rows: Sequence[CalibrationRow],
    loss: Callable[[CalibrationRow], float],
) -> RankCorrelation | None:
    ranks = [float(row.published_rank or 0) for row in rows]
    losses = [-loss(row) for row in rows]
    if len(rows) < FEWEST_RANKS or len(set(ranks)) == 1 or len(set(losses)) == 1:
        return None
    rho, p_value = spearman(ranks, losses)
    low, high = interval(rho, len(rows))
    return RankCorrelation(
        name=name, materials=len(rows), rho=rho, low=low, high=high, p_value=p_value
    )


def _expected(row: CalibrationRow) -> float:
    return row.expected_loss_usd


def _given(row: CalibrationRow) -> float:
    return row.modelled_loss_usd
