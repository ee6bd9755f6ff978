"""Log lines, written by a process of its own: the one of the tests writes others."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.telemetry.request_ids import MAXIMUM_CHARACTERS, usable_id
from tests.service.processes import ran

PROGRAM = """
import logging, sys
from service.telemetry.logs import write_logs
from service.telemetry.request_ids import begin_request
from tests.service.processes import ran
log_format, level, job = sys.argv[1:]
write_logs(level, log_format, job=job)
begin_request("r-1")
logger = logging.getLogger("uvicorn.error")
logger.debug("too much")
logger.info("up on %d", 8000, extra={"color_message": "red", "path": "/a b\\n\\x1b[0m"})
try:
    raise RuntimeError("over\\ntwo lines")
except RuntimeError:
    logger.exception("it went wrong")
"""


def lines_of(log_format: str, level: str = "info", job: str = "j-1") -> list[str]:
    """Return what such a process writes."""
    ended = ran(PROGRAM, log_format, level, job)
    assert ended.stdout == ""
    return ended.stderr.splitlines()


def test_a_line_is_a_json_object() -> None:
    """It has the fields of the call, the request and those of every line."""
    first, second = map(json.loads, lines_of("json"))
    expected = {
        "level": "info",
        "logger": "uvicorn.error",
        "event": "up on 8000",
        "path": "/a b\n\x1b[0m",
        "request_id": "r-1",
        "job": "j-1",
    }
    assert first.items() >= expected.items()
    assert first.keys() - expected.keys() == {"timestamp", "process"}
    assert "RuntimeError: over\ntwo lines" in second["exception"]


def test_a_line_is_key_and_value() -> None:
    """Nothing that a client can choose begins another line or steers a terminal."""
    first, second = lines_of("logfmt")
    assert ' level=info logger=uvicorn.error event="up on 8000" ' in first
    assert " request_id=r-1" in first
    assert first.isprintable()
    assert '/a b\\n\\x1b[0m"' in first.replace("\\\\", "\\")
    assert "RuntimeError" in second


@pytest.mark.parametrize(("level", "number"), [("debug", 3), ("info", 2), ("error", 1)])
def test_what_is_less_severe_is_not_written(level: str, number: int) -> None:
    """The setting is the least severity."""
    assert len(lines_of("json", level)) == number


@pytest.mark.parametrize("brought", ["a", "7f3c-1", "Root=1-67891233-abc:x.y/z@+"])
def test_an_id_that_is_brought_is_kept(brought: str) -> None:
    """Ids of proxies and of clouds are among them."""
    assert usable_id(brought) == brought


@pytest.mark.parametrize(
    "brought", [None, "", "a b", 'a"', "a\n", "é", "x" * (MAXIMUM_CHARACTERS + 1)]
)
def test_an_id_that_cannot_be_used_is_replaced(brought: str | None) -> None:
    """Two requests without a usable one have two."""
    assert len({brought, usable_id(brought), usable_id(brought)}) == 3


@given(st.text())
def test_every_id_can_stand_in_a_header_and_in_a_line(brought: str) -> None:
    """It is short and has no space, no quote and nothing beyond ASCII."""
    found = usable_id(brought)
    assert 0 < len(found) <= MAXIMUM_CHARACTERS
    assert found.isascii()
    assert found.isprintable()
    assert not set(' "\\') & set(found)
