"""Why a form was refused: codes, and the one shape in which they travel."""

from __future__ import annotations

from enum import StrEnum

from signaling.protocol.errors import ErrorCode
from signaling.protocol.messages.base import Message


class AdminProblemCode(StrEnum):
    """Why a form was not saved, beside the wire's own codes."""

    # 409: something else is in the way
    CHANGED = "changed"  # somebody else changed it since it was read
    NAME_TAKEN = "name_taken"  # the name, login or day is used already
    IN_USE = "in_use"  # something points at it; data: why (kiosks, services, last_service, visits), count, name
    LAST_ADMIN = "last_admin"  # nobody would be left who may do this
    REVOKED = "revoked"  # the kiosk is revoked: make a new one
    NOT_OWN = "not_own"  # not with the own account
    # 422: a field is wrong
    REQUIRED = "required"
    TOO_LONG = "too_long"  # data: max
    TOO_SMALL = "too_small"  # data: min
    TOO_BIG = "too_big"  # data: max
    WRONG = "wrong"  # not what belongs here
    TOO_EASY = "too_easy"  # a PIN that anybody would try first
    OVERLAP = "overlap"  # hours out of order, or one span in another
    UNKNOWN = "unknown"  # it points at something that is not there
    FIXED = "fixed"  # it cannot be changed afterwards
    ROLES = "roles"  # roles that one may not give or take
    NO_RELAY = "no_relay"  # this installation has no relay that media could go through
    PUSH_REFUSED = "push_refused"  # a push address that this server does not send to


class AdminProblem(Message):
    """Why a form was refused.

    Attributes:
        field: Path of the field ("hours.week.0.1.opens_min"); empty when it is about the whole form.
    """

    code: AdminProblemCode | ErrorCode
    field: str = ""
    data: dict[str, str | int | float] = {}
