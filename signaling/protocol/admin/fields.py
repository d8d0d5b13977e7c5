"""What the forms are made of: bounded texts, languages, hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from signaling.protocol.admin.problems import AdminProblemCode
from signaling.protocol.messages.base import Message, Texts
from signaling.protocol.vocabulary import MAX_CARD_CHARS, MAX_NAME_CHARS, Language, Role

MINUTES_A_DAY: Final = 1440
DAYS_A_WEEK: Final = 7
MAX_SPANS_A_DAY: Final = 6
MAX_TIERS: Final = 8
MAX_TEAM_MEMBERS: Final = 500
MAX_EMAIL_CHARS: Final = 254
MAX_ENDPOINT_CHARS: Final = 1000


def _printable(value: str) -> str:
    if not value.isprintable():
        raise PydanticCustomError(AdminProblemCode.WRONG.value, "printable characters only")
    return value


def _without_blanks(value: Any) -> Any:
    """A language whose text is empty is a language without a text."""
    if isinstance(value, Mapping):
        return {key: text for key, text in value.items() if not (isinstance(text, str) and not text.strip())}
    return value


def once(values: Sequence[Any]) -> tuple[Any, ...]:
    """Each value once, in the order in which they came."""
    return tuple(dict.fromkeys(values))


#: What people call something: one line, never empty.
Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_NAME_CHARS),
    AfterValidator(_printable),
]
Login = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, max_length=MAX_NAME_CHARS, pattern=r"^[^\s/\\\"<>]+$"),
    AfterValidator(_printable),
]
#: As people write it: digits with what stands between them.
Phone = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\+?[0-9(][0-9 ()/.\-]{1,38}$")]
#: Empty, or one address; whether it exists shows when something is sent there.
Email = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        max_length=MAX_EMAIL_CHARS,
        pattern=r"^$|^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~\-]+@[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?"
        r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?)+$",
    ),
]
Country = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^$|^[A-Za-z]{2}$")]
TimeZone = Annotated[str, StringConstraints(max_length=64, pattern=r"^[A-Za-z0-9_+\-]+(/[A-Za-z0-9_+\-]+)*$")]
Revision = Annotated[str, StringConstraints(max_length=64)]
Titles = Annotated[dict[Language, Title], BeforeValidator(_without_blanks), Field(min_length=1)]
Bodies = Annotated[
    dict[Language, Annotated[str, StringConstraints(min_length=1, max_length=MAX_CARD_CHARS)]],
    BeforeValidator(_without_blanks),
    Field(min_length=1),
]
OptionalTexts = Annotated[Texts, BeforeValidator(_without_blanks)]
Languages = Annotated[tuple[Language, ...], AfterValidator(once), Field(min_length=1, max_length=len(Language))]
Roles = Annotated[tuple[Role, ...], AfterValidator(once), Field(min_length=1, max_length=len(Role))]
Seconds = Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)]
#: Of the local day; two of them are a span, and one that ends before it begins goes past midnight.
Minute = Annotated[int, Field(ge=0, le=MINUTES_A_DAY)]
Percentage = Annotated[int, Field(ge=0, le=100)]
#: Of the kiosk's program, as packages are numbered (PEP 440, without its local part); empty: as it is.
Version = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=40, pattern=r"^$|^[0-9]+(\.[0-9A-Za-z]+)*$")
]


class SpanForm(Message):
    """Open from one minute of the local day until before another: 08.00 to 22.00 is 480 and 1320."""

    opens_min: Annotated[int, Field(ge=0, lt=MINUTES_A_DAY)]
    closes_min: Annotated[int, Field(gt=0, le=MINUTES_A_DAY)]


def _in_order(spans: tuple[SpanForm, ...]) -> tuple[SpanForm, ...]:
    before = -1
    for span in spans:
        # Two spans that touch are one: the day would close and open in the same minute.
        if not before < span.opens_min < span.closes_min:
            raise PydanticCustomError(AdminProblemCode.OVERLAP.value, "spans in order, none within another")
        before = span.closes_min
    return spans


Spans = Annotated[tuple[SpanForm, ...], Field(max_length=MAX_SPANS_A_DAY), AfterValidator(_in_order)]


class HoursForm(Message):
    """Weekly hours: Monday to Sunday, each in order and without overlap."""

    week: Annotated[tuple[Spans, ...], Field(min_length=DAYS_A_WEEK, max_length=DAYS_A_WEEK)]
    closed_on_holidays: bool = True
