"""The interface behind a proxy that serves it under a path of its own."""

from collections.abc import Callable, Generator
from typing import Any, cast

import pytest
from fastapi.testclient import TestClient

from service.app import create_app
from service.clock import Clock
from service.settings import Settings

on_sqlite = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)

ROOT = "/tools/vault"


@pytest.fixture
def proxied(settings: Settings, clock: Clock) -> Generator[TestClient]:
    """Yield a client of a server that is served under a path."""
    settings = settings.model_copy(update={"root_path": ROOT})
    with TestClient(
        create_app(settings, clock=clock), "http://localhost", follow_redirects=False
    ) as it:
        yield it


@pytest.fixture(params=["removed", "passed on"])
def sent(request: pytest.FixtureRequest) -> Callable[[str], str]:
    """Return what a proxy makes of a path that a client requests."""

    def path_of(path: str) -> str:
        assert path.startswith(f"{ROOT}/")
        return path.removeprefix(ROOT) if request.param == "removed" else path

    return path_of


def links(document: Any) -> list[str]:  # noqa: ANN401 - JSON
    """Return all paths in an answer."""
    if isinstance(document, list):
        items = cast("list[Any]", document)
        return [link for item in items for link in links(item)]
    if not isinstance(document, dict):
        return []
    found = list[str]()
    for key, value in cast("dict[str, Any]", document).items():
        if isinstance(value, str) and (key == "next" or key.endswith("href")):
            found.append(value)
        found += links(value)
    return found


@on_sqlite
def test_every_link_leads_through_the_proxy(
    proxied: TestClient, sent: Callable[[str], str], tiny_case: dict[str, Any]
) -> None:
    """Each link and Location of an answer can be followed by the client."""
    case = proxied.post(sent(f"{ROOT}/v1/cases"), json=tiny_case)
    proxied.post(sent(f"{ROOT}/v1/cases"), json=tiny_case | {"id": "other"})
    content_hash = case.json()["hash"]
    job = proxied.post(sent(f"{ROOT}/v1/jobs"), json={"case": content_hash})
    order = {"case": content_hash, "grid": ["options.seed=1,2"]}
    batch = proxied.post(sent(f"{ROOT}/v1/batches"), json=order)
    found = [answer.headers["location"] for answer in (case, job, batch)]
    for path in ("/v1/cases?limit=1", "/v1/jobs?limit=1", "/v1/audit?limit=1"):
        found += links(proxied.get(sent(f"{ROOT}{path}")).json())
    found += links([case.json(), job.json(), batch.json()])
    variants = batch.json()["variants_href"]
    found += links(proxied.get(sent(f"{variants}?limit=1")).json())
    assert len(found) > 12
    for link in found:
        assert proxied.get(sent(link)).status_code == 200


@on_sqlite
def test_a_problem_names_the_path_that_the_client_requested(
    proxied: TestClient, sent: Callable[[str], str]
) -> None:
    """Also where the proxy removed a part of it."""
    problem = proxied.get(sent(f"{ROOT}/nowhere")).json()
    assert problem["instance"] == f"{ROOT}/nowhere"
    assert f"GET {ROOT}/nowhere:" in problem["detail"]


@on_sqlite
def test_the_description_of_the_interface_names_the_path(
    proxied: TestClient, sent: Callable[[str], str]
) -> None:
    """Clients that are generated from it reach the server through the proxy."""
    described = proxied.get(sent(f"{ROOT}/openapi.json")).json()
    assert described["servers"] == [{"url": ROOT}]
    assert "/v1/jobs" in described["paths"]


@on_sqlite
def test_monitoring_may_pass_by_the_proxy(proxied: TestClient) -> None:
    """Health checks of the machine itself need no root path."""
    assert proxied.get("/alive").status_code == 204


@pytest.mark.parametrize("path", ["vault", "/vault/", "/", "http://host/vault", "/a b"])
def test_what_is_no_root_path(path: str) -> None:
    """It begins with a slash and ends without one."""
    with pytest.raises(ValueError, match="root_path"):
        Settings(root_path=path)
