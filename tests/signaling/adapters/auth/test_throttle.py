"""So many tries in a while."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest

from signaling.adapters.auth import Throttle
from signaling.protocol.errors import ErrorCode, WireError


def test_the_try_after_the_last_allowed_is_refused_with_the_time_to_wait() -> None:
    throttle = Throttle(attempts=2, window_s=300)
    throttle.hit("a")
    throttle.hit("a")
    with pytest.raises(WireError) as refused:
        throttle.hit("a")
    assert refused.value.code is ErrorCode.TOO_FAST
    assert 290 <= int(refused.value.data["retry_after_s"]) <= 300
    throttle.hit("b")


def test_a_cleared_key_begins_anew() -> None:
    throttle = Throttle(attempts=1, window_s=300)
    throttle.hit("a")
    throttle.clear("a")
    throttle.hit("a")


def test_after_the_window_tries_count_anew_and_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    began = time.time()
    clock = SimpleNamespace(time=lambda: began)
    monkeypatch.setattr("limits.storage.memory.time", clock)
    throttle = Throttle(attempts=1, window_s=300)
    throttle.hit("a")
    with pytest.raises(WireError):
        throttle.hit("a")
    monkeypatch.setattr(clock, "time", lambda: began + 301)
    throttle.hit("a")


def test_what_is_kept_in_memory_shows_no_key() -> None:
    throttle = Throttle(attempts=1, window_s=300)
    throttle.hit("192.0.2.1")
    assert "192.0.2.1" not in repr(vars(throttle._limiter.storage))
