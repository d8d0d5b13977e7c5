"""Tells people about kiosks that need somebody, and that they are well again.

The rules (`signaling.domain.alerts`) say what is to be told; here it is found out to whom, and the notifier reaches
them. One look after the other, so nothing else changes an alert meanwhile. What it does not do: judge kiosks, write
texts, or keep the rows of kiosks in step (`health`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from signaling.domain.alerts import PATIENCE, Alert, Decision, Patience, Watched, decide, is_quiet
from signaling.domain.health import KioskHealth, judge
from signaling.domain.permissions import may
from signaling.domain.places import Directory, Library
from signaling.protocol.vocabulary import Action, BranchId, KioskId, Language, LibraryId
from signaling.service.health import HealthKeeper
from signaling.service.places import Places
from signaling.service.ports import Clock, Ids, PushSubscription, Staff, Store, StoreError
from signaling.service.standby import language_of

#: How often all kiosks are looked at. An alert waits for a minute anyway; the figures for Prometheus are no older.
LOOK_EVERY_S: Final = 5.0
#: When no way to anybody worked, it is tried again after this time.
TRY_AGAIN: Final = timedelta(minutes=5)
#: So long all messages of one look may take: a mail server that does not answer must not hold up the next look.
SEND_WITHIN_S: Final = 60.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class AlertNews:
    """One alert, with the names that people know.

    Attributes:
        branch_name: Empty when it is about several branches.
        kiosk_names: Of all its kiosks.
    """

    alert: Alert
    branch_name: str
    kiosk_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AlertRequest:
    """Everything that is news at one moment, for one person. Written in the person's language by the notifier.

    Attributes:
        found: What is wrong.
        mended: What is wrong no more.
        time_zone: Of the library: times are told in it.
        url: Of the health page.
    """

    email: str
    push: Sequence[PushSubscription]
    language: Language
    found: tuple[AlertNews, ...]
    mended: tuple[AlertNews, ...]
    time_zone: str
    url: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one request.

    Attributes:
        reached: At least one way took it.
        gone: Push endpoints that are gone for good.
    """

    reached: bool
    gone: Collection[str] = ()


class AlertNotifier(Protocol):
    """Reaches people who look after kiosks."""

    async def tell_alerts(self, request: AlertRequest) -> Delivery:
        """Send by every way there is; never raises."""


#: Shows how all kiosks in use are: each with its branch, its row and its verdict; and how many alerts are open.
Show = Callable[[Sequence[Watched], Mapping[KioskId, KioskHealth], datetime, int], None]


class Alerting:
    """The loop.

    Args:
        store: Keeps alerts, knows accounts and their browsers.
        places: Know kiosks and libraries.
        keeper: Knows how kiosks are.
        notifier: Reaches people.
        show: Where figures go.
        url: Of the health page.
        patience: How long something must be so before anybody is told.
    """

    def __init__(
        self,
        *,
        store: Store,
        places: Places,
        keeper: HealthKeeper,
        notifier: AlertNotifier,
        clock: Clock,
        ids: Ids,
        show: Show,
        url: str,
        patience: Patience = PATIENCE,
    ) -> None:
        self._store = store
        self._places = places
        self._keeper = keeper
        self._notifier = notifier
        self._clock = clock
        self._ids = ids
        self._show = show
        self._url = url
        self._patience = patience
        # What people were told while it could not be written: they must not be told again.
        self._unwritten: dict[str, Alert] = {}
        self._try_again_at: dict[LibraryId, datetime] = {}
        self._is_away = False

    async def run(self) -> None:
        """For ever: look at all kiosks."""
        while True:
            try:
                await self.look()
                self._is_away = False
            except StoreError as error:
                if not self._is_away:
                    _log.warning("alerts_wait_for_store", error=type(error).__name__)
                self._is_away = True
            await asyncio.sleep(LOOK_EVERY_S)

    async def look(self) -> None:
        """Look once: show figures, write alerts, tell people.

        Raises:
            StoreError: The database is away; what was told is not told again.
        """
        rows = await self._keeper.look()
        now = self._clock.now()
        directory = await self._places.directory()
        watched = _watched(directory, rows, now)
        for alert in list(self._unwritten.values()):
            await self._write(alert)
        alerts = await self._store.open_alerts()
        self._show([kiosk for of_library in watched.values() for kiosk in of_library], rows, now, _open_ones(alerts))
        for library in directory.libraries.values():
            own = [alert for alert in alerts if alert.library_id == library.id]
            await self._look_at(library, directory, own, watched[library.id], now)

    async def _look_at(
        self,
        library: Library,
        directory: Directory,
        alerts: Iterable[Alert],
        kiosks: Iterable[Watched],
        now: datetime,
    ) -> None:
        quiet = is_quiet(library.alert_quiet_from_min, library.alert_quiet_to_min, library.time_zone, now)
        decision = decide(
            library.id, alerts, kiosks, quiet=quiet, now=now, new_id=self._ids.new, patience=self._patience
        )
        for alert in decision.put:
            await self._store.put_alert(alert)
            if alert.told_at is None and alert.mended_at is None:
                _log.info("kiosk_alert", scope=alert.scope.value, code=alert.code.value, kiosks=len(alert.kiosk_ids))
        if not (decision.found or decision.mended) or now < self._try_again_at.get(library.id, now):
            return
        requests = await self._requests(library, directory, decision)
        deliveries = await asyncio.gather(*(self._deliver(request) for request in requests))
        reached = sum(delivery.reached for delivery in deliveries)
        if requests and not reached:
            self._try_again_at[library.id] = now + TRY_AGAIN
        else:
            self._try_again_at.pop(library.id, None)
            # With nobody to tell, what is wrong waits for somebody, and what is mended is done with.
            told = [replace(alert, told_at=now) for alert in decision.found] if requests else []
            told += [replace(alert, mended_told_at=now) for alert in decision.mended]
            self._unwritten |= {alert.id: alert for alert in told}
            for alert in told:
                await self._write(alert)
        if requests:
            _log.info("kiosk_alerts_told", found=len(decision.found), mended=len(decision.mended), people=reached)
        for endpoint in {endpoint for delivery in deliveries for endpoint in delivery.gone}:
            await self._store.remove_push(endpoint)

    async def _write(self, alert: Alert) -> None:
        await self._store.put_alert(alert)
        del self._unwritten[alert.id]

    async def _requests(self, library: Library, directory: Directory, decision: Decision) -> list[AlertRequest]:
        """One for each person who can be reached at all."""
        found = tuple(_news(alert, directory) for alert in decision.found)
        mended = tuple(_news(alert, directory) for alert in decision.mended)
        requests = []
        for person in alert_people(library.id, await self._store.all_staff()):
            push = await self._store.push_of(person.id)
            if person.email or push:
                language = language_of(person, library)
                requests.append(AlertRequest(person.email, push, language, found, mended, library.time_zone, self._url))
        return requests

    async def _deliver(self, request: AlertRequest) -> Delivery:
        try:
            async with asyncio.timeout(SEND_WITHIN_S):
                return await self._notifier.tell_alerts(request)
        except Exception as error:  # noqa: BLE001 - one person who cannot be reached must not keep the others away
            _log.error("kiosk_alert_not_told", error=type(error).__name__)
            return Delivery(reached=False)


def alert_people(library_id: LibraryId, accounts: Iterable[Staff]) -> list[Staff]:
    """Who wants to be told, and may see how the library's kiosks are."""
    return [
        person
        for person in accounts
        if person.alerts
        and person.disabled_at is None
        and person.library_id == library_id
        and may(person.roles, Action.VIEW_HEALTH)
    ]


def _watched(
    directory: Directory, rows: Mapping[KioskId, KioskHealth], now: datetime
) -> Mapping[LibraryId, list[Watched]]:
    """The kiosks in use of each library, as they are now."""
    found: dict[LibraryId, list[Watched]] = {library_id: [] for library_id in directory.libraries}
    for kiosk in directory.kiosks.values():
        if kiosk.revoked_at is None:
            library_id = directory.branches[kiosk.branch_id].library_id
            found[library_id].append(Watched(kiosk.id, kiosk.branch_id, judge(rows.get(kiosk.id), now)))
    return found


def _open_ones(alerts: Iterable[Alert]) -> int:
    return sum(alert.mended_at is None for alert in alerts)


def _news(alert: Alert, directory: Directory) -> AlertNews:
    branch = directory.branches.get(alert.branch_id or BranchId(""))
    kiosks = (directory.kiosks.get(kiosk_id) for kiosk_id in alert.kiosk_ids)
    return AlertNews(
        alert,
        branch.name if branch is not None else "",
        tuple(sorted(kiosk.name for kiosk in kiosks if kiosk is not None)),
    )
