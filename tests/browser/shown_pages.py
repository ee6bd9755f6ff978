"""Every page of the console, by the address that it has in the sample store."""

from collections.abc import Mapping

from models.roles import Role
from service.analyses.registry import ANALYSES, Subject
from service.console.registry import PAGES, QUESTIONS, question_page
from service.identity.permissions import OWN_READERS, rule_of
from tests.browser.sample_store import SampleStore
from tests.service.api.write_examples import LOT

# Of lists that are long in the sample store: axe looks at each cell.
FEW_ROWS = {"show_audit_log": "?limit=10", "show_jobs": "?limit=10"}
# Pages that look quite different in another state, by a name.
STATES = {
    "show_analysis_replay": "show_analysis",
    "show_own_round_published": "show_own_round",
    "show_round_closed": "show_round",
    "show_round_published": "show_round",
}
SHOWN = {x: x for x in PAGES} | STATES

# Forms of questions have one template; these have all kinds of its fields.
OF_ALL_KINDS = {question_page(ANALYSES[x]) for x in ("compare-plans", "sensitivity")}
ALIKE = {question_page(ANALYSES[x]) for x in QUESTIONS} - OF_ALL_KINDS
DIFFERENT = [x for x in SHOWN if x not in ALIKE]


def addresses(store: SampleStore) -> Mapping[str, str]:
    """Return where each page of the registry is, by its name, and those in states.

    Raises KeyError for a page whose parameters nothing here gives.
    """
    reserve = {"reserve_id": store.reserve}
    published = {"round_id": store.published_round}
    given: Mapping[str, Mapping[str, object]] = {
        "show_analysis": {"content_hash": store.analyses["frontier"]},
        "show_analysis_replay": {"content_hash": store.analyses["replay"]},
        "show_batch": {"batch_id": store.batch},
        "show_batch_order": {"content_hash": store.case},
        "show_evaluation": {"content_hash": store.evaluation},
        "show_case_form": {"content_hash": store.case},
        "show_assumptions": {"content_hash": store.case},
        "show_sources": {"content_hash": store.case},
        "show_differences": {"content_hash": store.case},
        "show_case": {"content_hash": store.case},
        "show_observation": reserve,
        "show_own_job": {"job_id": store.own_job},
        "show_own_plan": {"publication_id": store.publication},
        "show_own_round": {"round_id": store.round},
        "show_own_round_published": published,
        "show_own_valuation": {"round_id": store.round},
        "show_plan": {"content_hash": store.plan},
        "show_publication": {"content_hash": store.plan},
        "show_round": {"round_id": store.round},
        "show_round_closed": {"round_id": store.closed_round},
        "show_round_published": published,
        "show_round_order": {"content_hash": store.case},
        "show_job": {"job_id": store.job},
        "show_webhook": {"webhook_id": store.webhook},
        "show_lot": reserve | {"lot": LOT["id"]},
        "show_putting_in_force": {"content_hash": store.plan},
        "show_correction": reserve | {"entry_hash": store.entry},
        "show_ledger": reserve,
        "show_reserve": reserve,
        "show_reserve_opening": {"content_hash": store.case},
        "show_routes": {"content_hash": store.case},
        "show_reserve_entry": reserve | {"entry_hash": store.entry},
    }
    subjects = {Subject.CASE: store.case, Subject.PLAN: store.plan}
    for analysis in (ANALYSES[x] for x in QUESTIONS):
        about = {"content_hash": subjects[analysis.subject]}
        given = {**given, question_page(analysis): about}
    return {
        name: PAGES[page].path.format_map(given.get(name, {})) + FEW_ROWS.get(name, "")
        for name, page in SHOWN.items()
    }


def reader_of(name: str) -> Role:
    """Return who looks at a page: an administrator, at those of planners a planner."""
    page = PAGES[SHOWN[name]]
    is_of_planners = any(rule_of(x) is OWN_READERS for x in page.operations)
    return Role.PARTICIPANT_PLANNER if is_of_planners else Role.ADMINISTRATOR
