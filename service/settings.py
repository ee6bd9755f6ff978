"""Settings of the service: given, STRONGROOM_... in the environment, or a secret file.

A secret file has the name of the variable, in small letters.
"""

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ENVIRONMENT_PREFIX = "STRONGROOM_"
# Where containers and systemd units find their secrets.
SECRET_FOLDERS = (os.environ.get("CREDENTIALS_DIRECTORY"), "/run/secrets")


class Settings(BaseSettings):
    """Everything that an operator may set. Each field is one environment variable."""

    model_config = SettingsConfigDict(
        env_prefix=ENVIRONMENT_PREFIX,
        frozen=True,
        secrets_dir=[x for x in SECRET_FOLDERS if x and Path(x).is_dir()],
    )

    data_directory: Path = Field(
        default=Path("strongroom-data"),
        description="Folder of the SQLite file; made if it is not there.",
    )
    database_url: SecretStr | None = Field(
        default=None,
        description=(
            "Where cases, jobs and plans are: `postgresql+psycopg://USER:PASSWORD@HOST/"
            "NAME` or `sqlite:///FILE`. None: a SQLite file in the data directory."
        ),
    )
    objects_url: str | None = Field(
        default=None,
        description=(
            "Where tables of evaluations are: `file:///FOLDER`, `s3://BUCKET/PREFIX`, "
            "`gs://...` or `az://...`; each store has its own. None: the folder "
            "`FILE.objects` beside the SQLite file, else `objects` in the data "
            "directory."
        ),
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least severe message that is logged."
    )
    log_format: Literal["logfmt", "json"] = Field(
        default="logfmt",
        description="How a log line looks: key=value, or a JSON object.",
    )
    number_of_slots: int = Field(
        default=1,
        ge=1,
        le=64,
        description="Jobs that a worker solves at the same time; with two or more one "
        "slot is never a batch's.",
    )
    has_worker: bool = Field(
        default=True, description="Whether `strongroom serve` has a worker of its own."
    )
    lease_s: float = Field(
        default=10.0,
        ge=1,
        le=600,
        description="A worker that is not heard of for so long is dead; others take "
        "its jobs.",
    )
    memory_limit_bytes: int | None = Field(
        default=None,
        ge=300_000_000,
        description="Most memory of a job, bytes. None: the slots share four fifths "
        "of the machine's.",
    )
    executor: str = Field(
        default="local",
        description="Where scenarios are worked on, as `--executor` of `solve`.",
    )
    maximum_body_bytes: int = Field(
        default=50_000_000, ge=1, description="Largest request body, bytes."
    )
    poll_interval_s: float = Field(
        default=0.2,
        gt=0,
        le=60,
        description="Time after which a worker with a free slot looks for a job.",
    )
    shutdown_grace_s: int = Field(
        default=10,
        ge=0,
        le=600,
        description="Time that open requests have to finish when the server stops.",
    )

    @property
    def database_file(self) -> Path:
        """The file that holds cases, jobs and plans if no URL is given."""
        return self.data_directory / "strongroom.sqlite3"
