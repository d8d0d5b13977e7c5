"""Pictures of every state of the console, into var/shots/console/.

Usage: python -m tests.shots.console [--only NAME ...] [--languages sv,en] [--sizes 360,1280] [--modes light,dark]
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import os
import tempfile
from pathlib import Path
from typing import Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QGuiApplication, QImage, QImageWriter

from tests.support.chromium import launch_chromium
from tests.support.console_stage import console_stage
from tests.support.console_states import STATES
from tests.support.drawn_people import librarian, visitor

FOLDER: Final = Path("var/shots/console")
SIZES: Final = {"360": (360, 740), "768": (768, 1024), "1280": (1280, 720), "1920": (1920, 1080), "3840": (3840, 2160)}


def main() -> int:
    """Take what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.shots.console", description=__doc__)
    parser.add_argument("--only", nargs="*", default=[], help="names of states")
    parser.add_argument("--languages", default="sv,nb,en")
    parser.add_argument("--sizes", default="360,1280,1920,3840")
    parser.add_argument("--modes", default="light,dark")
    asked = parser.parse_args()
    unknown = set(asked.only) - STATES.keys()
    if unknown:
        parser.error(f"no such state: {', '.join(sorted(unknown))}; there are {', '.join(STATES)}")
    application = QGuiApplication.instance() or QGuiApplication(["shots"])
    FOLDER.mkdir(parents=True, exist_ok=True)
    count = asyncio.run(_take(asked))
    print(f"{count} pictures in {FOLDER}")
    del application
    return 0


async def _take(asked: argparse.Namespace) -> int:
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        camera = Path(folder) / "librarian.mjpeg"
        camera.write_bytes(_jpeg(librarian()))
        visitor_picture = base64.b64encode(_jpeg(visitor())).decode()
        async with launch_chromium(camera=camera) as browser:
            for name, bring in STATES.items():
                if asked.only and name not in asked.only:
                    continue
                for size in asked.sizes.split(","):
                    for mode in asked.modes.split(","):
                        for language in asked.languages.split(","):
                            async with console_stage(
                                browser, language=language, size=SIZES[size], dark=mode == "dark"
                            ) as stage:
                                await stage.show_visitor(visitor_picture)
                                await bring(stage)
                                await stage.page.wait_for_timeout(700)  # a few frames for the pictures
                                await stage.page.screenshot(
                                    path=FOLDER / f"{name}-{language}-{size}-{mode}.png", full_page=True
                                )
                                count += 1
                print(f"{name}: {count} pictures so far", flush=True)
    return count


def _jpeg(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"jpg"))
    writer.setQuality(92)
    if not writer.write(image):
        raise RuntimeError(writer.errorString())
    return bytes(buffer.data().data())


if __name__ == "__main__":
    raise SystemExit(main())
