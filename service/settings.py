"""Settings of the service: given, STRONGROOM_... in the environment, or a secret file.

A secret file has the name of the variable, in small letters.
"""

import ipaddress
import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.roles import MAXIMUM_ISSUER_CHARACTERS

ENVIRONMENT_PREFIX = "STRONGROOM_"
# Where containers and systemd units find their secrets.
SECRET_FOLDERS = (os.environ.get("CREDENTIALS_DIRECTORY"), "/run/secrets")

_ORIGIN = r"(https://[^\s/?#@]+|http://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?)"
# With a secret that both sides know, whoever can check a token could also make one.
_ALGORITHM = r"([RPE]S(256|384|512)|Ed25519)"


Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def networks_of(text: str | None) -> tuple[Network, ...]:
    """Return networks with commas between, or raise ValueError."""
    listed = text.split(",") if text and text.strip() else ()
    return tuple(ipaddress.ip_network(x.strip()) for x in listed)


def _checked_networks(text: str) -> str:
    networks_of(text)
    return text


class Settings(BaseSettings):
    """Everything that an operator may set. Each field is one environment variable."""

    model_config = SettingsConfigDict(
        env_prefix=ENVIRONMENT_PREFIX,
        frozen=True,
        secrets_dir=[x for x in SECRET_FOLDERS if x and Path(x).is_dir()],
    )

    data_directory: Path = Field(
        default=Path("strongroom-data"),
        description="Folder of the SQLite file; created if it does not exist.",
    )
    database_url: SecretStr | None = Field(
        default=None,
        description=(
            "Database of cases, jobs and plans: `postgresql+psycopg://USER:PASSWORD@"
            "HOST/NAME` or `sqlite:///FILE`. None: a SQLite file in the data directory."
        ),
    )
    objects_url: str | None = Field(
        default=None,
        description=(
            "Storage for tables of evaluations: `file:///FOLDER`, `s3://BUCKET/PREFIX`,"
            " `gs://...` or `az://...`; not shared between stores. None: the folder "
            "`FILE.objects` beside the SQLite file, else `objects` in the data "
            "directory."
        ),
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on.")
    root_path: str | None = Field(
        default=None,
        pattern=r"^(/[A-Za-z0-9._~-]+)*$",
        description="Path under which a proxy serves the API, such as `/strongroom`; "
        "links in answers begin with it. The proxy may remove it or pass it on.",
    )
    account_secret: SecretStr | None = Field(
        default=None,
        min_length=32,
        description="Secret under which keys of accounts are hashed, the same for all "
        "servers of a store. None: the file `account-secret` in the data directory, "
        "which `strongroom accounts` makes.",
    )
    openid_issuer: str | None = Field(
        default=None,
        pattern=rf"^{_ORIGIN}(/[^\s?#]*)?$",
        max_length=MAXIMUM_ISSUER_CHARACTERS,
        description="OpenID provider whose tokens are accepted beside keys, exactly as "
        "it names itself, such as `https://login.example/realms/vault`; `http` on this "
        "machine only. None: keys alone.",
    )
    openid_audience: str = Field(
        default="strongroom",
        min_length=1,
        description="Name of this service at the provider: tokens have it as `aud`.",
    )
    openid_clients: str | None = Field(
        default=None,
        min_length=1,
        description="Programs whose tokens are accepted: what `azp` or `client_id` may "
        "be, with spaces between. None: any that the provider gives such tokens to.",
    )
    openid_algorithms: str = Field(
        default="RS256 ES256",
        pattern=rf"^{_ALGORITHM}( {_ALGORITHM})*$",
        description="Signatures that tokens may have, with spaces between: of RS256, "
        "RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512 and Ed25519.",
    )
    openid_leeway_s: int = Field(
        default=30,
        ge=0,
        le=300,
        description="How far the clock of the provider may differ, seconds.",
    )
    requests_per_minute_of_key: int = Field(
        default=6_000,
        ge=0,
        description="Requests that each server process answers in a minute with the "
        "same key, or tokens of the same account; more are refused (429). 0: any.",
    )
    requests_per_minute_of_organisation: int = Field(
        default=30_000,
        ge=0,
        description="The same for all keys and tokens of an organisation, and apart "
        "from them for those of each participant's planners. 0: any.",
    )
    unfinished_jobs_of_organisation: int = Field(
        default=100_000,
        ge=0,
        description="Jobs of an organisation that may be queued or running, and apart "
        "from them those of each participant's planners; an order of more is refused "
        "(429). 0: any.",
    )
    webhook_networks: Annotated[str, AfterValidator(_checked_networks)] | None = Field(
        default=None,
        description="Networks that webhooks may go to although they are not public, "
        "also unencrypted: `10.1.0.0/16, fd00::/8`. None: only https:// to public "
        "addresses, as elsewhere.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least severe level that is logged."
    )
    log_format: Literal["logfmt", "json"] = Field(
        default="logfmt",
        description="Format of log lines: key=value, or JSON objects.",
    )
    number_of_slots: int = Field(
        default=1,
        ge=1,
        le=64,
        description="Jobs that a worker runs at the same time; of two or more slots, "
        "one is reserved for jobs outside batches.",
    )
    has_worker: bool = Field(
        default=True, description="Whether `strongroom serve` starts a worker."
    )
    lease_s: float = Field(
        default=10.0,
        ge=1,
        le=600,
        description="A worker that has not renewed its lease for this long counts as "
        "dead; others take over its jobs.",
    )
    memory_limit_bytes: int | None = Field(
        default=None,
        ge=300_000_000,
        description="Memory limit of a job, bytes. None: the slots share four fifths "
        "of the machine's memory.",
    )
    executor: str = Field(
        default="local",
        description="Where scenarios are computed, as for `--executor` of `solve`.",
    )
    maximum_body_bytes: int = Field(
        default=50_000_000, ge=1, description="Largest request body, bytes."
    )
    poll_interval_s: float = Field(
        default=0.2,
        gt=0,
        le=60,
        description="Interval at which a worker with a free slot looks for a job "
        "while one waits. It is told of new ones at once.",
    )
    shutdown_grace_s: int = Field(
        default=10,
        ge=0,
        le=600,
        description="Time for open requests to finish when the server stops.",
    )

    @property
    def database_file(self) -> Path:
        """The file that holds cases, jobs and plans if no URL is given."""
        return self.data_directory / "strongroom.sqlite3"
