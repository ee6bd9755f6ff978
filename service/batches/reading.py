"""Read where a batch stands: a row for each variant."""

from models.batch import VariantRow
from models.figures import PlanFigures
from models.outcome import Termination
from service.store.batches import VariantState


def row_of(found: VariantState) -> VariantRow:
    """Return a variant with the answer of its job, or its best plan so far."""
    variant, job, figures = found
    return VariantRow(
        number=variant.number,
        name=variant.name,
        values=variant.values,
        case=job.solved_case_hash,
        termination=None if job.termination is None else Termination(job.termination),
        conflict=tuple(job.conflict),
        failure=job.failure,
        seconds=job.seconds,
        plan=job.plan_hash or job.incumbent_hash,
        figures=None if figures is None else PlanFigures.model_validate(figures),
    )
