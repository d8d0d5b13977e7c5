"""What the forms take, field by field, and that what was saved can be sent again."""

from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from signaling.protocol import admin as a
from signaling.protocol.messages.base import Message
from signaling.protocol.vocabulary import Language, Role

ONE_SPAN = [{"opens_min": 480, "closes_min": 1320}]
WEEK = {"week": [ONE_SPAN] * 7}
BRANCH = {"name": "Burträsk", "phone": "0914-100 00"}
SERVICE = {"names": {"sv": "Bibliotekshjälp"}}
STAFF = {"name": "Anna", "login": "anna", "roles": ["librarian"]}
CARD = {"titles": {"sv": "Var?"}, "bodies": {"sv": "Där."}}
LIBRARY = {"name": "Norr", "default_language": "sv", "time_zone": "Europe/Stockholm"}


def kinds_of(form: type[Message], value: Any) -> set[str]:
    with pytest.raises(ValidationError) as refused:
        form.model_validate(value)
    return {error["type"] for error in refused.value.errors()}


# --- texts ----------------------------------------------------------------------------------------------------


def test_blanks_around_a_name_are_left_out() -> None:
    assert a.BranchForm.model_validate({**BRANCH, "name": "  Burträsk "}).name == "Burträsk"


@pytest.mark.parametrize("name", ["a\nb", "a\u0000b", "a\u200bb\u202e"])
def test_a_name_is_one_line_that_can_be_seen(name: str) -> None:
    assert kinds_of(a.BranchForm, {**BRANCH, "name": name}) == {"wrong"}


def test_a_language_without_a_text_is_left_out() -> None:
    form = a.BranchForm.model_validate({**BRANCH, "closed_texts": {"sv": "Stängt", "en": "  ", "nb": ""}})
    assert form.closed_texts == {Language.SV: "Stängt"}
    assert kinds_of(a.ServiceForm, {"names": {"sv": " "}}) == {"too_short"}


@pytest.mark.parametrize("texts", ["Stängt", ["sv"], {"sv": 5}])
def test_texts_that_are_none_are_refused(texts: Any) -> None:
    assert kinds_of(a.BranchForm, {**BRANCH, "closed_texts": texts}) <= {"dict_type", "string_type"}


@pytest.mark.parametrize("phone", ["112", "+46 914 100 00", "0914-100 00", "(0914) 10/00", "22.33.44"])
def test_phone_numbers_are_taken_as_people_write_them(phone: str) -> None:
    assert a.BranchForm.model_validate({**BRANCH, "phone": f" {phone} "}).phone == phone


@pytest.mark.parametrize("phone", ["", "1", "call us", "112;ext=1", "+", "1" * 41, "javascript:1"])
def test_what_is_no_phone_number_is_refused(phone: str) -> None:
    assert kinds_of(a.BranchForm, {**BRANCH, "phone": phone}) == {"string_pattern_mismatch"}


@pytest.mark.parametrize("email", ["", "anna@example.org", "a.b+c@sub.example-site.se"])
def test_an_address_or_none_is_taken(email: str) -> None:
    assert a.StaffForm.model_validate({**STAFF, "email": f" {email} "}).email == email


@pytest.mark.parametrize(
    "email", ["anna", "anna@", "@example.org", "a@b", "a@b..se", "a b@c.se", "a@b.se\nx: y", "ä@b.se"]
)
def test_what_is_no_address_is_refused(email: str) -> None:
    assert kinds_of(a.StaffForm, {**STAFF, "email": email}) == {"string_pattern_mismatch"}


def test_an_address_that_is_too_long_is_refused() -> None:
    assert kinds_of(a.StaffForm, {**STAFF, "email": f"{'a' * 250}@b.se"}) == {"string_too_long"}


def test_a_login_is_small_letters_without_blanks() -> None:
    assert a.StaffForm.model_validate({**STAFF, "login": " Anna.Å "}).login == "anna.å"
    for login in ("", "a b", "a/b", "<a>"):
        assert kinds_of(a.StaffForm, {**STAFF, "login": login}) == {"string_pattern_mismatch"}
    assert kinds_of(a.StaffForm, {**STAFF, "login": "a\u200b"}) == {"wrong"}


def test_countries_are_two_letters_or_none() -> None:
    assert a.LibraryForm.model_validate({**LIBRARY, "country": "se"}).country == "SE"
    assert a.LibraryForm.model_validate(LIBRARY).country == ""
    assert kinds_of(a.LibraryForm, {**LIBRARY, "country": "SWE"}) == {"string_pattern_mismatch"}


@pytest.mark.parametrize("zone", ["../x", "/etc/x", "Europe//Oslo", "Europe/Oslo/", "", "a b"])
def test_a_time_zone_is_a_name_and_no_path(zone: str) -> None:
    assert kinds_of(a.LibraryForm, {**LIBRARY, "time_zone": zone}) == {"string_pattern_mismatch"}


def test_languages_and_roles_are_named_once() -> None:
    form = a.StaffForm.model_validate({**STAFF, "languages": ["en", "sv", "en"], "roles": ["librarian", "librarian"]})
    assert (form.languages, form.roles) == ((Language.EN, Language.SV), (Role.LIBRARIAN,))


def test_a_close_ends_at_a_time_with_its_zone() -> None:
    form = a.BranchForm.model_validate({**BRANCH, "closed_until": "2026-03-05T08:00:00+01:00"})
    assert form.closed_until == datetime(2026, 3, 5, 7, tzinfo=UTC)
    assert kinds_of(a.BranchForm, {**BRANCH, "closed_until": "2026-03-05T08:00:00"}) == {"timezone_aware"}


# --- hours ----------------------------------------------------------------------------------------------------


def span(opens_min: int, closes_min: int) -> dict[str, int]:
    return {"opens_min": opens_min, "closes_min": closes_min}


@pytest.mark.parametrize(
    "spans",
    [
        [span(600, 600)],
        [span(600, 500)],
        [span(600, 900), span(800, 1000)],
        [span(800, 900), span(600, 700)],
        [span(600, 700), span(700, 800)],
    ],
)
def test_spans_are_in_order_and_apart(spans: Any) -> None:
    assert kinds_of(a.DayExceptionForm, {"subject_id": "b", "day": "2026-12-24", "spans": spans}) == {"overlap"}


def test_a_day_from_midnight_to_midnight_and_one_in_two_parts_are_taken() -> None:
    week = [[span(0, 1440)], [span(480, 720), span(780, 1320)], *[[]] * 5]
    hours = a.HoursForm.model_validate({"week": week})
    assert hours.closed_on_holidays
    assert [len(day) for day in hours.week] == [1, 2, 0, 0, 0, 0, 0]


def test_a_week_has_seven_days_and_a_day_a_few_spans() -> None:
    assert kinds_of(a.HoursForm, {"week": [ONE_SPAN] * 8}) == {"too_long"}
    many = [span(100 * n, 100 * n + 50) for n in range(7)]
    assert "too_long" in kinds_of(a.HoursForm, {"week": [many, *[[]] * 6]})
    assert {"greater_than_equal", "less_than_equal"} <= kinds_of(a.HoursForm, {"week": [[span(-1, 1441)], *[[]] * 6]})


# --- tiers ----------------------------------------------------------------------------------------------------


def tier(team_id: str, after_s: float) -> dict[str, str | float]:
    return {"team_id": team_id, "after_s": after_s}


@pytest.mark.parametrize("tiers", [[tier("a", 30), tier("b", 0)], [tier("a", 0), tier("a", 30)]])
def test_tiers_rise_and_name_each_team_once(tiers: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        a.ServiceForm.model_validate({**SERVICE, "tiers": tiers})
    (error,) = refused.value.errors()
    assert (error["type"], error["ctx"]) == ("overlap", {"field": "tiers"})


def test_several_teams_may_ring_at_the_same_time() -> None:
    form = a.ServiceForm.model_validate({**SERVICE, "tiers": [tier("a", 0), tier("b", 0), tier("c", 20)]})
    assert [one.team_id for one in form.tiers] == ["a", "b", "c"]


@pytest.mark.parametrize("seconds", ["nan", "inf", "-inf"])
def test_seconds_are_numbers(seconds: str) -> None:
    for field in ("ring_timeout_s", "choice_after_s"):
        assert kinds_of(a.ServiceForm, {**SERVICE, field: seconds}) == {"finite_number"}


# --- all of them ----------------------------------------------------------------------------------------------

COMPLETE: tuple[Message, ...] = (
    a.LibraryForm.model_validate(LIBRARY),
    a.BranchForm.model_validate({**BRANCH, "hours": WEEK, "closed_until": datetime(2026, 3, 5, tzinfo=UTC)}),
    a.ServiceForm.model_validate({**SERVICE, "hours": WEEK, "ring_timeout_s": 20}),
    a.TeamForm(name="Jour", members=("a", "b")),
    a.CardForm.model_validate(CARD),
    a.DayExceptionForm(subject_id="b", day=date(2026, 12, 24)),
    a.KioskForm(branch_id="b", name="Entré"),
    a.StaffForm.model_validate(STAFF),
    a.OwnSettingsForm(languages=(Language.SV,)),
)


@pytest.mark.parametrize("form", COMPLETE, ids=lambda form: type(form).__name__)
def test_what_was_saved_can_be_sent_again_as_it_is(form: Message) -> None:
    assert type(form).model_validate(form.model_dump(mode="json")) == form
    assert type(form).model_validate({**form.model_dump(mode="json"), "something": "newer"}) == form


@pytest.mark.parametrize("form", COMPLETE, ids=lambda form: type(form).__name__)
def test_forms_do_not_change(form: Message) -> None:
    with pytest.raises(ValidationError):
        setattr(form, next(iter(type(form).model_fields)), "other")


KEYS = st.sampled_from(["name", "names", "hours", "week", "tiers", "titles", "bodies", "sv", "roles", "closed_texts"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner),
)


@settings(max_examples=40)
@given(value=ANYTHING)
def test_whatever_is_posted_is_taken_or_refused_and_never_breaks(value: Any) -> None:
    for form in (type(one) for one in COMPLETE):
        with contextlib.suppress(ValidationError):
            form.model_validate(value)


def test_every_kept_thing_is_its_form_with_an_id_and_a_revision() -> None:
    pairs: dict[type[Message], type[Message]] = {
        a.KeptLibrary: a.LibraryForm,
        a.KeptBranch: a.BranchForm,
        a.KeptService: a.ServiceForm,
        a.KeptTeam: a.TeamForm,
        a.KeptCard: a.CardForm,
        a.KeptDayException: a.DayExceptionForm,
        a.KeptKiosk: a.KioskForm,
        a.KeptStaff: a.StaffForm,
    }
    for kept, form in pairs.items():
        assert set(kept.model_fields) >= set(form.model_fields) | {"id", "revision"}


# --- PINs ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pin", ["000000", "55555555", "123456", "654321", "678901", "109876"])
def test_a_pin_that_anybody_would_try_first_is_none(pin: str) -> None:
    assert kinds_of(a.PinForm, {"pin": pin}) == {"too_easy"}


@pytest.mark.parametrize("pin", ["", "123457", "123321", "112233", "271828", "246802", "121212"])
def test_other_pins_are_taken(pin: str) -> None:
    assert a.PinForm.model_validate({"pin": pin}).pin == pin
