"""Names of PostgreSQL's advisory locks, which are numbers."""

import hashlib

from sqlalchemy import Connection, text

NUMBER_OF_BYTES = 8


def advisory_key(connection: Connection, purpose: str) -> int:
    """Return the lock of that purpose, another one for each schema of a database."""
    schema = connection.execute(text("SELECT current_schema()")).scalar_one()
    name = f"strongroom {purpose} {schema}".encode()
    digest = hashlib.sha256(name).digest()[:NUMBER_OF_BYTES]
    # Half of it: PostgreSQL's whole numbers have a sign.
    return int.from_bytes(digest) >> 1
