"""What a sweep from loudspeaker to microphone says about both: silent, deaf, muted, quiet, loud, distorted, late.

What it is for: telling apart what a caretaker mends in different ways. One clean hearing proves the whole way; what is
wrong must be heard again, because people speak in libraries. What it does not do: play, listen, or compute
(`kiosk.adapters.health.sound`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kiosk.core.media import DeviceState
from signaling.protocol.health import HealthCode, HealthNumber

#: Below this a converter does not even change its last bit by chance (16 bits: one step is -90 dBFS): nothing is
#: connected, or it is switched off. The quietest room through the quietest microphone is some 6 dB above.
DEAF_DB: Final = -87.0
#: A "microphone" that gives digital silence before the sweep, and then the sweep as loud as it was played, is a wire: a
#: sound system without a microphone offers the loudspeaker's own sound as one.
WIRE_DB: Final = 0.5
#: The microphone hears the sweep by so much softer than it was played. Tables and walls make -5 to -30; from here on
#: an ordinary voice would be lost in noise one way or the other.
QUIET_DB: Final = -40.0
#: By so much louder: the librarian's voice would reach the end of the microphone's scale, and no canceller undoes that.
LOUD_DB: Final = 6.0
#: Of the samples while the sweep is heard; one in a hundred is audible as a crackle.
CLIPPED_PERCENT: Final = 1.0
#: Overtones over the sweep. Small loudspeakers have 1 to 5 % at this loudness, a torn membrane 20 and more.
DISTORTED_PERCENT: Final = 10.0
#: There and back through sound system and air. The echo canceller can be told 500 ms at the most, and people who talk
#: begin to interrupt each other at about 400 (ITU-T G.114, both ways).
LATE_MS: Final = 450.0
#: The least that the canceller must take away from the sweep, of which it has heard nothing before. Measured in a
#: computed room, delay 30 to 500 ms, volume 60 and 100: 7.5 dB and more; with a delay out of its reach: 0.7 to 1.3.
ECHO_GONE_DB: Final = 4.0
_UNHEARD: Final = (frozenset({HealthCode.LOUDSPEAKER_SILENT}), frozenset({HealthCode.MICROPHONE_DEAF}))
#: So many hearings decide.
TRIALS: Final = 3


@dataclass(frozen=True, slots=True)
class Trial:
    """One sweep, and what came of it. Levels are dBFS.

    Attributes:
        loudspeaker, microphone: What was true of the devices.
        output_muted, input_muted: What the sound system says; None where it says nothing.
        played_db: How loud it left.
        level_db: How loud it was heard; None when it was not found.
        least_db: Softer than this it could not have been measured in this room.
        delay_ms: From its leaving to its being heard.
        distortion_percent: None where the room was too loud to tell.
        noise_db: Of the room, before it.
        sound_db: Of everything that the microphone gave.
        clipped_percent: Of the samples while it was heard.
        echo_gone_db: How far the canceller brought it down; None where the room was too loud to tell.
    """

    loudspeaker: DeviceState = DeviceState.OK
    microphone: DeviceState = DeviceState.OK
    output_muted: bool | None = None
    input_muted: bool | None = None
    played_db: float = 0.0
    level_db: float | None = None
    least_db: float = 0.0
    delay_ms: float = 0.0
    distortion_percent: float | None = None
    noise_db: float = 0.0
    sound_db: float = 0.0
    clipped_percent: float = 0.0
    echo_gone_db: float | None = None


def judge(trial: Trial) -> frozenset[HealthCode] | None:
    """What is wrong by one trial; None when the room was too loud to tell."""
    found = _devices(trial)
    if found or not _both_there(trial):
        return found
    if trial.sound_db < DEAF_DB:
        return frozenset({HealthCode.MICROPHONE_DEAF})
    if trial.level_db is None:
        return frozenset({HealthCode.LOUDSPEAKER_SILENT}) if _would_be_heard(trial) else None
    if trial.noise_db < DEAF_DB and abs(trial.level_db - trial.played_db) < WIRE_DB:
        return frozenset({HealthCode.MICROPHONE_MISSING})
    return _heard(trial, trial.level_db)


def is_certain(trial: Trial) -> bool:
    """Whether another trial could say nothing else: it is the system that says it, not the room."""
    return bool(_devices(trial))


def is_decided(verdicts: Sequence[frozenset[HealthCode] | None]) -> bool:
    """Whether more trials would change nothing: one clean one, or twice nothing at all where it would be heard."""
    if frozenset() in verdicts:
        return True
    return len(verdicts) > 1 and verdicts[-1] == verdicts[-2] and verdicts[-1] in _UNHEARD


def agreed(trials: Sequence[frozenset[HealthCode] | None]) -> frozenset[HealthCode] | None:
    """What several trials say together; None when none of them could tell.

    A trial without findings proves that the way works. Otherwise what most say holds, and what the last says if
    each says something else.
    """
    told = [found for found in trials if found is not None]
    if not told:
        return None
    if frozenset() in told:
        return frozenset()
    votes = Counter(code for found in told for code in found)
    return frozenset(code for code, count in votes.items() if 2 * count > len(told)) or told[-1]


def asks_for_other_outputs(found: frozenset[HealthCode]) -> bool:
    """Whether it would help to know if another loudspeaker is heard."""
    return HealthCode.LOUDSPEAKER_SILENT in found


def asks_for_other_inputs(found: frozenset[HealthCode], trial: Trial) -> bool:
    """Whether it would help to know if another microphone hears the sweep."""
    deaf = HealthCode.MICROPHONE_DEAF in found and not trial.input_muted
    return deaf or HealthCode.LOUDSPEAKER_SILENT in found


def with_others(
    found: frozenset[HealthCode], *, output_heard: bool = False, input_hears: bool = False
) -> frozenset[HealthCode]:
    """The findings, once other devices have been tried.

    Args:
        found: By the chosen ones.
        output_heard: Another loudspeaker is heard by the chosen microphone.
        input_hears: Another microphone hears the chosen loudspeaker.
    """
    unheard = frozenset[HealthCode]().union(*_UNHEARD)
    if input_hears:
        return found - unheard | {HealthCode.MICROPHONE_WRONG}
    if output_heard:
        return found - unheard | {HealthCode.LOUDSPEAKER_WRONG}
    return found


def numbers(trial: Trial) -> dict[HealthNumber, float]:
    """What was measured."""
    told: dict[HealthNumber, float | None] = {}
    if trial.microphone is DeviceState.OK:
        told[HealthNumber.NOISE_LEVEL_DB] = trial.noise_db
    if trial.level_db is not None:
        told[HealthNumber.SWEEP_LEVEL_DB] = trial.level_db
        told[HealthNumber.SOUND_DELAY_MS] = trial.delay_ms
        told[HealthNumber.DISTORTION_PERCENT] = trial.distortion_percent
        told[HealthNumber.ECHO_LEFT_DB] = trial.echo_gone_db
    return {number: round(value, 1) for number, value in told.items() if value is not None}


def _both_there(trial: Trial) -> bool:
    return trial.loudspeaker is trial.microphone is DeviceState.OK


def _devices(trial: Trial) -> frozenset[HealthCode]:
    """What needs no ear."""
    found = set()
    if trial.loudspeaker is not DeviceState.OK:
        found.add(HealthCode.LOUDSPEAKER_MISSING)
    elif trial.output_muted:
        found.add(HealthCode.LOUDSPEAKER_MUTED)
    if trial.microphone is not DeviceState.OK:
        found.add(HealthCode.MICROPHONE_MISSING)
    elif trial.input_muted:
        found.add(HealthCode.MICROPHONE_DEAF)
    return frozenset(found)


def _would_be_heard(trial: Trial) -> bool:
    """Whether a loudspeaker that is loud enough would have been found in this room."""
    return trial.least_db < trial.played_db + QUIET_DB


def _heard(trial: Trial, level_db: float) -> frozenset[HealthCode]:
    found = set()
    gain_db = level_db - trial.played_db
    if trial.clipped_percent > CLIPPED_PERCENT or gain_db > LOUD_DB:
        found.add(HealthCode.SOUND_TOO_LOUD)
    elif trial.distortion_percent is not None and trial.distortion_percent > DISTORTED_PERCENT:
        # What is overdriven is distorted, too; that is explained already.
        found.add(HealthCode.SOUND_DISTORTED)
    if gain_db < QUIET_DB and level_db >= trial.least_db:
        found.add(HealthCode.SOUND_TOO_QUIET)
    if trial.delay_ms > LATE_MS:
        found.add(HealthCode.SOUND_LATE)
    if trial.echo_gone_db is not None and trial.echo_gone_db < ECHO_GONE_DB:
        found.add(HealthCode.ECHO_LEFT)
    return frozenset(found)
