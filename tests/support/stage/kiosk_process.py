"""The kiosk program, with one thing added: when each picture of a person was decoded, how old it was, and whose.

`python -m tests.support.stage.kiosk_process FILE run …` is `python -m kiosk run …`, through the door that
`kiosk.app.run` has for measuring.
"""

from __future__ import annotations

import functools
import itertools
import json
import sys
from pathlib import Path

import kiosk.app
from kiosk.__main__ import cli
from kiosk.core.media import YuvFrame
from tests.support.picture_clock import age_ms, now_ms, read_clock


def main() -> None:
    """Run the kiosk, watched."""
    with Path(sys.argv.pop(1)).open("a", encoding="utf-8", buffering=1) as file:
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
