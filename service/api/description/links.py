"""Links between operations: what of an answer the operations that follow take.

Programs follow them to reach objects that exist.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from service.analyses.registry import ANALYSES, operation_of, own_operation_of

Operation = dict[str, Any]

BODY = "$response.body#"


class Link(NamedTuple):
    """An operation that follows an answer."""

    operation: str
    parameter: str
    # JSON pointer into the answer.
    pointer: str
    # Fields of the body that the operation is sent, with pointers.
    fields: Mapping[str, str] | None = None


JOB_READS = (
    "get_job",
    "list_progress",
    "stream_events",
    "get_plan_of_job",
    "get_incumbent_of_job",
)
OF_JOB = tuple(Link(name, "job_id", "/id") for name in (*JOB_READS, "cancel_job"))
OF_PLAN_OF_JOB = (
    Link("get_plan", "content_hash", "/result/plan"),
    Link("submit_evaluation_of_plan", "content_hash", "/result/plan", {}),
    Link("put_publication", "content_hash", "/result/plan"),
)
OF_EVALUATION_OF_JOB = (
    Link("get_evaluation", "content_hash", "/evaluation"),
    Link("list_tables", "content_hash", "/evaluation"),
)
OF_ANALYSIS_OF_JOB = tuple(
    Link(name, "content_hash", "/analysis_document")
    for name in ("get_analysis", "list_analysis_files")
)
OF_OWN_JOB = tuple(
    Link(name, "job_id", "/id")
    for name in (
        "get_own_job",
        "list_own_progress",
        "get_own_answer",
        "cancel_own_job",
    )
)
OWN_ORDERS = tuple(own_operation_of(x) for x in ANALYSES.values() if x.is_own)
OF_CASE = (
    Link("get_case", "content_hash", "/hash"),
    Link("submit_job", "", "", {"case": "/hash"}),
    Link("submit_a_batch", "", "", {"case": "/hash"}),
)
OF_BATCH = tuple(
    Link(name, "batch_id", "/id")
    for name in (
        "get_batch",
        "list_variants",
        "pause_batch",
        "resume_batch",
        "cancel_a_batch",
        "retry_batch",
    )
)
OF_ROUND = tuple(
    Link(name, "round_id", "/id")
    for name in (
        "get_round",
        "list_offers",
        "close_a_round",
        "put_case_of_round",
        "cancel_a_round",
        "list_ledger",
        "list_transfers",
    )
)
OF_OWN_ROUND = tuple(
    Link(name, "round_id", "/items/0/id")
    for name in (
        "get_own_round",
        "list_own_offers",
        "list_own_awards",
        "list_own_holdings",
        "list_own_entries",
        "list_own_transfers",
    )
)

OF_RESERVE = tuple(
    Link(name, "reserve_id", "/id")
    for name in ("get_reserve", "list_reserve_entries", "list_lots")
)

OF_WEBHOOK = tuple(
    Link(name, "webhook_id", "/id")
    for name in (
        "get_webhook",
        "list_deliveries",
        "ping_webhook",
        "rotate_webhook_secret",
        "change_webhook",
        "delete_webhook",
    )
)

LINKS: Mapping[str, tuple[Link, ...]] = {
    "put_case": OF_CASE,
    "list_cases": (Link("get_case", "content_hash", "/items/0/hash"),),
    "list_shipped_cases": (
        Link("put_case", "", "", {"": "/0/case"}),
        Link("submit_job", "", "", {"case": "/0/case"}),
    ),
    "submit_job": OF_JOB,
    "submit_evaluation_of_plan": OF_JOB,
    **{operation_of(analysis): OF_JOB for analysis in ANALYSES.values()},
    "get_job": (*OF_PLAN_OF_JOB, *OF_EVALUATION_OF_JOB, *OF_ANALYSIS_OF_JOB),
    "list_jobs": tuple(Link(name, "job_id", "/items/0/id") for name in JOB_READS),
    "put_publication": tuple(
        Link(name, "content_hash", "/plan")
        for name in ("get_publication", "delete_publication")
    ),
    "list_own_plans": (
        Link("get_own_plan", "publication_id", "/0/id"),
        *(Link(name, "publication_id", "/0/id", {}) for name in OWN_ORDERS),
    ),
    **dict.fromkeys(OWN_ORDERS, OF_OWN_JOB),
    "list_own_jobs": tuple(
        Link(x.operation, x.parameter, "/items/0/id") for x in OF_OWN_JOB
    ),
    "submit_a_batch": OF_BATCH,
    "list_batches": tuple(
        Link(name, "batch_id", "/items/0/id") for name in ("get_batch", "list_variants")
    ),
    "open_a_round": OF_ROUND,
    "list_rounds": (Link("get_round", "round_id", "/items/0/id"),),
    "list_own_rounds": OF_OWN_ROUND,
    "close_a_round": OF_ROUND[1:],
    "put_case_of_round": OF_CASE,
    "open_a_reserve": OF_RESERVE,
    "list_reserves": tuple(
        Link(x.operation, x.parameter, "/items/0/id") for x in OF_RESERVE
    ),
    "create_webhook": OF_WEBHOOK,
    "list_webhooks": (Link("get_webhook", "webhook_id", "/items/0/id"),),
    "list_variants": (Link("get_job", "job_id", "/items/0/job"),),
}


def add_links(operation: Operation) -> None:
    """Describe what may follow each good answer of an operation."""
    links = LINKS.get(operation["operationId"], ())
    for response in _good_answers(operation) if links else ():
        response["links"] = {link.operation: _described(link) for link in links}


def _good_answers(operation: Operation) -> Iterator[dict[str, Any]]:
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            yield response


def _described(link: Link) -> dict[str, Any]:
    described: dict[str, Any] = {"operationId": link.operation}
    if link.parameter:
        described["parameters"] = {link.parameter: f"{BODY}{link.pointer}"}
    if link.fields is not None:
        fields = {name: f"{BODY}{x}" for name, x in link.fields.items()}
        described["requestBody"] = fields.get("", fields)
    return described
