"""What the screen shows, as one frozen value.

The engine thread makes a new `ScreenState` after each change and hands it to the screen by one queued
signal; the screen never asks back. What was asked for and what is so are always two values.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from kiosk.core.media import DeviceState, PathState
from signaling.protocol.vocabulary import Language, OutOfServiceCause, TextAuthor

#: What the wire calls this end of a conversation.
KIOSK_SENDER: Final = "kiosk"


class LensSide(StrEnum):
    """Where the camera sits; the librarian's eyes come near it."""

    TOP = "top"
    LEFT = "left"
    RIGHT = "right"


class Screen(StrEnum):
    """The one screen that is shown."""

    STARTING = "starting"
    IDLE = "idle"
    WAITING = "waiting"  # in the line, or it rings at a seat
    CONNECTING = "connecting"  # a librarian accepted; sound and picture are on their way
    TALKING = "talking"
    HELD = "held"
    GOODBYE = "goodbye"
    OUT_OF_SERVICE = "out_of_service"


class Notice(StrEnum):
    """Something a visitor should know now, shown as a sentence on the current screen."""

    NONE = "none"
    CONNECTION_LOST = "connection_lost"  # the server is away; the call itself may go on
    COMING_BACK = "coming_back"  # the call's path is being rebuilt
    NOBODY_CAN_ANSWER = "nobody_can_answer"  # the last seat went while this visitor waits
    BACK_IN_LINE = "back_in_line"  # the librarian was lost; first in line again
    TRY_AGAIN = "try_again"  # the tap could not be taken


@dataclass(frozen=True, slots=True)
class BranchFacts:
    """Where this kiosk stands. Empty until the first snapshot from the server."""

    library_name: str = ""
    branch_name: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Availability:
    """The truth on the idle screen."""

    answerable_seats: int = 0  # on duty with everything proven, busy or not
    free_seats: int = 0  # those that would be rung now; 0 with answerable seats means: all are talking
    on_duty_names: tuple[str, ...] = ()  # first names of those who wish to be named
    next_open: datetime | None = None  # local time of the branch, when known


@dataclass(frozen=True, slots=True)
class TextEntry:
    """One typed line, possibly still being typed.

    Attributes:
        sender: Which end typed it: `kiosk`, or a seat's id; each end numbers its own lines.
        name: First name of whoever typed it; empty for the visitor.
    """

    author: TextAuthor
    entry: int
    text: str
    done: bool
    sender: str = KIOSK_SENDER
    name: str = ""


@dataclass(frozen=True, slots=True)
class ColleagueFacts:
    """The colleague in the conversation, as far as the visitor sees and hears."""

    name: str = ""
    path: PathState = PathState.NEW
    coming_back: bool = False  # was there, and the path is being rebuilt
    camera: bool = True  # that side says that it sends a picture
    microphone: bool = True
    picture_received: bool = False


@dataclass(frozen=True, slots=True)
class CallFacts:
    """What is true of the call, both ends."""

    librarian_name: str = ""
    path: PathState = PathState.NEW
    camera_wanted: bool = False
    camera_sending: bool = False
    muted: bool = False
    microphone_sending: bool = False
    volume_percent: int = 80
    camera: DeviceState = DeviceState.CLOSED
    microphone: DeviceState = DeviceState.CLOSED
    loudspeaker: DeviceState = DeviceState.CLOSED
    librarian_camera: bool = True  # the other side says that it sends a picture
    librarian_microphone: bool = True
    picture_received: bool = False  # at least one frame of this generation was decoded
    entries: tuple[TextEntry, ...] = ()
    draft: str = ""
    held_since: datetime | None = None
    colleague: ColleagueFacts | None = None  # who was brought in


@dataclass(frozen=True, slots=True)
class ScreenState:
    """Everything the screen shows.

    Attributes:
        now_local: Local time of the branch, for the clock; changes once a second at most.
        countdown_s: Seconds until the screen goes back to idle by itself, or None when it will not.
        place: Place in line, 1 is next; 0 when unknown.
        answering: True from the moment a librarian is being rung.
        resets: Rises each time the screen went back to idle by itself or by a goodbye: overlays close then.
    """

    screen: Screen = Screen.STARTING
    language: Language = Language.SV
    notice: Notice = Notice.NONE
    branch: BranchFacts = field(default_factory=BranchFacts)
    availability: Availability = field(default_factory=Availability)
    now_local: datetime | None = None
    countdown_s: int | None = None
    place: int = 0
    answering: bool = False
    call: CallFacts = field(default_factory=CallFacts)
    feedback_given: int | None = None
    out_of_service_since: datetime | None = None
    out_of_service_cause: OutOfServiceCause | None = None
    resets: int = 0
