"""One PIN, two programs: the server makes the hash, and the kiosk checks it by itself."""

from __future__ import annotations

import pytest

from kiosk.adapters.pin import check_pin
from signaling.adapters.auth.pins import hash_pin


async def test_the_kiosk_opens_to_the_pin_whose_hash_the_server_made_and_to_no_other() -> None:
    made = await hash_pin("482913")
    assert check_pin("482913", made)
    assert not check_pin("482914", made)
    assert not check_pin("", made)


@pytest.mark.parametrize("pin", ["", "482913"])
async def test_without_a_pin_there_is_no_way_in(pin: str) -> None:
    assert not check_pin(pin, await hash_pin(""))
