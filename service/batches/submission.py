"""Create a batch: all variants are read, stored and queued, or none."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue
from sqlmodel import Session

from models.batch import Axis
from models.case_warnings import added_warnings, warnings_of
from models.instance import Instance
from models.options import SolveOptions
from models.tables import Batch
from models.variation import VariedCase
from service.batches.expansion import (
    Variant,
    base_of,
    read_variants,
    variants_of,
)
from service.batches.order import BatchOrder, overlays_of
from service.casefiles import CaseFile, given_case
from service.clock import Clock
from service.errors import IdempotencyKeyReusedError
from service.jobs.ordered_case import ordered_case
from service.jobs.submission import JobSpec, submit_all
from service.store.batches import BatchRepository
from service.store.cases import CaseRepository, PackedCase
from service.store.compression import pack
from service.variants.overlay import Overlay

NAMED = "named_variants[{}]"
FURTHER = set(Overlay.model_fields) - {"values", "patch"}


@dataclass(frozen=True, slots=True)
class Expansion:
    """An expanded order: the base, and each distinct case once, by its hash.

    warnings are those that the base has not, and its own.
    """

    base: Instance
    axes: Sequence[Axis]
    variants: Sequence[Variant]
    case_hashes: Sequence[str]
    cases: Mapping[str, PackedCase]
    options: Mapping[str, SolveOptions]
    warnings: Mapping[str, Sequence[str]]


def earlier_batch(
    session: Session, key: str | None, order_fingerprint: str
) -> Batch | None:
    """Return the batch that was ordered under the key before, if there is one."""
    earlier = BatchRepository(session).by_idempotency_key(key) if key else None
    return None if earlier is None else _same(earlier, order_fingerprint)


def case_of(session: Session, order: BatchOrder) -> CaseFile:
    """Return the ordered case with its variants, not read yet.

    Raises InvalidCaseError, or CaseNotFoundError.
    """
    if isinstance(order.case, str):
        return ordered_case(session, order.case)
    return given_case(order.case, "the case")


def expand(order: BatchOrder, case: CaseFile) -> Expansion:
    """Read the case and all its variants, or raise InvalidCaseError."""
    axes = order.axes()
    overlays = overlays_of(case, order.named_variants, order.variants, NAMED)
    variants = variants_of(overlays, axes)
    base = base_of(case.content, order.options)
    case_hashes: list[str] = []
    cases: dict[str, PackedCase] = {}
    options: dict[str, SolveOptions] = {}
    own = [str(warning) for warning in warnings_of(base)]
    known = set(own)
    warnings: dict[str, Sequence[str]] = {base.content_hash: own}

    def take(variant: Variant, case: VariedCase) -> None:
        del variant
        case_hashes.append(case.content_hash)
        if case.content_hash not in cases:
            cases[case.content_hash] = _packed(case)
            options[case.content_hash] = case.instance.options
            if case.content_hash not in warnings:
                added = added_warnings(base, known, case.instance)
                warnings[case.content_hash] = [str(warning) for warning in added]

    read_variants(base, variants, take)
    return Expansion(base, axes, variants, case_hashes, cases, options, warnings)


def submit_batch(
    session: Session,
    order: BatchOrder,
    expansion: Expansion,
    clock: Clock,
    *,
    key: str | None = None,
    is_fresh: bool = False,
) -> tuple[Batch, bool]:
    """Store a batch and queue its jobs; return it, and whether it is new."""
    BatchRepository(session).wait_for_others()
    if earlier := earlier_batch(session, key, order.fingerprint):
        return earlier, False
    now = clock()
    cases = CaseRepository(session)
    cases.put(expansion.base, is_listed=False, at=now)
    base_hash = expansion.base.content_hash
    cases.put_variants(list(expansion.cases.values()), base_hash=base_hash, at=now)
    batch = _batch(order, expansion, key, now)
    stored = BatchRepository(session).add(batch)
    if stored is not batch:
        return _same(stored, order.fingerprint), False
    specs = [
        JobSpec(it, it, expansion.options[it], order, warnings=expansion.warnings[it])
        for it in expansion.cases
    ]
    jobs = submit_all(session, specs, clock, is_fresh=is_fresh)
    places = dict(zip(expansion.cases, jobs, strict=True))
    rows = [
        {
            "batch_sequence": batch.sequence,
            "number": variant.number,
            "name": variant.name,
            "values": variant.overlay.values,
            "patch": variant.overlay.patch,
            "overlay": _further(variant.overlay),
            "job_sequence": places[case_hash],
            "warnings": _warnings(expansion, variant, case_hash),
        }
        for variant, case_hash in zip(
            expansion.variants, expansion.case_hashes, strict=True
        )
    ]
    BatchRepository(session).add_variants(rows)
    return batch, True


def _further(overlay: Overlay) -> dict[str, JsonValue]:
    """Return what an overlay has beside its values and its patch."""
    return overlay.model_dump(mode="json", include=FURTHER)


def _warnings(expansion: Expansion, variant: Variant, case_hash: str) -> Sequence[str]:
    """Return the warnings of a variant; one that is the base adds none."""
    is_base = variant.number == 0
    same = case_hash == expansion.base.content_hash
    return [] if same and not is_base else list(expansion.warnings[case_hash])


def _packed(case: VariedCase) -> PackedCase:
    return PackedCase(
        case.content_hash,
        case.instance.id,
        case.instance.name,
        case.number_of_bytes,
        pack(case.changed.decode()),
    )


def _batch(
    order: BatchOrder,
    expansion: Expansion,
    key: str | None,
    now: dt.datetime,
) -> Batch:
    return Batch(
        id=str(uuid.uuid4()),
        name=order.name,
        case_hash=expansion.base.content_hash,
        axes=[axis.model_dump(mode="json") for axis in expansion.axes],
        number_of_variants=len(expansion.variants) - 1,
        created_at=now,
        idempotency_key=key,
        order_fingerprint=order.fingerprint,
    )


def _same(batch: Batch, order_fingerprint: str) -> Batch:
    if batch.order_fingerprint != order_fingerprint:
        raise IdempotencyKeyReusedError
    return batch
