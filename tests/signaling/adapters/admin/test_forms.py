"""What the forms take, refuse, write down and show; on the fake store and on SQLite."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from signaling.adapters.auth.tokens import code_hash, csrf_of
from signaling.adapters.store_memory import MemoryStore
from signaling.protocol.vocabulary import BranchId, KioskId, Language, Role, ServiceId, StaffId, TeamId
from signaling.service.ports import EnrolOutcome, Store
from tests.signaling.adapters.admin.walk import BRANCH_FORM, CARD_TEXTS, PUSH_FORM, STAFF_FORM
from tests.signaling.adapters.admin.world import NORR, NOW, PUSH_ENDPOINT, World, problem_of, world_on
from tests.support.identities import PASSWORD
from tests.support.logs import ExpectLog
from tests.support.stores import opener, sqlite_template, store, store_url

__all__ = ["opener", "sqlite_template", "store", "store_url"]

both_stores = pytest.mark.parametrize("store_url", ["memory", "sqlite"], indirect=True)
EVERY_DAY = [[{"opens_min": 480, "closes_min": 1320}]] * 7


@pytest_asyncio.fixture
async def world() -> AsyncIterator[World]:
    async with world_on(MemoryStore()) as world:
        yield world


async def put(world: World, kind: str, thing_id: str, by: str = "system_admin", **changes: Any) -> Any:
    """Replace one thing as a person with the form open would."""
    kept = await world.kept(kind, thing_id)
    body = {**kept, **changes}
    return await world.ask(by, "PUT", f"/api/admin/{kind}/{thing_id}", body, revision=kept["revision"])


async def last_action(world: World) -> dict[str, Any]:
    page = await (await world.ask("system_admin", "GET", "/api/admin/actions")).json()
    entry: dict[str, Any] = page["entries"][0]
    return entry


# --- what is kept ---------------------------------------------------------------------------------------------


@both_stores
async def test_what_was_saved_is_what_is_shown_and_what_the_rules_get(store: Store) -> None:
    async with world_on(store) as world:
        hours = {"week": EVERY_DAY, "closed_on_holidays": False}
        form = {**BRANCH_FORM, "notes": "Nyckeln finns i skolan.", "hours": hours, "closed": True}
        form |= {"closed_until": "2026-03-05T08:00:00+01:00", "closed_texts": {"sv": "Golvet målas", "en": " "}}
        added = await world.ask("system_admin", "POST", "/api/admin/branches", form)
        assert added.status == 201
        saved = await added.json()
        kept = await world.kept("branches", saved["id"])
        assert kept["revision"] == saved["revision"]
        assert kept["closed_until"] == "2026-03-05T07:00:00Z"
        assert kept["closed_texts"] == {"sv": "Golvet målas"}
        assert kept["hours"] == hours
        branch = (await store.directory()).branches[BranchId(saved["id"])]
        assert (branch.name, branch.closed, branch.library_id) == ("Ny filial", True, NORR)
        assert branch.hours is not None
        assert branch.hours.week[6][0].closes_min == 1320


@both_stores
async def test_a_service_keeps_its_tiers_languages_and_policy(store: Store) -> None:
    async with world_on(store) as world:
        tiers = [{"team_id": "first-line", "after_s": 0}, {"team_id": "soder-team", "after_s": 45}]
        changes: dict[str, Any] = {
            "tiers": tiers,
            "languages": ["en", "sv", "en"],
            "offer_policy": "longest_idle",
            "ring_timeout_s": 20,
        }
        assert (await put(world, "services", "help", **changes)).status == 200
        service = (await store.directory()).services[ServiceId("help")]
        assert [(tier.team_id, tier.after_s) for tier in service.tiers] == [("first-line", 0), ("soder-team", 45)]
        assert service.languages == {Language.SV, Language.EN}
        kept = await world.kept("services", "help")
        assert (kept["languages"], kept["offer_policy"], kept["ring_timeout_s"]) == (["sv", "en"], "longest_idle", 20)


@both_stores
async def test_a_branch_that_goes_takes_its_cards_and_days_with_it(store: Store) -> None:
    async with world_on(store) as world:
        for kiosk in ("k1", "k2"):
            assert (await world.ask("system_admin", "POST", f"/api/admin/kiosks/{kiosk}/revoke")).status == 200
        revision = await world.revision("branches", "burtrask")
        gone = await world.ask("system_admin", "DELETE", "/api/admin/branches/burtrask", revision=revision)
        assert gone.status == 204
        view = await world.view()
        assert [branch["id"] for branch in view["branches"]] == ["boliden"]
        assert [card["id"] for card in view["cards"]] == ["common-card"]
        assert [entry["subject_id"] for entry in view["exceptions"]] == ["help"]


@both_stores
async def test_a_new_code_replaces_the_old_one_and_enrols(store: Store) -> None:
    async with world_on(store) as world:
        answer = await world.ask("branch_admin", "POST", "/api/admin/kiosks/k1/code")
        code = (await answer.json())["code"]
        assert (await store.enrol_kiosk(code_hash("CODE-k1"), b"x" * 32, NOW))[0] is EnrolOutcome.UNKNOWN
        outcome, kiosk = await store.enrol_kiosk(code_hash(code), b"x" * 32, NOW + timedelta(minutes=59))
        assert outcome is EnrolOutcome.ENROLLED
        assert kiosk is not None
        assert kiosk.id == KioskId("k1")
        assert (await world.kept("kiosks", "k1"))["enrolment"] == "enrolled"
        # The next code is for a device in its place: until it is used, the old one goes on.
        assert (await world.ask("branch_admin", "POST", "/api/admin/kiosks/k1/code")).status == 200
        assert (await world.kept("kiosks", "k1"))["enrolment"] == "enrolled"
        assert (await world.ask("branch_admin", "POST", "/api/admin/kiosks/k1/revoke")).status == 200
        refused = await world.ask("branch_admin", "POST", "/api/admin/kiosks/k1/code")
        assert await problem_of(refused) == (409, "revoked", "")


@both_stores
async def test_a_new_account_signs_in_with_its_one_time_password_and_a_disabled_one_does_not(store: Store) -> None:
    async with world_on(store) as world:
        answer = await (await world.ask("service_owner", "POST", "/api/admin/staff", STAFF_FORM)).json()
        signed_in = await world.auth.sign_in("cecilia", answer["password"], "192.0.2.1", NOW)
        assert signed_in.staff.must_change_password
        path = f"/api/admin/staff/{answer['staff_id']}"
        assert (await world.ask("service_owner", "POST", f"{path}/disable")).status == 200
        cookies = {"librarian-session": signed_in.token}
        assert await world.auth.find(cookies, NOW) is None, "the session outlived the account"
        assert (await world.ask("service_owner", "POST", f"{path}/enable")).status == 200
        again = await (await world.ask("service_owner", "POST", f"{path}/password")).json()
        assert again["password"] != answer["password"]
        assert (await world.auth.sign_in("cecilia", again["password"], "192.0.2.1", NOW)).staff.name == "Cecilia"


@both_stores
async def test_own_settings_and_own_browsers_are_one_s_own(store: Store) -> None:
    async with world_on(store) as world:
        form = {"languages": ["en"], "email": "anna@example.org", "standby": True, "alerts": True}
        assert (await world.ask("anna", "PUT", "/api/me/settings", form)).status == 200
        added = await world.ask("anna", "POST", "/api/me/push", PUSH_FORM)
        assert (await added.json())["push"] == 1
        # Somebody else who knows the address does not take it away.
        await world.ask("librarian", "DELETE", "/api/me/push", {"endpoint": PUSH_ENDPOINT})
        shown = await (await world.ask("anna", "GET", "/api/me/settings")).json()
        assert shown == {**form, "push": 1, "push_available": True, "email_available": True}
        person = await store.find_staff(StaffId("anna"))
        assert person is not None
        assert (set(person.languages), person.email) == ({Language.EN}, "anna@example.org")
        assert (person.standby, person.alerts) == (True, True)
        assert (set(person.roles), person.name) == ({Role.LIBRARIAN}, "Anna")
        gone = await world.ask("anna", "DELETE", "/api/me/push", {"endpoint": PUSH_ENDPOINT})
        assert (await gone.json())["push"] == 0


async def test_a_push_address_that_this_server_does_not_send_to_is_refused() -> None:
    async with world_on(MemoryStore(), accepts_push=False) as world:
        refused = await world.ask("anna", "POST", "/api/me/push", PUSH_FORM)
        assert await problem_of(refused) == (422, "push_refused", "endpoint")


async def test_a_person_has_a_few_browsers_and_no_more(world: World) -> None:
    for number in range(10):
        form = {**PUSH_FORM, "endpoint": f"{PUSH_ENDPOINT}/{number}"}
        assert (await world.ask("anna", "POST", "/api/me/push", form)).status == 201
    assert (await problem_of(await world.ask("anna", "POST", "/api/me/push", PUSH_FORM)))[:2] == (422, "too_big")
    again = {**PUSH_FORM, "endpoint": f"{PUSH_ENDPOINT}/3"}
    assert (await world.ask("anna", "POST", "/api/me/push", again)).status == 201


# --- two people at once ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "thing_id", "first", "second"),
    [
        ("libraries", "norr", {"name": "Norrlandet"}, {"country": "SE"}),
        ("branches", "burtrask", {"notes": "a"}, {"notes": "b"}),
        ("services", "help", {"priority": 1}, {"priority": 2}),
        ("teams", "spare", {"members": []}, {"name": "Reserv"}),
        ("cards", "own-card", {"position": 1}, {"position": 2}),
        ("exceptions", "help_2026-12-24", {"spans": []}, {"texts": {}}),
        ("kiosks", "k1", {"name": "Norr"}, {"name": "Söder"}),
        ("staff", "anna", {"standby": True}, {"name": "Anna-Lena"}),
    ],
)
async def test_the_second_of_two_who_had_the_form_open_is_told_and_changes_nothing(
    world: World, kind: str, thing_id: str, first: dict[str, Any], second: dict[str, Any]
) -> None:
    kept = await world.kept(kind, thing_id)
    path = f"/api/admin/{kind}/{thing_id}"
    one = await world.ask("system_admin", "PUT", path, {**kept, **first}, revision=kept["revision"])
    assert one.status == 200
    before = await world.everything()
    two = await world.ask("service_owner", "PUT", path, {**kept, **second}, revision=kept["revision"])
    assert await problem_of(two) == (409, "changed", "")
    assert await world.everything() == before
    newer = (await one.json())["revision"]
    three = await world.ask("service_owner", "PUT", path, {**kept, **first, **second}, revision=newer)
    assert three.status == 200


async def test_a_form_without_its_revision_is_malformed(world: World) -> None:
    kept = await world.kept("teams", "spare")
    for method in ("PUT", "DELETE"):
        refused = await world.ask("system_admin", method, "/api/admin/teams/spare", kept)
        assert (await problem_of(refused))[:2] == (400, "malformed")


async def test_a_form_that_changes_nothing_writes_nothing_and_wakes_nobody(world: World) -> None:
    before = await world.everything()
    for kind, thing_id in (("branches", "burtrask"), ("services", "help"), ("kiosks", "k1"), ("staff", "anna")):
        assert (await put(world, kind, thing_id)).status == 200
    assert await world.everything() == before


# --- what is wrong is said, with its field ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "thing_id", "changes", "expected"),
    [
        ("libraries", "norr", {"name": "  "}, (422, "required", "name")),
        ("libraries", "norr", {"name": "x" * 81}, (422, "too_long", "name")),
        ("libraries", "norr", {"name": "söder"}, (409, "name_taken", "name")),
        ("libraries", "norr", {"country": "XX"}, (422, "unknown", "country")),
        ("libraries", "norr", {"country": "Sverige"}, (422, "wrong", "country")),
        ("libraries", "norr", {"time_zone": "Europe/Atlantis"}, (422, "unknown", "time_zone")),
        ("libraries", "norr", {"time_zone": "../../etc/passwd"}, (422, "wrong", "time_zone")),
        ("libraries", "norr", {"default_language": "de"}, (422, "wrong", "default_language")),
        ("libraries", "norr", {"urgent_number": "help"}, (422, "wrong", "urgent_number")),
        ("branches", "burtrask", {"name": "BOLIDEN "}, (409, "name_taken", "name")),
        ("branches", "burtrask", {"name": "two\nlines"}, (422, "wrong", "name")),
        ("branches", "burtrask", {"phone": ""}, (422, "wrong", "phone")),
        ("branches", "burtrask", {"notes": "x" * 4001}, (422, "too_long", "notes")),
        ("branches", "burtrask", {"closed_until": "2026-03-05T08:00"}, (422, "wrong", "closed_until")),
        ("branches", "burtrask", {"closed_texts": {"xx": "?"}}, (422, "wrong", "closed_texts.xx.[key]")),
        ("branches", "burtrask", {"video_max_kbps": 99}, (422, "too_small", "video_max_kbps")),
        ("branches", "burtrask", {"video_max_kbps": 8001}, (422, "too_big", "video_max_kbps")),
        ("branches", "burtrask", {"video_max_kbps": "fast"}, (422, "wrong", "video_max_kbps")),
        ("branches", "burtrask", {"audio_max_kbps": 15}, (422, "too_small", "audio_max_kbps")),
        ("branches", "burtrask", {"audio_max_kbps": 129}, (422, "too_big", "audio_max_kbps")),
        ("branches", "burtrask", {"relay_only": "perhaps"}, (422, "wrong", "relay_only")),
        ("branches", "burtrask", {"hours": {"week": EVERY_DAY[:6]}}, (422, "required", "hours.week")),
        (
            "branches",
            "burtrask",
            {"hours": {"week": [[{"opens_min": -1, "closes_min": 9}], *EVERY_DAY[1:]]}},
            (422, "too_small", "hours.week.0.0.opens_min"),
        ),
        (
            "branches",
            "burtrask",
            {"hours": {"week": [[{"opens_min": 600, "closes_min": 600}], *EVERY_DAY[1:]]}},
            (422, "overlap", "hours.week.0"),
        ),
        (
            "branches",
            "burtrask",
            {"hours": {"week": [EVERY_DAY[0] * 2, *EVERY_DAY[1:]]}},
            (422, "overlap", "hours.week.0"),
        ),
        ("services", "help", {"names": {}}, (422, "required", "names")),
        ("services", "help", {"names": {"en": "Help", "sv": " "}}, (422, "required", "names.sv")),
        ("services", "help", {"names": {"sv": "digital"}}, (409, "name_taken", "names.sv")),
        ("services", "help", {"languages": []}, (422, "required", "languages")),
        ("services", "help", {"choice_after_s": 5}, (422, "too_small", "choice_after_s")),
        ("services", "help", {"ring_timeout_s": 301}, (422, "too_big", "ring_timeout_s")),
        ("services", "help", {"ring_timeout_s": "nan"}, (422, "wrong", "ring_timeout_s")),
        ("services", "help", {"offer_policy": "random"}, (422, "wrong", "offer_policy")),
        (
            "services",
            "help",
            {"tiers": [{"team_id": "fjarran-team", "after_s": 0}]},
            (422, "unknown", "tiers.0.team_id"),
        ),
        (
            "services",
            "help",
            {"tiers": [{"team_id": "spare", "after_s": 9}, {"team_id": "first-line", "after_s": 0}]},
            (422, "overlap", "tiers"),
        ),
        ("teams", "spare", {"members": ["anna", "fjarran-admin"]}, (422, "unknown", "members.1")),
        ("teams", "spare", {"name": "first-line"}, (409, "name_taken", "name")),
        ("cards", "own-card", {"branch_id": "soderby"}, (422, "unknown", "branch_id")),
        ("cards", "own-card", {"titles": {"sv": "a", "en": "b"}}, (422, "required", "bodies.en")),
        ("cards", "own-card", {"bodies": {"sv": "x" * 2001}}, (422, "too_long", "bodies.sv")),
        ("exceptions", "help_2026-12-24", {"day": "2026-12-25"}, (422, "fixed", "day")),
        ("exceptions", "help_2026-12-24", {"subject_id": "burtrask"}, (422, "fixed", "subject_id")),
        ("exceptions", "help_2026-12-24", {"day": "24 December"}, (422, "wrong", "day")),
        ("kiosks", "k1", {"branch_id": "boliden"}, (422, "fixed", "branch_id")),
        ("kiosks", "k1", {"name": "K2"}, (409, "name_taken", "name")),
        ("kiosks", "k1", {"push_to_talk": "sometimes"}, (422, "wrong", "push_to_talk")),
        ("staff", "anna", {"login": "anna2"}, (422, "fixed", "login")),
        ("staff", "anna", {"roles": []}, (422, "required", "roles")),
        ("staff", "anna", {"roles": ["king"]}, (422, "wrong", "roles.0")),
        ("staff", "anna", {"email": "anna@"}, (422, "wrong", "email")),
        ("staff", "anna", {"email": "a@b.se\nBcc: c@d.se"}, (422, "wrong", "email")),
    ],
)
async def test_a_wrong_field_is_named_and_nothing_changes(
    world: World, kind: str, thing_id: str, changes: dict[str, Any], expected: tuple[int, str, str]
) -> None:
    before = await world.everything()
    assert await problem_of(await put(world, kind, thing_id, **changes)) == expected
    assert await world.everything() == before


@pytest.mark.parametrize(
    ("kind", "form", "expected"),
    [
        ("branches", {"phone": "112"}, (422, "required", "name")),
        ("kiosks", {"branch_id": "fjarby", "name": "K"}, (422, "unknown", "branch_id")),
        ("staff", {**STAFF_FORM, "login": "Anna"}, (409, "name_taken", "login")),
        ("staff", {**STAFF_FORM, "login": "a b"}, (422, "wrong", "login")),
        ("staff", {**STAFF_FORM, "login": "fjarran-admin"}, (409, "name_taken", "login")),
        ("exceptions", {"subject_id": "fjarby", "day": "2026-06-19"}, (422, "unknown", "subject_id")),
        ("exceptions", {"subject_id": "help", "day": "2026-12-24"}, (409, "name_taken", "day")),
        ("teams", ["a", "list"], (400, "malformed", "")),
    ],
)
async def test_something_new_that_is_wrong_is_not_made(
    world: World, kind: str, form: Any, expected: tuple[int, str, str]
) -> None:
    before = await world.everything()
    assert await problem_of(await world.ask("system_admin", "POST", f"/api/admin/{kind}", form)) == expected
    assert await world.everything() == before


async def test_a_branch_with_kiosks_does_not_go(world: World) -> None:
    revision = await world.revision("branches", "burtrask")
    refused = await world.ask("system_admin", "DELETE", "/api/admin/branches/burtrask", revision=revision)
    error = (await refused.json())["error"]
    assert (refused.status, error["code"], error["data"]) == (409, "in_use", {"why": "kiosks", "count": 2})


async def test_a_team_that_a_service_rings_and_the_last_service_do_not_go(world: World) -> None:
    revision = await world.revision("teams", "first-line")
    refused = await world.ask("system_admin", "DELETE", "/api/admin/teams/first-line", revision=revision)
    error = (await refused.json())["error"]
    assert (error["code"], error["data"]) == ("in_use", {"why": "services", "count": 1, "name": "Help"})
    for service, status in (("digital", 204), ("help", 409)):
        revision = await world.revision("services", service)
        answer = await world.ask("system_admin", "DELETE", f"/api/admin/services/{service}", revision=revision)
        assert answer.status == status
    assert TeamId("first-line") in (await world.store.directory()).teams


async def test_no_branch_shows_more_cards_than_fit(world: World) -> None:
    form = {"branch_id": "burtrask", **CARD_TEXTS}
    for _ in range(22):
        assert (await world.ask("branch_admin", "POST", "/api/admin/cards", form)).status == 201
    # 22 and the two that were there: one more fits neither here nor in every branch, but in another branch.
    for branch, status in (("burtrask", 422), (None, 422), ("boliden", 201)):
        answer = await world.ask("service_owner", "POST", "/api/admin/cards", {**form, "branch_id": branch})
        assert answer.status == status


async def test_a_body_without_end_is_cut_off(world: World) -> None:
    form = {**BRANCH_FORM, "notes": "x" * (64 * 1024)}
    refused = await world.ask("system_admin", "POST", "/api/admin/branches", form)
    assert (await problem_of(refused))[:2] == (413, "too_large")


async def test_a_body_that_does_not_say_its_length_is_cut_off_too(world: World) -> None:
    token = await world.token("system_admin")

    async def endless() -> AsyncIterator[bytes]:
        yield b'{"name": "'
        for _ in range(70):
            yield b"x" * 1024
        yield b'"}'

    headers = {"Cookie": f"librarian-session={token}", "X-CSRF-Token": csrf_of(token)}
    headers |= {"Content-Type": "application/json"}
    refused = await world.client.post("/api/admin/branches", data=endless(), headers=headers)
    assert (await problem_of(refused))[:2] == (413, "too_large")


# --- accounts -------------------------------------------------------------------------------------------------


async def test_a_service_owner_neither_makes_nor_touches_a_system_admin(world: World) -> None:
    before = await world.everything()
    form = {**STAFF_FORM, "roles": ["system_admin"]}
    assert (await world.ask("service_owner", "POST", "/api/admin/staff", form)).status == 403
    assert (await put(world, "staff", "anna", by="service_owner", roles=["system_admin"])).status == 403
    assert (await put(world, "staff", "system_admin", by="service_owner", name="Other")).status == 403
    for what in ("password", "disable"):
        path = f"/api/admin/staff/system_admin/{what}"
        assert (await world.ask("service_owner", "POST", path)).status == 403
    assert await world.everything() == before
    view = await world.view("service_owner")
    assert "system_admin" not in view["grantable_roles"]
    assert "service_owner" in view["grantable_roles"]


async def test_nobody_resets_or_disables_the_own_account(world: World) -> None:
    for what in ("password", "disable", "enable"):
        refused = await world.ask("system_admin", "POST", f"/api/admin/staff/system_admin/{what}")
        assert await problem_of(refused) == (409, "not_own", "")


async def test_the_last_system_admin_stays_one(world: World) -> None:
    # The other one has never changed the one-time password, and can all the same; so it goes first.
    assert (await world.ask("system_admin", "POST", "/api/admin/staff/newcomer/disable")).status == 200
    refused = await put(world, "staff", "system_admin", roles=["service_owner"])
    assert await problem_of(refused) == (409, "last_admin", "")


async def test_who_answers_no_more_is_signed_out_and_everybody_else_goes_on(world: World) -> None:
    signed_in = await world.auth.sign_in("anna", PASSWORD, "192.0.2.1", NOW)
    cookies = {"librarian-session": signed_in.token}
    assert (await put(world, "staff", "anna", roles=["specialist"])).status == 200
    assert await world.auth.find(cookies, NOW) is not None
    assert (await put(world, "staff", "anna", roles=["branch_admin"])).status == 200
    assert await world.auth.find(cookies, NOW) is None


# --- the action log -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "thing_id", "changes", "action", "details"),
    [
        ("branches", "burtrask", {"phone": "0914-7"}, "edit_branch", {"phone": "0914-7"}),
        (
            "branches",
            "burtrask",
            {"closed": True, "closed_texts": {"sv": "Läcka", "en": "Leak"}},
            "close_branch",
            {"closed": "true", "closed_texts": "sv: Läcka | en: Leak"},
        ),
        (
            "branches",
            "burtrask",
            {"hours": {"week": [*EVERY_DAY[:6], []]}},
            "edit_branch",
            {"hours": " | ".join(["08:00-22:00"] * 6) + " | - | closed_on_holidays: true"},
        ),
        (
            "services",
            "help",
            {"tiers": [{"team_id": "soder-team", "after_s": 30}], "languages": ["sv"], "ring_timeout_s": 12.5},
            "edit_service",
            {"tiers": "Soder-Team: 30 s", "languages": "sv", "ring_timeout_s": "12.5"},
        ),
        ("teams", "spare", {"members": ["anna", "soder-anna"]}, "edit_team", {"members": "Anna, Soder-Anna"}),
        (
            "branches",
            "burtrask",
            {"relay_only": True, "video_max_kbps": 600, "audio_max_kbps": 24},
            "edit_branch",
            {"relay_only": "true", "video_max_kbps": "600", "audio_max_kbps": "24"},
        ),
        ("kiosks", "k1", {"name": "Vid trappan"}, "rename_kiosk", {"name": "Vid trappan"}),
        ("kiosks", "k1", {"push_to_talk": True}, "edit_kiosk", {"push_to_talk": "true"}),
        (
            "kiosks",
            "k1",
            {"lens_side": "left", "camera_height_cm": 140, "quiet_from_min": 1260, "version": "1.4.0"},
            "edit_kiosk",
            {"lens_side": "left", "camera_height_cm": "140", "quiet_from_min": "21:00", "version": "1.4.0"},
        ),
        (
            "libraries",
            "norr",
            {"alert_quiet_from_min": 1320, "alert_quiet_to_min": 390},
            "edit_library",
            {"alert_quiet_from_min": "22:00", "alert_quiet_to_min": "06:30"},
        ),
        ("staff", "anna", {"alerts": True}, "edit_staff", {"alerts": "true"}),
        (
            "kiosks",
            "k1",
            {"name": "Vid trappan", "push_to_talk": True},
            "edit_kiosk",
            {"name": "Vid trappan", "push_to_talk": "true"},
        ),
        ("exceptions", "help_2026-12-24", {"spans": []}, "edit_service_exception", {"spans": "-"}),
        ("staff", "anna", {"email": "anna@example.org"}, "edit_staff", {"email": "*"}),
        ("staff", "anna", {"roles": ["librarian", "branch_admin"]}, "set_roles", {"roles": "librarian, branch_admin"}),
        ("branches", "burtrask", {"notes": "x" * 3000}, "edit_branch", {"notes": "x" * 299 + "…"}),
    ],
)
async def test_the_log_says_who_changed_what_to_what(
    world: World, kind: str, thing_id: str, changes: dict[str, Any], action: str, details: dict[str, str]
) -> None:
    assert (await put(world, kind, thing_id, **changes)).status == 200
    entry = await last_action(world)
    assert entry.pop("id")
    assert entry == {
        "at": "2026-03-02T09:00:00Z",
        "actor_name": "System_Admin",
        "action": action,
        "subject_id": thing_id,
        "details": details,
    }
    account = await world.store.find_staff(StaffId("anna")) if kind == "staff" else None
    assert world.told.changes == [(NORR, account)]


async def test_no_secret_is_in_the_log(world: World) -> None:
    kiosk = await world.ask("system_admin", "POST", "/api/admin/kiosks", {"branch_id": "boliden", "name": "Ny"})
    secrets = [(await kiosk.json())["code"], PUSH_ENDPOINT, PUSH_FORM["p256dh"], "anna@example.org"]
    code = await world.ask("system_admin", "POST", "/api/admin/kiosks/k1/code")
    account = await world.ask("system_admin", "POST", "/api/admin/staff", {**STAFF_FORM, "email": secrets[3]})
    password = await world.ask("system_admin", "POST", "/api/admin/staff/anna/password")
    secrets += [(await code.json())["code"], (await account.json())["password"], (await password.json())["password"]]
    await world.ask("librarian", "POST", "/api/me/push", PUSH_FORM)
    await world.ask("librarian", "PUT", "/api/me/settings", {"languages": ["sv"], "email": secrets[3]})
    entries = await world.store.actions(NORR, before=NOW + timedelta(days=1), limit=99)
    assert len(entries) == 6
    assert [secret for secret in secrets if secret in repr(entries)] == []


async def test_the_log_is_read_page_by_page_and_is_one_library_s(world: World) -> None:
    for number in range(60):
        world.clock.time = NOW + timedelta(seconds=number)
        assert (await put(world, "cards", "own-card", position=number + 1)).status == 200
    world.clock.time = NOW + timedelta(minutes=5)
    first = await (await world.ask("service_owner", "GET", "/api/admin/actions")).json()
    assert [entry["details"]["position"] for entry in first["entries"]] == [str(n) for n in range(60, 10, -1)]
    before = first["next_before"]
    second = await (await world.ask("service_owner", "GET", f"/api/admin/actions?before={before}")).json()
    assert [entry["details"]["position"] for entry in second["entries"]] == [str(n) for n in range(10, 0, -1)]
    assert second["next_before"] is None
    theirs = await (await world.ask("fjarran-admin", "GET", "/api/admin/actions")).json()
    assert theirs["entries"] == []


@pytest.mark.parametrize("before", ["yesterday", "2026-03-02T09:00:00"])
async def test_a_time_that_is_none_is_refused(world: World, before: str) -> None:
    refused = await world.ask("system_admin", "GET", f"/api/admin/actions?before={before}")
    assert await problem_of(refused) == (422, "wrong", "before")


async def test_a_database_that_goes_away_after_the_change_does_not_unmake_it(
    world: World, expected_log: ExpectLog
) -> None:
    expected_log("change_is_shown_later")
    world.told.fails = True
    assert (await put(world, "branches", "burtrask", phone="112")).status == 200
    assert (await world.kept("branches", "burtrask"))["phone"] == "112"


# --- the view -------------------------------------------------------------------------------------------------


async def test_the_view_is_of_the_own_library_with_what_may_be_chosen(world: World) -> None:
    view = await world.view()
    assert view["me"] == "system_admin"
    assert view["library"]["id"] == "norr"
    assert {branch["id"] for branch in view["branches"]} == {"burtrask", "boliden"}
    assert {kiosk["id"] for kiosk in view["kiosks"]} == {"k1", "k2"}
    assert {kiosk["enrolment"] for kiosk in view["kiosks"]} == {"waiting"}
    assert "fjarran" not in repr(view).casefold()
    assert view["countries"] == ["NO", "SE"]
    assert {"Europe/Stockholm", "Europe/Oslo", "Atlantic/Reykjavik"} <= set(view["time_zones"])
    assert "America/New_York" not in view["time_zones"]
    bo = next(person for person in view["staff"] if person["id"] == "bo")
    assert (bo["disabled"], bo["must_change_password"]) == (True, False)
    assert "bo" not in {person["id"] for person in view["people"]}
    assert "soder-anna" in {person["id"] for person in view["people"]}
    assert "password_hash" not in repr(view)
