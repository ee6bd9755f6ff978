"""Writes project_vault.yaml: python -m service.cases.writing.project_vault."""

from service.cases.writing.assembling import project_vault, write

MODULE = "service.cases.writing.project_vault"

if __name__ == "__main__":
    write(project_vault(), MODULE)
