"""Messages from a solving process to its worker: a name and JSON.

Never pickle: a process that a solver has damaged must not run code in the worker.
"""

from multiprocessing.connection import Connection
from typing import Any, get_args

from pydantic import Field

from models.content import canonical_json
from models.evaluation import Evaluation
from models.failure import Failure
from models.outcome import Outcome, ProgressRecord
from models.plan import Plan
from models.record import Record


class WarmStartFound(Record):
    """A warm start for solves of similar cases."""

    content: str = Field(description="Bytes that only a solver reads, in base 64.")


class AnalysedFile(Record):
    """A file of an analysis."""

    name: str
    media_type: str
    content: str = Field(description="In base 64.")


class Analysed(Record):
    """The answer of an analysis, with the list of its files, and the files."""

    answer: dict[str, Any]
    files: tuple[AnalysedFile, ...]


class PartFound(Record):
    """A finished part of the answer of an analysis."""

    number: int = Field(ge=0, description="From 0.")
    content: str = Field(description="The part, as JSON.")
    line: str = Field(description="What it came to.")


class PortionDone(Record):
    """All parts of a portion have been sent."""


class EvaluatedTable(Record):
    """A table of an evaluation."""

    name: str
    content: str = Field(description="A Parquet file, in base 64.")


class Evaluated(Record):
    """The result of simulating a plan."""

    evaluation: Evaluation
    tables: tuple[EvaluatedTable, ...]


Message = (
    ProgressRecord
    | Plan
    | Outcome
    | Evaluated
    | Analysed
    | Failure
    | WarmStartFound
    | PartFound
    | PortionDone
)
KINDS: dict[str, type[Message]] = {kind.__name__: kind for kind in get_args(Message)}


def send(connection: Connection, message: Message) -> None:
    """Write a message; raise OSError if the reader has ended."""
    text = f"{type(message).__name__}\n{canonical_json(message)}"
    connection.send_bytes(text.encode())


def receive(connection: Connection) -> Message:
    """Wait for a message; raise EOFError or OSError if there is no further one."""
    name, _, text = connection.recv_bytes().partition(b"\n")
    return KINDS[name.decode()].model_validate_json(text)
