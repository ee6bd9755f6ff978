"""Documents as JSON and as files of tables, by the Accept header."""

import csv
import hashlib
import io
import re
import zipfile
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import httpx2
import pyarrow.parquet
import pytest
from fastapi.testclient import TestClient

from models.content import canonical_json
from models.plan import Plan
from models.reading import read_instance
from service.api.context import Context
from service.api.wanted_format import CSV, PARQUET, WORKBOOK
from service.store.analyses import AnalysisRepository, AnalysisSubject
from service.store.cases import CaseRepository
from service.store.plans import PlanRepository
from service.tabular.flat_tables import tables_of
from tests.cases import Case
from tests.plans import written_plan

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


@pytest.fixture
def plan(client: TestClient, context: Context, tiny_case: Case) -> Plan:
    """Return a plan that the server has."""
    del client  # it has opened the context
    case = read_instance(tiny_case)
    plan = written_plan(case)
    with context.database.transaction() as session:
        at = context.clock()
        CaseRepository(session).put(case, is_listed=True, at=at)
        PlanRepository(session).put(plan, case_hash=case.content_hash, at=at)
    return plan


@pytest.fixture
def asked(client: TestClient, plan: Plan) -> Any:  # noqa: ANN401 - a function
    """Return what asks for the plan in a format."""

    def ask(accept: str, query: str = "", **headers: str) -> httpx2.Response:
        path = f"/v1/plans/{plan.content_hash}{query}"
        return client.get(path, headers={"Accept": accept, **headers})

    return ask


def test_json_is_the_document(asked: Any, plan: Plan) -> None:  # noqa: ANN401
    """By default, and for whoever takes anything."""
    for accept in ("*/*", "application/json", "application/*;q=0.1"):
        answer = asked(accept)
        assert answer.text == canonical_json(plan)
        assert answer.headers["Vary"] == "Accept, Accept-Encoding"
        assert answer.headers["ETag"].startswith(f'"{plan.content_hash}')


def test_csv_and_parquet_are_a_table(asked: Any, plan: Plan) -> None:  # noqa: ANN401
    """The one that is named, with the rows of the audit's; the first by default."""
    tables = {x.name: x for x in tables_of("plan", plan)}
    levels = tables["plan_levels"]
    answer = asked(CSV, "?table=plan_levels")
    assert answer.headers["Content-Type"].startswith("text/csv; charset=utf-8")
    heads, *rows = csv.reader(io.StringIO(answer.text, newline=""))
    assert heads == [column.name for column in levels.columns]
    assert len(rows) == len(levels.rows) > 0
    read: Any = pyarrow.parquet.read_table(
        io.BytesIO(asked(PARQUET, "?table=plan_levels").content)
    )
    assert read.column_names == heads
    assert len(asked(CSV).text.splitlines()) == 2
    described = [*csv.DictReader(io.StringIO(asked(CSV, "?table=columns").text))]
    assert {x["table"] for x in described} == {x.name for x in tables.values()}


def test_a_workbook_has_all_tables(asked: Any, plan: Plan) -> None:  # noqa: ANN401
    """A sheet each, and one that describes the columns."""
    answer = asked(WORKBOOK)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        sheets = [x for x in archive.namelist() if "/worksheets/" in x]
    assert len(sheets) == len([x for x in tables_of("plan", plan) if x.columns]) + 1
    name = f"{plan.content_hash[:12]}-plan.xlsx"
    disposition = answer.headers["Content-Disposition"]
    assert disposition == f'attachment; filename="{name}"'


def test_each_format_has_its_own_tag(asked: Any) -> None:  # noqa: ANN401
    """What is known is not sent again; another format or table is."""
    answers = [
        asked(accept, query)
        for accept, query in (
            ("application/json", ""),
            (CSV, ""),
            (CSV, "?table=plan_levels"),
            (WORKBOOK, ""),
        )
    ]
    tags = [answer.headers["ETag"] for answer in answers]
    assert len(set(tags)) == len(tags)
    known = {"If-None-Match": tags[2]}
    assert asked(CSV, "?table=plan_levels", **known).status_code == 304
    assert asked(WORKBOOK, **known).status_code == 200


def test_a_browser_gets_a_page(asked: Any, plan: Plan) -> None:  # noqa: ANN401
    """That may use its own style, run nothing, and be framed by nobody."""
    answer = asked("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("inline; ")
    policy = answer.headers["Content-Security-Policy"]
    style = re.search("<style>(.*?)</style>", answer.text, re.DOTALL)
    assert style is not None
    digest = b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "frame-ancestors 'none'",
    ]
    assert f"Plan for {plan.provenance.instance_id}" in answer.text
    assert "<script" not in answer.text


def test_another_format_is_refused_with_those_offered(asked: Any) -> None:  # noqa: ANN401
    """The problem lists them; the plan is not sent."""
    answer = asked("image/png")
    assert answer.status_code == 406
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Vary"] == "Accept"
    assert all(kind in answer.json()["detail"] for kind in (CSV, PARQUET, WORKBOOK))


def test_a_plain_link_names_the_format(client: TestClient, plan: Plan) -> None:
    """Whatever the browser accepts; each is saved under its name, a page is shown."""
    path = f"/v1/plans/{plan.content_hash}"
    accept = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    hashed = plan.content_hash[:12]
    for wanted, media_type, saved in (
        ("json", "application/json", f'attachment; filename="{hashed}-plan.json"'),
        ("csv", "text/csv", f'attachment; filename="{hashed}-plan.csv"'),
        ("parquet", PARQUET, f'attachment; filename="{hashed}-plan.parquet"'),
        ("xlsx", WORKBOOK, f'attachment; filename="{hashed}-plan.xlsx"'),
        ("html", "text/html", f'inline; filename="{hashed}-plan.html"'),
    ):
        answer = client.get(f"{path}?format={wanted}", headers=accept)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith(media_type)
        assert answer.headers["Content-Disposition"] == saved
    levels = client.get(f"{path}?format=csv&table=plan_levels", headers=accept)
    assert levels.headers["Content-Disposition"].endswith('-plan_levels.csv"')


def test_a_format_that_is_none_is_a_mistake(client: TestClient, plan: Plan) -> None:
    """Told with those that are."""
    answer = client.get(f"/v1/plans/{plan.content_hash}?format=pdf")
    assert answer.status_code == 422
    (mistake,) = answer.json()["mistakes"]
    assert mistake["path"] == "query.format"
    for wanted in ("html", "xlsx", "csv", "parquet", "json"):
        assert f"'{wanted}'" in mistake["expected"]


def test_a_table_is_one_of_the_document(asked: Any) -> None:  # noqa: ANN401
    """Another name is not found, with those that are; JSON has no tables."""
    answer = asked(CSV, "?table=plan_level")
    assert answer.status_code == 404
    assert "plan_levels" in answer.json()["detail"]
    answer = asked("application/json", "?table=plan_levels")
    assert answer.status_code == 422
    assert answer.json()["mistakes"][0]["path"] == "query.table"


def answers(context: Context, plan: Plan) -> Iterator[tuple[str, str]]:
    """Store an analysis with tables and one without; yield their hashes by name."""
    subject_hash = plan.provenance.instance_hash
    found: dict[str, dict[str, object]] = {
        "replay": {
            "instance_hash": "of the case",
            "plan_hash": "of the plan",
            "period_days": 30.4375,
            "number_of_periods": 4,
            "replays": [],
        },
        "smps": {"instance": "tiny", "scenarios": 3},
    }
    with context.database.transaction() as session:
        for name, content in found.items():
            answer = {**content, "warnings": ["none"], "outputs": []}
            subject = AnalysisSubject(name, subject_hash, None)
            at = context.clock()
            yield name, AnalysisRepository(session).put(subject, answer, {}, at=at)


def test_an_analysis_without_tables_is_json_only(
    client: TestClient, context: Context, plan: Plan
) -> None:
    """The others have those of their record, without what JSON adds to it."""
    hashes = dict(answers(context, plan))
    path = f"/v1/analyses/{hashes['replay']}"
    assert client.get(path, headers={"Accept": CSV}).status_code == 200
    page = client.get(path, headers={"Accept": "text/html"})
    assert "A plan in the historic replays of its case." in page.text
    path = f"/v1/analyses/{hashes['smps']}"
    refused = client.get(path, headers={"Accept": WORKBOOK})
    assert refused.status_code == 406
    assert refused.json()["detail"].endswith("offered: application/json.")
    refused = client.get(f"{path}?format=xlsx")
    assert refused.status_code == 406
    assert refused.json()["detail"] == "It accepts format=xlsx; offered: json."
    saved = client.get(f"{path}?format=json").headers["Content-Disposition"]
    assert saved.endswith('-smps.json"')


def test_a_batch_is_a_table_of_all_variants(
    client: TestClient, tiny_case: Case
) -> None:
    """However few of them the JSON has; while it runs, clients ask again."""
    order = {
        "case": client.post("/v1/cases", json=tiny_case).json()["hash"],
        "grid": [{"path": "options.seed", "values": [1, 2, 3]}],
    }
    href = client.post("/v1/batches", json=order).json()["href"]
    assert len(client.get(f"{href}?limit=2").json()["rows"]) == 2
    answer = client.get(f"{href}?limit=2&table=batch_rows", headers={"Accept": CSV})
    assert len([*csv.DictReader(io.StringIO(answer.text))]) == 4
    assert "immutable" not in answer.headers["Cache-Control"]
    assert answer.headers["Retry-After"] == "2"
