"""Addresses that a client takes, and what it makes of them."""

import pytest

from strongroom_client.address import read_address


@pytest.mark.parametrize(
    "url",
    [
        "https://vault.example",
        "http://127.0.0.1:8000",
        "http://localhost:8000/",
        "http://[::1]:8000",
    ],
)
def test_a_key_is_safe_on_the_way(url: str) -> None:
    """With TLS, or without leaving the machine."""
    address = read_address(url, allow_plain_http=False)
    assert address.of_path("/v1/jobs") == f"{url.rstrip('/')}/v1/jobs"


@pytest.mark.parametrize("url", ["http://vault.example", "http://127.0.0.1.example"])
def test_plain_http_must_be_allowed(url: str) -> None:
    """Others could read the key."""
    with pytest.raises(ValueError, match="expected https"):
        read_address(url, allow_plain_http=False)
    assert str(read_address(url, allow_plain_http=True)) == url


@pytest.mark.parametrize(
    "url",
    ["vault.example", "ftp://vault.example", "https://x?y", "https://", "https://x:y"],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    """With an example of one."""
    with pytest.raises(ValueError, match="the URL"):
        read_address(url, allow_plain_http=True)


def test_a_password_is_not_shown() -> None:
    """One in the URL is refused without showing it."""
    with pytest.raises(ValueError, match="expected none") as raised:
        read_address("https://me:secret@vault.example", allow_plain_http=False)
    assert "secret" not in str(raised.value)


def test_a_link_has_the_path_of_the_proxy_already() -> None:
    """A path of the interface has not."""
    address = read_address("https://vault.example/planning/", allow_plain_http=False)
    assert address.of_path("/v1/jobs") == "https://vault.example/planning/v1/jobs"
    link = "/planning/v1/jobs?limit=2"
    assert address.of_link(link) == f"https://vault.example{link}"
