"""The URL of the database: from a setting, and shown without its password."""

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from service.errors import StoreUnusableError
from service.settings import Settings

SETTING = "STRONGROOM_DATABASE_URL"
FORMS = (
    "sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST:PORT/NAME, "
    "with @ and % in a password written as %40 and %25"
)


def database_url(settings: Settings) -> URL:
    """Return the URL of the database, or raise StoreUnusableError.

    The path of a file is absolute, for processes with another working directory.
    """
    given = settings.database_url
    if given is None:
        return _file(settings.database_file)
    url = _read(given.get_secret_value())
    match url.drivername:
        case "sqlite" if _names_a_file(url):
            return _file(Path(str(url.database)))
        case "postgresql" | "postgresql+psycopg" if _names_a_database(url):
            return url.set(drivername="postgresql+psycopg")
        case _:
            raise StoreUnusableError(SETTING, f"{url.drivername}://...", FORMS)


def shown(url: URL) -> str:
    """Return the URL without password and options, for people."""
    return url.set(query={}).render_as_string(hide_password=True)


def without_password(text: str, url: URL) -> str:
    """Return the message of a library on one line, without the password."""
    for secret in (url.password, url.query.get("password")):
        if secret:
            text = text.replace(str(secret), "***")
    return " ".join(text.split())


def _read(text: str) -> URL:
    try:
        return make_url(text)
    except (ArgumentError, ValueError):
        # Not the message of the library, which would quote the password.
        raise StoreUnusableError(SETTING, "a text that is no URL", FORMS) from None


def _names_a_file(url: URL) -> bool:
    is_plain = not (url.host or url.username or url.query)
    return is_plain and bool(url.database) and url.database != ":memory:"


def _names_a_database(url: URL) -> bool:
    # An @ in the host belongs to a password with an @ in it.
    return bool(url.database) and "@" not in (url.host or "")


def _file(path: Path) -> URL:
    return URL.create("sqlite", database=str(path.resolve()))
