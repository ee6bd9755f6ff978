"""Modelled beside published losses, and what the model predicts without seeing it."""

from collections.abc import Iterator

from rich.table import Table

from models.calibration import Calibration, CalibrationRow, OutOfSample
from service.printing.quantities import money, percent
from service.printing.table import table

FITTED = "fitted"


def calibration_tables(found: Calibration) -> tuple[Table | str, ...]:
    """Return all tables of a calibration, and what was fitted, in words."""
    parts: list[Table | str] = [given(found), weighted(found)]
    if found.out_of_sample is not None:
        parts += [predictions(found.out_of_sample), *in_words(found.out_of_sample)]
    if found.rank_correlations:
        parts.append(order(found))
    parts += shares(found)
    parts.append(what_was_fitted(found))
    return tuple(parts)


def is_inside(row: CalibrationRow) -> bool | None:
    """Return whether a loss is in the published range; None without a range."""
    low, high = row.published_low_usd, row.published_high_usd
    if low is None and high is None:
        return None
    loss = row.comparable_loss_usd
    above = low is None or low <= loss
    return above and (high is None or loss <= high)


def is_weighted(row: CalibrationRow) -> bool:
    """Return whether a published loss is compared with hazard times loss."""
    return row.basis == "weighted"


def given(found: Calibration) -> Table:
    """Return a row per cut-off: its loss given that it happens, and the published."""
    compared = table(
        "Loss of one year without the supplier, given that it happens",
        *("materials", "supplier", "modelled", "published", "ratio", "range"),
        *("inside", "figure"),
        left=2,
    )
    for row in found.rows:
        if is_weighted(row) and row.probability is None:
            continue
        compared.add_row(
            ", ".join(row.materials),
            row.country,
            money(row.modelled_loss_usd),
            money(row.published_conditional_usd),
            _ratio(row.ratio),
            _range(row),
            _yes_or_no(is_inside(row)),
            FITTED if row.is_fitted else "-" if row.basis is None else "test",
        )
    return compared


def weighted(found: Calibration) -> Table:
    """Return a row per weighted figure: hazard times loss, and the published."""
    compared = table(
        "Weighted by the probability that it happens, a year",
        *("materials", "supplier", "cut off", "modelled", "published", "ratio"),
        *("range", "inside", "rank"),
        left=2,
    )
    for row in found.rows:
        if not is_weighted(row):
            continue
        expected, published = row.expected_loss_usd, row.published_loss_usd
        inside = is_inside(row) if row.probability is None else None
        compared.add_row(
            ", ".join(row.materials),
            row.country,
            percent(row.cutoff_years_per_year),
            money(expected),
            money(published),
            _ratio(expected / published if published else None),
            _range(row),
            _yes_or_no(inside),
            "-" if row.published_rank is None else str(row.published_rank),
        )
    return compared


def predictions(found: OutOfSample) -> Table:
    """Return a row per figure left out: what the other figures predict."""
    left_out = table(
        "Each fitted figure, predicted from the others",
        *("materials", "supplier", "predicted", "published", "ratio"),
        left=2,
    )
    for x in found.leave_one_out:
        left_out.add_row(
            ", ".join(x.materials),
            x.country,
            money(x.predicted_loss_usd),
            money(x.published_loss_usd),
            _ratio(x.predicted_loss_usd / x.published_loss_usd),
        )
    return left_out


def in_words(found: OutOfSample) -> Iterator[str]:
    """Return how far off fitted, left-out and halved figures are."""
    yield (
        f"Two parameters, {found.figures} figures. Typical factor between model and "
        f"figure: fitted {found.error_factor:.2f}, left out "
        f"{found.leave_one_out_error_factor:.2f}, without a model (mean of the others) "
        f"{found.naive_error_factor:.2f}."
    )
    yield (
        f"Fitted anew to all figures, the scale of the case is {found.scale:.2f} and "
        f"the exponent of its curve {found.elasticity:.2f}; 1 keeps the case."
    )
    half = found.split_half
    if half is not None:
        rho = half.rank_correlation
        figure = "not defined" if rho is None else f"{rho:.2f}"
        yield (
            f"One half from the other, {half.splits} times: typical factor "
            f"{half.error_factor:.2f}, rank correlation {figure} (medians)."
        )


def order(found: Calibration) -> Table:
    """Return how far modelled losses come in the published order."""
    agreement = table(
        "Rank correlation with the published order of weighted losses",
        *("modelled", "materials", "rho", "95 % interval", "p"),
    )
    for x in found.rank_correlations:
        agreement.add_row(
            x.name,
            str(x.materials),
            f"{x.rho:.2f}",
            f"{x.low:.2f} .. {x.high:.2f}",
            f"{x.p_value:.2g}",
        )
    return agreement


def shares(found: Calibration) -> list[str]:
    """Return where a published share of a loss falls, and the modelled one."""
    return [
        f"Of the loss of {', '.join(row.materials)}, {percent(row.products_share)} "
        f"falls on the products named; published is at least "
        f"{percent(row.products_share_low)}."
        for row in found.rows
        if row.products_share is not None
    ]


def what_was_fitted(found: Calibration) -> str:
    """Return which figures the losses of the case were fitted to."""
    fitted = [", ".join(x.materials) for x in found.rows if x.is_fitted]
    if not fitted:
        return "No figure was used to fit the losses of the case."
    return (
        f"Used to fit: the losses given a cut-off of {'; '.join(fitted)}. All other "
        "published figures are tests."
    )


def _range(row: CalibrationRow) -> str:
    if row.published_low_usd is None and row.published_high_usd is None:
        return "-"
    return f"{money(row.published_low_usd)} .. {money(row.published_high_usd)}"


def _ratio(ratio: float | None) -> str:
    return "-" if ratio is None else f"{ratio:.2f}"


def _yes_or_no(is_so: bool | None) -> str:  # noqa: FBT001 - a cell of a table
    return {None: "-", True: "yes", False: "no"}[is_so]
