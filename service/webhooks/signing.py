"""Secrets and signatures of webhooks, as in the specification Standard Webhooks 1.0.

A secret is derived from the account secret, which is not in the database. So it is
stored nowhere, and neither the database nor a backup is enough to sign.
"""

import datetime as dt
import hmac
from base64 import b64encode
from collections.abc import Mapping, Sequence

from models.tables import Webhook

SECRET_PREFIX = "whsec_"  # noqa: S105 - of all secrets


def key_of(webhook: Webhook, version: int, account_secret: bytes) -> bytes:
    """Return the key of a version of the secret of a webhook."""
    purpose = f"webhook {webhook.organisation} {webhook.id} {version}"
    return hmac.digest(account_secret, purpose.encode(), "sha256")


def secret_of(webhook: Webhook, account_secret: bytes) -> str:
    """Return the present secret, as receivers are told it."""
    key = key_of(webhook, webhook.secret_version, account_secret)
    return SECRET_PREFIX + b64encode(key).decode()


def valid_keys(
    webhook: Webhook, account_secret: bytes, now: dt.datetime
) -> Sequence[bytes]:
    """Return the present key, and the one before while it is still valid."""
    versions = [webhook.secret_version]
    if webhook.old_secret_until is not None and now < webhook.old_secret_until:
        versions.append(webhook.secret_version - 1)
    return [key_of(webhook, version, account_secret) for version in versions]


def signed_headers(
    delivery_id: str, payload: bytes, keys: Sequence[bytes], at: dt.datetime
) -> Mapping[str, str]:
    """Return the headers by which a receiver knows who sent a payload, and when."""
    seconds = str(int(at.timestamp()))
    content = f"{delivery_id}.{seconds}.".encode() + payload
    digests = [b64encode(hmac.digest(key, content, "sha256")).decode() for key in keys]
    return {
        "webhook-id": delivery_id,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(f"v1,{digest}" for digest in digests),
    }
