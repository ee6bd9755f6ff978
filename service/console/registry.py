"""All pages and forms of the console, each with the operations that it stands for.

A route without an entry here is refused to everybody.
"""

from collections.abc import Mapping, Sequence

from service.analyses.registry import (
    ANALYSES,
    Analysis,
    operation_of,
    own_operation_of,
)
from service.console.page import ConsoleForm, ConsolePage, translatable


def question_page(analysis: Analysis) -> str:
    """Return the name of the page with the form that orders an analysis."""
    return f"show_{operation_of(analysis).removeprefix('submit_')}_order"


# To enter what was observed orders what follows from it.
_OBSERVING = ("append_reserve_entry", "submit_advance")
# Navigation has them in this order.
_PAGES: Sequence[ConsolePage] = (
    ConsolePage("show_start", "/", translatable("Start"), ("get_whoami",)),
    ConsolePage(
        "show_cases",
        "/console/cases",
        translatable("Cases"),
        ("list_cases", "list_shipped_cases"),
        is_in_navigation=True,
    ),
    ConsolePage(
        "show_case",
        "/console/cases/{content_hash}",
        translatable("Case"),
        ("get_case",),
    ),
    ConsolePage(
        "show_sources",
        "/console/cases/{content_hash}/sources",
        translatable("Sources"),
        ("get_case",),
    ),
    ConsolePage(
        "show_assumptions",
        "/console/cases/{content_hash}/assumptions",
        translatable("Assumptions"),
        ("get_case", "list_jobs"),
    ),
    ConsolePage(
        "show_differences",
        "/console/cases/{content_hash}/differences",
        translatable("What differs"),
        ("get_case", "list_cases"),
    ),
    ConsolePage(
        "show_case_form",
        "/console/cases/{content_hash}/edit",
        translatable("Edit"),
        ("get_case", "put_case"),
    ),
    ConsolePage(
        "show_jobs",
        "/console/jobs",
        translatable("Jobs"),
        ("list_jobs",),
        is_in_navigation=True,
    ),
    ConsolePage(
        "show_job",
        "/console/jobs/{job_id}",
        translatable("Job"),
        ("get_job", "list_progress"),
    ),
    ConsolePage(
        "show_batches",
        "/console/batches",
        translatable("What-ifs"),
        ("list_batches",),
        is_in_navigation=True,
    ),
    ConsolePage(
        "show_batch",
        "/console/batches/{batch_id}",
        translatable("Batch"),
        ("get_batch", "list_variants"),
    ),
    ConsolePage(
        "show_routes",
        "/console/cases/{content_hash}/routes",
        translatable("Routes"),
        ("get_case",),
    ),
    ConsolePage(
        "show_batch_order",
        "/console/cases/{content_hash}/batch",
        translatable("What if?"),
        ("get_case", "submit_a_batch"),
    ),
    ConsolePage(
        "show_plan",
        "/console/plans/{content_hash}",
        translatable("Plan"),
        ("get_plan", "get_case"),
    ),
    ConsolePage(
        "show_publication",
        "/console/plans/{content_hash}/publication",
        translatable("Publication"),
        ("get_plan", "get_publication"),
    ),
    ConsolePage(
        "show_evaluation",
        "/console/evaluations/{content_hash}",
        translatable("Evaluation"),
        ("get_evaluation", "get_plan"),
    ),
    ConsolePage(
        "show_analysis",
        "/console/analyses/{content_hash}",
        translatable("Analysis"),
        ("get_analysis", "list_analysis_files", "get_case"),
    ),
    ConsolePage(
        "show_reserves",
        "/console/reserves",
        translatable("Reserves"),
        ("list_reserves",),
        is_in_navigation=True,
    ),
    ConsolePage(
        "show_reserve_opening",
        "/console/cases/{content_hash}/reserve",
        translatable("Open a reserve"),
        ("get_case", "open_a_reserve", "append_reserve_entry"),
    ),
    ConsolePage(
        "show_putting_in_force",
        "/console/plans/{content_hash}/reserve",
        translatable("Put the plan in force"),
        ("get_plan", "list_reserves", "open_a_reserve", "append_reserve_entry"),
    ),
    ConsolePage(
        "show_reserve",
        "/console/reserves/{reserve_id}",
        translatable("Reserve"),
        ("get_reserve", "list_reserve_entries", "list_lots"),
    ),
    ConsolePage(
        "show_observation",
        "/console/reserves/{reserve_id}/observation",
        translatable("What was observed"),
        ("get_reserve", "get_case", "get_plan", *_OBSERVING),
    ),
    ConsolePage(
        "show_ledger",
        "/console/reserves/{reserve_id}/ledger",
        translatable("Ledger"),
        ("get_reserve", "list_reserve_entries"),
    ),
    ConsolePage(
        "show_correction",
        "/console/reserves/{reserve_id}/entries/{entry_hash}/correction",
        translatable("Correction"),
        ("get_reserve", "get_reserve_entry", "append_reserve_entry"),
    ),
    ConsolePage(
        "show_reserve_entry",
        "/console/reserves/{reserve_id}/entries/{entry_hash}",
        translatable("Entry"),
        ("get_reserve", "get_reserve_entry"),
    ),
    ConsolePage(
        "show_lot",
        "/console/reserves/{reserve_id}/lots/{lot}",
        translatable("Lot"),
        ("get_reserve", "get_lot"),
    ),
    ConsolePage(
        "show_rounds",
        "/console/rounds",
        translatable("Rounds"),
        ("list_rounds",),
        is_in_navigation=True,
    ),
    ConsolePage(
        "show_round",
        "/console/rounds/{round_id}",
        translatable("Round"),
        ("get_round", "list_offers", "list_ledger", "list_transfers"),
    ),
    ConsolePage(
        "show_round_order",
        "/console/cases/{content_hash}/round",
        translatable("Open a round"),
        ("get_case", "open_a_round"),
    ),
    ConsolePage(
        "show_audit_log",
        "/console/audit",
        translatable("Audit log"),
        ("list_entries",),
        is_in_navigation=True,
    ),
    ConsolePage(
        "show_own",
        "/console/own",
        translatable("Own plans"),
        ("list_own_plans", "list_own_jobs"),
        is_in_navigation=True,
    ),
    ConsolePage(
        "show_own_plan",
        "/console/own/plans/{publication_id}",
        translatable("Plan"),
        ("get_own_plan", "list_own_jobs"),
    ),
    ConsolePage(
        "show_own_job",
        "/console/own/jobs/{job_id}",
        translatable("Job"),
        ("get_own_job", "get_own_answer"),
    ),
    ConsolePage(
        "show_own_rounds",
        "/console/own/rounds",
        translatable("Own rounds"),
        ("list_own_rounds",),
        is_in_navigation=True,
    ),
    ConsolePage(
        "show_own_round",
        "/console/own/rounds/{round_id}",
        translatable("Round"),
        (
            "get_own_round",
            "list_own_offers",
            "list_own_awards",
            "list_own_holdings",
            "list_own_entries",
            "list_own_transfers",
        ),
    ),
    ConsolePage(
        "show_own_valuation",
        "/console/own/rounds/{round_id}/valuation",
        translatable("What the rights are worth"),
        ("get_own_round", "value_own_rights"),
    ),
    ConsolePage(
        "show_operations",
        "/console/operations",
        translatable("Operations"),
        ("get_health", "list_jobs"),
        is_in_navigation=True,
    ),
    ConsolePage(
        "show_webhooks",
        "/console/webhooks",
        translatable("Webhooks"),
        ("list_webhooks",),
    ),
    ConsolePage(
        "show_webhook",
        "/console/webhooks/{webhook_id}",
        translatable("Webhook"),
        ("get_webhook", "list_deliveries"),
    ),
    ConsolePage(
        "show_accounts",
        "/console/accounts",
        translatable("Accounts"),
        ("list_accounts",),
        is_in_navigation=True,
    ),
    ConsolePage(
        "show_help",
        "/console/help",
        translatable("Help"),
        ("get_whoami",),
        is_in_navigation=True,
    ),
    ConsolePage("show_sign_in", "/console/sign-in", translatable("Sign in")),
)
_FORMS: Sequence[ConsoleForm] = (
    ConsoleForm("sign_in", "/console/sign-in"),
    ConsoleForm("sign_out", "/console/sign-out"),
    ConsoleForm("choose_language", "/console/language"),
    ConsoleForm(
        "upload_case",
        "/console/cases/upload",
        ("put_case", "list_cases", "list_shipped_cases"),
    ),
    ConsoleForm(
        "edit_case", "/console/cases/{content_hash}/edit", ("get_case", "put_case")
    ),
    ConsoleForm("solve_shipped_case", "/console/cases", ("put_case", "submit_job")),
    ConsoleForm("solve_case", "/console/cases/{content_hash}", ("submit_job",)),
    ConsoleForm(
        "evaluate_plan",
        "/console/plans/{content_hash}/evaluation",
        ("get_plan", "submit_evaluation_of_plan"),
    ),
    ConsoleForm("cancel", "/console/jobs/{job_id}/cancel", ("cancel_job",)),
    ConsoleForm(
        "order_batch",
        "/console/cases/{content_hash}/batch",
        ("get_case", "submit_a_batch"),
    ),
    ConsoleForm(
        "compare_variants",
        "/console/batches/{batch_id}/comparison",
        ("get_batch", "submit_compare_plans"),
    ),
    ConsoleForm(
        "pause_variants", "/console/batches/{batch_id}/pause", ("pause_batch",)
    ),
    ConsoleForm(
        "resume_variants", "/console/batches/{batch_id}/resume", ("resume_batch",)
    ),
    ConsoleForm(
        "cancel_variants", "/console/batches/{batch_id}/cancel", ("cancel_a_batch",)
    ),
    ConsoleForm(
        "retry_variants", "/console/batches/{batch_id}/retry", ("retry_batch",)
    ),
    ConsoleForm(
        "open_reserve_of_case",
        "/console/cases/{content_hash}/reserve",
        ("get_case", "open_a_reserve", "append_reserve_entry"),
    ),
    ConsoleForm(
        "open_reserve_with_plan",
        "/console/plans/{content_hash}/reserve",
        ("get_plan", "open_a_reserve", "append_reserve_entry"),
    ),
    ConsoleForm(
        "put_in_force",
        "/console/reserves/{reserve_id}/plan",
        ("get_plan", "append_reserve_entry"),
    ),
    ConsoleForm(
        "publish_plan",
        "/console/plans/{content_hash}/publication",
        ("get_plan", "put_publication"),
    ),
    ConsoleForm(
        "withdraw_plan",
        "/console/plans/{content_hash}/publication/withdrawal",
        ("delete_publication",),
    ),
    ConsoleForm(
        "open_round",
        "/console/cases/{content_hash}/round",
        ("get_case", "open_a_round"),
    ),
    ConsoleForm("close_round", "/console/rounds/{round_id}/close", ("close_a_round",)),
    ConsoleForm(
        "cancel_round", "/console/rounds/{round_id}/cancel", ("cancel_a_round",)
    ),
    ConsoleForm(
        "solve_round",
        "/console/rounds/{round_id}/solve",
        ("put_case_of_round", "submit_job"),
    ),
    ConsoleForm(
        "publish_round",
        "/console/rounds/{round_id}/publication",
        ("publish_a_round",),
    ),
    ConsoleForm(
        "consent_to_lots",
        "/console/rounds/{round_id}/transfers/{transfer_id}/consent",
        ("consent_to_transfer",),
    ),
    ConsoleForm(
        "refuse_lots",
        "/console/rounds/{round_id}/transfers/{transfer_id}/refusal",
        ("refuse_transfer",),
    ),
    ConsoleForm(
        "observe",
        "/console/reserves/{reserve_id}/observation",
        ("get_reserve", *_OBSERVING),
    ),
    ConsoleForm(
        "correct_entry",
        "/console/reserves/{reserve_id}/entries/{entry_hash}/correction",
        ("get_reserve", "get_reserve_entry", "append_reserve_entry"),
    ),
    ConsoleForm(
        "plan_again",
        "/console/reserves/{reserve_id}/solve",
        ("get_reserve", "list_reserve_entries", "list_lots", "submit_job"),
    ),
    ConsoleForm(
        "compare_with_plan_in_force",
        "/console/reserves/{reserve_id}/comparison",
        ("get_reserve", "submit_compare_plans"),
    ),
    ConsoleForm(
        "work_out_orders",
        "/console/reserves/{reserve_id}/advance",
        ("get_reserve", "submit_advance"),
    ),
    ConsoleForm(
        "enter_orders",
        "/console/reserves/{reserve_id}/orders",
        ("get_reserve", "put_case", "append_reserve_entry"),
    ),
    ConsoleForm(
        "make_webhook", "/console/webhooks", ("create_webhook", "list_webhooks")
    ),
    ConsoleForm(
        "rotate_secret",
        "/console/webhooks/{webhook_id}/rotate",
        ("rotate_webhook_secret", "get_webhook", "list_deliveries"),
    ),
    ConsoleForm(
        "switch_webhook",
        "/console/webhooks/{webhook_id}/switch",
        ("change_webhook",),
    ),
    ConsoleForm("send_ping", "/console/webhooks/{webhook_id}/ping", ("ping_webhook",)),
    ConsoleForm(
        "send_again",
        "/console/webhooks/{webhook_id}/deliveries/{delivery_id}/replay",
        ("replay_delivery",),
    ),
    ConsoleForm(
        "forget_webhook",
        "/console/webhooks/{webhook_id}/deletion",
        ("delete_webhook",),
    ),
    ConsoleForm("add_account", "/console/accounts", ("administer_accounts",)),
    ConsoleForm(
        "disable_account", "/console/accounts/disabling", ("administer_accounts",)
    ),
    ConsoleForm("add_key", "/console/accounts/keys", ("administer_accounts",)),
    ConsoleForm("rotate_key", "/console/accounts/rotation", ("administer_accounts",)),
    ConsoleForm("revoke_key", "/console/accounts/revocation", ("administer_accounts",)),
    ConsoleForm("link", "/console/accounts/identities", ("administer_accounts",)),
    ConsoleForm("unlink", "/console/accounts/unlinking", ("administer_accounts",)),
    ConsoleForm(
        "add_organisation",
        "/console/accounts/organisations",
        ("administer_accounts",),
    ),
    ConsoleForm("cancel_own", "/console/own/jobs/{job_id}/cancel", ("cancel_own_job",)),
    ConsoleForm(
        "make_offer",
        "/console/own/rounds/{round_id}/offers/{right}",
        ("put_own_offer",),
    ),
    ConsoleForm(
        "withdraw_offer",
        "/console/own/rounds/{round_id}/offers/{right}/withdrawal",
        ("withdraw_own_offer",),
    ),
    ConsoleForm(
        "value_rights",
        "/console/own/rounds/{round_id}/valuation",
        ("value_own_rights",),
    ),
    ConsoleForm(
        "draw",
        "/console/own/rounds/{round_id}/holdings/{right}/draws",
        ("draw_on_own_right",),
    ),
    ConsoleForm(
        "put_back",
        "/console/own/rounds/{round_id}/holdings/{right}/replenishments",
        ("replenish_own_right",),
    ),
    ConsoleForm(
        "offer_lots",
        "/console/own/rounds/{round_id}/holdings/{right}/transfers",
        ("offer_own_lots",),
    ),
    ConsoleForm(
        "take_lots",
        "/console/own/rounds/{round_id}/transfers/{transfer_id}/take",
        ("take_offered_lots",),
    ),
    ConsoleForm(
        "withdraw_lots",
        "/console/own/rounds/{round_id}/transfers/{transfer_id}/withdrawal",
        ("withdraw_own_lots",),
    ),
)
# What can be asked of a plan, then what can be asked of a case.
QUESTIONS: Mapping[str, str] = {
    "pictures": translatable(
        "Stock over time, the distribution of the cost, shortages by month"
    ),
    "explain": translatable("Why the plan is as it is"),
    "compare-rules": translatable("What other release rules would cost"),
    "compare-plans": translatable("What differs from another plan"),
    "replay": translatable("What would have happened in history"),
    "rehearse": translatable("What planning again on the way would bring"),
    "rehearse-history": translatable(
        "What planning again in history would have brought"
    ),
    "participant": translatable("What the plan means for a participant"),
    "financing": translatable("What a lender asks: covenants, collateral, stress"),
    "audit": translatable("The file for an auditor"),
    "frontier": translatable("Plans for other budgets"),
    "sensitivity": translatable("Which assumptions matter most"),
    "calibration": translatable("Whether modelled losses are like published ones"),
    "value-rights": translatable("What rights are worth to a participant"),
    "scenarios": translatable("The scenarios of the case, as a table"),
    "smps": translatable("The case as SMPS files, for other solvers"),
    "mps": translatable("The case as an MPS file, for other solvers"),
}


def _ordering_path(analysis: Analysis) -> str:
    return f"/console/{analysis.subject}s/{{content_hash}}/analyses/{analysis.name}"


def _ordering_operations(analysis: Analysis) -> Sequence[str]:
    return (f"get_{analysis.subject}", "get_case", operation_of(analysis))


_QUESTIONS: Sequence[ConsoleForm] = [
    ConsoleForm(
        operation_of(ANALYSES[name]),
        _ordering_path(ANALYSES[name]),
        _ordering_operations(ANALYSES[name]),
    )
    for name in QUESTIONS
]
_QUESTION_PAGES: Sequence[ConsolePage] = [
    ConsolePage(
        question_page(ANALYSES[name]),
        _ordering_path(ANALYSES[name]),
        text,
        _ordering_operations(ANALYSES[name]),
    )
    for name, text in QUESTIONS.items()
]
# What a planner can ask of a published plan.
OWN_QUESTIONS: Mapping[str, str] = {
    "participant": translatable("What the plan means for the own company"),
    "value-rights": translatable("What the rights of the own offers are worth"),
}
_OWN_QUESTIONS: Sequence[ConsoleForm] = [
    ConsoleForm(
        own_operation_of(ANALYSES[name]),
        f"/console/own/plans/{{publication_id}}/{name}",
        ("get_own_plan", own_operation_of(ANALYSES[name])),
    )
    for name in OWN_QUESTIONS
]
PAGES: Mapping[str, ConsolePage] = {x.name: x for x in (*_PAGES, *_QUESTION_PAGES)}
FORMS: Mapping[str, ConsoleForm] = {
    x.name: x for x in (*_FORMS, *_QUESTIONS, *_OWN_QUESTIONS)
}
