"""What people at both ends hear, see and read over a stretch of a call that the whole service carries.

What it is for: paths that change while one talks, where the question is what went on all the time. What it does not
do: change the path, or judge.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import io
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import av
import numpy as np
from numpy.typing import NDArray
from playwright.async_api import Error as PageError

from kiosk.core.media import SAMPLE_RATE_HZ
from tests.netlab.full import LOST, LabStage
from tests.netlab.observed import Shown, first_after
from tests.support.pulse import LOUDSPEAKER, VOICE
from tests.support.stage.play import now_ms
from tests.support.stage.processes import StageError
from tests.support.stage.sound import LIBRARIAN_TONE_HZ, VISITOR_TONE_HZ

#: What both programs' Swedish sentences have in common: about a poor path, about the other end's picture that was
#: given up for the sound, and about either picture that was.
POOR: Final = re.compile(r"(Anslutningen|Linjen) är dålig|Dålig linje")
SOUND_ONLY: Final = re.compile(r"är dålig – bara ljud")
STILL: Final = re.compile(r"[Bb]ara ljud|står still|[Ss]tillbild")

_LOOKS_EVERY_S = 0.1
#: So many pictures in a row, each at most half a second after the other, are a picture that moves.
_STEADY = 5
#: A window of 10 ms without so much of the tone's usual loudness is silent; at its softest the tone has half of it.
_THERE = 0.2
_WINDOW = SAMPLE_RATE_HZ // 100
#: A MediaRecorder works beside the page's own thread, which a poor path keeps busy at times; and it needs no script
#: of ours, which the console's content policy would not allow.
_RECORD = """() => {
  const tracks = document.querySelector('[data-testid="visitor-video"]').srcObject.getAudioTracks();
  const recorder = new MediaRecorder(new MediaStream(tracks), { mimeType: "audio/webm;codecs=opus" });
  const parts = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const begun = new Promise((done) => { recorder.onstart = () => done(globalThis.stage.clock()); });
  recorder.start();
  globalThis.stage.recorder = { recorder, parts, begun };
  return begun;
}"""
_RECORDED = """async () => {
  const { recorder, parts } = globalThis.stage.recorder;
  await new Promise((done) => { recorder.onstop = done; recorder.stop(); });
  const reader = new FileReader();
  await new Promise((done) => { reader.onload = done; reader.readAsDataURL(new Blob(parts)); });
  return reader.result.slice(reader.result.indexOf(",") + 1);
}"""


@dataclass
class Noted:
    """What one end noted.

    Attributes:
        from_ms, to_ms: From when to when (monotonic).
        heard: What was heard there, mono at 48 kHz, from `heard_from_ms` on.
        tone_hz: The other end's voice.
        spoken: The same as it went into the other end's microphone, where that is known.
        pictures: All that were shown there, of the time before, too.
        lines: What could be read of a poor or a lost path, each time it changed.
        rebuilt: How often another path took the place of the one before.
    """

    tone_hz: float
    from_ms: float = 0.0
    to_ms: float = 0.0
    heard: NDArray[np.int16] = field(default_factory=lambda: np.zeros(0, "<i2"))
    heard_from_ms: float = 0.0
    spoken: NDArray[np.int16] = field(default_factory=lambda: np.zeros(0, "<i2"))
    pictures: Sequence[Shown] = ()
    lines: list[tuple[float, frozenset[str]]] = field(default_factory=list)
    rebuilt: int = 0

    def said(self, what: re.Pattern[str], from_ms: float = 0.0) -> float | None:
        """When it first could be read from a time on (that time, when it stood there already); None: never."""
        standing = [at for at, lines in self.lines if at <= from_ms][-1:]
        for at, lines in self.lines:
            if (at in standing or at > from_ms) and any(what.search(line) for line in lines):
                return max(at, from_ms)
        return None

    def gone(self, *what: re.Pattern[str]) -> float | None:
        """Since when none of these can be read any more; None: it still stands there, or never did."""
        there = [any(one.search(line) for one in what for line in lines) for _, lines in self.lines]
        if True not in there or there[-1]:
            return None
        return self.lines[len(there) - there[::-1].index(True)][0]

    def told(self, from_ms: float) -> list[str]:
        """Each change of what could be read, with its seconds after a time; for people."""
        return [f"{(at - from_ms) / 1000:.1f} s: {' / '.join(sorted(lines)) or 'nothing'}" for at, lines in self.lines]

    def moves(self, from_ms: float) -> float | None:
        """When the picture first moved after a time."""
        return first_after(self.pictures, from_ms, steady=_STEADY)

    def as_wide(self, width: int, from_ms: float) -> float | None:
        """When it first was so wide after a time, and moved."""
        return first_after([row for row in self.pictures if row[2] >= width], from_ms, steady=_STEADY)

    def widths(self, from_ms: float, to_ms: float) -> list[int]:
        """Of each picture in between."""
        return [width for at, _, width in self.pictures if from_ms <= at < to_ms]

    def longest_silence_ms(self, from_ms: float, to_ms: float) -> float | None:
        """The longest time without the other end's voice, in steps of 10 ms; None where nothing was heard."""
        first, last = (max(0, round((at - self.heard_from_ms) / 10)) for at in (from_ms, to_ms))
        return _longest_silence_ms(levels_of(self.heard, self.tone_hz)[first:last])

    def longest_pause_ms(self) -> float | None:
        """The longest time for which that voice itself was silent, as on a busy machine; None: it is not known."""
        return _longest_silence_ms(levels_of(self.spoken, self.tone_hz))


def levels_of(samples: NDArray[np.int16], tone_hz: float) -> NDArray[np.float64]:
    """A tone's amplitude in each window of 10 ms."""
    usable = len(samples) // _WINDOW * _WINDOW
    rows = samples[:usable].reshape(-1, _WINDOW).astype(np.float64)
    taper = np.hanning(_WINDOW)
    turns = np.exp(-2j * np.pi * tone_hz / SAMPLE_RATE_HZ * np.arange(_WINDOW))
    levels: NDArray[np.float64] = 2 * np.abs((rows * (taper * turns)).sum(axis=1)) / taper.sum()
    return levels


@contextlib.asynccontextmanager
async def noting(on: LabStage) -> AsyncIterator[dict[str, Noted]]:
    """Note both ends for as long as the block lasts, in a call; what they noted is whole after it."""
    ends = {"kiosk": Noted(LIBRARIAN_TONE_HZ), "console": Noted(VISITOR_TONE_HZ)}
    first = await _generation(on)
    readers = [asyncio.create_task(_read(on, side, noted)) for side, noted in ends.items()]
    ends["console"].heard_from_ms = await on.console.page.evaluate(_RECORD)
    try:
        with (
            on.sound.hearing(LOUDSPEAKER) as heard,
            on.sound.hearing(VOICE) as spoken,
        ):
            for noted in ends.values():
                noted.from_ms = now_ms()
            yield ends
            last = await _generation(on)
            for noted in ends.values():
                noted.to_ms, noted.rebuilt = now_ms(), last - first
    finally:
        for reader in readers:
            reader.cancel()
        await asyncio.gather(*readers, return_exceptions=True)
    samples = heard.samples()
    ends["kiosk"].heard = samples
    ends["kiosk"].heard_from_ms = heard.moment_of(len(samples)) - len(samples) * 1000 / SAMPLE_RATE_HZ
    ends["console"].spoken = spoken.samples()
    ends["console"].heard = await asyncio.to_thread(_decoded, await on.console.page.evaluate(_RECORDED))
    ends["kiosk"].pictures, ends["console"].pictures = on.kiosk.pictures(), await on.console.pictures()


async def reads(on: LabStage, side: str, what: re.Pattern[str], *, there: bool = True, within_s: float = 60) -> None:
    """Wait until something can be read at a side, or can no more.

    Raises:
        StageError: It did not come, or did not go.
    """
    deadline_ms = now_ms() + within_s * 1000
    while (what.search(words := await on.words(side)) is not None) is not there:
        if now_ms() > deadline_ms:
            raise StageError(
                f"not within {within_s:.0f} s: {what.pattern!r} {'came' if there else 'went'} at {side}\n{words}"
            )
        await asyncio.sleep(_LOOKS_EVERY_S)


async def _generation(on: LabStage) -> int:
    return int(await on.console.at("call").get_attribute("data-generation") or 0)


async def _read(on: LabStage, side: str, noted: Noted) -> None:
    while True:
        with contextlib.suppress(PageError):  # the page may be loading just then
            lines = (await on.words(side)).splitlines()
            read = frozenset(line for line in lines if any(what.search(line) for what in (POOR, STILL, LOST)))
            if not noted.lines or noted.lines[-1][1] != read:
                noted.lines.append((now_ms(), read))
        await asyncio.sleep(_LOOKS_EVERY_S)


def _decoded(recording: str) -> NDArray[np.int16]:
    with av.open(io.BytesIO(base64.b64decode(recording)), "r") as container:
        turn = av.AudioResampler("s16", "mono", SAMPLE_RATE_HZ)
        parts = [part.to_ndarray()[0] for frame in container.decode(audio=0) for part in turn.resample(frame)]
    return np.concatenate(parts) if parts else np.zeros(0, "<i2")


def _longest_silence_ms(levels: NDArray[np.float64]) -> float | None:
    usual = float(np.median(levels)) if len(levels) else 0.0
    if usual < 1:
        return None
    longest = run = 0
    for silent in levels < usual * _THERE:
        run = run + 1 if silent else 0
        longest = max(longest, run)
    return longest * 10.0
