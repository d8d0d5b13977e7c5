"""How a rule says no. The codes are the wire's, so that a refusal travels without being translated."""

from __future__ import annotations

from signaling.protocol.errors import ErrorCode, WireError


class Refused(WireError):
    """A rule does not allow the command. Nothing has changed."""


def not_found() -> Refused:
    """The visit, offer or seat of a command is not there, or belongs to somebody else."""
    return Refused(ErrorCode.NOT_FOUND)
