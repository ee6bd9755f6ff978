"""What the participants need of each material in a year, and who says so."""

from service.cases.writing.tables import material_row, mineral

COLUMNS = {
    "consumption": "us_apparent_consumption_t_per_year",
    "proxy": "us_consumption_proxy_t",
}


def total_need(material: str) -> float:
    """Return tonnes a year that the bills share out; not for bottom-up materials."""
    basis = _basis(material)
    if basis.startswith("assumed:"):
        return float(basis.removeprefix("assumed:"))
    return float(mineral(material)[COLUMNS[basis]])


def is_bottom_up(material: str) -> bool:
    """Say whether the need is the sum of the bills instead of a published total."""
    return _basis(material) == "bottom_up"


def need_source(material: str) -> str:
    """Return where the total need comes from."""
    basis = _basis(material)
    row = mineral(material)
    match basis:
        case "bottom_up":
            return (
                "sum of the bills of materials; what the United States consume is not "
                "published, or participants need a part of it"
            )
        case "consumption":
            return f"all of minerals.csv {material} {COLUMNS[basis]} (2024)"
        case "proxy":
            return (
                f"all of minerals.csv {material} {COLUMNS[basis]} ({row['proxy_year']}"
                "; consumption is withheld, net imports are a lower bound)"
            )
        case _:
            return "assumption: consumption is not published; order of magnitude"


def _basis(material: str) -> str:
    return material_row(material)["need"]
