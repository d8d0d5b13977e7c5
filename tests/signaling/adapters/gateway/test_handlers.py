"""The table of handlers, and the few handlers that do more than make a command."""

from __future__ import annotations

import base64
import socket
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from signaling.adapters.auth.tokens import code_hash
from signaling.adapters.gateway.handlers import HANDLERS
from signaling.adapters.store_memory import MemoryStore
from signaling.domain.places import Kiosk
from signaling.protocol.messages import MESSAGES, Direction
from signaling.protocol.vocabulary import KioskId
from signaling.service.places import MAX_AGE_S
from tests.support.edges import SetClock
from tests.support.wire import BRANCH, SERVICE, Wire, add_library, wire_server

FROM_CLIENTS = {Direction.KIOSK_TO_SERVER, Direction.STAFF_TO_SERVER}


def test_every_message_of_a_client_has_a_handler_and_nothing_else_has() -> None:
    sent_by_clients = {name for name, spec in MESSAGES.items() if spec.directions & FROM_CLIENTS}
    # The gateway answers this one itself: it knows what was shown.
    assert HANDLERS.keys() == sent_by_clients - {"snapshot.request"}


def test_every_message_of_a_client_gets_a_reply_and_no_other_does() -> None:
    for spec in MESSAGES.values():
        assert (spec.reply is not None) == bool(spec.directions & FROM_CLIENTS), spec.name


async def test_a_service_that_the_library_does_not_have_is_not_found(wire: Wire) -> None:
    await wire.seat_on_duty()
    kiosk = await wire.kiosk()
    await kiosk.until(lambda: kiosk.answerable)
    opening = {"request_id": "r", "service_id": "no-such-service", "language": "sv"}
    assert await kiosk.refused("visit.open", opening) == "not_found"
    await kiosk.ok("visit.open", {**opening, "service_id": SERVICE})


async def test_the_author_of_typed_text_is_set_by_the_server(wire: Wire) -> None:
    kiosk, seat, visit_id = await wire.talk()
    line = {"visit_id": visit_id, "entry": 1, "text": "hej"}
    await kiosk.ok("text.draft", {**line, "author": "staff"})
    await seat.ok("text.draft", {**line, "author": "visitor"})
    (from_kiosk,) = await seat.until(lambda: seat.heard("text.draft"))
    (from_seat,) = await kiosk.until(lambda: kiosk.heard("text.draft"))
    assert (from_kiosk["author"], from_seat["author"]) == ("visitor", "staff")


async def test_drafts_and_candidates_keep_their_order(wire: Wire) -> None:
    kiosk, seat, visit_id = await wire.talk()
    typed = ["".join("en lång rad"[: n + 1]) for n in range(11)]
    for text in typed:
        await kiosk.sio.emit("text.draft", {"visit_id": visit_id, "entry": 1, "text": text}, namespace=kiosk.namespace)
    for number in range(30):
        candidate = {"visit_id": visit_id, "generation": 1, "candidate": f"candidate:{number}"}
        await kiosk.sio.emit("call.candidate", candidate, namespace=kiosk.namespace)
    await seat.until(lambda: len(seat.heard("call.candidate")) == 30)
    assert [draft["text"] for draft in seat.heard("text.draft")] == typed
    assert [c["candidate"] for c in seat.heard("call.candidate")] == [f"candidate:{n}" for n in range(30)]


async def test_a_history_is_of_one_visit(wire: Wire) -> None:
    kiosk, seat, visit_id = await wire.talk()
    line = {"visit_id": visit_id, "entry": 1, "text": "hej", "done": True, "author": "staff"}
    smuggled = {**line, "visit_id": "another"}
    assert await kiosk.refused("text.history", {"visit_id": visit_id, "entries": [smuggled]}) == "malformed"
    await kiosk.ok("text.history", {"visit_id": visit_id, "entries": [line]})
    await seat.until(lambda: seat.heard("text.history"))
    assert seat.heard("text.history") == [{"visit_id": visit_id, "entries": [{**line, "sender": "kiosk"}]}]


async def test_ice_servers_come_as_a_list_even_when_there_are_none(wire: Wire) -> None:
    kiosk, seat, visit_id = await wire.talk()
    for end in (kiosk, seat):
        assert await end.ok("call.ice", {"visit_id": visit_id}) == {
            "servers": [],
            "relay_only": False,
            "video_start_kbps": 900,
            "video_max_kbps": 2500,
            "audio_max_kbps": 48,
        }


@pytest.mark.expected_log("relay_only_without_relay.*branches=1")
async def test_the_branch_says_how_much_may_be_sent_and_whether_it_goes_through_the_relay() -> None:
    store = MemoryStore()
    await add_library(store)
    branch = (await store.directory()).branches[BRANCH]
    await store.put(replace(branch, relay_only=True, video_max_kbps=600, audio_max_kbps=24))
    async with wire_server(store) as wire:
        kiosk, seat, visit_id = await wire.talk()
        for end in (kiosk, seat):
            assert await end.ok("call.ice", {"visit_id": visit_id}) == {
                "servers": [],
                "relay_only": True,
                "video_start_kbps": 600,
                "video_max_kbps": 600,
                "audio_max_kbps": 24,
            }


async def test_an_mdns_candidate_passes_through_as_it_is_and_is_not_looked_up(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk, seat, visit_id = await wire.talk()
    looked_up: list[object] = []
    look_up = socket.getaddrinfo

    def noted(host: object, *arguments: object, **more: object) -> object:
        looked_up.append(host)
        return look_up(host, *arguments, **more)  # type: ignore[arg-type]  # as it came

    monkeypatch.setattr(socket, "getaddrinfo", noted)
    line = "candidate:1 1 udp 2113937151 2f0c5ca1-4d0c-4f0e-8f33-0a1b2c3d4e5f.local 51234 typ host generation 0 ufrag x"
    candidate = {"visit_id": visit_id, "generation": 1, "candidate": line, "sdp_mid": "0", "sdp_m_line_index": 0}
    for sender, receiver in ((seat, kiosk), (kiosk, seat)):
        await sender.ok("call.candidate", candidate)
        await receiver.until(partial(receiver.heard, "call.candidate"))
        assert receiver.heard("call.candidate") == [candidate]
    assert [host for host in looked_up if "local" in str(host) and host != "localhost"] == []


async def test_a_tap_sent_twice_opens_one_visit(wire: Wire) -> None:
    seat = await wire.seat_on_duty()
    kiosk = await wire.kiosk()
    await kiosk.until(lambda: kiosk.answerable)
    first, second = await kiosk.tap(), await kiosk.tap()
    assert first == second
    await seat.rings()
    await seat.until(lambda: set(seat.view["line"]) == {first})  # type: ignore[arg-type]


async def test_a_whole_visit_through_every_message(wire: Wire) -> None:
    kiosk, seat, visit_id = await wire.talk()
    visit = {"visit_id": visit_id}
    call = {**visit, "generation": 1}
    await seat.ok("seat.named", {"named": False})
    await kiosk.until(lambda: kiosk.view["availability"]["names"] == [])  # type: ignore[index,call-overload]
    await kiosk.ok("call.offer", {**call, "sdp": "v=0", "fingerprint": "sha-256 AA", "signature": "AAAA"})
    await seat.ok("call.answer", {**call, "sdp": "v=0"})
    devices = {"camera": "ok", "microphone": "ok", "loudspeaker": "missing"}
    await kiosk.ok("call.media", {**visit, "camera_sending": False, "microphone_sending": True, **devices})
    await kiosk.until(lambda: kiosk.heard("call.answer"))
    await seat.until(lambda: seat.heard("call.media"))
    await kiosk.ok("visit.language", {**visit, "language": "en"})
    await seat.until(lambda: seat.visit["language"] == "en")
    await seat.ok("visit.hold", visit)
    await kiosk.until(lambda: kiosk.visit["held_since"])
    await seat.ok("visit.resume", visit)
    await seat.ok("call.again", call)
    await kiosk.until(lambda: kiosk.visit["generation"] == 2)
    await kiosk.ok("call.connected", {**visit, "generation": 2})
    await seat.ok("visit.leave", visit)
    await kiosk.until(lambda: kiosk.visit["returned"])
    await kiosk.ok("visit.cancel", visit)
    await kiosk.until(lambda: kiosk.visit is None)


async def test_decline_finish_feedback_and_close_out(wire: Wire) -> None:
    first = await wire.seat_on_duty("anna")
    kiosk, second, visit_id = await wire.talk("bo")
    await kiosk.ok("visit.finish", {"visit_id": visit_id})
    await second.until(lambda: second.view["close_out"])
    await kiosk.ok("visit.feedback", {"visit_id": visit_id, "score": 3})
    done = {"visit_id": visit_id, "topic": "digital_help", "outcome": "solved"}
    await second.ok("visit.close_out", done)
    await second.until(lambda: second.view["close_out"] is None)
    await kiosk.tap("again")
    offer = await second.rings()  # the seat of the last conversation is reached first
    await second.ok("offer.decline", {"offer_id": offer["id"]})
    await second.until(lambda: second.offer is None)
    assert await first.rings()
    stored = await wire.store.find_visit(visit_id)  # type: ignore[arg-type]
    assert stored is not None
    assert (stored.feedback, stored.topic, stored.outcome) == (3, "digital_help", "solved")


async def test_a_ticket_from_the_choice_to_the_call_back(wire: Wire) -> None:
    seat = await wire.seat_on_duty()
    kiosk = await wire.kiosk()
    await kiosk.can_be_answered()
    visit = {"visit_id": await kiosk.tap()}
    await kiosk.ok("visit.keep_waiting", visit)
    await seat.ok("visit.note", {**visit, "phrase": "soon_with_you"})
    await kiosk.until(lambda: kiosk.visit["note"] == "soon_with_you")
    assert await kiosk.ok("visit.ticket", visit) == {"ticket": 1}
    assert await kiosk.ok("visit.ticket", visit) == {"ticket": 1}, "the same number when it is asked twice"
    await kiosk.until(lambda: kiosk.visit is None and kiosk.view["tickets"] == [1])
    await seat.until(lambda: seat.offer and seat.offer["ticket"] == 1)
    await seat.accept()
    await kiosk.until(lambda: kiosk.visit and kiosk.visit["state"] == "calling")
    assert kiosk.visit["calling_until"]
    await kiosk.ok("visit.answer", visit)
    generation = await kiosk.until(lambda: kiosk.visit and kiosk.visit["generation"])
    await kiosk.ok("call.connected", {**visit, "generation": generation})
    await seat.until(lambda: seat.visit["state"] == "talking")


async def test_a_path_is_made_ready_while_it_rings_and_is_the_calls_from_the_answer_on(wire: Wire) -> None:
    seat, slow = await wire.seat_on_duty(), await wire.seat_on_duty("bo")
    kiosk = await wire.kiosk()
    await kiosk.until(lambda: kiosk.answerable == 2)
    visit = {"visit_id": await kiosk.tap()}
    await seat.rings()
    await slow.rings()
    await kiosk.until(lambda: kiosk.visit["preparing"])
    ours, theirs = seat.offer["generation"], slow.offer["generation"]
    assert kiosk.visit["preparing"] == sorted([ours, theirs]) == [1, 2]
    assert kiosk.visit["generation"] == 0
    assert seat.offer["kiosk_key"] == base64.b64encode(wire.keys["k1"].public_key().public_bytes_raw()).decode()
    for end in (kiosk, seat, slow):
        await end.ok("call.ice", visit)
    signed = {"sdp": "v=0", "fingerprint": "sha-256 AA", "signature": "AAAA"}
    for generation in (1, 2):
        await kiosk.ok("call.offer", {**visit, **signed, "generation": generation})
    for end, generation in ((seat, ours), (slow, theirs)):
        (offer,) = await end.until(lambda end=end: end.heard("call.offer"))  # type: ignore[misc]
        assert offer["generation"] == generation
        await end.ok("call.answer", {**visit, "generation": generation, "sdp": "v=0"})
        await end.ok("call.candidate", {**visit, "generation": generation, "candidate": "candidate:1"})
        await end.ok("call.connected", {**visit, "generation": generation})
    assert await seat.refused("call.answer", {**visit, "generation": theirs, "sdp": "v=0"}) == "wrong_state"
    await kiosk.until(lambda: len(kiosk.heard("call.candidate")) == 2)
    assert [answer["generation"] for answer in kiosk.heard("call.answer")] == [ours, theirs]
    await slow.ok("call.again", {**visit, "generation": theirs})
    await kiosk.until(lambda: kiosk.visit["preparing"] == [ours, 3])
    await slow.until(lambda: slow.offer["generation"] == 3)
    await seat.accept()
    await kiosk.until(lambda: kiosk.visit["generation"] == ours and kiosk.visit["preparing"] == [])
    await seat.until(lambda: seat.visit and seat.visit["generation"] == ours)
    await slow.until(lambda: slow.offer is None)
    assert await slow.refused("call.candidate", {**visit, "generation": 3, "candidate": ""}) == "not_found"
    assert await slow.refused("call.ice", visit) == "not_found"
    await kiosk.ok("call.connected", {**visit, "generation": ours})
    await seat.until(lambda: seat.visit["state"] == "talking")


async def test_the_key_of_a_kiosk_that_enrolled_a_moment_ago_is_known_when_it_rings(
    wire: Wire, clock: SetClock
) -> None:
    code, key = code_hash("code"), Ed25519PrivateKey.generate()
    await wire.store.add_kiosk(Kiosk(KioskId("k1"), BRANCH, "Entrance", None), code, clock.now() + timedelta(days=1))
    clock.later(MAX_AGE_S + 1)
    seat = await wire.seat_on_duty()  # for which the server has read what there is: this kiosk, without a key
    raw = key.public_key().public_bytes_raw()
    await wire.store.enrol_kiosk(code, raw, clock.now())
    wire.keys["k1"] = key
    kiosk = await wire.kiosk()
    await kiosk.until(lambda: kiosk.answerable)
    await kiosk.tap()
    await seat.rings()
    shown = [delta["set"]["offer"] for delta in seat.heard("delta") if delta["set"].get("offer")]
    assert shown[0]["kiosk_key"] == base64.b64encode(raw).decode()


async def test_three_in_the_call_each_hear_the_two_others(wire: Wire) -> None:
    kiosk, seat, visit_id = await wire.talk()
    guest = await wire.seat_on_duty("bo")
    await seat.until(lambda: guest.id in seat.view["colleagues"])  # type: ignore[operator]
    visit = {"visit_id": visit_id}
    await seat.ok("visit.invite", {**visit, "seat_id": guest.id})
    await seat.until(lambda: seat.visit["asked"] == "Bo")
    assert (await guest.rings())["kind"] == "join"
    await guest.accept()
    await guest.until(lambda: guest.visit)
    await seat.until(lambda: seat.visit["other"])
    await kiosk.until(lambda: kiosk.visit["guest"])
    assert guest.visit["generation"] == kiosk.visit["guest"]["generation"] == 2
    assert guest.visit["other"]["generation"] == seat.visit["other"]["generation"] == 3
    for end, name in ((kiosk, "kiosk"), (seat, seat.id), (guest, guest.id)):
        await end.ok("text.draft", {**visit, "entry": 1, "text": name, "sender": "somebody-else"})
    for end, others in ((kiosk, {seat.id, guest.id}), (seat, {"kiosk", guest.id}), (guest, {"kiosk", seat.id})):
        await end.until(lambda end=end: len(end.heard("text.draft")) == 2)  # type: ignore[misc]
        assert {(draft["sender"], draft["text"]) for draft in end.heard("text.draft")} == {(o, o) for o in others}
    await guest.ok("call.offer", {**visit, "generation": 3, "sdp": "v=0"})
    await seat.ok("call.answer", {**visit, "generation": 3, "sdp": "v=0"})
    signed = {"fingerprint": "sha-256 AA", "signature": "AAAA"}
    await kiosk.ok("call.offer", {**visit, "generation": 2, "sdp": "v=0", **signed})
    await guest.until(lambda: len(guest.heard("call.answer")) == len(guest.heard("call.offer")) == 1)
    await seat.until(lambda: seat.heard("call.offer"))
    assert [offer["generation"] for offer in seat.heard("call.offer")] == [3]
    assert kiosk.heard("call.offer") == kiosk.heard("call.answer") == []
    assert await guest.refused("call.answer", {**visit, "generation": 1, "sdp": "v=0"}) == "stale_generation"
    devices = {"camera": "ok", "microphone": "ok", "loudspeaker": "ok"}
    await guest.ok("call.media", {**visit, "camera_sending": True, "microphone_sending": True, **devices})
    for end in (kiosk, seat):
        await end.until(lambda end=end: [media["sender"] for media in end.heard("call.media")] == [guest.id])  # type: ignore[misc]
    await seat.ok("visit.uninvite", visit)
    await guest.until(lambda: guest.visit is None)
    await kiosk.until(lambda: kiosk.visit["guest"] is None)


async def test_pause_sign_flag_and_unlock(wire: Wire) -> None:
    kiosk, seat, visit_id = await wire.talk()
    visit = {"visit_id": visit_id}
    await seat.ok("seat.sign")
    await seat.ok("visit.flag", visit)
    await kiosk.until(lambda: kiosk.view["locked_until"])
    await seat.until(lambda: seat.view["close_out"])
    assert seat.view["close_out"]["locked_until"]  # type: ignore[index,call-overload]
    opening = {"request_id": "again", "service_id": SERVICE, "language": "sv"}
    assert await kiosk.refused("visit.open", opening) == "locked"
    await seat.ok("kiosk.unlock", visit)
    await kiosk.until(lambda: kiosk.view["locked_until"] is None)
    await seat.ok("visit.close_out", visit)
    await seat.ok("seat.pause", {"reason": "desk", "minutes": 5})
    await seat.until(lambda: seat.view["seat"]["pause"])  # type: ignore[index,call-overload]
    await kiosk.until(lambda: kiosk.answerable == 0)
    await kiosk.ok("visit.open", opening)
    await kiosk.until(lambda: kiosk.visit and kiosk.visit["choices"])
    assert kiosk.visit["nobody"] == "nobody_on_duty"
    await seat.ok("seat.resume")
    await kiosk.can_be_answered()
    await seat.rings()
