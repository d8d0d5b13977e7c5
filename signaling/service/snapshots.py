"""What each role sees, and how a change of it travels.

Views are made from the line and the directory alone; a delta is the difference of two views. So snapshot +
deltas equals a fresh snapshot by construction, and a property test holds it to that.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Final, cast

from pydantic import JsonValue

from signaling.domain.line import availability, places
from signaling.domain.model import LineState, Offer, Seat, Visit
from signaling.domain.places import Directory, Setup
from signaling.domain.presence import is_answerable
from signaling.domain.visit import IN_CALL
from signaling.protocol.deltas import View, entries_of
from signaling.protocol.messages import (
    KEYED_FIELDS,
    AvailabilityView,
    CloseOutView,
    Colleague,
    Delta,
    KioskView,
    KioskVisit,
    LineEntry,
    Me,
    OfferView,
    SeatView,
    ServiceEntry,
    StaffView,
    StaffVisit,
)
from signaling.protocol.vocabulary import KioskId, LineId, SeatId, VisitState
from signaling.service.ports import Staff

#: So many first names fit on an idle screen; the wire takes no more.
MAX_NAMES: Final = 50


@dataclass(frozen=True, slots=True)
class Scene:
    """What all views of one line are made of: rows alone, no clock, so that no view changes by itself."""

    line_id: LineId
    setup: Setup
    line: LineState

    @property
    def directory(self) -> Directory:
        """The places."""
        return self.setup.directory

    def services(self) -> dict[str, ServiceEntry]:
        """The services of all libraries of the line."""
        return {
            service.id: ServiceEntry(id=service.id, names=dict(service.names))
            for service in self.directory.services.values()
            if self.directory.libraries[service.library_id].line == self.line_id
        }


def kiosk_view(scene: Scene, kiosk_id: KioskId) -> KioskView:
    """Everything that one kiosk shows. The kiosk must be in the directory."""
    kiosk = scene.directory.kiosks[kiosk_id]
    branch = scene.directory.branches[kiosk.branch_id]
    library = scene.directory.libraries[branch.library_id]
    now_so = availability(scene.line)
    return KioskView(
        kiosk_id=kiosk.id,
        kiosk_name=kiosk.name,
        library_name=library.name,
        branch_name=branch.name,
        phone=branch.phone,
        time_zone=library.time_zone,
        default_language=library.default_language,
        services=scene.services(),
        availability=AvailabilityView(answerable=now_so.answerable, free=now_so.free, names=now_so.names[:MAX_NAMES]),
        visit=_kiosk_visit(scene, kiosk_id),
    )


def staff_view(scene: Scene, staff: Staff, seat_id: SeatId) -> StaffView:
    """Everything that one console shows. A seat that is gone shows as one that was never on duty."""
    seat = scene.line.seats.get(seat_id) or Seat(seat_id, staff.id, staff.name, connected=False)
    return StaffView(
        me=Me(staff_id=staff.id, name=staff.name, roles=tuple(sorted(staff.roles))),
        seat=SeatView(
            id=seat.id,
            on_duty=seat.on_duty,
            sound=seat.sound,
            microphone=seat.microphone,
            camera=seat.camera,
            answerable=is_answerable(seat),
            named=seat.named,
            wrap_up_until=seat.wrap_up_until,
        ),
        services=scene.services(),
        colleagues={
            other.id: Colleague(
                id=other.id,
                name=other.name,
                answerable=is_answerable(other),
                busy=other.visit_id is not None,
            )
            for other in scene.line.seats.values()
            if other.id != seat_id and other.on_duty
        },
        line=_line(scene),
        offer=_offer_to(scene, seat_id),
        visit=_visit_of(scene, seat),
        close_out=_close_out_of(scene, seat),
    )


def as_json(view: KioskView | StaffView) -> View:
    """A view as it travels."""
    return cast(View, view.model_dump(mode="json"))


def difference(old: View, new: View, revision: int) -> Delta | None:
    """What leads from one view to the next, or None when they are equal."""
    changed: dict[str, JsonValue] = {}
    put: dict[str, dict[str, JsonValue]] = {}
    drop: dict[str, list[str]] = {}
    for name, value in new.items():
        before = old.get(name)
        if value == before:
            continue
        if name not in KEYED_FIELDS:
            changed[name] = value
            continue
        entries, entries_before = entries_of(value), entries_of(before)
        if added := {key: entry for key, entry in entries.items() if entries_before.get(key) != entry}:
            put[name] = added
        if gone := [key for key in entries_before if key not in entries]:
            drop[name] = gone
    if not (changed or put or drop):
        return None
    return Delta(revision=revision, set=changed, put=put, drop=drop)


# --- private ----------------------------------------------------------------------------------------------


def _kiosk_visit(scene: Scene, kiosk_id: KioskId) -> KioskVisit | None:
    for visit in scene.line.visits.values():
        if visit.kiosk_id == kiosk_id and visit.state is not VisitState.ENDED:
            seat = scene.line.seats.get(visit.seat_id) if visit.seat_id is not None else None
            return KioskVisit(
                id=visit.id,
                state=visit.state,
                service_id=visit.service_id,
                language=visit.language,
                place=places(scene.line).get(visit.id, 0),
                returned=visit.returned,
                generation=visit.generation,
                librarian_name=seat.name if seat is not None else "",
                seat_connected=seat is None or seat.connected,
                opened_at=visit.opened_at,
                held_since=visit.held_since,
            )
    return None


def _names_of(scene: Scene, visit: Visit) -> tuple[str, str]:
    kiosk = scene.directory.kiosks.get(visit.kiosk_id)
    branch = scene.directory.branches.get(visit.branch_id)
    return (branch.name if branch is not None else "", kiosk.name if kiosk is not None else "")


def _line(scene: Scene) -> dict[str, LineEntry]:
    place_of = places(scene.line)
    entries: dict[str, LineEntry] = {}
    for visit in scene.line.visits.values():
        if visit.state is VisitState.ENDED:
            continue
        branch_name, kiosk_name = _names_of(scene, visit)
        seat = scene.line.seats.get(visit.seat_id) if visit.seat_id is not None else None
        entries[visit.id] = LineEntry(
            id=visit.id,
            state=visit.state,
            place=place_of.get(visit.id, 0),
            branch_name=branch_name,
            kiosk_name=kiosk_name,
            service_id=visit.service_id,
            language=visit.language,
            opened_at=visit.opened_at,
            returned=visit.returned,
            seat_id=seat.id if seat is not None else None,
            seat_name=seat.name if seat is not None else "",
        )
    return entries


def _offer_to(scene: Scene, seat_id: SeatId) -> OfferView | None:
    offer: Offer | None = next((o for o in scene.line.offers.values() if seat_id in o.seat_ids), None)
    if offer is None:
        return None
    visit = scene.line.visits[offer.visit_id]
    branch_name, kiosk_name = _names_of(scene, visit)
    return OfferView(
        id=offer.id,
        visit_id=visit.id,
        branch_name=branch_name,
        kiosk_name=kiosk_name,
        service_id=visit.service_id,
        language=visit.language,
        opened_at=visit.opened_at,
        returned=visit.returned,
        deadline=offer.deadline,
    )


def _visit_of(scene: Scene, seat: Seat) -> StaffVisit | None:
    visit = scene.line.visits.get(seat.visit_id) if seat.visit_id is not None else None
    if visit is None or visit.state not in IN_CALL:
        return None
    branch_name, kiosk_name = _names_of(scene, visit)
    branch = scene.directory.branches.get(visit.branch_id)
    kiosk = scene.directory.kiosks.get(visit.kiosk_id)
    presence = scene.line.kiosks.get(visit.kiosk_id)
    return StaffVisit(
        id=visit.id,
        state=visit.state,
        branch_name=branch_name,
        branch_phone=branch.phone if branch is not None else "",
        branch_notes=branch.notes if branch is not None else "",
        kiosk_name=kiosk_name,
        kiosk_key=base64.b64encode((kiosk.public_key or b"") if kiosk is not None else b"").decode(),
        kiosk_connected=presence is not None and presence.connected,
        service_id=visit.service_id,
        language=visit.language,
        opened_at=visit.opened_at,
        talking_since=visit.talking_since,
        held_since=visit.held_since,
        generation=visit.generation,
    )


def _close_out_of(scene: Scene, seat: Seat) -> CloseOutView | None:
    visit = scene.line.visits.get(seat.close_out_visit_id) if seat.close_out_visit_id is not None else None
    if visit is None or visit.ended_at is None:
        return None
    return CloseOutView(visit_id=visit.id, branch_name=_names_of(scene, visit)[0], ended_at=visit.ended_at)
