"""The forms on the whole server: what they change reaches kiosks and consoles, and roles hold on the sockets too."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web

from signaling.adapters.auth.tokens import csrf_of
from signaling.adapters.store_memory import MemoryStore
from signaling.adapters.system import SystemClock
from signaling.app import make_app
from signaling.config import Settings
from signaling.domain.permissions import may
from signaling.protocol.messages import MESSAGES, Direction
from signaling.protocol.vocabulary import Action, Role
from tests.signaling.adapters.admin.walk import STEPS
from tests.support.coturn import SECRET, relay
from tests.support.wire import BRANCH, LINE, ORIGIN, SERVICE, TurnedAway, Wire, wire_server

#: Below the gateway's own recheck (5 s): what arrives sooner was announced.
SOON_S = 4.0
FROM_CONSOLES = [spec.name for spec in MESSAGES.values() if Direction.STAFF_TO_SERVER in spec.directions]
FROM_ELSEWHERE = [spec.name for spec in MESSAGES.values() if Direction.STAFF_TO_SERVER not in spec.directions]


@pytest_asyncio.fixture
async def wire() -> AsyncIterator[Wire]:
    async with wire_server(MemoryStore()) as wire:
        yield wire


async def ask(wire: Wire, login: str, method: str, path: str, body: Any = None, revision: str = "") -> Any:
    token = wire.tokens[login]
    headers = {"Cookie": f"librarian-session={token}", "X-CSRF-Token": csrf_of(token), "Origin": ORIGIN}
    headers |= {"If-Match": revision} if revision else {}
    async with wire.http.request(method, f"{wire.url}{path}", json=body, headers=headers) as answer:
        assert answer.status in {200, 201}, await answer.text()
        return await answer.json()


async def change(wire: Wire, kind: str, thing_id: str, **changes: Any) -> None:
    """As an admin with the form open would."""
    if "admin" not in wire.tokens:
        await wire.add_staff("admin", "Adm", frozenset({Role.SYSTEM_ADMIN}))
    view = await ask(wire, "admin", "GET", "/api/admin/view")
    entries = [view["library"]] if kind == "libraries" else view[kind]
    kept = next(entry for entry in entries if entry["id"] == thing_id)
    await ask(wire, "admin", "PUT", f"/api/admin/{kind}/{thing_id}", {**kept, **changes}, kept["revision"])


def test_the_server_has_exactly_the_routes_that_are_walked() -> None:
    app: web.Application = make_app(Settings(), MemoryStore())
    registered = {
        (route.method, route.resource.canonical)
        for route in app.router.routes()
        if route.resource is not None and route.resource.canonical.startswith(("/api/admin", "/api/me"))
    }
    assert registered - {("HEAD", path) for _, path in registered} == {(step.method, step.route) for step in STEPS}


async def test_a_service_s_new_name_is_on_the_kiosk_at_once(wire: Wire) -> None:
    kiosk = await wire.kiosk()
    await change(wire, "services", SERVICE, names={"sv": "Fråga oss"})
    await kiosk.until(lambda: kiosk.view["services"][SERVICE]["names"] == {"sv": "Fråga oss"}, patience_s=SOON_S)  # type: ignore[index,call-overload]


async def test_a_branch_that_closes_for_a_while_is_closed_on_its_kiosk_at_once(wire: Wire) -> None:
    await wire.seat_on_duty()
    kiosk = await wire.kiosk()
    await kiosk.can_be_answered()
    await change(wire, "branches", BRANCH, closed=True, closed_texts={"sv": "Golvet målas"})
    await kiosk.until(lambda: "Golvet målas" in repr(kiosk.view), patience_s=SOON_S)
    await change(wire, "branches", BRANCH, closed=False, closed_texts={})
    await kiosk.until(lambda: "Golvet målas" not in repr(kiosk.view), patience_s=SOON_S)


async def test_a_kiosk_that_is_revoked_is_out_at_once(wire: Wire) -> None:
    await wire.add_staff("admin", "Adm", frozenset({Role.BRANCH_ADMIN}))
    kiosk = await wire.kiosk()
    await ask(wire, "admin", "POST", "/api/admin/kiosks/k1/revoke")
    await kiosk.until(lambda: not kiosk.connected, patience_s=SOON_S)


async def test_languages_that_somebody_changes_are_on_the_kiosk_at_once(wire: Wire) -> None:
    seat = await wire.seat_on_duty()
    kiosk = await wire.kiosk()
    await kiosk.can_be_answered()
    await ask(wire, "anna", "PUT", "/api/me/settings", {"languages": ["sv"]})
    await seat.until(lambda: seat.view["seat"]["languages"] == ["sv"], patience_s=SOON_S)  # type: ignore[index,call-overload]
    await kiosk.until(lambda: kiosk.view["availability"]["languages"] == ["sv"], patience_s=SOON_S)  # type: ignore[index,call-overload]


# --- roles on the sockets -------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role)
async def test_a_role_has_a_seat_exactly_when_it_answers_visitors(wire: Wire, role: Role) -> None:
    await wire.add_staff("one", "One", frozenset({role}))
    if may({role}, Action.ANSWER):
        seat = await wire.seat("one")
        for name in FROM_CONSOLES:
            answer = await seat.send(name, {})
            refused = "" if answer["ok"] else answer["error"]["code"]
            assert refused not in {"unknown_message", "forbidden", "not_authenticated"}, name
        for name in FROM_ELSEWHERE:
            assert await seat.refused(name, {}) == "unknown_message", name
    else:
        with pytest.raises(TurnedAway) as turned:
            await wire.seat("one")
        assert turned.value.code == "forbidden"
        assert (await wire.store.read_line(LINE)).seats == {}


async def test_an_account_without_any_role_has_no_seat(wire: Wire) -> None:
    await wire.add_staff("none", "None", frozenset())
    with pytest.raises(TurnedAway) as turned:
        await wire.seat("none")
    assert turned.value.code == "forbidden"


async def test_who_is_made_something_else_leaves_the_seat_at_once(wire: Wire) -> None:
    seat = await wire.seat_on_duty()
    await change(wire, "staff", "id-anna", roles=["branch_admin"])
    await seat.until(lambda: not seat.connected, patience_s=SOON_S)
    with pytest.raises(TurnedAway):
        await wire.seat()


async def test_a_disabled_account_leaves_the_seat_at_once(wire: Wire) -> None:
    seat = await wire.seat_on_duty()
    await wire.add_staff("admin", "Adm", frozenset({Role.SERVICE_OWNER}))
    await ask(wire, "admin", "POST", "/api/admin/staff/id-anna/disable")
    await seat.until(lambda: not seat.connected, patience_s=SOON_S)


# --- the relay ----------------------------------------------------------------------------------------------


async def network(wire: Wire) -> Any:
    """What the page shows of the relay, once it was tried."""
    await wire.add_staff("branch", "Bo", frozenset({Role.BRANCH_ADMIN}))
    async with asyncio.timeout(30):
        while True:
            found = await ask(wire, "branch", "GET", "/api/admin/network")
            if all(relay["finding"] for relay in found["relays"]):
                return found
            await asyncio.sleep(0.05)


async def metrics(wire: Wire) -> str:
    async with wire.http.get(f"{wire.url}/metrics") as answer:
        return await answer.text()


async def test_a_server_tries_its_relay_at_the_start_and_shows_what_it_found(tmp_path: Path) -> None:
    async with relay(tmp_path) as server:
        turn = {"urls": [server.url("udp"), server.url("tcp")], "secret": SECRET}
        async with wire_server(MemoryStore(), SystemClock(), turn=turn) as wire:
            found = await network(wire)
            assert [(row["transport"], row["finding"]) for row in found["relays"]] == [
                ("udp", "reached"),
                ("tcp", "reached"),
            ]
            assert f'librarian_relay_reached{{url="{server.url("tcp")}"}} 1.0' in await metrics(wire)


@pytest.mark.expected_log("relay_not_usable.*refused")
async def test_a_relay_of_another_secret_is_found_out_before_a_visitor_does(tmp_path: Path) -> None:
    async with relay(tmp_path) as server:
        turn = {"urls": [server.url("udp")], "secret": "another"}
        async with wire_server(MemoryStore(), SystemClock(), turn=turn) as wire:
            (row,) = (await network(wire))["relays"]
            assert row["finding"] == "refused"
            assert row["since"] == row["checked_at"]
            assert f'librarian_relay_reached{{url="{server.url("udp")}"}} 0.0' in await metrics(wire)


async def test_a_branch_s_relay_and_bitrates_reach_the_next_call_at_once(tmp_path: Path) -> None:
    async with relay(tmp_path) as server:
        turn = {"urls": [server.url("udp")], "secret": SECRET}
        async with wire_server(MemoryStore(), SystemClock(), turn=turn) as wire:
            kiosk, _seat, visit_id = await wire.talk()
            assert (await kiosk.ok("call.ice", {"visit_id": visit_id}))["relay_only"] is False
            await change(wire, "branches", BRANCH, relay_only=True, video_max_kbps=900)
            reply = await kiosk.ok("call.ice", {"visit_id": visit_id})
            assert (reply["relay_only"], reply["video_max_kbps"], reply["video_start_kbps"]) == (True, 900, 900)
            assert [entry["urls"] for entry in reply["servers"]] == [[server.url("udp")]]


async def test_a_kiosk_learns_at_once_that_its_button_is_to_be_held(wire: Wire) -> None:
    kiosk = await wire.kiosk()
    assert kiosk.view["push_to_talk"] is False
    await change(wire, "kiosks", "k1", push_to_talk=True)
    await kiosk.until(lambda: kiosk.view["push_to_talk"], patience_s=SOON_S)
