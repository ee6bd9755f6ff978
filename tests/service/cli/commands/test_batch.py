"""strongroom batch: what if, many times over."""

import base64
import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from models.batch import BatchResult
from models.reading import read_instance
from service.app import create_app
from service.casefiles import load
from service.settings import Settings
from tests.cases import Case
from tests.service.cli.conftest import strongroom
from tests.service.fake_solver import SOLVER
from tests.service.waiting import wait_until

LIMIT = "financing.loan.limit_usd"
COVER = "materials.beta.minimum_days_of_cover"


def cells(output: str) -> list[list[str]]:
    """Return the cells of all table rows of an output."""
    rows = [line for line in output.splitlines() if line.startswith("│")]
    return [[cell.strip() for cell in row.strip("│").split("│")] for row in rows]


def test_table_and_progress() -> None:
    """The next dollar avoids 1.50 until 3 million buy all: the base is 2.25 for 1.5."""
    result = strongroom("batch", "two_materials", "--vary", f"{LIMIT}=0.5e6..2e6:4")
    assert result.exit_code == 0, result.output
    assert [[row[0], *row[2:5]] for row in cells(result.stdout)] == [
        ["0*", "$1.50 m", "$2.25 m", "+0.0 %"],
        ["1*", "$500 k", "$4.00 m", "+77.8 %"],
        ["2*", "$1.00 m", "$3.00 m", "+33.3 %"],
        ["3*", "$1.50 m", "$2.25 m", "+0.0 %"],
        ["4*", "$2.00 m", "$1.50 m", "-33.3 %"],
    ]
    assert "5 of 5: financing.loan.limit_usd=2000000: $1.50 m, gap 0 %" in result.stderr


RATE = "financing.loan.rate_per_year"


def test_a_warning_of_a_variant_has_its_name() -> None:
    """Once for all variants that have it; the base has none of its own."""
    words = ("batch", "two_materials", "--vary", f"{RATE}=0.05,5")
    batch = BatchResult.model_validate_json(strongroom(*words, "--json").stdout)
    assert [len(row.warnings) for row in batch.rows] == [0, 0, 1]
    (warning,) = batch.warnings
    assert warning.startswith(f"variants[{RATE}=5]: financing.facilities[loan].rate_")
    refused = strongroom(*words, "--strict", "--json")
    assert refused.exit_code == 2
    (mistake,) = json.loads(refused.stdout)["mistakes"]
    assert mistake["path"].startswith(f"variants[{RATE}=5].financing")


def test_two_axes_have_a_table_of_their_values() -> None:
    """1.5 million do not buy 350 days of beta; 3 million buy all there is to buy."""
    result = strongroom(
        *("batch", "two_materials", "--vary", f"{LIMIT}=1.5e6,3e6"),
        *("--vary", f"{COVER}=0,350"),
    )
    assert result.exit_code == 0, result.output
    assert [row for row in cells(result.stdout) if row[0].startswith("fin")] == [
        [f"{LIMIT}=1500000", "1", "$2.25 m", "$2.25 m", "1"],
        [f"{LIMIT}=3000000", "2", "$0", "$0", "3"],
    ]
    assert "minimum_cover[beta]" in result.stdout


def test_a_file_of_patches_and_a_file_of_the_answer(tmp_path: Path) -> None:
    """Variants by name; the document has all of it, in either form of output."""
    variants, output = tmp_path / "variants.yaml", tmp_path / "batch.json"
    variants.write_text(
        "calm: {events: []}\nrich: {options: {gap: 0.5}}\n", encoding="utf-8"
    )
    result = strongroom(
        *("batch", "two_materials", "--variants", variants, "--output", output),
        *("--measure", "mean_days_of_cover", "--measure", "drawn_usd", "--json"),
    )
    assert result.exit_code == 0, result.output
    batch = BatchResult.model_validate_json(result.stdout)
    assert batch == BatchResult.model_validate_json(output.read_text(encoding="utf-8"))
    assert [row.name for row in batch.rows] == ["base", "calm", "rich"]
    assert batch.rows[1].figures is not None
    assert batch.rows[1].figures.expected_shortage_cost_usd == 0
    assert [x.value for x in batch.comparison.measures] == [
        "mean_days_of_cover",
        "drawn_usd",
    ]


def test_variants_that_the_case_has(tmp_path: Path, tiny_case: Case) -> None:
    """By name, beside a grid; a variant is the same case as when it is solved alone."""
    own = tmp_path / "own.json"
    calm = {"title": "without events", "drop": {"events": ["chn-ban"]}}
    own.write_text(json.dumps(tiny_case | {"variants": {"calm": calm}}), "utf-8")
    words = ("--variant", "calm", "--vary", f"{LIMIT}=1e6,2e6", "--json")
    result = strongroom("batch", own, *words)
    assert result.exit_code == 0, result.output
    batch = BatchResult.model_validate_json(result.stdout)
    assert [row.name for row in batch.rows][:2] == ["base", "calm"]
    alone = tmp_path / "plan.json"
    assert strongroom("solve", f"{own}:calm", "--output", alone).exit_code == 0
    provenance = json.loads(alone.read_text(encoding="utf-8"))["provenance"]
    assert batch.rows[1].figures is not None
    assert batch.rows[1].figures.expected_shortage_cost_usd == 0
    assert provenance["instance_hash"] == batch.rows[1].case
    assert provenance["instance_id"] == "tiny:calm"


def test_unknown_variants_come_with_the_other_mistakes() -> None:
    """Each name has its own, beside those of axes and output."""
    words = ("--variant", "a", "--variant", "b", "--vary", "x", "--json")
    result = strongroom("batch", "project_vault", *words)
    assert result.exit_code == 2
    mistakes = json.loads(result.stdout)["mistakes"]
    assert [x["path"] for x in mistakes] == ["--vary", "--variant", "--variant"]
    assert "(niche, sixty_days_for_all, china_ineligible" in mistakes[1]["expected"]


def test_variants_without_a_plan() -> None:
    """If none has one, the base included, the exit status is that of solve."""
    words = ("--vary", f"{LIMIT}=1e6,1.2e6", "--set", f"{COVER}=350")
    result = strongroom("batch", "two_materials", *words)
    assert result.exit_code == 3, result.output
    assert [row[2] for row in cells(result.stdout)] == ["infeasible"] * 3


@pytest.mark.parametrize(
    ("words", "paths"),
    [
        ((), ["--vary"]),
        (("--vary", "a"), ["--vary"]),
        (("--vary", f"{LIMIT}=-1,-2"), [f"variants[{LIMIT}=-1]", f"[{LIMIT}=-2]"]),
        (
            ("--variants", "none.yaml", "--vary", "x", "--output", "no/x.json"),
            ["--vary", "none.yaml", "no/x.json"],
        ),
        *(
            (("--vary", "options.seed=1", "--server", url), ["--server"])
            for url in (
                "ftp://x",
                "http://x:99999",
                "http://x y:80",
                "http://[x",
                "http://",
                "http://x/\N{LATIN SMALL LETTER E WITH ACUTE}",
            )
        ),
        (
            ("--vary", "options.seed=1", "--server", "http://127.0.0.1:1"),
            ["--server"],
        ),
    ],
)
def test_all_mistakes_are_reported(words: tuple[str, ...], paths: list[str]) -> None:
    """Of the case, the axes, the file and the output; then of all variants."""
    result = strongroom("batch", "two_materials", *words, "--json")
    assert result.exit_code == 2, result.output
    mistakes = json.loads(result.stdout)["mistakes"]
    assert len(mistakes) == len(paths)
    for mistake, path in zip(mistakes, paths, strict=True):
        assert path in mistake["path"]


@pytest.fixture(scope="module")
def shared_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return the settings of a server without login that tests share."""
    folder = tmp_path_factory.mktemp("shared")
    return Settings(data_directory=folder, database_url=None, has_worker=True)


@pytest.fixture(scope="module")
def server(shared_settings: Settings) -> Generator[str]:
    """Yield the URL of that server, in a thread; its solver is invented."""
    with served(create_app(shared_settings, solver=SOLVER)) as address:
        yield f"http://{address}"


@contextmanager
def served(app: ASGIApp) -> Generator[str]:
    """Yield the address of an app that runs in a thread."""
    running = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=running.run)
    thread.start()
    try:
        wait_until(lambda: running.started)
        port = running.servers[0].sockets[0].getsockname()[1]
        yield f"127.0.0.1:{port}"
    finally:
        running.should_exit = True
        thread.join()


def test_a_server_solves_and_is_followed(case_file: Path, server: str) -> None:
    """Seed 1 is solved, 2 infeasible, 3 fails: the document has all three.

    A second time what has an answer is not solved again.
    """
    words = ("--vary", "options.seed=1..3:3", "--server", server, "--json")
    result = strongroom("batch", case_file, *words)
    assert result.exit_code == 0, result.output
    batch = BatchResult.model_validate_json(result.stdout)
    assert [row.plan is not None for row in batch.rows] == [True, True, False, False]
    assert batch.comparison.infeasible == (2,)
    assert batch.comparison.failures == (3,)
    assert "the solver lost its way" in (batch.rows[3].failure or "")
    followed = strongroom("batch", case_file, *words[:-1])
    assert "1 QUEUED" in followed.stderr or "1 RUNNING" in followed.stderr
    assert "3 SUCCEEDED" in followed.stderr


def test_a_server_solves_the_variants_of_a_file(
    tmp_path: Path, tiny_case: Case, server: str
) -> None:
    """They are sent with all they change."""
    own = tmp_path / "own.json"
    overlay = {"title": "calm", "drop": {"events": ["chn-ban"]}}
    own.write_text(json.dumps(tiny_case | {"variants": {"calm": overlay}}), "utf-8")
    words = ("--variant", "calm", "--server", server, "--json")
    result = strongroom("batch", own, *words)
    assert result.exit_code == 0, result.output
    rows = BatchResult.model_validate_json(result.stdout).rows
    case = read_instance(load(f"{own}:calm"))
    assert [row.case for row in rows[1:]] == [case.content_hash]


def test_mistakes_of_the_server_are_reported(case_file: Path, server: str) -> None:
    """In the same words as here."""
    words = ("batch", case_file, "--vary", "options.seed=1,-1", "--json")
    here = json.loads(strongroom(*words).stdout)["mistakes"]
    result = strongroom(*words, "--server", server)
    there = json.loads(result.stdout)["mistakes"]
    assert there == here
    assert here[0]["path"] == "variants[options.seed=-1].options.seed"


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("root_path", ["/tools/vault", None])
def test_a_proxy_asks_for_a_password(
    case_file: Path, shared_settings: Settings, root_path: str | None
) -> None:
    """It is sent with each request and not printed, nor is the path there doubled.

    The server may know the path under which the proxy serves it, or not. The worker of
    another server of the same store solves.
    """
    without_worker = {"has_worker": False, "root_path": root_path}
    app = create_app(shared_settings.model_copy(update=without_worker))
    seen: set[str | None] = set()

    async def proxy(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            seen.add(Headers(scope=scope).get("authorization"))
            assert scope["path"].startswith("/tools/vault/")
            scope["path"] = scope["path"].removeprefix("/tools/vault")
        await app(scope, receive, send)

    with served(proxy) as address:
        url = f"http://me:hunter%402@{address}/tools/vault/"
        words = ("--vary", "options.seed=1..2:2", "--server", url)
        result = strongroom("batch", case_file, *words)
    assert result.exit_code == 0, result.output
    assert seen == {f"Basic {base64.b64encode(b'me:hunter@2').decode()}"}
    assert f"batch http://{address}/tools/vault/v1/batches/" in result.stderr
    assert "hunter" not in result.output + result.stderr


@pytest.mark.parametrize(
    "url",
    [
        "http://me:hunter2@127.0.0.1:1",
        "http://me:hunter2@127.0.0.1:port",
        "http://me:hunter2/3@host",
        "http://me:hunter2@",
        "https://me:hunter2@ho st",
        "ftp://me:hunter2@host",
        "me:hunter2@host",
    ],
)
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_password_is_in_no_message(url: str, form: tuple[str, ...]) -> None:
    """Neither of a server that does not answer nor of a wrong URL."""
    words = ("--vary", f"{LIMIT}=1,2", "--server", url, *form)
    result = strongroom("batch", "two_materials", *words)
    assert result.exit_code == 2
    assert "--server" in result.output + result.stderr
    assert "hunter2" not in result.output + result.stderr


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_key_of_the_environment_is_sent(
    case_file: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not printed; without it the server refuses the batch."""
    has_worker = settings.model_copy(update={"has_worker": True})
    with served(create_app(has_worker, solver=SOLVER)) as address:
        check_key(case_file, f"http://{address}", settings, monkeypatch)


def check_key(
    case_file: Path, server: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Check it with an account of that server."""
    folder = ("--data-dir", settings.data_directory)
    strongroom("accounts", "add", "planner", "--role", "analyst", *folder)
    key = strongroom("accounts", "add-key", "planner", *folder).stdout.strip()
    words = ("batch", case_file, "--vary", "options.seed=1..2:2", "--server", server)
    refused = strongroom(*words)
    assert refused.exit_code == 2
    assert "401: The request needs a valid key or token" in " ".join(
        refused.stderr.split()
    )
    monkeypatch.setenv("STRONGROOM_API_KEY", key)
    result = strongroom(*words)
    assert result.exit_code == 0, result.output
    assert key not in result.output + result.stderr
