"""The format of log lines: one for each event, key=value or JSON, on standard error.

All modules and the web server log with the standard library; further fields of a line
are passed as `extra`. Only this module decides how lines look.
"""

import logging
import logging.config
import os
import socket
from typing import Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

LogFormat = Literal["logfmt", "json"]
FIRST_KEYS = ("timestamp", "level", "logger", "event")
# They log every step at INFO.
TALKATIVE = ("alembic", "fontTools", "sqlalchemy")


def write_logs(level: str, log_format: LogFormat, **always: object) -> None:
    """Write the log lines of this process from a level on.

    always are fields of each line, for example the job of the process.
    """
    process = f"{socket.gethostname()}:{os.getpid()}"
    logging.config.dictConfig(
        {
            "version": 1,
            # Keep loggers that exist already.
            "disable_existing_loggers": False,
            "formatters": {
                "line": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": _gathered({"process": process, **always}),
                    "processors": _rendered(log_format),
                }
            },
            "handlers": {
                "standard error": {
                    "class": "logging.StreamHandler",
                    "formatter": "line",
                }
            },
            "root": {"handlers": ["standard error"], "level": level.upper()},
            "loggers": {name: {"level": "WARNING"} for name in TALKATIVE},
        }
    )
    logging.captureWarnings(capture=True)


def _gathered(always: dict[str, object]) -> list[Processor]:
    """Return the processors that collect the fields of a line."""

    def add_always(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
        return {**always, **line}

    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        add_always,
        _without_colours,
    ]


def _rendered(log_format: LogFormat) -> list[Processor]:
    """Return the processors that format a line."""
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if log_format == "json":
        return [remove, structlog.processors.JSONRenderer()]
    render = structlog.processors.LogfmtRenderer(key_order=FIRST_KEYS)
    return [remove, _on_one_line, render]


def _on_one_line(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """Escape characters that end a line or control a terminal: clients choose names."""
    for key, value in line.items():
        if not (text := str(value)).isprintable():
            line[key] = "".join(x if x.isprintable() else _spelt(x) for x in text)
    return line


def _spelt(character: str) -> str:
    return character.encode("unicode_escape").decode()


def _without_colours(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """Remove the copy of the text that the web server adds for terminals."""
    line.pop("color_message", None)
    return line
