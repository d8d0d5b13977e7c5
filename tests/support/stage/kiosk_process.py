"""The kiosk program, with one thing added: when each picture of a person was decoded, how old it was, and whose.

`python -m tests.support.stage.kiosk_process PICTURES WORDS run …` is `python -m kiosk run …`, through the door that
`kiosk.app.run` has for measuring. WORDS is a file that gets what can be read on the screen, each time it has changed;
"" for none, because to look for it at every picture costs processor time.
"""

from __future__ import annotations

import functools
import itertools
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

from PySide6.QtQuick import QQuickItem, QQuickWindow

from tests.support.stage.kiosk_packages import hide_what_a_kiosk_has_not

hide_what_a_kiosk_has_not()  # before anything of it is imported

import kiosk.app  # noqa: E402 - see above
from kiosk.__main__ import cli  # noqa: E402 - see above
from kiosk.core.media import YuvFrame  # noqa: E402 - see above
from kiosk.ui.bridge import Bridge  # noqa: E402 - see above
from kiosk.ui.probe import Probe  # noqa: E402 - see above
from tests.support.picture_clock import age_ms, now_ms, read_clock  # noqa: E402 - see above


class ReadingProbe(Probe):
    """Writes beside where a hand could touch also what an eye could read: a list of texts per line."""

    def __init__(self, words: Path, window: QQuickWindow, bridge: Bridge, path: Path) -> None:
        super().__init__(window, bridge, path)
        self._words = words.open("a", encoding="utf-8", buffering=1)
        self._read = ""

    def look(self) -> None:
        """Write what differs from the last time."""
        line = json.dumps(list(_texts(self._window.contentItem())))
        if line != self._read:
            self._read = line
            self._words.write(line + "\n")
        super().look()

    def close(self) -> None:
        """Stop looking."""
        super().close()
        self._words.close()


def _texts(item: QQuickItem) -> Iterator[str]:
    if not item.isVisible():
        return
    text = item.property("text") if item.inherits("QQuickText") else None
    if isinstance(text, str) and text:
        yield text
    for child in item.childItems():
        yield from _texts(child)


def main() -> None:
    """Run the kiosk, watched."""
    pictures, words = sys.argv.pop(1), sys.argv.pop(1)
    if words:
        reading = functools.partial(ReadingProbe, Path(words))
        with mock.patch.object(kiosk.app, "Probe", reading):
            _run(pictures)
    else:
        _run(pictures)


def _run(pictures: str) -> None:
    with Path(pictures).open("a", encoding="utf-8", buffering=1) as file:
        count = itertools.count()

        def watch(whose: str, frame: YuvFrame) -> None:
            at_ms = now_ms()
            # Reading the clock costs a millisecond; of every third picture it is enough, and leaves the kiosk's
            # own use of the processor nearly as it is.
            painted_ms = read_clock(frame) if next(count) % 3 == 0 else None
            age = age_ms(painted_ms, at_ms) if painted_ms is not None else None
            file.write(json.dumps([at_ms, age, frame.width, whose]) + "\n")

        kiosk.app.run = functools.partial(
            kiosk.app.run,
            watch_remote=functools.partial(watch, "librarian"),
            watch_colleague=functools.partial(watch, "colleague"),
        )
        cli()


if __name__ == "__main__":
    main()
