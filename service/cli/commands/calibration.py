"""strongroom calibration: modelled losses compared with published ones."""

from collections.abc import Callable

from rich.table import Table

from models.calibration import Calibration, CalibrationRow
from models.instance import Instance
from service.cli.inputs import case_warnings, read_case
from service.cli.options import CaseArgument, JsonOption, SetOption, StrictOption
from service.cli.reporting import print_json, reported
from service.cli.screen import print_tables, table
from service.cli.tables.quantities import money

REFERENCE_CASE = "project_vault"


def command(
    case: CaseArgument = REFERENCE_CASE,
    *,
    assignments: SetOption = None,
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> None:
    """Compare the modelled loss of a year without a supplier with published losses."""
    with reported(as_json=as_json):
        instance = read_case(case, assignments, is_strict=strict)
        from service.optimization import calibrate  # noqa: PLC0415 - slow to load

        calibrate_case(instance, calibrate, as_json=as_json)


def calibrate_case(
    instance: Instance,
    calibrate: Callable[[Instance], Calibration],
    *,
    as_json: bool,
) -> None:
    """Calibrate a case and print the losses of every cut-off."""
    calibration, warnings = calibrate(instance), case_warnings(instance)
    if as_json:
        rows = [
            {**row.model_dump(mode="json"), "is_inside_range": is_inside(row)}
            for row in calibration.rows
        ]
        rho = calibration.rank_correlation
        print_json(
            {
                "instance": instance.id,
                "rows": rows,
                "rank_correlation": rho,
                "warnings": warnings,
            }
        )
        return
    print_tables(cutoffs(calibration), _order(calibration), warnings=warnings)


def is_inside(row: CalibrationRow) -> bool | None:
    """Return whether a loss is in the published range; None without a range."""
    low, high = row.published_low_usd, row.published_high_usd
    if low is None and high is None:
        return None
    above = low is None or low <= row.modelled_loss_usd
    return above and (high is None or row.modelled_loss_usd <= high)


def cutoffs(calibration: Calibration) -> Table:
    """Return a row per cut-off: its modelled and its published loss."""
    compared = table(
        "Loss of one year without the supplier",
        "materials",
        "supplier",
        "modelled",
        "published",
        "range",
        "inside",
        "rank",
        left=2,
    )
    for row in calibration.rows:
        compared.add_row(
            ", ".join(row.materials),
            row.country,
            money(row.modelled_loss_usd),
            money(row.published_loss_usd),
            _range(row),
            {None: "-", True: "yes", False: "no"}[is_inside(row)],
            "-" if row.published_rank is None else str(row.published_rank),
        )
    return compared


def _range(row: CalibrationRow) -> str:
    if row.published_low_usd is None and row.published_high_usd is None:
        return "-"
    return f"{money(row.published_low_usd)} .. {money(row.published_high_usd)}"


def _order(calibration: Calibration) -> str:
    rho = calibration.rank_correlation
    figure = "not defined" if rho is None else f"{rho:.2f}"
    return f"Spearman's rank correlation with the published order: {figure}"
