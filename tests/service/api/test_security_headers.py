"""Every answer says what a browser may do with it: nothing."""

import pytest
from fastapi.testclient import TestClient

from service.api.security_headers import HEADERS

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize("path", ["/alive", "/v1/jobs", "/v1/jobs/none", "/nowhere"])
def test_every_answer_has_the_headers(client: TestClient, path: str) -> None:
    """Problems have them, too; pages of other sites may read no answer."""
    headers = client.get(path, headers={"Origin": "https://other.example"}).headers
    assert {name: headers[name] for name in HEADERS} == HEADERS
    assert not [x for x in headers if x.lower().startswith("access-control-")]
