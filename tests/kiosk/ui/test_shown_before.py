"""What the screens before a call say, in every situation."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.core.snapshot import Availability, BranchFacts, Notice, Screen, ScreenState
from kiosk.ui.i18n.catalog import load_catalogs
from kiosk.ui.viewmodels.before import show_idle, show_out_of_service, show_waiting
from kiosk.ui.viewmodels.common import show_common
from signaling.protocol.vocabulary import Language, OutOfServiceCause
from tests.support.sample_states import BRANCH, NOW

SV = load_catalogs()[Language.SV]
IDLE = ScreenState(screen=Screen.IDLE, branch=BRANCH, now_local=NOW, availability=Availability(2, 2))
WAITING = replace(IDLE, screen=Screen.WAITING, place=3)


def idle(availability: Availability, branch: BranchFacts = BRANCH) -> tuple[bool, str, str]:
    shown = show_idle(replace(IDLE, availability=availability, branch=branch), SV)
    return shown.answerable, shown.truth, shown.detail


def test_free_librarians_are_counted_and_named() -> None:
    assert idle(Availability(3, 2, ("Anna", "Per"))) == (
        True,
        "Två bibliotekarier kan svara nu",
        "Anna och Per är här för dig.",
    )


def test_more_than_three_names_are_summed_up() -> None:
    assert idle(Availability(4, 4, ("Anna", "Per", "Sara", "Ali")))[2] == "Anna, Per, Sara och en till är här för dig."
    assert idle(Availability(5, 5, ("Anna", "Per", "Sara", "Ali", "Bo")))[2].endswith("Sara och 2 till är här för dig.")


def test_without_names_nobody_is_named() -> None:
    assert idle(Availability(1, 1)) == (True, "En bibliotekarie kan svara nu", "")


def test_when_all_are_talking_the_button_stays_and_the_line_is_told_of() -> None:
    answerable, truth, detail = idle(Availability(2, 0, ("Anna",)))
    assert answerable
    assert truth == "Alla bibliotekarier pratar med någon just nu"
    assert detail == "Tryck så får du en plats i kön."


def test_when_nobody_can_answer_the_next_time_is_told_and_there_is_no_button() -> None:
    tomorrow = (NOW + timedelta(days=1)).replace(hour=8, minute=0)
    assert idle(Availability(next_open=tomorrow)) == (
        False,
        "Just nu kan ingen svara",
        "Någon kan svara i morgon kl. 08.00.",
    )


def test_a_next_time_that_has_passed_is_not_told() -> None:
    assert idle(Availability(next_open=NOW - timedelta(minutes=1)))[2] == ""


def test_with_neither_time_nor_number_one_is_asked_to_come_back() -> None:
    assert idle(Availability(), replace(BRANCH, phone=""))[2] == "Titta gärna förbi om en stund igen."


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
