"""What the screens before a call say, in every situation."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.core.care import Care, Health
from kiosk.core.snapshot import (
    AnswerCard,
    Availability,
    CallFacts,
    LineFacts,
    Notice,
    Screen,
    ScreenState,
    TicketFacts,
    Wait,
)
from kiosk.ui.i18n.catalog import load_catalogs
from kiosk.ui.viewmodels.before import OutOfServiceShown, show_out_of_service, show_ticket, show_waiting, wait_sentence
from kiosk.ui.viewmodels.cards import show_cards
from kiosk.ui.viewmodels.common import show_common
from kiosk.ui.viewmodels.held import show_held
from signaling.protocol.health import FINDINGS, HealthCode, Light
from signaling.protocol.vocabulary import CardId, EstimateReason, Language, Nobody, NotePhrase, OutOfServiceCause
from tests.support.sample_places import BRANCH
from tests.support.sample_states import NOW

SV, NB = (load_catalogs()[language] for language in (Language.SV, Language.NB))
IDLE = ScreenState(screen=Screen.IDLE, branch=BRANCH, now_local=NOW, availability=Availability(2, 2))
WAITING = replace(IDLE, screen=Screen.WAITING, place=3)


def test_the_place_in_line_is_a_figure() -> None:
    shown = show_waiting(WAITING, SV)
    assert (shown.place, shown.heading) == ("3", "Din plats i kön")
    assert shown.happening == "Vi ringer en bibliotekarie så snart det är din tur."


def test_first_in_line_hears_that_it_rings() -> None:
    shown = show_waiting(replace(WAITING, place=1, answering=True), SV)
    assert (shown.place, shown.heading) == ("1", "Du är näst på tur")
    assert shown.happening == "Nu ringer det hos en bibliotekarie."


def test_an_unknown_place_is_not_made_up() -> None:
    shown = show_waiting(replace(WAITING, place=0), SV)
    assert (shown.place, shown.heading, shown.happening) == ("", "Ett ögonblick", "")


def test_the_last_seat_going_is_told_to_those_who_wait() -> None:
    gone = replace(WAITING, notice=Notice.NOBODY_CAN_ANSWER)
    shown = show_waiting(gone, SV)
    assert shown.nobody
    assert (shown.place, shown.heading, shown.happening) == ("", "Ingen kan svara just nu", "")
    assert show_common(gone, SV).notice == "Du har kvar din plats. Du kan vänta, eller ringa 0251-55 01 20."
    without_phone = replace(gone, branch=replace(BRANCH, phone=""))
    assert show_common(without_phone, SV).notice == "Du har kvar din plats och kan vänta."


def test_the_last_seat_going_is_told_by_the_ways_out_too() -> None:
    gone = replace(WAITING, notice=Notice.NOBODY_CAN_ANSWER, line=LineFacts(choices=True))
    assert show_waiting(gone, SV).heading == "Ingen kan svara just nu"
    assert show_common(gone, SV).notice == ""  # the choices say that the place is kept


def test_nobody_who_speaks_the_language_is_told_as_it_is() -> None:
    facts = LineFacts(nobody=Nobody.LANGUAGE, spoken=(Language.NB, Language.EN))
    gone = replace(WAITING, notice=Notice.NOBODY_CAN_ANSWER, line=facts)
    shown = show_waiting(gone, SV)
    assert shown.heading == "Ingen som svarar just nu talar svenska"
    assert shown.happening == "Just nu talar vi norska och engelska."
    assert show_waiting(replace(gone, line=LineFacts(nobody=Nobody.LANGUAGE)), SV).happening == ""


@pytest.mark.parametrize(
    ("wait", "sentence"),
    [
        (Wait(3, 6), "Det tar ungefär 3 till 6 minuter."),
        (Wait(4, 4), "Det tar ungefär 4 minuter."),
        (Wait(1, 1), "Det tar ungefär en minut."),
        (Wait(0, 1), "Det tar högst en minut."),
        (Wait(0, 5), "Det tar högst 5 minuter."),
        (Wait(0, 0), "Det tar lite längre tid än vi trodde."),
        (
            Wait(8, 14, EstimateReason.FEWER_SEATS),
            "Det tar ungefär 8 till 14 minuter. Det dröjer längre, för färre bibliotekarier kan svara nu.",
        ),
        (Wait(0, 0, EstimateReason.TAKES_LONGER), "Det tar lite längre tid än vi trodde."),
    ],
)
def test_a_wait_is_an_honest_span_in_words(wait: Wait, sentence: str) -> None:
    assert wait_sentence(wait, SV) == sentence
    assert show_waiting(replace(WAITING, line=LineFacts(wait=wait)), SV).wait == sentence


@pytest.mark.parametrize("reason", EstimateReason)
def test_every_reason_for_a_longer_wait_has_a_sentence_in_every_language(reason: EstimateReason) -> None:
    for catalog in load_catalogs().values():
        assert len(wait_sentence(Wait(8, 14, reason), catalog)) > len(wait_sentence(Wait(8, 14), catalog))


def test_while_it_rings_no_minutes_are_told() -> None:
    assert show_waiting(replace(WAITING, answering=True, line=LineFacts(wait=Wait(3, 6))), SV).wait == ""
    assert show_waiting(WAITING, SV).wait == ""


def test_a_librarians_line_stands_under_the_librarians_name() -> None:
    note = replace(WAITING, line=LineFacts(note=NotePhrase.SOON_WITH_YOU, note_from="Anna"))
    assert show_waiting(note, SV).note == "Anna: Jag är snart hos dig."
    nameless = replace(WAITING, line=LineFacts(note=NotePhrase.SOON_WITH_YOU))
    assert show_waiting(nameless, SV).note == "Bibliotekarien: Jag är snart hos dig."
    assert show_waiting(WAITING, SV).note == ""


@pytest.mark.parametrize("note", NotePhrase)
def test_every_line_of_a_librarian_is_said_in_every_language(note: NotePhrase) -> None:
    said = {
        show_waiting(replace(WAITING, line=LineFacts(note=note, note_from="Anna")), catalog).note
        for catalog in load_catalogs().values()
    }
    assert len(said) == len(Language)


def test_the_ways_out_name_the_telephone_number_where_there_is_one() -> None:
    choosing = replace(WAITING, line=LineFacts(choices=True))
    assert show_waiting(choosing, SV).phone == "Eller ring 0251-55 01 20"
    assert show_waiting(replace(choosing, branch=replace(BRANCH, phone="")), SV).phone == ""
    assert show_waiting(WAITING, SV).phone == ""


def test_a_number_that_was_asked_for_is_on_its_way() -> None:
    asked = show_waiting(replace(WAITING, line=LineFacts(choices=True, ticket_asked=True)), SV)
    assert (asked.ticket_asked, asked.ticket_word) == (True, "Ditt nummer är på väg")


# --- a number ---------------------------------------------------------------------------------------------

TICKET = replace(IDLE, screen=Screen.TICKET, ticket=TicketFacts(7), countdown_s=9)
CALLING = replace(IDLE, screen=Screen.CALLING, ticket=TicketFacts(7, 50), call=CallFacts(librarian_name="Anna"))


def test_a_number_that_was_taken_is_a_figure_that_goes_by_itself() -> None:
    shown = show_ticket(TICKET, SV)
    assert (shown.number, shown.heading, shown.left) == ("7", "Ditt nummer", "")
    assert show_common(TICKET, SV).countdown == "Skärmen blir ledig om 9 sekunder."


def test_a_number_that_is_called_says_who_calls_and_how_long() -> None:
    shown = show_ticket(CALLING, SV)
    assert (shown.number, shown.heading) == ("7", "Nummer 7 – Anna ringer")
    assert shown.left == "Anna väntar i 50 sekunder till."
    assert show_ticket(replace(CALLING, ticket=TicketFacts(7, 180)), SV).left == "Anna väntar i 3 minuter till."
    assert show_ticket(replace(CALLING, ticket=TicketFacts(7, 0)), SV).left == ""
    assert show_ticket(replace(CALLING, ticket=TicketFacts(7)), SV).left == ""


def test_a_librarian_without_a_name_calls_all_the_same() -> None:
    nameless = show_ticket(replace(CALLING, call=CallFacts()), SV)
    assert (nameless.heading, nameless.left) == (
        "Nummer 7 – bibliotekarien ringer",
        "Bibliotekarien väntar i 50 sekunder till.",
    )


def test_after_the_touch_the_librarian_is_being_told() -> None:
    shown = show_ticket(replace(CALLING, ticket=TicketFacts(7, 40, answered=True)), SV)
    assert (shown.answered, shown.happening) == (True, "Anna får veta att du är här.")


def test_without_a_number_nothing_is_called() -> None:
    assert show_ticket(IDLE, SV).number == ""


# --- on hold ----------------------------------------------------------------------------------------------


def test_a_hold_says_who_comes_back_and_how_long_it_has_been() -> None:
    held = replace(IDLE, screen=Screen.HELD, call=CallFacts(librarian_name="Anna"), held_min=4)
    assert show_held(held, SV).heading == "Anna är strax tillbaka"
    assert show_held(held, SV).since == "Samtalet har varit pausat i 4 minuter."
    assert show_held(replace(held, held_min=1), SV).since == "Samtalet har varit pausat i en minut."
    assert show_held(replace(held, held_min=0), SV).since == ""
    assert show_held(replace(held, call=CallFacts()), SV).heading == "Bibliotekarien är strax tillbaka"


# --- cards ------------------------------------------------------------------------------------------------


def test_the_cards_are_read_in_ones_own_language_or_the_nearest() -> None:
    rows = {row["id"]: row["title"] for row in show_cards(replace(IDLE, language=Language.NB), NB).rows}
    assert rows["wifi"] == "Hvordan kommer jeg på nett her?"
    assert rows["quiet"].startswith("Finns det ett tyst rum")  # nobody has written it in Norwegian: Swedish is nearest


def test_a_card_that_nobody_has_written_is_not_there() -> None:
    empty = replace(BRANCH, cards=(AnswerCard(CardId("x"), {}, {}),))
    assert show_cards(replace(IDLE, branch=empty), SV).rows == ()


def test_who_reads_in_the_line_is_told_that_the_place_is_kept() -> None:
    assert show_cards(IDLE, SV).place == ""
    assert show_cards(WAITING, SV).place == "Du är nummer 3 i kön och har kvar din plats medan du läser."
    assert show_cards(replace(WAITING, place=0), SV).place == "Du har kvar din plats i kön medan du läser."


# --- the frame --------------------------------------------------------------------------------------------


def test_the_number_for_emergencies_is_the_countrys() -> None:
    assert show_common(IDLE, SV).urgent_number == "112"
    assert show_common(replace(IDLE, branch=replace(BRANCH, urgent_number="113")), SV).urgent_number == "113"


def test_the_idle_screen_says_by_itself_that_nobody_can_answer() -> None:
    assert show_common(replace(IDLE, notice=Notice.NOBODY_CAN_ANSWER), SV).notice == ""


@pytest.mark.parametrize("notice", [n for n in Notice if n is not Notice.NONE])
def test_every_notice_has_a_sentence_in_every_language(notice: Notice) -> None:
    for catalog in load_catalogs().values():
        assert show_common(replace(WAITING, notice=notice), catalog).notice


@pytest.mark.parametrize("cause", OutOfServiceCause)
def test_every_cause_of_being_out_of_service_has_a_sentence_in_every_language(cause: OutOfServiceCause) -> None:
    for catalog in load_catalogs().values():
        state = replace(IDLE, screen=Screen.OUT_OF_SERVICE, out_of_service_cause=cause)
        assert show_out_of_service(state, catalog).cause


def test_since_when_is_told_only_when_it_is_known() -> None:
    out = replace(IDLE, screen=Screen.OUT_OF_SERVICE)
    assert show_out_of_service(out, SV).since == ""
    since = replace(out, out_of_service_since=NOW - timedelta(minutes=12))
    assert show_out_of_service(since, SV).since == "Det har varit så sedan kl. 20.02."


def test_the_frame_says_where_and_when() -> None:
    shown = show_common(IDLE, SV)
    assert (shown.branch_name, shown.library_name) == ("Norra filialen", "Älvdalens stadsbibliotek")
    assert (shown.clock, shown.date) == ("20.14", "Lördag 21 november")
    nowhere = show_common(ScreenState(), SV)
    assert (nowhere.clock, nowhere.date) == ("", "")


def test_the_countdown_is_a_sentence_in_the_right_number() -> None:
    assert show_common(IDLE, SV).countdown == ""
    assert "om 2 sekunder" in show_common(replace(IDLE, countdown_s=2), SV).countdown
    assert "om 1 sekund." in show_common(replace(IDLE, countdown_s=1), SV).countdown
    goodbye = replace(IDLE, screen=Screen.GOODBYE, countdown_s=10)
    assert show_common(goodbye, SV).countdown == "Skärmen blir ledig om 10 sekunder."


def out(cause: OutOfServiceCause, care: Care, language: Language = Language.EN) -> OutOfServiceShown:
    state = replace(IDLE, screen=Screen.OUT_OF_SERVICE, language=language, out_of_service_cause=cause, care=care)
    return show_out_of_service(state, load_catalogs()[language])


def test_a_locked_kiosk_says_what_somebody_has_written_and_since_when() -> None:
    texts = {Language.SV: "Vi flyttar hyllor.", Language.EN: "We are moving shelves."}
    shown = out(OutOfServiceCause.LOCKED, Care(lock=texts))
    assert (shown.heading, shown.cause, shown.sign) == (
        "This screen is closed right now",
        "We are moving shelves.",
        "lock",
    )
    assert out(OutOfServiceCause.LOCKED, Care(lock=texts), Language.NB).cause == "Vi flyttar hyllor."
    assert out(OutOfServiceCause.LOCKED, Care(lock={})).cause == "The library has closed it for a while."


NO_LOUDSPEAKER = "The loudspeaker does not work, so you would not hear the librarian."
NO_MICROPHONE = "The microphone does not work, so the librarian would not hear you."
NO_LINE = "The connection cannot carry a conversation right now."
SOMETHING = "Something in this screen has stopped working."


@pytest.mark.parametrize(
    ("findings", "cause"),
    [
        ((HealthCode.LOUDSPEAKER_MUTED,), NO_LOUDSPEAKER),
        ((HealthCode.MICROPHONE_DEAF,), NO_MICROPHONE),
        ((HealthCode.RELAY_UNREACHED, HealthCode.MICROPHONE_DEAF), NO_LINE),
        ((HealthCode.CALL_NO_SOUND,), NO_LINE),
        ((HealthCode.DISK_FULL, HealthCode.LOUDSPEAKER_SILENT), NO_LOUDSPEAKER),
        ((HealthCode.SILENT,), SOMETHING),
        ((), SOMETHING),
    ],
)
def test_a_broken_kiosk_says_in_a_visitors_words_what_is_wrong(findings: tuple[HealthCode, ...], cause: str) -> None:
    shown = out(OutOfServiceCause.BROKEN, Care(health=Health(findings=findings)))
    assert (shown.heading, shown.cause, shown.sign) == ("This screen is not working right now", cause, "wrench")


def test_every_fault_that_closes_a_kiosk_has_a_sentence_without_jargon() -> None:
    for code, finding in FINDINGS.items():
        if finding.light is Light.RED:
            cause = out(OutOfServiceCause.BROKEN, Care(health=Health(findings=(code,)))).cause
            assert not set(cause.lower().split()) & {"server", "relay", "turn", "tls", "udp", "echo", "signal"}, code
