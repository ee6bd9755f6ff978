"""The form of what was observed in a period: its rows, and the document of its fields.

The name of a field is the path of its value in the document, but for events, which
have rows: `events.1.since`. What is left empty is as planned and as ordered.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from models.disrupted_routes import is_hit
from models.instance import Instance
from models.mistakes import Mistake
from models.observation import AS_PLANNED
from models.plan import Plan
from models.supply import Route
from models.unusual_facts import planned_units
from service.console.forms import number_in

HAPPENED = "happened"
# Sections of the document that have a number by name.
NUMBERS = (
    "prices_usd_per_tonne",
    "availability",
    "demand_units",
    *(
        f"{HAPPENED}.{x}"
        for x in (
            "released_tonnes",
            "drawn_tonnes",
            "arrived_tonnes",
            "sold_tonnes",
            "sold_at_usd_per_tonne",
            "free_stock_tonnes",
            "stock_tonnes",
        )
    ),
)
CASH = f"{HAPPENED}.cash_usd"
ANNOUNCED = "announced"
EVENT_FIELDS = ("event", "phase", "since", "until")
NUMBER_OF_EMPTY_ROWS = 2
MOST_EVENTS = 100


@dataclass(frozen=True, slots=True)
class MaterialRow:
    """A material in the form. held_tonnes: what the plan is to hold of it."""

    id: str
    name: str
    price_usd_per_tonne: float
    held_tonnes: float


@dataclass(frozen=True, slots=True)
class RouteRow:
    """A route in the form; cuts: the names of events that can disrupt it."""

    id: str
    material: str
    mining_country: str
    refining_country: str
    cuts: Sequence[str]


@dataclass(frozen=True, slots=True)
class NamedRow:
    """A product or right in the form. usual: what is planned of it, in its unit."""

    id: str
    name: str
    unit: str
    usual: float | None


@dataclass(frozen=True, slots=True)
class EventChoice:
    """An event that may be in force, with the names of its phases."""

    id: str
    name: str
    phases: Sequence[str]


@dataclass(frozen=True, slots=True)
class ObservationForm:
    """The rows of the form, for a case and the plan that is followed in it."""

    start: dt.date
    end: dt.date
    materials: Sequence[MaterialRow]
    bought: Sequence[RouteRow]
    disrupted: Sequence[RouteRow]
    products: Sequence[NamedRow]
    rights: Sequence[NamedRow]
    free: Sequence[MaterialRow]
    events: Sequence[EventChoice]
    in_force: Sequence[Mapping[str, str]] = field(repr=False)

    @property
    def most_phases(self) -> int:
        """The number of phases of the event that has the most."""
        return max((len(x.phases) for x in self.events), default=1)


def form_of(case: Instance, plan: Plan) -> ObservationForm:
    """Return the form for the first period of a case."""
    names = {x.id: x.name for x in case.materials}
    held = {x.material: x.tonnes for x in plan.levels}
    materials = [
        MaterialRow(x.id, x.name, x.price_usd_per_tonne, held.get(x.id, 0.0))
        for x in case.materials
    ]
    bought = {x.route for level in plan.levels for x in level.purchases}
    bought |= {x.route for x in case.position.purchases}
    routes = [_route(case, x, names) for x in case.routes]
    units = planned_units(case)
    free = {x.material for x in (*case.position.stock, *case.position.purchases)}
    return ObservationForm(
        start=case.horizon.start,
        end=case.horizon.start_of(1),
        materials=materials,
        bought=[x for x in routes if x.id in bought],
        disrupted=[x for x in routes if x.cuts],
        products=[
            NamedRow(x.id, x.name, x.unit, units[x.id]) for x in case.final_products()
        ],
        rights=[
            NamedRow(x.offer, x.offer, names[x.material], None)
            for x in {x.offer: x for x in plan.tranches()}.values()
            if x.offer is not None
        ],
        free=[x for x in materials if x.id in free],
        events=[
            EventChoice(x.id, x.name, [y.name for y in x.phases]) for x in case.events
        ],
        in_force=[
            {
                "event": x.event,
                "phase": str(x.phase),
                "since": str(x.since),
                "until": "",
            }
            for x in case.position.disruptions
        ],
    )


def _route(case: Instance, route: Route, names: Mapping[str, str]) -> RouteRow:
    return RouteRow(
        route.id,
        names[route.material],
        route.mining_country,
        route.refining_country,
        [x.name for x in case.events if is_hit(route, x)],
    )


def empty_fields(form: ObservationForm) -> Mapping[str, str]:
    """Return the fields of the form as they are at first: events go on."""
    return _event_fields(form.in_force)


def document_in(form: ObservationForm, fields: Mapping[str, str]) -> dict[str, Any]:
    """Return the document that the fields of a form write."""
    document: dict[str, Any] = {"start": str(form.start), "otherwise": AS_PLANNED}
    happened: dict[str, Any] = {}
    for path, text in fields.items():
        section, _, name = path.rpartition(".")
        if section in NUMBERS and text:
            inside, _, last = section.rpartition(".")
            part = happened if inside else document
            part.setdefault(last, {})[name] = number_in(text)
    if fields.get(CASH):
        happened["cash_usd"] = number_in(fields[CASH])
    if happened:
        document[HAPPENED] = happened
    announced = [x.removeprefix(f"{ANNOUNCED}.") for x in fields if _is_announced(x)]
    if announced:
        document[ANNOUNCED] = announced
    rows = [row for _, row in event_rows(fields) if row["event"]]
    if rows != list(form.in_force):
        document["events"] = [_event(row) for row in rows]
    return document


def fields_in(form: ObservationForm, document: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields that write a document, as far as the form has them."""
    fields: dict[str, str] = {}
    happened = _mapping(document.get(HAPPENED))
    for section in NUMBERS:
        inside, _, last = section.rpartition(".")
        found = _mapping((happened if inside else document).get(last))
        fields |= {f"{section}.{name}": str(x) for name, x in found.items()}
    if happened.get("cash_usd") is not None:
        fields[CASH] = str(happened["cash_usd"])
    fields |= {f"{ANNOUNCED}.{x}": "yes" for x in _list(document.get(ANNOUNCED))}
    events = document.get("events")
    if events is None:
        return fields | _event_fields(form.in_force)
    rows = [
        {x: str(event.get(x, "")) for x in EVENT_FIELDS}
        for event in map(_mapping, _list(events))
    ]
    return fields | _event_fields(
        [row | {"phase": row["phase"] or "0"} for row in rows]
    )


def event_rows(fields: Mapping[str, str]) -> Sequence[tuple[int, dict[str, str]]]:
    """Return the rows of events with their numbers, those that are empty as well."""
    numbers = sorted(
        {
            int(parts[1])
            for parts in (x.split(".") for x in fields)
            if len(parts) == len(("events", "1", "since"))
            and parts[0] == "events"
            and parts[1].isascii()
            and parts[1].isdecimal()
            and int(parts[1]) <= MOST_EVENTS
        }
    )
    return [
        (n, {x: fields.get(f"events.{n}.{x}", "") for x in EVENT_FIELDS})
        for n in numbers
    ]


def with_empty_rows(fields: Mapping[str, str]) -> dict[str, str]:
    """Return the fields with rows for further events."""
    rows = [row for _, row in event_rows(fields) if _is_given(row)]
    others = {x: y for x, y in fields.items() if not x.startswith("events.")}
    empty = {str(x): "" for x in EVENT_FIELDS}
    return others | _event_fields([*rows, *([empty] * NUMBER_OF_EMPTY_ROWS)])


def told(
    form: ObservationForm, fields: Mapping[str, str], mistakes: Sequence[Mistake]
) -> tuple[dict[str, str], list[Mistake]]:
    """Return what is wrong by field, and the mistakes that no field has."""
    by_field: dict[str, str] = {}
    others: list[Mistake] = []
    shown = {"reason", *field_names(form)}
    shown |= {x for x in fields if x.startswith("events.")}
    rows = [(n, row["event"]) for n, row in event_rows(fields) if row["event"]]
    for mistake in mistakes:
        name = _event_field(mistake.path, rows) or mistake.path
        if name in shown:
            before = f"{by_field[name]}; " if name in by_field else ""
            by_field[name] = f"{before}{mistake.expected}"
        else:
            others.append(mistake)
    return by_field, others


def field_names(form: ObservationForm) -> Iterator[str]:
    """Yield the names of the fields of a form, but for those of events."""
    yield CASH
    for x in form.materials:
        yield f"prices_usd_per_tonne.{x.id}"
        yield f"{HAPPENED}.released_tonnes.{x.id}"
        yield f"{HAPPENED}.stock_tonnes.{x.id}"
        yield f"{ANNOUNCED}.{x.id}"
    for x in form.free:
        for name in ("sold_tonnes", "sold_at_usd_per_tonne", "free_stock_tonnes"):
            yield f"{HAPPENED}.{name}.{x.id}"
    yield from (f"{HAPPENED}.arrived_tonnes.{x.id}" for x in form.bought)
    yield from (f"{HAPPENED}.drawn_tonnes.{x.id}" for x in form.rights)
    yield from (f"availability.{x.id}" for x in form.disrupted)
    yield from (f"demand_units.{x.id}" for x in form.products)


def _event_field(path: str, rows: Sequence[tuple[int, str]]) -> str | None:
    """Return the field of a mistake in an event: by its name, or its place."""
    if not path.startswith("events["):
        return None
    name, _, last = path.removeprefix("events[").partition("]")
    last = last.removeprefix(".")
    for place, (number, event) in enumerate(rows):
        if name in {event, str(place)}:
            return f"events.{number}.{last if last in EVENT_FIELDS else 'since'}"
    return None


def _event_fields(rows: Sequence[Mapping[str, str]]) -> dict[str, str]:
    return {
        f"events.{n}.{name}": row[name]
        for n, row in enumerate(rows, 1)
        for name in EVENT_FIELDS
    }


def _event(row: Mapping[str, str]) -> dict[str, Any]:
    """Return an event as documents have it; phases count from 0."""
    found: dict[str, Any] = {"event": row["event"], "since": row["since"]}
    found["phase"] = number_in(row["phase"] or "0")
    return found | ({"until": row["until"]} if row["until"] else {})


def _is_given(row: Mapping[str, str]) -> bool:
    """Whether anything was entered in a row; a phase is always chosen."""
    return any(value for name, value in row.items() if name != "phase")


def _is_announced(name: str) -> bool:
    return name.startswith(f"{ANNOUNCED}.")


def _mapping(found: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", found) if isinstance(found, Mapping) else {}


def _list(found: object) -> Sequence[Any]:
    return cast("Sequence[Any]", found) if isinstance(found, list) else []
