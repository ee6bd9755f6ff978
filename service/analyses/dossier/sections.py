"""The sections of the report that need no further computation."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.table import Table

from models.case_warnings import warnings_of
from models.instance import Instance
from models.outcome import ProgressRecord, SolveLog
from models.plan import Plan
from models.plan_warnings import plan_warnings
from models.verification import CheckResult, Verification
from service.dossier.section import PrintedColumn, PrintedTable, Section
from service.dossier.sources import sources_of
from service.printing.plan import (
    contracts,
    cost_of_holding,
    entitlements,
    financing,
    free_stock,
    headline,
    levels,
    provenance,
    purchases,
    rule_sentences,
    rule_table,
    shortfalls,
    unmodelled,
)
from service.printing.progress import HEADINGS, cells
from service.printing.table import table

MOST_VIOLATIONS = 50


def printed(*tables: Table | str | None) -> tuple[PrintedTable, ...]:
    """Return console tables as tables of the report; None and text are skipped."""
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


def subject_section(case: Instance, contents: Sequence[str]) -> Section:
    """Return the subject of the report and the contents of the zip."""
    return Section(
        title="What this is",
        text=(
            f"A report for the auditor of the reserve planned in the case {case.name} "
            f"({case.id}): what the plan promises, how it was made, the results of "
            "checking it again, and its known weak points. It contains the figures of "
            "all participants.\n\n"
            "The zip around it contains case, plan and log unchanged, each document as "
            f"JSON ({', '.join(contents)}), every list in them as a table in tables/ "
            "(Parquet and CSV with the same values; columns.csv describes each "
            "column), there also what the plan did in each scenario of the evaluation, "
            "the planning scenarios as planning_scenarios.parquet, and manifest.json "
            "with size and SHA-256 of every file. The same case, plan and log give the "
            "same bytes with the same versions."
        ),
    )


def check_section(found: Verification, checks: Sequence[CheckResult]) -> Section:
    """Return the checks with their results, and the violations."""
    results = table("Checks", "check", "result", "requirement", left=3)
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
    had_again = f"were sampled again with seed {found.seed}"
    if found.scenarios_hash is not None:
        had_again = f"are those of a file, with hash {found.scenarios_hash}"
    return Section(
        title="Checks",
        text=(
            f"The {found.scenarios:,} planning scenarios {had_again}, "
            "the printed rules followed through them, and every limit "
            "and every figure of the plan recomputed, without model and solver but for "
            "the value of the next dollar."
        ),
        tables=printed(results, figures, *_violations(checks)),
    )


def _violations(checks: Sequence[CheckResult]) -> Iterator[Table]:
    for check in checks:
        if check.is_passed:
            continue
        broken = table(f"Violations: {check.name}", "", left=1)
        for violation in check.violations[:MOST_VIOLATIONS]:
            broken.add_row(violation)
        left = len(check.violations) - MOST_VIOLATIONS
        if left > 0:
            broken.add_row(f"and {left:,} more: see verification.json")
        yield broken


def sources_section(case: Instance) -> Section:
    """Return the numbers of figures with a source, and of assumptions among them."""
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
        "tables/case_sources.csv. The sources themselves were not checked."
    )
    if not found.rows:
        text = "The case names no source for any of its figures."
    return Section(
        title="Sources and assumptions",
        text=text,
        tables=printed(counts if found.rows else None),
    )


def log_section(log: SolveLog) -> Section:
    """Return the records of the solve with a new stage or a better plan."""
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
    last = None
    for record in records:
        news = (record.stage, record.upper_bound_usd)
        if news != last or record is records[-1]:
            yield record
        last = news


def warnings_section(case: Instance) -> Section:
    """Return the parts of the case without effect, and figures that look misread."""
    found = warnings_of(case)
    rows = table("Warnings", "where", "found", "expected", left=3)
    for warning in found:
        rows.add_row(warning.path, str(warning.value), warning.expected)
    return Section(
        title="Warnings of the case",
        text="Parts of the case that have no effect, or look misread."
        if found
        else "There are none.",
        tables=printed(rows) if found else (),
    )


def plan_warnings_section(case: Instance, plan: Plan) -> Section:
    """Return what to know before the plan is used."""
    found = plan_warnings(case, plan)
    rows = table("Warnings", "warning", left=1)
    for warning in found:
        rows.add_row(warning)
    return Section(
        title="Warnings about the plan",
        text="What to know before the plan is used." if found else "There are none.",
        tables=printed(rows) if found else (),
    )


def limits_section() -> Section:
    """Return what the dossier does not prove."""
    return Section(
        title="What this does not prove",
        text=(
            "Lower bound and gap are results of the solve. The checks show that they "
            "are consistent with each other and with the objective; only another solve "
            "can prove the bound again. The value of the next dollar is checked by the "
            "relaxation for a budget of a tenth less and more, within the gap of the "
            "solve.\n\n"
            "The seal shows that a plan is as it was written. It holds what cannot be "
            "recomputed: the bound, the method and the versions of the software. It is "
            "a hash without a key: the author of another plan can seal it.\n\n"
            "The rules are followed by the simulation that the plan was made with; "
            "other code recomputes its results, without the model and the solver.\n\n"
            "Promise and fresh scenarios rest on the probabilities, durations, needs, "
            "prices and shortage costs of the case. Whether these are right is not "
            "checked; strongroom sensitivity shows how much the answer depends on them."
            "\n\n"
            "Cash limits and covenants hold in every planning scenario, not in every "
            "fresh one.\n\n"
            "Hashes show that files belong together, not who made or approved them: "
            "the zip is not signed."
        ),
    )


def headline_section(plan: Plan) -> Section:
    """Return promise, replay, bound, gap and budget, and what holding costs."""
    return Section(
        title="Headline",
        text=(
            "Costs are expected, discounted and weighted by priority, over the "
            "planning scenarios. No plan from the menu of the case costs less than "
            "the lower bound; the gap is how much better a plan might still be.\n\n"
            "The cost of holding is what the owners of the reserve have lost at the "
            "end: all that is paid less all that is received, less what the stock that "
            "is left is worth after a haircut. Free stock counts as paid for with what "
            "it is worth at the start. The net benefit is what is avoided less this "
            "cost."
        ),
        tables=printed(headline(plan), cost_of_holding(plan)),
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
            "file. After a time limit, a solve may find another plan."
        ),
        tables=printed(provenance(plan), versions),
    )


def holdings_sections(plan: Plan) -> tuple[Section, ...]:
    """Return levels, rules, rights and contracts, and the financing."""
    agreed = printed(entitlements(plan), contracts(plan))
    held = printed(rule_sentences(plan), rule_table(plan))
    return (
        Section(
            title="Levels",
            text="Every material of the case, held or not.",
            tables=printed(levels(plan), purchases(plan), free_stock(plan)),
        ),
        Section(
            title="Release rules",
            text="The numbers define the rule completely."
            if held
            else "Nothing is held.",
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
    """Return the complete list of shortfalls, and the materials not held."""
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


def unmodelled_section(plan: Plan) -> Section:
    """Return the minerals that the case omits, with their known risks."""
    number = len(plan.levels)
    text = f"The case models {number} materials. It omits those listed here."
    if not plan.unmodelled:
        text = f"The case models {number} materials and lists none that it omits."
    return Section(
        title="Minerals not modelled",
        text=text,
        tables=printed(unmodelled(plan)),
    )
