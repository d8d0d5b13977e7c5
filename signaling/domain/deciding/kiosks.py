"""Kiosks: they come, go, stay away, and rest after a visit that was flagged."""

from __future__ import annotations

from dataclasses import replace

from signaling.domain import commands as c
from signaling.domain.draft import Draft
from signaling.domain.errors import not_found
from signaling.domain.line import on_screen
from signaling.domain.model import DeadlineKind, KioskPresence
from signaling.domain.visit import VisitEvent
from signaling.protocol.vocabulary import EndReason, KioskId, OfferKind, VisitState


def connect(draft: Draft, command: c.ConnectKiosk) -> None:
    """A kiosk comes, or comes back."""
    before = draft.kiosks.get(command.kiosk_id) or KioskPresence(command.kiosk_id, command.branch_id)
    draft.put_kiosk(replace(before, branch_id=command.branch_id, connected=True, lost_at=None))
    draft.drop_deadline(DeadlineKind.KIOSK_GRACE, command.kiosk_id)
    visit = on_screen(draft.visits.values()).get(command.kiosk_id)
    if visit is not None and visit.state is VisitState.CONNECTING:
        draft.begin_connecting(visit.id)  # who comes back has the whole time for a new path


def lose(draft: Draft, command: c.LoseKiosk) -> None:
    """Its visits keep their places and ring no more."""
    kiosk = draft.kiosks.get(command.kiosk_id)
    if kiosk is None or not kiosk.connected:
        return
    draft.put_kiosk(replace(kiosk, connected=False, lost_at=draft.now))
    draft.set_deadline(DeadlineKind.KIOSK_GRACE, kiosk.id, draft.policy.kiosk_grace_s)
    for offer in list(draft.offers.values()):
        if offer.kind is OfferKind.VISIT and draft.visits[offer.visit_id].kiosk_id == kiosk.id:
            draft.close_offer(offer)


def lose_everyone(draft: Draft, _command: c.LoseEveryone) -> None:
    """As losing each seat and kiosk, but rings go on: both ends are about to come back.

    Who was lost before gets the whole grace anew: nobody could come back while the server was away.
    """
    for seat in list(draft.seats.values()):
        draft.put_seat(replace(seat, connected=False, lost_at=seat.lost_at or draft.now))
        draft.set_deadline(DeadlineKind.SEAT_GRACE, seat.id, draft.policy.seat_grace_s)
    for kiosk in list(draft.kiosks.values()):
        draft.put_kiosk(replace(kiosk, connected=False, lost_at=kiosk.lost_at or draft.now))
        draft.set_deadline(DeadlineKind.KIOSK_GRACE, kiosk.id, draft.policy.kiosk_grace_s)


def stayed_away(draft: Draft, kiosk_id: str) -> None:
    """What was on its screen ends; its tickets wait on until their own time."""
    visit = on_screen(draft.visits.values()).get(KioskId(kiosk_id))
    if visit is not None:
        draft.happen(visit, VisitEvent.KIOSK_LOST)
    _forget(draft, KioskId(kiosk_id))


def unlock(draft: Draft, command: c.UnlockKiosk) -> None:
    """The seat that flagged the visit, and has not closed it out yet, lets the kiosk go on."""
    visit = draft.visit(command.visit_id)
    mine = draft.seat(command.seat_id).close_out_visit_id == visit.id
    if not mine or visit.end_reason is not EndReason.FLAGGED:
        raise not_found()
    rested(draft, visit.kiosk_id)


def lock(draft: Draft, kiosk_id: KioskId) -> None:
    """It rests for a while."""
    until = draft.set_deadline(DeadlineKind.LOCK, kiosk_id, draft.policy.lock_s)
    draft.put_kiosk(replace(draft.kiosks[kiosk_id], locked_until=until))


def rested(draft: Draft, kiosk_id: str) -> None:
    """It goes on, if it is still there."""
    draft.drop_deadline(DeadlineKind.LOCK, kiosk_id)
    kiosk = draft.kiosks.get(KioskId(kiosk_id))
    if kiosk is not None:
        draft.put_kiosk(replace(kiosk, locked_until=None))
        if (DeadlineKind.KIOSK_GRACE, kiosk.id) not in draft.deadlines:
            _forget(draft, kiosk.id)


def _forget(draft: Draft, kiosk_id: KioskId) -> None:
    """Nobody pulls a plug to end a rest: a locked kiosk is remembered until it may go on."""
    kiosk = draft.kiosks[kiosk_id]
    if not kiosk.connected and kiosk.locked_until is None:
        del draft.kiosks[kiosk_id]
