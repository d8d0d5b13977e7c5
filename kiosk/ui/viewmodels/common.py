"""What every screen shows: where and when one is, what one should know, how long the screen stays."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.core.snapshot import Notice, Screen, ScreenState
from kiosk.ui.i18n.catalog import Catalog
from kiosk.ui.i18n.dates import clock, long_date
from kiosk.ui.viewmodels.path import is_coming_back

_NOTICES = {
    Notice.CONNECTION_LOST: "notice_connection_lost",
    Notice.COMING_BACK: "notice_coming_back",
    Notice.BACK_IN_LINE: "notice_back_in_line",
    Notice.TRY_AGAIN: "notice_try_again",
}


@dataclass(frozen=True, slots=True)
class CommonShown:
    """Texts of the frame around each screen; an empty text is not shown."""

    screen: str
    language: str
    library_name: str
    branch_name: str
    phone: str
    urgent_number: str
    clock: str
    date: str
    notice: str
    countdown: str


def show_common(state: ScreenState, catalog: Catalog) -> CommonShown:
    """Work out the frame's texts."""
    now, language = state.now_local, catalog.language
    return CommonShown(
        screen=state.screen.value,
        language=language.value,
        library_name=state.branch.library_name,
        branch_name=state.branch.branch_name,
        phone=state.branch.phone,
        urgent_number=state.branch.urgent_number,
        clock=clock(now, language) if now else "",
        date=_capital(long_date(now, language)) if now else "",
        notice=notice(state, catalog),
        countdown=countdown(state, catalog),
    )


def notice(state: ScreenState, catalog: Catalog) -> str:
    """The sentence for what the visitor should know now, or nothing."""
    if state.notice is Notice.NONE or is_coming_back(state):
        return ""  # that the conversation comes back is said at the picture, with the time that is left
    if state.notice is Notice.NOBODY_CAN_ANSWER:
        if state.screen is Screen.IDLE:
            return ""  # the idle screen says so itself, larger
        if state.line.choices:
            return ""  # so do the ways out
        if state.branch.phone:
            return catalog.say("waiting_nobody_phone", phone=state.branch.phone)
        return catalog.say("waiting_nobody_wait")
    return catalog.say(_NOTICES[state.notice])


def countdown(state: ScreenState, catalog: Catalog) -> str:
    """The sentence that says when the screen starts over, or nothing."""
    if state.countdown_s is None:
        return ""
    key = "goodbye_countdown" if state.screen in {Screen.GOODBYE, Screen.TICKET} else "countdown"
    return catalog.say_counted(key, state.countdown_s)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
