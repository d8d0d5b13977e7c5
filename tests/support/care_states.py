"""States of a kiosk that somebody looks after: named, locked, broken, dim, and its service menu."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta

from kiosk.core.care import Care, DeviceChoice, Health, Identify, Menu, MenuStage, Settings
from kiosk.core.snapshot import Screen, ScreenState
from signaling.protocol.health import HealthArea, HealthCode, HealthNumber, TestKind, in_order
from signaling.protocol.vocabulary import Language, LensSide, OutOfServiceCause
from tests.support.sample_states import NOW, Sample, samples

FLOOR = {
    Language.SV: "Vi lägger nytt golv här fram till torsdag. Skärmen på andra våningen fungerar som vanligt.",
    Language.NB: "Vi legger nytt gulv her fram til torsdag. Skjermen i andre etasje virker som vanlig.",
    Language.EN: "We are laying a new floor here until Thursday. The screen on the second floor works as usual.",
}
NUMBERS = {
    HealthNumber.SWEEP_LEVEL_DB: -23.4,
    HealthNumber.NOISE_LEVEL_DB: -61.0,
    HealthNumber.SOUND_DELAY_MS: 84.0,
    HealthNumber.DISTORTION_PERCENT: 1.7,
    HealthNumber.ECHO_LEFT_DB: 31.0,
    HealthNumber.CAMERA_FPS: 29.9,
    HealthNumber.CAMERA_LIGHT_PERCENT: 46.0,
    HealthNumber.SCREEN_DRAWN_MS: 24.0,
    HealthNumber.SERVER_ROUND_TRIP_MS: 18.0,
    HealthNumber.CLOCK_AHEAD_S: -0.04,
    HealthNumber.CALL_CONNECT_MS: 412.0,
    HealthNumber.CALL_FRAMES: 118.0,
    HealthNumber.DISK_FREE_PERCENT: 61.0,
    HealthNumber.TEMPERATURE_C: 52.0,
    HealthNumber.UPTIME_S: 190_000.0,
}
HEALTHY = Health(numbers=NUMBERS, test=TestKind.NIGHTLY, tested_at=NOW.astimezone(UTC) - timedelta(hours=3))
WRONG = in_order((HealthCode.LOUDSPEAKER_SILENT, HealthCode.CAMERA_COVERED, HealthCode.RELAY_TLS_BLOCKED))
OPEN = Menu(
    stage=MenuStage.OPEN,
    cameras=DeviceChoice(("Logitech BRIO", "HD Webcam C270"), "Logitech BRIO"),
    microphones=DeviceChoice(
        ("default", "Jabra Speak 510 USB", "Logitech BRIO Analog Stereo", "HDA Intel PCH: ALC257 Analog", "pulse"),
        "Jabra Speak 510 USB",
    ),
    loudspeakers=DeviceChoice(("default", "Jabra Speak 510 USB"), "default"),
    level_percent=37,
    camera_open=True,
    facts=(
        ("fact_kiosk", "Älvdalen, entrén"),
        ("fact_branch", "Älvdalens bibliotek"),
        ("fact_server", "https://bibliotekarie.dalarna.example"),
        ("fact_addresses", "10.20.30.40, 2001:db8:20:30::40"),
        ("fact_machine", "kiosk-alvdalen-1"),
        ("fact_version", "1.4.2"),
        ("fact_engine", "libwebrtc"),
    ),
)
CARE = Care(
    kiosk_name="Älvdalen, entrén",
    settings=Settings(lens_side=LensSide.TOP, camera_height_cm=145, pin_hash="scrypt$..."),
    health=HEALTHY,
)


def care_samples(language: Language) -> tuple[Sample, ...]:
    """Every screen that has to do with the kiosk itself, and every important variant of it."""
    known = {sample.name: sample.state for sample in samples(language)}
    idle, out = replace(known["idle"], care=CARE), replace(known["out_of_service"], care=CARE)

    def menu(changed: Menu, health: Health = HEALTHY) -> ScreenState:
        return replace(idle, care=replace(CARE, menu=changed, health=health))

    broken = replace(HEALTHY, findings=WRONG)
    tested = replace(broken, testing=HealthArea.CAMERA, test=TestKind.ASKED)
    gone = replace(OPEN, loudspeakers=DeviceChoice(("default",), "Jabra Speak 510 USB"), level_percent=0)
    return (
        Sample("identify", replace(idle, care=replace(CARE, identify=Identify("Älvdalen, entrén", "7K3F", 42)))),
        Sample(
            "locked",
            replace(out, out_of_service_cause=OutOfServiceCause.LOCKED, care=replace(CARE, lock=FLOOR)),
        ),
        Sample(
            "broken",
            replace(out, out_of_service_cause=OutOfServiceCause.BROKEN, care=replace(CARE, health=broken)),
        ),
        Sample("dim", replace(idle, care=replace(CARE, brightness_percent=20))),
        Sample("pin", menu(Menu(MenuStage.PIN)), ("pin_1", "pin_2", "pin_3", "pin_4")),
        Sample("pin_wrong", menu(Menu(MenuStage.PIN, tries_left=1))),
        Sample("pin_locked", menu(Menu(MenuStage.LOCKED_OUT, locked_s=290))),
        Sample("pin_none", menu(Menu(MenuStage.NO_PIN))),
        Sample("menu_test", menu(OPEN)),
        Sample("menu_test_wrong", menu(OPEN, broken)),
        Sample("menu_test_runs", menu(OPEN, tested)),
        Sample("menu_test_never", menu(OPEN, Health())),
        Sample("menu_camera", menu(OPEN), ("tab_camera",)),
        Sample("menu_sound", menu(OPEN), ("tab_sound",)),
        Sample("menu_sound_gone", menu(gone), ("tab_sound",)),
        Sample("menu_facts", menu(OPEN), ("tab_facts",)),
        Sample("menu_program", menu(replace(OPEN, message="menu_said_log_kept")), ("tab_program",)),
        Sample("menu_leave", menu(OPEN), ("tab_program", "leave")),
    )


def in_menu(state: ScreenState) -> bool:
    """Whether a caretaker is at it, not a visitor."""
    return state.care.menu.stage is not MenuStage.CLOSED


def visits_of(language: Language) -> tuple[ScreenState, ...]:
    """Every state in which a visit goes on."""
    between = {Screen.STARTING, Screen.IDLE, Screen.OUT_OF_SERVICE}
    return tuple(sample.state for sample in samples(language) if sample.state.screen not in between)
