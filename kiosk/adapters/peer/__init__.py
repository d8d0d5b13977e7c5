"""The choice of media engine: libwebrtc where its wheel loads, aiortc everywhere else.

What it is for: the one place that knows that there are two. What it does not do: know how either works.
"""

from __future__ import annotations

import importlib

import structlog

from kiosk.core.media import MediaError, PeerEngine

#: In order of preference: name of the engine, and the module and class that make it.
ENGINES = {
    "libwebrtc": ("kiosk.adapters.peer.libwebrtc", "LibwebrtcEngine"),
    "aiortc": ("kiosk.adapters.peer.aiortc", "AiortcEngine"),
}

_log = structlog.get_logger(__name__)


def load_engine(name: str | None = None) -> PeerEngine:
    """Load a media engine.

    Args:
        name: `libwebrtc`, `aiortc`, or None for the best that loads on this machine.

    Raises:
        MediaError: `engine_unknown` for a name that is not in `ENGINES`; `engine_unavailable` when the one asked
            for, or with None every one, cannot be loaded.
    """
    if name is not None and name not in ENGINES:
        raise MediaError("engine_unknown", f"{name!r} is none of {', '.join(ENGINES)}")
    reasons: list[str] = []
    for candidate in [name] if name is not None else list(ENGINES):
        module_name, class_name = ENGINES[candidate]
        try:
            engine: PeerEngine = getattr(importlib.import_module(module_name), class_name)()
        except (ImportError, OSError) as error:
            # OSError: a wheel whose shared library wants a newer C library than this machine has.
            reasons.append(f"{candidate}: {error}")
            continue
        if reasons:
            _log.warning("media_engine_takes_over", engine=engine.name, could_not_load="; ".join(reasons))
        return engine
    raise MediaError("engine_unavailable", "; ".join(reasons))
