"""The kiosk's key: made here, bound by a code that works once, kept for this user's eyes only."""

from __future__ import annotations

import base64
import json
import os
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.adapters.identity import Identity, IdentityError, check_place, enrol, load_identity, save_identity
from kiosk.core import events as e
from signaling.adapters.store_memory import MemoryStore
from signaling.protocol.vocabulary import CONNECT_SIGNATURE_CONTEXT, FINGERPRINT_SIGNATURE_CONTEXT, KioskId, VisitId
from tests.support.edges import SetClock
from tests.support.identities import CODE, KIOSK, add_kiosk
from tests.support.kiosk_client import running_client
from tests.support.wire import ServedWire, wire_server


@pytest.fixture
def identity() -> Identity:
    return Identity(KioskId("k1"), Ed25519PrivateKey.generate())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "identity.json"


# --- signatures -------------------------------------------------------------------------------------------


def test_a_challenge_is_signed_for_this_kiosk_and_this_purpose(identity: Identity) -> None:
    signature = base64.b64decode(identity.sign_challenge("Y2hhbGxlbmdl"))
    signed = f"{CONNECT_SIGNATURE_CONTEXT}\nk1\nY2hhbGxlbmdl".encode()
    identity.key.public_key().verify(signature, signed)


def test_a_fingerprint_is_signed_for_one_generation_of_one_visit(identity: Identity) -> None:
    signature = base64.b64decode(identity.sign_fingerprint(VisitId("v1"), 3, "sha-256 AB:CD"))
    signed = f"{FINGERPRINT_SIGNATURE_CONTEXT}\nv1\n3\nsha-256 AB:CD".encode()
    identity.key.public_key().verify(signature, signed)


# --- the file ---------------------------------------------------------------------------------------------


def test_what_was_saved_is_loaded_again(path: Path, identity: Identity) -> None:
    save_identity(path, identity)
    loaded = load_identity(path)
    assert loaded is not None
    assert loaded.kiosk_id == "k1"
    assert loaded.key.private_bytes_raw() == identity.key.private_bytes_raw()


def test_without_a_file_there_is_no_identity_yet(path: Path) -> None:
    assert load_identity(path) is None


def test_only_this_user_can_read_it_whatever_the_umask(path: Path, identity: Identity) -> None:
    before = os.umask(0)
    try:
        save_identity(path, identity)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_what_a_power_cut_left_behind_is_neither_used_nor_readable_by_others(path: Path, identity: Identity) -> None:
    path.parent.mkdir()
    left = path.with_suffix(".new")
    left.write_text("half of a key")
    left.chmod(0o644)
    save_identity(path, identity)
    assert not left.exists()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_write_that_fails_leaves_the_older_identity_as_it_was(
    path: Path, identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_identity(path, identity)
    before = path.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        save_identity(path, Identity(KioskId("k2"), Ed25519PrivateKey.generate()))
    assert path.read_bytes() == before


GOOD_KEY = base64.b64encode(bytes(32)).decode()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '"text"',
        "null",
        json.dumps({"kiosk_id": "k1"}),
        json.dumps({"key": GOOD_KEY}),
        json.dumps({"kiosk_id": "k1", "key": "not base64!"}),
        json.dumps({"kiosk_id": "k1", "key": base64.b64encode(b"short").decode()}),
        json.dumps({"kiosk_id": "k1", "key": None}),
        json.dumps({"kiosk_id": 7, "key": GOOD_KEY}),
        json.dumps({"kiosk_id": "", "key": GOOD_KEY}),
    ],
)
def test_a_broken_file_says_what_to_do_and_shows_nothing_of_the_key(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_text(content)
    with pytest.raises(IdentityError, match="remove it and enrol this kiosk again") as caught:
        load_identity(path)
    assert str(path) in str(caught.value)
    assert GOOD_KEY not in str(caught.value)


def test_a_file_that_is_no_text_is_a_broken_file(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(IdentityError):
        load_identity(path)


def test_a_folder_in_the_place_of_the_file_is_a_broken_file(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(IdentityError):
        load_identity(path)


def test_a_place_that_can_be_written_is_made_and_left_empty(path: Path) -> None:
    check_place(path)
    assert list(path.parent.iterdir()) == []


def test_a_place_that_cannot_be_written_is_found_out_before_a_code_is_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError, match=r"Not a directory|File exists"):
        check_place(tmp_path / "file" / "identity.json")


# --- enrolment with the real server -----------------------------------------------------------------------


@pytest_asyncio.fixture
async def wire() -> AsyncIterator[ServedWire]:
    async with wire_server(MemoryStore(), SetClock()) as running:
        await add_kiosk(running.store, running.clock.now())
        yield running


async def test_a_code_binds_a_key_that_lets_the_kiosk_in(wire: ServedWire) -> None:
    enrolled = await enrol(wire.url, CODE)
    assert enrolled.kiosk_id == KIOSK
    async with running_client(wire.url, enrolled.key, enrolled.kiosk_id) as kiosk:
        await kiosk.heard.event(e.FactsCame)


async def test_a_code_may_be_typed_carelessly_and_the_address_end_in_a_slash(wire: ServedWire) -> None:
    enrolled = await enrol(f"{wire.url}/", f" {CODE.lower().replace('-', ' ')} ")
    assert enrolled.kiosk_id == KIOSK


@pytest.mark.expected_log("enrolment_refused.*used")
async def test_a_code_works_once(wire: ServedWire) -> None:
    first = await enrol(wire.url, CODE)
    with pytest.raises(IdentityError, match="used already; ask for a new one"):
        await enrol(wire.url, CODE)
    async with running_client(wire.url, first.key, first.kiosk_id) as kiosk:
        await kiosk.heard.event(e.FactsCame)  # the first key is as good as before


@pytest.mark.expected_log("enrolment_refused.*unknown")
async def test_an_unknown_code_is_refused_in_words(wire: ServedWire) -> None:
    with pytest.raises(IdentityError, match="does not know this enrolment code"):
        await enrol(wire.url, "0000-0000-0000")


@pytest.mark.expected_log("enrolment_refused.*expired")
async def test_an_old_code_is_refused_in_words(wire: ServedWire) -> None:
    assert isinstance(wire.clock, SetClock)
    wire.clock.later(2 * 86_400)
    with pytest.raises(IdentityError, match="too old; ask for a new one"):
        await enrol(wire.url, CODE)


async def test_what_is_no_code_is_refused_in_words(wire: ServedWire) -> None:
    with pytest.raises(IdentityError, match="three groups"):
        await enrol(wire.url, "x" * 65)


async def test_a_server_that_is_away_is_named_with_its_address() -> None:
    url = f"http://127.0.0.1:{unused_port()}"
    with pytest.raises(IdentityError, match=f"{url} did not answer"):
        await enrol(url, CODE)


ANSWERS = {
    "a page": lambda: web.Response(text="<h1>Welcome</h1>", content_type="text/html"),
    "no JSON": lambda: web.Response(text="{", content_type="application/json"),
    "a list": lambda: web.json_response(["k1"]),
    "another shape": lambda: web.json_response({"kiosk": "k1"}),
    "an id that is none": lambda: web.json_response({"kiosk_id": 7}),
    "a refusal of another kind": lambda: web.json_response({"detail": "no"}, status=404),
}


@pytest.mark.parametrize("answer", ANSWERS)
async def test_what_is_not_our_server_is_said_to_be_none(answer: str) -> None:
    async def handler(_request: web.Request) -> web.Response:
        return ANSWERS[answer]()

    app = web.Application()
    app.router.add_post("/api/kiosk/enrol", handler)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    with pytest.raises(IdentityError, match="is not the server of this service"):
        await enrol(str(server.make_url("/")), CODE)
    await server.close()


async def test_a_reason_that_is_new_to_this_kiosk_is_given_as_its_code() -> None:
    async def handler(_request: web.Request) -> web.Response:
        return web.json_response({"error": {"code": "unavailable"}}, status=503)

    app = web.Application()
    app.router.add_post("/api/kiosk/enrol", handler)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    with pytest.raises(IdentityError, match=r"did not take the enrolment code \(unavailable\)"):
        await enrol(str(server.make_url("/")), CODE)
    await server.close()
