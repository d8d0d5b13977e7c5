"""One contract for every store: the fake, SQLite and PostgreSQL keep the same promises. Here: the line."""

from __future__ import annotations

import asyncio
from dataclasses import MISSING, fields, replace
from datetime import timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signaling.domain.model import Deadline, DeadlineKind, KioskPresence, LineState, Offer, Seat, Standing
from signaling.domain.places import Library
from signaling.protocol.vocabulary import (
    Language,
    LibraryId,
    LineId,
    OfferState,
    SeatId,
    VisitId,
    VisitState,
)
from signaling.service.ports import Store, StoreError
from tests.support.store_cases import (
    FULL_LINE,
    FULL_OFFER,
    FULL_PRESENCE,
    FULL_SEAT,
    FULL_STANDING,
    FULL_VISIT,
    LINE,
    NOW,
    OTHER_LINE,
    SERVICE,
    WIPED,
    line,
    saved,
    visit,
    with_places,
)
from tests.support.stores import KINDS, Opener

pytestmark = pytest.mark.parametrize("store_url", KINDS, indirect=True)

RACERS = 8


def defaults_of(value: object) -> list[str]:
    """Fields of a dataclass that still have their default."""
    found = []
    for field in fields(value):  # type: ignore[arg-type]  # whatever sample
        default = field.default if field.default_factory is MISSING else field.default_factory()
        if getattr(value, field.name) == default:
            found.append(field.name)
    return found


@pytest.mark.parametrize("sample", [FULL_VISIT, FULL_OFFER, FULL_SEAT, FULL_PRESENCE, FULL_STANDING])
def test_a_sample_differs_from_every_default(store_url: str, sample: object) -> None:
    assert defaults_of(sample) in ([], ["settled"])


async def win(store: Store, seat_id: str) -> bool:
    """Take the visit, if nobody has."""
    async with store.line(LINE) as transaction:
        before = await transaction.load()
        wanted = before.visits[VisitId("v1")]
        if wanted.seat_id is not None:
            return False
        taken = replace(wanted, state=VisitState.CONNECTING, seat_id=SeatId(seat_id))
        await transaction.save(before, replace(before, visits={taken.id: taken}, offers={}))
        return True


async def save_and_fail(store: Store, after: LineState) -> None:
    """Save, and then meet an error before the commit."""
    async with store.line(LINE) as transaction:
        await transaction.save(await transaction.load(), after)
        raise KeyError("the rules refuse")


# --- the line -----------------------------------------------------------------------------------------------


async def test_a_line_that_was_saved_is_read_back_as_it_was_here_and_elsewhere(opener: Opener) -> None:
    here = await with_places(await opener.open())
    assert await saved(here, FULL_LINE) == FULL_LINE
    for node in (here, await opener.open()):
        assert await node.read_line(LINE) == FULL_LINE
        async with node.line(LINE) as transaction:
            assert await transaction.load() == FULL_LINE


async def test_times_in_another_zone_come_back_as_the_same_moment(opener: Opener) -> None:
    here, there = await opener.open(), await opener.open()
    await with_places(here)
    summer = timezone(timedelta(hours=2))
    standing = Standing(SERVICE, long_waits=(NOW.astimezone(summer),))
    await saved(here, line([visit(opened_at=NOW.astimezone(summer))], standings=[standing]))
    seen = await there.read_line(LINE)
    assert seen.visits[VisitId("v1")].opened_at == NOW
    assert seen.standings[SERVICE].long_waits == (NOW,)


async def test_what_is_changed_and_removed_is_so_afterwards(opener: Opener) -> None:
    store = await with_places(await opener.open())
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
        standings={SERVICE: replace(FULL_STANDING, open=True, long_waits=(), last_ticket=8)},
        deadlines={(DeadlineKind.OFFER, "o1"): Deadline(DeadlineKind.OFFER, "o1", NOW + timedelta(hours=1))},
    )
    assert await saved(store, after) == after
    assert await (await opener.open()).read_line(LINE) == after


async def test_each_library_begins_with_a_line_of_its_own(store: Store) -> None:
    await with_places(store)
    await saved(store, line([visit("here")]), LINE)
    await saved(store, line([visit("there")]), OTHER_LINE)
    assert set((await store.read_line(LINE)).visits) == {"here"}
    assert set((await store.read_line(OTHER_LINE)).visits) == {"there"}


@pytest.mark.parametrize("was_there", [True, False])
async def test_a_settled_visit_leaves_the_line_and_is_kept_without_what_only_the_line_needed(
    opener: Opener, was_there: bool
) -> None:
    store = await with_places(await opener.open())
    if was_there:
        await saved(store, line([FULL_VISIT]))
    settled = replace(FULL_VISIT, state=VisitState.ENDED, settled=True)
    assert (await saved(store, line([settled]))).visits == {}
    assert (await (await opener.open()).read_line(LINE)).visits == {}
    assert await store.find_visit(FULL_VISIT.id) == replace(settled, **WIPED)  # type: ignore[arg-type]  # by name


async def test_a_visit_that_is_dropped_from_the_line_counts_as_settled(store: Store) -> None:
    await with_places(store)
    await saved(store, line([FULL_VISIT]))
    assert (await saved(store, line())).visits == {}
    expected = replace(FULL_VISIT, settled=True, **WIPED)  # type: ignore[arg-type]  # by name
    assert await store.find_visit(FULL_VISIT.id) == expected


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
    with pytest.raises(KeyError):
        await save_and_fail(store, line([visit("half")]))
    assert set((await store.read_line(LINE)).visits) == {"kept"}
    assert await store.find_visit(VisitId("half")) is None


async def test_a_cancelled_transaction_leaves_nothing_behind_and_lets_the_next_one_in(store: Store) -> None:
    await with_places(store)
    inside = asyncio.Event()

    async def hang() -> None:
        async with store.line(LINE) as transaction:
            await transaction.save(await transaction.load(), line([visit("half")]))
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hang())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await saved(store, line([visit("next")]))).visits.keys() == {"next"}


async def test_an_unknown_line_is_refused_and_read_as_empty(store: Store) -> None:
    await with_places(store)
    with pytest.raises(StoreError, match="no such line"):
        async with store.line(LineId("nowhere")):
            pass
    assert await store.read_line(LineId("nowhere")) == LineState()


async def test_a_reader_sees_the_line_as_it_was_before_an_open_transaction(store: Store) -> None:
    await with_places(store)
    await saved(store, line([visit("old")]))
    async with store.line(LINE) as transaction:
        await transaction.save(await transaction.load(), line([visit("new")]))
        assert set((await store.read_line(LINE)).visits) == {"old"}
    assert set((await store.read_line(LINE)).visits) == {"new"}


async def test_the_second_transaction_waits_for_the_first(opener: Opener) -> None:
    first, second = await opener.open(), await opener.open()
    await with_places(first)
    order: list[str] = []
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def early() -> None:
        async with first.line(LINE) as transaction:
            before = await transaction.load()
            inside.set()
            await go_on.wait()
            await transaction.save(before, line([visit("early")]))
            order.append("early")

    async def late() -> None:
        await inside.wait()
        asyncio.get_running_loop().call_later(0.1, go_on.set)
        async with second.line(LINE) as transaction:
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
        winner = (await nodes[1].read_line(LINE)).visits[VisitId("v1")].seat_id
        assert winner == f"s{wins.index(True)}"


async def test_no_increment_of_many_writers_is_lost(opener: Opener) -> None:
    nodes = [await opener.open(), await opener.open()]
    await with_places(nodes[0])
    await saved(nodes[0], line([visit()]))

    async def ring(store: Store) -> None:
        async with store.line(LINE) as transaction:
            before = await transaction.load()
            rung = replace(before.visits[VisitId("v1")], rings=before.visits[VisitId("v1")].rings + 1)
            await transaction.save(before, replace(before, visits={rung.id: rung}))

    await asyncio.gather(*(ring(nodes[n % 2]) for n in range(40)))
    assert (await nodes[0].read_line(LINE)).visits[VisitId("v1")].rings == 40


async def test_the_next_deadline_is_the_earliest_of_all_lines(store: Store) -> None:
    await with_places(store)
    assert await store.next_deadline() is None
    late = Deadline(DeadlineKind.OFFER, "o1", NOW + timedelta(seconds=30))
    early = Deadline(DeadlineKind.SETTLE, "v1", NOW + timedelta(seconds=10))
    await saved(store, line(deadlines=[late]), LINE)
    await saved(store, line(deadlines=[early]), OTHER_LINE)
    assert await store.next_deadline() == (OTHER_LINE, early)
    await saved(store, line(), OTHER_LINE)
    assert await store.next_deadline() == (LINE, late)


async def test_a_line_outlives_the_node_that_wrote_it(opener: Opener) -> None:
    first = await with_places(await opener.open())
    await saved(first, FULL_LINE)
    assert await (await opener.open()).read_line(LINE) == FULL_LINE


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
_standings = st.builds(
    Standing,
    subject_id=_ids,
    open=st.booleans(),
    handling_s=st.lists(st.floats(0, 1e6), max_size=3).map(tuple),
    long_waits=st.lists(_moments, max_size=3).map(tuple),
)
_deadlines = st.builds(Deadline, kind=st.sampled_from(DeadlineKind), subject_id=_ids, due_at=_moments)
_lines = st.builds(
    line,
    st.lists(_visits, max_size=4),
    st.lists(_offers, max_size=4),
    st.lists(_seats, max_size=4),
    st.lists(_presences, max_size=4),
    st.lists(_standings, max_size=4),
    st.lists(_deadlines, max_size=4),
)


@given(history=st.lists(_lines, min_size=1, max_size=4))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
async def test_any_history_of_lines_ends_in_the_last_one_on_every_node(
    opener: Opener, history: list[LineState]
) -> None:
    # The nodes take turns in writing, so each finds a line that it does not remember. A settled visit never comes
    # back, so each example has visits of its own: the number of the library goes into every id.
    if not opener.opened:
        await opener.open()
        await opener.open()
    nodes = opener.opened[:2]
    number = len((await nodes[0].directory()).libraries)
    line_id = LineId(f"library-{number}")
    await nodes[0].add_library(Library(LibraryId(line_id), "Norr", Language.SV, "Europe/Stockholm"))
    gone: set[str] = set()
    for turn, wanted in enumerate(_numbered(step, number) for step in history):
        after = replace(wanted, visits={key: value for key, value in wanted.visits.items() if key not in gone})
        before = await nodes[0].read_line(line_id)
        gone |= before.visits.keys() - after.visits.keys()
        assert await saved(nodes[turn % 2], after, line_id) == after
        assert await nodes[1 - turn % 2].read_line(line_id) == after
    await saved(nodes[0], line(), line_id)


def _numbered(state: LineState, number: int) -> LineState:
    return replace(
        state,
        visits={x.id: x for x in (replace(x, id=VisitId(f"{x.id}-{number}")) for x in state.visits.values())},
    )


# --- several nodes ------------------------------------------------------------------------------------------


async def test_what_one_node_commits_the_other_sees_at_once_also_when_it_remembers_the_line(opener: Opener) -> None:
    nodes = [await opener.open(), await opener.open()]
    await with_places(nodes[0])
    for turn in range(4):
        writer, reader = nodes[turn % 2], nodes[1 - turn % 2]
        await saved(writer, line([visit("v", rings=turn)]))
        assert (await reader.read_line(LINE)).visits[VisitId("v")].rings == turn
        async with reader.line(LINE) as transaction:
            assert (await transaction.load()).visits[VisitId("v")].rings == turn


async def test_after_a_transaction_that_failed_every_node_sees_what_was_before_and_then_what_comes(
    opener: Opener,
) -> None:
    nodes = [await opener.open(), await opener.open()]
    await with_places(nodes[0])
    await saved(nodes[0], line([visit("kept")]))
    with pytest.raises(KeyError):
        await save_and_fail(nodes[0], line([visit("kept"), visit("half")]))
    for node in nodes:
        assert (await node.read_line(LINE)).visits.keys() == {"kept"}
    # The other node's commit has the very number that the failed one would have had.
    await saved(nodes[1], line([visit("kept"), visit("next")]))
    for node in nodes:
        assert (await node.read_line(LINE)).visits.keys() == {"kept", "next"}


async def test_a_transaction_sees_what_it_has_saved_itself(opener: Opener) -> None:
    store = await with_places(await opener.open())
    async with store.line(LINE) as transaction:
        before = await transaction.load()
        await transaction.save(before, line([visit("first")]))
        middle = await transaction.load()
        assert middle.visits.keys() == {"first"}
        await transaction.save(middle, line([visit("first"), visit("second")]))
    for node in (store, await opener.open()):
        assert (await node.read_line(LINE)).visits.keys() == {"first", "second"}


async def test_seats_and_kiosks_of_a_library_may_be_in_two_lines_while_it_moves(store: Store) -> None:
    await with_places(store)
    there = line(seats=[FULL_SEAT], kiosks=[FULL_PRESENCE])
    assert await saved(store, there, LINE) == there
    assert await saved(store, there, OTHER_LINE) == there
    assert await saved(store, line(), LINE) == line()
    assert await store.read_line(OTHER_LINE) == there
