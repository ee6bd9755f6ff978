"""The compose file and the image: of the right form, and whole in themselves."""

import re
from pathlib import Path

import pytest
import yaml

from tests.deploy.deployed import DEPLOY, ROOT, TOOLS, compose, ran

FILE = DEPLOY / "compose" / "compose.yaml"


def is_valid(path: Path) -> bool:
    """Whether the schema of the compose specification accepts a file."""
    ended = ran(
        TOOLS / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", path
    )
    return ended.returncode == 0


def test_it_has_the_form_of_a_compose_file(tmp_path: Path) -> None:
    """The schema accepts it, and with a word that it does not know refuses it."""
    assert is_valid(FILE)
    wrong = compose()
    wrong["services"]["server"]["helthcheck"] = {}
    path = tmp_path / "compose.yaml"
    path.write_text(yaml.safe_dump(wrong), encoding="utf-8")
    assert not is_valid(path)


def test_a_database_a_server_and_two_workers() -> None:
    """Each waits for what it needs to be healthy, not only started."""
    services = compose()["services"]
    assert set(services) == {"database", "server", "worker"}
    assert services["worker"]["deploy"]["replicas"] == 2
    waiting = {
        name: {x: y["condition"] for x, y in service.get("depends_on", {}).items()}
        for name, service in services.items()
    }
    assert waiting == {
        "database": {},
        "server": {"database": "service_healthy"},
        "worker": {"server": "service_healthy"},
    }
    assert "healthcheck" in services["database"]


def test_all_that_is_named_is_declared() -> None:
    """Secrets and volumes."""
    found = compose()
    services = found["services"].values()
    assert {x for y in services for x in y.get("secrets", ())} == set(found["secrets"])
    mounts = {x.split(":")[0] for y in services for x in y.get("volumes", ())}
    files = {x for x in mounts if x.startswith("./")}
    assert mounts - files == set(found["volumes"])
    assert all((FILE.parent / x).is_file() for x in files)


def test_server_and_workers_share_the_tables_of_evaluations() -> None:
    """One volume, where the image has its data directory."""
    services = compose()["services"]
    mounts = [services[part]["volumes"] for part in ("server", "worker")]
    assert mounts[0] == mounts[1]
    (folder,) = (mount.split(":")[1] for mount in mounts[0])
    dockerfile = (DEPLOY / "container" / "Dockerfile").read_text(encoding="utf-8")
    assert f"STRONGROOM_DATA_DIRECTORY={folder} " in dockerfile


@pytest.mark.parametrize("part", ["server", "worker"])
def test_nothing_more_is_allowed_than_is_needed(part: str) -> None:
    """Read-only, without a capability, and reached from this machine alone."""
    service = compose()["services"][part]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert all(x.startswith("127.0.0.1:") for x in service.get("ports", ()))


def test_secrets_are_made_once_and_fit_each_other(tmp_path: Path) -> None:
    """The address has the password; a second call changes nothing."""
    script = tmp_path / "make-secrets.sh"
    script.write_bytes((FILE.parent / script.name).read_bytes())
    assert ran("/bin/sh", script).returncode == 0
    made = {x.name: x.read_text() for x in (tmp_path / "secrets").iterdir()}
    assert made.keys() == compose()["secrets"].keys()
    password = made["strongroom_password"]
    assert f"strongroom:{password}@database/" in made["strongroom_database_url"]
    assert [*map(len, (password, made["postgres_password"]))] == [48, 48]
    assert password != made["postgres_password"]
    assert ran("/bin/sh", script).returncode == 1
    assert made == {x.name: x.read_text() for x in (tmp_path / "secrets").iterdir()}
    assert (tmp_path / "secrets").stat().st_mode & 0o77 == 0


def test_the_role_of_server_and_workers_is_an_ordinary_one() -> None:
    """It owns its database; that of the image is a superuser, which nothing binds."""
    made = (FILE.parent / "make-role.sql").read_text(encoding="utf-8")
    assert "CREATE ROLE strongroom LOGIN PASSWORD" in made
    assert "CREATE DATABASE strongroom OWNER strongroom" in made
    assert "POSTGRES_USER" not in compose()["services"]["database"]["environment"]


IMAGE = DEPLOY / "container" / "Dockerfile"


def test_hadolint_finds_nothing() -> None:
    """Neither a mistake nor a matter of style, with its own rules for the shell."""
    ended = ran(TOOLS / "hadolint", "--failure-threshold", "style", IMAGE)
    assert (ended.stdout, ended.returncode) == ("", 0)


def test_hadolint_finds_what_is_wrong() -> None:
    """A check that cannot fail is none."""
    path = DEPLOY.parent / "tests" / "deploy" / "wrong.Dockerfile"
    ended = ran(TOOLS / "hadolint", path)
    assert {"DL3006", "DL3008", "DL3025"} <= set(re.findall(r"DL\d+", ended.stdout))
    assert ended.returncode == 1


def test_all_that_is_copied_is_there_and_goes_to_the_builder() -> None:
    """The ignore file allows it."""
    text = IMAGE.read_text(encoding="utf-8")
    copied = {
        name
        for words in re.findall(r"^COPY (?!--from)(.*)$", text, re.MULTILINE)
        for name in words.split()[:-1]
    }
    ignored = IMAGE.with_name("Dockerfile.dockerignore").read_text(encoding="utf-8")
    assert copied == {x[1:] for x in ignored.splitlines() if x.startswith("!")}
    assert {name for name in copied if not (ROOT / name).exists()} == set()


def test_it_runs_as_any_user() -> None:
    """The last user is a number, so that Kubernetes can see that it is not root."""
    users = re.findall(r"^USER (.*)$", IMAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert users == ["10001:10001"]
