"""Moving pictures on the screen: a single-slot mailbox from any thread, and the QML item that draws it.

The screen is drawn in software (see `kiosk.ui.window`), where Qt's own VideoOutput draws nothing. So Qt Multimedia
turns the YUV planes into a QImage (2.2 ms for 1280x720, only when the screen is drawn), and a painted item scales
it. Measured with 720p30 on a 1080x1920 screen: 0.11 of a core, against 0.60 for VideoOutput on software OpenGL.
"""

from __future__ import annotations

from threading import Lock

from PySide6.QtCore import (
    Property,
    QMessageLogContext,
    QObject,
    QRectF,
    QSize,
    Qt,
    QtMsgType,
    Signal,
    qInfo,
    qInstallMessageHandler,
    qWarning,
)
from PySide6.QtGui import QImage, QPainter, QPainterPath
from PySide6.QtMultimedia import QVideoFrame, QVideoFrameFormat
from PySide6.QtQml import QmlElement
from PySide6.QtQuick import QQuickItem, QQuickPaintedItem

from kiosk.core.media import YuvFrame

QML_IMPORT_NAME = "LibrarianOnDemand"
QML_IMPORT_MAJOR_VERSION = 1


class PictureFeed(QObject):
    """One picture, the newest. `offer` is for any thread, everything else for the screen's.

    Attributes:
        arrived: A picture waits in the mailbox; at most one such call is under way at a time.
    """

    arrived = Signal()
    hasPictureChanged = Signal()  # noqa: N815
    _offered = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
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

    QML properties: `feed`, `mirrored` (as in a looking-glass), `radius` (rounded corners, pixels), and `thrifty`
    (take only as many pixels as the item needs: for the small own picture).
    """

    feedChanged = Signal()  # noqa: N815
    lookChanged = Signal()  # noqa: N815

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._feed: PictureFeed | None = None
        self._mirrored = False
        self._thrifty = False
        self._radius = 0.0
        self._image = QImage()
        self.setOpaquePainting(True)  # a picture covers its item: nothing to clear first

    def paint(self, painter: QPainter) -> None:
        """Draw (Qt's name). Here, not on arrival, so that each drawn picture is turned into RGB once."""
        feed = self._feed
        frame = feed.newest() if feed else None
        if frame is not None:
            needed = max(self.width(), self.height() * frame.width / frame.height)
            self._image = to_image(frame, int(needed) if self._thrifty else None)
        if feed is None or not feed.property("hasPicture") or self._image.isNull():
            return
        target = self.boundingRect()
        source = cropped(self._image.size(), target)
        scaled = source.size() != target.size()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scaled)
        if self._radius > 0:
            path = QPainterPath()
            path.addRoundedRect(target, self._radius, self._radius)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setClipPath(path)
        if self._mirrored:
            painter.translate(target.width(), 0)
            painter.scale(-1, 1)
        painter.drawImage(target, self._image, source)

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

    def _redraw(self) -> None:
        self.update()

    def _wipe(self) -> None:
        if self._feed is not None and not self._feed.property("hasPicture"):
            self._image = QImage()
        self.update()

    def _get_mirrored(self) -> bool:
        return self._mirrored

    def _set_mirrored(self, mirrored: bool) -> None:
        self._mirrored = mirrored
        self.lookChanged.emit()
        self.update()

    def _get_thrifty(self) -> bool:
        return self._thrifty

    def _set_thrifty(self, thrifty: bool) -> None:
        self._thrifty = thrifty
        self.lookChanged.emit()

    def _get_radius(self) -> float:
        return self._radius

    def _set_radius(self, radius: float) -> None:
        self._radius = radius
        self.setOpaquePainting(radius == 0)
        self.lookChanged.emit()
        self.update()

    feed = Property(QObject, _get_feed, _set_feed, notify=feedChanged)
    mirrored = Property(bool, _get_mirrored, _set_mirrored, notify=lookChanged)
    thrifty = Property(bool, _get_thrifty, _set_thrifty, notify=lookChanged)
    radius = Property(float, _get_radius, _set_radius, notify=lookChanged)


def cropped(size: QSize, target: QRectF) -> QRectF:
    """The middle part of a picture of `size` that has the shape of `target`."""
    if target.isEmpty():
        return QRectF(0, 0, size.width(), size.height())
    scale = max(target.width() / size.width(), target.height() / size.height())
    width, height = target.width() / scale, target.height() / scale
    return QRectF((size.width() - width) / 2, (size.height() - height) / 2, width, height)


def to_image(frame: YuvFrame, width_needed: int | None = None) -> QImage:
    """Turn planes into a picture that Qt can draw.

    Args:
        frame: The picture.
        width_needed: Leave out whole rows and columns as long as this width, in pixels, is still reached.

    Returns:
        A 32-bit image, as large as the frame or a whole fraction of it.
    """
    step = 1
    while width_needed and frame.width // (step * 2) >= width_needed and frame.width % (step * 4) == 0:
        if frame.height % (step * 4):
            break
        step *= 2
    width, height = frame.width // step, frame.height // step
    video = QVideoFrame(QVideoFrameFormat(QSize(width, height), QVideoFrameFormat.PixelFormat.Format_YUV420P))
    if not video.map(QVideoFrame.MapMode.WriteOnly):
        return QImage()
    planes = (
        (frame.y, frame.width, height),
        (frame.u, frame.width // 2, height // 2),
        (frame.v, frame.width // 2, height // 2),
    )
    for number, (plane, row_bytes, rows) in enumerate(planes):
        _copy_plane(plane, row_bytes, rows, step, memoryview(video.bits(number)), video.bytesPerLine(number))
    video.unmap()
    return video.toImage()


def warm_up() -> None:
    """Turn one tiny picture, on the thread that will turn all others.

    Qt looks once per thread for a graphics card to do this work with, and warns when there is none. There is meant
    to be none (`kiosk.ui.window`), so that one sentence is dropped; any other message goes where it always goes.
    """

    def listen(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        if "Using CPU conversion" not in text:
            kept.append((kind, context.category, text))

    kept: list[tuple[QtMsgType, str, str]] = []
    before = qInstallMessageHandler(listen)
    try:
        to_image(YuvFrame(2, 2, bytes(6), 0.0))
    finally:
        qInstallMessageHandler(before)
    for kind, category, text in kept:
        (qInfo if kind in {QtMsgType.QtInfoMsg, QtMsgType.QtDebugMsg} else qWarning)(f"{category}: {text}")


def _copy_plane(source: memoryview, row_bytes: int, rows: int, step: int, target: memoryview, stride: int) -> None:
    if step == 1 and stride == row_bytes:
        target[: row_bytes * rows] = source
        return
    taken = row_bytes // step
    for row in range(rows):
        start = row * step * row_bytes
        target[row * stride : row * stride + taken] = source[start : start + row_bytes : step]
