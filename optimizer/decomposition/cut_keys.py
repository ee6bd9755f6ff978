"""Keys of cuts and cash rows: hashes of all that they depend on.

Cuts depend on scenarios, gaps, releases and shortage costs. They do not depend on
money, on weights, or on limits of cover, origins, space and debt, so a what-if on these
reuses the cuts that were kept; but an origin cap that spreads out what sourcing options
buy is in the keys. Of the position, debt, fees and contracts are not; of free stock
only its ages are and of what is on the way which part comes when, not how much it is,
and of a sale only that there is one. Of a
right in force all is that its releases follow from; what is paid of its fees is in the
key of cash alone, and what follows from contracts in force. Market capacity and outload
change the pace of candidates and are part of the keys, as is each field that is not
listed here. Floors, fees and operating costs move gaps only by closing or opening a
route, so when routes run is in the key, and these figures are not. Scenarios need not
be those of the options, so they have a separate key.
"""

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from typing import Any, cast

import numpy as np

from models.content import canonical_json
from models.held_stock import expired_parts, free_stock, pile_tonnes
from models.instance import Instance
from models.on_order import free_purchases, purchases_for
from models.opening_position import OpeningPurchase
from models.rights_in_force import expired_parts_of_right, left_to_buy, tonnes_of
from models.surplus_sale import most_sold, sale_terms
from optimizer.cost_of_holding import carried
from optimizer.policies.sourcing import is_spread_out
from optimizer.scenarios.scenario_set import ScenarioSet

Fields = Mapping[str, frozenset[str]]
WORDS = frozenset({"id", "name", "description", "sources", "unmodelled", "replays"})
NOT_IN_KEYS: Fields = {
    "": WORDS,
    "position": frozenset(
        {"sources", "stock", "purchases", "sales", "rights", "debt", "fees", "levels"}
    ),
    "materials": frozenset(
        {"name", "sources", "minimum_days_of_cover", "origin_share_cap", "price_impact"}
    ),
    "storage_classes": frozenset({"name", "sources", "capacity_tonnes"}),
    "routes": frozenset({"sources"}),
    "treatment_charges": frozenset({"name", "sources"}),
    "trade": frozenset({"sources"}),
    "participants": frozenset({"name", "sources"}),
    "membership": frozenset({"sources", "fee_rate_per_year"}),
    "sourcing_options": frozenset({"name", "sources"}),
    "contracts": frozenset({"name", "sources"}),
    "entitlement_offers": frozenset({"name", "sources"}),
    "financing": frozenset(
        {"sources", "facilities", "debt_to_equity_limit", "final_value_haircut"}
    ),
    "options": frozenset(
        {
            "method",
            "max_tranches",
            "menu_refinements",
            "tranche_worth",
            "gap",
            "time_limit_s",
            "cvar_weight",
            "cvar_level",
            "cost_of_holding_weight",
            "level_change_cap_days",
        }
    ),
}
ONLY_IN_CASH_KEY: Fields = {
    "": frozenset({"financing", "treatment_charges"}),
    "position": frozenset({"contracts"}),
    "materials": frozenset({"refill_impact", "sale_impact"}),
    "storage_classes": frozenset(
        {"cost_usd_per_tonne_year", "insurance_rate_per_year"}
    ),
    "routes": frozenset(
        {
            "fee_usd_per_tonne",
            "conversion_yield",
            "purchase_stage",
            "operating_cost_usd_per_tonne",
            "treatment_charge",
        }
    ),
    "trade": frozenset({"price_floors", "border_adjustment_rate"}),
    "contracts": frozenset(
        {
            "floor_usd_per_tonne",
            "upside_threshold_usd_per_tonne",
            "upside_share",
            "upside_cap_usd_per_year",
            "signing_cost_usd",
        }
    ),
    "entitlement_offers": frozenset(
        {
            "inventory_price_usd_per_tonne",
            "upfront_fee_usd_per_tonne",
            "carrying_fee_usd_per_tonne_year",
        }
    ),
}


def cut_key(instance: Instance) -> str:
    """Return the hash of what cuts depend on: equal keys mean equal cuts."""
    operation = (
        [x.in_market for x in instance.index.operation],
        sorted(instance.index.contract_runs.items()),
        _spreading_caps(instance),
        _free_stock(instance),
        _on_order(instance),
        _rights_in_force(instance),
        [m.id for m in instance.materials if sale_terms(instance, m) is not None],
    )
    fields = _hash_without(instance, _joined(NOT_IN_KEYS, ONLY_IN_CASH_KEY))
    return hashlib.sha256(f"{fields} {json.dumps(operation)}".encode()).hexdigest()


def cash_key(instance: Instance) -> str:
    """Return the hash of what the cash flows of candidates and contracts depend on.

    Also what a dollar that they earn is expected to be worth at the end.
    """
    fields = _hash_without(instance, NOT_IN_KEYS)
    paid = [str(x.fees_paid_until) for x in instance.position.rights]
    parts = (_sales(instance), _rights_in_force(instance), paid)
    piles = (_free_stock(instance), _on_order(instance))
    interest = [float(f"{x:.12g}") for x in carried(instance)]
    rest = json.dumps((_spreading_caps(instance), *piles, *parts, interest))
    return hashlib.sha256(f"{fields} {rest}".encode()).hexdigest()


def _spreading_caps(instance: Instance) -> dict[str, float]:
    """Return by material the origin caps that responses depend on."""
    return {
        material.id: material.origin_share_cap
        for material in instance.materials
        if is_spread_out(instance, material)
    }


def _free_stock(instance: Instance) -> dict[str, list[float]]:
    """Return by material with free stock how much has expired by when, as parts.

    How much there is limits shares alone.
    """
    return {
        material.id: expired_parts(instance, material)
        for material in instance.materials
        if free_stock(instance, material)
    }


def _on_order(instance: Instance) -> dict[str, list[tuple[str, int, float]]]:
    """Return by material which part of what is on the way comes when, over which route.

    How much it is limits shares alone.
    """
    return {
        material.id: _coming(free_purchases(instance, material), tonnes)
        for material in instance.materials
        if (tonnes := pile_tonnes(instance, material, "purchases")) > 0
    }


def _coming(
    purchases: Iterable[OpeningPurchase], tonnes: float = 1.0
) -> list[tuple[str, int, float]]:
    """Return which part of some tonnes comes over which route in which period."""
    found: dict[tuple[str, int], list[float]] = {}
    for x in purchases:
        found.setdefault((x.route, x.arrival_period), []).append(x.tonnes)
    return [(*key, math.fsum(x) / tonnes) for key, x in sorted(found.items())]


def _rights_in_force(instance: Instance) -> list[tuple[object, ...]]:
    """Return terms of rights in force, their tonnes, ages and purchases on the way."""
    found: list[tuple[object, ...]] = []
    for right in instance.position.rights:
        m = instance.index.material[instance.index.offer[right.offer].material]
        material = instance.materials[m]
        there = tonnes_of(instance, material, right)
        expired = expired_parts_of_right(instance, material, right)
        build_up = right.build_up_periods, left_to_buy(instance, material, right)
        terms = (right.offer, right.lots, right.sourcing, *build_up)
        coming = _coming(purchases_for(instance, right.offer))
        found.append((*terms, there, expired, coming))
    return found


def _sales(instance: Instance) -> dict[str, tuple[float, int, float]]:
    """Return by material what all of a sale is, in how many periods and for how much.

    Cuts depend on none of it: what is sold reaches no participant.
    """
    return {
        material.id: (
            most_sold(instance, material, terms),
            terms.within_periods,
            terms.discount,
        )
        for material in instance.materials
        if (terms := sale_terms(instance, material)) is not None
    }


def scenario_key(scenarios: ScenarioSet) -> str:
    """Return the hash of what happens in scenarios and how probable each is."""
    digest = hashlib.sha256()
    for array in (
        scenarios.probability,
        scenarios.availability,
        scenarios.announced,
        scenarios.price,
        scenarios.base_price,
        scenarios.demand,
    ):
        digest.update(repr(array.shape).encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def _joined(first: Fields, second: Fields) -> Fields:
    none: frozenset[str] = frozenset()
    return {
        key: first.get(key, none) | second.get(key, none) for key in {*first, *second}
    }


def _hash_without(instance: Instance, left_out: Fields) -> str:
    document: dict[str, Any] = json.loads(canonical_json(instance))
    kept = {
        key: _without(value, left_out.get(key, frozenset()))
        for key, value in document.items()
        if key not in left_out[""]
    }
    # A position of which nothing is in a key is as none.
    kept = {key: value for key, value in kept.items() if value or key != "position"}
    text = json.dumps(kept, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _without(value: Any, fields: frozenset[str]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, list):
        return [_without(item, fields) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value).items()
        return {key: item for key, item in items if key not in fields}
    return value
