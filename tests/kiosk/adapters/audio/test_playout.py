"""What waits before the loudspeaker: little, steadily, and in order."""

from __future__ import annotations

import numpy as np

from kiosk.adapters.audio.playout import SILENCE, PlayoutBuffer


def block(number: int) -> bytes:
    return np.full(480, number, "<i2").tobytes()


def number(of: bytes) -> int:
    return int(np.frombuffer(of, "<i2")[0])


def test_it_waits_for_a_margin_and_then_gives_everything_in_order() -> None:
    buffer = PlayoutBuffer()
    given = []
    for i in range(1, 8):
        buffer.put(block(i))
        given.append(number(buffer.take()))
    assert given == [0, 0, 1, 2, 3, 4, 5]


def test_dry_it_gives_silence_and_then_keeps_more() -> None:
    buffer = PlayoutBuffer()
    for i in range(1, 4):
        buffer.put(block(i))
    assert [number(buffer.take()) for _ in range(4)] == [1, 2, 3, 0]

    given = []
    for i in range(4, 9):
        buffer.put(block(i))
        given.append(number(buffer.take()))
    assert given == [0, 0, 0, 4, 5]  # four blocks are wanted now, not three


def test_a_pause_of_the_sender_does_not_make_the_delay_grow() -> None:
    buffer = PlayoutBuffer()
    for i in range(1, 4):
        buffer.put(block(i))
    for _ in range(200):
        buffer.take()
    for i in range(1, 5):
        buffer.put(block(i))
    assert number(buffer.take()) == 1


def test_a_burst_after_a_stall_is_dropped_down_to_the_margin() -> None:
    buffer = PlayoutBuffer()
    for i in range(1, 40):
        buffer.put(block(i))
    assert buffer.waiting <= 11
    assert number(buffer.take()) > 20


def test_a_sender_whose_clock_is_faster_does_not_fill_it_for_ever() -> None:
    buffer = PlayoutBuffer()
    for i in range(12_000):  # two minutes
        buffer.put(block(1))
        if i % 100 == 0:  # one block in a hundred too many: worse than any sound card
            buffer.put(block(1))
        buffer.take()
    assert buffer.waiting <= 8


def test_it_keeps_less_again_when_all_is_calm() -> None:
    buffer = PlayoutBuffer()
    for _ in range(6):  # six times dry
        while buffer.waiting < 10:
            buffer.put(block(1))
        for _ in range(11):
            buffer.take()
    fullest = 0
    for i in range(20_000):
        buffer.put(block(1))
        buffer.take()
        if i > 19_000:
            fullest = max(fullest, buffer.waiting)
    assert fullest <= 3


def test_cleared_it_has_forgotten_what_waited() -> None:
    buffer = PlayoutBuffer()
    for i in range(1, 6):
        buffer.put(block(i))
    buffer.clear()
    assert buffer.take() == SILENCE
    assert buffer.waiting == 0
