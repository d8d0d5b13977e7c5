"""Views of a console for tests and pictures: one library, Anna at her seat, visitors at three branches."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from signaling.protocol.messages import (
    CloseOutView,
    Colleague,
    LineEntry,
    Me,
    OfferView,
    SeatView,
    ServiceEntry,
    StaffView,
    StaffVisit,
)
from signaling.protocol.vocabulary import Language, NotePhrase, Role, VisitState

SEAT, VISIT, OFFER = "seat-1", "visit-1", "offer-1"
#: A public key of nobody; tests that connect put a real one in.
NO_KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

SERVICES = {
    "library": ServiceEntry(
        id="library",
        names={Language.SV: "Bibliotekshjälp", Language.NB: "Bibliotekhjelp", Language.EN: "Library help"},
    ),
    "digital": ServiceEntry(
        id="digital",
        names={Language.SV: "Digital hjälp", Language.NB: "Digital hjelp", Language.EN: "Digital help"},
    ),
}
NOTES = (
    "Returns: the hatch to the left of the entrance.\n"
    "The printer wants A4 only. Paper is in the drawer below it.\n"
    "Caretaker after 18: Per, 040-123 45 60."
)


def staff_view(**fields: Any) -> StaffView:
    """Anna signed in, off duty, nothing happening; `fields` replace what differs."""
    base = {
        "me": Me(staff_id="staff-1", name="Anna Lindqvist", roles=(Role.LIBRARIAN,)),
        "seat": SeatView(id=SEAT),
        "services": SERVICES,
        "colleagues": {
            "seat-2": Colleague(id="seat-2", name="Bjørn Dahl", answerable=True, busy=True),
            "seat-3": Colleague(id="seat-3", name="Sara Öberg", answerable=True, busy=False),
        },
        "line": {},
    }
    return StaffView(**{**base, **fields})


def green_seat(**fields: Any) -> SeatView:
    """A seat on duty with everything proven."""
    return SeatView(
        **{
            "id": SEAT,
            "on_duty": True,
            "sound": True,
            "microphone": True,
            "camera": True,
            "answerable": True,
            **fields,
        }
    )


def ago(seconds: float) -> datetime:
    """A moment in the past."""
    return datetime.now(UTC) - timedelta(seconds=seconds)


def line_of_three() -> dict[str, LineEntry]:
    """A short wait, a long one that came back, and a call of a colleague."""
    return {
        "visit-2": LineEntry(
            id="visit-2",
            state=VisitState.WAITING,
            place=1,
            branch_name="Husie",
            kiosk_name="Husie entrance",
            service_id="library",
            language=Language.SV,
            opened_at=ago(372),
            returned=True,
        ),
        "visit-3": LineEntry(
            id="visit-3",
            state=VisitState.WAITING,
            place=2,
            branch_name="Lindängen",
            kiosk_name="Lindängen hall",
            service_id="digital",
            language=Language.NB,
            opened_at=ago(150),
        ),
        "visit-4": LineEntry(
            id="visit-4",
            state=VisitState.WAITING,
            place=3,
            branch_name="Oxie",
            kiosk_name="Oxie",
            service_id="library",
            language=Language.EN,
            opened_at=ago(24),
        ),
        "visit-5": LineEntry(
            id="visit-5",
            state=VisitState.TALKING,
            place=0,
            branch_name="Bunkeflostrand",
            kiosk_name="Bunkeflostrand",
            service_id="library",
            language=Language.SV,
            opened_at=ago(610),
            seat_id="seat-2",
            seat_name="Bjørn Dahl",
        ),
    }


def line_of_all_kinds() -> dict[str, LineEntry]:
    """A number that waits to be called back, a language that nobody speaks, a line that was sent, a number called."""
    line = line_of_three()
    return {
        **line,
        "visit-2": line["visit-2"].model_copy(update={"ticket": 7, "returned": False, "opened_at": ago(1100)}),
        "visit-3": line["visit-3"].model_copy(update={"nobody": True}),
        "visit-4": line["visit-4"].model_copy(update={"note": NotePhrase.SOON_WITH_YOU}),
        "visit-5": line["visit-5"].model_copy(update={"state": VisitState.CALLING, "ticket": 6}),
    }


def colleagues_of_all_kinds() -> dict[str, Colleague]:
    """One busy, one free, one paused, one out of reach."""
    return {
        "seat-2": Colleague(id="seat-2", name="Bjørn Dahl", answerable=True, busy=True, languages=(Language.NB,)),
        "seat-3": Colleague(id="seat-3", name="Sara Öberg", answerable=True, busy=False),
        "seat-4": Colleague(
            id="seat-4",
            name="Karin Holm",
            answerable=False,
            busy=False,
            paused=True,
            languages=(Language.SV, Language.EN),
        ),
        "seat-5": Colleague(id="seat-5", name="Olle Nyberg", answerable=False, busy=False, languages=(Language.SV,)),
    }


def offer(**fields: Any) -> OfferView:
    """A ring from Kirseberg."""
    return OfferView(
        **{
            "id": OFFER,
            "visit_id": VISIT,
            "branch_name": "Kirseberg",
            "kiosk_name": "Kirseberg entrance",
            "service_id": "library",
            "language": Language.SV,
            "opened_at": ago(9),
            "deadline": datetime.now(UTC) + timedelta(seconds=21),
            **fields,
        }
    )


def visit(**fields: Any) -> StaffVisit:
    """The visit from Kirseberg, accepted."""
    return StaffVisit(
        **{
            "id": VISIT,
            "state": VisitState.CONNECTING,
            "branch_name": "Kirseberg",
            "branch_phone": "040-123 45 67",
            "branch_notes": NOTES,
            "kiosk_name": "Kirseberg entrance",
            "kiosk_key": NO_KEY,
            "kiosk_connected": True,
            "service_id": "library",
            "language": Language.SV,
            "opened_at": ago(14),
            "generation": 1,
            **fields,
        }
    )


def close_out(**fields: Any) -> CloseOutView:
    """The visit from Kirseberg, over."""
    return CloseOutView(**{"visit_id": VISIT, "branch_name": "Kirseberg", "ended_at": ago(2), **fields})
