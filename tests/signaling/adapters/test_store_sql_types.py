"""The column types: what goes in comes out, and what nobody could understand is refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects.sqlite import dialect as sqlite
from sqlalchemy.types import TypeDecorator

from signaling.adapters.store_sql.types import (
    Moments,
    Numbers,
    Spans,
    StrList,
    StrSet,
    Texts,
    Tiers,
    WeeklyHours,
    WordNumbers,
    WordSet,
    WordTimes,
)
from signaling.domain.places import Hours, Span, Tier
from signaling.protocol.health import HealthCode, HealthNumber
from signaling.protocol.vocabulary import Language, Role, TeamId

DIALECT = sqlite()

moments = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=2)), timezone(-timedelta(hours=11))]))
numbers = st.floats(allow_nan=False, allow_infinity=False)
spans = st.builds(Span, st.integers(0, 1439), st.integers(1, 1440))
days = st.lists(spans, max_size=3).map(tuple)
tiers = st.builds(Tier, st.text(max_size=5).map(TeamId), st.floats(0, 1e6))


def stored(kind: TypeDecorator[Any], value: object) -> Any:
    """What stands in the database, as JSON gives it back."""
    return json.loads(json.dumps(kind.process_bind_param(value, DIALECT)))


def round_trip(kind: TypeDecorator[Any], value: object) -> object:
    return kind.process_result_value(stored(kind, value), DIALECT)


KINDS = [
    (StrSet(), st.frozensets(st.text())),
    (WordSet(Language), st.frozensets(st.sampled_from(Language))),
    (WordSet(Role), st.frozensets(st.sampled_from(Role))),
    (Texts(), st.dictionaries(st.sampled_from(Language), st.text())),
    (Moments(), st.lists(moments).map(tuple)),
    (Numbers(), st.lists(numbers).map(tuple)),
    (StrList(), st.lists(st.text()).map(tuple)),
    (WordTimes(HealthCode), st.dictionaries(st.sampled_from(HealthCode), moments)),
    (WordNumbers(HealthNumber), st.dictionaries(st.sampled_from(HealthNumber), numbers)),
    (Spans(), days),
    (WeeklyHours(), st.builds(Hours, st.tuples(*[days] * 7), st.booleans())),
    (Tiers(), st.lists(tiers).map(tuple)),
]


@pytest.mark.parametrize(("kind", "values"), KINDS)
@given(data=st.data())
def test_what_goes_in_comes_out(
    kind: TypeDecorator[Any], values: st.SearchStrategy[object], data: st.DataObject
) -> None:
    value = data.draw(values)
    assert round_trip(kind, value) == value


@pytest.mark.parametrize("kind", [kind for kind, _ in KINDS])
def test_nothing_stays_nothing(kind: TypeDecorator[Any]) -> None:
    assert round_trip(kind, None) is None


def test_times_are_stored_in_utc() -> None:
    summer = datetime(2026, 7, 1, 9, 30, tzinfo=timezone(timedelta(hours=2)))
    assert stored(Moments(), (summer,)) == ["2026-07-01T07:30:00+00:00"]


def test_a_naive_time_among_others_is_refused() -> None:
    with pytest.raises(ValueError, match="must be aware"):
        Moments().process_bind_param((datetime(2026, 3, 2, tzinfo=UTC).replace(tzinfo=None),), DIALECT)
    with pytest.raises(ValueError, match="must be aware"):
        WordTimes(HealthCode).process_bind_param(
            {HealthCode.AWAY: datetime(2026, 3, 2, tzinfo=UTC).replace(tzinfo=None)}, DIALECT
        )


def test_equal_sets_are_equal_rows() -> None:
    assert stored(WordSet(Language), {Language.SV, Language.EN}) == ["en", "sv"]
    assert stored(StrSet(), {"b", "a"}) == ["a", "b"]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (WordSet(Language), ["xx"]),
        (Texts(), {"xx": "?"}),
        (WordSet(Role), ["king"]),
        (WordTimes(HealthCode), {"xx": "2026-03-02T09:00:00+00:00"}),
        (WordNumbers(HealthNumber), {"xx": 1.0}),
    ],
)
def test_a_word_that_this_version_does_not_know_is_refused(kind: TypeDecorator[Any], value: object) -> None:
    with pytest.raises(ValueError, match="is not a valid"):
        kind.process_result_value(value, DIALECT)
