"""Who a request comes from: the account of its key, and what it may do."""

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from models.tables import Role, Scope
from service.api.identity import requesting_reader
from service.api.paths import VERSION

router = APIRouter(prefix=VERSION, tags=["service"])


class ReaderResource(BaseModel):
    """The account of a request."""

    name: str = Field(description="`anonymous` in a store without accounts.")
    organisation: str = Field(description="Whose cases and plans it may see.")
    role: Role
    participant: str | None = Field(
        description="Whose planner it is, by its identifier in cases; null for others."
    )
    scopes: list[Scope] = Field(description="Of the key or token.")
    key: str | None = Field(
        description="Prefix of the key; null with a token, or without accounts."
    )


@router.get("/whoami")
def get_whoami(request: Request) -> ReaderResource:
    """Return the account that the request comes from, with its role."""
    reader = requesting_reader(request)
    return ReaderResource(
        name=reader.name,
        organisation=reader.organisation,
        role=reader.role,
        participant=reader.participant,
        scopes=sorted(reader.scopes),
        key=reader.key,
    )
