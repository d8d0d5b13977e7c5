"""The whole look: every part at once, then one test call by the first way that works."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from signaling.adapters.doctor.clock import look_at_clock
from signaling.adapters.doctor.database import look_at_database
from signaling.adapters.doctor.findings import Code, Finding
from signaling.adapters.doctor.front import look_at_front
from signaling.adapters.doctor.people import look_at_mail, look_at_push
from signaling.adapters.relay_check import RelayProbe
from signaling.adapters.relay_check.words import words_of
from signaling.adapters.turn import CoturnCredentials
from signaling.config import Settings
from signaling.protocol.relay_address import RelayAddress
from signaling.protocol.vocabulary import RelayFinding
from signaling.service.ports import Clock, Turn

#: Who we are in the relay's log, and for its quota.
_OPAQUE_ID = "doctor"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for.

    Attributes:
        test_call: Make a call to the echo.
        clock_from: A web address whose time is believed; empty: none.
    """

    test_call: bool = True
    clock_from: str = ""


async def examine(settings: Settings, clock: Clock, wanted: Wanted) -> Sequence[Finding]:
    """Everything, in the order in which it should be mended."""
    database_url = settings.database.url.get_secret_value()
    turn = CoturnCredentials(settings.turn.urls, settings.turn.secret.get_secret_value(), settings.turn.ttl_s)
    database, times, front, relays, mail = await asyncio.gather(
        _unbroken(look_at_database(database_url)),
        _unbroken(look_at_clock(clock, database_url, wanted.clock_from)),
        _unbroken(look_at_front(settings.server, clock)),
        _unbroken(_look_at_relays(settings.turn.addresses(), turn, clock)),
        _unbroken(_one(look_at_mail(settings.mail))),
    )
    call = await _unbroken(_one(_call(relays, turn, clock, wanted)))
    return [*database, *times, *front, *relays, *mail, look_at_push(settings.push), *call]


async def _look_at_relays(addresses: Sequence[RelayAddress], turn: Turn, clock: Clock) -> Sequence[Finding]:
    if not addresses:
        return [Finding(Code.RELAY_NONE)]
    probe = RelayProbe(turn, clock)
    looks = await asyncio.gather(*(probe.look(address) for address in addresses))
    findings = []
    for address, outcome in zip(addresses, looks, strict=True):
        sentence, remedy = words_of(address, outcome)
        code = Code.RELAY_OK if outcome is RelayFinding.REACHED else Code.RELAY_NOT_USABLE
        said = {"url": address.url, "sentence": sentence, "remedy": remedy, "outcome": outcome.value}
        findings.append(Finding(code, said))
    return findings


async def _call(relays: Sequence[Finding], turn: CoturnCredentials, clock: Clock, wanted: Wanted) -> Finding:
    if not wanted.test_call:
        return Finding(Code.CALL_NOT_TRIED)
    from signaling.adapters.doctor.call import try_call  # a second, which the other looks need not wait for

    reached = [str(finding.said["url"]) for finding in relays if finding.code is Code.RELAY_OK]
    if not reached:
        return await try_call(None)
    # One address: the library uses only one of several.
    (grant,) = CoturnCredentials(reached[:1], turn.secret, turn.ttl_s).grant(_OPAQUE_ID, clock.now())
    return await try_call(grant)


async def _one(look: Awaitable[Finding]) -> Sequence[Finding]:
    return [await look]


async def _unbroken(look: Awaitable[Sequence[Finding]]) -> Sequence[Finding]:
    """A look that breaks is a finding, and no reason to leave out the others."""
    (found,) = await asyncio.gather(look, return_exceptions=True)
    if isinstance(found, BaseException):
        if not isinstance(found, Exception):
            raise found
        return [Finding(Code.LOOK_BROKE, {"error": type(found).__name__})]
    return found
