"""What a page shows can be saved in each format that there is, by plain links."""

import re

import pytest
from fastapi.testclient import TestClient

from models.instance import Instance
from service.api.context import Context
from tests.service.identity.belongings import belongings_of

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


def test_all_that_a_page_offers_is_there(
    browser: TestClient, context: Context, instance: Instance
) -> None:
    """Each link and each table in the form leads to a file."""
    own = belongings_of(context, instance)
    offered = {
        f"/console/plans/{own.plans}": {"html", "xlsx", "json"},
        f"/console/evaluations/{own.evaluations}": {"html", "xlsx", "json"},
        f"/console/cases/{own.cases}": {"xlsx", "json"},
        f"/console/batches/{own.batches}": {"html", "xlsx", "json"},
        f"/console/reserves/{own.reserves}": {"xlsx", "json"},
        f"/console/analyses/{own.analyses}": {"json"},
    }
    for address, formats in offered.items():
        page = browser.get(address).text
        links = re.findall(r'href="(/v1/[^"]+\?format=([a-z]+))"', page)
        assert {x for _, x in links} == formats, address
        for link, _ in links:
            answer = browser.get(link)
            assert answer.status_code == 200
            assert "filename=" in answer.headers["Content-Disposition"]
        form = re.search(
            r'<form class="filters" method="get" action="(/v1[^"]+)">.*?<option value="'
            r'([^"]+)">.*?</form>',
            page,
            re.DOTALL,
        )
        assert (form is None) == ("xlsx" not in formats), address
        if form is not None:
            answer = browser.get(form[1], params={"table": form[2], "format": "csv"})
            assert answer.status_code == 200
            assert len(answer.text.splitlines()) > 1
