"""What is asked of kiosks from afar: orders, locks and PINs, as they are kept, shown to the kiosk and written down."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from signaling.adapters.store_memory import MemoryStore
from signaling.domain.places import Kiosk
from signaling.protocol.health import ORDER_EXPIRES_S, OrderKind, OrderState
from signaling.protocol.vocabulary import MAX_ORDERS, KioskId, Language, StaffId
from tests.signaling.adapters.admin.world import NORR, NOW, World, problem_of, world_on

K1 = KioskId("k1")
TEXTS = {"sv": "Skärmen byts i dag.", "en": "The screen is being replaced today."}


@pytest_asyncio.fixture
async def world() -> AsyncIterator[World]:
    async with world_on(MemoryStore()) as world:
        yield world


async def do(world: World, what: str, body: Any = None, *, kiosk: str = "k1", by: str = "branch_admin") -> Any:
    return await world.ask(by, "POST", f"/api/admin/kiosks/{kiosk}/{what}", body)


async def kiosk_of(world: World) -> Kiosk:
    kiosk = await world.store.find_kiosk(K1)
    assert kiosk is not None
    return kiosk


async def log(world: World) -> list[tuple[str, str, dict[str, str]]]:
    entries = await world.store.actions(NORR, before=NOW + timedelta(days=1), limit=99)
    return [(entry.action, entry.subject_id, dict(entry.details)) for entry in entries]


# --- orders ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "action"),
    [
        ("identify", "identify_kiosk"),
        ("test", "test_kiosk"),
        ("reload", "reload_kiosk"),
        ("restart_program", "restart_kiosk_program"),
        ("restart_machine", "restart_kiosk_machine"),
    ],
)
async def test_an_order_waits_for_its_kiosk_and_is_in_the_log(world: World, kind: str, action: str) -> None:
    asked = await do(world, "orders", {"kind": kind})
    assert asked.status == 201
    row = await asked.json()
    assert row.pop("id")
    assert row == {
        "kind": kind,
        "state": "asked",
        "fault": None,
        "asked_by": "Branch_Admin",
        "asked_at": "2026-03-02T09:00:00Z",
        "told_at": None,
    }
    (order,) = (await world.store.directory()).orders
    assert (order.kiosk_id, order.library_id, order.kind, order.asked_by) == (K1, NORR, kind, StaffId("branch_admin"))
    assert order.expires_at == NOW + timedelta(seconds=ORDER_EXPIRES_S)
    assert await log(world) == [(action, "k1", {"name": "k1"})]
    assert world.told.changes == [(NORR, None)]


async def test_who_presses_twice_asks_once(world: World) -> None:
    first = await (await do(world, "orders", {"kind": "test"})).json()
    before = await world.everything()
    again = await do(world, "orders", {"kind": "test"}, by="service_owner")
    assert (again.status, await again.json()) == (201, first)
    assert await world.everything() == before
    # What the kiosk is at already can be asked for anew.
    await world.store.tell_order(first["id"], K1, OrderState.TAKEN, None, NOW, "i1")
    anew = await (await do(world, "orders", {"kind": "test"})).json()
    assert anew["id"] != first["id"]
    assert len((await world.store.directory()).orders) == 2


async def test_a_kiosk_has_only_so_much_to_do_at_once(world: World) -> None:
    for number in range(MAX_ORDERS):
        row = await (await do(world, "orders", {"kind": "test"})).json()
        await world.store.tell_order(row["id"], K1, OrderState.TAKEN, None, NOW, f"i{number}")
    refused = await do(world, "orders", {"kind": "test"})
    assert await problem_of(refused) == (422, "too_big", "")
    assert len((await world.store.directory()).orders) == MAX_ORDERS
    assert (await do(world, "orders", {"kind": "test"}, kiosk="k2")).status == 201


@pytest.mark.parametrize("body", [{"kind": "explode"}, {"kind": ""}, {}, {"kind": ["test"]}])
async def test_what_no_kiosk_can_do_is_refused(world: World, body: Any) -> None:
    status, _, field = await problem_of(await do(world, "orders", body))
    assert (status, field) == (422, "kind")
    assert (await world.store.directory()).orders == ()


# --- locks ----------------------------------------------------------------------------------------------------


async def test_a_kiosk_is_locked_with_a_text_and_unlocked_again(world: World) -> None:
    locked = await do(world, "lock", {"texts": {**TEXTS, "nb": " "}})
    assert locked.status == 200
    assert (await locked.json())["revision"] == await world.revision("kiosks", "k1")
    kiosk = await kiosk_of(world)
    assert (kiosk.locked, dict(kiosk.lock_texts)) == (True, {Language(code): text for code, text in TEXTS.items()})
    world.clock.time = NOW + timedelta(seconds=1)
    assert (await do(world, "unlock")).status == 200
    kiosk = await kiosk_of(world)
    assert (kiosk.locked, kiosk.lock_texts) == (False, {})
    texts = "sv: Skärmen byts i dag. | en: The screen is being replaced today."
    assert await log(world) == [
        ("lock_kiosk", "k1", {"name": "k1", "locked": "false"}),
        ("lock_kiosk", "k1", {"name": "k1", "locked": "true", "texts": texts}),
    ]


async def test_a_lock_without_texts_and_a_lock_that_is_there_already(world: World) -> None:
    assert (await do(world, "lock", {})).status == 200
    kiosk = await kiosk_of(world)
    assert (kiosk.locked, kiosk.lock_texts) == (True, {})
    before = await world.everything()
    assert (await do(world, "lock", {})).status == 200
    assert await world.everything() == before, "nothing was changed, so nothing is written down"
    assert (await do(world, "lock", {"texts": {"sv": "En annan text."}})).status == 200
    assert (await kiosk_of(world)).lock_texts == {Language.SV: "En annan text."}


async def test_what_is_not_locked_needs_no_unlocking(world: World) -> None:
    before = await world.everything()
    assert (await do(world, "unlock")).status == 200
    assert await world.everything() == before


async def test_a_form_of_the_kiosk_leaves_its_lock_and_pin(world: World) -> None:
    await do(world, "lock", {"texts": TEXTS})
    await do(world, "pin", {"pin": "482913"})
    before = await kiosk_of(world)
    kept = await world.kept("kiosks", "k1")
    assert "pin_hash" not in kept
    answer = await world.ask(
        "branch_admin", "PUT", "/api/admin/kiosks/k1", {**kept, "brightness_percent": 70}, revision=kept["revision"]
    )
    assert answer.status == 200
    after = await kiosk_of(world)
    assert (after.locked, after.lock_texts, after.pin_hash) == (True, before.lock_texts, before.pin_hash)
    assert after.brightness_percent == 70


# --- PINs -----------------------------------------------------------------------------------------------------


async def test_a_pin_is_kept_as_a_hash_that_the_kiosk_can_check_and_no_log_has_it(world: World) -> None:
    assert (await do(world, "pin", {"pin": "482913"})).status == 200
    scheme, n, r, p, salt, made = (await kiosk_of(world)).pin_hash.split("$")
    assert scheme == "scrypt"
    again = hashlib.scrypt(b"482913", salt=b64decode(salt), n=int(n), r=int(r), p=int(p), dklen=len(b64decode(made)))
    assert again == b64decode(made)
    assert await log(world) == [("set_kiosk_pin", "k1", {"name": "k1", "pin": "*"})]


async def test_an_empty_pin_closes_the_menu(world: World) -> None:
    before = await world.everything()
    assert (await do(world, "pin", {"pin": ""})).status == 200
    assert await world.everything() == before, "it was closed already"
    await do(world, "pin", {"pin": "482913"})
    assert (await do(world, "pin", {"pin": ""})).status == 200
    assert (await kiosk_of(world)).pin_hash == ""
    assert ("set_kiosk_pin", "k1", {"name": "k1", "pin": ""}) in await log(world)


@pytest.mark.parametrize("pin", ["12345", "1" * 13, "abcdef", "12 456", "１２３４５６", None, 482913])
async def test_a_pin_has_six_to_twelve_digits(world: World, pin: Any) -> None:
    status, _, field = await problem_of(await do(world, "pin", {"pin": pin}))
    assert (status, field) == (422, "pin")
    assert (await kiosk_of(world)).pin_hash == ""


@pytest.mark.parametrize("pin", ["000000", "777777777777", "123456", "987654", "567890", "3210987"])
async def test_a_pin_that_anybody_would_try_first_is_refused_as_such(world: World, pin: str) -> None:
    assert await problem_of(await do(world, "pin", {"pin": pin})) == (422, "too_easy", "pin")
    assert (await kiosk_of(world)).pin_hash == ""


# --- what all of them do alike --------------------------------------------------------------------------------

ALL = [("orders", {"kind": OrderKind.TEST.value}), ("lock", {}), ("unlock", None), ("pin", {"pin": "482913"})]


@pytest.mark.parametrize(("what", "body"), ALL)
async def test_nothing_is_asked_of_a_kiosk_that_is_revoked(world: World, what: str, body: Any) -> None:
    await do(world, "revoke")
    before = await world.everything()
    assert await problem_of(await do(world, what, body)) == (409, "revoked", "")
    assert await world.everything() == before


@pytest.mark.parametrize(("what", "body"), ALL)
@pytest.mark.parametrize("kiosk", ["far", "nothing"])
async def test_another_library_s_kiosk_is_not_there(world: World, what: str, body: Any, kiosk: str) -> None:
    before = await world.everything()
    assert (await problem_of(await do(world, what, body, kiosk=kiosk)))[:2] == (404, "not_found")
    assert await world.everything() == before
