"""Every role on every route: what is allowed is done, and what is not changes nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientResponse

from signaling.adapters.store_memory import MemoryStore
from signaling.domain.permissions import may
from signaling.protocol.vocabulary import Action, Role
from tests.signaling.adapters.admin.walk import ELSEWHERE, STEPS, Step
from tests.signaling.adapters.admin.world import OURS, World, problem_of, world_on

#: Logins of the accounts with one role each, and one with none.
WHO = [*(role.value for role in Role), "nobody"]
CHANGING = [step for step in STEPS if step.method != "GET"]


@pytest_asyncio.fixture
async def world() -> AsyncIterator[World]:
    async with world_on(MemoryStore()) as world:
        yield world


async def body_of(world: World, step: Step) -> tuple[Any, str]:
    """What is sent, complete and right, with the revision of what is there."""
    if step.method == "GET" or "/api/admin/" not in step.route or "{id}" not in step.route:
        return step.body, ""
    kept = await world.kept(step.kind, step.id) if step.kind != "staff" or step.id != "bo" else {"revision": "none"}
    body = {**kept, **step.body} if step.method == "PUT" else step.body
    return body, str(kept["revision"])


async def take(world: World, step: Step, login: str, **headers: str) -> ClientResponse:
    body, revision = await body_of(world, step)
    return await world.ask(login, step.method, step.path, body, revision=revision, **headers)


@pytest.mark.parametrize("login", WHO)
@pytest.mark.parametrize("step", STEPS, ids=str)
async def test_each_role_does_exactly_what_its_actions_allow(world: World, step: Step, login: str) -> None:
    roles = {Role(login)} if login != "nobody" else set()
    before = await world.everything()
    response = await take(world, step, login)
    if may(roles, step.action):
        assert response.status in {200, 201, 204}, await response.text()
        if step in CHANGING and (step.method, step.route) != ("DELETE", "/api/me/push"):
            assert await world.everything() != before, "it said yes and did nothing"
    else:
        assert await problem_of(response) == (403, "forbidden", "")
        assert await world.everything() == before


async def test_every_route_of_the_forms_is_walked(world: World) -> None:
    registered = {
        (route.method, route.resource.canonical)
        for route in world.app.router.routes()
        if route.resource is not None and route.method != "HEAD"
    }
    assert registered == {(step.method, step.route) for step in STEPS}


def test_every_action_is_walked() -> None:
    assert {step.action for step in STEPS} | ELSEWHERE == set(Action)


@pytest.mark.parametrize("login", WHO)
async def test_accounts_are_shown_to_those_who_keep_them(world: World, login: str) -> None:
    roles = {Role(login)} if login != "nobody" else set()
    if may(roles, Action.VIEW_PLACES):
        view = await world.view(login)
        assert bool(view["staff"]) is may(roles, Action.VIEW_STAFF)
        assert bool(view["people"]) is may(roles, Action.EDIT_TEAM)
        assert view["allowed"] == {action.value: may(roles, action) for action in Action}


@pytest.mark.parametrize("step", STEPS, ids=str)
async def test_nobody_who_has_not_signed_in_gets_anything(world: World, step: Step) -> None:
    before = await world.everything()
    headers = {"Origin": OURS, "If-Match": "x"}
    response = await world.client.request(step.method, step.path, json=step.body, headers=headers)
    assert (await problem_of(response))[:2] == (401, "not_authenticated")
    assert await world.everything() == before


@pytest.mark.parametrize("step", STEPS, ids=str)
async def test_a_one_time_password_opens_no_form(world: World, step: Step) -> None:
    before = await world.everything()
    response = await take(world, step, "newcomer")
    assert (await problem_of(response))[:2] == (403, "forbidden")
    assert await world.everything() == before


@pytest.mark.parametrize("step", CHANGING, ids=str)
async def test_no_change_without_the_page_s_own_token(world: World, step: Step) -> None:
    before = await world.everything()
    response = await take(world, step, "system_admin", **{"X-CSRF-Token": "another"})
    assert (await problem_of(response))[:2] == (403, "forbidden")
    assert await world.everything() == before


@pytest.mark.parametrize("step", CHANGING, ids=str)
async def test_no_change_from_a_foreign_page(world: World, step: Step, expected_log: Any) -> None:
    expected_log("foreign_origin_refused")
    before = await world.everything()
    response = await take(world, step, "system_admin", Origin="https://elsewhere.example")
    assert (await problem_of(response))[:2] == (403, "origin")
    assert await world.everything() == before


@pytest.mark.parametrize("step", [step for step in CHANGING if "{id}" in step.route], ids=str)
async def test_another_library_s_things_are_not_there_for_a_system_admin(world: World, step: Step) -> None:
    before = await world.everything()
    body, revision = await body_of(world, step)
    response = await world.ask("fjarran-admin", step.method, step.path, body, revision=revision)
    assert (await problem_of(response))[:2] == (404, "not_found")
    assert await world.everything() == before


@pytest.mark.parametrize("step", [step for step in CHANGING if "{id}" in step.route], ids=str)
async def test_a_neighbour_in_the_same_line_is_read_and_not_changed(world: World, step: Step) -> None:
    theirs = {
        "libraries": "soder",
        "branches": "soderby",
        "services": "soder-help",
        "teams": "soder-team",
        "staff": "soder-anna",
    }
    if step.kind not in theirs:
        return
    before = await world.everything()
    body, revision = await body_of(world, step)
    path = step.route.replace("{id}", theirs[step.kind])
    response = await world.ask("system_admin", step.method, path, body, revision=revision)
    assert (await problem_of(response))[:2] == (404, "not_found")
    assert await world.everything() == before
    neighbours = (await world.view())["neighbours"]
    assert neighbours == [{"id": "soder", "name": "Söder", "teams": {"soder-team": "Soder-Team"}}]
