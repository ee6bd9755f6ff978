"""What an origin cap makes of planned buying: shares of refining countries.

A cap diversifies among the origins that can supply. Where fewer of them are left than
any mix needs to keep it, it is looser: a single one may supply all. Where each sourcing
option by itself would buy too much in one country, they buy only the cap there and more
elsewhere. A cap that no mix keeps for another reason still stops buying.
"""

from collections.abc import Mapping, Sequence

Shares = Mapping[str, float]
ROUNDING = 1e-9


def cap_in_force(cap: float, options: Sequence[Shares]) -> float:
    """Return the cap, at least the part of each origin in an even split.

    The shares are those of planned buying by country, of each sourcing option.
    """
    countries = {country for shares in options for country in shares}
    return max(cap, 1 / len(countries)) if countries else cap


def unavoidable(cap: float, options: Sequence[Shares]) -> dict[str, float]:
    """Return the least share that any option buys, of the countries where it is above.

    No mix of the options keeps the cap if there is one.
    """
    countries = {country for shares in options for country in shares}
    least = {x: min(shares.get(x, 0.0) for shares in options) for x in countries}
    return {x: least[x] for x in sorted(least) if least[x] > cap + ROUNDING}


def spread(cap: float, options: Sequence[Shares]) -> list[Shares]:
    """Return the shares at which each option buys, within the cap in force.

    They change only if some country is beyond it in every option, and an option that
    has too few origins for it stays as it is. Then no mix may keep it.
    """
    most = cap_in_force(cap, options)
    if not unavoidable(most, options):
        return list(options)
    return [_within(shares, most) for shares in options]


def _within(shares: Shares, most: float) -> Shares:
    """Return shares of at most so much each, the smaller ones in proportion."""
    if most * len(shares) < 1 - ROUNDING:
        return shares
    by_size = sorted(shares, key=lambda country: (-shares[country], country))
    left = 1.0
    for number, country in enumerate(by_size):
        smaller = sum(shares[x] for x in by_size[number:])
        if shares[country] * left / smaller <= most + ROUNDING:
            rest = {x: shares[x] * left / smaller for x in by_size[number:]}
            return dict.fromkeys(by_size[:number], most) | rest
        left -= most
    return shares
