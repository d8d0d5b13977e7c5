"""What is plugged in: cameras as the kernel names them, sound devices as PortAudio lists them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import structlog

from kiosk.adapters.audio.devices import PortAudio
from kiosk.core.care import DeviceKind

_CAMERAS: Final = Path("/sys/class/video4linux")
_CARDS: Final = Path("/proc/asound/cards")

_log = structlog.get_logger(__name__)


class PluggedDevices:
    """See `kiosk.core.care_ports.DeviceNames`.

    Args:
        port_audio: The same as the sound's: the library is one for the whole process.
        cameras: Where the kernel shows its video devices.
        cards: Where it lists its sound cards.
    """

    def __init__(self, port_audio: PortAudio, *, cameras: Path = _CAMERAS, cards: Path = _CARDS) -> None:
        self._port_audio = port_audio
        self._cameras = cameras
        self._cards = cards

    def names(self, kind: DeviceKind) -> tuple[str, ...]:
        """Paths of cameras, names of sound devices."""
        if kind is DeviceKind.CAMERA:
            return tuple(f"/dev/{name}" for name in self._capturing())
        try:
            devices = self._port_audio.devices()
        except OSError as error:
            _log.warning("devices_not_listed", error=type(error).__name__)
            return ()
        hears = kind is DeviceKind.MICROPHONE
        return tuple(dict.fromkeys(x.name for x in devices if (x.hears if hears else x.sounds)))

    def plugged(self) -> frozenset[str]:
        """Without touching any device: listing them through PortAudio would wake it every few seconds."""
        try:
            cards = {f"card {line.strip()}" for line in self._cards.read_text("utf-8", "replace").splitlines()}
        except OSError:
            cards = set()
        return frozenset(cards | set(self._capturing()))

    def _capturing(self) -> tuple[str, ...]:
        """Each camera shows itself as several devices; the first of them gives pictures."""
        try:
            found = sorted(self._cameras.iterdir(), key=lambda path: (len(path.name), path.name))
        except OSError:
            return ()
        return tuple(path.name for path in found if _index(path) == 0)


def _index(device: Path) -> int:
    try:
        return int((device / "index").read_text("ascii"))
    except (OSError, ValueError):
        return 0
