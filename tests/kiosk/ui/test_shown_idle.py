"""What the idle screen says: of each service the truth, in words, and green only where somebody can answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kiosk.core.snapshot import Availability, BranchClosed, MissedTicket, Screen, ScreenState, ServiceFacts
from kiosk.ui.i18n.catalog import load_catalogs
from kiosk.ui.viewmodels.idle import SERVICES_SHOWN, IdleShown, show_idle
from signaling.protocol.vocabulary import Language, ServiceId
from tests.support.sample_places import BRANCH, NAMES, one_service, services
from tests.support.sample_states import NOW

CATALOGS = load_catalogs()
SV = CATALOGS[Language.SV]
TOMORROW = (NOW + timedelta(days=1)).replace(hour=8, minute=0)
SHUT = Availability(open=False, next_open=TOMORROW)
NOBODY = Availability()
TWO = Availability(2, 2, ("Anna",))
BUSY = Availability(2, 0)
FOREIGN = Availability(1, 1, languages=(Language.NB, Language.EN))


def place(availability: Availability = TWO, *more: Availability) -> ScreenState:
    offered = services(availability, *more) if more else one_service(availability)
    return ScreenState(screen=Screen.IDLE, branch=BRANCH, now_local=NOW, availability=availability, services=offered)


def idle(availability: Availability) -> tuple[bool, str, str]:
    shown = show_idle(place(availability), SV)
    return shown.answerable, shown.truth, shown.detail


def rows(shown: IdleShown) -> list[tuple[object, object]]:
    return [(row["sentence"], row["touchable"]) for row in shown.services]


# --- one service ------------------------------------------------------------------------------------------


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
    assert idle(BUSY) == (True, "Alla bibliotekarier pratar med någon just nu", "Tryck så får du en plats i kön.")
    assert show_idle(place(BUSY), SV).free is False


def test_nobody_on_duty_in_opening_hours_is_said_as_it_is() -> None:
    assert idle(NOBODY) == (False, "Just nu kan ingen svara", "")
    assert show_idle(place(NOBODY), SV).door == "nobody"


def test_with_neither_answer_nor_number_one_is_asked_to_come_back() -> None:
    quiet = replace(place(NOBODY), branch=replace(BRANCH, phone=""))
    assert show_idle(quiet, SV).detail == "Titta gärna förbi om en stund igen."
    unknown = replace(place(Availability(open=False)), branch=replace(BRANCH, phone=""))
    assert show_idle(unknown, SV).detail == "Titta gärna förbi om en stund igen."


def test_outside_of_opening_hours_it_says_when_it_opens_again() -> None:
    assert idle(SHUT) == (False, "Just nu är det stängt", "Öppnar igen i morgon kl. 08.00.")
    assert show_idle(place(SHUT), SV).door == "closed"


def test_the_time_is_told_by_the_branchs_own_clock() -> None:
    elsewhere = replace(SHUT, next_open=datetime(2026, 11, 22, 7, 0, tzinfo=ZoneInfo("UTC")))
    assert idle(elsewhere)[2] == "Öppnar igen i morgon kl. 08.00."


def test_a_next_time_that_has_passed_is_not_told() -> None:
    assert idle(replace(SHUT, next_open=NOW - timedelta(minutes=1)))[2] == ""


def test_a_holiday_is_called_by_its_name() -> None:
    eve = replace(SHUT, closed_texts={Language.SV: "julafton"})
    assert idle(eve)[1] == "Stängt i dag: julafton"
    norwegian = replace(place(eve), language=Language.NB)
    assert show_idle(norwegian, CATALOGS[Language.NB]).truth == "Stengt i dag: julafton"


def test_where_no_service_is_offered_nobody_can_answer() -> None:
    assert show_idle(replace(place(), services=()), SV).door == "nobody"


# --- the whole screen -------------------------------------------------------------------------------------


def test_a_branch_that_is_closed_says_so_in_its_own_words_and_offers_nothing() -> None:
    shut = replace(place(), closed=BranchClosed(TOMORROW, {Language.SV: "Vi lägger nytt golv."}))
    shown = show_idle(shut, SV)
    assert (shown.door, shown.answerable, shown.free, shown.services) == ("closed", False, False, ())
    assert shown.truth == "Filialen är tillfälligt stängd"
    assert shown.detail == "Vi lägger nytt golv. Öppnar igen i morgon kl. 08.00."
    assert show_idle(replace(place(), closed=BranchClosed(None)), SV).detail == ""


def test_a_kiosk_that_rests_says_until_when_and_nothing_of_why() -> None:
    resting = replace(place(), locked_until=NOW + timedelta(minutes=9))
    shown = show_idle(resting, SV)
    assert (shown.door, shown.answerable, shown.free) == ("locked", False, False)
    assert (shown.truth, shown.detail) == ("Skärmen tar en paus", "Den går att använda igen i dag kl. 20.23.")
    assert show_idle(replace(place(), locked_until=NOW), SV).detail == ""


# --- languages --------------------------------------------------------------------------------------------


def test_a_language_that_nobody_on_duty_speaks_is_said_before_anybody_waits() -> None:
    shown = show_idle(place(FOREIGN), SV)
    assert (shown.answerable, shown.free) == (False, False)
    assert shown.truth == "Ingen som svarar just nu talar svenska"
    assert shown.detail == "Just nu talar vi norska och engelska."
    assert [(row["code"], row["word"], row["service"]) for row in shown.languages] == [
        ("nb", "Fortsätt på norska", "library-help"),
        ("en", "Fortsätt på engelska", "library-help"),
    ]


@pytest.mark.parametrize("language", Language)
def test_every_language_can_be_told_that_nobody_speaks_it(language: Language) -> None:
    others = tuple(x for x in Language if x is not language)
    state = replace(place(replace(FOREIGN, languages=others)), language=language)
    shown = show_idle(state, CATALOGS[language])
    assert [row["code"] for row in shown.languages] == [other.value for other in others]


def test_somebody_who_speaks_the_language_makes_it_green() -> None:
    shown = show_idle(replace(place(FOREIGN), language=Language.EN), CATALOGS[Language.EN])
    assert (shown.answerable, shown.free, shown.languages) == (True, True, ())


def test_a_service_that_is_offered_in_no_language_that_is_spoken_now_has_nobody() -> None:
    only_swedish = ServiceFacts(ServiceId("x"), NAMES["library-help"], (Language.SV,), FOREIGN)
    shown = show_idle(replace(place(), services=(only_swedish,)), SV)
    assert (shown.door, shown.languages) == ("nobody", ())


# --- several services -------------------------------------------------------------------------------------


def test_of_several_services_each_tells_its_own_truth() -> None:
    shown = show_idle(place(TWO, BUSY, NOBODY, SHUT), SV)
    assert rows(shown) == [
        ("Någon kan svara nu", True),
        ("Tryck för en plats i kön", True),
        ("Ingen kan svara just nu", False),
        ("Öppnar i morgon kl. 08.00", False),
    ]
    assert [row["name"] for row in shown.services][:2] == ["Bibliotekshjälp", "Digital hjälp"]
    assert (shown.answerable, shown.free) == (True, True)


def test_one_service_alone_is_the_one_large_button() -> None:
    assert show_idle(place(TWO), SV).services == ()


def test_when_none_of_several_is_offered_the_whole_screen_says_so() -> None:
    assert show_idle(place(NOBODY, SHUT), SV).services == ()
    assert show_idle(place(NOBODY, SHUT), SV).door == "nobody"
    both = show_idle(place(replace(SHUT, next_open=None), SHUT), SV)
    assert (both.door, both.detail) == ("closed", "Öppnar igen i morgon kl. 08.00.")


def test_a_service_that_is_closed_for_an_unknown_time_is_closed() -> None:
    assert rows(show_idle(place(TWO, replace(SHUT, next_open=None)), SV))[1] == ("Stängt", False)


def test_a_service_in_other_languages_goes_on_in_the_one_that_is_nearest() -> None:
    row = show_idle(place(TWO, FOREIGN), SV).services[1]
    assert (row["sentence"], row["touchable"], row["language"]) == ("Just nu på norska och engelska", True, "nb")


def test_more_services_than_four_are_not_shown() -> None:
    many = tuple(ServiceFacts(ServiceId(f"s{number}"), {}, availability=TWO) for number in range(6))
    shown = show_idle(replace(place(), services=many), SV)
    assert len(shown.services) == SERVICES_SHOWN
    assert shown.services[0]["name"] == "Prata med en bibliotekarie"  # nobody has named it


# --- numbers ----------------------------------------------------------------------------------------------


def test_numbers_that_wait_are_told() -> None:
    assert show_idle(place(), SV).tickets == ""
    assert show_idle(replace(place(), tickets=(7,)), SV).tickets == "Nummer 7 väntar på att ropas upp här."
    assert show_idle(replace(place(), tickets=(7, 9)), SV).tickets == "Nummer 7 och 9 väntar på att ropas upp här."
    english = replace(place(), tickets=(7,), language=Language.EN)
    assert show_idle(english, CATALOGS[Language.EN]).tickets == "Number 7 is waiting to be called here."


def test_a_number_to_which_nobody_came_is_told_with_a_way_to_ask_again() -> None:
    missed = replace(place(), missed=MissedTicket(7, NOW.replace(hour=14, minute=32)))
    said = "Nummer 7 ropades upp kl. 14.32, men ingen kom."
    assert show_idle(missed, SV).missed == f"{said} Tryck på knappen för att fråga på nytt."
    alone = replace(missed, services=one_service(NOBODY))
    assert show_idle(alone, SV).missed == said
    assert show_idle(place(), SV).missed == ""
