"""Puts the parts of a case together and writes it as YAML."""

from pathlib import Path
from typing import Any, cast

import yaml

from service.cases.writing.chains import chained, treatment_charges
from service.cases.writing.losses import published_losses, unmodelled
from service.cases.writing.materials import material
from service.cases.writing.offers import offers
from service.cases.writing.origins import DOMESTIC, OTHERS
from service.cases.writing.products import product
from service.cases.writing.regimes import events
from service.cases.writing.routes import accessible_tonnes, routes
from service.cases.writing.tables import CASES, Part, content, fragment

LONG_LINE = 4096
# Where several routes into the United States are about as large, the largest miner.
WORLD_SUPPLIERS = {"cobalt": "COD", "palladium": "RUS"}
HEADER = """\
# {name}: written by python -m {module}; edit the tables that it reads, not this file.
# Every figure says in `sources` where it comes from. Files named there are in data/.
"""


def project_vault(*, with_chains: bool = True) -> Part:
    """Return the reference case, with or without chains of stages."""
    framework = fragment("framework")
    by_material = {row["id"]: routes(row) for row in content("materials")}
    charges: Part = {}
    if with_chains:
        by_material = {m: chained(m, parts) for m, parts in by_material.items()}
        charges = {"treatment_charges": treatment_charges()}
    materials = [
        material(row, largest_origin(parts), accessible_tonnes(parts))
        for row in content("materials")
        for parts in (by_material[row["id"]],)
    ]
    suppliers = {
        m: WORLD_SUPPLIERS.get(m) or dominant_supplier(parts)
        for m, parts in by_material.items()
    }
    return {
        "id": "project_vault",
        "name": "Project Vault",
        "description": (
            "Reference case: 42 critical minerals for 12 participants over 36 months, "
            "with 10 billion US dollars of EXIM loan and 2 of private capital. "
            "Published figures where there are any; demand of single companies is "
            "illustrative."
        ),
        "horizon": framework["horizon"],
        "materials": materials,
        "storage_classes": framework["storage_classes"],
        "routes": [route for parts in by_material.values() for route in parts],
        **charges,
        "trade": framework["trade"],
        "priority_classes": framework["priority_classes"],
        "participants": fragment("participants")["participants"],
        "products": [product(row) for row in content("products")],
        "sourcing_options": [
            _paying(x) if with_chains else x for x in framework["sourcing_options"]
        ],
        "rules": fragment("rules")["rules"],
        "levels_days_of_cover": framework["levels_days_of_cover"],
        "entitlement_offers": offers(),
        "contracts": fragment("contracts")["contracts"],
        "financing": framework["financing"],
        "events": events(),
        "replays": fragment("events")["replays"],
        "published_losses": published_losses(suppliers, passing("RUS", by_material)),
        "unmodelled": unmodelled(),
        "options": framework["options"],
    }


def _paying(option: Part) -> Part:
    """Return a sourcing option; that of the trusted zone pays operating costs."""
    if option["origins"] != "zone":
        return option
    source = "assumption: the vault keeps mines and plants of the zone open for itself"
    return {
        **option,
        "pays_operating_cost": True,
        "sources": {**option["sources"], "pays_operating_cost": source},
    }


def largest_origin(parts: list[Part]) -> float:
    """Return the largest share of one refining country in what the vault may buy."""
    ineligible = set(fragment("framework")["trade"]["ineligible_countries"])
    found: dict[str, float] = {}
    for part in parts:
        refining = part["refining_country"]
        if not {part["mining_country"], refining} & ineligible:
            taken = part["vault_tonnes_per_year"]
            found[refining] = found.get(refining, 0.0) + taken
    return max(found.values()) / sum(found.values())


def passing(country: str, by_material: dict[str, list[Part]]) -> list[str]:
    """Return the materials of which some is mined or refined in a country."""
    return [
        m
        for m, parts in by_material.items()
        if any(country in {x["mining_country"], x["refining_country"]} for x in parts)
    ]


def dominant_supplier(parts: list[Part]) -> str:
    """Return the foreign country with the largest share of refining or of mining."""
    found: dict[str, float] = {}
    for step in ("refining_country", "mining_country"):
        for country, share in _by_country(parts, step).items():
            found[country] = max(found.get(country, 0.0), share)
    for country in (OTHERS, DOMESTIC):
        found.pop(country, None)
    return max(found, key=lambda country: found[country])


def write(case: Part, module: str) -> Path:
    """Write a case beside this package and return where."""
    path = CASES / f"{case['id']}.yaml"
    path.write_text(as_yaml(case, module), encoding="utf-8", newline="\n")
    return path


def as_yaml(case: Part, module: str) -> str:
    """Return the text of a case: the same for the same content."""
    return HEADER.format(name=case["name"], module=module) + in_yaml(case)


def in_yaml(case: Part) -> str:
    """Return the content of a case as YAML, in which sources are one on a line."""
    return yaml.dump(
        _with_open_sources(case),
        Dumper=_PlainDumper,
        sort_keys=False,
        allow_unicode=True,
        width=LONG_LINE,
        default_flow_style=None,
    )


class _Sources(dict[str, str]):
    """Sources, written one on a line."""


class _PlainDumper(yaml.SafeDumper):
    """A dumper that repeats shared parts instead of naming anchors."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the base's signature
        return True


_PlainDumper.add_representer(
    _Sources,
    lambda dumper, found: dumper.represent_mapping(
        "tag:yaml.org,2002:map", found.items(), flow_style=False
    ),
)


def _with_open_sources(value: Any) -> Any:  # noqa: ANN401 - any part of a case
    if isinstance(value, dict):
        part = cast("Part", value)
        return {
            key: _Sources(inner) if key == "sources" else _with_open_sources(inner)
            for key, inner in part.items()
        }
    if isinstance(value, list):
        return [_with_open_sources(item) for item in cast("list[Any]", value)]
    return value


def _by_country(parts: list[Part], step: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in parts:
        if part["kind"] == "primary":
            found[part[step]] = found.get(part[step], 0.0) + part["share"]
    return found
