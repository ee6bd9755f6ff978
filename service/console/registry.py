"""All pages and forms of the console, each with the operations that it stands for.

A route without an entry here is refused to everybody.
"""

from collections.abc import Mapping, Sequence

from service.console.page import Form, Page, translatable

# Navigation has them in this order.
_PAGES: Sequence[Page] = (
    Page("show_start", "/", translatable("Start"), ("get_whoami",)),
    Page(
        "show_case",
        "/console/cases/{content_hash}",
        translatable("Case"),
        ("get_case",),
    ),
    Page(
        "show_jobs",
        "/console/jobs",
        translatable("Jobs"),
        ("list_jobs",),
        is_in_navigation=True,
    ),
    Page(
        "show_job",
        "/console/jobs/{job_id}",
        translatable("Job"),
        ("get_job", "list_progress"),
    ),
    Page("show_sign_in", "/console/sign-in", translatable("Sign in")),
)
_FORMS: Sequence[Form] = (
    Form("sign_in", "/console/sign-in"),
    Form("sign_out", "/console/sign-out"),
    Form("choose_language", "/console/language"),
    Form("solve_shipped_case", "/console/cases", ("put_case", "submit_job")),
    Form("solve_case", "/console/cases/{content_hash}", ("submit_job",)),
    Form("cancel", "/console/jobs/{job_id}/cancel", ("cancel_job",)),
)
PAGES: Mapping[str, Page] = {x.name: x for x in _PAGES}
FORMS: Mapping[str, Form] = {x.name: x for x in _FORMS}
