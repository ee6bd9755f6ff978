"""Webhooks go to public addresses only, however these are written or found."""

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.settings import networks_of
from service.webhooks.addresses import (
    Address,
    RefusedAddressError,
    check_url,
    is_public,
    target_of,
)

# The special-purpose registries of IANA, whatever is reachable of them, and multicast.
SPECIAL = networks_of(
    "0.0.0.0/8,10.0.0.0/8,100.64.0.0/10,127.0.0.0/8,169.254.0.0/16,172.16.0.0/12,"
    "192.0.0.0/24,192.0.2.0/24,192.88.99.0/24,192.168.0.0/16,198.18.0.0/15,"
    "198.51.100.0/24,203.0.113.0/24,224.0.0.0/4,240.0.0.0/4,255.255.255.255/32,"
    "::/128,::1/128,::/96,::ffff:0:0/96,64:ff9b::/96,64:ff9b:1::/48,100::/64,"
    "2001::/32,2001:2::/48,2001:10::/28,2001:20::/28,2001:db8::/32,2002::/16,"
    "3fff::/20,5f00::/16,fc00::/7,fe80::/10,fec0::/10,ff00::/8"
)


def within(
    network: ipaddress.IPv4Network | ipaddress.IPv6Network,
) -> st.SearchStrategy[Address]:
    """Return a strategy of addresses of a network, its first and last among them."""
    first, last = int(network[0]), int(network[-1])
    kind = ipaddress.IPv4Address if network.version == 4 else ipaddress.IPv6Address
    return st.sampled_from([first, last]).map(kind) | st.integers(first, last).map(kind)


@given(st.sampled_from(SPECIAL).flatmap(within))
def test_no_special_address_is_public(address: Address) -> None:
    """Of no range of the registries."""
    assert not is_public(address)


@given(st.sampled_from([x for x in SPECIAL if x.version == 4]).flatmap(within))
def test_a_special_address_is_refused_in_every_form(address: Address) -> None:
    """In other bases, in one part or four, inside IPv6, with a dot at the end."""
    number, parts = int(address), address.packed
    inside = [int(ipaddress.IPv6Address("::ffff:0:0")), 0, 0x64FF9B << 96]
    six = [ipaddress.IPv6Address(base | number) for base in inside]
    six.append(ipaddress.IPv6Address(0x2002 << 112 | number << 80))
    hosts = [
        str(address),
        f"{address}.",
        str(number),
        hex(number),
        f"0{number:o}",
        ".".join(f"0{x:o}" for x in parts),
        ".".join(hex(x) for x in parts),
        f"{parts[0]}.{number & 0xFFFFFF}",
        *(f"[{x}]" for x in six),
        *(f"[{x.exploded}]" for x in six),
    ]
    for host in hosts:
        for check in (check_url, target_of):
            with pytest.raises(RefusedAddressError):
                check(f"https://{host}/", ())


@given(st.integers(0, 2**32 - 1).map(ipaddress.IPv4Address))
def test_other_addresses_are_public(address: ipaddress.IPv4Address) -> None:
    """As the standard library has it, too."""
    is_special = any(address in x for x in SPECIAL if x.version == 4)
    assert is_public(address) is not is_special
    assert is_special or address.is_global


@pytest.mark.parametrize(
    "url",
    [
        "http://93.184.215.14/",
        "ftp://93.184.215.14/",
        "https://",
        "https:///path",
        "https://user@93.184.215.14/",
        "https://user:word@93.184.215.14/",
        "https://93.184.215.14@127.0.0.1/",
        "https://93.184.215.14:0/",
        "https://93.184.215.14:99999/",
        "https://93.184.215.14/#part",
        "https://93.184.215.14\\@127.0.0.1/",
        "https://93.184.215.14/a b",
        "https://93.184.215.14/\r\nHost: x",
        " https://93.184.215.14/",
        "https://\uff11\uff12\uff17.0.0.1/",
        "https://127\u30020\u30020\u30021/",
        "//93.184.215.14/",
        "file:///etc/passwd",
        "https://[::1%25eth0]/",
        "https://[fe80::1]/",
        "",
    ],
)
def test_a_url_that_can_be_misread_is_refused(url: str) -> None:
    """No user, no fragment, no spaces, no other scheme, nothing but ASCII."""
    with pytest.raises(RefusedAddressError):
        check_url(url, ())


def test_a_public_address_may_be_named() -> None:
    """With port, path and query."""
    target = target_of("https://93.184.215.14:8443/a/b?c=d", ())
    assert target.host_header == "93.184.215.14:8443"
    assert (target.path, target.is_encrypted) == ("/a/b?c=d", True)
    assert (
        target_of("https://[2606:2800:21f::1]", ()).host_header == "[2606:2800:21f::1]"
    )


def test_each_address_of_a_name_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is private among public ones is enough; the answer is asked once."""
    found, asked = ["93.184.215.14"], list[str]()

    def answer(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return [(0, 0, 0, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    target = target_of("https://example.com./x", ())
    assert (target.host, asked) == ("example.com", ["example.com"])
    assert target.addresses == (ipaddress.ip_address("93.184.215.14"),)
    for private in ("10.0.0.1", "::ffff:10.0.0.1", "fe80::1%eth0", "224.0.0.1"):
        found[1:] = [private]
        with pytest.raises(RefusedAddressError):
            target_of("https://example.com/", ())


def test_allowed_networks_are_reached_unencrypted_as_well() -> None:
    """Others are not, also with such a setting."""
    allowed = networks_of("127.0.0.0/8, fd00::/8")
    for url in ("http://127.0.0.1/", "https://127.9.9.9/", "http://[fd00::1]:8080/"):
        assert target_of(url, allowed).path == "/"
    for url in ("http://93.184.215.14/", "https://10.0.0.1/", "http://[::1]/"):
        with pytest.raises(RefusedAddressError):
            target_of(url, allowed)
