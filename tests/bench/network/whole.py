"""The rows of the table that the whole service plays: how soon one sees the other, and how a call survives."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import statistics
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from playwright.async_api import Error as PageError

from tests.bench.report import Figure, say
from tests.netlab.conditions import Access, Nat, Network, round_trip
from tests.netlab.full import LabStage, started, turn_settings
from tests.netlab.noted import POOR, SOUND_ONLY, STILL, Noted, noting
from tests.netlab.relay import relay_url
from tests.netlab.scenarios import NARROWS_S, SHRINKING, TOO_THIN, WIDENS_S
from tests.support.stage.play import now_ms
from tests.support.stage.processes import StageError, until

#: Until a librarian who sees a ring has answered it.
RINGS_S: Final = 2.0
_CUT_S: Final = 5.0
_KILLS: Final = 20
#: Between two looks at whatever goes on by itself.
_BREATH_S: Final = 2.0

#: So long both are left alone before their path gets thin: sizes settle.
_SETTLES_S: Final = 5.0
_COLLAPSED_S: Final = 40.0
#: After so long on a wide path nobody waits any more for what has not come back.
_BACK_WITHIN_S: Final = 40.0
_SILENT_MS: Final = 200.0
_WIDTH_BACK_S: Final = 15.0

#: Screens of a kiosk that knows that a visit is going on.
_IN_A_VISIT: Final = ("connecting", "talking", "held")

Faults = (StageError, PageError, TimeoutError, KeyError)


@dataclass
class Whole:
    """Plays them on one stage.

    Args:
        calls: How many where a median is asked for.
    """

    on: LabStage
    engine: str
    calls: int
    kills: int = _KILLS

    async def first_frame(self) -> list[Figure]:
        """A good path, and a librarian who takes a moment to answer."""
        times = await self._first_frames(Network(), self.calls, RINGS_S)
        return [self._median("accept to first frame", times, 150), self._slowest("accept to first frame", times)]

    async def turn_tcp(self) -> list[Figure]:
        """Through the relay alone, by TCP, with the kiosk 100 ms away from everything."""
        await self.on.lab.set(Network())
        await self.on.serve(turn_settings(relay_url("tcp"), relay_only=True))
        times = await self._first_frames(round_trip(100), self.calls, RINGS_S)
        await self._plain()
        return [self._median("accept to first frame, TURN/TCP at 100 ms", times, 600)]

    async def dead_turn(self) -> list[Figure]:
        """Through the relay alone, answered at once; with nobody at the first relay's address, and without that."""
        medians = []
        for urls in ([relay_url()], [relay_url(nobody=True), relay_url()]):
            await self.on.lab.set(Network())
            await self.on.serve(turn_settings(*urls, relay_only=True))
            medians.append(await self._first_frames(round_trip(20), max(3, self.calls // 2), 0.0))
        await self._plain()
        alone, behind = (statistics.median(times) if times else None for times in medians)
        added = None if alone is None or behind is None else round((behind - alone) / 1000, 2)
        return [
            self._figure("accept to first frame, relay, answered at once", alone, "ms"),
            self._figure("added by a dead first relay", added, "s", 0.5),
        ]

    async def symmetric(self) -> list[Figure]:
        """Symmetric NAT at both sides, answered at once: only the relay is left."""
        behind = Network(kiosk=Access(nat=Nat.SYMMETRIC), browser=Access(nat=Nat.SYMMETRIC))
        await self.on.lab.set(behind)
        await self.on.serve(turn_settings(relay_url()))
        # The gateways stay as they are from call to call: a NAT that comes and goes cuts the links to the server.
        times = await self._first_frames(behind, max(3, self.calls // 2), 0.0, between=behind)
        await self.on.lab.set(Network())
        await self._plain()
        median = statistics.median(times) if times else None
        return [self._figure("accept to first frame, symmetric NAT both sides", median, "ms", 1500)]

    async def cut(self) -> list[Figure]:
        """The kiosk's cable carries nothing for 5 s."""
        async with self._call(round_trip(20)):
            lab = self.on.lab
            await lab.set(lab.network.with_kiosk(cut=True))
            await asyncio.sleep(_CUT_S)
            await lab.set(round_trip(20))
            return [await self._again("talking again after a cut of 5 s", 3)]

    async def thin_call(self) -> list[Figure]:
        """The kiosk's access gets 500 kbit/s, then 150, then is wide again: sound first, and both screens say so."""
        on = self.on
        async with self._call(round_trip(60)):
            await asyncio.sleep(_SETTLES_S)
            async with noting(on) as ends:
                good_ms = now_ms()
                await asyncio.sleep(_SETTLES_S)
                begun_ms = now_ms()
                await on.lab.set(SHRINKING.network)
                for step in SHRINKING.steps:
                    await asyncio.sleep(begun_ms / 1000 + step.at_s - now_ms() / 1000)
                    await on.lab.set(step.network)
                await asyncio.sleep(_BACK_WITHIN_S)
        return [figure for side, noted in ends.items() for figure in self._thin_at(side, noted, good_ms, begun_ms)]

    def _thin_at(self, side: str, noted: Noted, good_ms: float, begun_ms: float) -> list[Figure]:
        """What one end noted of a call on a thin path; times of words and pictures are since the step before them."""
        thin_ms, back_ms = begun_ms + NARROWS_S * 1000, begun_ms + WIDENS_S * 1000
        name = f"thin call, {side}"
        before = max(noted.widths(good_ms, begun_ms), default=0)
        silences = [
            noted.longest_silence_ms(*each)
            for each in itertools.pairwise([good_ms, begun_ms, thin_ms, back_ms, noted.to_ms])
        ]
        say(f"{name}: {before} pixels wide before; " + "; ".join(noted.told(begun_ms)))
        say(
            f"{name}: longest silence before, at 500, at 150 and when wide again: {silences} ms; "
            f"of the voice itself: {noted.longest_pause_ms()} ms"
        )
        return [
            self._figure(f"{name}: longest silence, {_SETTLES_S:.0f} s before", silences[0], "ms"),
            self._figure(f"{name}: longest silence", noted.longest_silence_ms(begun_ms, noted.to_ms), "ms", _SILENT_MS),
            self._figure(f"{name}: says that the path is poor", _since(noted.said(POOR, thin_ms), thin_ms), "s"),
            self._figure(f"{name}: says that a picture stands still", _since(noted.said(STILL, thin_ms), thin_ms), "s"),
            self._figure(f"{name}: narrowest picture", min(noted.widths(thin_ms, back_ms), default=None), "px"),
            self._figure(f"{name}: moves again", _since(noted.moves(back_ms), back_ms), "s", _WIDTH_BACK_S),
            self._figure(
                f"{name}: as wide as before", _since(noted.as_wide(before, back_ms), back_ms), "s", _WIDTH_BACK_S
            ),
            self._figure(f"{name}: says no more that a picture stands still", _since(noted.gone(STILL), back_ms), "s"),
            self._figure(f"{name}: says no more that the path is poor", _since(noted.gone(POOR), back_ms), "s"),
        ]

    async def collapse(self) -> list[Figure]:
        """The kiosk's access gets 110 kbit/s at once, with a picture of a full call on it: the sound gets through."""
        on = self.on
        async with self._call(round_trip(60)):
            await asyncio.sleep(_SETTLES_S)
            async with noting(on) as ends:
                begun_ms = now_ms()
                await on.lab.set(TOO_THIN)
                await asyncio.sleep(_COLLAPSED_S)
        figures = [self._figure("collapse: paths made anew", ends["kiosk"].rebuilt, "", 0)]
        for side, noted in ends.items():
            name, sound_only = f"collapse, {side}", noted.said(SOUND_ONLY, begun_ms)
            say(f"{name}: " + "; ".join(noted.told(begun_ms)))
            settled_ms = begun_ms + _SETTLES_S * 1000
            figures += [
                self._figure(f"{name}: says that there is sound only", _since(sound_only, begun_ms), "s"),
                self._figure(
                    f"{name}: longest silence in the first {_SETTLES_S:.0f} s",
                    noted.longest_silence_ms(begun_ms, settled_ms),
                    "ms",
                ),
                self._figure(
                    f"{name}: longest silence after them",
                    noted.longest_silence_ms(settled_ms, noted.to_ms),
                    "ms",
                    _SILENT_MS,
                ),
            ]
        return figures

    async def move(self) -> list[Figure]:
        """The kiosk gets another address; the old one is gone."""
        async with self._call(round_trip(20)):
            begun_ms = now_ms()
            await self.on.lab.move("kiosk")
            figure = await self._again("talking again after an address change", 4, begun_ms)
        await self.on.lab.move("kiosk", back=True)
        return [figure]

    async def kill_server(self) -> list[Figure]:
        """The server is killed and started again, and again, in one call.

        A program that starts takes a whole processor for a second or two; in a library that is another machine's.
        """
        on = self.on
        async with self._call(round_trip(20)):
            calm_from = now_ms()
            await asyncio.sleep(15)
            calm = await self._stills(calm_from, now_ms())
            from_ms = now_ms()
            for number in range(self.kills):
                on.server.kill()
                await started(on.lab, "server", partial(on.server.start, last_in_line=True))
                await asyncio.sleep(_BREATH_S)
                if (number + 1) % 5 == 0:
                    say(f"killed {number + 1} times")
            stormy = await self._stills(from_ms, now_ms())
            on.server.kill()
            await started(on.lab, "server", on.server.start)
            back_ms = now_ms()
            await on.console.at("link-away").wait_for(state="detached", timeout=30_000)
            await on.console.at("hold").click()
            await on.kiosk.shows("held", within_s=30)
            hold_s = round((now_ms() - back_ms) / 1000, 1)
        return [
            self._figure("longest still picture at the kiosk, 15 s before", calm[0], "ms"),
            self._figure(f"longest still picture at the kiosk, server killed {self.kills} times", stormy[0], "ms", 200),
            self._figure("longest still picture at the console, 15 s before", calm[1], "ms"),
            self._figure(
                f"longest still picture at the console, server killed {self.kills} times", stormy[1], "ms", 200
            ),
            self._figure("on hold after the server is back", hold_s, "s", 5),
        ]

    async def reload(self) -> list[Figure]:
        """The librarian's page is loaded anew."""
        on = self.on
        async with self._call(round_trip(20)):
            begun_ms = now_ms()
            await on.console.page.reload(wait_until="commit")
            await on.console.page.wait_for_load_state("domcontentloaded")
            await on.console.set_clock()
            await on.watch_visitor()
            figure = await self._again("talking again after a reload of the browser", 3, begun_ms)
        await self._on_duty()
        return [figure]

    async def kill_kiosk(self) -> list[Figure]:
        """The kiosk's program is killed, and started again at once, as its supervisor does."""
        on = self.on
        async with self._call(round_trip(20)):
            begun_ms = now_ms()
            on.kiosk.kill()
            await started(on.lab, "kiosk", on.kiosk.start)
            screen_s = round((now_ms() - begun_ms) / 1000, 1)
            await until(lambda: on.kiosk.screen_name in _IN_A_VISIT, "the kiosk was back in the visit", within_s=30)
            offers_s = round((now_ms() - begun_ms) / 1000, 1)
            say(f"it shows {on.kiosk.screen_name!r}: {' / '.join(on.kiosk.words.splitlines())[:120]}")
        return [
            self._figure("a killed kiosk shows a screen", screen_s, "s"),
            self._figure("a killed kiosk is back in the visit", offers_s, "s", 8),
        ]

    async def unplugged(self) -> list[Figure]:
        """The kiosk's cable is pulled for good: what do both screens say, and when."""
        on = self.on
        async with self._call(round_trip(20)):
            before = {side: await on.words(side) for side in ("kiosk", "console")}
            begun_ms = now_ms()
            await on.lab.unplug("kiosk")
            found = await asyncio.gather(*[on.says_so(side, before[side], begun_ms) for side in before])
            await on.lab.unplug("kiosk", out=False)
        return [self._said(f"cable pulled: the {side} says so", said) for side, said in zip(before, found, strict=True)]

    async def other_end_killed(self) -> list[Figure]:
        """The librarian's browser is killed, then the kiosk's program: what does the other screen say, and when."""
        on = self.on
        figures = []
        try:
            await on.talk()
            before = await on.words("kiosk")
            begun_ms = now_ms()
            await on.kill_browser()
            figures.append(self._said("browser killed: the kiosk says so", await on.says_so("kiosk", before, begun_ms)))
        finally:
            await on.come_back()
            await on.end()
        await self._on_duty()
        async with self._call(Network()):
            before = await on.words("console")
            begun_ms = now_ms()
            on.kiosk.kill()
            said = await on.says_so("console", before, begun_ms)
            figures.append(self._said("kiosk killed: the console says so", said))
            await started(on.lab, "kiosk", on.kiosk.start)
        return figures

    async def _plain(self) -> None:
        await self.on.lab.set(Network())
        await self.on.serve({})

    async def _on_duty(self) -> None:
        if await self.on.console.at("go-on-duty").count():
            await self.on.console.go_on_duty()
        else:
            await self.on.console.go_on_duty_again()

    async def _first_frames(
        self, network: Network, calls: int, rest_s: float, between: Network | None = None
    ) -> list[float]:
        times = []
        for number in range(calls):
            await self.on.lab.set(network)
            try:
                accepted_ms, first_ms = await self.on.talk(shown=False, rest_s=rest_s)
            except Faults as error:
                say(f"call {number + 1}: {str(error).splitlines()[0]}")
            else:
                times.append(first_ms - accepted_ms)
                say(f"call {number + 1}: {times[-1]:.0f} ms")
            await self.on.lab.set(between or Network())
            await self.on.end()
        return times

    @contextlib.asynccontextmanager
    async def _call(self, network: Network) -> AsyncIterator[None]:
        await self.on.lab.set(network)
        try:
            await self.on.talk()
            if await self.on.talking_again(now_ms()) is None:
                raise StageError("they never talked")
            yield
        finally:
            await self.on.lab.set(Network())
            await self.on.end()

    async def _again(self, name: str, reach_s: float, from_ms: float | None = None) -> Figure:
        took_ms = await self.on.talking_again(now_ms() if from_ms is None else from_ms)
        return self._figure(name, None if took_ms is None else round(took_ms / 1000, 1), "s", reach_s)

    async def _stills(self, from_ms: float, to_ms: float) -> tuple[float, float]:
        """The longest time between two pictures, at the kiosk and at the console, ms."""
        rows = (self.on.kiosk.pictures(), await self.on.console.pictures())
        kiosk, console = ([from_ms, *[row[0] for row in side if from_ms <= row[0] < to_ms], to_ms] for side in rows)
        return round(_longest(kiosk)), round(_longest(console))

    def _figure(self, name: str, value: float | None, unit: str, reach: float | None = None) -> Figure:
        return Figure(f"{name} ({self.engine})", value, unit, reach)

    def _said(self, name: str, said: tuple[float, str] | None) -> Figure:
        say(f"{name}: {'nothing new' if said is None else said[1]}")
        return self._figure(name, None if said is None else round(said[0] / 1000, 1), "s", 3)

    def _median(self, name: str, times: list[float], reach: float) -> Figure:
        return self._figure(f"{name}, median", round(statistics.median(times)) if times else None, "ms", reach)

    def _slowest(self, name: str, times: list[float]) -> Figure:
        return self._figure(f"{name}, slowest of {len(times)}", round(max(times)) if times else None, "ms")


def _since(at_ms: float | None, from_ms: float) -> float | None:
    return None if at_ms is None else round((at_ms - from_ms) / 1000, 1)


def _longest(times: list[float]) -> float:
    return max(b - a for a, b in itertools.pairwise(times))
