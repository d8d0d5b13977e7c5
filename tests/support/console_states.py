"""Every state that the console's page can be in, by name.

What it is for: pictures of every state, and the check that none of them shuts anybody out. A state is a short
function that brings a fresh stage there; what it needs on the way it calls by name.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from signaling.protocol.messages import OtherSeat, Pause, SeatView
from signaling.protocol.vocabulary import OffDutyCause, OfferKind, PauseReason, VisitState
from tests.support import sample_views as views
from tests.support.console_paths import THIN, show_path
from tests.support.console_stage import ConsoleStage
from tests.support.fake_console_server import LOGIN, Refused
from tests.support.other_seat import SEAT, colleague_of

#: Headless Chromium has an answer to whether it may show notices before anybody was asked; people's browsers ask.
NOT_ASKED_YET: Final = """
  window.mayNotify = "default";
  Object.defineProperty(Notification, "permission", { get: () => window.mayNotify });
  Notification.requestPermission = async () => (window.mayNotify = "granted");
"""


async def _signed_out(stage: ConsoleStage) -> None:
    await stage.open()
    await stage.at("page-signin").wait_for()


async def _sign_in_refused(stage: ConsoleStage) -> None:
    await _signed_out(stage)
    await stage.at("login").fill(LOGIN)
    await stage.at("password").fill("wrong")
    await stage.at("sign-in").click()
    await stage.at("fault").wait_for()


async def _own_password(stage: ConsoleStage) -> None:
    stage.server.sign_in()
    stage.server.must_change_password = True
    await stage.open()
    await stage.at("page-password").wait_for()


async def _unreachable(stage: ConsoleStage) -> None:
    await stage.page.route("**/api/session", lambda route: route.fulfill(status=502))
    await stage.open()
    await stage.at("page-unreachable").wait_for()


async def _needs_https(stage: ConsoleStage) -> None:
    await stage.page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    await stage.open()
    await stage.at("needs-https").wait_for()


async def _no_desk(stage: ConsoleStage) -> None:
    stage.server.sign_in()
    stage.server.refuse_with = "forbidden"
    await stage.open()
    await stage.page.locator("[data-link=forbidden]").wait_for()


async def _off_duty(stage: ConsoleStage) -> None:
    await stage.sign_in()


async def _off_duty_checked(stage: ConsoleStage) -> None:
    await stage.sign_in()
    await stage.at("check-devices").click()
    await stage.page.locator("[data-testid=condition-camera][data-condition=ok]").wait_for()


async def _on_duty(stage: ConsoleStage) -> None:
    await stage.go_on_duty()


async def _on_duty_line(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    await stage.server.show(line=views.line_of_three())
    await stage.at("line-entry").first.wait_for()


async def _on_duty_broken(stage: ConsoleStage) -> None:
    await stage.sign_in()
    await stage.page.evaluate("window.brokenDevices = { video: 'NotFoundError', audio: 'NotAllowedError' }")
    await stage.at("go-on-duty").click()
    await stage.server.show_seat(on_duty=True)
    await stage.at("missing-camera").wait_for()


async def _server_away(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    stage.server.refuse_with = "unavailable"
    stage.server.drop()
    await stage.at("link-away").wait_for()


async def _ring(stage: ConsoleStage) -> None:
    await stage.ring()


async def _ring_returned(stage: ConsoleStage) -> None:
    await stage.ring(returned=True, opened_at=views.ago(200))


async def _summoned(stage: ConsoleStage) -> None:
    await stage.accept()


async def _starting_anew(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    await stage.server.show(visit=views.visit())  # accepted by the page before this one was loaded: its path is gone
    await stage.phase("renewing")


async def _talking(stage: ConsoleStage) -> None:
    await stage.talk()


async def _talking_typed(stage: ConsoleStage) -> None:
    await stage.talk()
    await stage.visitor_types(1, "Hej! Hör du mig?", done=True)
    await stage.at("text-input").press_sequentially("Ja, jag hör dig fint.")
    await stage.at("text-input").press("Enter")
    await stage.server.expect("text.draft", done=True)
    await stage.visitor_types(2, "Jag söker en bok om", done=False)
    await stage.at("text-visitor-open").wait_for()


async def _visitor_hidden(stage: ConsoleStage) -> None:
    await stage.talk()
    await stage.kiosk_says(camera_sending=False, camera="closed")
    await stage.at("hidden-cover").wait_for()


async def _devices_fail(stage: ConsoleStage) -> None:
    await stage.talk()
    await stage.kiosk_says(microphone="failed", loudspeaker="missing", microphone_sending=False)
    await stage.server.show_visit(kiosk_connected=False)
    await stage.at("toggle-microphone").click()
    await stage.at("toggle-camera").click()
    await stage.at("call-kiosk-away").wait_for()
    await stage.at("self-off").wait_for()


async def _held(stage: ConsoleStage) -> None:
    await stage.talk()
    await stage.at("hold").click()
    await stage.server.expect("visit.hold")
    await stage.server.show_visit(state=VisitState.HELD, held_since=views.ago(0))
    await stage.at("held-cover").wait_for()


async def _unverified(stage: ConsoleStage) -> None:
    await stage.accept()
    await stage.offer(1, signature="AAAA" * 21 + "AA==")
    await stage.at("unverified").wait_for()


async def _shaky(stage: ConsoleStage) -> None:
    await stage.talk()
    await stage.cut_path()
    await stage.phase("renewing")


async def _leaving(stage: ConsoleStage) -> None:
    await stage.talk()
    await stage.at("leave").click()
    await stage.at("leave-dialog").wait_for()


async def _choosing_devices(stage: ConsoleStage) -> None:
    await stage.talk()
    await stage.at("devices-toggle").click()
    await stage.at("devices-menu").wait_for()


async def _refused(stage: ConsoleStage) -> None:
    await stage.ring()

    def taken(_message: Any) -> None:
        raise Refused("taken", winner="Sara Öberg")

    stage.server.answers["offer.accept"] = taken
    await stage.at("accept").click()
    await stage.server.expect("offer.accept")
    await stage.server.show(offer=None)
    await stage.at("fault").wait_for()


async def _close_out_topic(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    await stage.server.show(close_out=views.close_out())
    await stage.server.show_seat(wrap_up_until=views.ago(-45))
    await stage.at("close-out").wait_for()


async def _close_out_outcome(stage: ConsoleStage) -> None:
    await _close_out_topic(stage)
    await stage.at("topic-digital_help").click()
    await stage.at("outcome-solved").wait_for()


async def _settings(stage: ConsoleStage) -> None:
    await stage.sign_in()
    await stage.at("settings-open").click()
    await stage.at("standby").wait_for(state="attached")


async def _on_duty_silent(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    await stage.server.show_seat(silent=True, answerable=False)
    await stage.at("missing-silent").wait_for()


async def _on_duty_notices(stage: ConsoleStage) -> None:
    await stage.page.add_init_script(NOT_ASKED_YET)
    await stage.go_on_duty()
    await stage.at("notice-hint").wait_for()


async def _pausing(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    await stage.at("pause").click()
    await stage.at("pause-menu").wait_for()


async def _paused(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    pause = Pause(reason=PauseReason.DESK, until=views.ago(-12 * 60))
    await stage.server.show_seat(answerable=False, pause=pause)
    await stage.at("end-pause").wait_for()


async def _paused_open(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    await stage.server.show_seat(answerable=False, pause=Pause(reason=PauseReason.MEETING))
    await stage.at("end-pause").wait_for()


async def _paused_unanswered(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    await stage.server.show_seat(answerable=False, pause=Pause(reason=PauseReason.UNANSWERED))
    await stage.at("end-pause").wait_for()


async def _asked(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    await stage.server.show_seat(asked_until=views.ago(-171))
    await stage.at("asked").wait_for()


async def _off_duty_no_sign(stage: ConsoleStage) -> None:
    await stage.sign_in()
    await stage.server.show_seat(off_duty_cause=OffDutyCause.NO_SIGN)
    await stage.at("off-duty-cause").wait_for()


async def _off_duty_away(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    stage.server.change_unseen(seat=SeatView(id="seat-9"))
    stage.server.drop()
    await stage.at("off-duty-cause").wait_for()


async def _ring_ticket(stage: ConsoleStage) -> None:
    await stage.ring(ticket=7, opened_at=views.ago(1100))


async def _ring_elsewhere(stage: ConsoleStage) -> None:
    await stage.ring(
        branch_name="Burträsk",
        kiosk_name="Burträsk hall",
        answers_for="Burträsk",
        branch_notes=views.NOTES,
        opened_at=views.ago(74),
    )


async def _ring_join(stage: ConsoleStage) -> None:
    await stage.ring(kind=OfferKind.JOIN, asked_by="Karin", opened_at=views.ago(402))


async def _line_of_all_kinds(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    await stage.server.show(line=views.line_of_all_kinds())
    await stage.at("line-entry").first.wait_for()


async def _line_note(stage: ConsoleStage) -> None:
    await _line_of_all_kinds(stage)
    await stage.at("note-visit-4").click()
    await stage.at("note-visit-4-few_minutes").wait_for()


async def _bring_in(stage: ConsoleStage) -> None:
    await stage.talk()
    await stage.server.show(colleagues=views.colleagues_of_all_kinds())
    await stage.at("invite-seat-3").wait_for()


async def _asking_colleague(stage: ConsoleStage) -> None:
    await _bring_in(stage)
    await stage.server.show_visit(asked="Sara Öberg")
    await stage.at("asking").wait_for()


async def _calling_back(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    visit = views.visit(
        state=VisitState.CALLING, branch_name="Burträsk", ticket=7, calling_until=views.ago(-52), generation=0
    )
    await stage.server.show(visit=visit)
    await stage.at("calling").wait_for()


async def _flagging(stage: ConsoleStage) -> None:
    await stage.talk()
    await stage.at("flag").click()
    await stage.at("flag-dialog").wait_for()


async def _close_out_resting(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    await stage.server.show(close_out=views.close_out(locked_until=views.ago(-9 * 60)))
    await stage.at("resting").wait_for()


async def _settings_standby(stage: ConsoleStage) -> None:
    stage.server.own = {**stage.server.own, "standby": True, "email": "anna@bibliotek.example"}
    await _settings(stage)
    await stage.at("standby-ways").wait_for()


async def _three(stage: ConsoleStage) -> None:
    await stage.talk()
    await (await colleague_of(stage)).joins(2, offers=True)
    await stage.page.locator("[data-testid=beside][data-phase=connected]").wait_for()


async def _three_joining(stage: ConsoleStage) -> None:
    await stage.talk()
    await stage.server.show_visit(other=OtherSeat(seat_id=SEAT, name="Bo Ek", generation=2, offers=False))
    await stage.at("colleague-joining").wait_for()


async def _brought_in(stage: ConsoleStage) -> None:
    await stage.talk()
    bo = await colleague_of(stage)
    await bo.joins(2, offers=True, guest=True)
    await bo.says(camera_sending=False, microphone_sending=False)
    await stage.at("colleague-hidden").wait_for()


async def _path_good(stage: ConsoleStage) -> None:
    await stage.talk()
    await show_path(stage)
    await stage.page.locator("[data-word=good]").wait_for()


async def _path_poor(stage: ConsoleStage) -> None:
    await stage.talk()
    await show_path(stage, quality="poor", figures=THIN)
    await stage.page.locator("[data-sentence=path-poor]").wait_for()


async def _path_sound_only(stage: ConsoleStage) -> None:
    await stage.talk()
    await show_path(stage, quality="sound_only", picturePaused=True, figures=THIN)
    await stage.kiosk_says(picture_paused=True)
    await stage.page.locator("[data-sentence=path-sound]").wait_for()


async def _path_fault(stage: ConsoleStage) -> None:
    await stage.talk()
    await show_path(stage, quality="fair", fault="no_picture")
    await stage.page.locator("[data-word=fault]").wait_for()


async def _path_figures(stage: ConsoleStage) -> None:
    await stage.talk()
    troubles = ["relay_unreachable"]
    await show_path(stage, quality="poor", troubles=troubles, carried=True, figures=THIN)
    await stage.page.keyboard.press("i")
    await stage.at("path-panel").wait_for()


async def _coming_back(stage: ConsoleStage) -> None:
    await stage.talk()
    await show_path(stage)
    await stage.cut_path()
    await stage.phase("renewing")
    await stage.server.show_visit(coming_back_until=views.ago(-24))
    await stage.at("back-left").wait_for()


async def _kiosk_coming_back(stage: ConsoleStage) -> None:
    await _coming_back(stage)
    await stage.server.show_visit(kiosk_connected=False)
    await stage.page.locator("[data-away=kiosk]").wait_for()


async def _own_link_away(stage: ConsoleStage) -> None:
    await _coming_back(stage)
    stage.server.refuse_with = "unavailable"
    stage.server.drop()
    await stage.page.locator("[data-away=own]").wait_for()


async def _three_paths(stage: ConsoleStage) -> None:
    await _three(stage)
    await show_path(stage)
    await show_path(stage, colleague=True, quality="poor", figures=THIN)
    await stage.at("colleague-path-word").wait_for()


async def _three_figures(stage: ConsoleStage) -> None:
    await _three_paths(stage)
    await stage.at("colleague-path-word").click()
    await stage.at("figures-colleague").wait_for()


STATES: Final[dict[str, Callable[[ConsoleStage], Awaitable[None]]]] = {
    "signed_out": _signed_out,
    "sign_in_refused": _sign_in_refused,
    "own_password": _own_password,
    "unreachable": _unreachable,
    "needs_https": _needs_https,
    "no_desk": _no_desk,
    "off_duty": _off_duty,
    "off_duty_checked": _off_duty_checked,
    "on_duty": _on_duty,
    "on_duty_line": _on_duty_line,
    "on_duty_broken": _on_duty_broken,
    "server_away": _server_away,
    "ring": _ring,
    "ring_returned": _ring_returned,
    "summoned": _summoned,
    "starting_anew": _starting_anew,
    "talking": _talking,
    "talking_typed": _talking_typed,
    "visitor_hidden": _visitor_hidden,
    "devices_fail": _devices_fail,
    "held": _held,
    "unverified": _unverified,
    "shaky": _shaky,
    "leaving": _leaving,
    "choosing_devices": _choosing_devices,
    "refused": _refused,
    "close_out_topic": _close_out_topic,
    "close_out_outcome": _close_out_outcome,
    "settings": _settings,
    "on_duty_silent": _on_duty_silent,
    "on_duty_notices": _on_duty_notices,
    "pausing": _pausing,
    "paused": _paused,
    "paused_open": _paused_open,
    "paused_unanswered": _paused_unanswered,
    "asked": _asked,
    "off_duty_no_sign": _off_duty_no_sign,
    "off_duty_away": _off_duty_away,
    "ring_ticket": _ring_ticket,
    "ring_elsewhere": _ring_elsewhere,
    "ring_join": _ring_join,
    "line_of_all_kinds": _line_of_all_kinds,
    "line_note": _line_note,
    "bring_in": _bring_in,
    "asking_colleague": _asking_colleague,
    "three": _three,
    "three_joining": _three_joining,
    "brought_in": _brought_in,
    "calling_back": _calling_back,
    "flagging": _flagging,
    "close_out_resting": _close_out_resting,
    "settings_standby": _settings_standby,
    "path_good": _path_good,
    "path_poor": _path_poor,
    "path_sound_only": _path_sound_only,
    "path_fault": _path_fault,
    "path_figures": _path_figures,
    "coming_back": _coming_back,
    "kiosk_coming_back": _kiosk_coming_back,
    "own_link_away": _own_link_away,
    "three_paths": _three_paths,
    "three_figures": _three_figures,
}
