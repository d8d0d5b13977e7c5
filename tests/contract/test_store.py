"""One contract for every store: the fake, SQLite and PostgreSQL keep the same promises."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signaling.domain.model import Deadline, DeadlineKind, KioskPresence, LineState, Offer, Seat, Visit
from signaling.domain.places import Branch, Kiosk, Library, Service
from signaling.protocol.vocabulary import (
    BranchId,
    EndReason,
    KioskId,
    Language,
    LibraryId,
    OfferId,
    OfferState,
    Outcome,
    Role,
    SeatId,
    ServiceId,
    StaffId,
    Topic,
    VisitId,
    VisitState,
)
from signaling.service.ports import MAX_OPEN_CHALLENGES, EnrolOutcome, Exists, Staff, StaffSession, Store, StoreError
from tests.support.stores import KINDS, Opener

pytestmark = pytest.mark.parametrize("store_url", KINDS, indirect=True)

NOW = datetime(2026, 3, 2, 9, 0, 0, 123_456, tzinfo=UTC)
LIBRARY = LibraryId("norr")
OTHER_LIBRARY = LibraryId("soder")
BRANCH = BranchId("burtrask")
KIOSK = KioskId("k1")
STAFF = StaffId("p1")
RACERS = 8


# --- short ways to a case -----------------------------------------------------------------------------------


async def with_places(store: Store) -> Store:
    await store.add_library(Library(LIBRARY, "Norr", Language.SV, "Europe/Stockholm"))
    await store.add_library(Library(OTHER_LIBRARY, "Söder", Language.NB, "Europe/Oslo"))
    await store.add_branch(Branch(BRANCH, LIBRARY, "Burträsk", "0914-1", "The key is at the school."))
    await store.add_service(Service(ServiceId("help"), LIBRARY, {Language.SV: "Hjälp", Language.EN: "Help"}))
    return store


async def with_kiosk(store: Store, code_hash: bytes = b"c" * 32) -> Store:
    await with_places(store)
    await store.add_kiosk(Kiosk(KIOSK, BRANCH, "Entrance", None), code_hash, NOW + timedelta(hours=1))
    return store


async def with_staff(store: Store) -> Store:
    await with_places(store)
    await store.add_staff(staff())
    return store


def staff(login: str = "anna", staff_id: str = STAFF) -> Staff:
    roles = frozenset({Role.LIBRARIAN, Role.SPECIALIST})
    return Staff(StaffId(staff_id), LIBRARY, login, "Anna", roles, "hash", must_change_password=True)


def session(token_hash: bytes = b"t" * 32, *, lasts: timedelta = timedelta(hours=12)) -> StaffSession:
    return StaffSession(token_hash, STAFF, b"f" * 32, NOW, NOW + lasts)


def visit(visit_id: str = "v1", **values: object) -> Visit:
    plain = Visit(VisitId(visit_id), KIOSK, BRANCH, ServiceId("help"), Language.SV, f"tap-{visit_id}", NOW)
    return replace(plain, **values)  # type: ignore[arg-type]  # whatever the test says


def line(
    visits: Iterable[Visit] = (),
    offers: Iterable[Offer] = (),
    seats: Iterable[Seat] = (),
    kiosks: Iterable[KioskPresence] = (),
    deadlines: Iterable[Deadline] = (),
) -> LineState:
    return LineState(
        visits={x.id: x for x in visits},
        offers={x.id: x for x in offers},
        seats={x.id: x for x in seats},
        kiosks={x.id: x for x in kiosks},
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
    feedback=3,
    topic=Topic.LOAN_OR_CARD,
    outcome=Outcome.REFERRED,
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
)
FULL_LINE = line(
    [FULL_VISIT, visit("plain")],
    [Offer(OfferId("o1"), VisitId("full"), frozenset({SeatId("s1"), SeatId("s2")}), NOW, NOW + timedelta(seconds=30))],
    [FULL_SEAT, Seat(SeatId("s2"), StaffId("p2"), "Bo")],
    [KioskPresence(KIOSK, BRANCH, connected=False, lost_at=NOW), KioskPresence(KioskId("k2"), BRANCH)],
    [Deadline(DeadlineKind.OFFER, "o1", NOW), Deadline(DeadlineKind.SEAT_GRACE, "s1", NOW)],
)


async def saved(store: Store, after: LineState, library_id: LibraryId = LIBRARY) -> LineState:
    """Make this the line, and read it back."""
    async with store.line(library_id) as transaction:
        await transaction.save(await transaction.load(), after)
    return await store.read_line(library_id)


async def win(store: Store, seat_id: str) -> bool:
    """Take the visit, if nobody has."""
    async with store.line(LIBRARY) as transaction:
        before = await transaction.load()
        wanted = before.visits[VisitId("v1")]
        if wanted.seat_id is not None:
            return False
        taken = replace(wanted, state=VisitState.CONNECTING, seat_id=SeatId(seat_id))
        await transaction.save(before, replace(before, visits={taken.id: taken}, offers={}))
        return True


# --- the line -----------------------------------------------------------------------------------------------


def test_the_sample_values_differ_from_every_default(store_url: str) -> None:
    plain = visit("full")
    same = [f.name for f in fields(Visit) if getattr(plain, f.name) == getattr(FULL_VISIT, f.name)]
    assert same == ["id", "kiosk_id", "branch_id", "service_id", "language", "request_id", "opened_at", "settled"]


async def test_a_line_that_was_saved_is_read_back_as_it_was(store: Store) -> None:
    await with_places(store)
    assert await saved(store, FULL_LINE) == FULL_LINE
    async with store.line(LIBRARY) as transaction:
        assert await transaction.load() == FULL_LINE


async def test_times_come_back_aware_in_utc(store: Store) -> None:
    await with_places(store)
    summer = timezone(timedelta(hours=2))
    there = (await saved(store, line([visit(opened_at=NOW.astimezone(summer))]))).visits[VisitId("v1")]
    assert there.opened_at == NOW
    assert there.opened_at.utcoffset() == timedelta(0) or there.opened_at.tzinfo is summer


async def test_what_is_changed_and_removed_is_so_afterwards(store: Store) -> None:
    await with_places(store)
    await saved(store, FULL_LINE)
    after = LineState(
        visits={
            FULL_VISIT.id: replace(FULL_VISIT, state=VisitState.TALKING, held_since=None),
            visit("v9").id: visit("v9"),
        }
        | {visit("plain").id: visit("plain")},
        offers={},
        seats={FULL_SEAT.id: replace(FULL_SEAT, connected=True, lost_at=None)},
        kiosks={},
        deadlines={(DeadlineKind.OFFER, "o1"): Deadline(DeadlineKind.OFFER, "o1", NOW + timedelta(hours=1))},
    )
    assert await saved(store, after) == after


async def test_each_library_has_its_own_line(store: Store) -> None:
    await with_places(store)
    await saved(store, line([visit("here")]), LIBRARY)
    await saved(store, line([visit("there")]), OTHER_LIBRARY)
    assert set((await store.read_line(LIBRARY)).visits) == {"here"}
    assert set((await store.read_line(OTHER_LIBRARY)).visits) == {"there"}


async def test_a_settled_visit_leaves_the_line_and_is_kept_without_its_request_id(store: Store) -> None:
    await with_places(store)
    await saved(store, line([visit(declined_by=frozenset({SeatId("s1")}))]))
    ended = visit(state=VisitState.ENDED, ended_at=NOW, end_reason=EndReason.LEFT_LINE, settled=True)
    assert (await saved(store, line([ended]))).visits == {}
    assert await store.find_visit(VisitId("v1")) == replace(ended, request_id="")


async def test_a_visit_that_is_dropped_from_the_line_counts_as_settled(store: Store) -> None:
    await with_places(store)
    await saved(store, line([visit()]))
    assert (await saved(store, line())).visits == {}
    assert await store.find_visit(VisitId("v1")) == visit(settled=True, request_id="")


async def test_an_ended_visit_that_is_not_settled_stays_in_the_line(store: Store) -> None:
    await with_places(store)
    ended = visit(state=VisitState.ENDED, ended_at=NOW)
    assert (await saved(store, line([ended]))).visits == {ended.id: ended}


async def test_a_visit_that_nobody_knows_is_not_found(store: Store) -> None:
    await with_places(store)
    assert await store.find_visit(VisitId("nobody")) is None


async def test_an_error_inside_a_transaction_leaves_nothing_behind(store: Store) -> None:
    await with_places(store)
    await saved(store, line([visit("kept")]))

    async def fail() -> None:
        async with store.line(LIBRARY) as transaction:
            before = await transaction.load()
            await transaction.save(before, line([visit("half")]))
            raise KeyError("the rules refuse")

    with pytest.raises(KeyError):
        await fail()
    assert set((await store.read_line(LIBRARY)).visits) == {"kept"}
    assert await store.find_visit(VisitId("half")) is None


async def test_a_cancelled_transaction_leaves_nothing_behind_and_lets_the_next_one_in(store: Store) -> None:
    await with_places(store)
    inside = asyncio.Event()

    async def hang() -> None:
        async with store.line(LIBRARY) as transaction:
            await transaction.save(await transaction.load(), line([visit("half")]))
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hang())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await saved(store, line([visit("next")]))).visits.keys() == {"next"}


async def test_the_line_of_an_unknown_library_is_refused(store: Store) -> None:
    await with_places(store)
    with pytest.raises(StoreError, match="no such line"):
        async with store.line(LineId("nowhere")):
            pass


async def test_a_reader_sees_the_line_as_it_was_before_an_open_transaction(store: Store) -> None:
    await with_places(store)
    await saved(store, line([visit("old")]))
    async with store.line(LIBRARY) as transaction:
        await transaction.save(await transaction.load(), line([visit("new")]))
        assert set((await store.read_line(LIBRARY)).visits) == {"old"}
    assert set((await store.read_line(LIBRARY)).visits) == {"new"}


async def test_the_second_transaction_waits_for_the_first(opener: Opener) -> None:
    first, second = await opener.open(), await opener.open()
    await with_places(first)
    order: list[str] = []
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def early() -> None:
        async with first.line(LIBRARY) as transaction:
            before = await transaction.load()
            inside.set()
            await go_on.wait()
            await transaction.save(before, line([visit("early")]))
            order.append("early")

    async def late() -> None:
        await inside.wait()
        asyncio.get_running_loop().call_later(0.1, go_on.set)
        async with second.line(LIBRARY) as transaction:
            order.append("late")
            assert set((await transaction.load()).visits) == {"early"}

    await asyncio.gather(early(), late())
    assert order == ["early", "late"]


async def test_of_racers_for_one_visit_exactly_one_wins_each_time(opener: Opener) -> None:
    nodes = [await opener.open(), await opener.open()]
    await with_places(nodes[0])
    for _ in range(5):
        await saved(nodes[0], line([visit()]))
        wins = await asyncio.gather(*(win(nodes[n % 2], f"s{n}") for n in range(RACERS)))
        assert sum(wins) == 1
        winner = (await nodes[1].read_line(LIBRARY)).visits[VisitId("v1")].seat_id
        assert winner == f"s{wins.index(True)}"


async def test_no_increment_of_many_writers_is_lost(opener: Opener) -> None:
    nodes = [await opener.open(), await opener.open()]
    await with_places(nodes[0])
    await saved(nodes[0], line([visit()]))

    async def ring(store: Store) -> None:
        async with store.line(LIBRARY) as transaction:
            before = await transaction.load()
            rung = replace(before.visits[VisitId("v1")], rings=before.visits[VisitId("v1")].rings + 1)
            await transaction.save(before, replace(before, visits={rung.id: rung}))

    await asyncio.gather(*(ring(nodes[n % 2]) for n in range(40)))
    assert (await nodes[0].read_line(LIBRARY)).visits[VisitId("v1")].rings == 40


async def test_the_next_deadline_is_the_earliest_of_all_libraries(store: Store) -> None:
    await with_places(store)
    assert await store.next_deadline() is None
    late = Deadline(DeadlineKind.OFFER, "o1", NOW + timedelta(seconds=30))
    early = Deadline(DeadlineKind.SETTLE, "v1", NOW + timedelta(seconds=10))
    await saved(store, line(deadlines=[late]), LIBRARY)
    await saved(store, line(deadlines=[early]), OTHER_LIBRARY)
    assert await store.next_deadline() == (OTHER_LIBRARY, early)
    await saved(store, line(), OTHER_LIBRARY)
    assert await store.next_deadline() == (LIBRARY, late)


async def test_a_line_outlives_the_node_that_wrote_it(opener: Opener) -> None:
    first = await with_places(await opener.open())
    await saved(first, FULL_LINE)
    assert await (await opener.open()).read_line(LIBRARY) == FULL_LINE


_ids = st.sampled_from(["a", "b", "c", "d"])
_moments = st.integers(0, 10**9).map(lambda n: NOW + timedelta(microseconds=n))
_maybe = st.none() | _moments
_visits = st.builds(
    visit,
    visit_id=_ids,
    state=st.sampled_from(VisitState),
    returned=st.booleans(),
    opened_at=_moments,
    held_since=_maybe,
    rings=st.integers(0, 5),
    declined_by=st.frozensets(_ids),
)
_offers = st.builds(
    Offer,
    id=_ids,
    visit_id=_ids,
    seat_ids=st.frozensets(_ids),
    made_at=_moments,
    deadline=_moments,
    state=st.sampled_from(OfferState),
)
_seats = st.builds(
    Seat, id=_ids, staff_id=_ids, name=st.text("aåÄ '\"\\", max_size=8), on_duty=st.booleans(), lost_at=_maybe
)
_presences = st.builds(KioskPresence, id=_ids, branch_id=_ids, connected=st.booleans(), lost_at=_maybe)
_deadlines = st.builds(Deadline, kind=st.sampled_from(DeadlineKind), subject_id=_ids, due_at=_moments)
_lines = st.builds(
    line,
    st.lists(_visits, max_size=4),
    st.lists(_offers, max_size=4),
    st.lists(_seats, max_size=4),
    st.lists(_presences, max_size=4),
    st.lists(_deadlines, max_size=4),
)


@given(history=st.lists(_lines, min_size=1, max_size=4))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
async def test_any_history_of_lines_ends_in_the_last_one(store: Store, history: list[LineState]) -> None:
    # Ids of seats, offers and kiosks are unique over all libraries and a settled visit never comes back, so each
    # example has its own: the number of the library goes into every id.
    number = len((await store.directory()).libraries)
    library_id = LibraryId(f"library-{number}")
    await store.add_library(Library(library_id, "Norr", Language.SV, "Europe/Stockholm"))
    gone: set[str] = set()
    for wanted in (_numbered(step, number) for step in history):
        after = replace(wanted, visits={key: value for key, value in wanted.visits.items() if key not in gone})
        before = await store.read_line(library_id)
        gone |= before.visits.keys() - after.visits.keys()
        assert await saved(store, after, library_id) == after
    await saved(store, line(), library_id)


def _numbered(state: LineState, number: int) -> LineState:
    def own(value: str) -> str:
        return f"{value}-{number}"

    return line(
        [replace(x, id=VisitId(own(x.id))) for x in state.visits.values()],
        [replace(x, id=OfferId(own(x.id))) for x in state.offers.values()],
        [replace(x, id=SeatId(own(x.id))) for x in state.seats.values()],
        [replace(x, id=KioskId(own(x.id))) for x in state.kiosks.values()],
        state.deadlines.values(),
    )


# --- places and kiosks --------------------------------------------------------------------------------------


async def test_the_directory_holds_all_places(store: Store) -> None:
    await with_kiosk(store)
    directory = await store.directory()
    assert directory.libraries[LIBRARY] == Library(LIBRARY, "Norr", Language.SV, "Europe/Stockholm")
    assert directory.branches[BRANCH] == Branch(BRANCH, LIBRARY, "Burträsk", "0914-1", "The key is at the school.")
    assert directory.services[ServiceId("help")].names == {Language.SV: "Hjälp", Language.EN: "Help"}
    assert directory.kiosks[KIOSK] == Kiosk(KIOSK, BRANCH, "Entrance", None)
    assert await store.find_kiosk(KIOSK) == directory.kiosks[KIOSK]
    assert await store.find_kiosk(KioskId("k9")) is None


async def test_what_is_there_already_is_refused(store: Store) -> None:
    await with_kiosk(store)
    with pytest.raises(Exists):
        await store.add_library(Library(LIBRARY, "Again", Language.SV, "Europe/Stockholm"))
    with pytest.raises(Exists):
        await store.add_branch(Branch(BRANCH, LIBRARY, "Again", "1"))
    with pytest.raises(Exists):
        await store.add_service(Service(ServiceId("help"), LIBRARY, {}))
    with pytest.raises(Exists):
        await store.add_kiosk(Kiosk(KIOSK, BRANCH, "Again", None), b"d" * 32, NOW)


async def test_what_belongs_nowhere_is_refused(store: Store) -> None:
    await with_places(store)
    nowhere = LibraryId("nowhere")
    with pytest.raises(StoreError):
        await store.add_branch(Branch(BranchId("b9"), nowhere, "Nowhere", "1"))
    with pytest.raises(StoreError):
        await store.add_service(Service(ServiceId("s9"), nowhere, {}))
    with pytest.raises(StoreError):
        await store.add_kiosk(Kiosk(KIOSK, BranchId("b9"), "Nowhere", None), b"c" * 32, NOW)
    with pytest.raises(StoreError):
        await store.add_staff(replace(staff(), library_id=nowhere))
    with pytest.raises(StoreError):
        await store.add_session(session())
    with pytest.raises(StoreError):
        await store.add_challenge(KIOSK, b"x" * 32, NOW)
    assert (await store.directory()).kiosks == {}


async def test_a_code_binds_a_key_once(store: Store) -> None:
    await with_kiosk(store, b"c" * 32)
    outcome, kiosk = await store.enrol_kiosk(b"c" * 32, b"k" * 32, NOW)
    assert (outcome, kiosk) == (EnrolOutcome.ENROLLED, Kiosk(KIOSK, BRANCH, "Entrance", b"k" * 32))
    assert await store.enrol_kiosk(b"c" * 32, b"z" * 32, NOW) == (EnrolOutcome.USED, None)
    assert await store.find_kiosk(KIOSK) == kiosk


async def test_an_unknown_or_expired_code_binds_nothing(store: Store) -> None:
    await with_kiosk(store, b"c" * 32)
    assert await store.enrol_kiosk(b"u" * 32, b"k" * 32, NOW) == (EnrolOutcome.UNKNOWN, None)
    too_late = NOW + timedelta(hours=1)
    assert await store.enrol_kiosk(b"c" * 32, b"k" * 32, too_late) == (EnrolOutcome.EXPIRED, None)
    assert (await store.directory()).kiosks[KIOSK].public_key is None


async def test_of_racers_for_one_code_exactly_one_enrols(opener: Opener) -> None:
    nodes = [await opener.open(), await opener.open()]
    await with_kiosk(nodes[0], b"c" * 32)
    keys = [bytes([n]) * 32 for n in range(RACERS)]
    results = await asyncio.gather(*(nodes[n % 2].enrol_kiosk(b"c" * 32, key, NOW) for n, key in enumerate(keys)))
    outcomes = [outcome for outcome, _ in results]
    assert sorted(outcomes) == [EnrolOutcome.ENROLLED, *[EnrolOutcome.USED] * (RACERS - 1)]
    winner = await nodes[1].find_kiosk(KIOSK)
    assert winner is not None
    assert winner.public_key == keys[outcomes.index(EnrolOutcome.ENROLLED)]


async def test_a_kiosk_is_revoked_once_and_its_open_code_with_it(store: Store) -> None:
    await with_kiosk(store, b"c" * 32)
    assert await store.revoke_kiosk(KIOSK, NOW)
    assert not await store.revoke_kiosk(KIOSK, NOW)
    assert not await store.revoke_kiosk(KioskId("k9"), NOW)
    assert (await store.directory()).kiosks[KIOSK].revoked_at == NOW
    assert await store.enrol_kiosk(b"c" * 32, b"k" * 32, NOW) == (EnrolOutcome.UNKNOWN, None)


async def test_a_challenge_is_good_once_for_its_own_kiosk_and_in_time(store: Store) -> None:
    await with_kiosk(store)
    await store.add_kiosk(Kiosk(KioskId("k2"), BRANCH, "Second", None), b"d" * 32, NOW)
    soon = NOW + timedelta(seconds=60)
    await store.add_challenge(KIOSK, b"x" * 32, soon)
    await store.add_challenge(KIOSK, b"y" * 32, soon)
    assert not await store.take_challenge(KioskId("k2"), b"x" * 32, NOW)
    assert await store.take_challenge(KIOSK, b"x" * 32, NOW)
    assert not await store.take_challenge(KIOSK, b"x" * 32, NOW)
    assert not await store.take_challenge(KIOSK, b"y" * 32, soon)


async def test_of_racers_with_one_challenge_exactly_one_gets_in(opener: Opener) -> None:
    nodes = [await opener.open(), await opener.open()]
    await with_kiosk(nodes[0])
    await nodes[0].add_challenge(KIOSK, b"x" * 32, NOW + timedelta(seconds=60))
    taken = await asyncio.gather(*(nodes[n % 2].take_challenge(KIOSK, b"x" * 32, NOW) for n in range(RACERS)))
    assert sum(taken) == 1


async def test_a_kiosk_has_a_bounded_number_of_open_challenges_and_keeps_the_newest(store: Store) -> None:
    await with_kiosk(store)
    many = [bytes([n]) * 32 for n in range(MAX_OPEN_CHALLENGES + 3)]
    for n, challenge in enumerate(many):
        await store.add_challenge(KIOSK, challenge, NOW + timedelta(seconds=60 + n))
    taken = [await store.take_challenge(KIOSK, challenge, NOW) for challenge in many]
    assert taken == [False] * 3 + [True] * MAX_OPEN_CHALLENGES


# --- staff --------------------------------------------------------------------------------------------------


async def test_an_account_is_found_by_login_in_any_case_and_by_id(store: Store) -> None:
    await with_staff(store)
    assert await store.find_staff_by_login("ANNA") == staff()
    assert await store.find_staff(STAFF) == staff()
    assert await store.find_staff_by_login("bo") is None
    assert await store.find_staff(StaffId("p9")) is None


async def test_a_login_is_taken_in_any_case(store: Store) -> None:
    await with_staff(store)
    with pytest.raises(Exists):
        await store.add_staff(staff("Anna", "p2"))
    await store.add_staff(staff("Bo", "p2"))
    assert [person.login for person in await store.all_staff()] == ["anna", "bo"]


async def test_a_new_password_replaces_the_one_time_password(store: Store) -> None:
    await with_staff(store)
    await store.set_password(STAFF, "new")
    assert await store.find_staff(STAFF) == replace(staff(), password_hash="new", must_change_password=False)
    await store.set_password(STAFF, "again", must_change=True)
    assert await store.find_staff(STAFF) == replace(staff(), password_hash="again")


async def test_a_session_is_found_until_it_expires(store: Store) -> None:
    await with_staff(store)
    await store.add_session(session())
    assert await store.find_session(b"t" * 32, NOW) == (session(), staff())
    assert await store.find_session(b"u" * 32, NOW) is None
    assert await store.find_session(b"t" * 32, NOW + timedelta(hours=12)) is None


async def test_a_session_that_was_removed_is_gone(store: Store) -> None:
    await with_staff(store)
    await store.add_session(session(b"1" * 32))
    await store.add_session(session(b"2" * 32))
    await store.add_session(session(b"3" * 32))
    await store.remove_session(b"1" * 32)
    assert await store.find_session(b"1" * 32, NOW) is None
    assert await store.remove_sessions_of(STAFF) == 2
    assert await store.find_session(b"2" * 32, NOW) is None


async def test_a_disabled_account_has_no_sessions_any_more(store: Store) -> None:
    await with_staff(store)
    await store.add_session(session(b"1" * 32))
    assert await store.disable_staff(STAFF, NOW)
    assert not await store.disable_staff(STAFF, NOW)
    assert not await store.disable_staff(StaffId("p9"), NOW)
    assert await store.find_session(b"1" * 32, NOW) is None
    await store.add_session(session(b"2" * 32))  # a sign-in that was under way
    assert await store.find_session(b"2" * 32, NOW) is None
    assert await store.find_staff_by_login("anna") == replace(staff(), disabled_at=NOW)


# --- housekeeping -------------------------------------------------------------------------------------------


async def test_retention_removes_what_is_old_and_nothing_else(store: Store) -> None:
    await with_kiosk(store)
    await store.add_staff(staff())
    await store.add_staff(staff("bo", "p2"))
    await store.disable_staff(STAFF, NOW)
    await store.add_session(replace(session(), staff_id=StaffId("p2")))
    await store.add_challenge(KIOSK, b"x" * 32, NOW + timedelta(seconds=60))
    ended = visit("ended", state=VisitState.ENDED, settled=True)
    await saved(store, line([ended, visit("open")]))

    untouched = await store.forget_expired(NOW)
    assert set(untouched.values()) == {0}

    removed = await store.forget_expired(NOW + timedelta(days=91))
    assert removed == {"visits": 1, "staff_sessions": 1, "staff": 1, "enrolment_codes": 1, "challenges": 1}
    assert removed.keys() == untouched.keys()
    assert await store.find_visit(VisitId("ended")) is None
    assert set((await store.read_line(LIBRARY)).visits) == {"open"}
    assert [person.login for person in await store.all_staff()] == ["bo"]
    assert (await store.directory()).kiosks.keys() == {KIOSK}


async def test_a_store_that_is_there_answers_a_ping(store: Store) -> None:
    await store.ping()
