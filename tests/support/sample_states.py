"""Screen states as they occur in a library, for screenshots and for tests that walk every screen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from kiosk.core.media import DeviceState, PathState
from kiosk.core.snapshot import (
    Availability,
    BranchClosed,
    BranchFacts,
    CallFacts,
    ColleagueFacts,
    LineFacts,
    MissedTicket,
    Notice,
    Screen,
    ScreenState,
    TextEntry,
    TicketFacts,
    Wait,
)
from signaling.protocol.vocabulary import (
    EstimateReason,
    Language,
    Nobody,
    NotePhrase,
    OutOfServiceCause,
    PathFault,
    PathQuality,
    TextAuthor,
)
from tests.support.sample_places import BRANCH, one_service, services

NOW = datetime(2026, 11, 21, 20, 14, 30, tzinfo=ZoneInfo("Europe/Stockholm"))
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


TWO = Availability(answerable_seats=2, free_seats=2, on_duty_names=("Anna", "Per"))
_RENOVATION = {
    Language.SV: "Vi lägger nytt golv. Böcker kan lämnas i luckan till höger om dörren.",
    Language.NB: "Vi legger nytt gulv. Bøker kan leveres i luken til høyre for døren.",
    Language.EN: "We are laying a new floor. Books can be returned in the hatch to the right of the door.",
}


def with_service(state: ScreenState, availability: Availability, countdown_s: int | None = None) -> ScreenState:
    """The same place, with other people on duty."""
    return replace(state, availability=availability, services=one_service(availability), countdown_s=countdown_s)


def samples(language: Language) -> tuple[Sample, ...]:
    """Every screen, and every important variant of it."""
    base = ScreenState(
        screen=Screen.IDLE,
        language=language,
        branch=BRANCH,
        now_local=NOW,
        availability=TWO,
        services=one_service(TWO),
    )
    tomorrow = (NOW + timedelta(days=1)).replace(hour=8, minute=0)
    shut = Availability(open=False, next_open=tomorrow)
    eve = replace(shut, closed_texts={Language.SV: "julafton", Language.NB: "julaften", Language.EN: "Christmas Eve"})
    elsewhere = tuple(x for x in (Language.SV, Language.EN, Language.NB) if x is not language)[:2]
    foreign = replace(TWO, languages=elsewhere)
    nobody = Availability()
    waiting = replace(base, screen=Screen.WAITING, place=3, line=LineFacts(wait=Wait(3, 6)))
    choosing = replace(waiting, line=LineFacts(choices=True, wait=Wait(8, 14, EstimateReason.FEWER_SEATS)))
    calling = replace(
        base,
        screen=Screen.CALLING,
        ticket=TicketFacts(7, 50),
        call=CallFacts(librarian_name="Anna"),
    )
    talking = replace(base, screen=Screen.TALKING, call=IN_CALL)
    with_lines = replace(IN_CALL, entries=_entries(language))
    shown = replace(with_lines, camera_wanted=True, camera_sending=True, camera=DeviceState.OK)
    broken = replace(
        IN_CALL, camera=DeviceState.MISSING, microphone=DeviceState.FAILED, loudspeaker=DeviceState.MISSING
    )
    broke = replace(
        talking,
        notice=Notice.COMING_BACK,
        coming_back_s=24,
        call=replace(IN_CALL, path=PathState.DISCONNECTED, entries=_entries(language)),
    )
    button = replace(IN_CALL, push_to_talk=True, microphone_sending=False)
    goodbye = replace(base, screen=Screen.GOODBYE, countdown_s=10)
    return (
        Sample("starting", replace(base, screen=Screen.STARTING, branch=BranchFacts(), now_local=None)),
        Sample("idle", base),
        Sample("idle_one", with_service(base, Availability(1, 1, ("Maria",)), countdown_s=12)),
        Sample("idle_all_talking", with_service(base, Availability(2, 0, ("Anna", "Per")))),
        Sample("idle_nobody", with_service(base, nobody)),
        Sample("idle_closed", with_service(base, shut)),
        Sample("idle_holiday", with_service(base, eve)),
        Sample("idle_branch_closed", replace(base, closed=BranchClosed(tomorrow, _RENOVATION))),
        Sample("idle_locked", replace(base, locked_until=NOW + timedelta(minutes=9))),
        Sample("idle_language", with_service(base, foreign)),
        Sample("idle_services_2", replace(base, services=services(TWO, replace(TWO, free_seats=0)))),
        Sample("idle_services_3", replace(base, services=services(TWO, nobody, shut))),
        Sample("idle_services_4", replace(base, services=services(TWO, foreign, replace(TWO, free_seats=0), shut))),
        Sample("idle_tickets", replace(base, tickets=(7, 9))),
        Sample("idle_missed", replace(base, missed=MissedTicket(7, NOW - timedelta(minutes=1)))),
        Sample("idle_lowered", base, ("lower_controls",)),
        Sample("idle_try_again", replace(base, notice=Notice.TRY_AGAIN)),
        Sample("waiting", waiting),
        Sample("waiting_next", replace(waiting, place=1, answering=True)),
        Sample("waiting_back", replace(waiting, place=1, answering=True, notice=Notice.BACK_IN_LINE)),
        Sample("waiting_note", replace(waiting, line=LineFacts(note=NotePhrase.SOON_WITH_YOU, note_from="Anna"))),
        Sample("waiting_later", replace(waiting, line=LineFacts(wait=Wait(8, 14, EstimateReason.RETURNED_AHEAD)))),
        Sample("waiting_choices", choosing),
        Sample("waiting_choices_lowered", choosing, ("lower_controls",)),
        Sample(
            "waiting_nobody",
            replace(
                waiting,
                place=1,
                notice=Notice.NOBODY_CAN_ANSWER,
                line=LineFacts(choices=True, nobody=Nobody.NOBODY_ON_DUTY),
            ),
        ),
        Sample(
            "waiting_language",
            replace(
                waiting,
                place=1,
                notice=Notice.NOBODY_CAN_ANSWER,
                line=LineFacts(choices=True, nobody=Nobody.LANGUAGE, spoken=elsewhere),
            ),
        ),
        Sample("ticket", replace(base, screen=Screen.TICKET, ticket=TicketFacts(7), countdown_s=9)),
        Sample("calling", calling),
        Sample("calling_answered", replace(calling, ticket=TicketFacts(7, 40, answered=True))),
        Sample("cards", base, ("cards",)),
        Sample("cards_lowered", base, ("lower_controls", "cards")),
        Sample("card_long", base, ("cards", "card_wifi")),
        Sample("card_in_line", choosing, ("cards", "card_printer")),
        Sample("connecting", replace(talking, screen=Screen.CONNECTING, call=CallFacts(librarian_name="Anna"))),
        Sample("talking", talking),
        Sample("talking_shown", replace(talking, call=shown)),
        Sample("talking_typing", replace(talking, call=shown), ("write",), LINES[language][2]),
        Sample("talking_end", replace(talking, call=with_lines), ("end",)),
        Sample("talking_troubles", replace(talking, call=broken)),
        Sample("talking_poor", replace(talking, call=replace(with_lines, quality=PathQuality.POOR))),
        Sample(
            "talking_sound_only",
            replace(
                talking,
                call=replace(shown, quality=PathQuality.SOUND_ONLY, librarian_paused=True, picture_paused=True),
            ),
        ),
        Sample(
            "talking_sound_only_typing",
            replace(
                talking,
                call=replace(shown, quality=PathQuality.SOUND_ONLY, librarian_paused=True, picture_paused=True),
            ),
            ("write",),
        ),
        Sample(
            "talking_own_still",
            replace(talking, call=replace(shown, quality=PathQuality.SOUND_ONLY, picture_paused=True)),
        ),
        Sample(
            "talking_fault",
            replace(talking, call=replace(shown, quality=PathQuality.FAIR, fault=PathFault.NO_PICTURE)),
        ),
        Sample("talking_coming_back", broke),
        Sample("talking_coming_back_typing", replace(broke, call=replace(broke.call, camera_sending=True)), ("write",)),
        Sample("talking_coming_back_unknown", replace(broke, coming_back_s=None)),
        Sample("talking_button", replace(talking, call=button)),
        Sample("talking_button_open", replace(talking, call=replace(button, speaking=True, microphone_sending=True))),
        Sample("talking_button_typing", replace(talking, call=button), ("write",)),
        Sample(
            "talking_no_picture",
            replace(talking, call=replace(with_lines, librarian_camera=False, picture_received=False)),
        ),
        Sample(
            "held",
            replace(
                talking,
                screen=Screen.HELD,
                held_min=4,
                call=replace(IN_CALL, microphone_sending=False),
            ),
        ),
        Sample("held_coming_back", replace(broke, screen=Screen.HELD, held_min=4)),
        Sample("three_coming_back", replace(broke, call=replace(broke.call, colleague=COLLEAGUE))),
        Sample(
            "three_still",
            replace(
                talking,
                call=replace(
                    shown,
                    colleague=COLLEAGUE,
                    quality=PathQuality.SOUND_ONLY,
                    librarian_paused=True,
                    picture_paused=True,
                ),
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
