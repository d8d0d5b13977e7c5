"""Short ways to a case for the tests of every store: places, accounts, and one sample of everything it keeps.

The samples named `FULL_…` differ from every default of their type, so that a column which is forgotten shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from signaling.domain.alerts import Alert
from signaling.domain.health import KioskHealth
from signaling.domain.model import Deadline, DeadlineKind, KioskPresence, LineState, Offer, Seat, Standing, Visit
from signaling.domain.places import (
    Branch,
    Card,
    DayException,
    Hours,
    Kiosk,
    KioskOrder,
    Library,
    Service,
    Span,
    Team,
    Tier,
)
from signaling.protocol.health import (
    AlertScope,
    HealthCode,
    HealthNumber,
    Light,
    OrderFault,
    OrderKind,
    OrderState,
    TestKind,
)
from signaling.protocol.vocabulary import (
    BranchId,
    CardId,
    EndReason,
    EstimateReason,
    IceTrouble,
    KioskId,
    Language,
    LensSide,
    LibraryId,
    LineId,
    MediaEngine,
    NotePhrase,
    OffDutyCause,
    OfferId,
    OfferKind,
    OfferPolicy,
    OfferState,
    Outcome,
    Party,
    PathFault,
    PathQuality,
    PauseReason,
    RelayTransport,
    Role,
    SeatId,
    ServiceId,
    StaffId,
    TeamId,
    Topic,
    VisitId,
    VisitState,
)
from signaling.service.health_ports import HealthPoint
from signaling.service.ports import ActionEntry, PushSubscription, QualityRecord, Staff, StaffSession, Store

NOW = datetime(2026, 3, 2, 9, 0, 0, 123_456, tzinfo=UTC)
LIBRARY = LibraryId("norr")
OTHER_LIBRARY = LibraryId("soder")
LINE = LineId("norr")
OTHER_LINE = LineId("soder")
BRANCH = BranchId("burtrask")
SERVICE = ServiceId("help")
KIOSK = KioskId("k1")
STAFF = StaffId("p1")
TEAM = TeamId("first-line")
CODE = b"c" * 32

# --- places and people --------------------------------------------------------------------------------------


async def with_places(store: Store) -> Store:
    """Two libraries; the first has a branch and a service."""
    await store.add_library(Library(LIBRARY, "Norr", Language.SV, "Europe/Stockholm"))
    await store.add_library(Library(OTHER_LIBRARY, "Söder", Language.NB, "Europe/Oslo"))
    await store.add_branch(Branch(BRANCH, LIBRARY, "Burträsk", "0914-1", "The key is at the school."))
    await store.add_service(Service(SERVICE, LIBRARY, {Language.SV: "Hjälp", Language.EN: "Help"}))
    return store


async def with_kiosk(store: Store, code_hash: bytes = CODE) -> Store:
    """The same and a kiosk that waits for its enrolment."""
    await with_places(store)
    await store.add_kiosk(Kiosk(KIOSK, BRANCH, "Entrance", None), code_hash, NOW + timedelta(hours=1))
    return store


async def with_staff(store: Store) -> Store:
    """Places and one account."""
    await with_places(store)
    await store.add_staff(staff())
    return store


def staff(login: str = "anna", staff_id: str = STAFF) -> Staff:
    """An account."""
    roles = frozenset({Role.LIBRARIAN, Role.SPECIALIST})
    return Staff(StaffId(staff_id), LIBRARY, login, "Anna", roles, "hash", must_change_password=True)


FULL_STAFF = replace(
    staff(),
    disabled_at=NOW,
    languages=frozenset({Language.NB, Language.EN}),
    email="anna@norr.example",
    standby=True,
    alerts=True,
)


def session(token_hash: bytes = b"t" * 32, *, lasts: timedelta = timedelta(hours=12)) -> StaffSession:
    """A signed-in browser."""
    return StaffSession(token_hash, STAFF, b"f" * 32, NOW, NOW + lasts)


def push(endpoint: str = "https://push.example/1", staff_id: str = STAFF) -> PushSubscription:
    """A browser that takes push."""
    return PushSubscription(endpoint, StaffId(staff_id), "key", "secret")


def action(entry_id: str = "e1", *, at: datetime = NOW, library_id: LibraryId = LIBRARY) -> ActionEntry:
    """A line of the action log."""
    details = {"name": "Burträsk ”nya”", "closed": "true"}
    return ActionEntry(entry_id, library_id, at, STAFF, "Anna", "branch.put", BRANCH, details)


TEXTS = {
    Language.SV: "Stängt för inventering",
    Language.NB: "Stengt for varetelling",
    Language.EN: "Closed for a count",
}
_WORKDAY = (Span(480, 720), Span(780, 1320))
HOURS = Hours((*(_WORKDAY,) * 5, (Span(0, 1440),), ()), closed_on_holidays=False)
FULL_LIBRARY = Library(
    LIBRARY,
    "Norr",
    Language.SV,
    "Europe/Stockholm",
    line_id=OTHER_LINE,
    country="SE",
    urgent_number="113",
    alert_quiet_from_min=1320,
    alert_quiet_to_min=390,
)
FULL_BRANCH = Branch(
    BRANCH,
    LIBRARY,
    "Burträsk",
    "0914-1",
    notes="The key is at the school.",
    hours=HOURS,
    closed=True,
    closed_until=NOW,
    closed_texts=TEXTS,
    relay_only=True,
    video_max_kbps=800,
    audio_max_kbps=32,
)
FULL_SERVICE = Service(
    SERVICE,
    LIBRARY,
    {Language.SV: "Hjälp"},
    languages=frozenset({Language.SV}),
    priority=2,
    offer_policy=OfferPolicy.LONGEST_IDLE,
    ring_timeout_s=20.5,
    choice_after_s=45,
    tiers=(Tier(TEAM, 0), Tier(TeamId("backup"), 37.5)),
    hours=HOURS,
)
FULL_TEAM = Team(TEAM, LIBRARY, "First line", members=frozenset({STAFF, StaffId("p2")}))
CARD = Card(CardId("c1"), LIBRARY, BRANCH, 3, {Language.SV: "Skriva ut?"}, {Language.SV: "Skrivaren står vid dörren."})
EXCEPTION = DayException(BRANCH, date(2026, 12, 24), (Span(480, 720),), TEXTS)

FULL_KIOSK = Kiosk(
    KIOSK,
    BRANCH,
    "Vid trappan",
    b"k" * 32,
    revoked_at=NOW,
    push_to_talk=True,
    lens_side=LensSide.RIGHT,
    camera_height_cm=142,
    brightness_percent=90,
    closed_brightness_percent=5,
    volume_max_percent=80,
    quiet_from_min=1260,
    quiet_to_min=480,
    quiet_volume_max_percent=40,
    test_at_min=195,
    version="1.4.0",
    pin_hash="scrypt$16384$8$5$c2FsdA==$aGFzaA==",
    locked=True,
    lock_texts=TEXTS,
)

# --- how kiosks are -----------------------------------------------------------------------------------------

FULL_HEALTH = KioskHealth(
    KIOSK,
    connected=True,
    changed_at=NOW,
    reported_at=NOW + timedelta(seconds=1),
    test=TestKind.NIGHTLY,
    tested_at=NOW + timedelta(seconds=2),
    drawn_at=NOW + timedelta(microseconds=3),
    findings={HealthCode.ECHO_LEFT: NOW, HealthCode.CAMERA_BLACK: NOW - timedelta(days=2, microseconds=1)},
    numbers={HealthNumber.ECHO_LEFT_DB: -12.25, HealthNumber.RESTARTS: 2.0},
    software="1.4.0",
    engine=MediaEngine.AIORTC,
    instance="i1",
    mended_at=NOW - timedelta(days=3),
)


def point(at: datetime = NOW, **values: object) -> HealthPoint:
    """What a light test found: nothing."""
    plain = HealthPoint(KIOSK, LIBRARY, at, TestKind.LIGHT, Light.GREEN)
    return replace(plain, **values)  # type: ignore[arg-type]  # whatever the test says


FULL_POINT = point(
    test=TestKind.ASKED,
    light=Light.RED,
    findings=(HealthCode.LOUDSPEAKER_SILENT, HealthCode.CAMERA_COVERED),
    numbers={HealthNumber.SWEEP_LEVEL_DB: -71.5},
)


def order(order_id: str = "o1", kind: OrderKind = OrderKind.TEST, **values: object) -> KioskOrder:
    """Something that was asked of the kiosk and not taken yet."""
    expires_at = NOW + timedelta(minutes=10)
    plain = KioskOrder(order_id, KIOSK, LIBRARY, kind, STAFF, "Anna", NOW, expires_at)
    return replace(plain, **values)  # type: ignore[arg-type]  # whatever the test says


FULL_ORDER = order(
    kind=OrderKind.RESTART_MACHINE,
    state=OrderState.FAILED,
    fault=OrderFault.NOT_ALLOWED,
    told_at=NOW + timedelta(seconds=9),
    instance="i1",
)


def alert(alert_id: str = "a1", **values: object) -> Alert:
    """A kiosk that is away, and nobody was told."""
    plain = Alert(alert_id, LIBRARY, AlertScope.KIOSK, BRANCH, (KIOSK,), HealthCode.AWAY, NOW)
    return replace(plain, **values)  # type: ignore[arg-type]  # whatever the test says


FULL_ALERT = alert(
    scope=AlertScope.NETWORK,
    branch_id=None,
    kiosk_ids=(KioskId("k2"), KIOSK),
    told_at=NOW + timedelta(seconds=1),
    mended_at=NOW + timedelta(seconds=2),
    mended_told_at=NOW + timedelta(seconds=3),
)

# --- what calls were like -----------------------------------------------------------------------------------


def quality(visit_id: str = "v1", generation: int = 1, **values: object) -> QualityRecord:
    """One path as the kiosk saw it."""
    plain = QualityRecord(VisitId(visit_id), generation, Party.VISITOR, KIOSK, BRANCH, LIBRARY, NOW, 20.0)
    return replace(plain, **values)  # type: ignore[arg-type]  # whatever the test says


FULL_QUALITY = quality(
    generation=7,
    party=Party.STAFF,
    seconds=184.5,
    connect_ms=412.0,
    round_trip_ms=61.5,
    loss_in_percent=2.25,
    loss_out_percent=0.5,
    freezes=3,
    frozen_s=1.75,
    concealed_percent=1.5,
    width_sent=1280,
    height_sent=720,
    video_codec="VP8",
    audio_codec="opus",
    engine=MediaEngine.AIORTC,
    relayed=True,
    relay=RelayTransport.TLS,
    worst=PathQuality.SOUND_ONLY,
    faults=(PathFault.NOTHING_LEAVES, PathFault.NO_PICTURE),
    troubles=(IceTrouble.RELAY_REFUSED, IceTrouble.NO_CANDIDATES),
)

# --- the line -----------------------------------------------------------------------------------------------


def visit(visit_id: str = "v1", **values: object) -> Visit:
    """A visit that waits."""
    plain = Visit(VisitId(visit_id), KIOSK, BRANCH, SERVICE, Language.SV, f"tap-{visit_id}", NOW)
    return replace(plain, **values)  # type: ignore[arg-type]  # whatever the test says


def line(
    visits: Iterable[Visit] = (),
    offers: Iterable[Offer] = (),
    seats: Iterable[Seat] = (),
    kiosks: Iterable[KioskPresence] = (),
    standings: Iterable[Standing] = (),
    deadlines: Iterable[Deadline] = (),
) -> LineState:
    """A line that holds these."""
    return LineState(
        visits={x.id: x for x in visits},
        offers={x.id: x for x in offers},
        seats={x.id: x for x in seats},
        kiosks={x.id: x for x in kiosks},
        standings={x.subject_id: x for x in standings},
        deadlines={(x.kind, x.subject_id): x for x in deadlines},
    )


FULL_VISIT = visit(
    "full",
    state=VisitState.HELD,
    returned=True,
    seat_id=SeatId("s1"),
    generation=3,
    accepted_at=NOW + timedelta(seconds=1),
    talking_since=NOW + timedelta(seconds=2),
    held_since=NOW + timedelta(microseconds=1),
    ended_at=NOW + timedelta(seconds=3),
    end_reason=EndReason.KIOSK_LOST,
    declined_by=frozenset({SeatId("s3"), SeatId("s2")}),
    rings=2,
    generations=5,
    guest_seat_id=SeatId("s2"),
    guest_generation=4,
    staff_generation=5,
    tier=1,
    preferred_seat_id=SeatId("s4"),
    choices=True,
    ticket=7,
    calling_until=NOW + timedelta(seconds=4),
    expected_from=NOW + timedelta(seconds=5),
    expected_by=NOW + timedelta(seconds=6),
    estimate_reason=EstimateReason.FEWER_SEATS,
    note=NotePhrase.SOON_WITH_YOU,
    feedback=3,
    topic=Topic.LOAN_OR_CARD,
    outcome=Outcome.REFERRED,
)
#: What of a visit is wiped when it is settled.
WIPED: dict[str, object] = {
    "request_id": "",
    "declined_by": frozenset(),
    "preferred_seat_id": None,
    "calling_until": None,
    "expected_from": None,
    "expected_by": None,
    "estimate_reason": None,
    "note": None,
}
FULL_OFFER = Offer(
    OfferId("o1"),
    VisitId("full"),
    frozenset({SeatId("s1"), SeatId("s2")}),
    NOW,
    NOW + timedelta(seconds=30),
    state=OfferState.ACCEPTED,
    kind=OfferKind.JOIN,
    asked_by=SeatId("s1"),
    prepared={SeatId("s2"): 3, SeatId("s1"): 2},
)
FULL_SEAT = Seat(
    SeatId("s1"),
    STAFF,
    "Anna Å",
    connected=False,
    lost_at=NOW,
    on_duty=True,
    sound=True,
    microphone=True,
    camera=True,
    visit_id=VisitId("full"),
    close_out_visit_id=VisitId("v0"),
    wrap_up_until=NOW,
    idle_since=NOW,
    named=False,
    library_id=OTHER_LIBRARY,
    languages=frozenset({Language.SV, Language.NB}),
    silent=True,
    pause=PauseReason.DESK,
    pause_until=NOW + timedelta(minutes=5),
    asked_until=NOW + timedelta(minutes=3),
    off_duty_cause=OffDutyCause.NO_SIGN,
)
FULL_PRESENCE = KioskPresence(
    KIOSK,
    BRANCH,
    connected=False,
    lost_at=NOW,
    locked_until=NOW + timedelta(minutes=10),
    last_seat_id=SeatId("s1"),
    last_ended_at=NOW - timedelta(minutes=1),
)
FULL_STANDING = Standing(
    SERVICE,
    open=False,
    next_open=NOW + timedelta(hours=23),
    closed_texts=TEXTS,
    handling_s=(61.5, 300, 0.25),
    long_waits=(NOW, NOW + timedelta(microseconds=1)),
    standby_asked_at=NOW,
    ticket_day="2026-03-02",
    last_ticket=7,
)
FULL_LINE = line(
    [FULL_VISIT, visit("plain")],
    [FULL_OFFER, Offer(OfferId("o2"), VisitId("plain"), frozenset(), NOW, NOW)],
    [FULL_SEAT, Seat(SeatId("s2"), StaffId("p2"), "Bo")],
    [FULL_PRESENCE, KioskPresence(KioskId("k2"), BRANCH)],
    [FULL_STANDING, Standing(BRANCH)],
    [Deadline(DeadlineKind.OFFER, "o1", NOW), Deadline(DeadlineKind.SEAT_GRACE, "s1", NOW)],
)


async def saved(store: Store, after: LineState, line_id: LineId = LINE) -> LineState:
    """Make this the line, and read it back."""
    async with store.line(line_id) as transaction:
        await transaction.save(await transaction.load(), after)
    return await store.read_line(line_id)
