"""What this machine is called, and where others reach it."""

from __future__ import annotations

import ipaddress
import socket
from contextlib import suppress
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_ELSEWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
"""Addresses kept for documents: asking by which of one's own they would be reached sends nothing."""


def own_names() -> tuple[str, ...]:
    """The names of this machine in lower case: its own, the one that phones find without a server for names, and localhost."""
    name = socket.gethostname().lower()
    return tuple(dict.fromkeys((name, f"{name.split('.')[0]}.local", "localhost")))


def own_addresses() -> tuple[Address, ...]:
    """The addresses of this machine, first those by which others reach it."""
    found: list[str] = []
    for family, elsewhere in _ELSEWHERE:
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((elsewhere, 9))
            found.append(str(probe.getsockname()[0]))
    with suppress(OSError):
        found += [str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None, type=socket.SOCK_STREAM)]
    found += ["127.0.0.1", "::1"]
    return tuple(dict.fromkeys(ipaddress.ip_address(address.partition("%")[0]) for address in found))


def host_for_phones(host: str) -> str:
    """By what name others reach a server that a browser asked for by ``host``: another only where that means "this machine" to all."""
    asked = urlsplit(f"//{host}")
    name = asked.hostname or ""
    is_here = name == "localhost"
    with suppress(ValueError):
        is_here = ipaddress.ip_address(name).is_loopback
    if not is_here:
        return host
    port = f":{asked.port}" if asked.port else ""
    outer = next((address for address in own_addresses() if address.version == 4 and not address.is_loopback), None)
    return f"{outer or socket.gethostname()}{port}"
