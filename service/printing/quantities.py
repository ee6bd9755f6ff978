"""Quantities as people read them: $1.23 bn, 4,560 t, 12.3 %."""

MONEY_UNITS = ((1e12, " tn"), (1e9, " bn"), (1e6, " m"), (1e3, " k"))
# From here on, three figures round up to the next unit.
NEARLY_ONE = 0.9995
HALF_A_CENT = 0.005
GRAM = 1e-6  # in tonnes; smaller quantities are rounding errors
# Of a whole that is shown with three figures: what is smaller does not change it.
LAST_FIGURE = 5e-4


def money(usd: float | None) -> str:
    """Return dollars with three significant figures, or - for None."""
    if usd is None:
        return "-"
    size = abs(usd)
    for divisor, unit in MONEY_UNITS:
        if size >= NEARLY_ONE * divisor:
            return f"{'-' if usd < 0 else ''}${_three_figures(size / divisor)}{unit}"
    if size < HALF_A_CENT:
        return "$0"
    text = f"{size:,.0f}" if size >= 10 else f"{size:.2f}"  # noqa: PLR2004
    return f"{'-' if usd < 0 else ''}${text}"


def interval(usd: tuple[float, float] | None) -> str:
    """Return a confidence interval in dollars, "unknown" without one."""
    return "unknown" if usd is None else " .. ".join(map(money, usd))


def tonnes(quantity: float, whole: float = 0.0) -> str:
    """Return tonnes: whole from 100 on, else three significant figures.

    It is 0 below 1 g, and for a part of a whole below the last figure of that. Less
    than 100 g are told in grams.
    """
    if abs(quantity) < max(GRAM, LAST_FIGURE * abs(whole)):
        return "0 t"
    if abs(quantity) < 100 * GRAM:
        return f"{quantity / GRAM:.3g} g"
    if abs(quantity) >= 100:  # noqa: PLR2004 - three figures
        return f"{quantity:,.0f} t"
    return f"{quantity:.3g} t"


def percent(fraction: float | None) -> str:
    """Return a fraction in per cent, or - for None."""
    return "-" if fraction is None else f"{_plain(100 * fraction)} %"


def days(quantity: float | None) -> str:
    """Return days, with a tenth below ten, or - for None."""
    if quantity is None:
        return "-"
    return f"{quantity:,.0f}" if abs(quantity) >= 10 else f"{quantity:.1f}"  # noqa: PLR2004


def ratio(value: float | None) -> str:
    """Return a ratio, with hundredths below ten, or - for None."""
    if value is None:
        return "-"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:,.0f}"  # noqa: PLR2004


def _three_figures(value: float) -> str:
    for bound, decimals in ((9.995, 2), (99.95, 1)):
        if value < bound:
            return f"{value:.{decimals}f}"
    return f"{value:,.0f}"


def _plain(value: float) -> str:
    text = f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"  # noqa: PLR2004
    return text.rstrip("0").rstrip(".") if "." in text else text
