"""Who can answer which service, through which tier, in which language.

Looked up once per state and service, because a line may have hundreds of seats. What it does not do: say who
rings (`routing`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from signaling.domain.model import LineState, Seat, Visit
from signaling.domain.places import Service, Setup
from signaling.domain.presence import is_answerable
from signaling.protocol.vocabulary import Language, LibraryId, Nobody, SeatId, ServiceId

#: The first tiers that each seat of the line answers for, by seat; seats that do not answer at all are missing.
Tiers = Mapping[SeatId, tuple[int, ...]]


def service_of(setup: Setup, service_id: ServiceId) -> Service:
    """The service, or one with every default that every seat answers, when nothing is kept about it."""
    return setup.directory.services.get(service_id) or Service(service_id, LibraryId(""), {})


class Reach:
    """The seats of one state, looked at from the services. What is found is remembered: of use until a seat changes."""

    def __init__(self, state: LineState, setup: Setup) -> None:
        self._state = state
        self._setup = setup
        self._tiers: dict[ServiceId, Tiers] = {}
        self._answerable: dict[ServiceId, list[Seat]] = {}
        self._nobody: dict[tuple[ServiceId, Language], Nobody | None] = {}
        self._in_tier: dict[tuple[ServiceId, Language, int], bool] = {}

    def service(self, service_id: ServiceId) -> Service:
        """As `service_of`."""
        return service_of(self._setup, service_id)

    def fits(self, seat: Seat, visit: Visit) -> bool:
        """It speaks the visitor's language and answers the service in some tier."""
        return self._speaks(seat, visit) and seat.id in self._tiers_of(visit.service_id)

    def may_ring(self, seat: Seat, visit: Visit) -> bool:
        """It fits, in a tier that is rung by now."""
        tiers = self._tiers_of(visit.service_id).get(seat.id, ())
        return self._speaks(seat, visit) and any(tier <= visit.tier for tier in tiers)

    def somebody_in_tier(self, visit: Visit, tier: int) -> bool:
        """An answerable seat of this very tier speaks the visitor's language; it may be busy."""
        key = (visit.service_id, visit.language, tier)
        if key not in self._in_tier:
            tiers = self._tiers_of(visit.service_id)
            there = [seat for seat in self.answerable(visit.service_id) if tier in tiers[seat.id]]
            self._in_tier[key] = any(self._speaks(seat, visit) for seat in there)
        return self._in_tier[key]

    def answerable(self, service_id: ServiceId) -> list[Seat]:
        """Answerable seats that answer this service in any tier and one of its languages."""
        if service_id not in self._answerable:
            tiers, languages = self._tiers_of(service_id), self.service(service_id).languages
            seats = [seat for seat in self._state.seats.values() if seat.id in tiers and is_answerable(seat)]
            self._answerable[service_id] = [seat for seat in seats if seat.languages & languages]
        return self._answerable[service_id]

    def nobody_for(self, visit: Visit) -> Nobody | None:
        """Why nobody can answer a visit that waits; None while somebody can, busy or not."""
        key = (visit.service_id, visit.language)
        if key not in self._nobody:
            answerable = self.answerable(visit.service_id)
            nobody = Nobody.LANGUAGE if answerable else Nobody.NOBODY_ON_DUTY
            self._nobody[key] = None if any(self._speaks(seat, visit) for seat in answerable) else nobody
        return self._nobody[key]

    def without_duty(self, service_ids: Iterable[ServiceId]) -> frozenset[ServiceId]:
        """Those of the services that no seat on duty answers in any tier, paused ones and all languages counted."""
        on_duty = [seat for seat in self._state.seats.values() if seat.on_duty]
        staff = {seat.staff_id for seat in on_duty}
        libraries = {seat.library_id for seat in on_duty}
        teams = self._setup.directory.teams
        result = set()
        for service in map(self.service, service_ids):
            members = (teams[tier.team_id].members for tier in service.tiers if tier.team_id in teams)
            covered = not all(map(staff.isdisjoint, members)) if service.tiers else service.library_id in libraries
            if not covered:
                result.add(service.id)
        return frozenset(result)

    # --- private ------------------------------------------------------------------------------------------

    def _speaks(self, seat: Seat, visit: Visit) -> bool:
        return visit.language in seat.languages and visit.language in self.service(visit.service_id).languages

    def _tiers_of(self, service_id: ServiceId) -> Tiers:
        found = self._tiers.get(service_id)
        if found is None:
            found = self._tiers[service_id] = self._look_up(self.service(service_id))
        return found

    def _look_up(self, service: Service) -> Tiers:
        seats = self._state.seats.values()
        if not service.tiers:
            return {seat.id: (0,) for seat in seats if service.library_id in {"", seat.library_id}}
        teams = self._setup.directory.teams
        members = [teams[tier.team_id].members if tier.team_id in teams else frozenset() for tier in service.tiers]
        tiers = {seat.id: tuple(n for n, team in enumerate(members) if seat.staff_id in team) for seat in seats}
        return {seat_id: found for seat_id, found in tiers.items() if found}
