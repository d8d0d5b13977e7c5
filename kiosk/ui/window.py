"""Opens the kiosk's window.

The screens are drawn in software on every machine: one way to draw, no graphics driver that can fail at a library's
entrance, and measurably less work than OpenGL without a graphics card (`kiosk.ui.pictures`). Only what changed is
drawn again, so an idle screen costs nothing between two minutes.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLoggingCategory, QSize, Qt, QUrl
from PySide6.QtGui import QCloseEvent, QFont, QFontDatabase, QGuiApplication
from PySide6.QtQuick import QQuickView, QQuickWindow, QSGRendererInterface

from kiosk.ui.bridge import Bridge
from kiosk.ui.icons import IconProvider
from signaling.protocol.vocabulary import LensSide

_QML = Path(__file__).parent / "qml"
_FAMILIES = ["Atkinson Hyperlegible", "Noto Sans"]

#: Qt Multimedia says at its first use that it has no PipeWire and no graphics card; neither is wanted here.
_QUIET = "qt.multimedia.symbolsresolver=false\nqt.multimedia.ffmpeg=false\n"


class _View(QQuickView):
    """A window that only the program itself closes: no key of a window manager is a way out."""

    may_close = False

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Qt's name: somebody wants it closed."""
        if self.may_close:
            super().closeEvent(event)
        else:
            event.ignore()


@dataclass(frozen=True)
class KioskWindow:
    """An open window. Nobody closes it but the program, by `close`: what is outside of it is no visitor's business.

    Attributes:
        view: Qt's window.
        bridge: What feeds it.
        icons: Kept, because Qt keeps no hold on a Python object.
    """

    view: _View
    bridge: Bridge
    icons: IconProvider

    def set_dark(self, dark: bool) -> None:
        """Light or dark colours."""
        self.view.rootObject().setProperty("dark", dark)

    def close(self) -> None:
        """Close it; the bridge takes nothing more."""
        self.bridge.close()
        self.view.may_close = True
        self.view.close()
        self.view.setSource(QUrl())  # the screens go before what they are bound to


def make_application(arguments: Sequence[str]) -> QGuiApplication:
    """Make the one QGuiApplication, set up for drawing in software, with the kiosk's type faces.

    Args:
        arguments: The program's name and Qt's own options.
    """
    # Without these Qt Multimedia would send each picture to (software) OpenGL and back: 19 ms instead of 2.
    os.environ.setdefault("QT_XCB_GL_INTEGRATION", "none")
    os.environ.setdefault("QT_WAYLAND_DISABLE_HW_INTEGRATION", "1")
    QLoggingCategory.setFilterRules(_QUIET)
    QQuickWindow.setGraphicsApi(QSGRendererInterface.GraphicsApi.Software)
    app = QGuiApplication(list(arguments))
    install_fonts()
    return app


def install_fonts() -> None:
    """Load the type faces that come with the program and make them the application's."""
    for file in sorted((_QML / "fonts").glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(file))
    font = QFont()
    font.setFamilies(_FAMILIES)
    QGuiApplication.setFont(font)


def open_window(
    app: QGuiApplication,
    bridge: Bridge,
    *,
    size: QSize | None = None,
    fullscreen: bool = False,
    lens_side: LensSide = LensSide.TOP,
    dark: bool | None = None,
    reduced_motion: bool = False,
) -> KioskWindow:
    """Open the window. Portrait or landscape follows from its shape.

    Args:
        app: From `make_application`.
        bridge: What feeds it.
        size: In pixels; None takes the whole screen.
        fullscreen: Without frame, over everything, without a mouse pointer.
        lens_side: Where the camera sits; matters in landscape (`top` counts as `left` there).
        dark: Light or dark colours; None follows the system.
        reduced_motion: Nothing moves.

    Raises:
        RuntimeError: The screens could not be loaded; the reason is in the text.
    """
    view = _View()
    icons = IconProvider(_QML / "icons")
    view.engine().addImageProvider("icon", icons)
    view.setTitle("Librarian on Demand")
    view.setResizeMode(QQuickView.ResizeMode.SizeRootObjectToView)
    if dark is None:
        dark = app.styleHints().colorScheme() is Qt.ColorScheme.Dark
    view.setInitialProperties({"dark": dark, "reducedMotion": reduced_motion, "lensRight": lens_side is LensSide.RIGHT})
    context = view.rootContext()
    context.setContextProperty("kiosk", bridge.model)
    context.setContextProperty("remoteFeed", bridge.remote_feed)
    context.setContextProperty("colleagueFeed", bridge.colleague_feed)
    context.setContextProperty("ownFeed", bridge.own_feed)
    view.setSource(QUrl.fromLocalFile(str(_QML / "Main.qml")))
    if view.status() is not QQuickView.Status.Ready:
        raise RuntimeError("; ".join(error.toString() for error in view.errors()))
    screen = app.primaryScreen()
    if size is None:
        view.setGeometry(screen.geometry())
    else:
        view.resize(size)
    if fullscreen:
        view.setCursor(Qt.CursorShape.BlankCursor)
        view.showFullScreen()
    else:
        view.show()
    return KioskWindow(view, bridge, icons)
