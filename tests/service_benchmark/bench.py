"""What all measures share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.postgres import Postgres
from tests.service_benchmark.sizes import Sizes

# By name; SQLite needs no server.
Databases = Mapping[str, Postgres | None]


@dataclass(frozen=True, slots=True)
class Bench:
    """Databases and sizes. tell gets what is going on, in words.

    data: a store whose answers are used again; None for a new one.
    """

    databases: Databases
    sizes: Sizes
    tell: Callable[[str], None]
    data: Path | None = None
