"""What somebody chose at a kiosk: kept as by a form, shown to the kiosk, and written down with the kiosk's name."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from signaling.adapters.gateway.chosen import CHOICES_BURST
from signaling.domain.places import Kiosk
from signaling.protocol.vocabulary import KioskId, LensSide
from tests.support.wire import LIBRARY, ServedWire

#: Below the gateway's own recheck (5 s): what arrives sooner was announced.
SOON_S = 4.0
K1 = KioskId("k1")
LATER = datetime(2100, 1, 1, tzinfo=UTC)


async def kept(wire: ServedWire) -> Kiosk:
    kiosk = await wire.store.find_kiosk(K1)
    assert kiosk is not None
    return kiosk


async def log(wire: ServedWire) -> list[tuple[str, str, str, str, dict[str, str]]]:
    return [
        (entry.actor_id, entry.actor_name, entry.action, entry.subject_id, dict(entry.details))
        for entry in await wire.store.actions(LIBRARY, before=LATER, limit=20)
    ]


async def test_what_was_chosen_on_site_stands_in_the_forms_and_in_the_log_as_the_kiosks_doing(wire: ServedWire) -> None:
    kiosk = await wire.kiosk()
    before = await kept(wire)
    await kiosk.ok("kiosk.settings", {"lens_side": "left", "camera_height_cm": 151})
    after = await kept(wire)
    assert (after.lens_side, after.camera_height_cm) == (LensSide.LEFT, 151)
    assert (after.name, after.pin_hash, after.public_key) == (before.name, before.pin_hash, before.public_key)
    details = {"name": after.name, "lens_side": "left", "camera_height_cm": "151"}
    assert await log(wire) == [("k1", after.name, "edit_kiosk", "k1", details)]

    def told() -> bool:
        settings: Any = kiosk.view["settings"]
        return (settings["lens_side"], settings["camera_height_cm"]) == ("left", 151)

    await kiosk.until(told, patience_s=SOON_S)


async def test_what_was_not_chosen_stays_and_what_is_so_already_is_no_line_of_the_log(wire: ServedWire) -> None:
    kiosk = await wire.kiosk()
    await kiosk.ok("kiosk.settings", {"camera_height_cm": 151})
    await kiosk.ok("kiosk.settings", {"camera_height_cm": 151})
    await kiosk.ok("kiosk.settings", {})
    assert ((await kept(wire)).lens_side, (await kept(wire)).camera_height_cm) == (LensSide.TOP, 151)
    assert len(await log(wire)) == 1


@pytest.mark.parametrize("wrong", [{"lens_side": "behind"}, {"camera_height_cm": 301}, {"camera_height_cm": -1}])
async def test_what_no_form_would_take_is_malformed(wire: ServedWire, wrong: dict[str, Any]) -> None:
    kiosk = await wire.kiosk()
    assert await kiosk.refused("kiosk.settings", wrong) == "malformed"
    assert await log(wire) == []


async def test_a_kiosk_that_does_not_stop_choosing_fills_no_log(wire: ServedWire) -> None:
    kiosk = await wire.kiosk()
    for number in range(CHOICES_BURST):
        await kiosk.ok("kiosk.settings", {"camera_height_cm": 100 + number})
    assert await kiosk.refused("kiosk.settings", {"camera_height_cm": 99}) == "too_fast"
    assert len(await log(wire)) == CHOICES_BURST


async def test_a_console_chooses_nothing_of_a_kiosk(wire: ServedWire) -> None:
    await wire.kiosk()
    seat = await wire.seat()
    assert await seat.refused("kiosk.settings", {"camera_height_cm": 151}) == "unknown_message"
    assert (await kept(wire)).camera_height_cm == 0
