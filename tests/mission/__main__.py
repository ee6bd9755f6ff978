"""Solves each what-if of the mission and its base, and prints one table.

python -m tests.mission --scenarios 20 --output mission.md
"""

import argparse
import sys
from pathlib import Path

from tests.mission.comparing import Change, Solved, solved
from tests.mission.rows import Row, base_of, rows, what_if_of

HEADER = (
    "| feature | what-if | cost without vault, m USD | with, base -> what-if "
    "| change | gaps | moves | what moved | why |"
)


def main() -> int:
    """Print the table; return 1 if a what-if moves nothing."""
    wanted = _arguments()
    lines = [HEADER, "|---" * HEADER.count(" | ") + "|---|"]
    bases: dict[tuple[str, float], Solved] = {}
    changes: list[Change] = []
    for row in rows():
        if wanted.only and row.what_if not in wanted.only:
            continue
        gap = max(row.gap or 0.0, wanted.gap)
        terms = (wanted.scenarios, gap, wanted.time_limit)
        base = (row.base, gap)
        if base not in bases:
            bases[base] = solved(base_of(row), *terms)
        changes.append(Change(bases[base], solved(what_if_of(row), *terms)))
        lines.append(_line(row, changes[-1]))
        sys.stderr.write(f"{row.what_if}: {changes[-1].cost:+.1f} m USD\n")
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    if wanted.output is not None:
        wanted.output.write_text(text, encoding="utf-8")
    return 0 if all(change.moves for change in changes) else 1


def _line(row: Row, change: Change) -> str:
    base, what_if = change.base, change.what_if
    cells = (
        row.feature,
        f"{row.base} + {row.what_if}",
        f"{base.without_vault:,.0f} -> {what_if.without_vault:,.0f}",
        f"{base.cost:,.1f} -> {what_if.cost:,.1f}",
        f"{change.cost:+,.1f}",
        f"{change.gaps:,.1f}",
        "yes" if change.moves else "no",
        change.moved(),
        row.why,
    )
    return "| " + " | ".join(cells) + " |"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mission")
    parser.add_argument("--scenarios", type=int, default=20)
    parser.add_argument("--gap", type=float, default=0.003)
    parser.add_argument("--time-limit", type=float, default=300.0)
    parser.add_argument("--only", nargs="+", help="names of what-ifs")
    parser.add_argument("--output", type=Path, help="file for the table as well")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
