"""PINs of service menus, as hashes."""

from __future__ import annotations

import hashlib
from base64 import b64decode

from signaling.adapters.auth.pins import HASH_BYTES, SALT_BYTES, N, P, R, hash_pin


def salt_of(count: int) -> bytes:
    return bytes(range(count))


async def test_the_hash_says_how_it_was_made_and_can_be_made_again() -> None:
    scheme, n, r, p, salt, made = (await hash_pin("482913", salt_of)).split("$")
    assert (scheme, int(n), int(r), int(p)) == ("scrypt", N, R, P)
    assert b64decode(salt) == salt_of(SALT_BYTES)
    assert len(b64decode(made)) == HASH_BYTES
    assert hashlib.scrypt(b"482913", salt=salt_of(SALT_BYTES), n=N, r=R, p=P, dklen=HASH_BYTES) == b64decode(made)
    assert hashlib.scrypt(b"482914", salt=salt_of(SALT_BYTES), n=N, r=R, p=P, dklen=HASH_BYTES) != b64decode(made)


async def test_the_same_pin_has_another_hash_each_time() -> None:
    assert await hash_pin("482913") != await hash_pin("482913")


async def test_no_pin_has_no_hash() -> None:
    assert await hash_pin("") == ""


async def test_it_fits_on_the_wire_and_in_its_column() -> None:
    assert len(await hash_pin("1" * 12)) <= 300
