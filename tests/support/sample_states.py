"""Screen states as they occur in a library, for screenshots and for tests that walk every screen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from kiosk.core.media import DeviceState, PathState
from kiosk.core.snapshot import (
    Availability,
    BranchFacts,
    CallFacts,
    ColleagueFacts,
    Notice,
    Screen,
    ScreenState,
    TextEntry,
)
from signaling.protocol.vocabulary import Language, OutOfServiceCause, TextAuthor

NOW = datetime(2026, 11, 21, 20, 14, 30, tzinfo=ZoneInfo("Europe/Stockholm"))
BRANCH = BranchFacts(library_name="Älvdalens stadsbibliotek", branch_name="Norra filialen", phone="0251-55 01 20")
IN_CALL = CallFacts(
    librarian_name="Anna",
    path=PathState.CONNECTED,
    microphone_sending=True,
    microphone=DeviceState.OK,
    loudspeaker=DeviceState.OK,
    picture_received=True,
)
COLLEAGUE = ColleagueFacts("Per", PathState.CONNECTED, picture_received=True)
LINES = {
    Language.SV: (
        "Har ni boken om fjällvandring kring Rogen?",
        "Ja, den står på hylla Pbz, trappan upp till höger.",
        "Tack då",
    ),
    Language.NB: (
        "Har dere boken om fjellturer rundt Rogen?",
        "Ja, den står på hylle 796.5, opp trappen til høyre.",
        "Takk skal du ha",
    ),
    Language.EN: (
        "Do you have the book on hiking around Rogen?",
        "Yes, it is on shelf Pbz, up the stairs to the right.",
        "Thank you",
    ),
}


@dataclass(frozen=True)
class Sample:
    """One state worth looking at.

    Attributes:
        name: File name of its picture.
        state: What the engine would publish.
        gestures: Names of controls to touch, in order, once it is shown.
        typed: What is typed on the keys after that.
    """

    name: str
    state: ScreenState
    gestures: tuple[str, ...] = ()
    typed: str = ""


def samples(language: Language) -> tuple[Sample, ...]:
    """Every screen, and every important variant of it."""
    base = ScreenState(
        screen=Screen.IDLE,
        language=language,
        branch=BRANCH,
        now_local=NOW,
        availability=Availability(answerable_seats=2, free_seats=2, on_duty_names=("Anna", "Per")),
    )
    nobody = Availability(next_open=(NOW + timedelta(days=1)).replace(hour=8, minute=0))
    waiting = replace(base, screen=Screen.WAITING, place=3)
    talking = replace(base, screen=Screen.TALKING, call=IN_CALL)
    with_lines = replace(IN_CALL, entries=_entries(language))
    shown = replace(with_lines, camera_wanted=True, camera_sending=True, camera=DeviceState.OK)
    broken = replace(
        IN_CALL, camera=DeviceState.MISSING, microphone=DeviceState.FAILED, loudspeaker=DeviceState.MISSING
    )
    goodbye = replace(base, screen=Screen.GOODBYE, countdown_s=10)
    return (
        Sample("starting", replace(base, screen=Screen.STARTING, branch=BranchFacts(), now_local=None)),
        Sample("idle", base),
        Sample("idle_one", replace(base, availability=Availability(1, 1, ("Maria",)), countdown_s=12)),
        Sample("idle_all_talking", replace(base, availability=Availability(2, 0, ("Anna", "Per")))),
        Sample("idle_nobody", replace(base, availability=nobody)),
        Sample("idle_lowered", base, ("lower_controls",)),
        Sample("idle_try_again", replace(base, notice=Notice.TRY_AGAIN)),
        Sample("waiting", waiting),
        Sample("waiting_next", replace(waiting, place=1, answering=True)),
        Sample("waiting_back", replace(waiting, place=1, answering=True, notice=Notice.BACK_IN_LINE)),
        Sample("waiting_nobody", replace(waiting, place=1, notice=Notice.NOBODY_CAN_ANSWER)),
        Sample("connecting", replace(talking, screen=Screen.CONNECTING, call=CallFacts(librarian_name="Anna"))),
        Sample("talking", talking),
        Sample("talking_shown", replace(talking, call=shown)),
        Sample("talking_typing", replace(talking, call=shown), ("write",), LINES[language][2]),
        Sample("talking_end", replace(talking, call=with_lines), ("end",)),
        Sample("talking_troubles", replace(talking, call=broken)),
        Sample(
            "talking_coming_back",
            replace(talking, notice=Notice.COMING_BACK, call=replace(IN_CALL, path=PathState.DISCONNECTED)),
        ),
        Sample(
            "talking_no_picture",
            replace(talking, call=replace(with_lines, librarian_camera=False, picture_received=False)),
        ),
        Sample(
            "held",
            replace(
                talking,
                screen=Screen.HELD,
                call=replace(IN_CALL, microphone_sending=False, held_since=NOW - timedelta(minutes=1)),
            ),
        ),
        Sample("three", replace(talking, call=replace(with_lines, colleague=COLLEAGUE))),
        Sample(
            "three_shown",
            replace(talking, call=replace(shown, colleague=COLLEAGUE, entries=_entries_of_three(language))),
        ),
        Sample("three_typing", replace(talking, call=replace(shown, colleague=COLLEAGUE)), ("write",)),
        Sample(
            "three_joining",
            replace(talking, call=replace(with_lines, colleague=ColleagueFacts("Per-Olof"))),
        ),
        Sample(
            "three_colleague_coming_back",
            replace(
                talking,
                call=replace(with_lines, colleague=replace(COLLEAGUE, path=PathState.FAILED, coming_back=True)),
            ),
        ),
        Sample(
            "three_colleague_not_seen",
            replace(talking, call=replace(with_lines, colleague=replace(COLLEAGUE, camera=False, microphone=False))),
        ),
        Sample("goodbye", goodbye),
        Sample("goodbye_given", replace(goodbye, feedback_given=3, countdown_s=6)),
        Sample(
            "out_of_service",
            replace(
                base,
                screen=Screen.OUT_OF_SERVICE,
                out_of_service_since=NOW - timedelta(minutes=12),
                out_of_service_cause=OutOfServiceCause.SERVER_AWAY,
            ),
        ),
        Sample("urgent", base, ("urgent",)),
    )


def _entries(language: Language) -> tuple[TextEntry, ...]:
    asked, answered, _ = LINES[language]
    return (
        TextEntry(TextAuthor.VISITOR, 1, asked, done=True),
        TextEntry(TextAuthor.STAFF, 1, answered, done=True),
    )


def _entries_of_three(language: Language) -> tuple[TextEntry, ...]:
    asked, answered, thanked = LINES[language]
    return (
        TextEntry(TextAuthor.VISITOR, 1, asked, done=True),
        TextEntry(TextAuthor.STAFF, 1, answered, done=True, sender="seat-per", name="Per"),
        TextEntry(TextAuthor.STAFF, 1, thanked, done=True, sender="seat-anna", name="Anna"),
    )
