"""strongroom cases and strongroom schema: shipped cases, schemas of documents."""

from enum import StrEnum
from typing import Annotated

import typer
from pydantic import BaseModel

from models.instance import Instance
from models.observation import Observation
from models.orders import Orders
from models.plan import Plan
from models.reading import read_instance
from service.casefiles import open_case, shipped_names
from service.cli.options import JsonOption
from service.cli.reporting import print_json, reported
from service.cli.screen import print_tables
from service.printing.table import table
from service.variants.overlay import Overlay


def cases(*, as_json: JsonOption = False) -> None:
    """List the shipped cases and their variants with their sizes."""
    with reported(as_json=as_json):
        instances = [
            read_instance(content)
            for case in map(open_case, shipped_names())
            for content in (case.content, *map(case.varied, case.variants))
        ]
        if as_json:
            print_json({"cases": [_described(instance) for instance in instances]})
            return
        listed = table(
            "Shipped cases", "case", "about", *(_sizes(instances[0])), left=2
        )
        listed.columns[0].no_wrap = True
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
    VARIANT = "variant"
    OBSERVATION = "observation"
    ORDERS = "orders"


SCHEMAS: dict[SchemaOf, type[BaseModel]] = {
    SchemaOf.CASE: Instance,
    SchemaOf.PLAN: Plan,
    SchemaOf.VARIANT: Overlay,
    SchemaOf.OBSERVATION: Observation,
    SchemaOf.ORDERS: Orders,
}


def schema(
    document: Annotated[
        SchemaOf, typer.Argument(help="Document to describe.")
    ] = SchemaOf.CASE,
) -> None:
    """Print the JSON Schema of a case, of a plan, or of another document."""
    print_json(SCHEMAS[document].model_json_schema())
