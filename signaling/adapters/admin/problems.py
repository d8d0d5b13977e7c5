"""What is wrong with a form, as a code, a field and values; never a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from signaling.adapters.http_edge import Refused
from signaling.protocol.admin import AdminProblem, AdminProblemCode
from signaling.protocol.errors import ErrorCode, WireError
from signaling.protocol.messages.base import Message

M = TypeVar("M", bound=Message)
P = AdminProblemCode

#: Something else is in the way, and the form may be right.
_IN_THE_WAY: Final = frozenset({P.CHANGED, P.NAME_TAKEN, P.IN_USE, P.LAST_ADMIN, P.REVOKED, P.NOT_OWN})

#: pydantic's names of what was wrong: our code, the name of its bound, and ours.
_CODES: Final[Mapping[str, tuple[P, str, str]]] = {
    "missing": (P.REQUIRED, "", ""),
    "string_too_short": (P.REQUIRED, "", ""),
    "too_short": (P.REQUIRED, "", ""),
    "string_too_long": (P.TOO_LONG, "max_length", "max"),
    "too_long": (P.TOO_LONG, "max_length", "max"),
    "greater_than": (P.TOO_SMALL, "gt", "min"),
    "greater_than_equal": (P.TOO_SMALL, "ge", "min"),
    "less_than": (P.TOO_BIG, "lt", "max"),
    "less_than_equal": (P.TOO_BIG, "le", "max"),
    P.OVERLAP.value: (P.OVERLAP, "", ""),
    P.TOO_EASY.value: (P.TOO_EASY, "", ""),
}


def problem(code: AdminProblemCode, field: str = "", **data: str | float) -> Refused:
    """A refusal, to be raised: 409 when something else is in the way, 422 for a wrong field."""
    body = AdminProblem(code=code, field=field, data=data)
    return Refused(409 if code in _IN_THE_WAY else 422, body.model_dump(mode="json"))


def forbidden() -> WireError:
    """Not with these roles."""
    return WireError(ErrorCode.FORBIDDEN)


def not_found() -> WireError:
    """There is none in one's own library."""
    return WireError(ErrorCode.NOT_FOUND)


def checked(form: type[M], value: Any) -> M:
    """The form, if every field is right.

    Raises:
        Refused: With the first field that is not.
        WireError: `malformed` when it is no object at all.
    """
    if not isinstance(value, Mapping):
        raise WireError(ErrorCode.MALFORMED)
    try:
        return form.model_validate(value)
    except ValidationError as error:
        raise _first(error.errors(include_url=False, include_input=False)[0]) from None


def _first(error: ErrorDetails) -> Refused:
    context: Mapping[str, Any] = error.get("ctx", {})
    field = ".".join(str(part) for part in error["loc"]) or str(context.get("field", ""))
    code, bound, name = _CODES.get(error["type"], (P.WRONG, "", ""))
    return problem(code, field, **({name: context[bound]} if bound in context else {}))
