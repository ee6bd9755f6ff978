"""What is deployed starts this program with what it knows, and stops it in time."""

import re
import shlex
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import typer.main

from service.cli.application import app
from service.jobs.process import PATIENCE_S
from service.settings import ENVIRONMENT_PREFIX, Settings
from tests.deploy.deployed import DEPLOY, compose, container, manifest, unit
from tests.interface import description_of_interface

PARTS = ("server", "worker")
UNITS = {"server": "strongroom-server", "worker": "strongroom-worker@"}
# To write what was found, and to start what writes it.
SPARE_S = 10
FILES = [
    path
    for path in DEPLOY.rglob("*")
    if path.is_file() and path.parent.name != "secrets"
]


def commands(part: str) -> list[list[str]]:
    """Return what each way to deploy starts, without the name of the program."""
    (started,) = unit(UNITS[part])["ExecStart"]
    return [
        compose()["services"][part]["command"],
        container(part)["args"],
        shlex.split(started)[1:],
    ]


def options(command: list[str]) -> dict[str, str]:
    """Return the options of a command with their values."""
    return {name: value for name, value in pairwise([*command, ""]) if name[:2] == "--"}


def patience_s(part: str) -> list[int]:
    """Return how long each way to deploy waits for the end, in seconds."""
    deployment = manifest("Deployment", f"strongroom-{part}")
    (seconds,) = unit(UNITS[part])["TimeoutStopSec"]
    return [
        int(compose()["services"][part]["stop_grace_period"].removesuffix("s")),
        deployment["spec"]["template"]["spec"]["terminationGracePeriodSeconds"],
        int(seconds),
    ]


@pytest.mark.parametrize("part", PARTS)
def test_each_way_starts_the_same(part: str) -> None:
    """Compose, Kubernetes and systemd agree."""
    first, *others = commands(part)
    assert all(other == first for other in others)


@pytest.mark.parametrize("part", PARTS)
def test_what_is_started_exists(part: str) -> None:
    """The program has the command and its options."""
    program: Any = typer.main.get_command(app)
    for command in commands(part):
        known = program.commands[command[0]].params
        names = {x for y in known for x in (*y.opts, *y.secondary_opts)}
        assert set(options(command)) <= names


def test_a_worker_has_time_to_end_its_solves() -> None:
    """It is not killed while it waits for the best plan so far."""
    assert min(patience_s("worker")) >= sum(PATIENCE_S) + SPARE_S


def test_a_server_has_time_to_answer_what_is_asked() -> None:
    """Open requests have the time that the setting gives them."""
    assert min(patience_s("server")) >= Settings().shutdown_grace_s + SPARE_S


def test_what_is_watched_is_served() -> None:
    """Probes, health checks and scrapes ask for paths that are there."""
    deployment = manifest("Deployment", "strongroom-server")
    annotations = deployment["spec"]["template"]["metadata"]["annotations"]
    probes = [x for name, x in container("server").items() if name.endswith("Probe")]
    dockerfile = (DEPLOY / "container" / "Dockerfile").read_text(encoding="utf-8")
    asked = {annotations["prometheus.io/path"]}
    asked |= {probe["httpGet"]["path"] for probe in probes}
    asked |= set(re.findall(r"http://127.0.0.1:8000(/\w+)", dockerfile))
    assert asked == {"/alive", "/metrics"}
    assert asked <= set(description_of_interface()["paths"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_setting_that_is_named_exists(path: Path) -> None:
    """In the environment, or as the file of a secret."""
    named = re.findall(
        rf"{ENVIRONMENT_PREFIX}[A-Z_]+", path.read_text(encoding="utf-8")
    )
    known = {f"{ENVIRONMENT_PREFIX}{name.upper()}" for name in Settings.model_fields}
    assert set(named) <= known


def test_secrets_have_the_name_of_their_setting() -> None:
    """Wherever the address of the database is handed over as a file."""
    name = f"{ENVIRONMENT_PREFIX}database_url".lower()
    for part in PARTS:
        assert compose()["services"][part]["secrets"] == [name]
        (credential,) = unit(UNITS[part])["LoadCredential"]
        assert credential.startswith(f"{name}:")
        deployment = manifest("Deployment", f"strongroom-{part}")
        volumes = deployment["spec"]["template"]["spec"]["volumes"]
        items = [x["path"] for x in volumes[0]["secret"]["items"]]
        # A server checks keys with it; a worker signs webhooks.
        assert items == [name, f"{ENVIRONMENT_PREFIX}account_secret".lower()]
        mounts = {x["name"]: x["mountPath"] for x in container(part)["volumeMounts"]}
        assert mounts == {"secrets": "/run/secrets", "temporary": "/tmp"}  # noqa: S108
