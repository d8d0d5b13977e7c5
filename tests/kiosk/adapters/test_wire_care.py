"""How a kiosk is to run, what it is asked and what it tells of itself, on the wire and in the kiosk's own words."""

from __future__ import annotations

from kiosk.adapters import wire
from kiosk.core import effects as fx
from kiosk.core.care import Order, Settings
from signaling.protocol.health import (
    HealthArea,
    HealthCode,
    HealthNumber,
    OrderFault,
    OrderKind,
    OrderState,
    TestKind,
)
from signaling.protocol.messages import MESSAGES, HealthReport, KioskChosen, KioskSettings, KioskView, OrderTold
from signaling.protocol.vocabulary import Language, LensSide
from tests.support.fake_kiosk_server import VIEW

SAID = {
    "lens_side": "left",
    "camera_height_cm": 140,
    "brightness_percent": 90,
    "closed_brightness_percent": 10,
    "volume_max_percent": 80,
    "quiet_from_min": 1200,
    "quiet_to_min": 480,
    "quiet_volume_max_percent": 40,
    "test_at_min": 200,
    "week": [[{"opens_min": 540, "closes_min": 1020}], []],
    "open_now": False,
    "pin_hash": "scrypt$1$2$3$4$5",
    "version": "1.2",
}


def view(**changes: object) -> KioskView:
    return KioskView.model_validate({**VIEW.model_dump(mode="json"), **changes})


def test_every_setting_comes_through() -> None:
    facts = wire.facts_from(view(settings=SAID))
    assert facts.settings == Settings(
        LensSide.LEFT, 140, 90, 10, 80, 1200, 480, 40, 200, (((540, 1020),), ()), "scrypt$1$2$3$4$5", "1.2"
    )
    assert not facts.open_now
    assert set(SAID) == set(KioskSettings.model_fields) == {*Settings.__slots__, "open_now"}


def test_without_hours_it_is_always_open() -> None:
    assert wire.facts_from(VIEW).settings.week is None


def test_name_orders_and_lock_come_through() -> None:
    orders = [{"id": "o1", "kind": "test", "taken": True}, {"id": "o2", "kind": "reload"}]
    facts = wire.facts_from(view(orders=orders, lock={"texts": {"sv": "Vi flyttar."}}))
    assert facts.orders == (Order("o1", OrderKind.TEST, taken=True), Order("o2", OrderKind.RELOAD))
    assert facts.lock == {Language.SV: "Vi flyttar."}
    assert (facts.kiosk_id, facts.kiosk_name) == (VIEW.kiosk_id, VIEW.kiosk_name)
    assert wire.facts_from(VIEW).lock is None


def test_a_report_is_told_in_numbers_and_codes() -> None:
    name, message = wire.message_for(
        fx.SendHealth(
            test=TestKind.BOOT,
            areas=frozenset({HealthArea.CAMERA, HealthArea.SOUND}),
            findings=(HealthCode.CAMERA_BLACK,),
            numbers={HealthNumber.CAMERA_FPS: 29.97123},
            seconds=3.14159,
            cpu_s=0.98765,
            drawn=True,
            touched=False,
        )
    )
    assert MESSAGES[name].payload is HealthReport
    assert message == HealthReport(
        test=TestKind.BOOT,
        areas=(HealthArea.SOUND, HealthArea.CAMERA),
        findings=(HealthCode.CAMERA_BLACK,),
        numbers={HealthNumber.CAMERA_FPS: 29.971},
        seconds=3.142,
        cpu_s=0.988,
        drawn=True,
    )


def test_what_became_of_an_order_is_told() -> None:
    name, message = wire.message_for(fx.SendOrder("o1", OrderState.FAILED, OrderFault.IN_A_VISIT))
    assert MESSAGES[name].payload is OrderTold
    assert message == OrderTold(order_id="o1", state=OrderState.FAILED, fault=OrderFault.IN_A_VISIT)


def test_what_was_chosen_on_site_is_told() -> None:
    name, message = wire.message_for(fx.SendChosen(LensSide.LEFT, None))
    assert MESSAGES[name].payload is KioskChosen
    assert message == KioskChosen(lens_side=LensSide.LEFT)
