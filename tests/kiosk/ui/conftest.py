"""One Qt application for all tests of the screens, and a window for each that asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QAccessible, QGuiApplication

from kiosk.ui.window import make_application
from signaling.protocol.vocabulary import LensSide
from tests.support.kiosk_screens import PORTRAIT, ScreenDriver

OpenScreen = Callable[..., ScreenDriver]


@pytest.fixture(scope="session")
def app() -> QGuiApplication:
    """Drawing in software, with the kiosk's type faces."""
    application = make_application(["tests"])
    QAccessible.setActive(True)
    return application


@pytest.fixture
def open_screen(app: QGuiApplication) -> Iterator[OpenScreen]:
    """Opens kiosk windows and closes them afterwards."""
    opened: list[ScreenDriver] = []

    def make(size: QSize = PORTRAIT, *, dark: bool = False, lens: LensSide = LensSide.TOP) -> ScreenDriver:
        driver = ScreenDriver(app, size, dark=dark, lens=lens)
        opened.append(driver)
        return driver

    yield make
    for driver in opened:
        driver.close()
