"""A tap between something that pushes on its own thread and an engine that must be able to say: no more.

What it is for: the promise that nothing at all leaves the kiosk once the camera was taken off, although the
camera's thread may be in the middle of handing over a picture. What it does not do: queue or convert.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

import structlog

from kiosk.core.media import Unsubscribe

_Item = TypeVar("_Item")
_log = structlog.get_logger(__name__)


class Valve(Generic[_Item]):
    """Lets through what one source pushes.

    Args:
        deliver: Takes each item, on the source's thread, under a lock: it must return at once.
    """

    def __init__(self, deliver: Callable[[_Item], None]) -> None:
        self._deliver = deliver
        self._lock = threading.Lock()
        self._connection = object()
        self._unsubscribe: Unsubscribe | None = None

    def connect(self, subscribe: Callable[[Callable[[_Item], None]], Unsubscribe] | None) -> None:
        """Let another source through, or none. Called on one thread only.

        Args:
            subscribe: `VideoSource.subscribe` or `AudioSource.subscribe`; None shuts the valve. When this returns,
                nothing more of the former source gets through.
        """
        connection = object()
        with self._lock:
            self._connection = connection
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        if subscribe is not None:
            self._unsubscribe = subscribe(lambda item: self._let_through(connection, item))

    def _let_through(self, connection: object, item: _Item) -> None:
        with self._lock:
            if connection is self._connection:
                self._deliver(item)


def hand_over(sink: Callable[[_Item], None], item: _Item) -> None:
    """Give a sink what arrived. A sink's fault is logged and costs one picture or block, not the rest of the call."""
    try:
        sink(item)
    except Exception:  # noqa: BLE001 - whatever goes wrong in a sink, the path must go on being read
        _log.exception("media_sink_failed")
