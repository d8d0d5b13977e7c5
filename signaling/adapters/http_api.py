"""The few plain HTTP routes: sign-in, a kiosk's enrolment and challenges, health and metrics.

Every refusal is `{"error": {"code", "data"}}` with the wire's own codes. What it does not do: sockets
(`gateway`) and pages (the console's site).
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime
from typing import Annotated, Final, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from signaling.adapters.auth import KioskAuth, SignedIn, StaffAuth, WeakPassword
from signaling.adapters.auth.kiosks import encoded
from signaling.adapters.auth.passwords import MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS
from signaling.adapters.auth.tokens import csrf_of
from signaling.adapters.http_edge import CSRF_HEADER, Guard, Handler, Refused, json_response, read_json
from signaling.adapters.metrics import PrometheusMetrics
from signaling.protocol.errors import ErrorCode, WireError
from signaling.protocol.messages import Id, Name
from signaling.protocol.vocabulary import KioskId
from signaling.service.ports import Clock, Staff, Store, StoreError

#: No body of these routes needs more.
MAX_BODY_BYTES: Final = 4 * 1024
#: The one code that only these routes know: no message of the sockets sets a password.
TOO_WEAK: Final = "weak_password"

B = TypeVar("B", bound="Body")
#: Told when a browser's session has ended, with the session's hash.
SessionEnded = Callable[[bytes], Awaitable[None]]


class Body(BaseModel):
    """Base of what is posted."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


class SignInBody(Body):
    """`POST /api/session`."""

    login: Name
    password: Annotated[str, Field(max_length=1000)]


class PasswordBody(Body):
    """`POST /api/session/password`."""

    current: Annotated[str, Field(max_length=1000)]
    new: Annotated[str, Field(max_length=1000)]


class EnrolBody(Body):
    """`POST /api/kiosk/enrol`."""

    code: Annotated[str, Field(max_length=64)]
    public_key: Annotated[str, Field(max_length=64)]


class ChallengeBody(Body):
    """`POST /api/kiosk/challenge`."""

    kiosk_id: Id


class HttpApi:
    """The routes.

    Args:
        store: Asked for a sign of life by `/healthz`.
        clock: Time.
        metrics: What `/metrics` shows.
        kiosk_auth: Enrolment and challenges.
        staff_auth: Sessions.
        allowed_origins: Pages that may post; a request without an Origin is no browser's cross-site request.
        metrics_token: What Prometheus must send; empty means nothing.
        trusted_proxy_count: How many proxies in front add to X-Forwarded-For.
        session_ended: Told when somebody signs out.
    """

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        metrics: PrometheusMetrics,
        kiosk_auth: KioskAuth,
        staff_auth: StaffAuth,
        allowed_origins: Collection[str],
        metrics_token: str = "",
        trusted_proxy_count: int = 0,
        session_ended: SessionEnded | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._metrics = metrics
        self._kiosk_auth = kiosk_auth
        self._staff_auth = staff_auth
        self._guard = Guard(allowed_origins)
        self._metrics_token = metrics_token
        self._trusted_proxy_count = trusted_proxy_count
        self._session_ended = session_ended

    def register(self, app: web.Application) -> None:
        """Put the routes on the web application."""
        routes: tuple[tuple[str, str, Handler], ...] = (
            ("GET", "/healthz", self._health),
            ("GET", "/metrics", self._show_metrics),
            ("GET", "/api/session", self._session),
            ("POST", "/api/session", self._sign_in),
            ("DELETE", "/api/session", self._sign_out),
            ("POST", "/api/session/password", self._change_password),
            ("POST", "/api/kiosk/enrol", self._enrol),
            ("POST", "/api/kiosk/challenge", self._challenge),
        )
        self._guard.register(app, routes)

    # --- signing in ---------------------------------------------------------------------------------------

    async def _session(self, request: web.Request) -> web.Response:
        found = await self._staff_auth.find(request.cookies, self._clock.now())
        if found is not None:
            token = request.cookies[self._staff_auth.session_cookie]
            return json_response(_session_view(csrf_of(token), found[1]))
        return self._anonymous(request.cookies.get(self._staff_auth.anonymous_cookie))

    async def _sign_in(self, request: web.Request) -> web.Response:
        self._staff_auth.check_page(request.cookies, request.headers.get(CSRF_HEADER, ""))
        body = await _body(request, SignInBody)
        now = self._clock.now()
        before = await self._staff_auth.find(request.cookies, now)
        signed_in = await self._staff_auth.sign_in(body.login, body.password, self._address(request), now)
        if before is not None:
            await self._staff_auth.sign_out(before[0])
            await self._tell_ended(before[0].token_hash)
        return self._signed_in(signed_in, now)

    async def _sign_out(self, request: web.Request) -> web.Response:
        csrf = request.headers.get(CSRF_HEADER, "")
        session, _ = await self._staff_auth.require(request.cookies, csrf, self._clock.now())
        await self._staff_auth.sign_out(session)
        await self._tell_ended(session.token_hash)
        response = self._anonymous(None)
        self._drop_cookie(response, self._staff_auth.session_cookie)
        return response

    async def _change_password(self, request: web.Request) -> web.Response:
        now = self._clock.now()
        csrf = request.headers.get(CSRF_HEADER, "")
        _, staff = await self._staff_auth.require(request.cookies, csrf, now)
        body = await _body(request, PasswordBody)
        try:
            signed_in = await self._staff_auth.change_password(staff, body.current, body.new, now)
        except WeakPassword:
            bounds = {"min_chars": MIN_PASSWORD_CHARS, "max_chars": MAX_PASSWORD_CHARS}
            raise Refused(400, {"code": TOO_WEAK, "data": bounds}) from None
        return self._signed_in(signed_in, now)

    def _anonymous(self, token: str | None) -> web.Response:
        kept = token or self._staff_auth.anonymous_token()
        response = json_response(_session_view(csrf_of(kept), None))
        if token is None:
            self._set_cookie(response, self._staff_auth.anonymous_cookie, kept)
        return response

    def _signed_in(self, signed_in: SignedIn, now: datetime) -> web.Response:
        response = json_response(_session_view(csrf_of(signed_in.token), signed_in.staff))
        life_s = int((signed_in.session.expires_at - now).total_seconds())
        self._set_cookie(response, self._staff_auth.session_cookie, signed_in.token, life_s)
        self._drop_cookie(response, self._staff_auth.anonymous_cookie)
        return response

    async def _tell_ended(self, session_hash: bytes) -> None:
        if self._session_ended is not None:
            await self._session_ended(session_hash)

    def _set_cookie(self, response: web.Response, name: str, value: str, life_s: int | None = None) -> None:
        response.set_cookie(
            name,
            value,
            max_age=life_s,
            path="/",
            httponly=True,
            samesite="Strict",
            secure=self._staff_auth.secure_cookies,
        )

    def _drop_cookie(self, response: web.Response, name: str) -> None:
        response.del_cookie(name, path="/", httponly=True, samesite="Strict", secure=self._staff_auth.secure_cookies)

    # --- kiosks -------------------------------------------------------------------------------------------

    async def _enrol(self, request: web.Request) -> web.Response:
        body = await _body(request, EnrolBody)
        kiosk = await self._kiosk_auth.enrol(body.code, body.public_key, self._address(request), self._clock.now())
        return json_response({"kiosk_id": kiosk.id})

    async def _challenge(self, request: web.Request) -> web.Response:
        body = await _body(request, ChallengeBody)
        challenge, expires_at = await self._kiosk_auth.challenge(
            KioskId(body.kiosk_id), self._address(request), self._clock.now()
        )
        return json_response({"challenge": encoded(challenge), "expires_at": expires_at.isoformat()})

    # --- health -------------------------------------------------------------------------------------------

    async def _health(self, _request: web.Request) -> web.Response:
        try:
            await self._store.ping()
        except StoreError:
            return json_response({"ok": False, "database": "away"}, status=503)
        return json_response({"ok": True, "database": "ok"})

    async def _show_metrics(self, request: web.Request) -> web.Response:
        if self._metrics_token:
            given = request.headers.get("Authorization", "").encode()
            if not hmac.compare_digest(given, f"Bearer {self._metrics_token}".encode()):
                raise WireError(ErrorCode.NOT_AUTHENTICATED)
        return web.Response(body=self._metrics.text(), headers={"Content-Type": self._metrics.content_type})

    def _address(self, request: web.Request) -> str:
        """Where a request comes from, for the throttles alone; as far back as our own proxies vouch for."""
        if self._trusted_proxy_count:
            hops = [hop.strip() for value in request.headers.getall("X-Forwarded-For", []) for hop in value.split(",")]
            if len(hops) >= self._trusted_proxy_count:
                return hops[-self._trusted_proxy_count]
        return request.remote or ""


def _session_view(csrf: str, staff: Staff | None) -> dict[str, JsonValue]:
    if staff is None:
        return {"csrf": csrf, "staff": None}
    roles: list[JsonValue] = [*sorted(role.value for role in staff.roles)]
    return {
        "csrf": csrf,
        "staff": {
            "staff_id": staff.id,
            "name": staff.name,
            "roles": roles,
            "must_change_password": staff.must_change_password,
        },
    }


async def _body(request: web.Request, model: type[B]) -> B:
    """Read and check a JSON body; raises WireError `too_large` or `malformed`."""
    value = await read_json(request, MAX_BODY_BYTES)
    try:
        return model.model_validate(value)
    except ValidationError:
        raise WireError(ErrorCode.MALFORMED) from None
