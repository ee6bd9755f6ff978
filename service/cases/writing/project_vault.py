"""Writes project_vault.yaml: python -m service.cases.writing.project_vault."""

from service.cases.writing.assembling import project_vault, write
from service.cases.writing.tables import Part
from service.cases.writing.variants import variants

MODULE = "service.cases.writing.project_vault"


def with_variants() -> Part:
    """Return the reference case with its variants."""
    case = project_vault()
    return {**case, "variants": variants(case)}


if __name__ == "__main__":
    write(with_variants(), MODULE)
