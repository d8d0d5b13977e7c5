"""Staff identity: password once, then a cookie; the database knows the cookie only by its hash."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from signaling.adapters.auth.passwords import MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS
from signaling.adapters.auth.throttle import Throttle
from signaling.adapters.auth.tokens import csrf_of, same, token_hash
from signaling.protocol.errors import ErrorCode, WireError
from signaling.service.ports import Ids, Passwords, Staff, StaffSession, Store

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser that has just signed in.

    Attributes:
        token: For the cookie; known to nobody else.
    """

    token: str
    session: StaffSession
    staff: Staff


class WeakPassword(Exception):
    """A new password that is too short, too long, or the one that is to be replaced."""


class StaffAuth:
    """Sign-in, sessions and the check that a request comes from our own page.

    Args:
        store: Knows accounts and sessions.
        passwords: Hashes and checks.
        ids: Makes cookie tokens.
        session_lifetime_s: After so long one signs in again.
        login_throttle: Tries per login; a right password forgets them.
        address_throttle: Tries per address.
        secure_cookies: False only where the page is served over plain HTTP on this very machine.
    """

    def __init__(
        self,
        store: Store,
        passwords: Passwords,
        ids: Ids,
        *,
        session_lifetime_s: int,
        login_throttle: Throttle,
        address_throttle: Throttle,
        secure_cookies: bool,
    ) -> None:
        self._store = store
        self._passwords = passwords
        self._ids = ids
        self._lifetime = timedelta(seconds=session_lifetime_s)
        self._login_throttle = login_throttle
        self._address_throttle = address_throttle
        self.secure_cookies = secure_cookies
        # __Host- makes the browser refuse the cookie from a sibling domain or over plain HTTP.
        prefix: Final = "__Host-" if secure_cookies else ""
        self.session_cookie = f"{prefix}librarian-session"
        self.anonymous_cookie = f"{prefix}librarian-anonymous"

    async def sign_in(self, login: str, password: str, address: str, now: datetime) -> SignedIn:
        """Check a password and begin a session.

        Raises:
            WireError: `not_authenticated`, whatever was wrong, or `too_fast`.
        """
        login = login.strip().lower()
        try:
            self._address_throttle.hit(address)
            self._login_throttle.hit(login)
        except WireError:
            _log.warning("sign_in_throttled")
            raise
        staff = await self._store.find_staff_by_login(login)
        if staff is not None and staff.disabled_at is not None:
            staff = None
        fits = await self._passwords.verify(staff.password_hash if staff else None, password[:MAX_PASSWORD_CHARS])
        if staff is None or not fits:
            _log.info("sign_in_refused")
            raise WireError(ErrorCode.NOT_AUTHENTICATED)
        self._login_throttle.clear(login)
        signed_in = await self._begin(staff, now)
        _log.info("signed_in", staff_id=staff.id)
        return signed_in

    async def from_cookie(self, cookies: Mapping[str, str], csrf: str, now: datetime) -> tuple[StaffSession, Staff]:
        """Who opens a connection from our own page.

        Args:
            cookies: Of the request.
            csrf: What the page says; must belong to the cookie.
            now: Aware, UTC.

        Raises:
            WireError: `not_authenticated` without a living session, `forbidden` when the token is another's
                or the one-time password still holds.
        """
        session, staff = await self.require(cookies, csrf, now)
        if staff.must_change_password:
            raise WireError(ErrorCode.FORBIDDEN, {"reason": "must_change_password"})
        return session, staff

    async def require(self, cookies: Mapping[str, str], csrf: str, now: datetime) -> tuple[StaffSession, Staff]:
        """As `from_cookie`, for somebody who may still have to change the one-time password."""
        found = await self.find(cookies, now)
        if found is None:
            raise WireError(ErrorCode.NOT_AUTHENTICATED)
        if not hmac.compare_digest(token_hash(csrf), found[0].csrf_hash):
            raise WireError(ErrorCode.FORBIDDEN)
        return found

    async def find(self, cookies: Mapping[str, str], now: datetime) -> tuple[StaffSession, Staff] | None:
        """The living session of a cookie, or None."""
        token = cookies.get(self.session_cookie)
        return None if not token else await self._store.find_session(token_hash(token), now)

    def check_page(self, cookies: Mapping[str, str], csrf: str) -> None:
        """That a sign-in comes from our own page: the token belongs to either of our cookies.

        Raises:
            WireError: `forbidden`.
        """
        tokens = (cookies.get(self.session_cookie), cookies.get(self.anonymous_cookie))
        if not any(token and same(csrf_of(token), csrf) for token in tokens):
            raise WireError(ErrorCode.FORBIDDEN)

    async def change_password(self, staff: Staff, current: str, new: str, now: datetime) -> SignedIn:
        """Replace the password; every session of this person ends and a new one begins.

        Raises:
            WeakPassword: The new one is too short, too long or the same.
            WireError: `too_fast`, or `not_authenticated` when the current one is wrong.
        """
        self._login_throttle.hit(staff.login)
        if not MIN_PASSWORD_CHARS <= len(new) <= MAX_PASSWORD_CHARS or new == current:
            raise WeakPassword
        if not await self._passwords.verify(staff.password_hash, current[:MAX_PASSWORD_CHARS]):
            raise WireError(ErrorCode.NOT_AUTHENTICATED)
        self._login_throttle.clear(staff.login)
        await self._store.set_password(staff.id, await self._passwords.hash(new))
        await self._store.remove_sessions_of(staff.id)
        changed = await self._store.find_staff(staff.id)
        if changed is None:
            raise WireError(ErrorCode.NOT_AUTHENTICATED)
        _log.info("password_changed", staff_id=staff.id)
        return await self._begin(changed, now)

    async def sign_out(self, session: StaffSession) -> None:
        """End one session."""
        await self._store.remove_session(session.token_hash)

    def anonymous_token(self) -> str:
        """For the cookie of a page on which nobody has signed in yet."""
        return self._ids.new()

    async def _begin(self, staff: Staff, now: datetime) -> SignedIn:
        # Twice as long as other ids, so that a cookie that got into a log by mistake is told from them and masked.
        token = self._ids.new() + self._ids.new()
        session = StaffSession(
            token_hash=token_hash(token),
            staff_id=staff.id,
            csrf_hash=token_hash(csrf_of(token)),
            created_at=now,
            expires_at=now + self._lifetime,
        )
        await self._store.add_session(session)
        return SignedIn(token, session, staff)
