"""What forms and the command line change reaches every line and every view, once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
import pytest_asyncio

from signaling.adapters.store_memory import MemoryStore
from signaling.domain.places import Branch, Hours, Library, Service, Span
from signaling.protocol.vocabulary import BranchId, Language, LibraryId, LineId, Role, ServiceId, StaffId
from signaling.service.hub import Hub
from signaling.service.kept import Upkeep
from signaling.service.ports import Staff, StoreError
from tests.support.edges import BreakableStore, OneTurn, RecordingAnnouncer, RecordingMetrics, SetClock, places_of

NORR, SODER = LibraryId("norr"), LibraryId("soder")
BRANCH = Branch(BranchId("burtrask"), NORR, "Burträsk", "0914-1")
HELP = Service(ServiceId("help"), NORR, {Language.SV: "Hjälp"})
#: Monday, when the clock of the tests stands, is a closed day.
NEVER_ON_MONDAYS = Hours(((), *((Span(480, 960),),) * 6))


@dataclass
class Node:
    """A node with its upkeep, and what it was told to do."""

    store: BreakableStore = field(default_factory=lambda: BreakableStore(MemoryStore()))
    announcer: RecordingAnnouncer = field(default_factory=RecordingAnnouncer)
    looked: int = 0
    checked: list[StaffId | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        clock = SetClock()
        self.places = places_of(self.store, clock)
        hub = Hub(
            store=self.store,
            announcer=self.announcer,
            clock=clock,
            turn=OneTurn(),
            metrics=RecordingMetrics(),
            places=self.places,
        )
        self.upkeep = Upkeep(hub=hub, places=self.places, look_again=self._look_again, check_rights=self._check)

    def _look_again(self) -> None:
        self.looked += 1

    async def _check(self, staff_id: StaffId | None) -> None:
        self.checked.append(staff_id)


@pytest_asyncio.fixture
async def node() -> Node:
    node = Node()
    await node.store.add_library(Library(NORR, "Norr", Language.SV, "Europe/Stockholm"))
    await node.store.add_library(Library(SODER, "Söder", Language.NB, "Europe/Oslo"))
    await node.store.add_branch(BRANCH)
    await node.store.add_service(HELP)
    await node.upkeep.look()
    return node


async def test_at_the_start_every_line_looks_at_its_places(node: Node) -> None:
    assert (await node.store.read_line(LineId(NORR))).standings[HELP.id].open
    assert node.looked == 1


async def test_new_hours_close_the_service_at_once_and_every_view_is_looked_at(node: Node) -> None:
    node.announcer.take()
    await node.store.put(replace(HELP, hours=NEVER_ON_MONDAYS))
    await node.upkeep.changed(NORR)
    assert not (await node.store.read_line(LineId(NORR))).standings[HELP.id].open
    (change,) = node.announcer.take()
    assert (change.line_id, change.all_kiosks, change.at_once) == (LineId(NORR), True, True)
    assert node.looked == 2
    assert node.checked == [None]


async def test_a_text_that_no_rule_reads_is_shown_without_a_commit(node: Node) -> None:
    node.announcer.take()
    await node.store.put(replace(BRANCH, name="Burträsk nya"))
    await node.upkeep.changed(NORR)
    assert node.announcer.take() == []
    assert node.looked == 2
    assert (await node.places.directory()).branches[BRANCH.id].name == "Burträsk nya"


async def test_a_look_at_places_that_are_the_same_does_nothing(node: Node) -> None:
    node.announcer.take()
    setup = await node.places.setup()
    await node.upkeep.look()
    assert (node.looked, node.announcer.take()) == (1, [])
    assert await node.places.setup() is setup


async def test_what_could_not_be_done_while_the_database_was_away_is_done_by_the_next_look(node: Node) -> None:
    await node.store.put(replace(HELP, hours=NEVER_ON_MONDAYS))
    node.store.away = True
    with pytest.raises(StoreError):
        await node.upkeep.changed(NORR)
    node.store.away = False
    await node.upkeep.look()
    assert not (await node.store.read_line(LineId(NORR))).standings[HELP.id].open
    assert node.looked == 2


async def test_a_changed_account_has_its_rights_looked_at(node: Node) -> None:
    roles = frozenset({Role.LIBRARIAN})
    await node.upkeep.changed(NORR, Staff(StaffId("anna"), NORR, "anna", "Anna", roles, "", must_change_password=False))
    assert node.checked == [StaffId("anna")]
