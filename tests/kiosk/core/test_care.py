"""A kiosk that cannot carry a conversation, or is locked, offers none; and nothing of that touches a visit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.core import commands as c
from kiosk.core import events as e
from kiosk.core.care import Care, Health, MenuAction, unfit
from kiosk.core.snapshot import Screen
from kiosk.core.state import GOODBYE_S, media_plan
from signaling.protocol.health import HealthCode
from signaling.protocol.vocabulary import Language, OutOfServiceCause
from tests.support.visitor import NOON, SITUATIONS

LOCKED = Care(lock={Language.SV: "Vi renoverar."})
BROKEN = Care(health=Health(findings=(HealthCode.MICROPHONE_DEAF,)))
ON_SCREEN = sorted(set(SITUATIONS) - {"idle", "out_of_service"})


@pytest.mark.parametrize(
    ("care", "cause"),
    [(LOCKED, OutOfServiceCause.LOCKED), (BROKEN, OutOfServiceCause.BROKEN)],
    ids=["locked", "broken"],
)
def test_an_idle_kiosk_says_so_since_when_and_takes_no_tap(care: Care, cause: OutOfServiceCause) -> None:
    visitor = SITUATIONS["idle"]()
    visitor.does(e.Tick(NOON))
    visitor.does(e.CareChanged(care))
    visitor.does(e.Tick(NOON + timedelta(minutes=5)))
    visitor.does(e.CareChanged(replace(care, reloads=1)))
    screen = visitor.sees()
    assert (screen.screen, screen.out_of_service_cause) == (Screen.OUT_OF_SERVICE, cause)
    assert screen.out_of_service_since == NOON
    assert screen.care.reloads == 1
    assert visitor.does(c.TapCall()) == ()
    visitor.does(e.CareChanged(Care()))
    assert visitor.sees().screen is Screen.IDLE


@pytest.mark.parametrize("situation", ON_SCREEN)
@pytest.mark.parametrize("care", [LOCKED, BROKEN], ids=["locked", "broken"])
def test_whatever_is_on_the_screen_goes_on(situation: str, care: Care) -> None:
    visitor = SITUATIONS[situation]()
    before = visitor.sees().screen
    visitor.does(e.CareChanged(care))
    assert visitor.sees().screen is before


def test_a_lock_leaves_a_conversation_alone_and_holds_from_its_goodbye_on() -> None:
    visitor = SITUATIONS["talking"]()
    before = visitor.plan
    visitor.does(e.CareChanged(LOCKED))
    assert visitor.plan == before
    visitor.does(c.ShowCamera(wanted=True))
    assert (visitor.sees().screen, visitor.plan.camera) == (Screen.TALKING, True)
    visitor.does(c.EndCall())
    visitor.hears(None)
    assert visitor.sees().screen is Screen.GOODBYE
    visitor.waits(GOODBYE_S)
    assert visitor.sees().out_of_service_cause is OutOfServiceCause.LOCKED
    assert visitor.does(c.TapCall()) == ()
    visitor.does(e.CareChanged(Care()))
    assert visitor.sees().screen is Screen.IDLE


def test_a_lock_is_read_before_everything_else_that_is_wrong() -> None:
    visitor = SITUATIONS["out_of_service"]()
    assert visitor.sees().out_of_service_cause is OutOfServiceCause.SERVER_AWAY
    visitor.does(e.CareChanged(replace(BROKEN, lock=LOCKED.lock)))
    assert visitor.sees().out_of_service_cause is OutOfServiceCause.LOCKED
    visitor.does(e.CareChanged(BROKEN))
    assert visitor.sees().out_of_service_cause is OutOfServiceCause.SERVER_AWAY
    visitor.does(e.LinkRefused(OutOfServiceCause.REFUSED))
    assert visitor.sees().out_of_service_cause is OutOfServiceCause.REFUSED


@pytest.mark.parametrize(
    "code", [HealthCode.SERVER_UNREACHED, HealthCode.SCREEN_NOT_DRAWN, HealthCode.DISK_FULL, HealthCode.CAMERA_BLACK]
)
def test_what_stops_no_conversation_closes_no_kiosk(code: HealthCode) -> None:
    assert unfit(Care(health=Health(findings=(code,)))) is None


@pytest.mark.parametrize(
    "command",
    [c.OpenMenu(), c.CloseMenu(), c.EnterPin("123456"), c.MenuDo(MenuAction.TEST), c.AskTest()],
    ids=lambda command: type(command).__name__,
)
def test_a_touch_of_the_service_menu_is_a_touch_and_no_more(command: c.Command) -> None:
    visitor, twin = SITUATIONS["talking"](), SITUATIONS["talking"]()
    assert visitor.does(command) == twin.does(c.Touched()) == ()
    assert visitor.state == twin.state


def test_a_look_at_the_screen_is_nobody_s_hand() -> None:
    visitor = SITUATIONS["idle"]()
    before = visitor.state.touched_s
    visitor.does(c.ScreenSeen(drawn=True, after_ms=3.0))
    assert visitor.state.touched_s == before


def test_a_pin_is_in_no_log() -> None:
    assert "123456" not in repr(c.EnterPin("123456"))


def test_the_visitor_s_whole_range_lies_below_what_the_hour_allows() -> None:
    visitor = SITUATIONS["talking"]()
    visitor.does(c.SetVolume(50))
    visitor.does(e.CareChanged(Care(volume_max_percent=60)))
    assert media_plan(visitor.state).volume_percent == 30
    assert visitor.sees().call.volume_percent == 50
