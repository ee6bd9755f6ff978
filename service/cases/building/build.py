"""Builds the case that is asked for: the reference case for other users."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from models.mistakes import Mistake
from models.reading import InvalidCaseError, read_instance
from service.cases.building.countries import (
    UNITED_STATES,
    in_sentence,
    known_countries,
)
from service.cases.building.elsewhere import elsewhere, need_elsewhere
from service.cases.building.financing import financing
from service.cases.building.minerals import known_minerals
from service.cases.building.missing import Missing, missing_of
from service.cases.building.order import CaseOrder
from service.cases.building.proportions import in_proportion, with_needs, with_output
from service.cases.building.supply import (
    with_contracts_in_time,
    with_events,
    with_sourcing,
)
from service.cases.writing.assembling import project_vault
from service.cases.writing.tables import Part
from service.cases.writing.team_japan import team_japan
from service.variants.references import without

OF_THE_UNITED_STATES = (
    "entitlement_offers",
    "contracts",
    "treatment_charges",
    "published_losses",
)
PARTS = ("materials", "routes", "participants", "products", "events")
# Of a few minerals a plan is found closely; a dollar paid counts as a dollar lost.
OPTIONS: Part = {"gap": 0.01, "tranche_worth": 0.0002, "cost_of_holding_weight": 1.0}


@dataclass(frozen=True, slots=True)
class BuiltCase:
    """A case, and what the data did not have for it."""

    content: Part
    missing: tuple[Missing, ...]


@cache
def _reference() -> Part:
    return project_vault()


@cache
def _japan() -> Part:
    return team_japan(_reference())


def build(order: CaseOrder) -> BuiltCase:
    """Return the case that is asked for; the same wishes give the same case.

    Raises InvalidCaseError if makers are unknown, or need none of a mineral.
    """
    case = _of_makers(_before_makers(order), order)
    case = _in_time(case, order)
    return BuiltCase(case, missing_of(case, order))


def makers_of(order: CaseOrder) -> Mapping[str, str]:
    """Return the makers that need a mineral that is asked for: name by id."""
    return {x["id"]: x["name"] for x in _before_makers(order)["participants"]}


def _before_makers(order: CaseOrder) -> Part:
    """Return the case for all makers of the country, with the needs that were given."""
    own = {"USA": _reference, "JPN": _japan}.get(order.country)
    known = {x["id"] for x in own()["materials"]} if own else set[str]()
    others = [m for m in order.minerals if m not in known]
    base = own() if own else _as_in_japan()
    case = _kept(base, [m for m in order.minerals if m in known])
    if others:
        part = without(_reference(), {"materials": set(known_minerals()) - set(others)})
        part |= {section: [] for section in OF_THE_UNITED_STATES}
        more = _without_idle({**part, **elsewhere(part, order, others)})
        if order.country != UNITED_STATES:
            needs = {m: need_elsewhere(m, order).value for m in others}
            more = with_output(more, needs)
        case = _joined(case, more)
    case = {**case, "trade": _trade(case["trade"], order)}
    return with_needs(case, order.needs)


def _as_in_japan() -> Part:
    """Return terms for other countries: those of a state that guarantees a reserve."""
    reference = _reference()
    return {
        **reference,
        **{section: [] for section in (*PARTS, *OF_THE_UNITED_STATES)},
        "financing": _japan()["financing"],
    }


def _kept(case: Part, minerals: list[str]) -> Part:
    """Return a case with some of its materials, and nothing that is there for none."""
    gone = set(known_minerals()) - set(minerals)
    return _without_idle(without(case, {"materials": gone}))


def _without_idle(case: Part) -> Part:
    """Return a case without makers, components, stores and charges that serve none."""
    used = {
        x.get("component") for p in case["products"] for x in p["bill_of_materials"]
    }
    components = {
        x["id"]
        for x in case["products"]
        if "participant" not in x and x["id"] not in used
    }
    if components:
        return _without_idle(without(case, {"products": components}))
    makers = {x.get("participant") for x in case["products"]}
    stores = {x["storage_class"] for x in case["materials"]}
    charges = {x.get("treatment_charge") for x in case["routes"]}
    return {
        **case,
        "participants": [x for x in case["participants"] if x["id"] in makers],
        "storage_classes": [x for x in case["storage_classes"] if x["id"] in stores],
        "treatment_charges": [
            x for x in case.get("treatment_charges", []) if x["id"] in charges
        ],
    }


def _joined(case: Part, more: Part) -> Part:
    """Return a case with the parts of another that it has not."""
    found = dict(case)
    for section in (*PARTS, "storage_classes", "replays"):
        known = {x["id"] for x in case[section]}
        found[section] = [
            *(_hitting_both(x, more, section) for x in case[section]),
            *(
                {**x, "id": f"{x['id']}_of_others"} if x["id"] in known else x
                for x in more[section]
                if section == "products" or x["id"] not in known
            ),
        ]
    floors = [*case["trade"]["price_floors"], *more["trade"]["price_floors"]]
    found["trade"] = {**case["trade"], "price_floors": floors}
    return found


def _hitting_both(part: Part, more: Part, section: str) -> Part:
    """Return an event or a replay that also hits the materials of another case."""
    other = next((x for x in more[section] if x["id"] == part["id"]), None)
    if other is None:
        return part
    if section == "events":
        return {**part, "materials": [*part["materials"], *other["materials"]]}
    if section == "replays":
        return {**part, "disruptions": [*part["disruptions"], *other["disruptions"]]}
    return part


def _trade(trade: Part, order: CaseOrder) -> Part:
    """Return the terms of trade with the users' country inside the trusted zone."""
    if order.country in trade["zone_countries"]:
        return trade
    source = f"{trade['sources']['zone_countries']}; and {in_sentence(order.country)}"
    return {
        **trade,
        "zone_countries": sorted([*trade["zone_countries"], order.country]),
        "sources": {**trade["sources"], "zone_countries": source},
    }


def _of_makers(case: Part, order: CaseOrder) -> Part:
    """Return a case for some of its makers."""
    if not order.makers:
        return case
    known = {x["id"]: x["name"] for x in case["participants"]}
    mistakes = [
        Mistake("--makers", x, f"all, or makers that need it: {', '.join(known)}")
        for x in order.makers
        if x not in known
    ]
    if mistakes:
        raise InvalidCaseError(mistakes)
    others = set(known) - set(order.makers)
    if not others:
        return case
    whole = read_instance(case).index.need_by_participant_tonnes_per_day
    idle = [m for m in order.minerals if not set(whole[m]) & set(order.makers)]
    if idle:
        raise InvalidCaseError(
            [
                Mistake(
                    "--makers", m, f"also one of {', '.join(whole[m])}, who need it"
                )
                for m in idle
            ]
        )
    left = _without_idle(without(case, {"participants": others}))
    return in_proportion({**left, "published_losses": []}, case)


def _in_time(case: Part, order: CaseOrder) -> Part:
    """Return the case as it is named, with its money, horizon, events and sourcing."""
    names = [known_minerals()[m] for m in order.minerals]
    listed = ", ".join([names[0], *(x.lower() for x in names[1:])])
    country = known_countries()[order.country]
    named = {
        **case,
        "id": f"{order.country.lower()}_{'_'.join(order.minerals)}"[:60].rstrip("_"),
        "name": f"{listed} for makers in {in_sentence(order.country)}",
        "description": (
            f"Built out of the shipped data for {country}: {len(order.minerals)} "
            f"minerals, {len(case['participants'])} makers, {order.months} months, "
            f"{order.budget_usd:,.0f} US dollars."
        ),
        "horizon": {**case["horizon"], "number_of_periods": order.months},
        "financing": financing(case["financing"], order.country, order.budget_usd),
        "materials": [_without_minimum(x) for x in case["materials"]],
        "unmodelled": [],
        "options": {**case["options"], **OPTIONS},
    }
    if not order.has_contracts:
        named |= {"contracts": [], "entitlement_offers": []}
    return with_sourcing(
        with_events(with_contracts_in_time(named, order.months), order)
    )


def _without_minimum(part: Part) -> Part:
    source = "assumption: none, so that the plan chooses"
    sources = {**part["sources"], "minimum_days_of_cover": source}
    return {**part, "minimum_days_of_cover": 0.0, "sources": sources}
