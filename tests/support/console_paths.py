"""Lets the console's page show any quality of a path at will.

What it is for: pictures and tests of what the page says of a path; the figures come here from the test, since no test
can wait for a network to be just so bad. What it does not do: prove that the page measures a path rightly; that is
tested with the rules themselves and in the network lab.
"""

from __future__ import annotations

from typing import Any, Final

from tests.support.console_stage import ConsoleStage

FIGURES: Final[dict[str, Any]] = {
    "generation": 1,
    "seconds": 187,
    "connectMs": 412,
    "roundTripMs": 38,
    "lossInPercent": 0.1,
    "lossOutPercent": 0.0,
    "freezes": 0,
    "frozenS": 0,
    "concealedPercent": 0.2,
    "widthReceived": 1280,
    "heightReceived": 720,
    "widthSent": 1280,
    "heightSent": 720,
    "framesPerSecondReceived": 30,
    "videoCodec": "VP8",
    "audioCodec": "opus",
    "estimateKbps": 2480,
    "relayed": False,
    "relay": None,
    "worst": "good",
}
#: A path on which a mobile network gives little.
THIN: Final[dict[str, Any]] = {
    **FIGURES,
    "generation": 3,
    "roundTripMs": 412,
    "lossInPercent": 7.4,
    "lossOutPercent": None,
    "freezes": 6,
    "frozenS": 9.3,
    "concealedPercent": 3.1,
    "widthReceived": 320,
    "heightReceived": 180,
    "widthSent": 0,
    "heightSent": 0,
    "framesPerSecondReceived": 8,
    "estimateKbps": 140,
    "relayed": True,
    "relay": "tcp",
    "worst": "sound_only",
}

# The page keeps its state to itself, so this goes in through the tree that Preact hangs on its root. What the page
# itself measures is held off from then on, or it would speak again a moment later.
_SHOW: Final = """
([name, facts]) => {
  const find = (node) => {
    if (!node || typeof node !== "object") return null;
    if (node.props && node.props.state && node.props.commands) return node.props.state;
    for (const child of [node.__k].flat().filter(Boolean)) {
      const found = find(child);
      if (found) return found;
    }
    return null;
  };
  const held = find(document.getElementById("app").__k)[name];
  const value = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(held), "value");
  Object.defineProperty(held, "value", {
    configurable: true,
    get() { return value.get.call(this); },
    set() {},
  });
  value.set.call(held, facts);
}
"""


async def show_path(stage: ConsoleStage, *, colleague: bool = False, **facts: Any) -> None:
    """Let the page hold this for true of its path to the kiosk or to the colleague; `figures`: those that differ."""
    whole = {
        "quality": "good",
        "fault": None,
        "troubles": [],
        "picturePaused": False,
        "carried": False,
        **facts,
        "figures": {**FIGURES, **facts.get("figures", {})},
    }
    await stage.page.evaluate(_SHOW, ["colleaguePath" if colleague else "path", whole])
