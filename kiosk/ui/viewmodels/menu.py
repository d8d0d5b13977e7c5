"""The service menu: the question for the PIN, the devices, the last test, and what somebody on site asks about."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

from kiosk.core.care import PIN_TRIES, DeviceChoice, Health, Menu, MenuStage
from kiosk.core.snapshot import ScreenState
from kiosk.ui.i18n.catalog import Catalog
from kiosk.ui.i18n.dates import moment_past
from kiosk.ui.viewmodels.menu_words import AREAS, FACTS, MESSAGES, NUMBERS, number_row
from signaling.protocol.health import FINDINGS, HealthArea, Light, can_take_a_call, light_of
from signaling.protocol.health_texts import TEXTS

#: A lock-out that is longer is said in minutes.
_SECONDS_SAID: Final = 90
#: The name under which a device is chosen that the system chooses.
_DEFAULT: Final = "default"

_LIGHTS: Final = {Light.GREEN: "menu_area_ok", Light.AMBER: "menu_area_look", Light.RED: "menu_area_wrong"}

Row = dict[str, str | bool]
TextRow = dict[str, str]


@dataclass(frozen=True, slots=True)
class MenuShown:
    """All that the menu shows.

    Attributes:
        stage: `closed`, `pin`, `locked_out`, `no_pin` or `open`.
        kiosk_name: As the forms call it.
        pin_sentence: What to do at the question, or how many tries are left.
        pin_wrong: That sentence is about a wrong PIN.
        locked: When one may try again.
        cameras: The choices: `name` (for the engine), `word` and `chosen`.
        lens: Where the camera sits: `top`, `left` or `right`.
        height_cm: How high the camera is; 0: nobody has measured.
        height: The same in words.
        level_percent: Of the microphone.
        camera_open: The camera's picture is shown.
        light: `green`, `amber` or `red`; "grey" before the first test.
        truth: Whether it can take a call.
        tested: When it was last tested, or what is tested now.
        testing: A test is going on.
        areas: `word`, `state` (`now`, `green`, `amber`, `red`) and that state's `sentence`.
        findings: `light`, `sentence` and `remedy` of everything that is wrong.
        numbers: `word` and `value` of everything that was measured.
        facts: The same of what somebody on site asks about.
        message: What became of the last thing that was asked for.
    """

    stage: str
    kiosk_name: str
    pin_sentence: str
    pin_wrong: bool
    locked: str
    cameras: tuple[Row, ...]
    microphones: tuple[Row, ...]
    loudspeakers: tuple[Row, ...]
    lens: str
    height_cm: int
    height: str
    level_percent: int
    level: str
    camera_open: bool
    light: str
    truth: str
    tested: str
    testing: bool
    areas: tuple[TextRow, ...]
    findings: tuple[TextRow, ...]
    numbers: tuple[TextRow, ...]
    facts: tuple[TextRow, ...]
    message: str


def show_menu(state: ScreenState, catalog: Catalog) -> MenuShown:
    """Say everything; nothing of what lies behind the PIN while the menu is not open."""
    care = state.care
    menu, settings = care.menu, care.settings
    inside = menu.stage is MenuStage.OPEN
    health = care.health if inside else Health()
    light = _light(health)
    cm = settings.camera_height_cm
    return MenuShown(
        stage=menu.stage.value,
        kiosk_name=care.kiosk_name if inside else "",
        pin_sentence=_pin_sentence(menu.tries_left, catalog),
        pin_wrong=menu.tries_left < PIN_TRIES,
        locked=_locked(menu.locked_s, catalog) if menu.stage is MenuStage.LOCKED_OUT else "",
        cameras=_choices(_by_path(menu.cameras), catalog) if inside else (),
        microphones=_choices(menu.microphones, catalog) if inside else (),
        loudspeakers=_choices(menu.loudspeakers, catalog) if inside else (),
        lens=settings.lens_side.value,
        height_cm=cm,
        height=catalog.say("menu_height_cm", count=cm) if cm else catalog.say("menu_height_unknown"),
        level_percent=menu.level_percent if inside else 0,
        level=catalog.say("menu_level_value", count=menu.level_percent if inside else 0),
        camera_open=inside and menu.camera_open,
        light=light.value,
        truth=_truth(light, health, catalog),
        tested=_tested(health, state, catalog),
        testing=health.testing is not None,
        areas=tuple(_area(area, health, catalog) for area in HealthArea if area is not HealthArea.REACH),
        findings=_findings(health, catalog),
        numbers=tuple(number_row(x, health.numbers[x], catalog) for x in NUMBERS if x in health.numbers),
        facts=_facts(menu, state, catalog) if inside else (),
        message=catalog.say(menu.message) if inside and menu.message in MESSAGES else "",
    )


def _pin_sentence(tries_left: int, catalog: Catalog) -> str:
    if tries_left >= PIN_TRIES:
        return catalog.say("pin_sentence")
    return catalog.say_counted("pin_wrong", tries_left)


def _locked(locked_s: int, catalog: Catalog) -> str:
    if locked_s > _SECONDS_SAID:
        return catalog.say_counted("pin_locked_min", math.ceil(locked_s / 60))
    return catalog.say_counted("pin_locked_s", locked_s)


def _by_path(cameras: DeviceChoice) -> DeviceChoice:
    """A camera that was chosen by its number has a path in the list."""
    chosen = cameras.chosen
    return replace(cameras, chosen=f"/dev/video{chosen}") if chosen.isdecimal() else cameras


def _choices(devices: DeviceChoice, catalog: Catalog) -> tuple[Row, ...]:
    names = devices.names
    if devices.chosen not in names:
        names = (devices.chosen, *names)  # what is chosen stands there, plugged in or not
    return tuple(
        {"name": name, "word": _device(name, devices, catalog), "chosen": name == devices.chosen} for name in names
    )


def _device(name: str, devices: DeviceChoice, catalog: Catalog) -> str:
    if name == _DEFAULT:
        return catalog.say("menu_default")
    # Before the list has come nothing is said about what is not in it.
    return name if name in devices.names or not devices.names else catalog.say("menu_missing", name=name)


def _light(health: Health) -> Light:
    return Light.GREY if health.test is None and not health.findings else light_of(health.findings)


def _truth(light: Light, health: Health, catalog: Catalog) -> str:
    if light is Light.GREY:
        return catalog.say("menu_not_tested")
    if not can_take_a_call(health.findings):
        return catalog.say("menu_cannot_call")
    return catalog.say("menu_can_call" if light is Light.GREEN else "menu_can_call_but")


def _tested(health: Health, state: ScreenState, catalog: Catalog) -> str:
    if health.testing is not None:
        return catalog.say("menu_testing", area=catalog.say(AREAS[health.testing]))
    if health.tested_at is None or state.now_local is None:
        return ""
    when = moment_past(health.tested_at.astimezone(state.now_local.tzinfo), state.now_local, catalog)
    return catalog.say("menu_tested", when=when)


def _area(area: HealthArea, health: Health, catalog: Catalog) -> TextRow:
    word = catalog.say(AREAS[area])
    if area is health.testing:
        return {"word": word, "state": "now", "sentence": catalog.say("menu_area_now")}
    if health.test is None:
        return {"word": word, "state": "grey", "sentence": catalog.say("menu_unknown")}
    light = light_of([code for code in health.findings if FINDINGS[code].area is area])
    return {"word": word, "state": light.value, "sentence": catalog.say(_LIGHTS[light])}


def _findings(health: Health, catalog: Catalog) -> tuple[TextRow, ...]:
    texts = TEXTS[catalog.language]
    return tuple(
        {"light": FINDINGS[code].light.value, "sentence": texts[code].sentence, "remedy": texts[code].remedy}
        for code in health.findings
    )


def _facts(menu: Menu, state: ScreenState, catalog: Catalog) -> tuple[TextRow, ...]:
    values = dict(menu.facts)
    if menu.link_since is not None and state.now_local is not None:
        when = moment_past(menu.link_since.astimezone(state.now_local.tzinfo), state.now_local, catalog)
        values["fact_link"] = catalog.say("link_there_since" if menu.link_up else "link_away_since", when=when)
    return tuple({"word": catalog.say(key), "value": values[key]} for key in FACTS if key in values)
