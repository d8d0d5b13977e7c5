"""Pictures of the console's forms, into var/shots/admin/.

Usage: python -m tests.shots.admin [--only NAME ...] [--languages sv,en] [--sizes 360,1280] [--modes light,dark]
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from signaling.protocol.vocabulary import RelayFinding, Role
from tests.support.admin_calls import furnish_calls, relay_found
from tests.support.admin_stage import AdminStage, Desk, admin_stage
from tests.support.chromium import launch_chromium
from tests.support.health_samples import CHILDREN, DOOR, ENTRANCE, HALL, NEW, HealthServer, troubled, well

FOLDER: Final = Path("var/shots/admin")
#: From this width on each pane scrolls by itself.
SIDE_BY_SIDE: Final = 1024
SIZES: Final = {"360": (360, 740), "768": (768, 1024), "1280": (1280, 800), "1920": (1920, 1080), "3840": (3840, 2160)}


def _form(place: str) -> Callable[[Desk], Awaitable[None]]:
    async def bring(desk: Desk) -> None:
        await desk.open(place)

    return bring


async def _conflict(desk: Desk) -> None:
    other = await desk.page.context.new_page()
    await other.goto(f"{desk.url}/#manage/branches/burtrask")
    await desk.open("branches/burtrask")
    await desk.field("phone").fill("0914-999 99")
    await other.get_by_test_id("field-phone").fill("0914-100 11")
    await other.get_by_test_id("save").click()
    await other.get_by_test_id("saved").wait_for()
    await other.close()
    await desk.at("save").click()
    await desk.at("conflict").wait_for()


async def _secret(desk: Desk) -> None:
    await desk.open("kiosks/new")
    await desk.field("name").fill("Entré")
    await desk.at("save").click()
    await desk.at("secret").wait_for()


async def _log(desk: Desk) -> None:
    await desk.open("branches/burtrask")
    await desk.field("phone").fill("0914-100 12")
    await desk.save()
    await desk.manage("actions")
    await desk.at("log-row").first.wait_for()


async def _wrong(desk: Desk) -> None:
    await desk.open("branches/burtrask")
    await desk.at("day-0-0-closes_min").fill("7")
    await desk.at("day-1-0-closes_min").focus()


async def _kinds(desk: Desk) -> None:
    await desk.manage()


async def _list(desk: Desk) -> None:
    await desk.manage("branches")
    await desk.at("entry-burtrask").wait_for()


async def _leaving(desk: Desk) -> None:
    await desk.open("teams/first-line")
    await desk.field("name").fill("Andralinjen")
    await desk.page.goto(f"{desk.url}/#manage/cards")
    await desk.at("confirm").wait_for()


async def _calls(desk: Desk) -> None:
    await desk.manage("calls")
    await desk.at("call-row").first.wait_for()
    await desk.at("call-figures").nth(1).click()


async def _network_none(desk: Desk) -> None:
    await desk.manage("network")
    await desk.at("network-none").wait_for()


async def _network(desk: Desk) -> None:
    found = relay_found(*(None, *RelayFinding))
    await desk.page.route("**/api/admin/network", lambda route: route.fulfill(json=found.model_dump(mode="json")))
    await desk.manage("network")
    await desk.at("relay").first.wait_for()


async def _branch_network(desk: Desk) -> None:
    await desk.open("branches/burtrask")
    await desk.at("branch-network").scroll_into_view_if_needed()


async def _health(desk: Desk) -> None:
    await HealthServer(troubled()).attach(desk.page)
    await desk.manage("health")
    await desk.at(f"health-{ENTRANCE}").wait_for()


async def _health_well(desk: Desk) -> None:
    await HealthServer(well()).attach(desk.page)
    await desk.manage("health")
    await desk.at(f"health-{ENTRANCE}").wait_for()


async def _health_away(desk: Desk) -> None:
    server = HealthServer(troubled())
    await server.attach(desk.page)
    await desk.manage("health")
    await desk.at(f"health-{ENTRANCE}").wait_for()
    server.away = True
    await desk.at("health-away").wait_for()


def _health_of(kiosk_id: str) -> Callable[[Desk], Awaitable[None]]:
    async def bring(desk: Desk) -> None:
        await HealthServer(troubled()).attach(desk.page)
        await desk.manage(f"health/{kiosk_id}")
        await desk.at("kiosk-health").wait_for()
        if kiosk_id != NEW:
            await desk.page.locator("[data-testid=plot] canvas").wait_for()
        # All of it in one picture: the pane scrolls by itself.
        pane = desk.page.locator(".form-pane")
        height = await pane.evaluate("pane => pane.scrollHeight + pane.getBoundingClientRect().top")
        size = desk.page.viewport_size or {"width": 1280, "height": 800}
        await desk.page.set_viewport_size({"width": size["width"], "height": max(size["height"], int(height) + 1)})

    return bring


async def _health_machine(desk: Desk) -> None:
    await HealthServer(troubled()).attach(desk.page)
    await desk.manage(f"health/{HALL}")
    await desk.at("order-restart_machine").click()
    await desk.at("confirm").wait_for()


async def _health_locking(desk: Desk) -> None:
    await HealthServer(troubled()).attach(desk.page)
    await desk.manage(f"health/{HALL}")
    await desk.at("lock-open").click()
    await desk.at("lock-form").scroll_into_view_if_needed()


PAGES: Final[dict[str, Callable[[Desk], Awaitable[None]]]] = {
    "kinds": _kinds,
    "branches": _list,
    "branch": _form("branches/burtrask"),
    "branch_closed": _form("branches/boliden"),
    "branch_wrong": _wrong,
    "library": _form("libraries"),
    "service": _form("services/library-help"),
    "team": _form("teams/first-line"),
    "exception": _form("exceptions/new"),
    "card": _form("cards/print"),
    "person": _form("staff/bo"),
    "kiosk": _form("kiosks/waiting"),
    "secret": _secret,
    "conflict": _conflict,
    "leaving": _leaving,
    "log": _log,
    "calls": _calls,
    "network": _network,
    "network_none": _network_none,
    "branch_network": _branch_network,
    "health": _health,
    "health_well": _health_well,
    "health_away": _health_away,
    "health_kiosk": _health_of(ENTRANCE),
    "health_locked": _health_of(DOOR),
    "health_visit": _health_of(CHILDREN),
    "health_new": _health_of(NEW),
    "health_machine": _health_machine,
    "health_locking": _health_locking,
}


def main() -> int:
    """Take what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.shots.admin", description=__doc__)
    parser.add_argument("--only", nargs="*", default=[], help="names of pages")
    parser.add_argument("--languages", default="sv,nb,en")
    parser.add_argument("--sizes", default="360,1280")
    parser.add_argument("--modes", default="light,dark")
    asked = parser.parse_args()
    unknown = set(asked.only) - PAGES.keys()
    if unknown:
        parser.error(f"no such page: {', '.join(sorted(unknown))}; there are {', '.join(PAGES)}")
    FOLDER.mkdir(parents=True, exist_ok=True)
    print(f"{asyncio.run(_take(asked))} pictures in {FOLDER}")
    return 0


async def _take(asked: argparse.Namespace) -> int:
    count = 0
    async with launch_chromium() as browser:
        for name, bring in PAGES.items():
            if asked.only and name not in asked.only:
                continue
            for size in asked.sizes.split(","):
                for mode in asked.modes.split(","):
                    for language in asked.languages.split(","):
                        async with admin_stage(browser) as stage:
                            await furnish_calls(stage.wire.store)
                            await _one(stage, bring, f"{name}-{language}-{size}-{mode}")
                            count += 1
            print(f"{name}: {count} pictures so far", flush=True)
    return count


async def _one(stage: AdminStage, bring: Callable[[Desk], Awaitable[None]], name: str) -> None:
    _, language, size, mode = name.rsplit("-", 3)
    desk = await stage.sit_down(
        "anna",
        Role.LIBRARIAN,
        Role.SERVICE_OWNER,
        name="Anna Berg",
        language=language,
        size=SIZES[size],
        dark=mode == "dark",
    )
    await bring(desk)
    width, height = SIZES[size]
    if width < SIDE_BY_SIDE:
        # The whole page at once: what stays in reach at the lower edge would otherwise lie over its middle.
        height = max(height, await desk.page.evaluate("document.documentElement.scrollHeight"))
        await desk.page.set_viewport_size({"width": width, "height": height})
    await desk.page.screenshot(path=FOLDER / f"{name}.png", full_page=True)
    if desk.faults:
        raise RuntimeError(f"{name}: {desk.faults}")


if __name__ == "__main__":
    raise SystemExit(main())
