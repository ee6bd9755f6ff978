"""The sections of the report that need no further computation."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.table import Table

from models.instance import Instance
from models.outcome import ProgressLog, ProgressRecord
from models.plan import Plan
from models.verification import CheckResult, Verification
from service.cli.progress import HEADINGS, cells
from service.cli.screen import table
from service.cli.tables.plan import (
    contracts,
    entitlements,
    financing,
    headline,
    levels,
    provenance,
    rule_sentences,
    rule_table,
    shortfalls,
    unmodelled,
)
from service.dossier.section import PrintedColumn, PrintedTable, Section
from service.dossier.sources import sources_of


def printed(*tables: Table | str | None) -> tuple[PrintedTable, ...]:
    """Return the tables that are there; a sentence in the place of one is none."""
    return tuple(_printed(table) for table in tables if isinstance(table, Table))


def _printed(table: Table) -> PrintedTable:
    columns = tuple(
        PrintedColumn(str(column.header), column.justify == "right")
        for column in table.columns
    )
    cells = [[str(cell) for cell in column.cells] for column in table.columns]
    rows = zip(*cells, strict=True)
    groups, note = tuple(_groups(table, rows)), str(table.caption or "")
    return PrintedTable(str(table.title), columns, groups, note)


def _groups(
    table: Table, cells: Iterable[tuple[str, ...]]
) -> Iterable[tuple[tuple[str, ...], ...]]:
    group: list[tuple[str, ...]] = []
    for row, words in zip(table.rows, cells, strict=True):
        group.append(words)
        if row.end_section:
            yield tuple(group)
            group = []
    if group:
        yield tuple(group)


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


def headline_section(plan: Plan) -> Section:
    """Return promise, replay, bound, gap and budget."""
    return Section(
        title="Headline",
        text=(
            "Costs are expected, discounted and weighted by priority, over the "
            "planning scenarios. The lower bound says that no plan from the menu of "
            "the case costs less; the gap is how much better a plan might still be."
        ),
        tables=printed(headline(plan)),
    )


def making_section(plan: Plan, now: Mapping[str, str]) -> Section:
    """Return what is needed to compute the plan again."""
    then = plan.provenance.versions
    versions = table("Versions", "", "made with", "audited with", left=3)
    for name in sorted({*then, *now}):
        versions.add_row(name, then.get(name, "-"), now.get(name, "-"))
    return Section(
        title="How the plan was made",
        text=(
            "The hash of the case is the SHA-256 of case.json, the hash of the plan "
            "that of its canonical JSON: sorted keys, no white space.\n\n"
            "strongroom solve case.json makes the plan again: the options are in the "
            "file. A solve that a time limit ended may come to another plan."
        ),
        tables=printed(provenance(plan), versions),
    )


def holdings_sections(plan: Plan) -> tuple[Section, ...]:
    """Return what is held under which rules, and what was agreed with others."""
    agreed = printed(entitlements(plan), contracts(plan))
    held = printed(rule_sentences(plan), rule_table(plan))
    return (
        Section(
            title="Levels",
            text="Every material of the case, held or not.",
            tables=printed(levels(plan)),
        ),
        Section(
            title="Release rules",
            text="The numbers are the whole rule." if held else "Nothing is held.",
            tables=held,
        ),
        Section(
            title="Rights and contracts",
            text="" if agreed else "No right is awarded and no contract signed.",
            tables=agreed,
        ),
        Section(
            title="Financing as planned",
            text="Draws, balances and cash over the planning scenarios.",
            tables=printed(financing(plan)),
        ),
    )


def shortfall_section(plan: Plan) -> Section:
    """Return the complete list of shortfalls, with what was not chosen named."""
    left_out = [level.name for level in plan.levels if level.tonnes == 0]
    named = ", ".join(left_out) or "none"
    return Section(
        title="Shortfalls, materials not chosen included",
        text=(
            "Expected unmet need over the planning scenarios.\n\n"
            f"Not held at all: {named}."
        ),
        tables=printed(shortfalls(plan)),
    )


def unmodelled_section(plan: Plan, case: Instance) -> Section:
    """Return the minerals that the case leaves out, with what is known of them."""
    number = len(case.materials)
    text = f"The case models {number} materials. It leaves out what is listed here."
    if not plan.unmodelled:
        text = f"The case models {number} materials and names none that it leaves out."
    return Section(
        title="Minerals not modelled",
        text=text,
        tables=printed(unmodelled(plan)),
    )
