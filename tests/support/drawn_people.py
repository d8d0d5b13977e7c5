"""Three drawn people, as the frames that a camera would give: nobody's face is in this project.

Drawn with QPainter and turned into planes by the full-range BT.601 sums, slowly and without another library.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QImage,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPen,
    QRadialGradient,
)

from kiosk.core.media import YuvFrame

WIDTH, HEIGHT = 1280, 720


def librarian() -> QImage:
    """A librarian at a desk at home, bookshelf and lamp behind."""
    image, p = _canvas("#4a3f38")
    wall = QLinearGradient(0, 0, WIDTH, HEIGHT)
    wall.setColorAt(0, QColor("#6b5847"))
    wall.setColorAt(1, QColor("#3b342f"))
    p.fillRect(0, 0, WIDTH, HEIGHT, wall)
    _shelf(p, 60, 40, 420, 5)
    _shelf(p, 820, 40, 420, 5)
    glow = QRadialGradient(QPointF(1090, 330), 420)
    glow.setColorAt(0, QColor(255, 214, 140, 190))
    glow.setColorAt(1, QColor(255, 214, 140, 0))
    p.fillRect(0, 0, WIDTH, HEIGHT, glow)
    _person(p, QPointF(640, 330), hair="#7a4a2b", skin="#e8b894", jumper="#2f6b58", long_hair=True, glasses=True)
    p.end()
    return image


def colleague() -> QImage:
    """Another librarian, at the main library's desk."""
    image, p = _canvas("#3d4d5c")
    wall = QLinearGradient(0, 0, 0, HEIGHT)
    wall.setColorAt(0, QColor("#5a7184"))
    wall.setColorAt(1, QColor("#34424f"))
    p.fillRect(0, 0, WIDTH, HEIGHT, wall)
    _shelf(p, 860, 40, 380, 5)
    _person(p, QPointF(640, 340), hair="#b9b2a8", skin="#d9a684", jumper="#7b3f5d", long_hair=False, glasses=True)
    p.end()
    return image


def visitor() -> QImage:
    """A visitor in an entrance hall."""
    image, p = _canvas("#9fb0b8")
    hall = QLinearGradient(0, 0, 0, HEIGHT)
    hall.setColorAt(0, QColor("#b9c7cc"))
    hall.setColorAt(1, QColor("#8b9aa1"))
    p.fillRect(0, 0, WIDTH, HEIGHT, hall)
    for x in (60, 330, 900, 1120):
        p.fillRect(x, 40, 150, 460, QColor("#dfe9ec"))
    _person(p, QPointF(640, 350), hair="#2c2420", skin="#c58c66", jumper="#b4552d", long_hair=False, glasses=False)
    p.end()
    return image


def frame_of(image: QImage, captured_s: float = 0.0) -> YuvFrame:
    """The picture as I420 planes (video range BT.601, as cameras give it)."""
    rgb = image.convertToFormat(QImage.Format.Format_RGBA8888)
    w, h = rgb.width(), rgb.height()
    pixels = bytes(rgb.constBits())
    red, green, blue = pixels[0::4], pixels[1::4], pixels[2::4]
    y = bytes(16 + (66 * r + 129 * g + 25 * b + 128 >> 8) for r, g, b in zip(red, green, blue, strict=True))
    u, v = bytearray(), bytearray()
    for row in range(0, h, 2):
        start, end = row * w, (row + 1) * w
        for r, g, b in zip(red[start:end:2], green[start:end:2], blue[start:end:2], strict=True):
            u.append(128 + (-38 * r - 74 * g + 112 * b + 128 >> 8))
            v.append(128 + (112 * r - 94 * g - 18 * b + 128 >> 8))
    return YuvFrame(w, h, y + bytes(u) + bytes(v), captured_s)


def _canvas(colour: str) -> tuple[QImage, QPainter]:
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    return image, painter


def _shelf(p: QPainter, left: int, top: int, width: int, rows: int) -> None:
    colours = ("#8d4b3f", "#c29a5b", "#5d7a6b", "#3f5570", "#a56b4b", "#d6c3a1", "#6d5a70")
    row_height = 132
    for row in range(rows):
        x, n = left + 10, row * 3
        floor = top + (row + 1) * row_height - 14
        while x < left + width - 34:
            thick = 18 + (n * 7) % 20
            tall = 78 + (n * 13) % 34
            p.setBrush(QColor(colours[n % len(colours)]).darker(125))
            p.drawRect(QRectF(x, floor - tall, thick, tall))
            x += thick + 3
            n += 1
        p.setBrush(QColor("#2e2722"))
        p.drawRect(QRectF(left, floor, width, 14))


def _person(p: QPainter, face: QPointF, *, hair: str, skin: str, jumper: str, long_hair: bool, glasses: bool) -> None:
    x, y = face.x(), face.y()
    skin_colour, hair_colour = QColor(skin), QColor(hair)
    p.setPen(Qt.PenStyle.NoPen)
    if long_hair:
        p.setBrush(hair_colour.darker(115))
        p.drawRoundedRect(QRectF(x - 168, y - 150, 336, 400), 150, 150)
    body = QPainterPath()
    body.moveTo(x - 400, 760)
    body.cubicTo(x - 380, y + 270, x - 220, y + 250, x - 110, y + 215)
    body.lineTo(x + 110, y + 215)
    body.cubicTo(x + 220, y + 250, x + 380, y + 270, x + 400, 760)
    p.setBrush(QColor(jumper))
    p.drawPath(body)
    p.setBrush(skin_colour.darker(112))
    p.drawRoundedRect(QRectF(x - 62, y + 110, 124, 150), 58, 58)
    p.setBrush(QColor(jumper).darker(118))
    p.drawChord(QRectF(x - 112, y + 168, 224, 110), 180 * 16, 180 * 16)
    p.setBrush(skin_colour.darker(108))
    p.drawChord(QRectF(x - 76, y + 160, 152, 92), 180 * 16, 180 * 16)
    p.setBrush(skin_colour)
    p.drawEllipse(QPointF(x - 138, y + 14), 26, 40)
    p.drawEllipse(QPointF(x + 138, y + 14), 26, 40)
    head = QPainterPath()
    head.moveTo(x - 138, y - 40)
    head.cubicTo(x - 140, y - 210, x + 140, y - 210, x + 138, y - 40)
    head.cubicTo(x + 140, y + 110, x + 70, y + 178, x, y + 180)
    head.cubicTo(x - 70, y + 178, x - 140, y + 110, x - 138, y - 40)
    p.drawPath(head)
    blush = QColor("#d9705a")
    blush.setAlpha(60)
    p.setBrush(blush)
    p.drawEllipse(QPointF(x - 86, y + 62), 36, 26)
    p.drawEllipse(QPointF(x + 86, y + 62), 36, 26)
    _hair(p, x, y, hair_colour, long_hair=long_hair)
    for side in (-1, 1):
        p.setBrush(QColor("#fdfbf7"))
        p.drawEllipse(QPointF(x + side * 58, y + 2), 25, 16)
        p.setBrush(QColor("#4a3626"))
        p.drawEllipse(QPointF(x + side * 57, y + 3), 13, 13)
        p.setBrush(QColor("#ffffff"))
        p.drawEllipse(QPointF(x + side * 57 + 4, y - 2), 4, 4)
    p.setBrush(Qt.BrushStyle.NoBrush)
    brow = QPen(hair_colour.darker(120), 9, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    p.setPen(brow)
    p.drawArc(QRectF(x - 94, y - 52, 74, 40), 35 * 16, 110 * 16)
    p.drawArc(QRectF(x + 20, y - 52, 74, 40), 35 * 16, 110 * 16)
    p.setPen(QPen(skin_colour.darker(135), 6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    p.drawArc(QRectF(x - 20, y + 24, 40, 44), 200 * 16, 140 * 16)
    smile = QPainterPath()
    smile.moveTo(x - 58, y + 92)
    smile.cubicTo(x - 30, y + 140, x + 30, y + 140, x + 58, y + 92)
    smile.cubicTo(x + 20, y + 104, x - 20, y + 104, x - 58, y + 92)
    p.setPen(QPen(QColor("#9c3f3a"), 6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    p.setBrush(QBrush(QColor("#fbf6f0")))
    p.drawPath(smile)
    if glasses:
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.setPen(QPen(QColor("#33261f"), 7))
        p.drawRoundedRect(QRectF(x - 112, y - 34, 98, 76), 32, 32)
        p.drawRoundedRect(QRectF(x + 14, y - 34, 98, 76), 32, 32)
        p.drawArc(QRectF(x - 16, y - 14, 32, 24), 20 * 16, 140 * 16)
    p.setPen(Qt.PenStyle.NoPen)


def _hair(p: QPainter, x: float, y: float, colour: QColor, *, long_hair: bool) -> None:
    p.setBrush(colour)
    hair = QPainterPath()
    hair.moveTo(x - 146, y + (60 if long_hair else -20))
    hair.cubicTo(x - 200, y - 268, x + 200, y - 268, x + 146, y + (60 if long_hair else -20))
    if long_hair:
        hair.cubicTo(x + 132, y - 60, x + 100, y - 96, x + 40, y - 112)
        hair.cubicTo(x - 30, y - 84, x - 110, y - 76, x - 146, y + 60)
    else:
        hair.cubicTo(x + 128, y - 90, x + 90, y - 104, x + 30, y - 98)
        hair.cubicTo(x - 40, y - 92, x - 110, y - 104, x - 146, y - 20)
    p.drawPath(hair)
