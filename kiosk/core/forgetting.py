"""How a screen is given back: what is forgotten, what is said on the way, and in which language. Pure."""

from __future__ import annotations

from dataclasses import replace

from kiosk.core.snapshot import Notice
from kiosk.core.state import DEFAULT_VOLUME_PERCENT, GOODBYE_S, TRY_AGAIN_SHOWN_S, Session, VisitMemory
from signaling.protocol.vocabulary import Language, VisitId


def forget(state: Session) -> Session:
    """Nothing of the visit is left but the language of whoever stands there; a countdown takes that back too."""
    return replace(
        state,
        touched_s=state.now_s,
        opening=None,
        goodbye=None,
        feedback=None,
        ticketing=None,
        ticket=None,
        notice=Notice.NONE,
        visit=VisitMemory(),
        volume_percent=DEFAULT_VOLUME_PERCENT,
    )


def say_goodbye(state: Session, visit_id: VisitId) -> Session:
    """Thanks, and one question, for a while."""
    return replace(forget(state), goodbye=visit_id, goodbye_until_s=state.now_s + GOODBYE_S)


def reset(state: Session) -> Session:
    """Back to idle in the branch's own language."""
    return replace(
        forget(state),
        language=state.default_language,
        language_chosen=False,
        touched_s=None,
        resets=state.resets + 1,
    )


def try_again(state: Session) -> Session:
    """Say that it did not work this time."""
    return replace(state, notice=Notice.TRY_AGAIN, notice_until_s=state.now_s + TRY_AGAIN_SHOWN_S)


def speak(state: Session, language: Language) -> Session:
    """Read and speak this language until the screen is given back."""
    return replace(state, language=language, language_chosen=language != state.default_language)
