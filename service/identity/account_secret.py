"""The secret under which keys are hashed: a setting, or a file beside the store.

It is never in the database and so in no backup.
"""

import os
import secrets
from pathlib import Path

from service.settings import Settings

FILE = "account-secret"
NUMBER_OF_BYTES = 32


def account_secret(settings: Settings) -> bytes | None:
    """Return the secret; None if there is none yet, so that no key can be valid."""
    if settings.account_secret is not None:
        return settings.account_secret.get_secret_value().encode()
    try:
        return _file(settings).read_bytes()
    except FileNotFoundError:
        return None


def made_account_secret(settings: Settings) -> bytes:
    """Return the secret; make the file, readable for its owner alone, if need be."""
    found = account_secret(settings)
    if found is not None:
        return found
    path = _file(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Whole or not there at all: a server may read it at any moment.
    draft = path.with_name(f"{FILE}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_hex(NUMBER_OF_BYTES).encode())
    try:
        # Unlike a rename, it does not replace what another process has made.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_bytes()


def _file(settings: Settings) -> Path:
    return settings.data_directory / FILE
