"""Everything that one kiosk shows.

What all kiosks of a branch show alike is made once for all of them; what is a kiosk's own is small.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from pydantic import JsonValue, TypeAdapter

from signaling.domain.interruption import coming_back_until
from signaling.domain.model import Visit
from signaling.domain.places import Branch, Card, Kiosk
from signaling.domain.visit import IN_CALL, IN_LINE
from signaling.protocol.deltas import View
from signaling.protocol.health import OrderState
from signaling.protocol.messages import (
    BranchClosed,
    CardView,
    Estimate,
    GuestView,
    KioskLock,
    KioskOrder,
    KioskSettings,
    KioskView,
    KioskVisit,
    OpeningSpan,
)
from signaling.protocol.vocabulary import MAX_CARDS, MAX_ORDERS, BranchId, KioskId
from signaling.service.service_views import ServiceLook
from signaling.service.snapshots import Parts, Scene, as_json

#: Fields of the settings that carry the names of the kiosk's own.
_OWN_SETTINGS: Final = tuple(name for name in KioskSettings.model_fields if name not in {"week", "open_now"})
_MOMENT: Final[TypeAdapter[datetime | None]] = TypeAdapter(datetime | None)


class KioskLook:
    """One look at one line for its kiosks.

    Args:
        scene: The line and the places.
        parts: What was shown before; None when nothing was.
    """

    def __init__(self, scene: Scene, parts: Parts | None = None) -> None:
        self._scene = scene
        self._parts = parts or Parts()
        self._services = ServiceLook(scene, self._parts)
        self._branches: dict[BranchId, Mapping[str, JsonValue]] = {}

    def knows(self, kiosk_id: KioskId) -> bool:
        """Whether the kiosk is in the directory: one that was enrolled on another node may not be yet."""
        return kiosk_id in self._scene.directory.kiosks

    def view(self, kiosk_id: KioskId, own: KioskLook | None = None) -> View:
        """Everything, as it travels. The kiosk must be known.

        Args:
            kiosk_id: Which kiosk.
            own: Another look, newer than this one, from which to take what is the kiosk's own.
        """
        branch_id = self._scene.directory.kiosks[kiosk_id].branch_id
        return {**self.shared(branch_id), **(own or self).own(kiosk_id)}

    def shared(self, branch_id: BranchId) -> Mapping[str, JsonValue]:
        """What all kiosks of a branch show alike: names, services, who can answer, cards."""
        found = self._branches.get(branch_id)
        if found is None:
            found = self._branches[branch_id] = self._make_shared(self._scene.directory.branches[branch_id])
        return found

    def own(self, kiosk_id: KioskId) -> Mapping[str, JsonValue]:
        """What only this kiosk shows: its visit, its tickets, its rest."""
        visit = self._scene.on_screen.get(kiosk_id)
        presence = self._scene.line.kiosks.get(kiosk_id)
        locked_until = presence.locked_until if presence is not None else None
        kiosk = self._scene.directory.kiosks[kiosk_id]
        return {
            "kiosk_id": kiosk_id,
            "kiosk_name": kiosk.name,
            "visit": as_json(self._visit(visit)) if visit is not None else None,
            "locked_until": _MOMENT.dump_python(locked_until, mode="json"),
            "push_to_talk": kiosk.push_to_talk,
            "tickets": list(self._scene.tickets.get(kiosk_id, ())),
            "settings": self._settings(kiosk),
            "orders": [
                as_json(KioskOrder(id=order.id, kind=order.kind, taken=order.state is OrderState.TAKEN))
                for order in self._scene.orders.get(kiosk_id, ())[:MAX_ORDERS]
            ],
            "lock": as_json(KioskLock(texts=dict(kiosk.lock_texts))) if kiosk.locked else None,
        }

    # --- private ------------------------------------------------------------------------------------------

    def _make_shared(self, branch: Branch) -> Mapping[str, JsonValue]:
        directory = self._scene.directory
        library = directory.libraries[branch.library_id]
        closed = self._closed(branch)
        return {
            "library_name": library.name,
            "branch_name": branch.name,
            "phone": branch.phone,
            "time_zone": library.time_zone,
            "default_language": library.default_language.value,
            "urgent_number": library.urgent_number,
            "cards": self._parts.entries(
                ("cards", branch.id), ((card.id, as_json(_card(card))) for card in self._cards(branch))
            ),
            "closed": self._parts.same(("closed", branch.id), as_json(closed) if closed is not None else None),
            **self._services.of_library(library, self._scene.standing(branch.id)),
        }

    def _cards(self, branch: Branch) -> list[Card]:
        """The branch's own and the library's, in their order; no more than the wire takes."""
        cards = [
            card
            for card in self._scene.directory.cards.values()
            if card.library_id == branch.library_id and card.branch_id in {None, branch.id}
        ]
        return sorted(cards, key=lambda card: (card.position, card.id))[:MAX_CARDS]

    def _closed(self, branch: Branch) -> BranchClosed | None:
        """The temporary close, while it holds: its end passes by a row of the line, not by a clock of the view."""
        standing = self._scene.standing(branch.id)
        if not branch.closed or standing.open or dict(standing.closed_texts) != dict(branch.closed_texts):
            return None
        return BranchClosed(until=branch.closed_until, texts=dict(branch.closed_texts))

    def _settings(self, kiosk: Kiosk) -> JsonValue:
        """How it is to run; made anew only when something of it changed, for a thousand kiosks are looked at often."""
        hours = self._scene.directory.branches[kiosk.branch_id].hours
        open_now = self._scene.standing(kiosk.branch_id).open

        def make() -> JsonValue:
            week = None
            if hours is not None:
                week = tuple(
                    tuple(OpeningSpan(opens_min=span.opens_min, closes_min=span.closes_min) for span in day)
                    for day in hours.week
                )
            own = {name: getattr(kiosk, name) for name in _OWN_SETTINGS}
            return as_json(KioskSettings(**own, week=week, open_now=open_now))

        return self._parts.made(("settings", kiosk.id), (kiosk, hours, open_now), make)

    def _visit(self, visit: Visit) -> KioskVisit:
        seat = self._scene.line.seats.get(visit.seat_id) if visit.seat_id is not None else None
        estimate = None
        if visit.expected_from is not None and visit.expected_by is not None and visit.state in IN_LINE:
            estimate = Estimate(from_time=visit.expected_from, by_time=visit.expected_by, reason=visit.estimate_reason)
        return KioskVisit(
            id=visit.id,
            state=visit.state,
            service_id=visit.service_id,
            language=visit.language,
            place=self._scene.places.get(visit.id, 0),
            returned=visit.returned,
            generation=visit.generation,
            librarian_name=seat.name if seat is not None else "",
            seat_connected=seat is None or seat.connected,
            opened_at=visit.opened_at,
            held_since=visit.held_since,
            choices=visit.choices,
            nobody=self._scene.reach.nobody_for(visit) if visit.state in IN_LINE else None,
            estimate=estimate,
            ticket=visit.ticket,
            calling_until=visit.calling_until,
            note=visit.note,
            guest=self._guest(visit),
            preparing=self._scene.preparing.get(visit.id, ()),
            coming_back_until=coming_back_until(self._scene.line, visit),
        )

    def _guest(self, visit: Visit) -> GuestView | None:
        guest = self._scene.line.seats.get(visit.guest_seat_id) if visit.guest_seat_id is not None else None
        if guest is None or visit.state not in IN_CALL:
            return None
        return GuestView(
            seat_id=guest.id, name=guest.name, generation=visit.guest_generation, connected=guest.connected
        )


def kiosk_view(scene: Scene, kiosk_id: KioskId) -> KioskView:
    """Everything that one kiosk shows, checked. The kiosk must be in the directory."""
    return KioskView.model_validate(KioskLook(scene).view(kiosk_id))


def _card(card: Card) -> CardView:
    return CardView(id=card.id, position=card.position, titles=dict(card.titles), bodies=dict(card.bodies))
