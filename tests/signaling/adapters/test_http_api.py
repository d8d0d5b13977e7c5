"""The plain HTTP routes, over a real socket, with the real authentication on the fake store."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from signaling.adapters.auth import KioskAuth, StaffAuth, Throttle
from signaling.adapters.http_api import HttpApi
from signaling.adapters.metrics import PrometheusMetrics
from signaling.adapters.store_memory import MemoryStore
from signaling.adapters.system import SystemIds
from signaling.service.ports import StoreError
from tests.support.identities import (
    CODE,
    KIOSK,
    PASSWORD,
    STAFF,
    add_kiosk,
    add_places,
    add_staff,
    cheap_passwords,
    hello,
    public_key,
)
from tests.support.logs import ExpectLog

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OURS = "https://desk.example.org"
NEW_PASSWORD = "another long password"

Client = TestClient[web.Request, web.Application]


@dataclass
class StoppedClock:
    """Time that stands still until a test moves it."""

    time: datetime = NOW

    def now(self) -> datetime:
        return self.time


class FailingStore(MemoryStore):
    """A database that can be away."""

    away = False

    async def ping(self) -> None:
        if self.away:
            raise StoreError("connection refused")

    async def find_staff_by_login(self, login: str) -> Any:
        await self.ping()
        return await super().find_staff_by_login(login)


@dataclass
class Desk:
    """The routes behind a client that keeps cookies, as a browser does."""

    client: Client
    store: FailingStore
    clock: StoppedClock
    kiosk_auth: KioskAuth
    metrics: PrometheusMetrics
    ended: list[bytes] = field(default_factory=list)

    async def csrf(self) -> str:
        return str((await (await self.client.get("/api/session")).json())["csrf"])

    async def post(self, path: str, body: object, *, csrf: str | None = None, **headers: str) -> ClientResponse:
        token = await self.csrf() if csrf is None else csrf
        return await self.client.post(path, json=body, headers={"X-CSRF-Token": token, **headers})

    async def sign_in(self, password: str = PASSWORD) -> ClientResponse:
        return await self.post("/api/session", {"login": "anna", "password": password})


@dataclass
class Options:
    """What differs from the ordinary."""

    secure: bool = False
    metrics_token: str = ""
    trusted_proxy_count: int = 0
    attempts: int = 100
    must_change: bool = False


@pytest_asyncio.fixture
async def desk(request: pytest.FixtureRequest) -> AsyncIterator[Desk]:
    options: Options = getattr(request, "param", Options())
    store, clock, metrics = FailingStore(), StoppedClock(), PrometheusMetrics()
    await add_places(store)
    await add_kiosk(store, NOW)
    await add_staff(store, must_change=options.must_change)

    def throttle() -> Throttle:
        return Throttle(attempts=options.attempts, window_s=300)

    kiosk_auth = KioskAuth(store, challenge_ttl_s=60, enrol_throttle=throttle(), challenge_throttle=throttle())
    ended: list[bytes] = []

    async def session_ended(session_hash: bytes) -> None:
        ended.append(session_hash)

    api = HttpApi(
        store=store,
        clock=clock,
        metrics=metrics,
        kiosk_auth=kiosk_auth,
        staff_auth=StaffAuth(
            store,
            cheap_passwords(),
            SystemIds(),
            session_lifetime_s=12 * 3600,
            login_throttle=throttle(),
            address_throttle=throttle(),
            secure_cookies=options.secure,
        ),
        allowed_origins=[OURS],
        metrics_token=options.metrics_token,
        trusted_proxy_count=options.trusted_proxy_count,
        session_ended=session_ended,
    )
    app = web.Application()
    api.register(app)
    async with TestClient(TestServer(app)) as client:
        yield Desk(client, store, clock, kiosk_auth, metrics, ended)


def with_options(**options: Any) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("desk", [Options(**options)], indirect=True)


async def refusal(response: ClientResponse) -> tuple[int, str]:
    body = await response.json()
    assert set(body) == {"error"}
    return response.status, body["error"]["code"]


# --- signing in ---------------------------------------------------------------------------------------------


async def test_before_sign_in_there_is_a_token_that_stays_and_no_staff(desk: Desk) -> None:
    first = await (await desk.client.get("/api/session")).json()
    second = await (await desk.client.get("/api/session")).json()
    assert first == second
    assert set(first) == {"csrf", "staff"}
    assert first["staff"] is None
    assert len(first["csrf"]) >= 40


async def test_after_sign_in_the_session_says_who_it_is(desk: Desk) -> None:
    anonymous = await desk.csrf()
    response = await desk.sign_in()
    body = await response.json()
    assert response.status == 200
    assert body["staff"] == {
        "staff_id": STAFF,
        "name": "Anna",
        "roles": ["librarian"],
        "must_change_password": False,
    }
    assert body["csrf"] != anonymous
    assert await (await desk.client.get("/api/session")).json() == body


@with_options(secure=True)
async def test_over_https_cookies_are_host_bound_secure_strict_and_unseen_by_scripts(desk: Desk) -> None:
    anonymous = (await desk.client.get("/api/session")).headers["Set-Cookie"]
    # A client on plain HTTP keeps no Secure cookie, so it is carried by hand.
    pair = anonymous.partition(";")[0]
    csrf = (await (await desk.client.get("/api/session", headers={"Cookie": pair})).json())["csrf"]
    response = await desk.client.post(
        "/api/session",
        json={"login": "anna", "password": PASSWORD},
        headers={"Cookie": pair, "X-CSRF-Token": csrf},
    )
    signed_in, dropped = response.headers.getall("Set-Cookie")
    assert response.status == 200
    for cookie in (anonymous, signed_in, dropped):
        parts = {part.strip() for part in cookie.split(";")[1:]}
        assert cookie.startswith("__Host-librarian-")
        assert {"HttpOnly", "Path=/", "SameSite=Strict", "Secure"} <= parts
        assert not any(part.startswith("Domain") for part in parts)
    assert "Max-Age=43200" in signed_in
    assert "Max-Age=0" in dropped


async def test_on_this_machine_over_http_cookies_work_without_secure(desk: Desk) -> None:
    cookie = (await desk.client.get("/api/session")).headers["Set-Cookie"]
    assert cookie.startswith("librarian-anonymous=")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Secure" not in cookie


async def test_a_wrong_password_is_not_authenticated(desk: Desk) -> None:
    assert await refusal(await desk.sign_in("wrong")) == (401, "not_authenticated")
    assert (await (await desk.client.get("/api/session")).json())["staff"] is None


@with_options(attempts=2)
@pytest.mark.expected_log("sign_in_throttled")
async def test_too_many_tries_are_too_fast_and_told_how_long_to_wait(desk: Desk) -> None:
    await desk.sign_in("wrong")
    await desk.sign_in("wrong")
    response = await desk.sign_in()
    assert await refusal(response) == (429, "too_fast")
    wait_s = (await response.json())["error"]["data"]["retry_after_s"]
    assert 0 < wait_s <= 300
    assert response.headers["Retry-After"] == str(wait_s)


@pytest.mark.parametrize("csrf", ["", "made-up"])
async def test_a_sign_in_without_our_pages_token_is_forbidden(desk: Desk, csrf: str) -> None:
    await desk.csrf()
    response = await desk.post("/api/session", {"login": "anna", "password": PASSWORD}, csrf=csrf)
    assert await refusal(response) == (403, "forbidden")


@pytest.mark.expected_log("foreign_origin_refused")
@pytest.mark.parametrize("path", ["/api/session", "/api/session/password", "/api/kiosk/enrol", "/api/kiosk/challenge"])
@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", OURS + ".elsewhere.example"])
async def test_a_foreign_origin_is_refused(desk: Desk, path: str, origin: str) -> None:
    response = await desk.post(path, {"login": "anna", "password": PASSWORD}, Origin=origin)
    assert await refusal(response) == (403, "origin")


async def test_our_own_origin_is_welcome(desk: Desk) -> None:
    response = await desk.post("/api/session", {"login": "anna", "password": PASSWORD}, Origin=OURS)
    assert response.status == 200


async def test_signing_out_ends_the_session_and_tells_it(desk: Desk) -> None:
    csrf = (await (await desk.sign_in()).json())["csrf"]
    response = await desk.client.delete("/api/session", headers={"X-CSRF-Token": csrf})
    body = await response.json()
    assert response.status == 200
    assert body["staff"] is None
    assert len(desk.ended) == 1
    assert await (await desk.client.get("/api/session")).json() == body


async def test_signing_out_needs_a_session_and_its_token(desk: Desk) -> None:
    anonymous = await desk.csrf()
    answer = await desk.client.delete("/api/session", headers={"X-CSRF-Token": anonymous})
    assert await refusal(answer) == (401, "not_authenticated")
    await desk.sign_in()
    answer = await desk.client.delete("/api/session", headers={"X-CSRF-Token": anonymous})
    assert await refusal(answer) == (403, "forbidden")
    assert desk.ended == []


async def test_signing_in_again_ends_the_session_before(desk: Desk) -> None:
    await desk.sign_in()
    await desk.sign_in()
    assert len(desk.ended) == 1
    assert len(desk.store._sessions) == 1


async def test_a_session_ends_after_12_hours(desk: Desk) -> None:
    await desk.sign_in()
    desk.clock.time += timedelta(hours=12)
    assert (await (await desk.client.get("/api/session")).json())["staff"] is None


@with_options(must_change=True)
async def test_a_one_time_password_is_changed_in_place(desk: Desk) -> None:
    before = await (await desk.sign_in()).json()
    assert before["staff"]["must_change_password"] is True
    response = await desk.post("/api/session/password", {"current": PASSWORD, "new": NEW_PASSWORD})
    after = await response.json()
    assert response.status == 200
    assert after["staff"]["must_change_password"] is False
    assert after["csrf"] != before["csrf"]
    assert await (await desk.client.get("/api/session")).json() == after
    assert len(desk.store._sessions) == 1


async def test_a_password_is_not_changed_without_session_token_or_the_current_one(desk: Desk) -> None:
    body = {"current": "wrong", "new": NEW_PASSWORD}
    assert await refusal(await desk.post("/api/session/password", body)) == (401, "not_authenticated")
    await desk.sign_in()
    assert await refusal(await desk.post("/api/session/password", body, csrf="x")) == (403, "forbidden")
    assert await refusal(await desk.post("/api/session/password", body)) == (401, "not_authenticated")
    weak = await desk.post("/api/session/password", {"current": PASSWORD, "new": "short"})
    assert await refusal(weak) == (400, "weak_password")
    assert (await weak.json())["error"]["data"] == {"min_chars": 12, "max_chars": 200}
    assert (await desk.sign_in()).status == 200


# --- bad bodies ---------------------------------------------------------------------------------------------

POSTS = ["/api/session", "/api/kiosk/enrol", "/api/kiosk/challenge"]


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"{}", b"\xff\xfe", b'{"login": 1}', b"[" * 3000, b'{"login": "a", "password": null}'],
)
async def test_a_body_that_is_not_as_agreed_is_malformed(desk: Desk, path: str, body: bytes) -> None:
    headers = {"X-CSRF-Token": await desk.csrf(), "Content-Type": "application/json"}
    response = await desk.client.post(path, data=body, headers=headers)
    assert await refusal(response) == (400, "malformed")


async def test_a_form_is_malformed_for_a_foreign_page_could_post_one(desk: Desk) -> None:
    headers = {"X-CSRF-Token": await desk.csrf(), "Content-Type": "text/plain"}
    body = json.dumps({"login": "anna", "password": PASSWORD})
    assert await refusal(await desk.client.post("/api/session", data=body, headers=headers)) == (400, "malformed")


@pytest.mark.parametrize("path", POSTS)
async def test_a_body_that_is_too_large_is_refused(desk: Desk, path: str) -> None:
    headers = {"X-CSRF-Token": await desk.csrf(), "Content-Type": "application/json"}
    response = await desk.client.post(path, data=b" " * 5000, headers=headers)
    assert await refusal(response) == (413, "too_large")


async def test_a_body_of_unknown_length_is_cut_off_when_it_grows_too_large(desk: Desk) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 1000

    headers = {"X-CSRF-Token": await desk.csrf(), "Content-Type": "application/json"}
    response = await desk.client.post("/api/session", data=endless(), headers=headers)
    assert await refusal(response) == (413, "too_large")


# --- kiosks -------------------------------------------------------------------------------------------------


async def test_a_kiosk_enrols_gets_a_challenge_and_proves_itself(desk: Desk) -> None:
    key = Ed25519PrivateKey.generate()
    enrolled = await desk.client.post("/api/kiosk/enrol", json={"code": CODE, "public_key": public_key(key)})
    assert (enrolled.status, await enrolled.json()) == (200, {"kiosk_id": KIOSK})

    answer = await desk.client.post("/api/kiosk/challenge", json={"kiosk_id": KIOSK})
    body = await answer.json()
    assert answer.status == 200
    assert set(body) == {"challenge", "expires_at"}
    assert len(b64decode(body["challenge"], validate=True)) == 32
    assert datetime.fromisoformat(body["expires_at"]) == NOW + timedelta(seconds=60)
    assert (await desk.kiosk_auth.verify(hello(key, body["challenge"]), NOW)).id == KIOSK


async def test_a_used_or_unknown_code_is_refused(desk: Desk, expected_log: ExpectLog) -> None:
    expected_log("enrolment_refused")
    key = public_key(Ed25519PrivateKey.generate())
    answers = [
        await refusal(await desk.client.post("/api/kiosk/enrol", json={"code": code, "public_key": key}))
        for code in ["ZZZZ-ZZZZ-ZZZZ", "0" * 64]
    ]
    await desk.client.post("/api/kiosk/enrol", json={"code": CODE, "public_key": key})
    used = await desk.client.post("/api/kiosk/enrol", json={"code": CODE, "public_key": key})
    assert answers == [(404, "not_found")] * 2
    assert await refusal(used) == (409, "code_used")


async def test_a_challenge_does_not_tell_whether_a_kiosk_exists(desk: Desk) -> None:
    answers = [
        await desk.client.post("/api/kiosk/challenge", json={"kiosk_id": kiosk_id}) for kiosk_id in (KIOSK, "nobody")
    ]
    shapes = [(answer.status, {key: len(value) for key, value in (await answer.json()).items()}) for answer in answers]
    assert shapes[0] == shapes[1]


@with_options(attempts=2, trusted_proxy_count=1)
async def test_behind_a_proxy_each_visitor_of_it_is_throttled_alone(desk: Desk) -> None:
    async def ask(forwarded: str) -> int:
        headers = {"X-Forwarded-For": forwarded}
        return (await desk.client.post("/api/kiosk/challenge", json={"kiosk_id": KIOSK}, headers=headers)).status

    assert [await ask("192.0.2.1") for _ in range(3)] == [200, 200, 429]
    assert await ask("192.0.2.2") == 200
    # What a client writes itself stands further left and is not believed.
    assert await ask("192.0.2.7, 192.0.2.1") == 429


@with_options(attempts=2)
async def test_without_a_proxy_of_ours_its_header_is_not_believed(desk: Desk) -> None:
    statuses = []
    for n in range(3):
        headers = {"X-Forwarded-For": f"192.0.2.{n}"}
        answer = await desk.client.post("/api/kiosk/challenge", json={"kiosk_id": KIOSK}, headers=headers)
        statuses.append(answer.status)
    assert statuses == [200, 200, 429]


# --- health and metrics -------------------------------------------------------------------------------------


async def test_health_follows_the_database(desk: Desk) -> None:
    well = await desk.client.get("/healthz")
    assert (well.status, await well.json()) == (200, {"ok": True, "database": "ok"})
    desk.store.away = True
    ill = await desk.client.get("/healthz")
    assert (ill.status, await ill.json()) == (503, {"ok": False, "database": "away"})


@pytest.mark.expected_log("store_away")
async def test_when_the_database_is_away_a_sign_in_is_unavailable(desk: Desk) -> None:
    csrf = await desk.csrf()
    desk.store.away = True
    response = await desk.post("/api/session", {"login": "anna", "password": PASSWORD}, csrf=csrf)
    assert await refusal(response) == (503, "unavailable")


async def test_metrics_are_in_prometheus_format(desk: Desk) -> None:
    desk.metrics.count("visits_accepted")
    response = await desk.client.get("/metrics")
    assert response.status == 200
    assert response.headers["Content-Type"].startswith("text/plain")
    assert "librarian_visits_accepted_total 1.0" in await response.text()


@with_options(metrics_token="s3cret")
async def test_metrics_with_a_token_are_for_those_who_know_it(desk: Desk) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "s3cret"}):
        assert await refusal(await desk.client.get("/metrics", headers=headers)) == (401, "not_authenticated")
    assert (await desk.client.get("/metrics", headers={"Authorization": "Bearer s3cret"})).status == 200


async def test_no_answer_is_kept_by_a_cache_or_guessed_at(desk: Desk) -> None:
    for response in (await desk.client.get("/api/session"), await desk.sign_in("wrong")):
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
