"""What views are made of, for tests: a library with two branches, services, cards, and the people of its neighbour."""

from __future__ import annotations

from signaling.domain.model import LineState
from signaling.domain.places import Branch, Card, Directory, Kiosk, Library, Service, Setup, Team, Tier
from signaling.protocol.vocabulary import (
    BranchId,
    CardId,
    KioskId,
    Language,
    LibraryId,
    Role,
    ServiceId,
    StaffId,
    TeamId,
)
from signaling.service.ports import Staff
from signaling.service.snapshots import Scene
from tests.support.histories import KIOSKS
from tests.support.lines import BRANCH, LIBRARY, LINE, SERVICE

NEIGHBOUR = LibraryId("neighbour")
PERMITS = ServiceId("permits")
AWAY = ServiceId("elsewhere")


def setup_of_views() -> Setup:
    """The library of `lines`, and a neighbour in the same line; s3 of the neighbour answers permits for it too."""
    return Setup(
        Directory(
            libraries={
                LIBRARY: Library(LIBRARY, "Norr", Language.SV, "Europe/Stockholm", line_id=LINE, country="SE"),
                NEIGHBOUR: Library(NEIGHBOUR, "Söder", Language.NB, "Europe/Oslo", line_id=LINE),
                LibraryId("far"): Library(LibraryId("far"), "Far", Language.EN, "Europe/London"),
            },
            branches={
                BRANCH: Branch(BRANCH, LIBRARY, "Burträsk", "0914-1", "The key is at the school."),
                BranchId("other"): Branch(BranchId("other"), NEIGHBOUR, "Lövånger", "0913-1"),
            },
            services={
                SERVICE: Service(SERVICE, LIBRARY, {Language.SV: "Bibliotekshjälp"}),
                PERMITS: Service(
                    PERMITS,
                    LIBRARY,
                    {Language.SV: "Bygglov"},
                    languages=frozenset({Language.SV, Language.NB}),
                    tiers=(Tier(TeamId("first"), 0), Tier(TeamId("backup"), 20)),
                ),
                ServiceId("next-door"): Service(ServiceId("next-door"), NEIGHBOUR, {Language.NB: "Hjelp"}),
                AWAY: Service(AWAY, LibraryId("far"), {Language.SV: "Annat"}),
            },
            kiosks={KioskId(k): Kiosk(KioskId(k), BRANCH, f"Entrance {k}", bytes(32)) for k in KIOSKS},
            teams={
                TeamId("first"): Team(TeamId("first"), LIBRARY, "First", frozenset({StaffId("staff-s1")})),
                TeamId("backup"): Team(TeamId("backup"), NEIGHBOUR, "Backup", frozenset({StaffId("staff-s3")})),
            },
            cards={
                CardId(name): Card(
                    CardId(name), library, branch, position, {Language.SV: name}, {Language.SV: "Så här."}
                )
                for name, library, branch, position in (
                    ("print", LIBRARY, None, 2),
                    ("hatch", LIBRARY, BRANCH, 1),
                    ("oslo", NEIGHBOUR, None, 1),
                )
            },
        )
    )


def person(seat_id: str = "s1", library_id: LibraryId = LIBRARY) -> Staff:
    """Who sits in a seat of a `Line`."""
    roles = frozenset({Role.LIBRARIAN, Role.SPECIALIST})
    return Staff(StaffId(f"staff-{seat_id}"), library_id, seat_id, "Anna", roles, "", must_change_password=False)


def scene(state: LineState, setup: Setup | None = None) -> Scene:
    """A state with these places."""
    return Scene(LINE, setup or setup_of_views(), state)
