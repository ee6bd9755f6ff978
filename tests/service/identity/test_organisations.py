"""Two organisations of a store: neither can tell from any answer that there is another.

Every operation on foreign things is in `test_matrix.py`.
"""

import pytest
from fastapi.testclient import TestClient

from models.instance import Instance
from models.tables import Role
from service.api.context import Context
from service.errors import AccountUnusableError
from service.store.audit_chain import check_chain
from service.store.cases import CaseRepository
from tests.cases import Case
from tests.service.identity.belongings import belongings_of
from tests.service.identity.conftest import OTHERS, Accounts, bearer


@pytest.fixture
def ours(accounts: Accounts) -> dict[str, str]:
    """Return the header of a manager of the default organisation."""
    accounts.add("ours")
    return bearer(accounts.key("ours"))


def test_what_others_stored_is_new(
    client: TestClient,
    ours: dict[str, str],
    others: Context,
    instance: Instance,
    tiny_case: Case,
) -> None:
    """201, now, with its own list; the answers of others' jobs are not taken over."""
    foreign = belongings_of(others, instance)
    before = others.clock()
    stored = client.post("/v1/cases", json=tiny_case, headers=ours)
    assert (stored.status_code, stored.json()["hash"]) == (201, foreign.cases)
    assert stored.json()["created_at"] > before.isoformat().replace("+00:00", "Z")
    order = {"case": foreign.cases, "options": {"seed": 5}}
    job = client.post("/v1/jobs", json=order, headers=ours)
    assert (job.status_code, job.json()["reused_from"]) == (202, None)
    assert job.json()["solved_case"]
    assert client.get(f"/v1/plans/{foreign.plans}", headers=ours).status_code == 404
    again = client.post("/v1/cases", json=tiny_case, headers=ours)
    assert again.status_code == 200


def test_a_case_that_others_stored_as_a_variant_is_whole(
    client: TestClient,
    ours: dict[str, str],
    others: Context,
    instance: Instance,
    tiny_case: Case,
) -> None:
    """What it differs from is not there for whoever stores it by itself."""
    belongings_of(others, instance)
    variant = tiny_case | {"options": {"seed": 77}}
    stored = client.post("/v1/cases", json=variant, headers=ours).json()["hash"]
    assert client.get(f"/v1/cases/{stored}", headers=ours).json()["id"] == "tiny"
    base = instance.content_hash
    assert client.get(f"/v1/cases/{base}", headers=ours).status_code == 404
    with others.database.reading() as session:
        assert CaseRepository(session).text(stored)


def test_each_has_its_own_log(
    client: TestClient,
    context: Context,
    accounts: Accounts,
    others: Context,
    instance: Instance,
) -> None:
    """Numbered from 1, in a chain of its own, as if there were no others."""
    belongings_of(context, instance)
    belongings_of(others, instance)
    accounts.add("theirs", Role.AUDITOR, OTHERS)
    key = bearer(accounts.key("theirs"))
    listed = client.get("/v1/audit", headers=key).json()["items"]
    assert [x["number"] for x in listed] == [*range(len(listed), 0, -1)]
    assert {"theirs"} <= {x["name"] for x in listed}
    first = client.get("/v1/audit?limit=1", headers=key).json()
    second = client.get(first["next"], headers=key).json()["items"]
    assert [*first["items"], *second[:1]] == listed[:2]
    with context.database.within("nobody").reading() as session:
        assert check_chain(session).number == 0
    with others.database.reading() as session:
        found = check_chain(session)
    assert found.is_whole
    assert found.heads == {OTHERS: listed[0]["chain_hash"]}


def test_an_account_is_of_an_organisation_that_is_there(accounts: Accounts) -> None:
    """A name with a slip of the pen makes no organisation."""
    with pytest.raises(AccountUnusableError):
        accounts.add("theirs", Role.MANAGER, "otters")
    accounts.add_organisation(OTHERS)
    with pytest.raises(AccountUnusableError):
        accounts.add_organisation(OTHERS)
    with pytest.raises(AccountUnusableError):
        accounts.add_organisation("default")
