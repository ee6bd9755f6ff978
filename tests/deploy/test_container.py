"""The image: linted, and made of what the repository has."""

import re

from tests.deploy.deployed import DEPLOY, ROOT, TOOLS, ran

FILE = DEPLOY / "container" / "Dockerfile"


def test_hadolint_finds_nothing() -> None:
    """Neither a mistake nor a matter of style, with its own rules for the shell."""
    ended = ran(TOOLS / "hadolint", "--failure-threshold", "style", FILE)
    assert (ended.stdout, ended.returncode) == ("", 0)


def test_hadolint_finds_what_is_wrong() -> None:
    """A check that cannot fail is none."""
    path = DEPLOY.parent / "tests" / "deploy" / "wrong.Dockerfile"
    ended = ran(TOOLS / "hadolint", path)
    assert {"DL3006", "DL3008", "DL3025"} <= set(re.findall(r"DL\d+", ended.stdout))
    assert ended.returncode == 1


def test_all_that_is_copied_is_there_and_goes_to_the_builder() -> None:
    """The file that says what is ignored lets it through."""
    text = FILE.read_text(encoding="utf-8")
    copied = {
        name
        for words in re.findall(r"^COPY (?!--from)(.*)$", text, re.MULTILINE)
        for name in words.split()[:-1]
    }
    ignored = FILE.with_name("Dockerfile.dockerignore").read_text(encoding="utf-8")
    assert copied == {x[1:] for x in ignored.splitlines() if x.startswith("!")}
    assert {name for name in copied if not (ROOT / name).exists()} == set()


def test_it_runs_as_nobody_in_particular() -> None:
    """The last user is a number, so that Kubernetes can see that it is not root."""
    users = re.findall(r"^USER (.*)$", FILE.read_text(encoding="utf-8"), re.MULTILINE)
    assert users == ["10001:10001"]
