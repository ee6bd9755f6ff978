"""strongroom cases and strongroom schema: shipped cases, schemas of documents."""

from enum import StrEnum
from typing import Annotated

import typer

from models.instance import Instance
from models.plan import Plan
from models.reading import read_instance
from service.casefiles import load, shipped_names
from service.cli.options import JsonOption
from service.cli.reporting import print_json, reported
from service.cli.screen import print_tables, table


def cases(*, as_json: JsonOption = False) -> None:
    """List the shipped cases with their sizes."""
    with reported(as_json=as_json):
        instances = [read_instance(load(name)) for name in shipped_names()]
        if as_json:
            print_json({"cases": [_described(instance) for instance in instances]})
            return
        listed = table(
            "Shipped cases", "case", "about", *(_sizes(instances[0])), left=2
        )
        for instance in instances:
            sizes = (f"{size:,}" for size in _sizes(instance).values())
            listed.add_row(instance.id, instance.name, *sizes)
        print_tables(listed)


def _described(instance: Instance) -> dict[str, object]:
    return {
        "id": instance.id,
        "name": instance.name,
        "description": instance.description,
        "content_hash": instance.content_hash,
        **_sizes(instance),
    }


def _sizes(instance: Instance) -> dict[str, int]:
    return {
        "materials": len(instance.materials),
        "participants": len(instance.participants),
        "products": len(instance.final_products()),
        "events": len(instance.events),
        "periods": instance.horizon.number_of_periods,
        "scenarios": instance.options.number_of_scenarios,
    }


class SchemaOf(StrEnum):
    """A document that has a schema."""

    CASE = "case"
    PLAN = "plan"


def schema(
    document: Annotated[
        SchemaOf, typer.Argument(help="Document to describe.")
    ] = SchemaOf.CASE,
) -> None:
    """Print the JSON Schema of a case or a plan."""
    described = Instance if document is SchemaOf.CASE else Plan
    print_json(described.model_json_schema())
