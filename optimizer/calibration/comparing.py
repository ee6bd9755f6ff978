"""The calibration of a case: every cut-off beside what was published of it."""

from models.calibration import Calibration, CalibrationRow
from models.instance import Instance
from optimizer.calibration.agreement import rank_correlations
from optimizer.calibration.cutoffs import Cutoff, YearlyLosses, cutoffs, yearly_losses
from optimizer.calibration.hazards import cutoff_years_per_year
from optimizer.calibration.out_of_sample import out_of_sample
from optimizer.cores import on_one_thread


@on_one_thread
def calibrate(instance: Instance) -> Calibration:
    """Return modelled and published losses, and how well the former predict.

    Cut-offs are those with a published loss, and for every other material that of its
    dominant supplier. A weighted loss is compared with the loss times its expected
    share of a year; any other, and a weighted one over its published probability, with
    the loss itself.
    """
    found = cutoffs(instance)
    losses = yearly_losses(instance, found)
    rows = tuple(_row(instance, found[w], losses, w) for w in range(len(found)))
    fitted = [x for x in found if x.published is not None and x.published.is_fitted]
    return Calibration(
        rows=rows,
        out_of_sample=out_of_sample(instance, fitted),
        rank_correlations=rank_correlations(rows),
    )


def _row(
    instance: Instance, cutoff: Cutoff, losses: YearlyLosses, w: int
) -> CalibrationRow:
    loss = max(0.0, float(losses.total[w]))
    years = cutoff_years_per_year(instance, cutoff.materials, cutoff.country)
    modelled = {
        "materials": cutoff.materials,
        "country": cutoff.country,
        "modelled_loss_usd": loss,
        "cutoff_years_per_year": years,
        "expected_loss_usd": years * loss,
    }
    published = cutoff.published
    if published is None:
        return CalibrationRow.model_validate(modelled)
    position = {p.id: i for i, p in enumerate(instance.final_products())}
    named = [position[p] for p in published.products if p in position]
    sources = published.sources
    keys = ("loss_usd", "loss_usd_high", "rank")
    return CalibrationRow.model_validate(
        {
            **modelled,
            "basis": published.basis,
            "probability": published.probability,
            "published_loss_usd": published.loss_usd,
            "published_low_usd": published.loss_usd_low,
            "published_high_usd": published.loss_usd_high,
            "published_rank": published.rank,
            "is_fitted": published.is_fitted,
            "products_share": losses.share(w, named) if named else None,
            "products_share_low": published.products_share_low,
            "source": next((sources[key] for key in keys if key in sources), ""),
        }
    )
