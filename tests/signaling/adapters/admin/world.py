"""Two libraries in one line, a third apart, an account of each role, and the real routes on a store."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from signaling.adapters.admin import AdminApi, LineDesk, PushDesk, RelayDesk
from signaling.adapters.auth import StaffAuth, Throttle
from signaling.adapters.auth.tokens import code_hash, csrf_of
from signaling.adapters.system import SystemIds
from signaling.domain.model import LineState
from signaling.domain.places import Branch, Card, DayException, Kiosk, Library, Service, Span, Team, Tier
from signaling.protocol.vocabulary import (
    BranchId,
    CardId,
    KioskId,
    Language,
    LibraryId,
    LineId,
    RelayTransport,
    Role,
    ServiceId,
    StaffId,
    TeamId,
)
from signaling.service.ports import PushSubscription, RelayStatus, Staff, Store, StoreError
from tests.support.identities import PASSWORD, cheap_passwords

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OURS = "https://desk.example.org"
NORR, SODER, FJARRAN = LibraryId("norr"), LibraryId("soder"), LibraryId("fjarran")
SV, EN = Language.SV, Language.EN
DAY = date(2026, 12, 24)
RELAY_URL = "turn:relay.example.org:3478"
PUSH_ENDPOINT = "https://push.example.net/send/anna"
P256DH = "B" * 87
AUTH = "A" * 22


@dataclass
class StoppedClock:
    """Time that a test moves."""

    time: datetime = NOW

    def now(self) -> datetime:
        return self.time


class Calendar:
    """Two countries."""

    def of(self, country: str, year: int) -> dict[date, dict[Language, str]]:
        return {}

    def countries(self) -> list[str]:
        return ["NO", "SE"]


def account(login: str, *roles: Role, library: LibraryId = NORR, must_change: bool = False) -> Staff:
    return Staff(StaffId(login), library, login, login.title(), frozenset(roles), "", must_change)


async def furnish(store: Store, password_hash: str) -> None:
    """What is there before each test."""
    for library_id, name in ((NORR, "Norr"), (SODER, "Söder"), (FJARRAN, "Fjärran")):
        await store.add_library(Library(library_id, name, SV, "Europe/Stockholm"))
    # Söder answers for Norr too; Fjärran has nothing to do with either.
    await store.put(Library(SODER, "Söder", SV, "Europe/Stockholm", line_id=LineId(NORR)))
    for branch, library_id in (("burtrask", NORR), ("boliden", NORR), ("soderby", SODER), ("fjarby", FJARRAN)):
        await store.add_branch(Branch(BranchId(branch), library_id, branch.title(), "0914-100"))
    people = [
        *(account(role.value, role) for role in Role),
        account("anna", Role.LIBRARIAN),
        account("bo", Role.LIBRARIAN),
        account("soder-anna", Role.LIBRARIAN, library=SODER),
        account("fjarran-admin", Role.SYSTEM_ADMIN, library=FJARRAN),
        account("newcomer", Role.SYSTEM_ADMIN, must_change=True),
        account("nobody"),
    ]
    for person in people:
        await store.add_staff(replace(person, password_hash=password_hash))
    await store.disable_staff(StaffId("bo"), NOW)
    for team, library_id, member in (
        ("first-line", NORR, "anna"),
        ("spare", NORR, "anna"),
        ("soder-team", SODER, "soder-anna"),
        ("fjarran-team", FJARRAN, "fjarran-admin"),
    ):
        await store.put(Team(TeamId(team), library_id, team.title(), frozenset({StaffId(member)})))
    for service, library_id, team in (
        ("help", NORR, "first-line"),
        ("digital", NORR, "soder-team"),
        ("soder-help", SODER, "soder-team"),
        ("fjarran-help", FJARRAN, "fjarran-team"),
    ):
        tiers = (Tier(TeamId(team), 0.0),)
        await store.add_service(Service(ServiceId(service), library_id, {SV: service.title()}, tiers=tiers))
    for card, library_id, branch_id in (
        ("own-card", NORR, BranchId("burtrask")),
        ("common-card", NORR, None),
        ("fjarran-card", FJARRAN, None),
    ):
        await store.put(Card(CardId(card), library_id, branch_id, 0, {SV: "Skriva ut?"}, {SV: "Vid ingången."}))
    for subject in ("burtrask", "help", "fjarby"):
        await store.put(DayException(subject, DAY, (Span(600, 720),), {SV: "Julafton"}))
    for kiosk, branch in (("k1", "burtrask"), ("k2", "burtrask"), ("far", "fjarby")):
        code = code_hash(f"CODE-{kiosk}")
        made = Kiosk(KioskId(kiosk), BranchId(branch), kiosk, None, locked=kiosk == "k2")
        await store.add_kiosk(made, code, NOW + timedelta(days=1))
    await store.add_push(PushSubscription("https://push.example.net/send/bo", StaffId("bo"), P256DH, AUTH))


@dataclass
class Announced:
    """Who was told of what; can fail as when the database goes away after the change."""

    changes: list[tuple[LibraryId, Staff | None]] = field(default_factory=list)
    fails: bool = False

    async def announce(self, library_id: LibraryId, staff: Staff | None) -> None:
        if self.fails:
            raise StoreError("away")
        self.changes.append((library_id, staff))


@dataclass
class World:
    """The routes behind a client that signs in as whoever a test likes.

    Attributes:
        relays: What the server has found of its relay; a test changes it.
    """

    client: TestClient[web.Request, web.Application]
    app: web.Application
    store: Store
    clock: StoppedClock
    auth: StaffAuth
    told: Announced
    relays: list[RelayStatus]

    async def token(self, login: str) -> str:
        """The session cookie of somebody who has just signed in."""
        return (await self.auth.sign_in(login, PASSWORD, "192.0.2.1", self.clock.time)).token

    async def ask(
        self, login: str, method: str, path: str, body: Any = None, *, revision: str = "", **headers: str
    ) -> ClientResponse:
        """One request as this person's browser would send it."""
        token = await self.token(login)
        sent = {"Cookie": f"librarian-session={token}", "X-CSRF-Token": csrf_of(token), "Origin": OURS}
        sent |= {"If-Match": f'"{revision}"'} if revision else {}
        return await self.client.request(method, path, json=body, headers=sent | headers)

    async def view(self, login: str = "system_admin") -> dict[str, Any]:
        response = await self.ask(login, "GET", "/api/admin/view")
        assert response.status == 200, await response.text()
        found: dict[str, Any] = await response.json()
        return found

    async def kept(self, kind: str, thing_id: str) -> dict[str, Any]:
        """One entry of the view, with its revision."""
        view = await self.view()
        entries = [view["library"]] if kind == "libraries" else view[kind]
        return next(entry for entry in entries if entry["id"] == thing_id)

    async def revision(self, kind: str, thing_id: str) -> str:
        """What goes into `If-Match`; for something of another library, anything."""
        try:
            return str((await self.kept(kind, thing_id))["revision"])
        except StopIteration:
            return "none"

    async def everything(self) -> tuple[Any, ...]:
        """All that a refused change must leave as it was."""
        people = await self.store.all_staff()
        pushes = [list(await self.store.push_of(person.id)) for person in people]
        later = NOW + timedelta(days=365)
        logs = [list(await self.store.actions(library, before=later, limit=999)) for library in (NORR, SODER, FJARRAN)]
        return await self.store.directory(), list(people), pushes, logs, list(self.told.changes)


async def problem_of(response: ClientResponse) -> tuple[int, str, str]:
    """Status, code and field of a refusal."""
    body = await response.json()
    assert set(body) == {"error"}
    return response.status, body["error"]["code"], body["error"].get("field", "")


@asynccontextmanager
async def world_on(
    store: Store,
    *,
    accepts_push: bool = True,
    has_relay: bool = True,
    last_known: Callable[[LineId], LineState | None] = lambda _: None,
    push: PushDesk | None = None,
) -> AsyncIterator[World]:
    """The routes on a furnished store."""
    passwords, clock = cheap_passwords(), StoppedClock()
    await furnish(store, await passwords.hash(PASSWORD))

    def throttle() -> Throttle:
        return Throttle(attempts=1000, window_s=300)

    auth = StaffAuth(
        store,
        passwords,
        SystemIds(),
        session_lifetime_s=12 * 3600,
        login_throttle=throttle(),
        address_throttle=throttle(),
        secure_cookies=False,
    )
    announced = Announced()
    relays = [RelayStatus(RELAY_URL, RelayTransport.UDP)] if has_relay else []
    app = web.Application()
    AdminApi(
        store=store,
        clock=clock,
        ids=SystemIds(),
        staff_auth=auth,
        passwords=passwords,
        holidays=Calendar(),
        announce=announced.announce,
        allowed_origins=[OURS],
        code_ttl_s=3600,
        push=push or PushDesk("key", lambda _: accepts_push, has_email=True),
        relay=RelayDesk(lambda: relays),
        lines=LineDesk(last_known),
    ).register(app)
    async with TestClient(TestServer(app)) as client:
        yield World(client, app, store, clock, auth, announced, relays)
