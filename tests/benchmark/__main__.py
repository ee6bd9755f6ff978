"""Measure what is promised of large solves: `python -m tests.benchmark`."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.benchmark.bench import Bench
from tests.benchmark.measures import MEASURES
from tests.benchmark.processes import Processes, Records, RequestError
from tests.benchmark.report import header, tell
from tests.benchmark.sizes import FULL, QUICK
from tests.benchmark.table import Row, markdown


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table, and write it after each measure to the file, if one is given.

    Return 0 if everything could be measured, whether or not its bar is met.
    """
    options = _options(arguments)
    sizes = QUICK if options.quick else FULL
    if options.counts:
        sizes = replace(sizes, extensive_form_scenarios=tuple(options.counts))
    keep = Records(options.records).keep if options.records else None
    bench = Bench(Processes(tell, keep), sizes)
    head = header(is_quick=options.quick)
    rows: list[Row] = []
    failed = 0
    for name in options.only or MEASURES:
        tell(f"== {name}")
        try:
            rows += MEASURES[name](bench)
        except RequestError as error:
            rows.append(Row(name, 0.0, "ratio", failure=f"not measured: {error}"))
            failed += 1
        if options.output:
            options.output.write_text(markdown(head, rows), encoding="utf-8")
    sys.stdout.write(markdown(head, rows))
    return int(failed > 0)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.benchmark", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=list(MEASURES), metavar="NAME")
    parser.add_argument("--quick", action="store_true", help="small sizes, minutes")
    parser.add_argument("--output", type=Path, help="file for the table")
    parser.add_argument("--records", type=Path, help="file for the logs of all solves")
    parser.add_argument(
        "--counts",
        nargs="+",
        type=int,
        help="numbers of scenarios to try the extensive form with, ascending",
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
