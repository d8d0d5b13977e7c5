"""What somebody who looks after the kiosk put on its screen: how bright it is, and who it is."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.core.snapshot import ScreenState
from kiosk.ui.i18n.catalog import Catalog


@dataclass(frozen=True, slots=True)
class CareShown:
    """Light, and the large name.

    Attributes:
        shade_percent: How much light the window takes away because the machine cannot; 0 to 100.
        asleep: The screen is to be off until somebody touches it.
        identifying: The kiosk shows who it is.
        name: As the forms call it.
        code: Four signs that the health page shows, too.
        spelled: The same, to be read out sign by sign.
        left: When it goes away by itself.
        lens: Where the camera sits: `top`, `left` or `right`.
        reloads: Rises when everything is to be drawn anew.
    """

    shade_percent: int
    asleep: bool
    identifying: bool
    name: str
    code: str
    spelled: str
    left: str
    lens: str
    reloads: int


def show_care(state: ScreenState, catalog: Catalog) -> CareShown:
    """Work out the light and the name."""
    care = state.care
    brightness = max(0, min(100, care.brightness_percent))
    asleep = brightness == 0
    shown = care.identify
    return CareShown(
        shade_percent=100 - brightness if asleep or not care.backlight else 0,
        asleep=asleep,
        identifying=shown is not None,
        name=shown.name if shown is not None else "",
        code=shown.code if shown is not None else "",
        spelled=" ".join(shown.code) if shown is not None else "",
        left=catalog.say_counted("identify_left", shown.left_s) if shown is not None else "",
        lens=care.settings.lens_side.value,
        reloads=care.reloads,
    )
