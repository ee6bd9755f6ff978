"""Scenarios as a table that others can read: its columns, and the head of its file.

A row is what a scenario has for a route, a material or a product in a period.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from models.content import canonical_text
from models.instance import Instance
from models.mistakes import Mistake
from models.options import OptionValue
from models.record import Record
from models.units import CaseIdentifier

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMAT = 1
# What neither happens in a scenario nor changes alerts and gaps.
NOT_OF_THE_WORLD = {
    "id",
    "name",
    "description",
    "storage_classes",
    "sourcing_options",
    "rules",
    "levels_days_of_cover",
    "entitlement_offers",
    "financing",
    "published_losses",
    "unmodelled",
    "options",
}
KINDS = ("route", "material", "product")


@dataclass(frozen=True, slots=True)
class ScenarioColumn:
    """A column: its kind of cells, and what it means.

    of is the kind of rows that have it, None if all have. is_read is False if it
    follows from the others and the case, and so is not read back.
    """

    name: str
    kind: type
    text: str
    of: Literal["route", "material", "product"] | None = None
    is_read: bool = True


SCENARIO_COLUMNS = (
    ScenarioColumn("scenario", str, "Name of the scenario."),
    ScenarioColumn(
        "probability",
        float,
        "Of the scenario, the same in all its rows; they sum to 1.",
    ),
    ScenarioColumn("stratum", int, "Stratum that the scenario was drawn from, from 0."),
    ScenarioColumn("period", int, "Period of the horizon, from 0."),
    ScenarioColumn("start", str, "First day of the period.", is_read=False),
    ScenarioColumn("kind", str, "What the row is of: route, material or product."),
    ScenarioColumn("id", str, "Route, material or final product of the case."),
    ScenarioColumn(
        "availability", float, "Share of the normal flow that comes, 0 to 1.", "route"
    ),
    ScenarioColumn("announced", bool, "Whether a disruption is announced.", "material"),
    ScenarioColumn(
        "price_usd_per_tonne", float, "Price, US dollars a tonne.", "material"
    ),
    ScenarioColumn(
        "alert", int, "Alert level, 0 calm to 3 severe.", "material", is_read=False
    ),
    ScenarioColumn(
        "gap_tonnes",
        float,
        "Need of all participants in the period less what their routes deliver, after "
        "working buffers, tonnes.",
        "material",
        is_read=False,
    ),
    ScenarioColumn("demand_units", float, "Units demanded in the period.", "product"),
)


@dataclass(frozen=True, slots=True)
class Texts:
    """A column of words: codes are positions in words, -1 where the cell is empty."""

    words: tuple[str, ...]
    codes: "NDArray[Any]"


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column of numbers; is_wrong says where a cell has something else."""

    values: "NDArray[Any]"
    is_given: "NDArray[Any]"
    is_wrong: "NDArray[Any] | None" = None


class ScenarioHead(Record):
    """What a file of scenarios says of itself."""

    format: int = Field(description="Version of the format.")
    instance_id: CaseIdentifier
    instance_hash: str = Field(description="Content hash of the case, with options.")
    world_hash: str = Field(
        description="Hash of all of the case that scenarios, alerts and gaps depend on."
    )
    scenarios_hash: str = Field(description="Content hash of the scenarios.")
    number_of_scenarios: int
    seed: int | None = Field(description="Of the sampling; none of historic replays.")
    options: dict[str, OptionValue]
    versions: dict[str, str] = Field(description="Of Strongroom and the solver stack.")


@dataclass(frozen=True, slots=True)
class ScenarioTable:
    """A table of scenarios, as it is written or as it was found in a file.

    texts and numbers are its columns by name. head is None if the file has none. The
    first row is numbered first_row; row_word is what rows are called (line, in a text).
    mistakes are those of the file.
    """

    head: ScenarioHead | None
    texts: Mapping[str, Texts]
    numbers: Mapping[str, Numbers]
    row_word: str = "row"
    first_row: int = 1
    mistakes: tuple[Mistake, ...] = field(default=())


def world_hash(instance: Instance) -> str:
    """Return the hash of all of a case that its scenarios, alerts and gaps depend on.

    Cases that differ by budget, menu, offers or options alone have the same.
    """
    world = instance.model_dump(mode="python", exclude=NOT_OF_THE_WORLD)
    return sha256(canonical_text(world).encode()).hexdigest()
