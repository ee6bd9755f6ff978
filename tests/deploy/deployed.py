"""What is deployed, as text and as values."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
TOOLS = Path(sys.executable).parent
KUBERNETES = DEPLOY / "kubernetes"


def compose() -> dict[str, Any]:
    """Return the compose file."""
    found: dict[str, Any] = yaml.safe_load(
        (DEPLOY / "compose" / "compose.yaml").read_text(encoding="utf-8")
    )
    return found


def manifests() -> list[dict[str, Any]]:
    """Return every object that is applied, and the example of a secret."""
    (listed,) = objects("kustomization.yaml")
    return [
        x
        for name in [*listed["resources"], "secret.example.yaml"]
        for x in objects(name)
    ]


def objects(name: str) -> list[dict[str, Any]]:
    """Return the objects of a file of manifests."""
    text = (KUBERNETES / name).read_text(encoding="utf-8")
    return list(yaml.safe_load_all(text))


def manifest(kind: str, name: str) -> dict[str, Any]:
    """Return the one object of that kind and name."""
    (found,) = (
        x for x in manifests() if (x["kind"], x["metadata"]["name"]) == (kind, name)
    )
    return found


def container(part: str) -> dict[str, Any]:
    """Return the container of server or worker."""
    deployment = manifest("Deployment", f"strongroom-{part}")
    found: list[dict[str, Any]] = deployment["spec"]["template"]["spec"]["containers"]
    (only,) = found
    return only


def unit(name: str) -> Mapping[str, list[str]]:
    """Return the values of a unit of systemd by directive, in order."""
    found: dict[str, list[str]] = {}
    path = DEPLOY / "systemd" / f"{name}.service"
    for line in path.read_text(encoding="utf-8").splitlines():
        if "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            found.setdefault(key, []).append(value)
    return found


def ran(program: Path | str, *words: object) -> subprocess.CompletedProcess[str]:
    """Run a program to its end; return its output and status."""
    return subprocess.run(  # noqa: S603
        [str(program), *map(str, words)], check=False, capture_output=True, text=True
    )
