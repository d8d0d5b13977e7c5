"""Colours reach their contrast in both modes, and type grows by 1.25."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtQml import QQmlComponent, QQmlEngine

import kiosk.ui

QML = Path(kiosk.ui.__file__).parent / "qml"
READER = b"""
import QtQml
QtObject {
    property QtObject theme: Theme
}
"""


@pytest.fixture
def theme(app: QGuiApplication) -> Any:
    engine = QQmlEngine()
    component = QQmlComponent(engine)
    component.setData(READER, QUrl.fromLocalFile(str(QML / "Reader.qml")))
    holder = component.create()
    assert holder is not None, component.errorString()
    yield holder.property("theme")
    holder.deleteLater()


def contrast(one: QColor, other: QColor) -> float:
    """WCAG 2.2, relative luminance of sRGB."""

    def luminance(colour: QColor) -> float:
        parts = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
            for part in (colour.redF(), colour.greenF(), colour.blueF())
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_itself_is_right() -> None:
    assert contrast(QColor("#000000"), QColor("#ffffff")) == pytest.approx(21.0)
    assert contrast(QColor("#777777"), QColor("#ffffff")) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("dark", [False, True])
def test_every_pair_of_colours_reaches_its_contrast(theme: QObject, dark: bool) -> None:
    theme.setProperty("dark", dark)
    pairs = theme.property("contrasts").toVariant()
    assert len(pairs) > 20
    for pair in pairs:
        reached = contrast(theme.property(pair["fore"]), theme.property(pair["back"]))
        assert reached >= pair["least"], f"{pair['fore']} on {pair['back']}: {reached:.2f}"
        assert pair["least"] in {3, 4.5, 7}


def test_what_is_read_on_paper_is_held_to_seven(theme: QObject) -> None:
    pairs = {(pair["fore"], pair["back"]): pair["least"] for pair in theme.property("contrasts").toVariant()}
    for ink in ("ink", "inkSoft"):
        for paper in ("surface", "raised"):
            assert pairs[ink, paper] == 7


def test_type_grows_by_a_quarter_from_step_to_step(theme: QObject) -> None:
    steps = [theme.property(name) for name in ("small", "body", "lead", "title", "headline", "display")]
    for smaller, larger in pairwise(steps):
        assert larger / smaller == pytest.approx(1.25, abs=0.02)


def test_nothing_moves_for_longer_than_a_fifth_of_a_second(theme: QObject) -> None:
    assert 0 < theme.property("motionMs") < 200
    theme.setProperty("reducedMotion", True)
    assert theme.property("motionMs") == 0


def test_everything_grows_with_the_screen(theme: QObject) -> None:
    before = theme.property("body")
    theme.setProperty("unit", 2)
    assert theme.property("body") == 2 * before
