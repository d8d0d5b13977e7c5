"""A whole server on localhost, and kiosks and consoles that speak the wire to it and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Self

import aiohttp
import socketio
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from signaling.adapters.auth.tokens import csrf_of, token_hash
from signaling.app import make_app
from signaling.config import Settings
from signaling.domain.places import Branch, Kiosk, Library, Service
from signaling.protocol.deltas import View, applied
from signaling.protocol.messages import Delta
from signaling.protocol.vocabulary import (
    KIOSK_NAMESPACE,
    PROTOCOL_VERSION,
    STAFF_NAMESPACE,
    BranchId,
    KioskId,
    Language,
    LibraryId,
    LineId,
    Role,
    ServiceId,
    StaffId,
)
from signaling.service.ports import Clock, Staff, StaffSession, Store
from tests.support.edges import SetClock
from tests.support.identities import hello

LIBRARY = LibraryId("norr")
LINE = LineId("norr")
BRANCH = BranchId("burtrask")
SERVICE = ServiceId("library-help")
#: The page that consoles say they come from; one of the server's own by default.
ORIGIN = "http://localhost:8080"
PATIENCE_S = 15.0


class TurnedAway(Exception):
    """The server refused a connection."""

    def __init__(self, refusal: Any) -> None:
        super().__init__(str(refusal))
        self.code = refusal.get("message") if isinstance(refusal, dict) else str(refusal)
        self.data = refusal.get("data") if isinstance(refusal, dict) else None


class End:
    """One client's connection, its view kept by snapshot and deltas, and all that it was told."""

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace
        self.sio = socketio.AsyncClient(reconnection=False, logger=False, engineio_logger=False)
        self.view: View = {}
        self.revision = -1
        self.told: list[tuple[str, Any]] = []
        self.connected = False
        self.answers_presence = True
        self._news = asyncio.Event()
        for name in ("connect", "disconnect", "connect_error", "presence.ask", "*"):
            self.sio.on(name, handler=self._hearing(name), namespace=namespace)

    async def connect(self, url: str, auth: Any, headers: dict[str, str] | None = None) -> Self:
        """Connect and wait for the first snapshot.

        Raises:
            TurnedAway: With the server's code.
        """
        try:
            await self.sio.connect(
                url,
                headers=headers or {},
                auth=auth,
                transports=["websocket"],
                namespaces=[self.namespace],
                wait_timeout=PATIENCE_S,
            )
        except socketio.exceptions.ConnectionError as error:
            refusals = [payload for name, payload in self.told if name == "connect_error"]
            raise TurnedAway(refusals[0] if refusals else str(error)) from None
        await self.until(lambda: self.revision >= 0)
        return self

    async def send(self, name: str, payload: Any = None) -> dict[str, Any]:
        """Send one message; the acknowledgement."""
        answer = await self.sio.call(name, payload, namespace=self.namespace, timeout=PATIENCE_S)
        assert isinstance(answer, dict)
        return answer

    async def ok(self, name: str, payload: Any = None) -> Any:
        """Send one message that must be taken; its reply."""
        answer = await self.send(name, payload)
        assert answer["ok"], answer
        return answer["data"]

    async def refused(self, name: str, payload: Any = None) -> str:
        """Send one message that must be refused; the code."""
        answer = await self.send(name, payload)
        assert not answer["ok"], answer
        return str(answer["error"]["code"])

    async def until(self, true: Callable[[], Any], *, patience_s: float = PATIENCE_S) -> Any:
        """Wait until something is so, by what is told; what it is."""
        async with asyncio.timeout(patience_s):
            while not (value := true()):
                self._news.clear()
                await self._news.wait()
        return value

    async def ended(self) -> None:
        """Wait until the connection has ended."""
        await self.until(lambda: not self.connected)

    def heard(self, name: str) -> list[Any]:
        """Payloads of all messages of one name."""
        return [payload for told, payload in self.told if told == name]

    async def close(self) -> None:
        """Hang up."""
        await self.sio.disconnect()

    async def drop(self) -> None:
        """Be gone without a word, as when a cable is pulled or a program is killed."""
        self.sio.eio.ws._response.connection.transport.abort()
        await self.ended()

    def _hearing(self, name: str) -> Callable[..., Any]:
        async def hear(*arguments: Any) -> Any:
            event, payload = (arguments[0], arguments[1:]) if name == "*" else (name, arguments)
            self.told.append((event, payload[0] if payload else None))
            await self._take(event, payload[0] if payload else None)
            self._news.set()
            return None

        async def present(_payload: Any = None) -> dict[str, bool]:
            self.told.append((name, None))
            self._news.set()
            if not self.answers_presence:
                await asyncio.Event().wait()
            return {"ok": True}

        return present if name == "presence.ask" else hear

    async def _take(self, event: str, payload: Any) -> None:
        if event == "connect":
            self.connected = True
        elif event == "disconnect":
            self.connected = False
        elif event.endswith(".snapshot"):
            self.view, self.revision = payload["view"], payload["revision"]
        elif event == "delta":
            delta = Delta.model_validate(payload)
            assert delta.revision == self.revision + 1, "a delta was missed"
            self.view, self.revision = applied(self.view, delta), delta.revision


class KioskEnd(End):
    """A kiosk."""

    @property
    def visit(self) -> Any:
        """Its visit, if it has one."""
        return self.view.get("visit")

    @property
    def answerable(self) -> int:
        """How many seats it believes to be answerable."""
        return int(self.view["availability"]["answerable"])  # type: ignore[index,call-overload,arg-type]

    async def can_be_answered(self) -> None:
        """Wait until somebody can answer."""
        await self.until(lambda: self.answerable)

    async def tap(self, request_id: str = "tap-1") -> str:
        """Open a visit; its id."""
        opening = {"request_id": request_id, "service_id": SERVICE, "language": "sv"}
        return str((await self.ok("visit.open", opening))["visit_id"])


class SeatEnd(End):
    """A console."""

    @property
    def id(self) -> str:
        """Its seat."""
        return str(self.view["seat"]["id"])  # type: ignore[index,call-overload]

    @property
    def offer(self) -> Any:
        """What rings here."""
        return self.view.get("offer")

    @property
    def visit(self) -> Any:
        """The visit that it is in."""
        return self.view.get("visit")

    async def go_on_duty(self) -> Self:
        """On duty, with everything proven."""
        await self.ok("seat.duty", {"on_duty": True})
        await self.ok("seat.proof", {"sound": True, "microphone": True, "camera": True})
        return self

    async def rings(self) -> Any:
        """Wait until it rings here; what rings."""
        return await self.until(lambda: self.offer)

    async def accept(self) -> str:
        """Take what rings; the visit's id."""
        offer = await self.rings()
        return str((await self.ok("offer.accept", {"offer_id": offer["id"]}))["visit_id"])


@dataclass
class Wire:
    """A server's address and database, and everybody who is connected."""

    url: str
    store: Store
    clock: Clock
    http: aiohttp.ClientSession
    keys: dict[str, Ed25519PrivateKey] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    ends: list[End] = field(default_factory=list)

    async def add_kiosk(self, kiosk_id: str = "k1") -> None:
        """Enrol a kiosk."""
        key = Ed25519PrivateKey.generate()
        self.keys[kiosk_id] = key
        raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        kiosk = Kiosk(KioskId(kiosk_id), BRANCH, f"Entrance {kiosk_id}", raw)
        await self.store.add_kiosk(kiosk, kiosk_id.encode(), self.clock.now())

    async def add_staff(self, login: str, name: str, roles: frozenset[Role] = frozenset({Role.LIBRARIAN})) -> str:
        """Make an account that is signed in; the token of its cookie."""
        staff = Staff(StaffId(f"id-{login}"), LIBRARY, login, name, roles, "", must_change_password=False)
        await self.store.add_staff(staff)
        token = f"token-of-{login}"
        now = self.clock.now()
        session = StaffSession(token_hash(token), staff.id, token_hash(csrf_of(token)), now, now + timedelta(hours=12))
        await self.store.add_session(session)
        self.tokens[login] = token
        return token

    async def challenge(self, kiosk_id: str = "k1") -> str:
        """Ask for a challenge."""
        async with self.http.post(f"{self.url}/api/kiosk/challenge", json={"kiosk_id": kiosk_id}) as answer:
            return str((await answer.json())["challenge"])

    async def kiosk_hello(self, kiosk_id: str = "k1", *, instance: str = "i1", **changes: Any) -> dict[str, Any]:
        """What a kiosk says when it connects; `changes` replace keys after signing."""
        if kiosk_id not in self.keys:
            await self.add_kiosk(kiosk_id)
        signed = hello(self.keys[kiosk_id], await self.challenge(kiosk_id), kiosk_id=kiosk_id)
        return {**signed.model_dump(mode="json"), "instance": instance, **changes}

    async def kiosk(self, kiosk_id: str = "k1", *, instance: str = "i1", **changes: Any) -> KioskEnd:
        """A kiosk connects (it is enrolled if it was not)."""
        return await self.kiosk_with(await self.kiosk_hello(kiosk_id, instance=instance, **changes))

    async def kiosk_with(self, auth: Any, headers: dict[str, str] | None = None) -> KioskEnd:
        """Somebody connects where kiosks do, with any hello."""
        end = KioskEnd(KIOSK_NAMESPACE)
        self.ends.append(end)
        return await end.connect(self.url, auth, headers)

    async def seat(
        self,
        login: str = "anna",
        *,
        seat_id: str | None = None,
        origin: str | None = ORIGIN,
        cookie: str | None = None,
        **changes: Any,
    ) -> SeatEnd:
        """A console connects (its account is made if there is none); `changes` replace keys of its hello."""
        if login not in self.tokens:
            await self.add_staff(login, login.capitalize())
        token = self.tokens[login]
        auth = {"protocol": PROTOCOL_VERSION, "csrf": csrf_of(token), "seat_id": seat_id, **changes}
        headers = {"Cookie": f"librarian-session={token}" if cookie is None else cookie}
        if origin is not None:
            headers["Origin"] = origin
        end = SeatEnd(STAFF_NAMESPACE)
        self.ends.append(end)
        return await end.connect(self.url, auth, headers)

    async def seat_on_duty(self, login: str = "anna") -> SeatEnd:
        """A console that can answer."""
        return await (await self.seat(login)).go_on_duty()

    async def talk(self, login: str = "anna", kiosk_id: str = "k1") -> tuple[KioskEnd, SeatEnd, str]:
        """A kiosk and a console in a conversation, and the visit's id."""
        seat = await self.seat_on_duty(login)
        kiosk = await self.kiosk(kiosk_id)
        await kiosk.until(lambda: kiosk.answerable)
        visit_id = await kiosk.tap()
        await seat.accept()
        generation = await kiosk.until(lambda: kiosk.visit and kiosk.visit["generation"])
        await kiosk.ok("call.connected", {"visit_id": visit_id, "generation": generation})
        await seat.until(lambda: seat.visit and seat.visit["state"] == "talking")
        await kiosk.until(lambda: kiosk.visit["state"] == "talking")
        return kiosk, seat, visit_id


@dataclass(kw_only=True)
class ServedWire(Wire):
    """The same with a server in this very process."""

    server: TestServer


async def add_library(store: Store) -> None:
    """One library with one branch and one service."""
    await store.add_library(Library(LIBRARY, "Norr", Language.SV, "Europe/Stockholm"))
    await store.add_branch(Branch(BRANCH, LIBRARY, "Burträsk", "0914-1", "The key is at the school."))
    await store.add_service(Service(SERVICE, LIBRARY, {Language.SV: "Bibliotekshjälp"}))


@asynccontextmanager
async def wire_server(store: Store, clock: Clock | None = None, **settings: Any) -> AsyncGenerator[ServedWire, None]:
    """Start a server on a store with one library, one branch and one service; end it, and all who are connected."""
    clock = clock or SetClock()
    if LIBRARY not in (await store.directory()).libraries:
        await add_library(store)
    server = TestServer(make_app(Settings(**settings), store, clock=clock), host="127.0.0.1")
    await server.start_server()
    async with aiohttp.ClientSession() as http:
        wire = ServedWire(str(server.make_url("/")).rstrip("/"), store, clock, http, server=server)
        try:
            yield wire
        finally:
            for end in wire.ends:
                await end.close()
            await server.close()
