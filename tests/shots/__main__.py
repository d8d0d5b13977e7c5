"""Renders every screen in every language, portrait and landscape, light and dark, into var/shots/kiosk/.

Usage: python -m tests.shots [--only NAME ...] [--languages sv,en] [--quick]
A smaller sheet with a selection of them is written beside them.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter

from kiosk.core.media import YuvFrame
from kiosk.ui.window import make_application
from signaling.protocol.vocabulary import Language
from tests.support.care_states import care_samples
from tests.support.drawn_people import colleague, frame_of, librarian, visitor
from tests.support.kiosk_screens import LANDSCAPE, PORTRAIT, ScreenDriver
from tests.support.sample_states import Sample, samples

FOLDER = Path("var/shots/kiosk")
SHAPES = {"portrait": PORTRAIT, "landscape": LANDSCAPE}
ON_THE_SHEET = ("idle", "idle_nobody", "waiting", "talking_shown", "talking_typing", "goodbye")


def main() -> int:
    """Render what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.shots", description=__doc__)
    parser.add_argument("--only", nargs="*", default=[], help="names of samples")
    parser.add_argument("--languages", default="sv,nb,en")
    parser.add_argument("--shapes", default="portrait,landscape")
    parser.add_argument("--modes", default="light,dark")
    asked = parser.parse_args()
    app = make_application(["shots"])
    people = (frame_of(librarian()), frame_of(visitor()), frame_of(colleague()))
    FOLDER.mkdir(parents=True, exist_ok=True)
    count = 0
    for shape in asked.shapes.split(","):
        for mode in asked.modes.split(","):
            for language in asked.languages.split(","):
                for sample in (*samples(Language(language)), *care_samples(Language(language))):
                    if asked.only and sample.name not in asked.only:
                        continue
                    picture = render(app, sample, SHAPES[shape], dark=mode == "dark", people=people)
                    picture.save(str(FOLDER / f"{sample.name}-{language}-{shape}-{mode}.png"))
                    count += 1
            print(f"{shape} {mode}: {count} pictures so far", flush=True)
    if not asked.only:
        contact_sheet().save(str(FOLDER.parent / "kiosk-sheet.png"))
    print(f"{count} pictures in {FOLDER}")
    return 0


def render(
    app: QGuiApplication, sample: Sample, size: QSize, *, dark: bool, people: tuple[YuvFrame, YuvFrame, YuvFrame]
) -> QImage:
    """One screen, with the drawn people where pictures would be."""
    driver = ScreenDriver(app, size, dark=dark)
    try:
        driver.show(sample.state)
        driver.bridge.remote_frame(people[0])
        driver.bridge.own_frame(people[1])
        if sample.state.call.colleague is not None and sample.state.call.colleague.picture_received:
            driver.bridge.colleague_frame(people[2])
        driver.settle()
        for name in sample.gestures:
            if name in driver.controls():
                driver.touch(name)
        driver.type(sample.typed)
        return driver.picture()
    finally:
        driver.close()


def contact_sheet() -> QImage:
    """A selection, small, side by side: portrait light in Swedish above, landscape dark in English below."""
    thumb, gap = QSize(360, 640), 24
    width = len(ON_THE_SHEET) * (thumb.width() + gap) + gap
    wide = QSize((width - 4 * gap) // 3, (width - 4 * gap) // 3 * 9 // 16)
    sheet = QImage(width, thumb.height() + 2 * (wide.height() + gap) + 2 * gap, QImage.Format.Format_RGB32)
    sheet.fill(QColor("#cfc8bc"))
    painter = QPainter(sheet)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    for number, name in enumerate(ON_THE_SHEET):
        tall = QRect(gap + number * (thumb.width() + gap), gap, thumb.width(), thumb.height())
        _place(painter, tall, f"{name}-sv-portrait-light")
        row, column = divmod(number, 3)
        flat = QRect(
            gap + column * (wide.width() + gap),
            thumb.height() + 2 * gap + row * (wide.height() + gap),
            wide.width(),
            wide.height(),
        )
        _place(painter, flat, f"{name}-en-landscape-dark")
    painter.end()
    return sheet


def _place(painter: QPainter, place: QRect, name: str) -> None:
    picture = QImage(str(FOLDER / f"{name}.png"))
    painter.drawImage(
        place,
        picture.scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation),
    )


if __name__ == "__main__":
    sys.exit(main())
