"""Who is to be told what about kiosks, and when: once when it is found, once when it is mended.

What it is for: one message for one cause. All kiosks of a branch that are away at once are one branch's network; most
of all kiosks are the server's own. In the quiet hours messages wait. What it does not do: send anything.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from signaling.domain.health import Verdict
from signaling.protocol.health import (
    FINDINGS,
    LIGHT_TEST_EVERY_S,
    AlertScope,
    HealthArea,
    HealthCode,
    Light,
    in_order,
)
from signaling.protocol.vocabulary import BranchId, KioskId, LibraryId

#: So long something must be wrong before anybody is told of it: a program or a server that is started anew alarms
#: nobody. What kiosks tell each at their own time waits until every one of them has had its turn, because the same
#: cause may be behind all; and what only wants to be looked at waits longer.
AWAY_PATIENCE: Final = timedelta(seconds=60)
RED_PATIENCE: Final = timedelta(seconds=60)
SHARED_PATIENCE: Final = timedelta(seconds=LIGHT_TEST_EVERY_S + 60)
AMBER_PATIENCE: Final = timedelta(seconds=600)
#: So long something must be right again before it counts as mended.
MENDED_AFTER: Final = timedelta(seconds=60)
#: What begins within this time of each other is "at once".
AT_ONCE: Final = timedelta(minutes=10)
#: Most kiosks: at least this share of them, in at least so many branches.
NETWORK_PERCENT: Final = 60
NETWORK_BRANCHES: Final = 2

#: What the network can do to several kiosks at once.
_SHARED_AREAS: Final = frozenset({HealthArea.NETWORK, HealthArea.CALL})
#: A kiosk with one of these tells nothing of itself: what it told before is old.
_UNHEARD: Final = frozenset({HealthCode.AWAY, HealthCode.SILENT})
#: Calls fail because of these; who is told of the cause need not be told of what follows from it.
_STOPS_CALLS: Final = frozenset({HealthCode.SERVER_UNREACHED, HealthCode.RELAY_UNREACHED, HealthCode.RELAY_REFUSED})


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing that people were told of, or will be: one row.

    Attributes:
        scope: How much it takes down; `branch_id` is None with `NETWORK`.
        kiosk_ids: Which kiosks.
        told_at: When people were told; None while it waits.
        mended_at: When it was over.
        mended_told_at: When people were told that; an alert that was over before anybody was told is told to nobody.
    """

    id: str
    library_id: LibraryId
    scope: AlertScope
    branch_id: BranchId | None
    kiosk_ids: tuple[KioskId, ...]
    code: HealthCode
    found_at: datetime
    told_at: datetime | None = None
    mended_at: datetime | None = None
    mended_told_at: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Nothing more will come of it."""
        return self.mended_told_at is not None or (self.mended_at is not None and self.told_at is None)


@dataclass(frozen=True, slots=True)
class Watched:
    """One kiosk that is in use."""

    kiosk_id: KioskId
    branch_id: BranchId
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Patience:
    """How long something must be so before people are told.

    Attributes:
        away: A kiosk that is lost.
        red: What stops calls, at one kiosk by itself.
        shared: What stops calls and may have one cause for several kiosks.
        amber: What only wants to be looked at.
        mended: What is right again.
    """

    away: timedelta = AWAY_PATIENCE
    red: timedelta = RED_PATIENCE
    shared: timedelta = SHARED_PATIENCE
    amber: timedelta = AMBER_PATIENCE
    mended: timedelta = MENDED_AFTER

    def with_code(self, code: HealthCode) -> timedelta:
        """For one finding."""
        if code is HealthCode.AWAY:
            return self.away
        if FINDINGS[code].light is not Light.RED:
            return self.amber
        return self.shared if _is_shared(code) else self.red


#: What is usual.
PATIENCE: Final = Patience()


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done now.

    Attributes:
        put: Rows that are new or have changed; nobody was told anything by them.
        found: Of what people are to be told now that it is so. Each is in the store, or in `put`.
        mended: Of what people are to be told now that it is over.
    """

    put: tuple[Alert, ...] = ()
    found: tuple[Alert, ...] = ()
    mended: tuple[Alert, ...] = ()


def is_quiet(from_min: int, to_min: int, time_zone: str, now: datetime) -> bool:
    """Whether messages wait: from one minute of the local day until before another, past midnight too; equal is never.

    Args:
        from_min: 0 to 1440.
        to_min: 0 to 1440.
        time_zone: IANA name.
        now: Aware.
    """
    local = now.astimezone(ZoneInfo(time_zone))
    minute = local.hour * 60 + local.minute
    if from_min <= to_min:
        return from_min <= minute < to_min
    return minute >= from_min or minute < to_min


def decide(
    library_id: LibraryId,
    alerts: Iterable[Alert],
    kiosks: Iterable[Watched],
    *,
    quiet: bool,
    now: datetime,
    new_id: Callable[[], str],
    patience: Patience = PATIENCE,
) -> Decision:
    """Look at all kiosks of a library, and at what people know already.

    Args:
        library_id: Whose kiosks.
        alerts: Its alerts that are not over.
        kiosks: Its kiosks that are in use.
        quiet: Messages wait.
        now: Aware, UTC.
        new_id: Makes ids for new alerts.
        patience: How long things must be so.
    """
    book = _Book(library_id, alerts, kiosks, now, new_id, patience)
    book.look_at_what_is_open()
    for code in book.codes:
        if _is_shared(code):
            book.open_gathered(code)
        else:
            book.open_single(code)
    return book.decision(quiet=quiet)


def told(alert: Alert, now: datetime) -> Alert:
    """The row when people know of it, or of its end."""
    return replace(alert, told_at=now) if alert.mended_at is None else replace(alert, mended_told_at=now)


class _Book:
    """The alerts of one look, and what of them has changed."""

    def __init__(
        self,
        library_id: LibraryId,
        alerts: Iterable[Alert],
        kiosks: Iterable[Watched],
        now: datetime,
        new_id: Callable[[], str],
        patience: Patience,
    ) -> None:
        self._library_id = library_id
        self._patience = patience
        self._now = now
        self._new_id = new_id
        self._kiosks = {kiosk.kiosk_id: kiosk for kiosk in kiosks if kiosk.verdict.light is not Light.GREY}
        self._found = {
            kiosk.kiosk_id: {finding.code: finding.since for finding in kiosk.verdict.findings}
            for kiosk in self._kiosks.values()
        }
        self._before = {alert.id: alert for alert in alerts if not alert.is_over}
        self._alerts = dict(self._before)

    @property
    def codes(self) -> tuple[HealthCode, ...]:
        """Everything that is wrong anywhere, what explains others first."""
        return in_order(code for found in self._found.values() for code in found)

    def look_at_what_is_open(self) -> None:
        """What is over begins to be mended, what came back goes on, and what nobody can see any more is put away."""
        for alert in list(self._alerts.values()):
            seen = [kiosk_id for kiosk_id in alert.kiosk_ids if kiosk_id in self._kiosks]
            if not seen:
                self._close(alert)
            elif self._stands(alert, seen):
                self._alerts[alert.id] = replace(alert, mended_at=None)
            elif alert.mended_at is None:
                self._alerts[alert.id] = replace(alert, mended_at=self._now)

    def open_single(self, code: HealthCode) -> None:
        """An alert for each kiosk that has had this finding for long enough."""
        for kiosk in self._due(code):
            self._open(AlertScope.KIOSK, [kiosk], code)

    def open_gathered(self, code: HealthCode) -> None:
        """The same, with one alert where it has come over a whole branch, or over most kiosks, at once."""
        due = [kiosk for kiosk in self._due(code) if not self._joins(kiosk, code)]
        if not due:
            return
        last = max(self._since(kiosk, code) for kiosk in due)
        # Who has been out for long says nothing about the network of today, neither way.
        fresh = [kiosk for kiosk in self._with(code) if abs(last - self._since(kiosk, code)) <= AT_ONCE]
        well = [
            kiosk
            for kiosk in self._kiosks.values()
            if code not in self._found[kiosk.kiosk_id] and self._is_heard(kiosk, code)
        ]
        if _is_most(fresh, len(fresh) + len(well)):
            self._open(AlertScope.NETWORK, fresh, code)
            return
        for branch_id in sorted({kiosk.branch_id for kiosk in due}):
            here = [kiosk for kiosk in fresh if kiosk.branch_id == branch_id]
            if len(here) > 1 and all(kiosk.branch_id != branch_id for kiosk in well):
                self._open(AlertScope.BRANCH, here, code)
            else:
                for kiosk in due:
                    if kiosk.branch_id == branch_id:
                        self._open(AlertScope.KIOSK, [kiosk], code)

    def decision(self, *, quiet: bool) -> Decision:
        """What has come of it."""
        put = tuple(alert for alert in self._alerts.values() if alert != self._before.get(alert.id))
        if quiet:
            return Decision(put)
        alive = [alert for alert in self._alerts.values() if not alert.is_over]
        return Decision(
            put,
            tuple(alert for alert in alive if alert.told_at is None),
            tuple(
                alert
                for alert in alive
                if alert.mended_at is not None and self._now - alert.mended_at >= self._patience.mended
            ),
        )

    # --- what is so ---------------------------------------------------------------------------------------

    def _since(self, kiosk: Watched, code: HealthCode) -> datetime:
        return self._found[kiosk.kiosk_id][code]

    def _is_heard(self, kiosk: Watched, code: HealthCode) -> bool:
        """Whether what is known of this finding is of today."""
        return code in _UNHEARD or not _UNHEARD & self._found[kiosk.kiosk_id].keys()

    def _with(self, code: HealthCode) -> list[Watched]:
        """Who has it."""
        return [
            kiosk
            for kiosk in self._kiosks.values()
            if code in self._found[kiosk.kiosk_id] and self._is_heard(kiosk, code)
        ]

    def _due(self, code: HealthCode) -> list[Watched]:
        """Who has had it for long enough, for no other cause that people are told of, and not told of yet."""
        covered = {
            kiosk_id
            for alert in self._alerts.values()
            if alert.code is code and not alert.is_over
            for kiosk_id in alert.kiosk_ids
        }
        follows = FINDINGS[code].area is HealthArea.CALL
        return [
            kiosk
            for kiosk in self._with(code)
            if self._now - self._since(kiosk, code) >= self._patience.with_code(code)
            and kiosk.kiosk_id not in covered
            and not (follows and _STOPS_CALLS & self._found[kiosk.kiosk_id].keys())
        ]

    def _stands(self, alert: Alert, seen: Sequence[KioskId]) -> bool:
        """Whether it is still so: of most of its kiosks, of each one of its branch, of its kiosk."""
        still = [self._kiosks[kiosk_id] for kiosk_id in seen if alert.code in self._found[kiosk_id]]
        if alert.scope is AlertScope.NETWORK:
            return _is_most(still, len(seen))
        return len(still) == len(seen)

    # --- what is done -------------------------------------------------------------------------------------

    def _joins(self, kiosk: Watched, code: HealthCode) -> bool:
        """Whether it belongs to what has come over its branch or the network; people are not told of it again."""
        for alert in self._alerts.values():
            if (
                alert.code is code
                and alert.mended_at is None
                and alert.scope is not AlertScope.KIOSK
                and alert.branch_id in {None, kiosk.branch_id}
                and abs(self._since(kiosk, code) - alert.found_at) <= AT_ONCE
            ):
                self._alerts[alert.id] = replace(alert, kiosk_ids=(*alert.kiosk_ids, kiosk.kiosk_id))
                return True
        return False

    def _open(self, scope: AlertScope, kiosks: Sequence[Watched], code: HealthCode) -> None:
        """A new alert. It takes the place of smaller ones about the same."""
        ids = {kiosk.kiosk_id for kiosk in kiosks}
        for alert in list(self._alerts.values()):
            if alert.code is code and not alert.is_over and ids.issuperset(alert.kiosk_ids):
                self._close(alert)
        new = Alert(
            self._new_id(),
            self._library_id,
            scope,
            None if scope is AlertScope.NETWORK else kiosks[0].branch_id,
            tuple(sorted(ids)),
            code,
            min(self._since(kiosk, code) for kiosk in kiosks),
        )
        self._alerts[new.id] = new

    def _close(self, alert: Alert) -> None:
        """Nobody is told that it is over."""
        over_at = alert.mended_at or self._now
        self._alerts[alert.id] = replace(
            alert, mended_at=over_at, mended_told_at=self._now if alert.told_at is not None else None
        )


def _is_shared(code: HealthCode) -> bool:
    """Whether one cause may bring it to several kiosks at once."""
    return code is HealthCode.AWAY or FINDINGS[code].area in _SHARED_AREAS


def _is_most(kiosks: Collection[Watched], of: int) -> bool:
    branches = {kiosk.branch_id for kiosk in kiosks}
    return len(branches) >= NETWORK_BRANCHES and len(kiosks) * 100 >= NETWORK_PERCENT * of
