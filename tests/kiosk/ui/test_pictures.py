"""Planes become the right colours, whatever their stride; cropping keeps the middle."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QGuiApplication, QImage

from kiosk.core.media import YuvFrame
from kiosk.ui.pictures import cropped, to_image
from tests.support.drawn_people import frame_of

RED, BLUE = QColor(200, 40, 40), QColor(40, 60, 200)


def halves(width: int, height: int) -> YuvFrame:
    """Left half red, right half blue."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(RED)
    for x in range(width // 2, width):
        for y in range(height):
            image.setPixelColor(x, y, BLUE)
    return frame_of(image)


def assert_colour(image: QImage, x: int, y: int, wanted: QColor) -> None:
    found = image.pixelColor(x, y)
    difference = max(
        abs(found.red() - wanted.red()), abs(found.green() - wanted.green()), abs(found.blue() - wanted.blue())
    )
    assert difference <= 12, f"{found.name()} is not {wanted.name()}"


@pytest.mark.parametrize("width", [64, 322, 1280])
def test_planes_become_the_right_colours_whatever_their_stride(app: QGuiApplication, width: int) -> None:
    image = to_image(halves(width, 36))
    assert image.size() == QSize(width, 36)
    assert_colour(image, width // 4, 18, RED)
    assert_colour(image, width * 3 // 4, 18, BLUE)
    assert_colour(image, 1, 35, RED)
    assert_colour(image, width - 2, 35, BLUE)


def test_a_small_item_gets_a_smaller_picture_of_the_same_thing(app: QGuiApplication) -> None:
    image = to_image(halves(1280, 720), width_needed=300)
    assert image.size() == QSize(320, 180)
    assert_colour(image, 80, 90, RED)
    assert_colour(image, 240, 90, BLUE)


def test_a_picture_is_never_made_smaller_than_needed_nor_of_odd_size(app: QGuiApplication) -> None:
    assert to_image(halves(1280, 720), width_needed=641).width() == 1280
    assert to_image(halves(644, 362), width_needed=100).width() == 644


@pytest.mark.parametrize(
    ("target", "part"),
    [
        (QRectF(0, 0, 1080, 720), QRectF(100, 0, 1080, 720)),
        (QRectF(0, 0, 1280, 720), QRectF(0, 0, 1280, 720)),
        (QRectF(0, 0, 640, 180), QRectF(0, 180, 1280, 360)),
        (QRectF(), QRectF(0, 0, 1280, 720)),
    ],
)
def test_cropping_keeps_the_middle(target: QRectF, part: QRectF) -> None:
    assert cropped(QSize(1280, 720), target) == part
