"""Kiosk identity: enrolment, challenges, proof."""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from signaling.adapters.auth import KioskAuth, Throttle
from signaling.adapters.store_memory import MemoryStore
from signaling.protocol.errors import ErrorCode, WireError
from signaling.protocol.vocabulary import PROTOCOL_VERSION, KioskId
from tests.support.identities import CODE, KIOSK, add_kiosk, add_places, hello, public_key
from tests.support.logs import ExpectLog

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ADDRESS = "192.0.2.1"


def kiosk_auth(store: MemoryStore, *, enrol_attempts: int = 100, challenges: int = 100) -> KioskAuth:
    return KioskAuth(
        store,
        challenge_ttl_s=60,
        enrol_throttle=Throttle(attempts=enrol_attempts, window_s=300),
        challenge_throttle=Throttle(attempts=challenges, window_s=60),
    )


@pytest_asyncio.fixture
async def store() -> MemoryStore:
    store = MemoryStore()
    await add_places(store)
    await add_kiosk(store, NOW)
    return store


@pytest.fixture
def auth(store: MemoryStore) -> KioskAuth:
    return kiosk_auth(store)


@pytest_asyncio.fixture
async def key(auth: KioskAuth) -> Ed25519PrivateKey:
    """The key of the enrolled kiosk."""
    key = Ed25519PrivateKey.generate()
    await auth.enrol(CODE, public_key(key), ADDRESS, NOW)
    return key


async def challenge(auth: KioskAuth, kiosk_id: str = KIOSK) -> str:
    value, _ = await auth.challenge(KioskId(kiosk_id), ADDRESS, NOW)
    return b64encode(value).decode()


async def refusal(auth: KioskAuth, *args: object, now: datetime = NOW, **kwargs: object) -> ErrorCode:
    with pytest.raises(WireError) as refused:
        await auth.verify(hello(*args, **kwargs), now)  # type: ignore[arg-type]  # passed on as given
    return refused.value.code


# --- enrolment ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", [CODE, CODE.lower(), CODE.replace("-", " "), "7kq2moxd9trb"])
async def test_a_code_is_taken_however_it_is_typed(auth: KioskAuth, typed: str) -> None:
    key = Ed25519PrivateKey.generate()
    kiosk = await auth.enrol(typed, public_key(key), ADDRESS, NOW)
    assert kiosk.id == KIOSK
    assert kiosk.public_key == b64decode(public_key(key))


@pytest.mark.usefixtures("key")
async def test_a_used_code_is_refused_even_with_another_key(auth: KioskAuth, expected_log: ExpectLog) -> None:
    expected_log("enrolment_refused.*used")
    with pytest.raises(WireError) as refused:
        await auth.enrol(CODE, public_key(Ed25519PrivateKey.generate()), ADDRESS, NOW)
    assert refused.value.code is ErrorCode.CODE_USED


@pytest.mark.parametrize(("code", "late"), [("0000-0000-0000", timedelta(0)), (CODE, timedelta(days=1))])
async def test_an_unknown_or_expired_code_is_not_found(
    auth: KioskAuth, expected_log: ExpectLog, code: str, late: timedelta
) -> None:
    expected_log("enrolment_refused")
    with pytest.raises(WireError) as refused:
        await auth.enrol(code, public_key(Ed25519PrivateKey.generate()), ADDRESS, NOW + late)
    assert refused.value.code is ErrorCode.NOT_FOUND


@pytest.mark.parametrize("bad", ["", "!!!", b64encode(b"short").decode(), b64encode(b"k" * 33).decode(), "ä"])
async def test_a_key_that_is_none_is_refused_and_the_code_stays_good(auth: KioskAuth, bad: str) -> None:
    with pytest.raises(WireError) as refused:
        await auth.enrol(CODE, bad, ADDRESS, NOW)
    assert refused.value.code is ErrorCode.MALFORMED
    assert (await auth.enrol(CODE, public_key(Ed25519PrivateKey.generate()), ADDRESS, NOW)).id == KIOSK


async def test_guessing_codes_is_throttled_per_address(store: MemoryStore, expected_log: ExpectLog) -> None:
    expected_log("enrolment_refused")
    auth = kiosk_auth(store, enrol_attempts=2)
    key = public_key(Ed25519PrivateKey.generate())
    codes = []
    for _ in range(3):
        with pytest.raises(WireError) as refused:
            await auth.enrol("0000-0000-0000", key, ADDRESS, NOW)
        codes.append(refused.value.code)
    assert codes == [ErrorCode.NOT_FOUND, ErrorCode.NOT_FOUND, ErrorCode.TOO_FAST]
    assert (await auth.enrol(CODE, key, "192.0.2.2", NOW)).id == KIOSK


# --- proof --------------------------------------------------------------------------------------------------


async def test_a_kiosk_that_holds_its_key_is_let_in(auth: KioskAuth, key: Ed25519PrivateKey) -> None:
    kiosk = await auth.verify(hello(key, await challenge(auth)), NOW)
    assert kiosk.id == KIOSK


async def test_challenges_are_32_new_bytes_each_time_and_last_a_minute(auth: KioskAuth) -> None:
    first, expires_at = await auth.challenge(KIOSK, ADDRESS, NOW)
    second, _ = await auth.challenge(KIOSK, ADDRESS, NOW)
    assert len(first) == len(second) == 32
    assert first != second
    assert expires_at == NOW + timedelta(seconds=60)


@pytest.mark.expected_log("kiosk_refused.*replayed")
async def test_a_replayed_challenge_is_refused(auth: KioskAuth, key: Ed25519PrivateKey) -> None:
    used = await challenge(auth)
    await auth.verify(hello(key, used), NOW)
    assert await refusal(auth, key, used) is ErrorCode.REPLAYED


@pytest.mark.expected_log("kiosk_refused.*replayed")
async def test_a_challenge_that_the_kiosk_made_up_is_refused(auth: KioskAuth, key: Ed25519PrivateKey) -> None:
    assert await refusal(auth, key, b64encode(b"x" * 32).decode()) is ErrorCode.REPLAYED


@pytest.mark.expected_log("kiosk_refused.*replayed")
async def test_a_challenge_is_too_old_after_a_minute(auth: KioskAuth, key: Ed25519PrivateKey) -> None:
    late = NOW + timedelta(seconds=60)
    assert await refusal(auth, key, await challenge(auth), now=late) is ErrorCode.REPLAYED


@pytest.mark.expected_log("kiosk_refused.*not_authenticated")
@pytest.mark.usefixtures("key")
async def test_a_wrong_key_is_refused_and_does_not_use_up_the_challenge(
    auth: KioskAuth, key: Ed25519PrivateKey
) -> None:
    fresh = await challenge(auth)
    assert await refusal(auth, Ed25519PrivateKey.generate(), fresh) is ErrorCode.NOT_AUTHENTICATED
    assert (await auth.verify(hello(key, fresh), NOW)).id == KIOSK


@pytest.mark.expected_log("kiosk_refused.*revoked")
async def test_a_revoked_kiosk_is_told_so(store: MemoryStore, auth: KioskAuth, key: Ed25519PrivateKey) -> None:
    await store.revoke_kiosk(KIOSK, NOW)
    assert await refusal(auth, key, await challenge(auth)) is ErrorCode.REVOKED


@pytest.mark.expected_log("kiosk_refused.*not_authenticated")
async def test_without_the_key_nobody_learns_which_kiosks_exist_or_are_revoked(
    store: MemoryStore, auth: KioskAuth, key: Ed25519PrivateKey
) -> None:
    await store.revoke_kiosk(KIOSK, NOW)
    stranger = Ed25519PrivateKey.generate()
    made_up = b64encode(b"x" * 32).decode()
    answers = [
        await refusal(auth, stranger, await challenge(auth, kiosk_id), kiosk_id=kiosk_id)
        for kiosk_id in (KIOSK, "nobody")
    ] + [await refusal(auth, stranger, made_up, kiosk_id=kiosk_id) for kiosk_id in (KIOSK, "nobody")]
    assert set(answers) == {ErrorCode.NOT_AUTHENTICATED}


@pytest.mark.expected_log("kiosk_refused.*not_authenticated")
async def test_a_kiosk_that_has_not_enrolled_is_refused(auth: KioskAuth) -> None:
    assert await refusal(auth, Ed25519PrivateKey.generate(), await challenge(auth)) is ErrorCode.NOT_AUTHENTICATED


@pytest.mark.expected_log("kiosk_refused.*not_authenticated")
async def test_a_signature_made_for_another_kiosk_is_no_proof(auth: KioskAuth, key: Ed25519PrivateKey) -> None:
    fresh = await challenge(auth)
    stolen = hello(key, fresh, kiosk_id="k2").model_copy(update={"kiosk_id": KIOSK})
    with pytest.raises(WireError) as refused:
        await auth.verify(stolen, NOW)
    assert refused.value.code is ErrorCode.NOT_AUTHENTICATED


@pytest.mark.expected_log("kiosk_refused.*version")
@pytest.mark.parametrize("protocol", [0, PROTOCOL_VERSION + 1])
async def test_a_version_that_we_do_not_speak_is_refused_with_those_that_we_do(
    auth: KioskAuth, key: Ed25519PrivateKey, protocol: int
) -> None:
    with pytest.raises(WireError) as refused:
        await auth.verify(hello(key, await challenge(auth), protocol=protocol), NOW)
    assert refused.value.code is ErrorCode.VERSION
    assert refused.value.data == {"oldest": 1, "newest": PROTOCOL_VERSION}


@pytest.mark.expected_log("kiosk_refused.*malformed")
@pytest.mark.parametrize("field", ["challenge", "signature"])
async def test_text_that_is_no_base64_is_malformed(auth: KioskAuth, key: Ed25519PrivateKey, field: str) -> None:
    broken = hello(key, await challenge(auth)).model_copy(update={field: "===="})
    with pytest.raises(WireError) as refused:
        await auth.verify(broken, NOW)
    assert refused.value.code is ErrorCode.MALFORMED


async def test_asking_for_challenges_is_throttled_per_address(store: MemoryStore) -> None:
    auth = kiosk_auth(store, challenges=2)
    await challenge(auth)
    await challenge(auth)
    with pytest.raises(WireError) as refused:
        await challenge(auth)
    assert refused.value.code is ErrorCode.TOO_FAST
    assert 0 < int(refused.value.data["retry_after_s"]) <= 60
