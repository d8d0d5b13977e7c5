"""The health of a library's kiosks as a server could tell it, and a server's answers to the page for a browser's tests.

What it is for: to show the page every kind of finding, order and alert at will. That page and real server understand
each other is tested with the real one.
"""

from __future__ import annotations

import asyncio
import json
import math
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from playwright.async_api import Page, Route

from signaling.protocol.admin import AlertRow, FindingRow, HealthHistory, HealthRow, HealthView, HistoryPoint, OrderRow
from signaling.protocol.health import (
    FINDINGS,
    AlertScope,
    HealthCode,
    HealthNumber,
    OrderFault,
    OrderKind,
    OrderState,
    TestKind,
    light_of,
)
from signaling.protocol.vocabulary import Language, MediaEngine, PathQuality
from tests.support.wire import BRANCH

#: Kiosks of the sample, by what is the matter with them.
ENTRANCE, CHILDREN, DOOR, HALL, NEW = "entrance", "waiting", "door", "hall", "new"
#: The page looks every few seconds; the machine is shared.
PATIENCE_S: Final = 30.0
_C, _N = HealthCode, HealthNumber
NUMBERS: Final[dict[HealthNumber, float]] = {
    _N.SWEEP_LEVEL_DB: -27.4,
    _N.NOISE_LEVEL_DB: -58.0,
    _N.SOUND_DELAY_MS: 84.0,
    _N.DISTORTION_PERCENT: 1.3,
    _N.ECHO_LEFT_DB: 31.0,
    _N.CAMERA_FPS: 29.9,
    _N.CAMERA_LIGHT_PERCENT: 46.0,
    _N.CAMERA_CONTRAST_PERCENT: 38.0,
    _N.CAMERA_SHARPNESS: 212.0,
    _N.SCREEN_DRAWN_MS: 38.0,
    _N.SERVER_ROUND_TRIP_MS: 24.0,
    _N.CLOCK_AHEAD_S: -0.2,
    _N.CALL_CONNECT_MS: 412.0,
    _N.CALL_FRAMES: 148.0,
    _N.CALL_SOUND_PERCENT: 99.0,
    _N.DISK_FREE_PERCENT: 61.0,
    _N.MEMORY_FREE_PERCENT: 48.0,
    _N.TEMPERATURE_C: 54.0,
    _N.CPU_PERCENT: 9.0,
    _N.PROGRAM_MB: 214.0,
    _N.UPTIME_S: 12.4 * 86400,
    _N.RESTARTS: 0.0,
}


def ago(**span: float) -> datetime:
    """So long before now."""
    return datetime.now(UTC) - timedelta(**span)


def health_row(kiosk_id: str, name: str, *codes: HealthCode, branch_id: str = BRANCH, **fields: Any) -> HealthRow:
    """A kiosk with these findings, connected and tested unless `fields` say otherwise."""
    since = fields.pop("since", ago(hours=3, minutes=10))
    values: dict[str, Any] = {
        "light": light_of(codes),
        "connected": True,
        "seen_at": ago(seconds=4),
        "reported_at": ago(minutes=2),
        "test": TestKind.LIGHT,
        "tested_at": ago(hours=7),
        "drawn_at": ago(seconds=9),
        "numbers": NUMBERS,
        "version": "0.5.0",
        "version_asked": "",
        "engine": MediaEngine.LIBWEBRTC,
        "call_at": ago(days=1, hours=2),
        "call_worst": PathQuality.GOOD,
        "locked": False,
        "lock_texts": {},
        "pin_set": True,
        "in_visit": False,
        "orders": (),
        **fields,
    }
    findings = tuple(
        FindingRow(code=code, area=FINDINGS[code].area, light=FINDINGS[code].light, since=since or ago(hours=3))
        for code in codes
    )
    return HealthRow(kiosk_id=kiosk_id, branch_id=branch_id, name=name, since=since, findings=findings, **values)


def order(kind: OrderKind, state: OrderState, fault: OrderFault | None = None, *, ago_s: float = 20) -> OrderRow:
    """Something that Anna asked for."""
    at = ago(seconds=ago_s)
    told = None if state is OrderState.ASKED else at
    return OrderRow(
        id=f"{kind}-{state}", kind=kind, state=state, fault=fault, asked_by="Anna", asked_at=at, told_at=told
    )


def well() -> HealthView:
    """Four kiosks, and nothing to do."""
    rows = (
        health_row(ENTRANCE, "Entrén"),
        health_row(CHILDREN, "Barnavdelningen"),
        health_row(DOOR, "Entrén", branch_id="lovanger"),
        health_row(HALL, "Hallen", branch_id="boliden"),
    )
    return HealthView(now=datetime.now(UTC), anybody_told=True, quiet=False, kiosks=rows, alerts=())


def troubled() -> HealthView:
    """One of each light, a lock, a visit, orders in every state, and alerts of every scope."""
    kind, state = OrderKind, OrderState
    rows = (
        health_row(
            ENTRANCE,
            "Entrén",
            _C.LOUDSPEAKER_SILENT,
            _C.CAMERA_BLURRED,
            _C.UNDERVOLTAGE,
            call_worst=PathQuality.SOUND_ONLY,
            version_asked="0.5.1",
            orders=(
                order(kind.IDENTIFY, state.DONE, ago_s=240),
                order(kind.TEST, state.TAKEN),
                order(kind.RELOAD, state.FAILED, OrderFault.IN_A_VISIT, ago_s=4000),
                order(kind.RESTART_PROGRAM, state.EXPIRED, ago_s=90000),
                order(kind.RESTART_MACHINE, state.ASKED, ago_s=90),
            ),
        ),
        health_row(
            DOOR,
            "Entrén",
            _C.AWAY,
            branch_id="lovanger",
            since=ago(days=3),
            connected=False,
            seen_at=ago(days=3),
            reported_at=ago(days=3),
            tested_at=ago(days=3),
            drawn_at=ago(days=3),
            locked=True,
            lock_texts={Language.SV: "Vi byter skärm.\nTillbaka på fredag.", Language.EN: "Back on Friday."},
        ),
        _never_seen(),
        health_row(CHILDREN, "Barnavdelningen", _C.RELAY_UDP_BLOCKED, in_visit=True),
        health_row(HALL, "Hallen", branch_id="boliden"),
    )
    return HealthView(now=datetime.now(UTC), anybody_told=True, quiet=True, kiosks=rows, alerts=_alerts())


def history(kiosk_id: str) -> HealthHistory:
    """Thirty days, a whole test each night and lighter ones between; a camera that went blurred, and two days away."""
    points = []
    for half_hour in range(30 * 48):
        at = datetime.now(UTC) - timedelta(days=30) + timedelta(minutes=30 * half_hour + 20)
        day = half_hour // 48
        if day in {11, 12}:
            continue
        night = half_hour % 48 == 6
        codes = (_C.CAMERA_BLURRED,) if 20 <= day < 24 else (_C.LOUDSPEAKER_SILENT,) if day == 29 else ()
        numbers: dict[HealthNumber, float] = {
            _N.SERVER_ROUND_TRIP_MS: 22 + 6 * math.sin(half_hour / 9) + (40 if half_hour % 193 == 0 else 0),
            _N.TEMPERATURE_C: 50 + 6 * math.sin(half_hour / 48 * math.tau),
            _N.UPTIME_S: (half_hour % 700) * 1800.0,
        }
        if night:
            numbers |= {name: value + (half_hour % 7) for name, value in NUMBERS.items() if name not in numbers}
        points.append(
            HistoryPoint(
                at=at,
                test=TestKind.NIGHTLY if night else TestKind.LIGHT,
                light=light_of(codes),
                findings=codes,
                numbers=numbers,
            )
        )
    return HealthHistory(kiosk_id=kiosk_id, points=tuple(points))


@dataclass
class HealthServer:
    """The server's answers about health to one page; everything else goes to the real one.

    Attributes:
        view: What the page is told.
        asked: What it asked to be done: the kiosk, the word of the address, and the body.
        looks: How often it looked.
        away: It answers nobody.
    """

    view: HealthView
    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    looks: int = 0
    away: bool = False
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def looked_after(self, before: int) -> None:
        """Wait until the page has looked more often than `before`."""
        async with asyncio.timeout(PATIENCE_S):
            while self.looks <= before:
                self._news.clear()
                await self._news.wait()

    async def attach(self, page: Page) -> None:
        """Answer this page from now on."""
        await page.route("**/api/admin/health", self._look)
        await page.route("**/api/admin/health/*/history", self._history)
        for word in ("orders", "lock", "unlock", "pin"):
            await page.route(f"**/api/admin/kiosks/*/{word}", self._asked)

    def change(self, kiosk_id: str, **fields: Any) -> None:
        """One kiosk is otherwise from the next look on."""
        rows = tuple(row.model_copy(update=fields) if row.kiosk_id == kiosk_id else row for row in self.view.kiosks)
        self.view = self.view.model_copy(update={"kiosks": rows})

    async def _look(self, route: Route) -> None:
        self.looks += 1
        self._news.set()
        if self.away:
            await route.fulfill(status=502, body="nobody here")
            return
        self.view = self.view.model_copy(update={"now": datetime.now(UTC)})
        await route.fulfill(json=self.view.model_dump(mode="json"))

    async def _history(self, route: Route) -> None:
        kiosk_id = route.request.url.split("/")[-2]
        await route.fulfill(json=history(kiosk_id).model_dump(mode="json"))

    async def _asked(self, route: Route) -> None:
        *_, kiosk_id, word = route.request.url.split("/")
        body = json.loads(route.request.post_data or "null")
        self.asked.append((kiosk_id, word, body))
        if word == "orders":
            made = order(OrderKind(body["kind"]), OrderState.ASKED, ago_s=0)
            self.change(kiosk_id, orders=(made,))
            await route.fulfill(status=201, json=made.model_dump(mode="json"))
            return
        if word == "lock":
            self.change(
                kiosk_id, locked=True, lock_texts={Language(code): text for code, text in body["texts"].items()}
            )
        if word == "unlock":
            self.change(kiosk_id, locked=False, lock_texts={})
        if word == "pin":
            self.change(kiosk_id, pin_set=body["pin"] != "")
        await route.fulfill(json={"id": kiosk_id, "revision": "2"})


def _never_seen() -> HealthRow:
    nothing = dict.fromkeys(("seen_at", "reported_at", "test", "tested_at", "drawn_at", "engine", "call_at"))
    return health_row(
        NEW,
        "Magasinet",
        _C.NEVER_SEEN,
        branch_id="boliden",
        since=None,
        connected=False,
        numbers={},
        version="",
        call_worst=None,
        **nothing,
    )


def _alerts() -> tuple[AlertRow, ...]:
    return (
        AlertRow(
            id="a1",
            scope=AlertScope.KIOSK,
            branch_id=BRANCH,
            kiosk_ids=(CHILDREN,),
            code=_C.LOUDSPEAKER_SILENT,
            found_at=ago(hours=3),
            told_at=None,
            mended_at=None,
        ),
        AlertRow(
            id="a2",
            scope=AlertScope.BRANCH,
            branch_id="lovanger",
            kiosk_ids=(DOOR, "other"),
            code=_C.AWAY,
            found_at=ago(days=3),
            told_at=ago(days=3),
            mended_at=None,
        ),
        AlertRow(
            id="a3",
            scope=AlertScope.NETWORK,
            branch_id=None,
            kiosk_ids=(ENTRANCE, DOOR, HALL),
            code=_C.AWAY,
            found_at=ago(days=9),
            told_at=ago(days=9),
            mended_at=ago(days=8),
        ),
    )
