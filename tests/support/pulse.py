"""A sound card for tests: a PulseAudio daemon of our own with two devices that nobody hears.

What it is for: proof that sound really leaves by a loudspeaker and comes in by a microphone, on a machine without
either. PortAudio reaches it through ALSA's PulseAudio plugin (Debian: libportaudio2, libasound2-plugins, pulseaudio,
pulseaudio-utils). What it does not do: touch the machine's own sound.

`loudspeaker` is a sink: what it plays can be heard by `listening`. `microphone` hears what `speak` says. On demand
there are two more, for cables in the wrong socket: the sink `elsewhere`, and the source `nook`, which hears the sink
`corner`. So is a librarian's headset: the sink `earpiece`, and the source `headset`, which hears the sink `librarian`;
a source of its own, because Chromium takes no monitor for a microphone.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.support.peers import Ears

LOUDSPEAKER = "loudspeaker"
MICROPHONE = "microphone"
ELSEWHERE = "elsewhere"
NOOK = "nook"
EARPIECE = "earpiece"
VOICE = "voice"
LIBRARIAN = "librarian"
_HEADSET = "headset"
_FORMAT = ("--raw", "--rate=48000", "--channels=1", "--format=s16le", "--latency-msec=20")
_ALSA = """
<confdir:alsa.conf>
pcm.loudspeaker { type pulse device loudspeaker hint { show on description "what the room hears" } }
pcm.microphone { type pulse device voice.monitor hint { show on description "what the room says" } }
"""
_ALSA_MORE = """
pcm.elsewhere { type pulse device elsewhere hint { show on description "another socket" } }
pcm.nook { type pulse device corner.monitor hint { show on description "another microphone" } }
"""


class PulseDaemon:
    """The daemon. Its address and ALSA's configuration are put into this process's environment while it is used.

    Args:
        folder: Everything that it writes goes here.
        more_devices: Whether `elsewhere` and `nook` are there, too.
        headset: Whether a headset is.
    """

    def __init__(self, folder: Path, *, more_devices: bool = False, headset: bool = False) -> None:
        self._folder = folder
        self._more_devices = more_devices
        self._headset = headset
        self._socket = folder / "native"
        self._orders = folder / "cli"
        self._process: subprocess.Popen[bytes] | None = None
        self._keepers: list[subprocess.Popen[bytes]] = []

    @property
    def _kept(self) -> tuple[str, ...]:
        """Sinks that are listened to, so that they are prompt."""
        more = (VOICE, ELSEWHERE, "corner") if self._more_devices else ()
        return (LOUDSPEAKER, *more, *((EARPIECE,) if self._headset else ()))

    @property
    def environment(self) -> dict[str, str]:
        """What a program needs to reach it."""
        return {"PULSE_SERVER": f"unix:{self._socket}", "ALSA_CONFIG_PATH": str(self._folder / "alsa.conf")}

    @property
    def headset_environment(self) -> dict[str, str]:
        """What a program needs to have the headset for its default devices."""
        return {"PULSE_SERVER": f"unix:{self._socket}", "PULSE_SINK": EARPIECE, "PULSE_SOURCE": _HEADSET}

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self._socket.unlink(missing_ok=True)
        self._orders.unlink(missing_ok=True)
        (self._folder / "alsa.conf").write_text(_ALSA + (_ALSA_MORE if self._more_devices else ""), encoding="utf-8")
        sink = "module-null-sink rate=48000 channels=1 sink_name="
        headset = f"module-remap-source rate=48000 channels=1 master={LIBRARIAN}.monitor source_name={_HEADSET}"
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    "pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1",
                    "--use-pid-file=no", "--disable-shm=yes",
                    "-L", f"module-native-protocol-unix auth-anonymous=1 socket={self._socket}",
                    "-L", f"module-cli-protocol-unix socket={self._orders}",
                    "-L", sink + LOUDSPEAKER, "-L", sink + VOICE,
                    *(("-L", sink + ELSEWHERE, "-L", sink + "corner") if self._more_devices else ()),
                    *(("-L", sink + EARPIECE, "-L", sink + LIBRARIAN, "-L", headset) if self._headset else ()),
                ],
                stdout=log, stderr=log, env={**os.environ, **self._private()},
            )  # fmt: skip
        deadline = time.monotonic() + 10
        while subprocess.run(["pactl", "info"], env=self._client(), capture_output=True, check=False).returncode != 0:
            assert self._process.poll() is None, (self._folder / "log").read_text()
            assert time.monotonic() < deadline, "the PulseAudio daemon does not answer"
            time.sleep(0.05)
        # An idle null sink plays 2 s ahead, and keeps whoever begins waiting for as long. A listener that wants 20 ms
        # keeps it as prompt as a real card.
        self._keepers = [
            subprocess.Popen(
                ["parec", f"--device={sink}.monitor", *_FORMAT], stdout=subprocess.DEVNULL, env=self._client()
            )
            for sink in self._kept
        ]

    def stop(self) -> None:
        """End it."""
        for keeper in self._keepers:
            keeper.terminate()
            keeper.wait(5)
        self._keepers = []
        if self._process is not None:
            self._process.terminate()
            self._process.wait(5)
            self._process = None

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Ears]:
        """Listen at the loudspeaker for as long as the block lasts; gives the last second of what is heard."""
        ears = Ears()
        process = await asyncio.create_subprocess_exec(
            "parec",
            f"--device={LOUDSPEAKER}.monitor",
            *_FORMAT,
            stdout=asyncio.subprocess.PIPE,
            env=self._client(),
        )

        async def read(stream: asyncio.StreamReader) -> None:
            while True:
                ears(await stream.readexactly(960))

        assert process.stdout is not None
        reading = asyncio.create_task(read(process.stdout))
        try:
            yield ears
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
            process.kill()
            await process.wait()

    @contextmanager
    def speak(self, samples: NDArray[np.int16], *, endlessly: bool = False, into: str = VOICE) -> Iterator[None]:
        """Say something into a microphone for as long as the block lasts, once or again and again.

        Args:
            samples: What is said.
            endlessly: Again and again.
            into: `VOICE` for the kiosk's microphone, `LIBRARIAN` for the headset's.
        """
        said = self._folder / f"{into}-{'endless' if endlessly else 'said'}.raw"
        said.write_bytes(samples.astype("<i2").tobytes())
        # `cat` ends by itself when nobody takes what it gives.
        again = 'while cat -- "$0"; do :; done' if endlessly else 'cat -- "$0"'
        mouth = subprocess.Popen(["sh", "-c", again, str(said)], stdout=subprocess.PIPE)
        command = ["pacat", f"--device={into}", *_FORMAT]
        process = subprocess.Popen(command, stdin=mouth.stdout, env=self._client())
        assert mouth.stdout is not None
        mouth.stdout.close()
        try:
            yield
        finally:
            process.kill()
            process.wait()
            mouth.wait()

    def microphone_in_use(self) -> bool:
        """Whether any program takes sound from the microphone now."""
        ours = {row[0] for row in self._listed("sources") if row[1] == "voice.monitor"}
        return sum(row[1] in ours for row in self._listed("source-outputs")) > self._kept.count(VOICE)

    @contextmanager
    def echo(self, latency_ms: int = 30) -> Iterator[None]:
        """Let the microphone hear the loudspeaker, as it does in a room."""
        module = self._ask(
            "load-module",
            "module-loopback",
            f"source={LOUDSPEAKER}.monitor",
            "sink=voice",
            f"latency_msec={latency_ms}",
        )  # fmt: skip
        try:
            yield
        finally:
            self._ask("unload-module", module)

    @contextmanager
    def pulled(self) -> Iterator[None]:
        """Pull the loudspeaker out, and plug it in again afterwards; with `stop`, what took its place goes too."""
        (module,) = (row[0] for row in self._listed("modules") if f"sink_name={LOUDSPEAKER}" in row[2])
        (sink,) = (row[0] for row in self._listed("sinks") if row[1] == LOUDSPEAKER)
        streams = [row[0] for row in self._listed("sink-inputs") if row[1] == sink]
        self._ask("unload-module", module)
        # Streams of a sink that goes are moved to another one. A machine with one loudspeaker has none.
        self._order(*(f"kill-sink-input {stream}" for stream in streams))
        try:
            yield
        finally:
            self._ask("load-module", "module-null-sink", "rate=48000", "channels=1", f"sink_name={LOUDSPEAKER}")

    def _listed(self, what: str) -> list[list[str]]:
        return [row.split("\t") for row in self._ask("list", "short", what).splitlines()]

    def _ask(self, *arguments: str) -> str:
        done = subprocess.run(["pactl", *arguments], env=self._client(), check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def _order(self, *lines: str) -> None:
        """What `pactl` cannot ask for."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(10)
            connection.connect(str(self._orders))
            connection.sendall("".join(f"{line}\n" for line in lines).encode())
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(4096):  # it hangs up when all is done
                pass

    def _client(self) -> dict[str, str]:
        return {**os.environ, **self._private(), **self.environment}

    def _private(self) -> dict[str, str]:
        return {"XDG_RUNTIME_DIR": str(self._folder), "HOME": str(self._folder), "PULSE_STATE_PATH": str(self._folder)}
