"""Staff identity: sign-in, sessions, CSRF, passwords."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from signaling.adapters.auth import SignedIn, StaffAuth, Throttle, WeakPassword
from signaling.adapters.auth.tokens import csrf_of, token_hash
from signaling.adapters.store_memory import MemoryStore
from signaling.adapters.system import SystemIds
from signaling.protocol.errors import ErrorCode, WireError
from tests.support.identities import PASSWORD, STAFF, add_places, add_staff, cheap_passwords

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ADDRESS = "192.0.2.1"
NEW_PASSWORD = "another long password"


def staff_auth(store: MemoryStore, *, per_login: int = 100, per_address: int = 100) -> StaffAuth:
    return StaffAuth(
        store,
        cheap_passwords(),
        SystemIds(),
        session_lifetime_s=12 * 3600,
        login_throttle=Throttle(attempts=per_login, window_s=300),
        address_throttle=Throttle(attempts=per_address, window_s=300),
        secure_cookies=True,
    )


@pytest_asyncio.fixture
async def store() -> MemoryStore:
    store = MemoryStore()
    await add_places(store)
    await add_staff(store)
    return store


@pytest.fixture
def auth(store: MemoryStore) -> StaffAuth:
    return staff_auth(store)


@pytest_asyncio.fixture
async def anna(auth: StaffAuth) -> SignedIn:
    return await auth.sign_in("anna", PASSWORD, ADDRESS, NOW)


def cookies(auth: StaffAuth, signed_in: SignedIn) -> dict[str, str]:
    return {auth.session_cookie: signed_in.token}


async def sign_in_refusal(auth: StaffAuth, login: str, password: str, address: str = ADDRESS) -> WireError:
    with pytest.raises(WireError) as refused:
        await auth.sign_in(login, password, address, NOW)
    return refused.value


# --- signing in ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("login", ["anna", " ANNA "])
async def test_the_right_password_begins_a_session_of_12_hours(auth: StaffAuth, login: str) -> None:
    signed_in = await auth.sign_in(login, PASSWORD, ADDRESS, NOW)
    assert signed_in.staff.id == STAFF
    assert signed_in.session.expires_at == NOW + timedelta(hours=12)


async def test_the_database_knows_the_cookie_only_by_its_hash(store: MemoryStore, anna: SignedIn) -> None:
    kept = store._sessions[anna.session.token_hash]
    assert kept.token_hash == token_hash(anna.token)
    assert anna.token.encode() not in kept.token_hash + kept.csrf_hash


async def test_each_sign_in_gets_a_cookie_of_its_own(auth: StaffAuth, anna: SignedIn) -> None:
    again = await auth.sign_in("anna", PASSWORD, ADDRESS, NOW)
    assert again.token != anna.token
    assert len(again.token) >= 40


@pytest.mark.parametrize(("login", "password"), [("anna", "wrong"), ("nobody", PASSWORD), ("anna", ""), ("", "")])
async def test_whatever_is_wrong_the_answer_is_the_same(auth: StaffAuth, login: str, password: str) -> None:
    refusal = await sign_in_refusal(auth, login, password)
    assert (refusal.code, refusal.data) == (ErrorCode.NOT_AUTHENTICATED, {})


async def test_a_disabled_account_does_not_sign_in(store: MemoryStore, auth: StaffAuth) -> None:
    await store.disable_staff(STAFF, NOW)
    assert (await sign_in_refusal(auth, "anna", PASSWORD)).code is ErrorCode.NOT_AUTHENTICATED


@pytest.mark.expected_log("sign_in_throttled")
async def test_tries_are_throttled_per_login_whatever_the_address(store: MemoryStore) -> None:
    auth = staff_auth(store, per_login=3)
    codes = [(await sign_in_refusal(auth, "anna", "wrong", f"192.0.2.{n}")).code for n in range(4)]
    assert codes == [*[ErrorCode.NOT_AUTHENTICATED] * 3, ErrorCode.TOO_FAST]
    refusal = await sign_in_refusal(auth, "Anna", PASSWORD, "192.0.2.9")
    assert refusal.code is ErrorCode.TOO_FAST
    assert 0 < int(refusal.data["retry_after_s"]) <= 300


@pytest.mark.expected_log("sign_in_throttled")
async def test_tries_are_throttled_per_address_whatever_the_login(store: MemoryStore) -> None:
    auth = staff_auth(store, per_address=3)
    codes = [(await sign_in_refusal(auth, f"nobody{n}", "wrong")).code for n in range(4)]
    assert codes == [*[ErrorCode.NOT_AUTHENTICATED] * 3, ErrorCode.TOO_FAST]
    assert (await auth.sign_in("anna", PASSWORD, "192.0.2.2", NOW)).staff.id == STAFF


async def test_the_right_password_forgets_the_tries_of_that_login(store: MemoryStore) -> None:
    auth = staff_auth(store, per_login=2)
    for _ in range(5):
        assert (await sign_in_refusal(auth, "anna", "wrong")).code is ErrorCode.NOT_AUTHENTICATED
        await auth.sign_in("anna", PASSWORD, ADDRESS, NOW)


# --- sessions -----------------------------------------------------------------------------------------------


async def test_the_cookie_with_its_own_token_says_who_it_is(auth: StaffAuth, anna: SignedIn) -> None:
    session, staff = await auth.from_cookie(cookies(auth, anna), csrf_of(anna.token), NOW)
    assert (session, staff) == (anna.session, anna.staff)


@pytest.mark.parametrize("csrf", ["", "wrong", csrf_of("another cookie"), "ä"])
async def test_a_token_of_another_page_is_forbidden(auth: StaffAuth, anna: SignedIn, csrf: str) -> None:
    with pytest.raises(WireError) as refused:
        await auth.from_cookie(cookies(auth, anna), csrf, NOW)
    assert refused.value.code is ErrorCode.FORBIDDEN


async def test_without_a_living_session_nobody_is_authenticated(
    store: MemoryStore, auth: StaffAuth, anna: SignedIn
) -> None:
    csrf = csrf_of(anna.token)
    jars = [{}, {auth.session_cookie: ""}, {auth.session_cookie: "made up"}, {"other": anna.token}]
    for jar, now in [*((jar, NOW) for jar in jars), (cookies(auth, anna), NOW + timedelta(hours=12))]:
        with pytest.raises(WireError) as refused:
            await auth.from_cookie(jar, csrf, now)
        assert refused.value.code is ErrorCode.NOT_AUTHENTICATED
    await auth.sign_out(anna.session)
    assert await auth.find(cookies(auth, anna), NOW) is None


async def test_a_one_time_password_opens_no_connection_before_it_is_changed() -> None:
    store = MemoryStore()
    await add_places(store)
    await add_staff(store, must_change=True)
    auth = staff_auth(store)
    first = await auth.sign_in("anna", PASSWORD, ADDRESS, NOW)
    with pytest.raises(WireError) as refused:
        await auth.from_cookie(cookies(auth, first), csrf_of(first.token), NOW)
    assert refused.value.code is ErrorCode.FORBIDDEN
    assert refused.value.data == {"reason": "must_change_password"}

    second = await auth.change_password(first.staff, PASSWORD, NEW_PASSWORD, NOW)
    _, staff = await auth.from_cookie(cookies(auth, second), csrf_of(second.token), NOW)
    assert not staff.must_change_password


# --- passwords ----------------------------------------------------------------------------------------------


async def test_a_new_password_ends_every_other_session(auth: StaffAuth, anna: SignedIn) -> None:
    elsewhere = await auth.sign_in("anna", PASSWORD, ADDRESS, NOW)
    renewed = await auth.change_password(anna.staff, PASSWORD, NEW_PASSWORD, NOW)
    assert await auth.find(cookies(auth, elsewhere), NOW) is None
    assert await auth.find(cookies(auth, anna), NOW) is None
    assert await auth.find(cookies(auth, renewed), NOW) is not None
    assert (await sign_in_refusal(auth, "anna", PASSWORD)).code is ErrorCode.NOT_AUTHENTICATED
    assert (await auth.sign_in("anna", NEW_PASSWORD, ADDRESS, NOW)).staff.id == STAFF


@pytest.mark.parametrize("new", ["short", "x" * 11, "x" * 201, PASSWORD])
async def test_a_password_that_is_too_short_too_long_or_the_same_is_refused(
    auth: StaffAuth, anna: SignedIn, new: str
) -> None:
    with pytest.raises(WeakPassword):
        await auth.change_password(anna.staff, PASSWORD, new, NOW)


async def test_changing_a_password_needs_the_current_one_and_is_throttled(store: MemoryStore, anna: SignedIn) -> None:
    auth = staff_auth(store, per_login=2)
    codes = []
    for _ in range(3):
        with pytest.raises(WireError) as refused:
            await auth.change_password(anna.staff, "wrong", NEW_PASSWORD, NOW)
        codes.append(refused.value.code)
    assert codes == [ErrorCode.NOT_AUTHENTICATED, ErrorCode.NOT_AUTHENTICATED, ErrorCode.TOO_FAST]


# --- the page -----------------------------------------------------------------------------------------------


async def test_a_page_is_ours_when_its_token_belongs_to_one_of_our_cookies(auth: StaffAuth, anna: SignedIn) -> None:
    anonymous = auth.anonymous_token()
    auth.check_page({auth.anonymous_cookie: anonymous}, csrf_of(anonymous))
    auth.check_page(cookies(auth, anna), csrf_of(anna.token))
    for jar, csrf in (({}, ""), ({}, csrf_of("")), ({auth.anonymous_cookie: anonymous}, csrf_of("x"))):
        with pytest.raises(WireError) as refused:
            auth.check_page(jar, csrf)
        assert refused.value.code is ErrorCode.FORBIDDEN
