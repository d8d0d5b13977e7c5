"""The kiosk's end of a lean pair: its media engine in a process of its own, with the pattern camera and a given sound.

`python -m tests.netlab.peer_process FOLDER` speaks JSON lines: first it takes its settings, then it tells its offer,
candidates and states, and takes an answer and candidates. `{"report": true}` makes it write `seen.json` and
`heard.wav` into the folder and tell its statistics; `trace-kiosk.json` is what it thought of the path meanwhile. What
it records of the sound is what its loudspeaker would play: it goes through the kiosk's own buffer. It looks at the path
as often as the kiosk does and acts on it likewise. It ends when its standard input does.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from kiosk.adapters.audio.pace import PacedSound
from kiosk.adapters.audio.playout import PlayoutBuffer
from kiosk.adapters.audio.recording import read_blocks
from kiosk.adapters.camera import OpenCvCamera
from kiosk.adapters.peer import load_engine
from kiosk.call.lookout import Goings, Lookout
from kiosk.call.path import PathTiming
from kiosk.core.media import (
    AudioSink,
    CallPeer,
    IceCandidate,
    IceServer,
    PathState,
    PeerSettings,
    Unsubscribe,
    VideoSource,
    YuvFrame,
)
from signaling.protocol.vocabulary import IceTrouble
from tests.netlab.sound import write_wave
from tests.support.picture_clock import age_ms, read_clock

_BLOCK_S = 0.01
_lock = threading.Lock()


def tell(fact: dict[str, Any]) -> None:
    """One line; the engine's threads tell, too."""
    with _lock:
        sys.stdout.write(json.dumps(fact) + "\n")
        sys.stdout.flush()


class Speaker:
    """An `AudioSource`: a WAV file again and again, from its beginning when somebody first listens."""

    def __init__(self, file: Path) -> None:
        blocks = read_blocks(file)
        if blocks is None:
            raise ValueError(f"{file} cannot be read")
        self._blocks = blocks

    def subscribe(self, taker: AudioSink) -> Unsubscribe:
        """Push every 10 ms."""
        sound = PacedSound(itertools.cycle(self._blocks), taker, "speaker")
        sound.start()
        return sound.stop


class Ear:
    """Plays what comes at a steady pace, into memory."""

    def __init__(self) -> None:
        self.buffer = PlayoutBuffer()
        self.played: list[bytes] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._play, name="ear", daemon=True)

    def __call__(self, block: bytes) -> None:
        if not self._thread.is_alive() and not self._stop.is_set():
            self._thread.start()
        self.buffer.put(block)

    def stop(self) -> None:
        """No more."""
        self._stop.set()

    def _play(self) -> None:
        due_s = time.monotonic()
        while not self._stop.wait(max(0.0, due_s - time.monotonic())):
            self.played.append(self.buffer.take())
            due_s += _BLOCK_S


class Eye:
    """Notes when each picture came, how old it was, how wide."""

    def __init__(self) -> None:
        self.rows: list[tuple[float, int | None, int]] = []

    def __call__(self, frame: YuvFrame) -> None:
        at_ms = time.monotonic() * 1000
        # Of every third picture it is enough; to read it costs a millisecond.
        painted = read_clock(frame) if len(self.rows) % 3 == 0 else None
        age = None if painted is None else age_ms(painted, int(at_ms) & 0xFFFFFFFF)
        self.rows.append((at_ms, age, frame.width))


class Teller:
    """A `PeerListener`."""

    def __init__(self) -> None:
        self.connected = asyncio.Event()

    def path_changed(self, state: PathState) -> None:
        tell({"state": state.value, "at": time.monotonic() * 1000})
        if state is PathState.CONNECTED:
            self.connected.set()

    def candidate_found(self, candidate: IceCandidate) -> None:
        if candidate.candidate:
            tell({"candidate": asdict(candidate)})

    def trouble_found(self, trouble: IceTrouble) -> None:
        tell({"trouble": str(trouble)})


class Looker:
    """Looks at the path, and sends as much of the picture as it carries.

    Attributes:
        trace: Monotonic milliseconds, kbit/s that the path is thought to carry, width sent.
    """

    def __init__(self, peer: CallPeer, camera: VideoSource) -> None:
        self.trace: list[tuple[float, float, int]] = []
        self._peer = peer
        self._camera = camera
        self._lookout = Lookout()

    async def run(self) -> None:
        """For ever."""
        while True:
            await asyncio.sleep(PathTiming().look_every_s)
            stats, now_s = await self._peer.stats(), time.monotonic()
            limits = self._lookout.limits
            self._lookout.look(stats, Goings(picture=True, ours=True), now_s)
            if self._lookout.limits != limits:
                self._peer.send_video(self._camera, self._lookout.limits)
            self.trace.append((now_s * 1000, round(stats.estimate_kbps or 0), stats.frame_width_sent))


async def main() -> None:
    """Be one end of one call."""
    folder = Path(sys.argv[1])
    reader = asyncio.StreamReader(limit=2**22)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    orders = json.loads(await reader.readline())
    _try_out(orders.get("field_trials") or {})
    engine = load_engine(orders["engine"])
    servers = tuple(IceServer(tuple(s["urls"]), s["username"], s["credential"]) for s in orders["ice"])
    settings = PeerSettings(servers, relay_only=orders["relay_only"], **orders.get("settings", {}))
    teller, eye, ear = Teller(), Eye(), Ear()
    peer = engine.create_peer(settings, teller, eye, ear)
    camera, speaker = OpenCvCamera("pattern"), Speaker(Path(orders["wave"]))
    camera.open()
    looker = Looker(peer, camera)
    tell({"offer": await peer.create_offer()})

    async def attach() -> None:
        await teller.connected.wait()
        peer.send_audio(speaker)
        peer.send_video(camera)
        await looker.run()

    attaching = asyncio.create_task(attach())
    while line := await reader.readline():
        order = json.loads(line)
        if "answer" in order:
            await peer.accept_answer(order["answer"])
        elif "candidate" in order:
            await peer.add_candidate(IceCandidate(**order["candidate"]))
        elif "stats" in order:
            tell({"stats": asdict(await peer.stats())})
        elif "report" in order:
            (folder / "seen.json").write_text(json.dumps(eye.rows), encoding="ascii")
            (folder / "trace-kiosk.json").write_text(json.dumps(looker.trace), encoding="ascii")
            write_wave(folder / "heard.wav", np.frombuffer(b"".join(ear.played), "<i2"))
            times = time.process_time()
            tell({"report": asdict(await peer.stats()), "cpu_s": times})
    attaching.cancel()
    await asyncio.gather(attaching, return_exceptions=True)
    ear.stop()
    await peer.close()
    camera.close()


def _try_out(trials: dict[str, str]) -> None:
    """Other field trials of libwebrtc, over those that the engine sets: to find out what they do."""
    if trials:
        from kiosk.adapters.peer import libwebrtc

        libwebrtc._FIELD_TRIALS.update(trials)


if __name__ == "__main__":
    asyncio.run(main())
