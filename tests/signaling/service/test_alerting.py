"""Who is told about kiosks: once, in the own language, by whatever way works, and not in the quiet hours."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count

import pytest
import pytest_asyncio

from signaling.adapters.store_memory import MemoryStore
from signaling.domain.alerts import PATIENCE, Alert, Patience, Watched
from signaling.domain.health import KioskHealth, Told
from signaling.domain.places import Branch, Kiosk, Library
from signaling.protocol.health import AWAY_AFTER_S, AlertScope, HealthCode, Light, TestKind
from signaling.protocol.vocabulary import BranchId, KioskId, Language, LibraryId, MediaEngine, Role, StaffId
from signaling.service import alerting as alerting_module
from signaling.service.alerting import TRY_AGAIN, Alerting, AlertRequest, Delivery
from signaling.service.health import HealthKeeper, Program
from signaling.service.ports import PushSubscription, Staff, StoreError
from tests.support.edges import SetClock, places_of
from tests.support.logs import ExpectLog

NORR, SODER = LibraryId("norr"), LibraryId("soder")
C = HealthCode
PROGRAM = Program("1.2", MediaEngine.LIBWEBRTC, "first")
URL = "https://desk.test/#manage/health"
MINUTE = timedelta(minutes=1)


def person(login: str, *, role: Role = Role.BRANCH_ADMIN, alerts: bool = True, email: str | None = None) -> Staff:
    return Staff(
        StaffId(login),
        NORR,
        login,
        login.capitalize(),
        frozenset({role}),
        "",
        must_change_password=False,
        languages=frozenset({Language.SV}),
        email=f"{login}@example.org" if email is None else email,
        alerts=alerts,
    )


@dataclass
class Ears:
    """A notifier that keeps what it was to tell, and can fail in each way."""

    requests: list[AlertRequest] = field(default_factory=list)
    reaches: bool = True
    breaks: bool = False
    gone: tuple[str, ...] = ()

    async def tell_alerts(self, request: AlertRequest) -> Delivery:
        self.requests.append(request)
        if self.breaks:
            raise OSError(f"no way to {request.email}")
        return Delivery(self.reaches, self.gone)

    def take(self) -> list[tuple[str, list[str], list[str]]]:
        """To whom, what was found, what was mended."""
        taken, self.requests = self.requests, []
        return [
            (
                request.email,
                [f"{news.branch_name}/{','.join(news.kiosk_names)}: {news.alert.code}" for news in request.found],
                [f"{news.branch_name}/{','.join(news.kiosk_names)}: {news.alert.code}" for news in request.mended],
            )
            for request in taken
        ]


class Ids:
    def __init__(self) -> None:
        self._numbers = count(1)

    def new(self) -> str:
        return f"alert-{next(self._numbers)}"


class Desk:
    """The loop on a store with three kiosks in two branches, and one person who wants to know."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.clock = SetClock()
        self.ears = Ears()
        self.present: dict[KioskId, Program] = {}
        self.shown: list[tuple[list[tuple[str, Light]], int]] = []
        self.keeper = HealthKeeper(store=self.store, clock=self.clock, present=lambda: self.present)
        self.be_patient(PATIENCE)

    def be_patient(self, patience: Patience) -> None:
        """Another loop on the same store."""
        self.alerting = Alerting(
            store=self.store,
            places=places_of(self.store, self.clock),
            keeper=self.keeper,
            notifier=self.ears,
            clock=self.clock,
            ids=Ids(),
            show=self.show,
            url=URL,
            patience=patience,
        )

    def show(
        self, kiosks: Sequence[Watched], _rows: Mapping[KioskId, KioskHealth], _now: datetime, open_alerts: int
    ) -> None:
        self.shown.append(([(kiosk.kiosk_id, kiosk.verdict.light) for kiosk in kiosks], open_alerts))

    async def furnish(self) -> None:
        await self.store.add_library(Library(NORR, "Norr", Language.SV, "Europe/Stockholm"))
        await self.store.add_library(Library(SODER, "Söder", Language.NB, "Europe/Oslo"))
        for kiosk, branch in (("k1", "burtrask"), ("k2", "boliden"), ("k3", "boliden"), ("k9", "boliden")):
            if BranchId(branch) not in (await self.store.directory()).branches:
                await self.store.add_branch(Branch(BranchId(branch), NORR, branch.title(), ""))
            place = Kiosk(KioskId(kiosk), BranchId(branch), kiosk.upper(), None)
            await self.store.add_kiosk(place, kiosk.encode(), self.clock.now() + timedelta(days=1))
        await self.store.revoke_kiosk(KioskId("k9"), self.clock.now())
        await self.store.add_staff(person("anna"))
        for kiosk in ("k1", "k2", "k3"):
            self.present[KioskId(kiosk)] = PROGRAM
            await self.keeper.report(KioskId(kiosk), NORR, Told(TestKind.BOOT))

    async def after(self, time: timedelta) -> list[tuple[str, list[str], list[str]]]:
        """Look again after this time; what people heard."""
        self.clock.later(time.total_seconds())
        await self.alerting.look()
        return self.ears.take()

    async def alert(self) -> Alert:
        """The only one."""
        (found,) = await self.store.alerts(NORR, limit=9)
        return found


@pytest_asyncio.fixture
async def desk() -> Desk:
    desk = Desk()
    await desk.furnish()
    assert await desk.after(timedelta(0)) == []
    return desk


async def lost(desk: Desk, *kiosks: str) -> None:
    """Cables are pulled, and it is noticed by the next look."""
    for kiosk in kiosks:
        del desk.present[KioskId(kiosk)]
    await desk.alerting.look()


async def test_a_lost_kiosk_is_told_once_and_that_it_is_back_once(desk: Desk) -> None:
    await lost(desk, "k1")
    assert await desk.after(MINUTE) == [("anna@example.org", ["Burtrask/K1: away"], [])]
    assert await desk.after(MINUTE) == []
    desk.present[KioskId("k1")] = PROGRAM
    assert await desk.after(MINUTE) == []
    assert await desk.after(MINUTE) == [("anna@example.org", [], ["Burtrask/K1: away"])]
    assert await desk.after(MINUTE) == []
    alert = await desk.alert()
    assert (alert.told_at is not None, alert.mended_at is not None, alert.mended_told_at) == (
        True,
        True,
        desk.clock.now() - MINUTE,
    )


async def test_a_library_that_wants_to_know_at_once_is_told_at_once(desk: Desk) -> None:
    desk.be_patient(Patience(away=timedelta(seconds=1), mended=timedelta(seconds=2)))
    await lost(desk, "k1")
    assert await desk.after(timedelta(seconds=AWAY_AFTER_S)) == [("anna@example.org", ["Burtrask/K1: away"], [])]
    desk.present[KioskId("k1")] = PROGRAM
    assert await desk.after(timedelta(seconds=1)) == []
    assert await desk.after(timedelta(seconds=2)) == [("anna@example.org", [], ["Burtrask/K1: away"])]


async def test_a_restart_of_the_server_tells_nobody_anything(desk: Desk) -> None:
    here = dict(desk.present)
    await lost(desk, *here)
    desk.clock.later(40)
    await desk.alerting.look()
    desk.present.update(here)
    for _ in range(3):
        assert await desk.after(MINUTE) == []
    assert await desk.store.alerts(NORR, limit=9) == []


async def test_what_happens_at_once_is_one_message(desk: Desk) -> None:
    await desk.keeper.report(KioskId("k1"), NORR, Told(TestKind.LIGHT, (C.MICROPHONE_DEAF, C.LOUDSPEAKER_MUTED)))
    assert await desk.after(MINUTE) == [
        ("anna@example.org", ["Burtrask/K1: loudspeaker_muted", "Burtrask/K1: microphone_deaf"], [])
    ]


async def test_the_message_has_its_language_its_zone_and_the_way_to_the_page(desk: Desk) -> None:
    await lost(desk, "k2", "k3")
    desk.clock.later(60)
    await desk.alerting.look()
    request = desk.ears.requests[0]
    assert (request.language, request.time_zone, request.url) == (Language.SV, "Europe/Stockholm", URL)
    (news,) = request.found
    assert (news.alert.scope, news.branch_name, news.kiosk_names) == (AlertScope.BRANCH, "Boliden", ("K2", "K3"))


async def test_most_kiosks_at_once_are_one_alert_of_no_branch(desk: Desk) -> None:
    await lost(desk, "k1", "k2")
    assert await desk.after(MINUTE) == [("anna@example.org", ["/K1,K2: away"], [])]
    assert (await desk.alert()).scope is AlertScope.NETWORK


async def test_in_quiet_hours_nobody_is_told_and_afterwards_everybody(desk: Desk) -> None:
    # The clock of these tests shows nine in UTC, ten in Stockholm.
    local = desk.clock.now() + timedelta(hours=1)
    minute = local.hour * 60 + local.minute
    await desk.store.put(
        Library(
            NORR,
            "Norr",
            Language.SV,
            "Europe/Stockholm",
            alert_quiet_from_min=minute,
            alert_quiet_to_min=minute + 9,
        )
    )
    desk.clock.later(20)  # the places are read again
    await lost(desk, "k1")
    assert await desk.after(2 * MINUTE) == []
    assert (await desk.alert()).told_at is None
    assert await desk.after(7 * MINUTE) == [("anna@example.org", ["Burtrask/K1: away"], [])]


async def test_only_those_who_want_to_know_and_may_see_it_are_told(desk: Desk) -> None:
    for account in (
        person("bo", alerts=False),
        person("cia", role=Role.LIBRARIAN),
        replace(person("dan"), library_id=SODER),
        person("eva", role=Role.SERVICE_OWNER),
        person("fia"),
        person("gun", email=""),
    ):
        await desk.store.add_staff(account)
    await desk.store.disable_staff(StaffId("fia"), desk.clock.now())
    await lost(desk, "k1")
    assert [to for to, _, _ in await desk.after(MINUTE)] == ["anna@example.org", "eva@example.org"]


async def test_with_nobody_to_tell_what_is_wrong_waits_for_somebody(desk: Desk) -> None:
    await desk.store.update_staff(person("anna", alerts=False))
    await lost(desk, "k1")
    assert await desk.after(MINUTE) == []
    assert (await desk.alert()).told_at is None
    await desk.store.update_staff(person("anna"))
    assert await desk.after(timedelta(seconds=5)) == [("anna@example.org", ["Burtrask/K1: away"], [])]


async def test_what_is_mended_when_nobody_is_left_to_tell_is_done_with(desk: Desk) -> None:
    await lost(desk, "k1")
    await desk.after(MINUTE)
    await desk.store.update_staff(person("anna", alerts=False))
    desk.present[KioskId("k1")] = PROGRAM
    await desk.after(MINUTE)
    assert await desk.after(MINUTE) == []
    assert await desk.store.open_alerts() == []


@pytest.mark.parametrize("breaks", [False, True])
async def test_when_no_way_works_it_is_tried_again_later(desk: Desk, expected_log: ExpectLog, *, breaks: bool) -> None:
    if breaks:
        expected_log("kiosk_alert_not_told", level="ERROR")
    desk.ears.reaches, desk.ears.breaks = False, breaks
    await lost(desk, "k1")
    assert len(await desk.after(MINUTE)) == 1
    assert (await desk.alert()).told_at is None
    assert await desk.after(TRY_AGAIN - MINUTE) == []
    desk.ears.reaches, desk.ears.breaks = True, False
    assert len(await desk.after(MINUTE)) == 1
    assert (await desk.alert()).told_at == desk.clock.now()


async def test_a_way_that_hangs_holds_up_nobody_for_long(
    desk: Desk, expected_log: ExpectLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected_log("kiosk_alert_not_told", level="ERROR")
    monkeypatch.setattr(alerting_module, "SEND_WITHIN_S", 0.01)

    async def hang(_request: AlertRequest) -> Delivery:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(desk.ears, "tell_alerts", hang)
    await lost(desk, "k1")
    async with asyncio.timeout(10):
        await desk.after(MINUTE)


async def test_a_browser_that_is_gone_is_forgotten(desk: Desk) -> None:
    gone = PushSubscription("https://push.example.net/1", StaffId("anna"), "key", "auth")
    await desk.store.add_push(gone)
    desk.ears.gone = (gone.endpoint,)
    await lost(desk, "k1")
    await desk.after(MINUTE)
    assert await desk.store.push_of(StaffId("anna")) == []


async def test_what_could_not_be_written_is_not_told_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await lost(desk, "k1")
    put = desk.store.put_alert

    async def refuse_what_was_told(alert: Alert) -> None:
        if alert.told_at is not None:
            raise StoreError("away")
        await put(alert)

    with monkeypatch.context() as patch:
        patch.setattr(desk.store, "put_alert", refuse_what_was_told)
        desk.clock.later(60)
        with pytest.raises(StoreError):
            await desk.alerting.look()
        assert len(desk.ears.take()) == 1
        with pytest.raises(StoreError):
            await desk.alerting.look()
    told_at = desk.clock.now()
    assert await desk.after(MINUTE) == []
    assert (await desk.alert()).told_at == told_at


async def test_every_look_shows_all_kiosks_in_use_and_how_many_alerts_are_open(desk: Desk) -> None:
    await lost(desk, "k1")
    await desk.after(MINUTE)
    await desk.alerting.look()
    assert desk.shown[-1] == ([("k1", Light.RED), ("k2", Light.GREEN), ("k3", Light.GREEN)], 1)


async def test_the_loop_goes_on_when_the_database_comes_back(
    desk: Desk, expected_log: ExpectLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected_log("alerts_wait_for_store")
    monkeypatch.setattr(alerting_module, "LOOK_EVERY_S", 0)
    again = asyncio.Event()
    outcomes = iter([StoreError("away"), StoreError("away"), None])

    async def look() -> None:
        outcome = next(outcomes, None)
        if outcome is not None:
            raise outcome
        again.set()

    monkeypatch.setattr(desk.alerting, "look", look)
    running = asyncio.create_task(desk.alerting.run())
    async with asyncio.timeout(10):
        await again.wait()
    running.cancel()
