"""The composition root: the only module of the kiosk that knows every concrete thing."""

from __future__ import annotations

import os
import signal
import socket
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

import structlog
from PySide6.QtCore import QObject, QSize, QSocketNotifier, Qt, Signal
from PySide6.QtGui import QGuiApplication

from kiosk import __version__
from kiosk.adapters.addresses import OwnAddresses
from kiosk.adapters.audio import make_chime, make_sound
from kiosk.adapters.audio.devices import PortAudio
from kiosk.adapters.branch_file import BRANCH_FILE, load_known, save_known
from kiosk.adapters.camera import OpenCvCamera
from kiosk.adapters.health.stages import MediaNames, make_stages
from kiosk.adapters.identity import IDENTITY_FILE, load_identity
from kiosk.adapters.kept_file import KEPT_FILE, boot_id, load_kept, save_kept
from kiosk.adapters.memory import give_memory_back, hold_little_memory
from kiosk.adapters.peer import load_engine
from kiosk.adapters.picture_scaler import PictureScaler, work_on_one_thread
from kiosk.adapters.pin import check_pin
from kiosk.adapters.place import Installation, LogLines
from kiosk.adapters.plugged import PluggedDevices
from kiosk.adapters.signaling_client import SignalingClient
from kiosk.adapters.system import LocalMachine, Notifier, cpu_s
from kiosk.check import NotEnrolled, is_second, media_as_chosen
from kiosk.core.care import Care, DeviceKind
from kiosk.core.care_ports import CareParts, Ending
from kiosk.core.commands import Command
from kiosk.core.facts import Known
from kiosk.core.kept import started
from kiosk.core.media import VideoSink, YuvFrame
from kiosk.core.snapshot import ScreenState
from kiosk.engine import Engine
from kiosk.ui.bridge import Bridge
from kiosk.ui.probe import Probe
from kiosk.ui.screen_proof import ScreenProof
from kiosk.ui.window import make_application, open_window
from signaling.protocol.vocabulary import LensSide, MediaEngine

#: The engine broke: whoever supervises this program starts it anew, and counts it.
EXIT_BROKEN: Final = 1
#: Somebody left the program by its service menu: it is not started again (`deploy/kiosk/lib/supervise.py`).
EXIT_LEFT: Final = 10
#: A start that somebody asked for is no fault: the supervisor starts whatever ends well anew.
_EXITS: Final = {Ending.RESTART: 0, Ending.LEAVE: EXIT_LEFT}

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Options:
    """How this kiosk runs.

    Attributes:
        server_url: Where the server is, e.g. `https://librarian.example`.
        state_dir: Where the kiosk's identity lies, and what it keeps of its branch.
        engine: Media engine; None for the best that loads.
        camera: Device number or path, a film, or `pattern`.
        microphone: Device name or number, a WAV file, or `pattern`.
        loudspeaker: Device name or number, or `pattern`.
        size: Width and height of the window in pixels; None takes the whole screen.
        fullscreen: Without frame, over everything.
        lens_side: Where the camera sits.
        dark: Dark colours; None follows the system.
        lines: The log's last lines, for the service menu.
        probe: A file that gets the places of all controls as JSON lines; for tests and demonstrations.
    """

    server_url: str
    state_dir: Path
    engine: str | None = None
    camera: str = "0"
    microphone: str = "default"
    loudspeaker: str = "default"
    size: tuple[int, int] | None = None
    fullscreen: bool = True
    lens_side: LensSide = LensSide.TOP
    dark: bool | None = None
    probe: Path | None = None
    lines: LogLines = field(default_factory=LogLines)


def run(options: Options, *, watch_remote: VideoSink | None = None, watch_colleague: VideoSink | None = None) -> int:
    """Run the kiosk until it is told to stop.

    Args:
        options: How.
        watch_remote: Also gets every picture of the librarian, on the engine's threads; for measuring.
        watch_colleague: The same of the colleague who was brought in.

    Returns:
        The process's exit code: 0 when it was told to stop or to start anew, 1 when a part of it broke, 10 when
        somebody left it by the service menu.

    Raises:
        NotEnrolled: There is no identity; enrol first.
        IdentityError: The identity cannot be read.
        MediaError: No media engine can be loaded.
    """
    identity = load_identity(options.state_dir / IDENTITY_FILE)
    if identity is None:
        raise NotEnrolled
    hold_little_memory()
    work_on_one_thread()
    branch_file = options.state_dir / BRANCH_FILE
    kept_file = options.state_dir / KEPT_FILE
    kept = started(load_kept(kept_file), boot_id(), datetime.now(UTC).timestamp())
    save_kept(kept_file, kept)  # now: a program that breaks at its start is to be counted, too
    asked = MediaNames(options.camera, options.microphone, options.loudspeaker)
    media = media_as_chosen(asked, kept.choices)
    port_audio = PortAudio()
    peer_engine = load_engine(options.engine)
    notifier = Notifier(os.environ)
    addresses = OwnAddresses()
    app = make_application(["kiosk"])
    stopper = _Stopper(app)
    engine: Engine | None = None

    def submit(command: Command) -> None:
        if engine is not None:
            engine.submit(command)

    bridge = Bridge(submit, PictureScaler())
    newest = _Newest(Care())

    def publish(state: ScreenState) -> None:
        newest.care = state.care
        bridge.publish(state)

    def show_remote(frame: YuvFrame) -> None:
        if watch_remote is not None:
            watch_remote(frame)
        bridge.remote_frame(frame)

    def show_colleague(frame: YuvFrame) -> None:
        if watch_colleague is not None:
            watch_colleague(frame)
        bridge.colleague_frame(frame)

    signaling = SignalingClient(
        options.server_url,
        identity,
        software=__version__,
        media_engine=MediaEngine(peer_engine.name),
    )
    known = load_known(branch_file)
    care = CareParts(
        machine=LocalMachine(notifier),
        place=Installation(
            options.state_dir,
            facts=_facts(options, known, peer_engine.name),
            addresses=addresses.addresses,
            lines=options.lines,
            now=lambda: datetime.now(UTC),
        ),
        devices=PluggedDevices(port_audio),
        keep=partial(save_kept, kept_file),
        check_pin=check_pin,
        end=lambda ending: stopper.ended.emit(_EXITS[ending]),
        cpu_s=cpu_s,
        stages=make_stages(
            media,
            server_url=options.server_url,
            signaling=signaling,
            peer_engine=peer_engine,
            port_audio=port_audio,
            state_dir=options.state_dir,
            volume_percent=lambda: newest.care.volume_max_percent,
            lit=lambda: newest.care.opened,
        ),
        kept=kept,
        second_engine=options.engine is None and is_second(peer_engine.name),
        device_names=(
            (DeviceKind.CAMERA, asked.camera),
            (DeviceKind.MICROPHONE, asked.microphone),
            (DeviceKind.LOUDSPEAKER, asked.loudspeaker),
        ),
    )
    engine = Engine(
        signaling=signaling,
        peer_engine=peer_engine,
        camera=OpenCvCamera(media.camera),
        sound=make_sound(media.microphone, media.loudspeaker, port_audio),
        publish=publish,
        show_remote=show_remote,
        show_colleague=show_colleague,
        show_own=bridge.own_frame,
        broke=stopper.broke.emit,
        chime=make_chime(media.loudspeaker, port_audio),
        network=addresses,
        care=care,
        known=known,
        keep=partial(save_known, branch_file),
        tidy=give_memory_back,
    )
    window = open_window(
        app,
        bridge,
        size=QSize(*options.size) if options.size is not None else None,
        fullscreen=options.fullscreen,
        lens_side=options.lens_side,
        dark=options.dark,
    )
    probe = Probe(window.view, bridge, options.probe) if options.probe is not None else None
    proof = ScreenProof(window.view, submit)
    engine.start()
    proof.start()
    _log.info("kiosk_started", version=__version__, engine=peer_engine.name)
    code = app.exec()
    proof.stop()
    engine.stop()
    if probe is not None:
        probe.close()
    window.close()
    stopper.close()
    notifier.close()
    _log.info("kiosk_stopped")
    return code


class _Newest:
    """What was published last; one thread writes it, others read it."""

    def __init__(self, care: Care) -> None:
        self.care = care


def _facts(options: Options, known: Known | None, engine: str) -> tuple[tuple[str, str], ...]:
    """What somebody on site asks about, by the keys of the screen's texts."""
    told = () if known is None else (("fact_kiosk", known.kiosk_name), ("fact_branch", known.branch.branch_name))
    return (*told, ("fact_server", options.server_url), ("fact_version", __version__), ("fact_engine", engine))


class _Stopper(QObject):
    """Ends Qt's loop on SIGINT and SIGTERM, without a timer that wakes an idle kiosk, and when the engine broke.

    Attributes:
        broke: To be emitted when a part broke; any thread. A screen that stands still must not look alive.
        ended: To be emitted when the program is to end by its own wish, with its exit code; any thread.
    """

    broke = Signal()
    ended = Signal(int)

    def __init__(self, app: QGuiApplication) -> None:
        super().__init__(app)
        self._app = app
        self.broke.connect(self._end_broken, Qt.ConnectionType.QueuedConnection)
        self.ended.connect(self._app.exit, Qt.ConnectionType.QueuedConnection)
        self._ours, self._pythons = socket.socketpair()
        for end in (self._ours, self._pythons):
            end.setblocking(False)
        self._previous_fd = signal.set_wakeup_fd(self._pythons.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda _number, _frame: None)
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._told)

    def close(self) -> None:
        """Give the signals back."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._previous_fd)
        self._ours.close()
        self._pythons.close()

    def _told(self) -> None:
        self._ours.recv(64)
        self._app.exit(0)  # `quit` would ask the window, and that stays open

    def _end_broken(self) -> None:
        self._app.exit(EXIT_BROKEN)
