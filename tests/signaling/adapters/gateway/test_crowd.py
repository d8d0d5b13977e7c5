"""A crowd that comes, goes, taps, takes, hangs and drops at random, all at once; then everything must fit together."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest

from signaling.adapters.store_memory import MemoryStore
from signaling.adapters.store_sql import open_store
from signaling.domain.line import waits_with_ticket
from signaling.domain.places import Setup
from signaling.protocol.deltas import entries_of
from signaling.protocol.vocabulary import VisitState
from signaling.service.kiosk_views import kiosk_view
from signaling.service.ports import Store
from signaling.service.snapshots import Scene, as_json
from signaling.service.staff_views import staff_view
from tests.support.wire import LINE, PATIENCE_S, End, KioskEnd, SeatEnd, ServedWire, TurnedAway, wire_server

STEPS = 40
KIOSK_ACTS = ["tap", "tap", "cancel", "finish", "type", "connected", "again", "drop", "take over", "copy"]
KIOSK_ACTS += ["ticket", "keep waiting", "answer"]
SEAT_ACTS = ["accept", "accept", "decline", "duty", "hold", "resume", "leave", "finish", "reload"]
SEAT_ACTS += ["pause", "work", "invite", "uninvite", "note", "type", "guest connected"]
KIOSKS, SEATS = 5, 4
#: What may be answered to somebody who acts on what was true a moment ago.
FAIR = {"not_found", "wrong_state", "stale_generation", "taken", "unavailable", "already_connected"}


async def act(end: End, name: str, payload: Any) -> None:
    """Say something; it may come too late, and the connection may be gone by then."""
    answer = await end.send(name, payload)
    assert answer["ok"] or answer["error"]["code"] in FAIR, answer


async def kiosk_life(wire: ServedWire, kiosk_id: str, chance: random.Random) -> KioskEnd:
    end = await wire.kiosk(kiosk_id)
    for step in range(STEPS):
        visit = end.visit
        match chance.choice(KIOSK_ACTS):
            case "tap":
                opening = {"request_id": f"t{step}", "service_id": "library-help", "language": "nb"}
                await act(end, "visit.open", opening)
            case "drop":
                await end.drop()
                end = await wire.kiosk(kiosk_id)
            case "take over":
                end = await wire.kiosk(kiosk_id)
            case "copy":
                with pytest.raises(TurnedAway, match="already_connected"):
                    await wire.kiosk(kiosk_id, instance="copy")
            case said if visit is not None:
                reference = {"visit_id": visit["id"]}
                call = {**reference, "generation": max(1, visit["generation"])}
                await act(
                    end,
                    *{
                        "ticket": ("visit.ticket", reference),
                        "keep waiting": ("visit.keep_waiting", reference),
                        "answer": ("visit.answer", reference),
                        "cancel": ("visit.cancel", reference),
                        "finish": ("visit.finish", reference),
                        "type": ("text.draft", {**reference, "entry": 1, "text": "hei"}),
                        "connected": ("call.connected", call),
                        "again": ("call.again", call),
                    }[said],
                )
    return end


async def seat_life(wire: ServedWire, login: str, chance: random.Random) -> SeatEnd:
    end = await wire.seat_on_duty(login)
    for _ in range(STEPS):
        visit, offer = end.visit, end.offer
        match chance.choice(SEAT_ACTS):
            case "reload":
                seat_id = end.id
                await end.drop()
                end = await wire.seat(login, seat_id=seat_id)
                assert end.id == seat_id
                await act(end, "seat.proof", {"sound": True, "microphone": True, "camera": True})
            case "duty":
                await act(end, "seat.duty", {"on_duty": chance.random() < 0.8})
            case "accept" | "decline" as said if offer is not None:
                await act(end, f"offer.{said}", {"offer_id": offer["id"]})
            case "pause":
                await act(end, "seat.pause", {"reason": "desk"})
            case "work":
                await act(end, "seat.resume", {})
            case "note" if end.view["line"]:
                await act(
                    end,
                    "visit.note",
                    {"visit_id": chance.choice(sorted(entries_of(end.view["line"]))), "phrase": "few_minutes"},
                )
            case "invite" if visit is not None and end.view["colleagues"]:
                seat_id = chance.choice(sorted(entries_of(end.view["colleagues"])))
                await act(end, "visit.invite", {"visit_id": visit["id"], "seat_id": seat_id})
            case "type" if visit is not None:
                await act(end, "text.draft", {"visit_id": visit["id"], "entry": 1, "text": "hei"})
            case "guest connected" if visit is not None and visit["other"]:
                await act(
                    end, "call.connected", {"visit_id": visit["id"], "generation": visit["other"]["generation"] or 1}
                )
            case "hold" | "resume" | "leave" | "finish" | "uninvite" as said if visit is not None:
                await act(end, f"visit.{said}", {"visit_id": visit["id"]})
            case _:
                await asyncio.sleep(0)
    return end


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("store_url", ["memory", "sqlite"], indirect=True)
async def test_after_a_crowd_every_view_is_true_and_everybody_is_accounted_for(store_url: str, seed: int) -> None:
    store: Store = await open_store(store_url) if store_url else MemoryStore()
    async with wire_server(store) as wire:
        for number in range(SEATS):
            await wire.add_staff(f"p{number}", f"P{number}")
        for number in range(KIOSKS):
            await wire.add_kiosk(f"k{number}")
        chances = [random.Random(f"{seed}-{number}") for number in range(SEATS + KIOSKS)]
        seats, kiosks = await asyncio.gather(
            asyncio.gather(*(seat_life(wire, f"p{n}", chances[n]) for n in range(SEATS))),
            asyncio.gather(*(kiosk_life(wire, f"k{n}", chances[SEATS + n]) for n in range(KIOSKS))),
        )
        await everything_fits(wire, seats, kiosks)


async def everything_fits(wire: ServedWire, seats: list[SeatEnd], kiosks: list[KioskEnd]) -> None:
    line = await wire.store.read_line(LINE)
    scene = Scene(LINE, Setup(await wire.store.directory()), line)
    assert {seat.id for seat in line.seats.values() if seat.connected} == {end.id for end in seats}
    assert all(kiosk.connected for kiosk in line.kiosks.values())
    assert len(line.kiosks) == KIOSKS
    going_on = [visit for visit in line.visits.values() if visit.state is not VisitState.ENDED]
    shown = [visit.kiosk_id for visit in going_on if not waits_with_ticket(visit)]
    assert len(shown) == len(set(shown))
    async with asyncio.timeout(PATIENCE_S):
        for seat in seats:
            staff = await wire.store.find_staff(line.seats[seat.id].staff_id)  # type: ignore[index]  # an id is a text
            assert staff is not None
            true = as_json(staff_view(scene, staff, seat.id))  # type: ignore[arg-type]
            await seat.until(lambda seat=seat, true=true: seat.view == true)  # type: ignore[misc]  # bound at once
        for kiosk in kiosks:
            true = as_json(kiosk_view(scene, kiosk.view["kiosk_id"]))  # type: ignore[arg-type]
            await kiosk.until(lambda kiosk=kiosk, true=true: kiosk.view == true)  # type: ignore[misc]
