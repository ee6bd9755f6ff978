"""From a case, its plan and its log to the zip of a dossier."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.manifest import CheckSummary, Manifest
from models.plan_warnings import plan_warnings
from models.record import Record
from models.verification import CheckResult, Verification
from service.analyses.dossier.parts import DossierRequest, parts_of
from service.analyses.dossier.sections import (
    check_section,
    headline_section,
    holdings_sections,
    limits_section,
    log_section,
    making_section,
    plan_warnings_section,
    shortfall_section,
    sources_section,
    subject_section,
    unmodelled_section,
    warnings_section,
)
from service.analyses.planned_case import case_warnings
from service.dossier.files import HandedIn, files_of, listed, zipped
from service.dossier.log_check import log_check
from service.dossier.report import Verdict, rendered_report
from service.dossier.section import Section
from service.optimization import check_budget_price, planning_table, verify
from service.tabular.scenario_files import scenario_file

PLANNING_SCENARIOS = "planning_scenarios.parquet"


@dataclass(frozen=True, slots=True)
class Dossier:
    """The zip and its manifest."""

    archive: bytes
    manifest: Manifest


def assemble(
    handed_in: HandedIn,
    request: DossierRequest,
    objections: Sequence[str],
) -> Dossier:
    """Return the dossier of a plan; stages are reported to request.on_stage.

    An objection fails the verdict; warnings about case and plan are only listed.
    """
    request.on_stage("checks")
    verification = _verified(request)
    checks = _checks(handed_in, verification)
    documents: dict[str, Record] = {"verification": verification}
    described: list[Section] = []
    for part in parts_of(request):
        request.on_stage(part.stage)
        documents[part.name] = part.compute(request)
        described.append(part.describe(documents[part.name], request))
    request.on_stage("files")
    files = files_of(handed_in, documents, request.tables)
    files[PLANNING_SCENARIOS] = _planning_scenarios(request)
    sections = _sections(handed_in, verification, checks, documents, described)
    title = f"Audit of the plan for {request.case.name}"
    report = rendered_report(title, _verdict(checks, objections), sections)
    files["report.html"] = report.encode()
    warnings = [
        *case_warnings(request.case),
        *plan_warnings(request.case, request.plan),
        *objections,
    ]
    manifest = _manifest(request, verification, checks, warnings).model_copy(
        update={"files": listed(files), "has_log": handed_in.log_file is not None}
    )
    files["manifest.json"] = f"{manifest.model_dump_json(indent=2)}\n".encode()
    return Dossier(zipped(files), manifest)


def _planning_scenarios(request: DossierRequest) -> bytes:
    """Return the file of the scenarios that the plan was made for."""
    _, table = planning_table(request.case, request.scenarios)
    return scenario_file(table, ".parquet")


def _verified(request: DossierRequest) -> Verification:
    """Return the checks of the plan, with that of the value of the next dollar."""
    found = verify(request.case, request.plan, request.scenarios)
    request.on_stage("the value of the next dollar")
    price = check_budget_price(
        request.case,
        request.plan,
        table=request.scenarios,
        executor=request.executor,
    )
    return found.model_copy(update={"checks": (*found.checks, price)})


def _checks(handed_in: HandedIn, found: Verification) -> tuple[CheckResult, ...]:
    """Return all checks, that of the recomputed figures first."""
    broken = tuple(
        f"{x.name}: is {x.promised_usd:.12g}, expected {x.recomputed_usd:.12g}"
        for x in found.figures
        if not x.is_kept
    )
    figures = CheckResult(
        name="replay",
        statement="The printed rules, replayed, cost what the plan promises.",
        is_passed=not broken,
        violations=broken,
    )
    checks = (figures, *found.checks)
    if handed_in.log_file is None:
        return checks
    return (*checks, log_check(handed_in.plan, handed_in.log.records))


def _sections(
    handed_in: HandedIn,
    found: Verification,
    checks: Sequence[CheckResult],
    documents: Iterable[str],
    described: Sequence[Section],
) -> tuple[Section, ...]:
    case, plan = handed_in.case, handed_in.plan
    return (
        subject_section(case, [f"{name}.json" for name in documents]),
        check_section(found, checks),
        headline_section(plan),
        making_section(plan, found.versions),
        *holdings_sections(plan),
        *described,
        shortfall_section(plan),
        unmodelled_section(plan),
        warnings_section(case),
        plan_warnings_section(case, plan),
        sources_section(case),
        log_section(handed_in.log),
        limits_section(),
    )


def _verdict(checks: Sequence[CheckResult], warnings: Sequence[str]) -> Verdict:
    failed = [check.name for check in checks if not check.is_passed]
    words = f"All {len(checks)} checks passed: the plan keeps its promise."
    if failed:
        words = f"{len(failed)} of {len(checks)} checks FAILED: {', '.join(failed)}."
    sentence = " ".join((words, *(f"Warning: {warning}." for warning in warnings)))
    return Verdict(is_passed=not failed and not warnings, sentence=sentence)


def _manifest(
    request: DossierRequest,
    found: Verification,
    checks: Sequence[CheckResult],
    warnings: Sequence[str],
) -> Manifest:
    provenance, promise = request.plan.provenance, request.plan.promise
    return Manifest(
        instance_id=request.case.id,
        instance_hash=found.instance_hash,
        plan_hash=found.plan_hash,
        made_for_hash=provenance.instance_hash,
        is_made_for_case=provenance.instance_hash == found.instance_hash,
        warnings=tuple(warnings),
        method=provenance.method,
        seed=provenance.seed,
        number_of_scenarios=provenance.number_of_scenarios,
        options=provenance.options,
        made_with=provenance.versions,
        audited_with=found.versions,
        expected_shortage_cost_usd=promise.expected_shortage_cost_usd,
        lower_bound_usd=promise.lower_bound_usd,
        gap=promise.gap,
        fresh=request.fresh,
        has_log=False,
        is_passed=all(check.is_passed for check in checks),
        checks=tuple(
            CheckSummary(
                name=check.name,
                statement=check.statement,
                is_passed=check.is_passed,
                number_of_violations=len(check.violations),
            )
            for check in checks
        ),
        files=(),
    )
