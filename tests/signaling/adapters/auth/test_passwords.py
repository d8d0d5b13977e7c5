"""Argon2id beside the loop."""

from __future__ import annotations

import threading
from unittest.mock import Mock

from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type

from signaling.adapters.auth import Argon2Passwords
from tests.support.identities import cheap_passwords


async def test_a_password_fits_its_own_hash_and_no_other() -> None:
    passwords = cheap_passwords()
    hashed = await passwords.hash("päss word")
    assert await passwords.verify(hashed, "päss word")
    assert not await passwords.verify(hashed, "pass word")
    assert not await passwords.verify("no hash at all", "päss word")


async def test_two_hashes_of_one_password_differ() -> None:
    passwords = cheap_passwords()
    assert await passwords.hash("same") != await passwords.hash("same")


async def test_the_default_is_argon2id_with_the_memory_that_the_rfc_asks_for() -> None:
    parameters = extract_parameters(await Argon2Passwords().hash("password"))
    assert parameters.type is Type.ID
    assert parameters.memory_cost >= 64 * 1024
    assert parameters.time_cost >= 3


async def test_without_an_account_the_same_work_is_done_and_nothing_fits() -> None:
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    counted = Mock(wraps=hasher)
    passwords = Argon2Passwords(counted)
    assert not await passwords.verify(None, "nobody")
    assert counted.verify.call_count == 1


async def test_the_work_is_not_done_on_the_loops_thread() -> None:
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    threads: list[int] = []

    def hash_and_tell(password: str) -> str:
        threads.append(threading.get_ident())
        return hasher.hash(password)

    recorded = Mock()
    recorded.hash.side_effect = hash_and_tell
    await Argon2Passwords(recorded).hash("x")
    assert len(threads) == 1
    assert threads != [threading.get_ident()]
