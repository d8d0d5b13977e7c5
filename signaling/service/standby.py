"""Asks standby people when visitors wait too long or nobody is on duty.

The rules say that they are needed; here it is found out who that is, and the notifier reaches them. It runs beside
the line: a mail server that does not answer makes nobody wait. What it does not do: decide when they are asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Final

import structlog

from signaling.domain.effects import StandbyNeeded
from signaling.domain.model import LineState
from signaling.domain.places import Directory, Library, Service
from signaling.protocol.vocabulary import Language
from signaling.service.places import Places
from signaling.service.ports import Notifier, Staff, StandbyRequest, Store

#: So many requests may wait to be sent; a flood of them would be a fault of ours and no help to anybody.
MAX_WAITING: Final = 100

_log = structlog.get_logger(__name__)


class Standby:
    """Sends what the rules asked for, one service after the other.

    Args:
        store: Knows the accounts and their browsers.
        places: Know services and teams.
        notifier: Reaches people.
        url: Where the console is.
    """

    def __init__(self, *, store: Store, places: Places, notifier: Notifier, url: str) -> None:
        self._store = store
        self._places = places
        self._notifier = notifier
        self._url = url
        self._waiting: asyncio.Queue[tuple[StandbyNeeded, LineState]] = asyncio.Queue(MAX_WAITING)

    def needed(self, effect: StandbyNeeded, line: LineState) -> None:
        """Ask soon; returns at once.

        Args:
            effect: Which service, and why.
            line: As it was committed; who is on duty there is not asked.
        """
        try:
            self._waiting.put_nowait((effect, line))
        except asyncio.QueueFull:
            _log.error("standby_not_asked", service=effect.service_id, error="QueueFull")

    async def run(self) -> None:
        """For ever: ask whoever is needed."""
        while True:
            effect, line = await self._waiting.get()
            try:
                asked = await self.ask(effect, line)
            except Exception as error:  # noqa: BLE001 - of any way to reach people; its text could name an address
                _log.error("standby_not_asked", service=effect.service_id, error=type(error).__name__)
            else:
                _log.info("standby_asked", service=effect.service_id, cause=effect.cause.value, people=asked)

    async def ask(self, effect: StandbyNeeded, line: LineState) -> int:
        """Ask everybody who is needed now.

        Returns:
            How many people were asked.

        Raises:
            StoreError: The database is away.
        """
        directory = await self._places.directory()
        service = directory.services.get(effect.service_id)
        if service is None:
            return 0
        on_duty = {seat.staff_id for seat in line.seats.values() if seat.on_duty}
        people = [
            person
            for person in standby_people(service, directory, await self._store.all_staff())
            if person.id not in on_duty
        ]
        asked = 0
        for person in people:
            push = await self._store.push_of(person.id)
            if not person.email and not push:
                continue
            request = StandbyRequest(
                person.email,
                push,
                language_of(person, directory.libraries[person.library_id]),
                service.names,
                effect.cause,
                self._url,
            )
            try:
                gone = await self._notifier.ask_standby(request)
            except Exception as error:  # noqa: BLE001 - one person who cannot be reached must not keep the others away
                _log.error("standby_not_reached", service=effect.service_id, error=type(error).__name__)
                continue
            asked += 1
            for endpoint in gone:
                await self._store.remove_push(endpoint)
        return asked


def standby_people(service: Service, directory: Directory, accounts: Iterable[Staff]) -> list[Staff]:
    """Who wants to be asked for a service: the members of its teams; without teams, everybody of its library."""
    members = frozenset[str]().union(
        *(directory.teams[tier.team_id].members for tier in service.tiers if tier.team_id in directory.teams)
    )
    return [
        person
        for person in accounts
        if person.standby
        and person.disabled_at is None
        and (person.id in members if service.tiers else person.library_id == service.library_id)
    ]


def language_of(person: Staff, library: Library) -> Language:
    """In which language to write to somebody: the library's, if the person speaks it; else one that the person does."""
    if library.default_language in person.languages or not person.languages:
        return library.default_language
    return min(person.languages, key=list(Language).index)
