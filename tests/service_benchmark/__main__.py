"""Measure what is promised of the service: `python -m tests.service_benchmark`."""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from tests.benchmark.report import header, tell
from tests.benchmark.table import Row, markdown
from tests.postgres import opened_postgres
from tests.service_benchmark.bench import Bench, Databases
from tests.service_benchmark.clients import clients
from tests.service_benchmark.ledgers import ledger
from tests.service_benchmark.measures import enqueueing, throughput, waiting
from tests.service_benchmark.plan_page import plan_page
from tests.service_benchmark.sizes import FULL, QUICK
from tests.service_benchmark.starts import cold_start, taking
from tests.service_benchmark.viewers import viewers

DATABASES = ("SQLite", "PostgreSQL")
MEASURES: Mapping[str, Callable[[Bench], list[Row]]] = {
    "throughput": throughput,
    "waiting": waiting,
    "enqueueing": enqueueing,
    "clients": clients,
    "cold_start": cold_start,
    "taking": taking,
    "ledger": ledger,
    "viewers": viewers,
    "plan_page": plan_page,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table, and write it after each measure to the file, if one is given.

    Return 0, whether or not every bar is met.
    """
    options = _options(arguments)
    head = header(is_quick=options.quick)
    rows: list[Row] = []
    with ExitStack() as stack:
        databases: Databases = {
            name: None
            if name == "SQLite"
            else stack.enter_context(opened_postgres(is_durable=True))
            for name in options.databases
        }
        sizes = QUICK if options.quick else FULL
        sizes = replace(
            sizes,
            repeats=options.repeats or sizes.repeats,
            short_solves=options.solves or sizes.short_solves,
        )
        bench = Bench(databases, sizes, tell, options.data)
        for name in options.only:
            tell(f"== {name}")
            rows += MEASURES[name](bench)
            if options.output:
                options.output.write_text(markdown(head, rows), encoding="utf-8")
    sys.stdout.write(markdown(head, rows))
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    name = "python -m tests.service_benchmark"
    parser = argparse.ArgumentParser(name, description=__doc__)
    parser.add_argument(
        "--only",
        nargs="+",
        choices=list(MEASURES),
        default=list(MEASURES),
        metavar="NAME",
    )
    parser.add_argument(
        "--databases", nargs="+", choices=DATABASES, default=DATABASES, metavar="NAME"
    )
    parser.add_argument("--quick", action="store_true", help="small sizes, minutes")
    parser.add_argument("--repeats", type=int, help="of the solves in turn")
    parser.add_argument("--solves", type=int, help="other than 200")
    parser.add_argument(
        "--data", type=Path, help="store of `plan_page`: its answers are used again"
    )
    parser.add_argument("--output", type=Path, help="file for the table")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
