"""The service itself: its health, the schema of a case, the audit log."""

from typing import Any

from strongroom_client.answers import (
    HealthResource,
    PageAuditResource,
    ReaderResource,
)
from strongroom_client.call import Call, as_answer, as_nothing, as_text


def get_schema() -> Call[dict[str, Any]]:
    """Return the JSON Schema of a case: fields, units, limits, defaults."""
    return Call("GET", "/v1/schema", as_answer(dict[str, Any]))


def get_alive() -> Call[None]:
    """Return nothing if the server answers, with or without its database."""
    return Call("GET", "/alive", as_nothing)


def get_health() -> Call[HealthResource]:
    """Return whether jobs can be ordered and are worked on."""
    read = as_answer(HealthResource)
    # Without a worker the status is 503, and the answer says so.
    return Call("GET", "/health", read, statuses=frozenset({503}))


def get_metrics() -> Call[str]:
    """Return the metrics in the text format of Prometheus."""
    return Call("GET", "/metrics", as_text)


def get_whoami() -> Call[ReaderResource]:
    """Return the account of the key, with its role and scopes."""
    return Call("GET", "/v1/whoami", as_answer(ReaderResource))


def list_entries(
    *,
    actor: str | None = None,
    verb: str | None = None,
    noun: str | None = None,
    name: str | None = None,
    sort: str | None = None,
    limit: int | None = None,
) -> Call[PageAuditResource]:
    """List the entries of the audit log, latest first unless sort is "oldest"."""
    query = {"actor": actor, "verb": verb, "noun": noun, "name": name}
    query |= {"sort": sort, "limit": limit}
    return Call("GET", "/v1/audit", as_answer(PageAuditResource), query)
