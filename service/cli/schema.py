"""strongroom schema: what a case or a plan must look like."""

from enum import StrEnum
from typing import Annotated

import typer

from models.instance import Instance
from models.plan import Plan
from service.cli.reporting import print_json


class Document(StrEnum):
    """A document that has a schema."""

    CASE = "case"
    PLAN = "plan"


def command(
    document: Annotated[Document, typer.Argument(help="Which one.")] = Document.CASE,
) -> None:
    """Print the JSON Schema of a case or a plan."""
    described = Instance if document is Document.CASE else Plan
    print_json(described.model_json_schema())
