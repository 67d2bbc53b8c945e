"""Which addresses may be called: the public internet, and what the operator allows besides.

The decision is about the resolved address that is then connected to, never about the spelling of a name, so decimal,
octal and IPv6-wrapped forms of a private address need no rule of their own (OWASP, Server-Side Request Forgery
Prevention). Ranges: IANA IPv4 and IPv6 Special-Purpose Address Registries.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterator
from dataclasses import dataclass

from .errors import Denied

VARIABLE = "BROADSHEET_ALLOW_PRIVATE_ADDRESSES"
WEB_PORTS = frozenset({80, 443})
FIRST_FREE_PORT = 1024  # below are services of machines, such as mail and shells, that HTTP could be made to talk to

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# Where clouds hand credentials to their machines: open to those only who list exactly this address.
METADATA = frozenset(
    map(ipaddress.ip_address, ("169.254.169.254", "169.254.170.2", "100.100.100.200", "fd00:ec2::254"))
)
# Not global, though Python 3.11 counts them so.
SPECIAL = tuple(
    map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "64:ff9b:1::/48", "fec0::/10", "5f00::/16"))
)
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
COMPATIBLE = ipaddress.IPv6Network("::/96")


@dataclass(frozen=True, slots=True)
class Policy:
    """``networks`` and ``hosts`` (lower case) may be called although they are private, over plain HTTP too."""

    networks: tuple[Network, ...] = ()
    hosts: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, text: str) -> Policy:
        """From names, addresses and CIDR ranges between commas or blanks. Raises Denied for a range that is none."""
        networks: list[Network] = []
        hosts: set[str] = set()
        for entry in text.replace(",", " ").split():
            try:
                networks.append(ipaddress.ip_network(entry, strict=False))
            except ValueError:
                if "/" in entry:
                    raise Denied(f"“{entry}” in {VARIABLE} is no range of addresses, such as 10.1.0.0/16.") from None
                hosts.add(_name(entry))
        return cls(tuple(networks), frozenset(hosts))

    @classmethod
    def from_environment(cls) -> Policy:
        """What the operator has set in ``BROADSHEET_ALLOW_PRIVATE_ADDRESSES``."""
        return cls.parse(os.environ.get(VARIABLE, ""))

    def refusal(self, host: str, address: Address, *, port: int, encrypted: bool) -> str:
        """Why *host* must not be called at *address*; empty when it may."""
        inner = tuple(_wrapped(address)) or (address,)
        if any(one in METADATA for one in (address, *inner)):
            exact = any(net.num_addresses == 1 and one in net for net in self.networks for one in inner)
            return "" if exact else f"“{host}” hands a cloud machine its credentials, and is not called."
        if _name(host) in self.hosts or any(one in net for net in self.networks for one in (address, *inner)):
            return ""
        if not all(_is_public(one) for one in (address, *inner)):
            return f"“{host}” lies in a private network. The operator can allow it by {VARIABLE}."
        if port not in WEB_PORTS and port < FIRST_FREE_PORT:
            return f"Port {port} is not one for the web. Use 443, or one from {FIRST_FREE_PORT} on."
        return "" if encrypted else f"“{host}” would be called without encryption. Use an address with https://."


def _name(host: str) -> str:
    return host.lower().rstrip(".")


def _is_public(address: Address) -> bool:
    if address.is_multicast or address.is_unspecified or any(address in net for net in SPECIAL):
        return False
    # 6to4 and Teredo are told apart by what they wrap; Python calls the latter private.
    if isinstance(address, ipaddress.IPv6Address) and (address.sixtofour or address.teredo or address.ipv4_mapped):
        return True
    return address.is_global


def _wrapped(address: Address) -> Iterator[Address]:
    """IPv4 addresses that an IPv6 address stands for, by whatever way of crossing over."""
    if isinstance(address, ipaddress.IPv4Address):
        return
    if address.ipv4_mapped:
        yield address.ipv4_mapped
    elif address.sixtofour:
        yield address.sixtofour
    elif address.teredo:
        yield from address.teredo
    elif address in NAT64 or (address in COMPATIBLE and int(address) > 1):
        yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
