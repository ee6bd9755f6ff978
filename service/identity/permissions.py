"""What each role may do: one rule for each operation of the HTTP interface.

An operation is named by its id in the OpenAPI document, which is the name of its
function. One without a rule is refused to everybody, and a test fails. So a new
operation gets its line in `RULES` together with its function: `READERS` if it only
shows, `WRITERS` if it starts or changes something, `OWN_READERS` and `OWN_WRITERS` if
it is for planners of a participant. Then `tests/service/identity/test_matrix.py` calls
it as every role.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from models.tables import DEFAULT_ORGANISATION, Role, Scope
from service.analyses.registry import ANALYSES, operation_of, own_operation_of
from service.errors import ForbiddenError, InsufficientScopeError
from service.identity.reader import Reader


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may call an operation. Without roles anybody may, also without login.

    is_of_operator: only the default organisation, which runs the store, may.
    """

    roles: frozenset[Role]
    scope: Scope
    is_of_operator: bool = False


ANYBODY = Rule(frozenset(), Scope.READ)
EVERYBODY = Rule(frozenset(Role), Scope.READ)
# Planners of a participant see what concerns it, by operations of their own.
READERS = Rule(frozenset(Role) - {Role.PARTICIPANT_PLANNER}, Scope.READ)
WRITERS = Rule(frozenset({Role.ADMINISTRATOR, Role.MANAGER, Role.ANALYST}), Scope.WRITE)
# They conduct rounds, publish plans and keep the ledgers of reserves; those who take
# part in rounds do not.
CONDUCTORS = Rule(frozenset({Role.ADMINISTRATOR, Role.MANAGER}), Scope.WRITE)
ROUND_READERS = Rule(CONDUCTORS.roles | {Role.AUDITOR}, Scope.READ)
# They see what is of their participant; `service/store/tenancy.py` says what that is.
OWN_READERS = Rule(frozenset({Role.PARTICIPANT_PLANNER}), Scope.READ)
OWN_WRITERS = Rule(frozenset({Role.PARTICIPANT_PLANNER}), Scope.WRITE)
AUDITORS = Rule(frozenset({Role.ADMINISTRATOR, Role.AUDITOR}), Scope.READ)
# They count what all organisations have together.
MONITORS = Rule(frozenset({Role.ADMINISTRATOR}), Scope.MONITOR, is_of_operator=True)

# Who may order an analysis besides planners.
FURTHER_ROLES: Mapping[str, Role] = {
    "audit": Role.AUDITOR,
    "financing": Role.FINANCING_OFFICER,
}


def _orders_of_analyses() -> Mapping[str, Rule]:
    return {
        operation_of(analysis): Rule(
            WRITERS.roles | {FURTHER_ROLES.get(name, Role.MANAGER)}, Scope.WRITE
        )
        for name, analysis in ANALYSES.items()
    }


def _own_orders() -> Mapping[str, Rule]:
    own = (x for x in ANALYSES.values() if x.is_own)
    return {own_operation_of(analysis): OWN_WRITERS for analysis in own}


# What is sent to receivers, and where these are, is for those who may name others.
WATCHERS = Rule(WRITERS.roles, Scope.READ)

RULES: Mapping[str, Rule] = {
    "get_alive": ANYBODY,
    "get_health": ANYBODY,
    "get_metrics": MONITORS,
    "get_schema": ANYBODY,
    "list_shipped_cases": READERS,
    "put_case": WRITERS,
    "list_cases": READERS,
    "get_case": READERS,
    "submit_job": WRITERS,
    "list_jobs": READERS,
    "get_job": READERS,
    "list_progress": READERS,
    "stream_events": READERS,
    "get_plan_of_job": READERS,
    "get_incumbent_of_job": READERS,
    "cancel_job": WRITERS,
    "submit_a_batch": WRITERS,
    "list_batches": READERS,
    "get_batch": READERS,
    "list_variants": READERS,
    "pause_batch": WRITERS,
    "resume_batch": WRITERS,
    "cancel_a_batch": WRITERS,
    "retry_batch": WRITERS,
    "get_plan": READERS,
    "get_publication": READERS,
    "put_publication": CONDUCTORS,
    "delete_publication": CONDUCTORS,
    "list_own_plans": OWN_READERS,
    "get_own_plan": OWN_READERS,
    "list_own_jobs": OWN_READERS,
    "get_own_job": OWN_READERS,
    "list_own_progress": OWN_READERS,
    "get_own_answer": OWN_READERS,
    "cancel_own_job": OWN_WRITERS,
    "submit_evaluation_of_plan": WRITERS,
    "get_evaluation": READERS,
    "list_tables": READERS,
    "get_table": READERS,
    "create_webhook": WRITERS,
    "list_webhooks": WATCHERS,
    "get_webhook": WATCHERS,
    "change_webhook": WRITERS,
    "delete_webhook": WRITERS,
    "rotate_webhook_secret": WRITERS,
    "ping_webhook": WRITERS,
    "list_deliveries": WATCHERS,
    "replay_delivery": WRITERS,
    "list_entries": AUDITORS,
    "get_whoami": EVERYBODY,
    "list_analyses": READERS,
    "get_analysis": READERS,
    "list_analysis_files": READERS,
    "get_analysis_file": READERS,
    "refuse_analysis_of_plan": READERS,
    "refuse_analysis_of_case": READERS,
    "open_a_round": CONDUCTORS,
    "list_rounds": ROUND_READERS,
    "get_round": ROUND_READERS,
    "close_a_round": CONDUCTORS,
    "cancel_a_round": CONDUCTORS,
    "list_offers": ROUND_READERS,
    "put_case_of_round": CONDUCTORS,
    "publish_a_round": CONDUCTORS,
    "list_own_rounds": OWN_READERS,
    "get_own_round": OWN_READERS,
    "list_own_offers": OWN_READERS,
    "put_own_offer": OWN_WRITERS,
    "withdraw_own_offer": OWN_WRITERS,
    "list_own_awards": OWN_READERS,
    "value_own_rights": OWN_WRITERS,
    "list_ledger": ROUND_READERS,
    "list_transfers": ROUND_READERS,
    "consent_to_transfer": CONDUCTORS,
    "refuse_transfer": CONDUCTORS,
    "open_a_reserve": CONDUCTORS,
    "list_reserves": READERS,
    "get_reserve": READERS,
    "append_reserve_entry": CONDUCTORS,
    "list_reserve_entries": READERS,
    "get_reserve_entry": READERS,
    "list_lots": READERS,
    "get_lot": READERS,
    "list_own_holdings": OWN_READERS,
    "list_own_entries": OWN_READERS,
    "draw_on_own_right": OWN_WRITERS,
    "replenish_own_right": OWN_WRITERS,
    "offer_own_lots": OWN_WRITERS,
    "list_own_transfers": OWN_READERS,
    "take_offered_lots": OWN_WRITERS,
    "withdraw_own_lots": OWN_WRITERS,
    **_orders_of_analyses(),
    **_own_orders(),
}

# Of pages alone: over the interface nobody adds an account or makes a key.
PAGE_RULES: Mapping[str, Rule] = {
    "list_workers": Rule(
        frozenset({Role.ADMINISTRATOR}), Scope.READ, is_of_operator=True
    ),
    "list_accounts": Rule(
        frozenset({Role.ADMINISTRATOR}), Scope.READ, is_of_operator=True
    ),
    "administer_accounts": Rule(
        frozenset({Role.ADMINISTRATOR}), Scope.WRITE, is_of_operator=True
    ),
}


def rule_of(operation: str) -> Rule | None:
    """Return the rule of an operation, of the interface or of pages."""
    return RULES.get(operation) or PAGE_RULES.get(operation)


def is_open(operation: str) -> bool:
    """Whether an operation needs no login."""
    rule = RULES.get(operation)
    return rule is not None and not rule.roles


def answers_without_store(operation: str) -> bool:
    """Whether an operation tells that the database is down, and nothing of the store.

    The account of the request is unknown then: the reader is None, and the function of
    the operation shows nothing that needs one.
    """
    return RULES.get(operation) is MONITORS


def check_permission(reader: Reader, operation: str) -> None:
    """Raise ForbiddenError or InsufficientScopeError unless the reader may do that."""
    rule = rule_of(operation)
    if rule is None:
        detail = f"Nobody may call {operation}: it has no rule."
        raise ForbiddenError(detail)
    if not rule.roles:
        return
    if reader.role not in rule.roles:
        detail = f"The role {reader.role} may not call {operation}."
        raise ForbiddenError(detail)
    if rule.is_of_operator and reader.organisation != DEFAULT_ORGANISATION:
        detail = f"Only the organisation that runs the store may call {operation}."
        raise ForbiddenError(detail)
    if rule.scope not in reader.scopes:
        raise InsufficientScopeError(rule.scope)
