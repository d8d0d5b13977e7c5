"""Which engine is loaded, and what happens when one cannot be."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from kiosk.adapters.peer import ENGINES, load_engine
from kiosk.core.media import MediaError


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Make an engine's library impossible to import, as on a machine that its wheel does not fit."""

    def break_it(name: str) -> None:
        module = ENGINES[name][0]
        monkeypatch.delitem(sys.modules, module, raising=False)
        monkeypatch.setitem(sys.modules, {"libwebrtc": "wrtc", "aiortc": "aiortc"}[name], None)

    return break_it


def test_libwebrtc_is_the_default() -> None:
    assert load_engine().name == "libwebrtc"


@pytest.mark.parametrize("name", list(ENGINES))
def test_the_one_asked_for_is_loaded(name: str) -> None:
    assert load_engine(name).name == name


def test_aiortc_takes_over_where_libwebrtc_cannot_be_loaded_and_says_so(
    broken: Callable[[str], None], expected_log: Callable[..., None]
) -> None:
    expected_log("media_engine_takes_over")
    broken("libwebrtc")
    assert load_engine().name == "aiortc"


def test_one_that_was_asked_for_is_never_replaced(broken: Callable[[str], None]) -> None:
    broken("libwebrtc")
    with pytest.raises(MediaError) as caught:
        load_engine("libwebrtc")
    assert caught.value.code == "engine_unavailable"


def test_with_neither_the_reasons_are_told(broken: Callable[[str], None]) -> None:
    broken("libwebrtc")
    broken("aiortc")
    with pytest.raises(MediaError, match=r"libwebrtc: .*aiortc: ") as caught:
        load_engine()
    assert caught.value.code == "engine_unavailable"


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(MediaError) as caught:
        load_engine("gstreamer")
    assert caught.value.code == "engine_unknown"
