"""`Store` in memory: the fake of the tests. It keeps the same promises as the real one, by one contract test.

A line transaction works on values that are put in place only on a clean exit, one at a time per library.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Collection, Container, Hashable, Mapping, MutableMapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from signaling.domain.model import Deadline, LineState, Visit
from signaling.domain.places import Branch, Directory, Kiosk, Library, Service
from signaling.protocol.vocabulary import BranchId, KioskId, LibraryId, ServiceId, StaffId, VisitId
from signaling.service.ports import MAX_OPEN_CHALLENGES, EnrolOutcome, Exists, Staff, StaffSession, StoreError

K = TypeVar("K", bound=Hashable)

_VISITS_KEPT: Final = timedelta(days=90)
_DISABLED_STAFF_KEPT: Final = timedelta(days=90)
_CODES_KEPT: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class _Code:
    kiosk_id: KioskId
    expires_at: datetime
    used_at: datetime | None = None


class _Draft:
    """One line transaction: what it will leave behind."""

    def __init__(self, state: LineState) -> None:
        self.state = state
        self.settled: dict[VisitId, Visit] = {}

    async def load(self) -> LineState:
        """Read what the rules need."""
        return self.state

    async def save(self, before: LineState, after: LineState) -> None:
        """Keep what is different."""
        gone = [visit for visit_id, visit in before.visits.items() if visit_id not in after.visits]
        done = [visit for visit in after.visits.values() if visit.settled]
        for visit in (*gone, *done):
            self.settled[visit.id] = replace(visit, settled=True, request_id="", declined_by=frozenset())
        self.state = LineState(
            visits={key: visit for key, visit in after.visits.items() if not visit.settled},
            offers=dict(after.offers),
            seats=dict(after.seats),
            kiosks=dict(after.kiosks),
            deadlines=dict(after.deadlines),
        )


class MemoryStore:
    """Everything in dictionaries. See the port for what each method means."""

    def __init__(self) -> None:
        self._lines: defaultdict[LibraryId, LineState] = defaultdict(LineState)
        self._locks: defaultdict[LibraryId, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._settled: dict[VisitId, Visit] = {}
        self._libraries: dict[LibraryId, Library] = {}
        self._branches: dict[BranchId, Branch] = {}
        self._services: dict[ServiceId, Service] = {}
        self._kiosks: dict[KioskId, Kiosk] = {}
        self._codes: dict[bytes, _Code] = {}
        self._challenges: dict[bytes, tuple[KioskId, datetime]] = {}
        self._staff: dict[StaffId, Staff] = {}
        self._sessions: dict[bytes, StaffSession] = {}

    # the line -----------------------------------------------------------------------------------------

    @asynccontextmanager
    async def line(self, library_id: LibraryId) -> AsyncGenerator[_Draft, None]:
        """A write transaction that is alone on this library's line."""
        _require(library_id in self._libraries, "there is no such library")
        async with self._locks[library_id]:
            draft = _Draft(self._lines[library_id])
            yield draft
            self._lines[library_id] = draft.state
            self._settled.update(draft.settled)

    async def read_line(self, library_id: LibraryId) -> LineState:
        """Read without writing."""
        return self._lines[library_id]

    async def next_deadline(self) -> tuple[LibraryId, Deadline] | None:
        """The earliest deadline of all libraries, due or not."""
        found = [(line, deadline) for line, state in self._lines.items() for deadline in state.deadlines.values()]
        return min(found, key=lambda item: (item[1].due_at, item[1].kind, item[1].subject_id), default=None)

    async def find_visit(self, visit_id: VisitId) -> Visit | None:
        """Any visit, ended ones too."""
        live = (state.visits[visit_id] for state in self._lines.values() if visit_id in state.visits)
        return next(live, None) or self._settled.get(visit_id)

    # places -------------------------------------------------------------------------------------------

    async def directory(self) -> Directory:
        """Libraries, branches, services and kiosks (revoked ones too)."""
        return Directory(dict(self._libraries), dict(self._branches), dict(self._services), dict(self._kiosks))

    async def add_library(self, library: Library) -> None:
        """Insert; raises Exists."""
        _vacant(library.id, self._libraries)
        self._libraries[library.id] = library

    async def add_branch(self, branch: Branch) -> None:
        """Insert; raises Exists."""
        _vacant(branch.id, self._branches)
        _require(branch.library_id in self._libraries, "there is no such library")
        self._branches[branch.id] = branch

    async def add_service(self, service: Service) -> None:
        """Insert; raises Exists."""
        _vacant(service.id, self._services)
        _require(service.library_id in self._libraries, "there is no such library")
        self._services[service.id] = service

    # kiosks -------------------------------------------------------------------------------------------

    async def find_kiosk(self, kiosk_id: KioskId) -> Kiosk | None:
        """By id, revoked or not."""
        return self._kiosks.get(kiosk_id)

    async def add_kiosk(self, kiosk: Kiosk, code_hash: bytes, code_expires_at: datetime) -> None:
        """Insert a kiosk together with its one-time enrolment code."""
        _vacant(kiosk.id, self._kiosks)
        _vacant(code_hash, self._codes)
        _require(kiosk.branch_id in self._branches, "there is no such branch")
        self._kiosks[kiosk.id] = kiosk
        self._codes[code_hash] = _Code(kiosk.id, code_expires_at)

    async def enrol_kiosk(
        self, code_hash: bytes, public_key: bytes, now: datetime
    ) -> tuple[EnrolOutcome, Kiosk | None]:
        """Use up a code: bind the key."""
        code = self._codes.get(code_hash)
        if code is None:
            return EnrolOutcome.UNKNOWN, None
        if code.used_at is not None:
            return EnrolOutcome.USED, None
        if code.expires_at <= now:
            return EnrolOutcome.EXPIRED, None
        self._codes[code_hash] = replace(code, used_at=now)
        kiosk = replace(self._kiosks[code.kiosk_id], public_key=public_key)
        self._kiosks[kiosk.id] = kiosk
        return EnrolOutcome.ENROLLED, kiosk

    async def revoke_kiosk(self, kiosk_id: KioskId, now: datetime) -> bool:
        """True when it existed and was not revoked already. Its open enrolment code works no more."""
        kiosk = self._kiosks.get(kiosk_id)
        for code_hash, code in list(self._codes.items()):
            if code.kiosk_id == kiosk_id and code.used_at is None:
                del self._codes[code_hash]
        if kiosk is None or kiosk.revoked_at is not None:
            return False
        self._kiosks[kiosk_id] = replace(kiosk, revoked_at=now)
        return True

    async def add_challenge(self, kiosk_id: KioskId, challenge: bytes, expires_at: datetime) -> None:
        """Remember a challenge for one use; the oldest of too many go."""
        _vacant(challenge, self._challenges)
        _require(kiosk_id in self._kiosks, "there is no such kiosk")
        self._challenges[challenge] = (kiosk_id, expires_at)
        mine = [item for item in self._challenges.items() if item[1][0] == kiosk_id]
        mine.sort(key=lambda item: item[1][1], reverse=True)
        for old, _ in mine[MAX_OPEN_CHALLENGES:]:
            del self._challenges[old]

    async def take_challenge(self, kiosk_id: KioskId, challenge: bytes, now: datetime) -> bool:
        """Use it up: True once, and only before it expires. Also forgets expired ones."""
        self._challenges = {key: entry for key, entry in self._challenges.items() if entry[1] > now}
        entry = self._challenges.get(challenge)
        if entry is None or entry[0] != kiosk_id:
            return False
        del self._challenges[challenge]
        return True

    # staff --------------------------------------------------------------------------------------------

    async def add_staff(self, staff: Staff) -> None:
        """Insert; raises Exists when the login is taken."""
        staff = replace(staff, login=staff.login.lower())
        _vacant(staff.id, self._staff)
        _vacant(staff.login, {other.login for other in self._staff.values()})
        _require(staff.library_id in self._libraries, "there is no such library")
        self._staff[staff.id] = staff

    async def find_staff_by_login(self, login: str) -> Staff | None:
        """By login, lower case."""
        return next((staff for staff in self._staff.values() if staff.login == login.lower()), None)

    async def find_staff(self, staff_id: StaffId) -> Staff | None:
        """By id."""
        return self._staff.get(staff_id)

    async def all_staff(self) -> Sequence[Staff]:
        """Every account of every library, disabled ones too, by login."""
        return sorted(self._staff.values(), key=lambda staff: staff.login)

    async def set_password(self, staff_id: StaffId, password_hash: str, *, must_change: bool = False) -> None:
        """Replace it; `must_change` marks a one-time password."""
        if staff_id in self._staff:
            self._staff[staff_id] = replace(
                self._staff[staff_id], password_hash=password_hash, must_change_password=must_change
            )

    async def disable_staff(self, staff_id: StaffId, now: datetime) -> bool:
        """Nobody signs in with it any more, its sessions end."""
        await self.remove_sessions_of(staff_id)
        staff = self._staff.get(staff_id)
        if staff is None or staff.disabled_at is not None:
            return False
        self._staff[staff_id] = replace(staff, disabled_at=now)
        return True

    async def add_session(self, session: StaffSession) -> None:
        """Remember a signed-in browser."""
        _vacant(session.token_hash, self._sessions)
        _require(session.staff_id in self._staff, "there is no such account")
        self._sessions[session.token_hash] = session

    async def find_session(self, token_hash: bytes, now: datetime) -> tuple[StaffSession, Staff] | None:
        """A session that has not expired, of a staff member that is not disabled."""
        session = self._sessions.get(token_hash)
        if session is None or session.expires_at <= now:
            return None
        staff = self._staff[session.staff_id]
        return None if staff.disabled_at is not None else (session, staff)

    async def remove_session(self, token_hash: bytes) -> None:
        """Sign out."""
        self._sessions.pop(token_hash, None)

    async def remove_sessions_of(self, staff_id: StaffId) -> int:
        """Revoke all; returns how many there were."""
        theirs = [key for key, session in self._sessions.items() if session.staff_id == staff_id]
        for key in theirs:
            del self._sessions[key]
        return len(theirs)

    # housekeeping -------------------------------------------------------------------------------------

    async def forget_expired(self, now: datetime) -> Mapping[str, int]:
        """Apply the retention rules; returns rows removed per table."""
        return {
            "visits": _forget(
                self._settled, {v.id for v in self._settled.values() if v.opened_at <= now - _VISITS_KEPT}
            ),
            "staff_sessions": _forget(
                self._sessions, {s.token_hash for s in self._sessions.values() if s.expires_at <= now}
            ),
            "staff": _forget(
                self._staff,
                {s.id for s in self._staff.values() if s.disabled_at and s.disabled_at <= now - _DISABLED_STAFF_KEPT},
            ),
            "enrolment_codes": _forget(
                self._codes,
                {key for key, code in self._codes.items() if code.expires_at <= now - _CODES_KEPT},
            ),
            "challenges": _forget(
                self._challenges,
                {key for key, (_, expires_at) in self._challenges.items() if expires_at <= now},
            ),
        }

    async def ping(self) -> None:
        """Always there."""

    async def close(self) -> None:
        """Nothing to release."""


def _require(condition: object, otherwise: str) -> None:
    if not condition:
        raise StoreError(otherwise)


def _vacant(key: object, taken: Container[object]) -> None:
    if key in taken:
        msg = "the id or login is taken"
        raise Exists(msg)


def _forget(rows: MutableMapping[K, Any], keys: Collection[K]) -> int:
    for key in keys:
        del rows[key]
    return len(keys)
