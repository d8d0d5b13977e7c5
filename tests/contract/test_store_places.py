"""One contract for every store. Here: places, and kiosks with their enrolment."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from signaling.domain.model import Deadline, DeadlineKind
from signaling.domain.places import Branch, DayException, Kiosk, Library, Service, Team
from signaling.protocol.vocabulary import (
    BranchId,
    CardId,
    KioskId,
    Language,
    LibraryId,
    LineId,
    ServiceId,
    VisitState,
)
from signaling.service.ports import MAX_OPEN_CHALLENGES, EnrolOutcome, Exists, InUse, Place, Store, StoreError
from tests.support.store_cases import (
    BRANCH,
    CARD,
    CODE,
    EXCEPTION,
    FULL_BRANCH,
    FULL_KIOSK,
    FULL_LIBRARY,
    FULL_SERVICE,
    FULL_TEAM,
    KIOSK,
    LIBRARY,
    LINE,
    NOW,
    OTHER_LIBRARY,
    OTHER_LINE,
    SERVICE,
    TEAM,
    action,
    line,
    push,
    saved,
    session,
    staff,
    visit,
    with_kiosk,
    with_places,
)
from tests.support.stores import KINDS, Opener

pytestmark = pytest.mark.parametrize("store_url", KINDS, indirect=True)

RACERS = 8


async def with_everything(store: Store) -> Store:
    """Places with teams, cards and exceptions."""
    await with_places(store)
    await store.add_staff(staff())
    await store.add_staff(staff("bo", "p2"))
    for place in (FULL_TEAM, CARD, EXCEPTION, replace(EXCEPTION, subject_id=SERVICE)):
        await store.put(place)
    return store


# --- places -------------------------------------------------------------------------------------------------


async def test_the_directory_holds_all_places(store: Store) -> None:
    await with_kiosk(store)
    directory = await store.directory()
    assert directory.libraries[LIBRARY] == Library(LIBRARY, "Norr", Language.SV, "Europe/Stockholm")
    assert directory.branches[BRANCH] == Branch(BRANCH, LIBRARY, "Burträsk", "0914-1", "The key is at the school.")
    assert directory.services[SERVICE].names == {Language.SV: "Hjälp", Language.EN: "Help"}
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
        await store.add_service(Service(SERVICE, LIBRARY, {}))
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
        await store.add_kiosk(Kiosk(KIOSK, BranchId("b9"), "Nowhere", None), CODE, NOW)
    with pytest.raises(StoreError):
        await store.add_staff(replace(staff(), library_id=nowhere))
    with pytest.raises(StoreError):
        await store.add_session(session())
    with pytest.raises(StoreError):
        await store.add_push(push())
    with pytest.raises(StoreError):
        await store.add_action(action(library_id=nowhere))
    with pytest.raises(StoreError):
        await store.add_library(Library(LibraryId("l9"), "Nine", Language.SV, "Europe/Oslo", line_id=LineId("nowhere")))
    for place in (
        Branch(BranchId("b9"), LIBRARY, "Nine", "1"),
        Service(ServiceId("s9"), LIBRARY, {}),
        Library(nowhere, "Nine", Language.SV, "Europe/Oslo"),
        replace(FULL_LIBRARY, line_id=LineId("nowhere")),
        replace(FULL_BRANCH, library_id=nowhere),
        replace(FULL_SERVICE, library_id=nowhere),
        replace(FULL_TEAM, library_id=nowhere),
        FULL_TEAM,  # its members have no accounts
        replace(CARD, library_id=nowhere),
        replace(CARD, branch_id=BranchId("b9")),
        replace(EXCEPTION, subject_id="b9"),
    ):
        with pytest.raises(StoreError):
            await store.put(place)
    with pytest.raises(StoreError):
        await store.add_challenge(KIOSK, b"x" * 32, NOW)
    assert (await store.directory()).kiosks == {}


async def test_places_are_added_with_everything_that_they_can_have(store: Store) -> None:
    await store.add_library(Library(OTHER_LIBRARY, "Söder", Language.NB, "Europe/Oslo"))
    await store.add_library(FULL_LIBRARY)
    await store.add_branch(FULL_BRANCH)
    await store.add_service(FULL_SERVICE)
    directory = await store.directory()
    assert directory.libraries[LIBRARY] == FULL_LIBRARY
    assert directory.branches == {BRANCH: FULL_BRANCH}
    assert directory.services == {SERVICE: FULL_SERVICE}


async def test_what_forms_put_is_there_afterwards_on_every_node(opener: Opener) -> None:
    store = await with_everything(await opener.open())
    everything: list[Place] = [FULL_LIBRARY, FULL_BRANCH, FULL_SERVICE, FULL_TEAM, CARD, EXCEPTION]
    for place in everything:
        await store.put(place)
    directory = await (await opener.open()).directory()
    assert directory.libraries[LIBRARY] == FULL_LIBRARY
    assert directory.libraries[OTHER_LIBRARY] == Library(OTHER_LIBRARY, "Söder", Language.NB, "Europe/Oslo")
    assert directory.branches == {BRANCH: FULL_BRANCH}
    assert directory.services == {SERVICE: FULL_SERVICE}
    assert directory.teams == {TEAM: FULL_TEAM}
    assert directory.cards == {CARD.id: CARD}
    assert directory.exceptions == (EXCEPTION, replace(EXCEPTION, subject_id=SERVICE))


async def test_what_is_put_again_is_replaced_as_a_whole(store: Store) -> None:
    await with_everything(store)
    plain: list[Place] = [
        Library(LIBRARY, "Norra", Language.EN, "Europe/Oslo"),
        Branch(BRANCH, LIBRARY, "Burträsk 2", "0914-2"),
        Service(SERVICE, LIBRARY, {Language.EN: "Help"}),
        Team(TEAM, LIBRARY, "Alone"),
        replace(CARD, branch_id=None, position=0),
        DayException(BRANCH, EXCEPTION.day),
    ]
    for place in (FULL_LIBRARY, FULL_BRANCH, FULL_SERVICE, *plain):
        await store.put(place)
    directory = await store.directory()
    found = [
        directory.libraries[LIBRARY],
        directory.branches[BRANCH],
        directory.services[SERVICE],
        directory.teams[TEAM],
        directory.cards[CARD.id],
        next(exception for exception in directory.exceptions if exception.subject_id == BRANCH),
    ]
    assert found == plain


async def test_teams_cards_and_exceptions_are_removed_once(store: Store) -> None:
    await with_everything(store)
    for place in (FULL_TEAM, CARD, EXCEPTION):
        assert await store.remove(place)
        assert not await store.remove(place)
    directory = await store.directory()
    assert (directory.teams, directory.cards) == ({}, {})
    assert [exception.subject_id for exception in directory.exceptions] == [SERVICE]


async def test_a_team_that_a_service_rings_stays(store: Store) -> None:
    await with_everything(store)
    await store.put(FULL_SERVICE)
    with pytest.raises(InUse):
        await store.remove(FULL_TEAM)
    await store.put(replace(FULL_SERVICE, tiers=()))
    assert await store.remove(FULL_TEAM)


async def test_a_branch_with_a_kiosk_stays_and_goes_with_its_revoked_ones_cards_and_exceptions(store: Store) -> None:
    await with_everything(store)
    branch = (await store.directory()).branches[BRANCH]
    await store.put(replace(CARD, id=CardId("everywhere"), branch_id=None))
    await store.add_kiosk(Kiosk(KIOSK, BRANCH, "Entrance", None), CODE, NOW + timedelta(hours=1))
    await store.add_kiosk(Kiosk(KioskId("k2"), BRANCH, "Old", None), b"d" * 32, NOW + timedelta(hours=1))
    await store.enrol_kiosk(b"d" * 32, b"k" * 32, NOW)
    await store.add_challenge(KioskId("k2"), b"x" * 32, NOW)
    await store.revoke_kiosk(KioskId("k2"), NOW)
    with pytest.raises(InUse):
        await store.remove(branch)
    assert (await store.directory()).kiosks.keys() == {KIOSK, "k2"}

    await store.revoke_kiosk(KIOSK, NOW)
    assert await store.remove(branch)
    assert not await store.remove(branch)
    directory = await store.directory()
    assert (directory.branches, directory.kiosks) == ({}, {})
    assert directory.cards.keys() == {"everywhere"}
    assert [exception.subject_id for exception in directory.exceptions] == [SERVICE]


async def test_a_branch_or_service_with_a_visit_that_goes_on_stays(store: Store) -> None:
    await with_everything(store)
    directory = await store.directory()
    branch, service = directory.branches[BRANCH], directory.services[SERVICE]
    await saved(store, line([visit()]))
    for place in (branch, service):
        with pytest.raises(InUse):
            await store.remove(place)
    await saved(store, line([visit(state=VisitState.ENDED)]))
    for place in (service, branch):
        assert await store.remove(place)
    assert (await store.directory()).exceptions == ()


async def test_a_library_cannot_be_removed(store: Store) -> None:
    await with_places(store)
    with pytest.raises(InUse):
        await store.remove((await store.directory()).libraries[LIBRARY])


async def test_a_library_changes_its_line_only_while_none_of_its_visits_go_on(store: Store) -> None:
    await with_places(store)
    own = (await store.directory()).libraries[LIBRARY]
    shared = replace(own, line_id=OTHER_LINE)
    await saved(store, line([visit()]))
    with pytest.raises(InUse):
        await store.put(shared)
    assert (await store.directory()).libraries[LIBRARY] == own
    await store.put(replace(own, name="Norra"))  # its line stays, so its visits may

    await saved(store, line([visit(state=VisitState.ENDED)]))
    await store.put(shared)
    # Back again: visits of the other library in the line that they share hinder nobody.
    await saved(store, line([visit("theirs", branch_id=BranchId("elsewhere"))]), OTHER_LINE)
    await store.put(own)
    assert (await store.directory()).libraries[LIBRARY].line == LINE


async def test_deadlines_of_a_line_that_nobody_stands_in_any_more_are_still_found(store: Store) -> None:
    await with_places(store)
    left_behind = Deadline(DeadlineKind.SEAT_GRACE, "s1", NOW)
    await saved(store, line(deadlines=[left_behind]))
    await store.put(replace((await store.directory()).libraries[LIBRARY], line_id=OTHER_LINE))
    assert await store.next_deadline() == (LINE, left_behind)


# --- kiosks -------------------------------------------------------------------------------------------------


async def test_a_kiosk_is_changed_if_it_is_there(store: Store) -> None:
    await with_kiosk(store)
    # Its branch, its key and whether it is revoked are no business of a form.
    assert await store.change_kiosk(replace(FULL_KIOSK, branch_id=BranchId("elsewhere")))
    changed = replace(FULL_KIOSK, public_key=None, revoked_at=None)
    assert await store.find_kiosk(KIOSK) == changed
    assert (await store.directory()).kiosks == {KIOSK: changed}
    assert await store.change_kiosk(Kiosk(KIOSK, BRANCH, "Children", None))
    assert await store.find_kiosk(KIOSK) == Kiosk(KIOSK, BRANCH, "Children", None)
    assert not await store.change_kiosk(replace(FULL_KIOSK, id=KioskId("k9")))
    assert await store.find_kiosk(KioskId("k9")) is None


async def test_a_kiosk_has_everything_that_it_was_made_with(store: Store) -> None:
    await with_places(store)
    await store.add_kiosk(FULL_KIOSK, CODE, NOW + timedelta(hours=1))
    assert await store.find_kiosk(KIOSK) == FULL_KIOSK
    assert (await store.directory()).kiosks == {KIOSK: FULL_KIOSK}


async def test_a_new_code_replaces_the_open_one_and_leaves_the_key_until_it_is_used(store: Store) -> None:
    await with_kiosk(store)
    later = NOW + timedelta(hours=2)
    assert await store.renew_code(KIOSK, b"d" * 32, later)
    assert await store.enrol_kiosk(CODE, b"k" * 32, NOW) == (EnrolOutcome.UNKNOWN, None)
    await store.enrol_kiosk(b"d" * 32, b"k" * 32, NOW)
    assert await store.renew_code(KIOSK, b"e" * 32, later)
    assert (await store.directory()).kiosks[KIOSK].public_key == b"k" * 32
    assert await store.enrol_kiosk(b"d" * 32, b"z" * 32, NOW) == (EnrolOutcome.USED, None)
    assert (await store.enrol_kiosk(b"e" * 32, b"n" * 32, NOW))[0] is EnrolOutcome.ENROLLED
    assert (await store.directory()).kiosks[KIOSK].public_key == b"n" * 32


async def test_a_revoked_or_unknown_kiosk_gets_no_new_code(store: Store) -> None:
    await with_kiosk(store)
    await store.revoke_kiosk(KIOSK, NOW)
    for kiosk_id in (KIOSK, KioskId("k9")):
        assert not await store.renew_code(kiosk_id, b"d" * 32, NOW + timedelta(hours=1))
    assert await store.enrol_kiosk(b"d" * 32, b"k" * 32, NOW) == (EnrolOutcome.UNKNOWN, None)


async def test_a_code_binds_a_key_once(store: Store) -> None:
    await with_kiosk(store)
    outcome, kiosk = await store.enrol_kiosk(CODE, b"k" * 32, NOW)
    assert (outcome, kiosk) == (EnrolOutcome.ENROLLED, Kiosk(KIOSK, BRANCH, "Entrance", b"k" * 32))
    assert await store.enrol_kiosk(CODE, b"z" * 32, NOW) == (EnrolOutcome.USED, None)
    assert await store.find_kiosk(KIOSK) == kiosk


async def test_an_unknown_or_expired_code_binds_nothing(store: Store) -> None:
    await with_kiosk(store)
    assert await store.enrol_kiosk(b"u" * 32, b"k" * 32, NOW) == (EnrolOutcome.UNKNOWN, None)
    too_late = NOW + timedelta(hours=1)
    assert await store.enrol_kiosk(CODE, b"k" * 32, too_late) == (EnrolOutcome.EXPIRED, None)
    assert (await store.directory()).kiosks[KIOSK].public_key is None


async def test_of_racers_for_one_code_exactly_one_enrols(opener: Opener) -> None:
    nodes = [await opener.open(), await opener.open()]
    await with_kiosk(nodes[0])
    keys = [bytes([n]) * 32 for n in range(RACERS)]
    results = await asyncio.gather(*(nodes[n % 2].enrol_kiosk(CODE, key, NOW) for n, key in enumerate(keys)))
    outcomes = [outcome for outcome, _ in results]
    assert sorted(outcomes) == [EnrolOutcome.ENROLLED, *[EnrolOutcome.USED] * (RACERS - 1)]
    winner = await nodes[1].find_kiosk(KIOSK)
    assert winner is not None
    assert winner.public_key == keys[outcomes.index(EnrolOutcome.ENROLLED)]


async def test_a_kiosk_is_revoked_once_and_its_open_code_with_it(store: Store) -> None:
    await with_kiosk(store)
    assert await store.revoke_kiosk(KIOSK, NOW)
    assert not await store.revoke_kiosk(KIOSK, NOW)
    assert not await store.revoke_kiosk(KioskId("k9"), NOW)
    assert (await store.directory()).kiosks[KIOSK].revoked_at == NOW
    assert await store.enrol_kiosk(CODE, b"k" * 32, NOW) == (EnrolOutcome.UNKNOWN, None)


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
