"""Which sentence says what in the service menu: areas, numbers and what the engine names by a key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kiosk.ui.i18n.catalog import Catalog
from signaling.protocol.health import HealthArea, HealthNumber
from signaling.protocol.vocabulary import Language

AREAS: Final[Mapping[HealthArea, str]] = {
    HealthArea.SOUND: "area_sound",
    HealthArea.CAMERA: "area_camera",
    HealthArea.SCREEN: "area_screen",
    HealthArea.NETWORK: "area_network",
    HealthArea.CALL: "area_call",
    HealthArea.MACHINE: "area_machine",
    HealthArea.PROGRAM: "area_program",
    HealthArea.REACH: "area_reach",
}

#: What a number is called, its unit, and how many digits of it matter.
NUMBERS: Final[Mapping[HealthNumber, tuple[str, str, int]]] = {
    HealthNumber.SWEEP_LEVEL_DB: ("number_sweep_level_db", "dB", 0),
    HealthNumber.NOISE_LEVEL_DB: ("number_noise_level_db", "dB", 0),
    HealthNumber.SOUND_DELAY_MS: ("number_sound_delay_ms", "ms", 0),
    HealthNumber.DISTORTION_PERCENT: ("number_distortion_percent", "%", 1),
    HealthNumber.ECHO_LEFT_DB: ("number_echo_left_db", "dB", 0),
    HealthNumber.CAMERA_FPS: ("number_camera_fps", "", 0),
    HealthNumber.CAMERA_LIGHT_PERCENT: ("number_camera_light_percent", "%", 0),
    HealthNumber.CAMERA_CONTRAST_PERCENT: ("number_camera_contrast_percent", "%", 0),
    HealthNumber.CAMERA_SHARPNESS: ("number_camera_sharpness", "", 0),
    HealthNumber.SCREEN_DRAWN_MS: ("number_screen_drawn_ms", "ms", 0),
    HealthNumber.SERVER_ROUND_TRIP_MS: ("number_server_round_trip_ms", "ms", 0),
    HealthNumber.CLOCK_AHEAD_S: ("number_clock_ahead_s", "s", 1),
    HealthNumber.CALL_CONNECT_MS: ("number_call_connect_ms", "ms", 0),
    HealthNumber.CALL_FRAMES: ("number_call_frames", "", 0),
    HealthNumber.CALL_SOUND_PERCENT: ("number_call_sound_percent", "%", 0),
    HealthNumber.DISK_FREE_PERCENT: ("number_disk_free_percent", "%", 0),
    HealthNumber.MEMORY_FREE_PERCENT: ("number_memory_free_percent", "%", 0),
    HealthNumber.TEMPERATURE_C: ("number_temperature_c", "°C", 0),
    HealthNumber.CPU_PERCENT: ("number_cpu_percent", "%", 0),
    HealthNumber.PROGRAM_MB: ("number_program_mb", "MB", 0),
    HealthNumber.UPTIME_S: ("number_uptime_s", "h", 1),
    HealthNumber.RESTARTS: ("number_restarts", "", 0),
}

#: What `Menu.facts` may name.
FACTS: Final = (
    "fact_kiosk",
    "fact_branch",
    "fact_server",
    "fact_link",
    "fact_addresses",
    "fact_machine",
    "fact_version",
    "fact_engine",
)
#: What `Menu.message` may name.
MESSAGES: Final = (
    "menu_said_saved",
    "menu_said_log_saved",
    "menu_said_log_kept",
    "menu_said_log_failed",
    "menu_said_not_allowed",
    "menu_said_broken",
    "menu_said_restarting",
    "menu_said_no_server",
)

_SECONDS_AN_HOUR: Final = 3600


def number_row(number: HealthNumber, value: float, catalog: Catalog) -> dict[str, str]:
    """One measured value: `word` and `value`, as the language writes numbers."""
    key, unit, digits = NUMBERS[number]
    shown = value / _SECONDS_AN_HOUR if number is HealthNumber.UPTIME_S else value
    # Minus as one writes it, and no minus before what is rounded to nothing.
    figure = f"{round(shown, digits) + 0.0:.{digits}f}".replace("-", "−")
    if catalog.language is not Language.EN:
        figure = figure.replace(".", ",")
    return {"word": catalog.say(key), "value": f"{figure} {unit}".strip()}
