"""The sections of the report about the audit: checks, sources, log, limits."""

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.table import Table

from models.instance import Instance
from models.outcome import ProgressLog, ProgressRecord
from models.verification import CheckResult, Verification
from service.cli.auditing.printing import printed
from service.cli.progress_columns import HEADINGS, cells
from service.cli.screen import table
from service.dossier.section import Section
from service.dossier.sources import sources_of

MOST_VIOLATIONS = 50


def subject_section(case: Instance, contents: Sequence[str]) -> Section:
    """Return what the report is about and what lies beside it."""
    return Section(
        title="What this is",
        text=(
            f"A report for whoever audits the reserve planned in the case {case.name} "
            f"({case.id}): what the plan promises, how it was made, what checking it "
            "anew found, and what is known of its weak points. The numbers of all "
            "participants are in it.\n\n"
            "The zip that it comes in holds case, plan and log as they are, each "
            f"document as JSON ({', '.join(contents)}), every list in them as a table "
            "in tables/ (Parquet and CSV, the same values; columns.csv says what each "
            "column means), and manifest.json with size and SHA-256 of every file. "
            "Made again from the same case, plan and log by the same versions, it is "
            "the same bytes."
        ),
    )


def check_section(found: Verification, checks: Sequence[CheckResult]) -> Section:
    """Return every check with its result, then every violation."""
    results = table("Checks", "check", "result", "what is to hold", left=3)
    for check in checks:
        number = len(check.violations)
        failed = f"FAILED ({number:,})"
        word = "passed" if check.is_passed else failed
        results.add_row(check.name, word, check.statement)
    figures = table(
        "The promise and its replay, US dollars",
        *("figure", "promised", "recomputed", "relative difference", "kept"),
    )
    for figure in found.figures:
        figures.add_row(
            figure.name.removesuffix("_usd").replace("_", " "),
            f"{figure.promised_usd:,.2f}",
            f"{figure.recomputed_usd:,.2f}",
            f"{figure.relative_difference:.1e}",
            "yes" if figure.is_kept else "NO",
        )
    return Section(
        title="Checks",
        text=(
            f"The {found.scenarios:,} planning scenarios were sampled again with seed "
            f"{found.seed}, the printed rules followed through them, and every limit "
            "and every figure of the plan counted again. Neither the model nor the "
            "solver takes part in that."
        ),
        tables=printed(results, figures, *_violations(checks)),
    )


def _violations(checks: Sequence[CheckResult]) -> Iterator[Table]:
    for check in checks:
        if check.is_passed:
            continue
        broken = table(f"What does not hold: {check.name}", "", left=1)
        for violation in check.violations[:MOST_VIOLATIONS]:
            broken.add_row(violation)
        left = len(check.violations) - MOST_VIOLATIONS
        if left > 0:
            broken.add_row(f"and {left:,} more: see verification.json")
        yield broken


def sources_section(case: Instance) -> Section:
    """Return how many figures have a source, and how many of these are assumptions."""
    found = sources_of(case)
    named, assumed = Counter[str](), Counter[str]()
    for section, *_, is_assumption in found.rows:
        named[str(section)] += 1
        assumed[str(section)] += bool(is_assumption)
    counts = table("Sources", "section of the case", "named", "of these assumptions")
    for section, number in named.items():
        counts.add_row(section, f"{number:,}", f"{assumed[section]:,}")
    counts.add_section()
    counts.add_row("all", f"{named.total():,}", f"{assumed.total():,}")
    text = (
        "Each part of a case says where its figures come from: a file and row, a "
        "document, or an assumption with its reason. All of them are in "
        "tables/case_sources.csv. What a source says was not checked here."
    )
    if not found.rows:
        text = "The case names no source for any of its figures."
    return Section(
        title="Sources and assumptions",
        text=text,
        tables=printed(counts if found.rows else None),
    )


def log_section(log: ProgressLog) -> Section:
    """Return the records of the solve that say something new."""
    if not log.records:
        return Section(
            title="Log of the solve",
            text="No log was given (strongroom solve --log keeps it).",
        )
    rows = table("Records", *HEADINGS[:-1], "message", left=2)
    for record in _news(log.records):
        rows.add_row(*cells(record))
    number = len(log.records)
    return Section(
        title="Log of the solve",
        text=(
            f"{number:,} records as the solve wrote them, in log.jsonl; here those of "
            "a new stage or a better plan. Times are those of the machine that solved."
        ),
        tables=printed(rows),
    )


def _news(records: Sequence[ProgressRecord]) -> Iterator[ProgressRecord]:
    said = None
    for record in records:
        news = (record.stage, record.upper_bound_usd)
        if news != said or record is records[-1]:
            yield record
        said = news


def limits_section() -> Section:
    """Return what the audit does not prove."""
    return Section(
        title="What this does not prove",
        text=(
            "Lower bound and gap are what the solve proved. Checked here is that they "
            "fit each other and the objective; only another solve proves the bound "
            "again. Nor is the worth of the next dollar checked.\n\n"
            "The simulation that follows the rules is the one that the plan was made "
            "with; what it says is counted again by other code, the model and the "
            "solver are not used.\n\n"
            "Promise and fresh scenarios rest on the probabilities, durations, needs, "
            "prices and shortage costs of the case. Whether these are right is not "
            "checked; strongroom sensitivity says how far the answer moves with them."
            "\n\n"
            "Cash and covenants are kept in every planning scenario, not in every "
            "fresh one.\n\n"
            "Hashes say that files belong together, not who made or approved them: the "
            "zip is not signed."
        ),
    )
