"""Manifests: of the form that Kubernetes expects, and fitting each other.

Objects of KEDA have no schema here; what they say is run in test_scaling.py.
"""

import copy
from collections.abc import Iterator
from typing import Any, cast

import kubernetes_validate
import pytest

from service.settings import ENVIRONMENT_PREFIX
from service.store.objects import SETTING as OBJECTS_SETTING
from tests.deploy.deployed import (
    KUBERNETES,
    compose,
    container,
    manifest,
    manifests,
    objects,
)

# The oldest that is still looked after when this is written, and the newest known here.
VERSIONS = ("1.34.0", "1.37.0")
NATIVE = [x for x in manifests() if not x["apiVersion"].startswith("keda.sh/")]


def mappings(value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - YAML
    """Yield every mapping within a value."""
    if isinstance(value, dict):
        yield cast("dict[str, Any]", value)
        value = list(cast("dict[str, Any]", value).values())
    if isinstance(value, list):
        for part in cast("list[Any]", value):
            yield from mappings(part)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    "found", NATIVE, ids=lambda x: f"{x['kind']} {x['metadata']['name']}"
)
def test_it_has_the_form_of_its_kind(found: dict[str, Any], version: str) -> None:
    """No field is missing, of a wrong type or unknown."""
    kubernetes_validate.validate(found, version, strict=True)


def test_a_wrong_word_is_found() -> None:
    """A check that cannot fail is none."""
    wrong = copy.deepcopy(manifest("Deployment", "strongroom-worker"))
    wrong["spec"]["template"]["spec"]["terminationGracePeriod"] = 60
    with pytest.raises(kubernetes_validate.ValidationError, match="terminationGrace"):
        kubernetes_validate.validate(wrong, VERSIONS[-1], strict=True)


def test_every_file_is_applied() -> None:
    """The kustomization names all but itself and the example of a secret."""
    (listed,) = objects("kustomization.yaml")
    there = {path.name for path in KUBERNETES.iterdir()}
    aside = {"kustomization.yaml", "secret.example.yaml"}
    assert set(listed["resources"]) == there - aside


@pytest.mark.parametrize("part", ["server", "worker"])
def test_all_that_selects_finds_its_pods(part: str) -> None:
    """Deployment, budget, service and policy mean the labels that the pods have."""
    name = f"strongroom-{part}"
    deployment = manifest("Deployment", name)["spec"]
    labels = deployment["template"]["metadata"]["labels"]
    selectors = [
        deployment["selector"]["matchLabels"],
        manifest("PodDisruptionBudget", name)["spec"]["selector"]["matchLabels"],
        manifest("NetworkPolicy", name)["spec"]["podSelector"]["matchLabels"],
    ]
    if part == "server":
        selectors.append(manifest("Service", name)["spec"]["selector"])
    assert all(selector == labels for selector in selectors)


def test_secrets_and_their_keys_exist() -> None:
    """What pods and the autoscaler read is in the example."""
    secret = manifest("Secret", "strongroom-database")
    asked = {
        (found["secretName"], item["key"])
        for found in mappings(NATIVE)
        if "secretName" in found
        for item in found["items"]
    }
    (target,) = manifest("TriggerAuthentication", "strongroom-queue")["spec"][
        "secretTargetRef"
    ]
    asked.add((target["name"], target["key"]))
    name = secret["metadata"]["name"]
    assert asked == {(name, key) for key in secret["stringData"]}


@pytest.mark.parametrize("part", ["server", "worker"])
def test_both_reach_the_tables_of_evaluations(part: str) -> None:
    """One secret names the bucket for writers and readers."""
    (source,) = container(part)["envFrom"]
    found = manifest("Secret", source["secretRef"]["name"])["stringData"]
    ours = {name for name in found if name.startswith(ENVIRONMENT_PREFIX)}
    assert ours == {OBJECTS_SETTING}


@pytest.mark.parametrize("part", ["server", "worker"])
def test_nothing_more_is_allowed_than_is_needed(part: str) -> None:
    """What the strictest level of Kubernetes asks for, and a read-only root."""
    pod = manifest("Deployment", f"strongroom-{part}")["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert not pod["automountServiceAccountToken"]
    confined = container(part)["securityContext"]
    assert confined["readOnlyRootFilesystem"]
    assert not confined["allowPrivilegeEscalation"]
    assert confined["capabilities"] == {"drop": ["ALL"]}
    assert "memory" in container(part)["resources"]["limits"]


def test_a_worker_has_as_much_memory_as_beside_compose() -> None:
    """4 GB each way; requested in full, so that no neighbour takes it."""
    resources = container("worker")["resources"]
    assert resources["limits"] == resources["requests"]
    assert resources["limits"]["memory"] == "4Gi"
    assert compose()["services"]["worker"]["mem_limit"] == "${WORKER_MEMORY:-4g}"
