"""Icons in any colour: `image://icon/mic/17644a` is the file icons/mic.svg drawn in that colour.

The files keep `currentColor`, as Lucide publishes them; Qt's SVG reader does not know that word, so it is filled in
before drawing.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtQuick import QQuickImageProvider
from PySide6.QtSvg import QSvgRenderer

_DEFAULT_SIZE = QSize(48, 48)


class IconProvider(QQuickImageProvider):
    """Draws the icons of one folder.

    Attributes:
        folder: Where the SVG files are.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)
        self._folder = folder
        self._sources: dict[str, str] = {}

    def requestImage(self, id: str, size: QSize, requestedSize: QSize) -> QImage:  # noqa: A002, N802, N803
        """Draw `name/rrggbb` (Qt's name). An unknown name raises: a missing icon is a mistake in the program."""
        name, colour = id.split("/")
        if name not in self._sources:
            self._sources[name] = (self._folder / f"{name}.svg").read_text("utf-8")
        svg = self._sources[name].replace("currentColor", f"#{colour}")
        wanted = requestedSize if requestedSize.isValid() and not requestedSize.isEmpty() else _DEFAULT_SIZE
        size.setWidth(wanted.width())
        size.setHeight(wanted.height())
        image = QImage(wanted, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, wanted.width(), wanted.height()))
        painter.end()
        return image
