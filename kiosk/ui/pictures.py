"""Moving pictures on the screen: a single-slot mailbox from any thread, and the QML item that draws it.

The screen is drawn in software (see `kiosk.ui.window`), where Qt's own VideoOutput draws nothing. So the planes are
scaled and turned into colours by what the feed is given for it (`kiosk.core.media.ScalesPictures`), only when the
screen is drawn and only at the size of the item. Measured with 720p30 on a 1080x1920 screen, when Qt still did that
work: 0.11 of a core, against 0.60 for VideoOutput on software OpenGL.
"""

from __future__ import annotations

import math
from threading import Lock

from PySide6.QtCore import Property, QObject, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPainter, QPainterPath
from PySide6.QtQml import QmlElement
from PySide6.QtQuick import QQuickItem, QQuickPaintedItem

from kiosk.core.media import Crop, ScalesPictures, YuvFrame

QML_IMPORT_NAME = "LibrarianOnDemand"
QML_IMPORT_MAJOR_VERSION = 1


class PictureFeed(QObject):
    """One picture, the newest. `offer` is for any thread, everything else for the screen's.

    Attributes:
        scale: Turns its pictures into what the screen draws.
        arrived: A picture waits in the mailbox; at most one such call is under way at a time.
    """

    arrived = Signal()
    hasPictureChanged = Signal()  # noqa: N815
    _offered = Signal()

    def __init__(self, scale: ScalesPictures, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.scale = scale
        self._lock = Lock()
        self._waiting: YuvFrame | None = None
        self._open = True
        self._has_picture = False
        self._offered.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def offer(self, frame: YuvFrame) -> None:
        """Put in a picture; one that was not drawn yet is dropped. Returns at once."""
        with self._lock:
            if not self._open:
                return
            told_already = self._waiting is not None
            self._waiting = frame
            if not told_already:
                self._offered.emit()

    def newest(self) -> YuvFrame | None:
        """Take the picture out, or None when no newer one has come."""
        with self._lock:
            frame, self._waiting = self._waiting, None
            return frame

    def forget(self) -> None:
        """Wipe the picture: nothing of the visit stays in memory."""
        self.newest()
        if self._has_picture:
            self._has_picture = False
            self.hasPictureChanged.emit()

    def close(self) -> None:
        """Take no more pictures: the screen is going away."""
        with self._lock:
            self._open = False
        self.forget()

    def _get_has_picture(self) -> bool:
        return self._has_picture

    hasPicture = Property(bool, _get_has_picture, notify=hasPictureChanged)  # noqa: N815

    def _tell(self) -> None:
        with self._lock:
            wiped_meanwhile = self._waiting is None
        if wiped_meanwhile:
            return
        self.arrived.emit()
        if not self._has_picture:
            self._has_picture = True
            self.hasPictureChanged.emit()


@QmlElement
class Picture(QQuickPaintedItem):
    """Draws the newest picture of a feed, cropped to fill the item.

    QML properties: `feed`, `mirrored` (as in a looking-glass), `radius` (rounded corners, pixels).
    """

    feedChanged = Signal()  # noqa: N815
    lookChanged = Signal()  # noqa: N815

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._feed: PictureFeed | None = None
        self._mirrored = False
        self._radius = 0.0
        self._image = QImage()
        self._pixels = bytearray()
        self.setOpaquePainting(True)  # a picture covers its item: nothing to clear first

    def paint(self, painter: QPainter) -> None:
        """Draw (Qt's name). Here, not on arrival, so that each drawn picture is turned into RGB once."""
        feed = self._feed
        frame = feed.newest() if feed else None
        if feed is not None and frame is not None:
            self._turn(frame, feed.scale)
        if feed is None or not feed.property("hasPicture") or self._image.isNull():
            return
        target = self.boundingRect()
        # As large as the item, but for a pixel of an odd one; larger or smaller only until the next picture comes.
        same = abs(self._image.width() - target.width()) < 2 and abs(self._image.height() - target.height()) < 2
        source = QRectF(0, 0, target.width(), target.height()) if same else QRectF(self._image.rect())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not same)
        if self._radius > 0:
            path = QPainterPath()
            path.addRoundedRect(target, self._radius, self._radius)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setClipPath(path)
        if self._mirrored:
            painter.translate(target.width(), 0)
            painter.scale(-1, 1)
        painter.drawImage(target, self._image, source)

    def _turn(self, frame: YuvFrame, scale: ScalesPictures) -> None:
        width, height = _even_up(self.width()), _even_up(self.height())
        if self._image.size() != QSize(width, height):
            self._pixels = bytearray(width * height * 4)
            self._image = QImage(self._pixels, width, height, width * 4, QImage.Format.Format_RGB32)
        scale(frame, cropped(frame.width, frame.height, width, height), self._pixels, width, height)

    def _get_feed(self) -> QObject | None:
        return self._feed

    def _set_feed(self, feed: QObject | None) -> None:
        if feed is self._feed:
            return
        if self._feed is not None:
            self._feed.arrived.disconnect(self._redraw)
            self._feed.hasPictureChanged.disconnect(self._wipe)
        self._feed = feed if isinstance(feed, PictureFeed) else None
        if self._feed is not None:
            self._feed.arrived.connect(self._redraw)
            self._feed.hasPictureChanged.connect(self._wipe)
        self.feedChanged.emit()

    # Slots from the beginning: one that is added when it is connected to takes the place of what QML has added to the
    # type (LentPicture.qml), and is not called.
    @Slot()
    def _redraw(self) -> None:
        self.update()

    @Slot()
    def _wipe(self) -> None:
        if self._feed is not None and not self._feed.property("hasPicture"):
            self._image, self._pixels = QImage(), bytearray()
        self.update()

    def _get_mirrored(self) -> bool:
        return self._mirrored

    def _set_mirrored(self, mirrored: bool) -> None:
        self._mirrored = mirrored
        self.lookChanged.emit()
        self.update()

    def _get_radius(self) -> float:
        return self._radius

    def _set_radius(self, radius: float) -> None:
        self._radius = radius
        self.setOpaquePainting(radius == 0)
        self.lookChanged.emit()
        self.update()

    feed = Property(QObject, _get_feed, _set_feed, notify=feedChanged)
    mirrored = Property(bool, _get_mirrored, _set_mirrored, notify=lookChanged)
    radius = Property(float, _get_radius, _set_radius, notify=lookChanged)


def cropped(width: int, height: int, target_width: int, target_height: int) -> Crop:
    """The middle part of a picture that has the shape of a target, as near as even pixels allow."""
    scale = max(target_width / width, target_height / height)
    part_width = min(width, max(2, round(target_width / scale / 2) * 2))
    part_height = min(height, max(2, round(target_height / scale / 2) * 2))
    return Crop((width - part_width) // 4 * 2, (height - part_height) // 4 * 2, part_width, part_height)


def _even_up(length: float) -> int:
    return max(2, math.ceil(length / 2) * 2)
