"""A batch that is solved here: one variant after the other, from the base's cuts."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from models.batch import VariantRow
from models.figures import figures_of
from models.instance import Instance
from models.outcome import Outcome
from models.variation import Variation, VariedCase
from service.batches.expansion import Variant, read_variants, varied

Tell = Callable[[VariantRow, int, int], None]


@dataclass(slots=True)
class LocalBatch:
    """Variants of a base, all of which were read; those that are the same share.

    Raises InvalidCaseError at construction if any has a mistake.
    """

    base: Instance
    variants: Sequence[Variant]
    rows: list[VariantRow] = field(default_factory=list[VariantRow])
    _same: dict[str, list[Variant]] = field(default_factory=dict[str, list[Variant]])

    def __post_init__(self) -> None:
        def take(variant: Variant, case: VariedCase) -> None:
            self._same.setdefault(case.content_hash, []).append(variant)

        read_variants(self.base, self.variants, take)

    def cases(self) -> Iterator[Instance]:
        """Yield each different case once, the base first."""
        variation = Variation(self.base)
        for variants in self._same.values():
            yield varied(variation, variants[0]).instance

    def listener(self, tell: Tell) -> Callable[[Outcome | str], None]:
        """Return who takes the answers to the cases, in their order."""
        waiting = iter(self._same.items())

        def take(answer: Outcome | str) -> None:
            content_hash, variants = next(waiting)
            for variant in variants:
                self.rows.append(_row(variant, content_hash, answer))
                tell(self.rows[-1], len(self.rows), len(self.variants))

        return take

    def sorted_rows(self) -> tuple[VariantRow, ...]:
        """Return the rows of all variants that have an answer, by number."""
        return tuple(sorted(self.rows, key=lambda row: row.number))


def _row(variant: Variant, content_hash: str, answer: Outcome | str) -> VariantRow:
    row = VariantRow(
        number=variant.number,
        name=variant.name,
        values=dict(variant.values),
        case=content_hash,
    )
    if isinstance(answer, str):
        return row.model_copy(update={"failure": answer})
    plan = answer.plan
    return row.model_copy(
        update={
            "termination": answer.termination,
            "conflict": answer.conflict,
            "seconds": answer.seconds,
            "plan": None if plan is None else plan.content_hash,
            "figures": None if plan is None else figures_of(plan),
        }
    )
