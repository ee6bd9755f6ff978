"""The case of an order: one that ships, or one that a client stored."""

import json

from sqlmodel import Session

from service.casefiles import CaseFile, open_shipped
from service.store.cases import CaseRepository


def ordered_case(session: Session, name: str) -> CaseFile:
    """Return the shipped case or variant of a name, or the stored case of a hash.

    Raises InvalidCaseError if a shipped case has no such variant, CaseNotFoundError if
    there is no such case.
    """
    shipped = open_shipped(name)
    if shipped is not None:
        return shipped
    return CaseFile(name, json.loads(CaseRepository(session).text(name)))
