"""The way into the service menu: who may try, how often, and when it closes by itself. Pure.

What it is for: a menu that a curious visitor does not come into by trying, and that a caretaker who is called away
does not leave open. What it does not do: look at a PIN (that is slow on purpose, and told here as right or wrong), or
do what the menu offers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

from kiosk.core.care import LOCK_OUT_S, PIN_TRIES, Menu, MenuStage

#: The hidden corner opens after so many touches within so many seconds: nobody does that by chance.
CORNER_TOUCHES: Final = 5
CORNER_WITHIN_S: Final = 3.0
#: No lock-out is longer: a caretaker who mistyped on one day comes in on the next.
LOCK_OUT_MAX_S: Final = 8 * 3600.0
#: The open menu goes away when nobody has touched the screen for so long.
MENU_CLOSES_S: Final = 120.0
#: So does the question for the PIN: sooner, for whoever opened it by chance does not know what it is.
PIN_CLOSES_S: Final = 30.0
#: A clock on the wall that moves by less is not worth a write: a kiosk's disk is a memory card.
CLOCK_MOVED_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Door:
    """What is remembered of those who wanted in. Times ending in `_s` are seconds of one monotonic clock.

    Attributes:
        stage: How far somebody is.
        wrong: Wrong PINs since the last right one, or since the last lock-out.
        lock_outs: How many there were since the last right PIN: each is twice as long as the one before.
        locked_until_s: Nobody may try before; None: one may. It goes on while the menu is closed.
        touched_s: When a hand was last there.
    """

    stage: MenuStage = MenuStage.CLOSED
    wrong: int = 0
    lock_outs: int = 0
    locked_until_s: float | None = None
    touched_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Tries:
    """What outlives the program of those who wanted in: pulling the plug must give no new tries.

    Attributes:
        wrong, lock_outs: As in `Door`.
        locked_until_s: UTC, seconds since 1970: no other clock goes on while the machine is off. None: one may try.
    """

    wrong: int = 0
    lock_outs: int = 0
    locked_until_s: float | None = None


def tries_of(door: Door, now_s: float, wall_s: float) -> Tries:
    """What is to be kept of this door.

    Args:
        door: As it is.
        now_s: The door's own clock.
        wall_s: UTC at the same moment, seconds since 1970.
    """
    until_s = None
    if door.locked_until_s is not None and door.locked_until_s > now_s:
        until_s = wall_s + door.locked_until_s - now_s
    return Tries(door.wrong, door.lock_outs, until_s)


def door_from(tries: Tries, now_s: float, wall_s: float) -> Door:
    """The door after a new start, closed, with what was tried before it.

    A machine without a battery may start in the past. What is left of a lock-out is larger then, and it stays: but no
    larger than the whole lock-out, or a clock that was wrong by years would lock the caretaker out for years.
    """
    if tries.locked_until_s is None:
        return Door(wrong=tries.wrong, lock_outs=tries.lock_outs)
    left_s = min(tries.locked_until_s - wall_s, lock_out_s(tries.lock_outs - 1))
    return Door(wrong=tries.wrong, lock_outs=tries.lock_outs, locked_until_s=now_s + left_s if left_s > 0 else None)


def kept_well(kept: Tries, now: Tries) -> bool:
    """Whether what is on the disk still says what is so; the clock on the wall may have been put right since."""
    if (kept.wrong, kept.lock_outs) != (now.wrong, now.lock_outs):
        return False
    if kept.locked_until_s is None or now.locked_until_s is None:
        return kept.locked_until_s is now.locked_until_s
    return abs(kept.locked_until_s - now.locked_until_s) < CLOCK_MOVED_S


def touch_corner(touches: tuple[float, ...], now_s: float) -> tuple[tuple[float, ...], bool]:
    """One more touch of the hidden corner.

    Args:
        touches: When the last ones were, monotonic seconds.
        now_s: When this one is.

    Returns:
        The touches that count from now on, and whether these were enough: then it begins anew.
    """
    recent = (*(then for then in touches if now_s - then < CORNER_WITHIN_S), now_s)
    return ((), True) if len(recent) >= CORNER_TOUCHES else (recent, False)


def knock(door: Door, now_s: float, *, pin_set: bool) -> Door:
    """Somebody has found the corner: ask for the PIN, or say why there is no way in."""
    if door.stage is not MenuStage.CLOSED:
        return touch(door, now_s)
    return replace(_unlocked(door, now_s), stage=_outside(door, now_s, pin_set=pin_set), touched_s=now_s)


def answer(door: Door, now_s: float, *, right: bool) -> Door:
    """A PIN was entered. It counts only where it is asked for."""
    if door.stage is not MenuStage.PIN:
        return door
    if right:
        return Door(stage=MenuStage.OPEN, touched_s=now_s)
    if door.wrong + 1 < PIN_TRIES:
        return replace(door, wrong=door.wrong + 1, touched_s=now_s)
    return Door(
        stage=MenuStage.LOCKED_OUT,
        lock_outs=door.lock_outs + 1,
        locked_until_s=now_s + lock_out_s(door.lock_outs),
        touched_s=now_s,
    )


def lock_out_s(before: int) -> float:
    """How long the next lock-out is, in seconds, after so many `before` it."""
    longest = math.ceil(math.log2(LOCK_OUT_MAX_S / LOCK_OUT_S))  # beyond it a power of two would only grow
    return float(min(LOCK_OUT_MAX_S, LOCK_OUT_S * 2 ** min(before, longest)))


def touch(door: Door, now_s: float) -> Door:
    """A hand is there: it stays open."""
    return door if door.stage is MenuStage.CLOSED else replace(door, touched_s=now_s)


def leave(door: Door) -> Door:
    """Closed by hand, by a visit that begins, or by a PIN that was changed; what was tried is remembered."""
    return replace(door, stage=MenuStage.CLOSED)


def pass_time(door: Door, now_s: float, *, pin_set: bool) -> Door:
    """Time went on: a lock-out ends, a PIN was set or taken away, nobody is there any more."""
    if door.stage is MenuStage.CLOSED:
        return door
    patience_s = MENU_CLOSES_S if door.stage is MenuStage.OPEN else PIN_CLOSES_S
    if now_s - door.touched_s >= patience_s:
        return leave(door)
    if door.stage is MenuStage.OPEN:
        return door if pin_set else leave(door)
    return replace(_unlocked(door, now_s), stage=_outside(door, now_s, pin_set=pin_set))


def show(door: Door, menu: Menu, now_s: float) -> Menu:
    """The menu with what is true of the door. A closed one shows nothing that changes: an idle kiosk should rest."""
    if door.stage is MenuStage.CLOSED:
        return replace(menu, stage=door.stage, tries_left=PIN_TRIES, locked_s=0)
    return replace(menu, stage=door.stage, tries_left=PIN_TRIES - door.wrong, locked_s=_left_s(door, now_s))


def _outside(door: Door, now_s: float, *, pin_set: bool) -> MenuStage:
    if not pin_set:
        return MenuStage.NO_PIN
    return MenuStage.LOCKED_OUT if _left_s(door, now_s) > 0 else MenuStage.PIN


def _unlocked(door: Door, now_s: float) -> Door:
    return replace(door, locked_until_s=None) if _left_s(door, now_s) == 0 else door


def _left_s(door: Door, now_s: float) -> int:
    return 0 if door.locked_until_s is None else max(0, math.ceil(door.locked_until_s - now_s))
