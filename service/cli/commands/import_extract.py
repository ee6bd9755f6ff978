"""strongroom import: figures of an extract of another system in a case."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
import yaml
from rich.table import Table

from models.content import canonical_json
from models.reading import read_instance
from service.casefiles import path_of
from service.cli.inputs import read_case
from service.cli.options import CaseArgument, JsonOption, SetOption
from service.cli.reporting import print_json, reported
from service.cli.screen import echo, print_tables
from service.extracts.figures import MappedFigure, with_figures
from service.extracts.mapped_rows import mapped_rows
from service.extracts.mapping import read_mapping
from service.extracts.rows import read_extract
from service.files.text import fault, read_bytes
from service.files.writing import check_output, write_whole
from service.printing.table import table

ENDING = ".yaml"


def command(
    case: CaseArgument,
    path: Annotated[
        Path,
        typer.Argument(metavar="EXTRACT", help="CSV or Excel file of another system."),
    ],
    *,
    mapping_path: Annotated[
        Path,
        typer.Option(
            "--mapping",
            metavar="FILE",
            help="YAML file that says what its columns, names and units are.",
        ),
    ],
    output: Annotated[
        Path,
        typer.Option(metavar="FILE", help=f"Case to write; ends in {ENDING}."),
    ],
    assignments: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put demand or bills of materials of an extract into a case, with their source.

    Rows of one product or item are added up; products without a row stay as they are.
    Every name, unit and number that is not known is told at once.
    """
    with reported(as_json=as_json):
        instance = read_case(case, assignments)
        mapping = read_mapping(read_bytes(mapping_path), str(mapping_path))
        if output.suffix != ENDING:
            raise fault(str(output), output.name, f"a name that ends in {ENDING}")
        others = {"the extract": path, "the mapping": mapping_path}
        check_output(output, {**others, "the file of the case": path_of(case)})
        extract = read_extract(read_bytes(path), path.name, mapping)
        rows = mapped_rows(extract, instance)
        content = json.loads(canonical_json(instance))
        changed, figures = with_figures(content, rows, extract)
        hash_after = read_instance(changed).content_hash
        text = yaml.safe_dump(changed, sort_keys=False, allow_unicode=True)
        write_whole(text.encode(), output)
        unchanged = sorted(
            {x.id for x in instance.products} - {x.product for x in figures}
        )
        if as_json:
            print_json(
                {
                    "content_hash": hash_after,
                    "path": str(output),
                    "rows": len(rows),
                    "figures": [asdict(figure) for figure in figures],
                    "products_without_a_row": unchanged,
                }
            )
            return
        print_tables(_shown(figures, f"{mapping.table}: {len(rows):,} rows, {output}"))
        if unchanged:
            echo(f"as they were, without a row: {', '.join(unchanged)}")


def _shown(figures: Sequence[MappedFigure], title: str) -> Table:
    made = table(title, "product", "item", "was", "is", "rows", left=2)
    for x in figures:
        before = "-" if x.before is None else f"{x.before:,.6g}"
        row = (x.product, x.item or "", before, f"{x.after:,.6g}")
        made.add_row(*row, f"{x.number_of_rows:,}")
    return made
