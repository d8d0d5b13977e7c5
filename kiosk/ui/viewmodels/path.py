"""What the connection is like, in a visitor's words; shown while one talks and on hold."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.core.media import PathState
from kiosk.core.snapshot import CallFacts, Notice, Screen, ScreenState
from kiosk.ui.i18n.catalog import Catalog
from signaling.protocol.vocabulary import PathFault, PathQuality

_FAULTS = {
    PathFault.NOTHING_ARRIVES: "fault_nothing_arrives",
    PathFault.NO_PICTURE: "fault_no_picture",
    PathFault.NOTHING_LEAVES: "fault_nothing_leaves",
}
_MEETING = frozenset({Screen.TALKING, Screen.HELD})


@dataclass(frozen=True, slots=True)
class PathShown:
    """The connection in words; an empty text is not shown, and a good connection says nothing.

    Attributes:
        sentence: What is wrong with it, or how poor it is.
        coming_back: It broke and is being built anew.
        back_sentence: Says so.
        back_before: What stands before the figure of seconds that are left.
        back_seconds: That figure; 0 when nobody knows.
        back_after: What stands after it.
        back_else: What follows when it does not come back.
        librarian_dimmed: The librarian's last picture stands still: it is not now.
        librarian_still: Says why, at the picture.
        reaches: What leaves the kiosk reaches the librarian, as far as anybody knows.
        own_still: Of one's own picture only a still is sent: says so, at that picture.
        spoken: What a screen reader is told, once: everything but the figure that counts.
    """

    sentence: str
    coming_back: bool
    back_sentence: str
    back_before: str
    back_seconds: int
    back_after: str
    back_else: str
    librarian_dimmed: bool
    librarian_still: str
    reaches: bool
    own_still: str
    spoken: str


def show_path(state: ScreenState, catalog: Catalog) -> PathShown:
    """Say what is true of the connection, the most serious thing alone."""
    call = state.call
    back = is_coming_back(state)
    left_s = max(0, state.coming_back_s or 0) if back else 0
    before, after = _around(catalog, left_s) if left_s else ("", "")
    sentence = "" if back or state.screen is not Screen.TALKING else path_sentence(call, catalog)
    still = state.screen is Screen.TALKING and call.librarian_paused and call.librarian_camera
    back_sentence = catalog.say("notice_coming_back") if back else ""
    return PathShown(
        sentence=sentence,
        coming_back=back,
        back_sentence=back_sentence,
        back_before=before,
        back_seconds=left_s,
        back_after=after,
        back_else=catalog.say("back_else") if left_s else "",
        librarian_dimmed=back or still or call.fault in {PathFault.NO_PICTURE, PathFault.NOTHING_ARRIVES},
        librarian_still=catalog.say("librarian_still") if still and not back else "",
        reaches=reaches(state),
        own_still=catalog.say("own_still") if call.picture_paused and call.camera_sending else "",
        spoken=back_sentence or sentence,
    )


def is_coming_back(state: ScreenState) -> bool:
    """Whether the conversation is interrupted, and its path being built anew."""
    if state.screen not in _MEETING:
        return False
    if state.notice is Notice.COMING_BACK:
        return True
    return state.coming_back_s is not None and (
        state.call.path is not PathState.CONNECTED or state.call.fault is not None
    )


def reaches(state: ScreenState) -> bool:
    """Whether what leaves the kiosk reaches the librarian, as far as anybody knows."""
    return not is_coming_back(state) and state.call.fault is not PathFault.NOTHING_LEAVES


def path_sentence(call: CallFacts, catalog: Catalog) -> str:
    """What one should know of a connection that stands: nothing while it is good or fair."""
    if call.fault is not None:
        return catalog.say(_FAULTS[call.fault], name=call.librarian_name or catalog.say("librarian"))
    if call.quality is PathQuality.SOUND_ONLY and call.librarian_paused:
        return catalog.say("path_sound_only")
    if call.quality in {PathQuality.POOR, PathQuality.SOUND_ONLY}:
        # "Sound only" would not be true: at least the librarian's picture moves.
        return catalog.say("path_own_still" if call.picture_paused and call.camera_sending else "path_poor")
    return ""


def _around(catalog: Catalog, seconds: int) -> tuple[str, str]:
    # The figure stands alone on the screen, in a place as wide as its largest: so nothing moves when it counts.
    before, _, after = catalog.say_counted("back_left", seconds).partition(str(seconds))
    return before.strip(), after.strip()
