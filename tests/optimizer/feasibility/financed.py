"""Facilities with covenants, and a taste for risk, for cases drawn from a seed."""

import numpy as np

from models.finance import Facility, Financing
from models.instance import Instance


def financed(instance: Instance, seed: int, *, opening_cash_usd: float) -> Instance:
    """Give a case a loan with instalments, a capital line, covenants and CVaR."""
    draw = np.random.default_rng(seed)
    loan = Facility(
        id="loan",
        name="Loan",
        kind="loan",
        limit_usd=1e6,
        rate_per_year=0.06,
        exposure_fee=0.01,
        commitment_fee_per_year=0.005,
        last_draw_period=1,
        repayment_start_period=2,
        number_of_instalments=int(draw.integers(1, 5)),
    )
    capital = Facility(
        id="capital", name="Capital", kind="equity", limit_usd=1e6, rate_per_year=0.08
    )
    financing = Financing(
        facilities=(loan, capital),
        opening_cash_usd=opening_cash_usd,
        debt_to_equity_limit=2.0,
        collateral_cover=1.2,
        pool_sale_price=instance.financing.pool_sale_price,
    )
    options = instance.options.model_copy(
        update={"cvar_weight": 0.3, "cvar_level": 0.5}
    )
    return instance.model_copy(update={"financing": financing, "options": options})
