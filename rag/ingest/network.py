"""Which machines may be asked for a page: public ones, and of the reader's own if allowed.

Pure tables and tests. Looks no name up and connects to nothing.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from rag.errors import BadSource
from rag.ingest.address import PORTS, Address, ip_of

_OWN_HINT = "For a page in your own network, use kutip add --allow-private."
_NEVER_HINT = "Save the page in your browser and add the file."
_OWN_NAMES = ("localhost", "local", "localdomain", "internal", "home.arpa", "lan")

# IANA's registries of special addresses as of 2025, and what clouds put beside them. The
# first list a reader may open, since home and office networks use them; the second nobody may.
_OWN = (
    ("this machine", "127.0.0.0/8 ::1/128"),
    ("a private network", "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7 fec0::/10"),
    ("a carrier's network", "100.64.0.0/10"),
    ("a test network", "198.18.0.0/15"),
)
_NEVER = (
    ("no machine", "0.0.0.0/8 ::/128"),
    ("a link-local address", "169.254.0.0/16 fe80::/10"),
    ("a cloud's own service", "168.63.129.16/32"),
    ("kept for protocols", "192.0.0.0/24 2001::/23"),
    ("kept for documents", "192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 2001:db8::/32 3fff::/20"),
    ("a tunnel", "192.88.99.0/24 2002::/16 3ffe::/16"),
    ("a translated address", "64:ff9b:1::/48"),
    ("a group of machines", "224.0.0.0/4 ff00::/8"),
    ("reserved", "240.0.0.0/4"),
)
_NETWORKS = tuple(
    (ipaddress.ip_network(network), own, why)
    for own, table in ((True, _OWN), (False, _NEVER))
    for why, networks in table
    for network in networks.split()
)
_GIVEN_OUT = ipaddress.IPv6Network("2000::/3")  # all other IPv6 addresses are nobody's
# Networks whose last 32 bits are an IPv4 address. A network with DNS64 reaches all of IPv4
# through the second; its readers need --allow-private.
_TRANSLATED = (
    (ipaddress.IPv6Network("::ffff:0:0/96"), "an IPv4 address in disguise"),
    (ipaddress.IPv6Network("64:ff9b::/96"), "a translated address"),
)
_ISATAP = 0x00005EFE  # bits 32 to 63 of an address tunnelled to the IPv4 one behind them
_ISATAP_MASK = 0xFCFFFFFF


def refused(
    address: str | ipaddress.IPv4Address | ipaddress.IPv6Address, *, allow_private: bool = False
) -> str | None:
    """Why no connection may be made to this IP address, in words; None if one may.

    With `allow_private` the networks that readers own are open; link-local addresses (where
    clouds keep their secrets), groups, tunnels and reserved ones stay shut. Text that is no
    IP address in its plain spelling is refused.

    >>> refused("127.0.0.1"), refused("8.8.8.8"), refused("127.0.0.1", allow_private=True)
    ('this machine', None, None)
    """
    ip = ip_of(address) if isinstance(address, str) else address
    if ip is None:
        return "no IP address"
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.scope_id is not None:
            return "a link-local address"
        for network, why in _TRANSLATED:
            if ip in network:
                inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
                return refused(inner, allow_private=True) if allow_private else why
    for special, own, why in _NETWORKS:
        if ip in special:
            return None if own and allow_private else why
    if isinstance(ip, ipaddress.IPv6Address):
        if ip not in _GIVEN_OUT:
            return "reserved"
        if (int(ip) >> 32) & _ISATAP_MASK == _ISATAP:
            return "a tunnel"
    return None


def check_address(address: Address, *, name: str, allow_private: bool) -> None:
    """Raise `BadSource` for an address that, before any look-up, names no public web server."""
    host = address.host
    if ip_of(host) is not None:
        check_found(address, [host], name=name, allow_private=allow_private)
    elif not allow_private and ("." not in host or _is_own(host)):
        raise BadSource(f"{name}: {address.given_host} is a private address", hint=_OWN_HINT)
    if not allow_private and address.port not in PORTS.values():
        raise BadSource(
            f"{name}: pages are fetched from ports 80 and 443, not {address.port}", hint=_OWN_HINT
        )


def check_found(address: Address, found: Sequence[str], *, name: str, allow_private: bool) -> None:
    """Raise `BadSource` if any of the IP addresses found for a host may not be asked.

    One is enough: a name that stands for a public and a private machine is a trap.
    """
    for ip in found:
        why = refused(ip, allow_private=allow_private)
        if why is None:
            continue
        host = address.given_host
        told = why if ip == address.host else f"{ip}, {why}"
        if refused(ip, allow_private=True):
            raise BadSource(f"{name}: {host} is a private address ({told})", hint=_NEVER_HINT)
        raise BadSource(f"{name}: {host} is a private address ({told})", hint=_OWN_HINT)


def _is_own(host: str) -> bool:
    return any(host == name or host.endswith("." + name) for name in _OWN_NAMES)
