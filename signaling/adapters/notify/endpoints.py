"""Which push addresses this server sends to.

A push address comes from a browser, so from outside: without a check, somebody could have this server post to
machines inside its network. So: https to a public host name only, no redirect, and whatever the name resolves to must
be a public address at the moment of connecting.
"""

from __future__ import annotations

from ipaddress import ip_address
from socket import AddressFamily
from typing import Final
from urllib.parse import SplitResult, urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult

from signaling.config.settings import is_this_machine

#: Names that mean something inside a network only.
_INSIDE: Final = (".localhost", ".local", ".internal", ".intranet", ".lan", ".home", ".corp", ".home.arpa")
HTTPS_PORT: Final = 443


def origin(endpoint: str) -> str:
    """Scheme, host and port: the audience that a VAPID token names."""
    parts = urlsplit(endpoint)
    return f"{parts.scheme}://{parts.netloc}"


def accepts(endpoint: str, *, allow_private: bool) -> bool:
    """Whether an address has the shape of a push service's.

    Args:
        endpoint: As a browser gave it.
        allow_private: Hosts inside the own network too, and plain http on this machine.
    """
    if not endpoint.isascii() or not endpoint.isprintable() or any(sign in endpoint for sign in " \\@#"):
        return False
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return False
    host = (parts.hostname or "").rstrip(".")
    if not host:
        return False
    if allow_private:
        return parts.scheme == "https" or (parts.scheme == "http" and is_this_machine(host))
    return parts.scheme == "https" and port in {None, HTTPS_PORT} and _is_public_name(host, parts)


def _is_public_name(host: str, parts: SplitResult) -> bool:
    last = host.rpartition(".")[2]
    # The last part of a public name is never a number; that leaves out every way to write an address.
    named = "." in host and ":" not in host and not last.isdigit() and not last.startswith("0x")
    return named and "[" not in parts.netloc and not host.endswith(_INSIDE)


class PublicOnly(AbstractResolver):
    """A resolver that finds public addresses only, so that no name can lead inside."""

    def __init__(self, inner: AbstractResolver) -> None:
        self._inner = inner

    async def resolve(
        self, host: str, port: int = 0, family: AddressFamily | int = AddressFamily.AF_INET
    ) -> list[ResolveResult]:
        """As the inner one, without private addresses.

        Raises:
            OSError: Nothing is left.
        """
        found = await self._inner.resolve(host, port, AddressFamily(family))
        public = [one for one in found if _is_public(one["host"])]
        if not public:
            raise OSError("no public address")
        return public

    async def close(self) -> None:
        """Close the inner one."""
        await self._inner.close()


def _is_public(address: str) -> bool:
    found = ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None)
    checked = mapped or found
    return checked.is_global and not checked.is_multicast
