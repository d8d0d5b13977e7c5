"""What waits before the loudspeaker: little, steadily, and in order."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.adapters.audio.playout import SILENCE, PlayoutBuffer


def block(number: int) -> bytes:
    return np.full(480, number, "<i2").tobytes()


def number(of: bytes) -> int:
    # The last sample: what was faded in or out has arrived there.
    return int(np.frombuffer(of, "<i2")[-1])


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
        while buffer.waiting < 8:
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


def played(
    buffer: PlayoutBuffer, seconds: float, sender_ppm: float, stutter: float
) -> tuple[NDArray[np.int16], list[int]]:
    """Ten minutes in a moment: a sender and a loudspeaker with clocks of their own, both stuttering.

    Args:
        buffer: What is between them.
        seconds: How long, on the loudspeaker's clock.
        sender_ppm: How much faster the sender's clock is, millionths.
        stutter: How late either may be, blocks.

    Returns:
        All that was played, and how many blocks waited after each.
    """
    chance = np.random.default_rng(3)
    takes = int(seconds * 100)
    late = np.maximum.accumulate(np.arange(takes * 2) + chance.exponential(stutter / 6, takes * 2).clip(0, stutter))
    sent_at = late / (1 + sender_ppm * 1e-6)
    sound = (np.sin(2 * np.pi * 440 * np.arange(480 * 100) / 48_000) * 10_000).astype("<i2").reshape(100, 480)
    blocks = [row.tobytes() for row in sound]
    sent, out, waiting = 0, [], []
    for i in range(takes):
        now = i + 0.5 + chance.exponential(stutter / 6)
        while sent_at[sent] <= now:
            buffer.put(blocks[sent % 100])
            sent += 1
        out.append(buffer.take())
        waiting.append(buffer.waiting)
    return np.frombuffer(b"".join(out), "<i2"), waiting


@pytest.mark.parametrize("stutter", [0.0, 2.0])
@pytest.mark.parametrize("ppm", [-200.0, 0.0, 200.0])
def test_ten_minutes_of_clocks_that_differ_bring_neither_delay_nor_a_gap(ppm: float, stutter: float) -> None:
    sound, waiting = played(PlayoutBuffer(), 600, ppm, stutter)

    loud = np.abs(sound[48_000:].astype(np.int32)).reshape(-1, 48).max(axis=1) > 1_000  # by the millisecond
    quiet = np.diff(np.flatnonzero(np.concatenate([[True], loud, [True]]))) - 1
    assert quiet.max(initial=0) <= 30
    assert np.median(waiting[-6_000:]) <= 4
    assert max(waiting[6_000:]) <= 8


def test_a_block_that_goes_or_comes_makes_no_click() -> None:
    for ppm in (-2_000.0, 2_000.0):
        sound, _ = played(PlayoutBuffer(), 30, ppm, 0.0)
        steps = np.abs(np.diff(sound[48_000:].astype(np.int32)))
        assert steps.max() < 1_200  # a 440 Hz tone of this loudness moves by 576 a sample, and a hole would by 10,000


def test_where_sound_ends_for_want_of_more_it_fades() -> None:
    buffer = PlayoutBuffer()
    for _ in range(3):
        buffer.put(block(8_000))
    for _ in range(3):
        buffer.take()
    faded = np.frombuffer(buffer.take(), "<i2")
    assert (faded[0], faded[-1]) == (8_000, 0)
    assert buffer.take() is SILENCE
