"""Accounts, sessions, push subscriptions, the action log and quality records in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from signaling.adapters.store_memory.places import MemoryPlaces
from signaling.adapters.store_memory.refusals import require, vacant
from signaling.protocol.vocabulary import KioskId, LibraryId, StaffId
from signaling.service.ports import ActionEntry, PushSubscription, QualityRecord, Staff, StaffSession


class MemoryAccounts(MemoryPlaces):
    """The part of the fake that knows people with an account, and what they did."""

    def __init__(self) -> None:
        super().__init__()
        self._sessions: dict[bytes, StaffSession] = {}
        self._push: dict[str, PushSubscription] = {}
        self._actions: dict[str, ActionEntry] = {}
        self._qualities: dict[tuple[str, int, str], QualityRecord] = {}

    async def add_staff(self, staff: Staff) -> None:
        """Insert; raises Exists when the login is taken."""
        staff = replace(staff, login=staff.login.lower())
        vacant(staff.id, self._staff)
        vacant(staff.login, {other.login for other in self._staff.values()})
        self._require_library(staff.library_id)
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
        """Nobody signs in with it any more, nor is asked by push."""
        await self.remove_sessions_of(staff_id)
        for subscription in await self.push_of(staff_id):
            await self.remove_push(subscription.endpoint)
        staff = self._staff.get(staff_id)
        if staff is None or staff.disabled_at is not None:
            return False
        self._staff[staff_id] = replace(staff, disabled_at=now)
        return True

    async def update_staff(self, staff: Staff) -> None:
        """Replace name, roles, languages, e-mail, standby and alerts of an account; nothing else."""
        require(staff.id in self._staff, "there is no such account")
        self._staff[staff.id] = replace(
            self._staff[staff.id],
            name=staff.name,
            roles=staff.roles,
            languages=staff.languages,
            email=staff.email,
            standby=staff.standby,
            alerts=staff.alerts,
        )

    async def enable_staff(self, staff_id: StaffId) -> bool:
        """Undo `disable_staff`. True when it existed and was disabled."""
        staff = self._staff.get(staff_id)
        if staff is None or staff.disabled_at is None:
            return False
        self._staff[staff_id] = replace(staff, disabled_at=None)
        return True

    async def add_push(self, subscription: PushSubscription) -> None:
        """Remember a browser; one that is known already belongs to the new staff member from now on."""
        require(subscription.staff_id in self._staff, "there is no such account")
        self._push[subscription.endpoint] = subscription

    async def push_of(self, staff_id: StaffId) -> Sequence[PushSubscription]:
        """The browsers of a staff member."""
        return [subscription for _, subscription in sorted(self._push.items()) if subscription.staff_id == staff_id]

    async def remove_push(self, endpoint: str) -> None:
        """The browser takes no push any more."""
        self._push.pop(endpoint, None)

    async def add_action(self, entry: ActionEntry) -> None:
        """Write one line of the action log."""
        vacant(entry.id, self._actions)
        self._require_library(entry.library_id)
        self._actions[entry.id] = replace(entry, details=dict(entry.details))

    async def actions(self, library_id: LibraryId, *, before: datetime, limit: int) -> Sequence[ActionEntry]:
        """The latest lines before a time, newest first."""
        found = [entry for entry in self._actions.values() if entry.library_id == library_id and entry.at < before]
        return sorted(found, key=lambda entry: (entry.at, entry.id), reverse=True)[:limit]

    async def put_quality(self, record: QualityRecord) -> None:
        """Keep it; what was told earlier of the same visit, generation and end gives way."""
        self._require_library(record.library_id)
        self._qualities[record.visit_id, record.generation, record.party] = record

    async def qualities(
        self, library_id: LibraryId, *, kiosk_id: KioskId | None = None, before: datetime, limit: int
    ) -> Sequence[QualityRecord]:
        """The latest before a time, newest first; of one kiosk or of all."""
        found = [
            record
            for record in self._qualities.values()
            if record.library_id == library_id and record.at < before and kiosk_id in {None, record.kiosk_id}
        ]
        found.sort(key=lambda record: (record.visit_id, -record.generation, record.party))
        return sorted(found, key=lambda record: record.at, reverse=True)[:limit]

    async def add_session(self, session: StaffSession) -> None:
        """Remember a signed-in browser."""
        vacant(session.token_hash, self._sessions)
        require(session.staff_id in self._staff, "there is no such account")
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
