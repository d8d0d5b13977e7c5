"""Everything that one console shows.

The line, the colleagues and the services are made once for all consoles; a seat's own ring and visit are small.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping

from pydantic import JsonValue

from signaling.domain.interruption import coming_back_until
from signaling.domain.model import Offer, Seat, Visit
from signaling.domain.paths import path_of
from signaling.domain.presence import is_answerable
from signaling.domain.reach import service_of
from signaling.domain.visit import IN_CALL, IN_LINE
from signaling.protocol.deltas import View
from signaling.protocol.messages import (
    CloseOutView,
    Colleague,
    LineEntry,
    Me,
    OfferView,
    OtherSeat,
    Pause,
    SeatView,
    StaffView,
    StaffVisit,
)
from signaling.protocol.vocabulary import EndReason, LibraryId, OfferKind, Party, SeatId, ServiceId, VisitState
from signaling.service.ports import Staff
from signaling.service.service_views import ServiceLook, in_vocabulary_order
from signaling.service.snapshots import Parts, Scene, as_json


class StaffLook:
    """One look at one line for its consoles.

    Args:
        scene: The line and the places.
        parts: What was shown before; None when nothing was.
    """

    def __init__(self, scene: Scene, parts: Parts | None = None) -> None:
        self._scene = scene
        self._parts = parts or Parts()
        self._services: dict[str, JsonValue] | None = None
        self._colleagues: dict[str, JsonValue] | None = None
        self._lines: dict[frozenset[ServiceId], dict[str, JsonValue]] = {}

    def view(self, staff: Staff, seat_id: SeatId, own: StaffLook | None = None) -> View:
        """Everything, as it travels. A seat that is gone shows as one that was never on duty.

        Args:
            staff: Who sits there.
            seat_id: Which seat.
            own: Another look, newer than this one, from which to take what is the seat's own.
        """
        return {**self.shared(staff, seat_id), **(own or self).own(staff, seat_id)}

    def shared(self, staff: Staff, seat_id: SeatId) -> Mapping[str, JsonValue]:
        """What consoles show alike: services, colleagues on duty, the visits that this person could answer."""
        if self._services is None:
            self._services = ServiceLook(self._scene, self._parts).of_line()
        if self._colleagues is None:
            self._colleagues = self._make_colleagues()
        answered = self._answered_by(staff)
        if answered not in self._lines:
            self._lines[answered] = self._make_line(answered)
        return {
            "services": self._services,
            "colleagues": {key: entry for key, entry in self._colleagues.items() if key != seat_id},
            "line": self._lines[answered],
        }

    def own(self, staff: Staff, seat_id: SeatId) -> Mapping[str, JsonValue]:
        """What only this console shows: the seat, its ring, its visit, what is left of the one before."""
        seat = self._scene.line.seats.get(seat_id)
        if seat is None:
            seat = Seat(seat_id, staff.id, staff.name, connected=False, languages=staff.languages)
        offer = self._scene.offers.get(seat_id)
        visit = self._scene.line.visits.get(seat.visit_id) if seat.visit_id is not None else None
        close_out = self._close_out(seat)
        return {
            "me": as_json(Me(staff_id=staff.id, name=staff.name, roles=tuple(sorted(staff.roles)))),
            "seat": as_json(_seat(seat)),
            "offer": as_json(self._offer(offer, staff, seat_id)) if offer is not None else None,
            "visit": as_json(self._visit(visit, seat, staff)) if visit is not None and visit.state in IN_CALL else None,
            "close_out": as_json(close_out) if close_out is not None else None,
        }

    # --- shared -------------------------------------------------------------------------------------------

    def _make_colleagues(self) -> dict[str, JsonValue]:
        return self._parts.entries(
            "colleagues",
            ((seat.id, as_json(_colleague(seat))) for seat in self._scene.line.seats.values() if seat.on_duty),
        )

    def _answered_by(self, staff: Staff) -> frozenset[ServiceId]:
        """Services whose visits this person could answer: the own library's, and those of the own teams."""
        directory = self._scene.directory
        return frozenset(
            service.id
            for service in directory.services.values()
            if service.library_id == staff.library_id
            or any(
                tier.team_id in directory.teams and staff.id in directory.teams[tier.team_id].members
                for tier in service.tiers
            )
        )

    def _make_line(self, answered: frozenset[ServiceId]) -> dict[str, JsonValue]:
        known = self._scene.directory.services
        return self._parts.entries(
            ("line", answered),
            (
                (visit.id, as_json(self._entry(visit)))
                for visit in self._scene.line.visits.values()
                if visit.state is not VisitState.ENDED
                and (visit.service_id in answered or visit.service_id not in known)
            ),
        )

    def _entry(self, visit: Visit) -> LineEntry:
        branch_name, kiosk_name = self._names_of(visit)
        seat = self._scene.line.seats.get(visit.seat_id) if visit.seat_id is not None else None
        waits = visit.state in IN_LINE
        return LineEntry(
            id=visit.id,
            state=visit.state,
            place=self._scene.places.get(visit.id, 0),
            branch_name=branch_name,
            kiosk_name=kiosk_name,
            service_id=visit.service_id,
            language=visit.language,
            opened_at=visit.opened_at,
            returned=visit.returned,
            seat_id=seat.id if seat is not None else None,
            seat_name=seat.name if seat is not None else "",
            ticket=visit.ticket,
            nobody=waits and self._scene.reach.nobody_for(visit) is not None,
            note=visit.note,
        )

    # --- a seat's own -------------------------------------------------------------------------------------

    def _offer(self, offer: Offer, staff: Staff, seat_id: SeatId) -> OfferView:
        visit = self._scene.line.visits[offer.visit_id]
        branch_name, kiosk_name = self._names_of(visit)
        branch = self._scene.directory.branches.get(visit.branch_id)
        generation = offer.prepared.get(seat_id, 0)
        asker = self._scene.line.seats.get(offer.asked_by) if offer.asked_by is not None else None
        return OfferView(
            id=offer.id,
            visit_id=visit.id,
            kind=offer.kind,
            branch_name=branch_name,
            kiosk_name=kiosk_name,
            service_id=visit.service_id,
            language=visit.language,
            opened_at=visit.opened_at,
            returned=visit.returned,
            deadline=offer.deadline,
            answers_for=self._answers_for(visit, staff.library_id),
            branch_notes=branch.notes if branch is not None else "",
            ticket=visit.ticket,
            asked_by=asker.name if asker is not None else "",
            generation=generation,
            kiosk_key=self._key_of(visit) if generation else "",
        )

    def _visit(self, visit: Visit, seat: Seat, staff: Staff) -> StaffVisit:
        branch_name, kiosk_name = self._names_of(visit)
        branch = self._scene.directory.branches.get(visit.branch_id)
        presence = self._scene.line.kiosks.get(visit.kiosk_id)
        return StaffVisit(
            id=visit.id,
            state=visit.state,
            branch_name=branch_name,
            branch_phone=branch.phone if branch is not None else "",
            branch_notes=branch.notes if branch is not None else "",
            kiosk_name=kiosk_name,
            kiosk_key=self._key_of(visit),
            kiosk_connected=presence is not None and presence.connected,
            service_id=visit.service_id,
            language=visit.language,
            opened_at=visit.opened_at,
            talking_since=visit.talking_since,
            held_since=visit.held_since,
            generation=path_of(visit, Party.STAFF, seat.id),
            answers_for=self._answers_for(visit, staff.library_id),
            ticket=visit.ticket,
            calling_until=visit.calling_until,
            guest=seat.id == visit.guest_seat_id,
            other=self._other(visit, seat.id),
            asked=self._asked(visit),
            coming_back_until=coming_back_until(self._scene.line, visit),
        )

    def _other(self, visit: Visit, seat_id: SeatId) -> OtherSeat | None:
        """The other end of the path between two seats. Who comes in offers: it knows first that it is there."""
        is_guest = seat_id == visit.guest_seat_id
        other_id = visit.seat_id if is_guest else visit.guest_seat_id
        other = self._scene.line.seats.get(other_id) if other_id is not None else None
        if other is None:
            return None
        return OtherSeat(
            seat_id=other.id,
            name=other.name,
            generation=visit.staff_generation,
            offers=is_guest,
            connected=other.connected,
        )

    def _asked(self, visit: Visit) -> str:
        """Whom a ring to join asks just now."""
        for offer in self._scene.line.offers.values():
            if offer.visit_id == visit.id and offer.kind is OfferKind.JOIN:
                seats = (self._scene.line.seats.get(seat_id) for seat_id in sorted(offer.seat_ids))
                return next((seat.name for seat in seats if seat is not None), "")
        return ""

    def _close_out(self, seat: Seat) -> CloseOutView | None:
        visit = self._scene.line.visits.get(seat.close_out_visit_id) if seat.close_out_visit_id is not None else None
        if visit is None or visit.ended_at is None:
            return None
        kiosk = self._scene.line.kiosks.get(visit.kiosk_id)
        flagged = visit.end_reason is EndReason.FLAGGED and kiosk is not None
        return CloseOutView(
            visit_id=visit.id,
            branch_name=self._names_of(visit)[0],
            ended_at=visit.ended_at,
            locked_until=kiosk.locked_until if flagged and kiosk is not None else None,
        )

    def _answers_for(self, visit: Visit, library_id: LibraryId) -> str:
        """The library for which somebody of another one answers; empty for the own."""
        owner = service_of(self._scene.setup, visit.service_id).library_id
        library = self._scene.directory.libraries.get(owner)
        return library.name if library is not None and owner != library_id else ""

    def _key_of(self, visit: Visit) -> str:
        """By which the console knows the kiosk at the other end."""
        kiosk = self._scene.directory.kiosks.get(visit.kiosk_id)
        return base64.b64encode((kiosk.public_key or b"") if kiosk is not None else b"").decode()

    def _names_of(self, visit: Visit) -> tuple[str, str]:
        kiosk = self._scene.directory.kiosks.get(visit.kiosk_id)
        branch = self._scene.directory.branches.get(visit.branch_id)
        return (branch.name if branch is not None else "", kiosk.name if kiosk is not None else "")


def staff_view(scene: Scene, staff: Staff, seat_id: SeatId) -> StaffView:
    """Everything that one console shows, checked."""
    return StaffView.model_validate(StaffLook(scene).view(staff, seat_id))


def _seat(seat: Seat) -> SeatView:
    return SeatView(
        id=seat.id,
        on_duty=seat.on_duty,
        sound=seat.sound,
        microphone=seat.microphone,
        camera=seat.camera,
        silent=seat.silent,
        answerable=is_answerable(seat),
        named=seat.named,
        pause=Pause(reason=seat.pause, until=seat.pause_until) if seat.pause is not None else None,
        asked_until=seat.asked_until,
        off_duty_cause=seat.off_duty_cause,
        languages=in_vocabulary_order(seat.languages),
        wrap_up_until=seat.wrap_up_until,
    )


def _colleague(seat: Seat) -> Colleague:
    return Colleague(
        id=seat.id,
        name=seat.name,
        answerable=is_answerable(seat),
        busy=seat.visit_id is not None,
        paused=seat.pause is not None,
        languages=in_vocabulary_order(seat.languages),
    )
