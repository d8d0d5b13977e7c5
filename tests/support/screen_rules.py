"""What must be so on every screen of the kiosk, measured.

Each interactive thing must be large enough, named, within reach, inside the window, and not on top of another; each
text must be whole, inside the window and not over something that is touched.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QAccessible
from PySide6.QtQuick import QQuickItem

from kiosk.ui.probe import touchable_items
from tests.support.kiosk_screens import ScreenDriver

SMALLEST_TARGET = 96


def place(item: QQuickItem) -> QRectF:
    return QRectF(item.mapToScene(QPointF(0, 0)), QSizeF(item.width(), item.height()))


def texts(item: QQuickItem) -> Iterator[QQuickItem]:
    """Every visible text beneath an item."""
    if not item.isVisible() or item.opacity() == 0:
        return
    if item.metaObject().className().startswith(("QQuickText", "Words", "Heading")) and item.property("text"):
        yield item
    for child in item.childItems():
        yield from texts(child)


def inside(item: QQuickItem, outer: QQuickItem) -> bool:
    up: QQuickItem | None = item
    while up is not None:
        if up == outer:
            return True
        up = up.parentItem()
    return False


def is_scrolled(item: QQuickItem) -> bool:
    """Within the conversation or a long answer, whose further lines may be scrolled out of sight."""
    up: QQuickItem | None = item
    while up is not None:
        if up.inherits("QQuickFlickable"):
            return True
        up = up.parentItem()
    return False


def overlap(one: QRectF, other: QRectF) -> bool:
    common = one.intersected(other)
    return common.width() > 1 and common.height() > 1


def contains(outer: QRectF, inner: QRectF) -> bool:
    return outer.adjusted(-1, -1, 1, 1).contains(inner)


def check(driver: ScreenDriver, name: str) -> None:
    view = driver.window.view
    window = QRectF(0, 0, view.width(), view.height())
    items = list(touchable_items(view))
    places = [(item, place(item)) for item in items]
    names = [item.objectName() for item in items]
    assert len(set(names)) == len(names), f"{name}: two controls have one name"
    for item, box in places:
        label = f"{name}: {item.objectName()}"
        assert item.objectName(), f"{name}: a control without a name"
        assert contains(window, box), f"{label} leaves the window: {box}"
        assert min(box.width(), box.height()) >= SMALLEST_TARGET - 0.1, f"{label} is too small: {box}"
        accessible = QAccessible.queryAccessibleInterface(item)
        assert accessible.text(QAccessible.Text.Name), f"{label} says nothing to a screen reader"
        assert accessible.role() in {QAccessible.Role.Button, QAccessible.Role.RadioButton}, label
    for number, (item, box) in enumerate(places):
        for other, other_box in places[number + 1 :]:
            assert not overlap(box, other_box), f"{name}: {item.objectName()} is over {other.objectName()}"
    for text in texts(view.contentItem()):
        box, words = place(text), text.property("text")
        if is_scrolled(text):
            continue
        assert contains(window, box), f"{name}: “{words}” leaves the window: {box}"
        height = text.property("contentHeight")
        assert height <= text.height() + 2, f"{name}: “{words}” is cut off"
        assert text.property("contentWidth") <= text.width() + 2, f"{name}: “{words}” is cut off"
        for item, other_box in places:
            if not inside(text, item):
                assert not overlap(other_box, box), f"{name}: “{words}” lies under {item.objectName()}"
            else:
                assert contains(other_box, box), f"{name}: “{words}” is wider than its {item.objectName()}"


def reach(driver: ScreenDriver) -> float:
    """How high up the screen a hand must go: 0 is the upper edge, 1 the lower."""
    return min((y for _, y, _, _ in driver.controls().values()), default=10_000) / driver.window.view.height()
