"""Column types: times that keep their zone, enums by value, sets, texts, hours and tiers as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import JSON, DateTime, Dialect, String
from sqlalchemy.types import TypeDecorator
from typing_extensions import override

from signaling.domain.places import Hours, Span, Tier
from signaling.protocol.vocabulary import Language, TeamId

E = TypeVar("E", bound=StrEnum)


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes in UTC, on both databases.

    SQLite has no zones and gives back naive values, so what goes in is turned to UTC and what comes out is
    marked as UTC. A naive value is refused: nobody could say which moment it means.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        utc = _in_utc(value)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Word(TypeDecorator[E], Generic[E]):
    """A member of a `StrEnum`, stored as its value: a new word needs no change of the database.

    Reading raises ValueError for a word that this version does not know.
    """

    impl = String(32)
    cache_ok = True

    def __init__(self, words: type[E]) -> None:
        super().__init__()
        self.words = words

    @override
    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:
        return None if value is None else value.value

    @override
    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:
        return None if value is None else self.words(value)


class StrSet(TypeDecorator[frozenset[Any]]):
    """A set of strings as a sorted JSON list, so that equal sets are equal rows."""

    impl = JSON
    cache_ok = True

    @override
    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> list[str] | None:
        return None if value is None else sorted(str(item) for item in value)

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> frozenset[Any] | None:
        return None if value is None else frozenset(value)


class WordSet(TypeDecorator[frozenset[E]], Generic[E]):
    """A set of members of a `StrEnum` as a sorted JSON list of their values.

    Reading raises ValueError for a word that this version does not know.
    """

    impl = JSON
    cache_ok = True

    def __init__(self, words: type[E]) -> None:
        super().__init__()
        self.words = words

    @override
    def process_bind_param(self, value: Iterable[E] | None, dialect: Dialect) -> list[str] | None:
        return None if value is None else sorted(word.value for word in value)

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> frozenset[E] | None:
        return None if value is None else frozenset(self.words(word) for word in value)


class Texts(TypeDecorator[Mapping[Language, str]]):
    """One text in several languages, as a JSON object by language."""

    impl = JSON
    cache_ok = True

    @override
    def process_bind_param(self, value: Mapping[Language, str] | None, dialect: Dialect) -> dict[str, str] | None:
        return None if value is None else {language.value: text for language, text in value.items()}

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> Mapping[Language, str] | None:
        return None if value is None else {Language(code): text for code, text in value.items()}


class Moments(TypeDecorator[tuple[datetime, ...]]):
    """Times in the order given, as a JSON list of ISO 8601 in UTC. A naive one is refused."""

    impl = JSON
    cache_ok = True

    @override
    def process_bind_param(self, value: Iterable[datetime] | None, dialect: Dialect) -> list[str] | None:
        return None if value is None else [_in_utc(moment).isoformat() for moment in value]

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[datetime, ...] | None:
        return None if value is None else tuple(datetime.fromisoformat(text) for text in value)


class Numbers(TypeDecorator[tuple[float, ...]]):
    """Numbers in the order given, as a JSON list."""

    impl = JSON
    cache_ok = True

    @override
    def process_bind_param(self, value: Iterable[float] | None, dialect: Dialect) -> list[float] | None:
        return None if value is None else list(value)

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[float, ...] | None:
        return None if value is None else tuple(float(number) for number in value)


class Numbered(TypeDecorator[Mapping[str, int]]):
    """A whole number for each of several ids, as a JSON object."""

    impl = JSON
    cache_ok = True

    @override
    def process_bind_param(self, value: Mapping[str, int] | None, dialect: Dialect) -> dict[str, int] | None:
        return None if value is None else dict(value)

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> Mapping[str, int] | None:
        return None if value is None else {str(key): int(number) for key, number in value.items()}


class Words(TypeDecorator[tuple[E, ...]], Generic[E]):
    """Members of a `StrEnum` in the order given, as a JSON list of their values.

    Reading raises ValueError for a word that this version does not know.
    """

    impl = JSON
    cache_ok = True

    def __init__(self, words: type[E]) -> None:
        super().__init__()
        self.words = words

    @override
    def process_bind_param(self, value: Iterable[E] | None, dialect: Dialect) -> list[str] | None:
        return None if value is None else [word.value for word in value]

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[E, ...] | None:
        return None if value is None else tuple(self.words(word) for word in value)


class WordTimes(TypeDecorator[Mapping[E, datetime]], Generic[E]):
    """A time for each of several members of a `StrEnum`, as a JSON object of ISO 8601 in UTC. A naive one is refused.

    Reading raises ValueError for a word that this version does not know.
    """

    impl = JSON
    cache_ok = True

    def __init__(self, words: type[E]) -> None:
        super().__init__()
        self.words = words

    @override
    def process_bind_param(self, value: Mapping[E, datetime] | None, dialect: Dialect) -> dict[str, str] | None:
        return None if value is None else {word.value: _in_utc(moment).isoformat() for word, moment in value.items()}

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> Mapping[E, datetime] | None:
        return None if value is None else {self.words(key): datetime.fromisoformat(text) for key, text in value.items()}


class WordNumbers(TypeDecorator[Mapping[E, float]], Generic[E]):
    """A number for each of several members of a `StrEnum`, as a JSON object.

    Reading raises ValueError for a word that this version does not know.
    """

    impl = JSON
    cache_ok = True

    def __init__(self, words: type[E]) -> None:
        super().__init__()
        self.words = words

    @override
    def process_bind_param(self, value: Mapping[E, float] | None, dialect: Dialect) -> dict[str, float] | None:
        return None if value is None else {word.value: float(number) for word, number in value.items()}

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> Mapping[E, float] | None:
        return None if value is None else {self.words(key): float(number) for key, number in value.items()}


class StrList(TypeDecorator[tuple[str, ...]]):
    """Strings in the order given, as a JSON list."""

    impl = JSON
    cache_ok = True

    @override
    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> list[str] | None:
        return None if value is None else list(value)

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[str, ...] | None:
        return None if value is None else tuple(value)


class Spans(TypeDecorator[tuple[Span, ...]]):
    """The spans of one day, as a JSON list of pairs of minutes."""

    impl = JSON
    cache_ok = True

    @override
    def process_bind_param(self, value: Iterable[Span] | None, dialect: Dialect) -> list[list[int]] | None:
        return None if value is None else _pairs(value)

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[Span, ...] | None:
        return None if value is None else _spans(value)


class WeeklyHours(TypeDecorator[Hours]):
    """Weekly hours as a JSON object; None, which means always, as SQL's NULL."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: Hours | None, dialect: Dialect) -> dict[str, object] | None:
        if value is None:
            return None
        return {"week": [_pairs(day) for day in value.week], "closed_on_holidays": value.closed_on_holidays}

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> Hours | None:
        return (
            None if value is None else Hours(tuple(_spans(day) for day in value["week"]), value["closed_on_holidays"])
        )


class Tiers(TypeDecorator[tuple[Tier, ...]]):
    """The steps of a roll-up, as a JSON list in order."""

    impl = JSON
    cache_ok = True

    @override
    def process_bind_param(self, value: Iterable[Tier] | None, dialect: Dialect) -> list[dict[str, object]] | None:
        return None if value is None else [{"team_id": tier.team_id, "after_s": tier.after_s} for tier in value]

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[Tier, ...] | None:
        return None if value is None else tuple(Tier(TeamId(tier["team_id"]), tier["after_s"]) for tier in value)


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        msg = "a stored time must be aware"
        raise ValueError(msg)
    return moment.astimezone(UTC)


def _pairs(spans: Iterable[Span]) -> list[list[int]]:
    return [[span.opens_min, span.closes_min] for span in spans]


def _spans(pairs: Iterable[tuple[int, int]]) -> tuple[Span, ...]:
    return tuple(Span(opens_min, closes_min) for opens_min, closes_min in pairs)
