"""Places and kiosks in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from signaling.adapters.store_memory.lines import MemoryLines
from signaling.adapters.store_memory.refusals import require, vacant
from signaling.domain.health import KioskHealth
from signaling.domain.model import LineState, Visit
from signaling.domain.places import Branch, Card, DayException, Directory, Kiosk, KioskOrder, Library, Service, Team
from signaling.protocol.health import SETTLED_ORDERS
from signaling.protocol.vocabulary import (
    BranchId,
    CardId,
    KioskId,
    LibraryId,
    LineId,
    ServiceId,
    StaffId,
    TeamId,
    VisitState,
)
from signaling.service.health_ports import HealthPoint
from signaling.service.ports import MAX_OPEN_CHALLENGES, EnrolOutcome, InUse, Place, Staff


@dataclass(frozen=True, slots=True)
class Code:
    """An enrolment code."""

    kiosk_id: KioskId
    expires_at: datetime
    used_at: datetime | None = None


class MemoryPlaces(MemoryLines):
    """The part of the fake that knows places and devices."""

    def __init__(self) -> None:
        super().__init__()
        self._libraries: dict[LibraryId, Library] = {}
        self._branches: dict[BranchId, Branch] = {}
        self._services: dict[ServiceId, Service] = {}
        self._teams: dict[TeamId, Team] = {}
        self._cards: dict[CardId, Card] = {}
        self._exceptions: dict[tuple[date, str], DayException] = {}
        self._kiosks: dict[KioskId, Kiosk] = {}
        self._codes: dict[bytes, Code] = {}
        self._challenges: dict[bytes, tuple[KioskId, datetime]] = {}
        self._staff: dict[StaffId, Staff] = {}
        self._health: dict[KioskId, KioskHealth] = {}
        self._points: dict[tuple[KioskId, datetime], HealthPoint] = {}
        self._orders: dict[str, KioskOrder] = {}

    async def directory(self) -> Directory:
        """Everything kept about places and services (revoked kiosks too)."""
        return Directory(
            libraries=dict(self._libraries),
            branches=dict(self._branches),
            services=dict(self._services),
            kiosks=dict(self._kiosks),
            # Who was forgotten is in no team any more.
            teams={team.id: replace(team, members=team.members & self._staff.keys()) for team in self._teams.values()},
            cards=dict(self._cards),
            exceptions=tuple(exception for _, exception in sorted(self._exceptions.items(), key=lambda item: item[0])),
            orders=tuple(
                sorted(
                    (order for order in self._orders.values() if order.state not in SETTLED_ORDERS),
                    key=lambda order: (order.asked_at, order.id),
                )
            ),
        )

    async def add_library(self, library: Library) -> None:
        """Insert, with a line of its own; raises Exists."""
        vacant(library.id, self._libraries)
        self._require_line(library)
        self._libraries[library.id] = library
        self._lines[LineId(library.id)] = LineState()

    async def add_branch(self, branch: Branch) -> None:
        """Insert; raises Exists."""
        vacant(branch.id, self._branches)
        self._require_library(branch.library_id)
        self._branches[branch.id] = branch

    async def add_service(self, service: Service) -> None:
        """Insert; raises Exists."""
        vacant(service.id, self._services)
        self._require_library(service.library_id)
        self._services[service.id] = service

    async def put(self, place: Place) -> None:
        """Insert or replace one place, found by its id."""
        match place:
            case Library():
                require(place.id in self._libraries, "there is no such place")
                self._require_line(place)
                if self._libraries[place.id].line != place.line:
                    here = {branch.id for branch in self._branches.values() if branch.library_id == place.id}
                    self._refuse_with_visits(lambda visit: visit.branch_id in here)
                self._libraries[place.id] = place
            case Branch():
                require(place.id in self._branches, "there is no such place")
                self._require_library(place.library_id)
                self._branches[place.id] = place
            case Service():
                require(place.id in self._services, "there is no such place")
                self._require_library(place.library_id)
                self._services[place.id] = place
            case Team():
                self._require_library(place.library_id)
                require(place.members <= self._staff.keys(), "there is no such account")
                self._teams[place.id] = place
            case Card():
                self._require_library(place.library_id)
                require(place.branch_id is None or place.branch_id in self._branches, "there is no such branch")
                self._cards[place.id] = place
            case DayException():
                known = place.subject_id in self._branches or place.subject_id in self._services
                require(known, "there is no such service or branch")
                self._exceptions[place.day, place.subject_id] = place

    async def remove(self, place: Place) -> bool:
        """Delete one place; raises InUse."""
        match place:
            case Library():
                msg = "a library cannot be removed"
                raise InUse(msg)
            case Branch():
                self._free_branch(place)
                return self._branches.pop(place.id, None) is not None
            case Service():
                self._refuse_with_visits(lambda visit: visit.service_id == place.id)
                self._forget_exceptions(place.id)
                return self._services.pop(place.id, None) is not None
            case Team():
                if any(tier.team_id == place.id for service in self._services.values() for tier in service.tiers):
                    msg = "a service still rings this team"
                    raise InUse(msg)
                return self._teams.pop(place.id, None) is not None
            case Card():
                return self._cards.pop(place.id, None) is not None
            case DayException():
                return self._exceptions.pop((place.day, place.subject_id), None) is not None

    async def find_kiosk(self, kiosk_id: KioskId) -> Kiosk | None:
        """By id, revoked or not."""
        return self._kiosks.get(kiosk_id)

    async def add_kiosk(self, kiosk: Kiosk, code_hash: bytes, code_expires_at: datetime) -> None:
        """Insert a kiosk together with its one-time enrolment code."""
        vacant(kiosk.id, self._kiosks)
        vacant(code_hash, self._codes)
        require(kiosk.branch_id in self._branches, "there is no such branch")
        self._kiosks[kiosk.id] = kiosk
        self._codes[code_hash] = Code(kiosk.id, code_expires_at)

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

    async def renew_code(self, kiosk_id: KioskId, code_hash: bytes, code_expires_at: datetime) -> bool:
        """A new one-time enrolment code; those that are not used yet work no more."""
        kiosk = self._kiosks.get(kiosk_id)
        if kiosk is None or kiosk.revoked_at is not None:
            return False
        vacant(code_hash, self._codes)
        self._codes = {
            key: code for key, code in self._codes.items() if code.kiosk_id != kiosk_id or code.used_at is not None
        }
        self._codes[code_hash] = Code(kiosk_id, code_expires_at)
        return True

    async def change_kiosk(self, kiosk: Kiosk) -> bool:
        """All but its branch, its key and whether it is revoked. True when it existed."""
        old = self._kiosks.get(kiosk.id)
        if old is None:
            return False
        self._kiosks[kiosk.id] = replace(
            kiosk, branch_id=old.branch_id, public_key=old.public_key, revoked_at=old.revoked_at
        )
        return True

    async def add_challenge(self, kiosk_id: KioskId, challenge: bytes, expires_at: datetime) -> None:
        """Remember a challenge for one use; the oldest of too many go."""
        vacant(challenge, self._challenges)
        require(kiosk_id in self._kiosks, "there is no such kiosk")
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

    def _require_library(self, library_id: LibraryId) -> None:
        require(library_id in self._libraries, "there is no such library")

    def _require_line(self, library: Library) -> None:
        require(library.line in {*self._lines, LineId(library.id)}, "there is no such line")

    def _free_branch(self, branch: Branch) -> None:
        here = {kiosk.id: kiosk for kiosk in self._kiosks.values() if kiosk.branch_id == branch.id}
        if any(kiosk.revoked_at is None for kiosk in here.values()):
            msg = "the branch still has kiosks"
            raise InUse(msg)
        self._refuse_with_visits(lambda visit: visit.branch_id == branch.id)
        self._codes = {key: code for key, code in self._codes.items() if code.kiosk_id not in here}
        self._challenges = {key: entry for key, entry in self._challenges.items() if entry[0] not in here}
        self._health = {key: health for key, health in self._health.items() if key not in here}
        self._points = {key: point for key, point in self._points.items() if point.kiosk_id not in here}
        self._orders = {key: order for key, order in self._orders.items() if order.kiosk_id not in here}
        self._kiosks = {key: kiosk for key, kiosk in self._kiosks.items() if key not in here}
        self._cards = {key: card for key, card in self._cards.items() if card.branch_id != branch.id}
        self._forget_exceptions(branch.id)

    def _refuse_with_visits(self, of_place: Callable[[Visit], bool]) -> None:
        if any(visit.state is not VisitState.ENDED and of_place(visit) for visit in self._open_visits()):
            msg = "there are visits that go on"
            raise InUse(msg)

    def _forget_exceptions(self, subject_id: str) -> None:
        self._exceptions = {key: value for key, value in self._exceptions.items() if value.subject_id != subject_id}
