"""What a case assumes and what the model leaves out, on one page.

The limits of the model are those of the documentation, minerals left out and reasons
those of the case: nothing here states them anew.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from models.sensitivity import Sensitivity, SensitivityBar
from service.analyses.registry import ANALYSES
from service.api.context import ServiceContext
from service.console.case_sources import KINDS, ShownFigure, figures_of_case
from service.console.documentation import HelpPage, section
from service.console.registry import PAGES
from service.console.view import OpenView, page_router
from service.store.analyses import AnalysisRepository
from service.store.cases import CaseRepository
from service.store.jobs import JobRepository
from service.store.part import Part

# The heading in the optimizer's page, as links to it have it.
LIMITS = "assumptions-and-known-limits"
ASSUMED = ("assumption", "illustrative", "calibrated")
NUMBER_SHOWN = 300
NUMBER_OF_JOBS = 50

router = page_router()


@dataclass(frozen=True, slots=True)
class AssumedReason:
    """Figures of a case that have the same reason, most first."""

    kind: str
    section: str
    source: str
    number: int
    example: ShownFigure


@router.get(PAGES["show_assumptions"].path)
def show_assumptions(
    content_hash: str, view: OpenView, context: ServiceContext
) -> Response:
    """Return what is assumed in a case, how much of it, and what is not modelled."""
    with context.database.reading() as session:
        text = CaseRepository(session).text(content_hash)
        varied = AnalysisRepository(session)
        jobs = JobRepository(session).about_plan(Part(NUMBER_OF_JOBS), "", content_hash)
        hashes = [x.analysis_hash for x in jobs if x.analysis == "sensitivity"]
        known = [x for x in hashes if x is not None] if view.may("get_analysis") else []
        found = ANALYSES["sensitivity"].read(varied.text(known[0])) if known else None
    case = json.loads(text)
    figures = figures_of_case(text)
    reasons = _reasons(figures)
    return view.page(
        content_hash=content_hash,
        case_name=case["name"],
        unmodelled=case.get("unmodelled", ()),
        kinds=KINDS,
        counts=_counts(figures),
        reasons=reasons[:NUMBER_SHOWN],
        number_of_reasons=len(reasons),
        bars=_weights(found) if isinstance(found, Sensitivity) else [],
        weighed_by=known[0] if known else "",
        limits=section(HelpPage.OPTIMIZER, LIMITS),
    )


def _counts(figures: Sequence[ShownFigure]) -> Mapping[str, Mapping[str, int]]:
    """Return the number of figures by section of the case and kind; "" for all."""
    counted = Counter((x.section, x.kind) for x in figures)
    sections = [*dict.fromkeys(x.section for x in figures)]
    found = {x: {kind: counted[x, kind] for kind in KINDS} for x in sections}
    whole = {kind: sum(x[kind] for x in found.values()) for kind in KINDS}
    return {**found, "": whole}


def _reasons(figures: Sequence[ShownFigure]) -> Sequence[AssumedReason]:
    """Return each reason of assumed figures once; by kind, most figures first."""
    groups: dict[tuple[str, str, str], list[ShownFigure]] = {}
    for x in figures:
        if x.kind in ASSUMED:
            groups.setdefault((x.kind, x.section, x.source), []).append(x)
    found = [AssumedReason(*key, len(some), some[0]) for key, some in groups.items()]
    return sorted(found, key=lambda x: (ASSUMED.index(x.kind), -x.number))


def _weights(found: Sensitivity) -> Sequence[SensitivityBar]:
    """Return what changing an assumption moves, the most first."""
    return sorted(found.bars(), key=lambda x: x.span_usd, reverse=True)
