"""Applying a delta, for any views: what is told of a difference is enough to make it."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from signaling.protocol.deltas import applied, entries_of
from signaling.protocol.messages import KEYED_FIELDS, Delta

_keys = st.text("abc", min_size=1, max_size=2)
_values = st.integers() | st.none() | st.booleans() | st.text(max_size=3)
_views = st.fixed_dictionaries(
    {
        "seat": _values,
        "visit": _values,
        "line": st.dictionaries(_keys, _values),
        "colleagues": st.dictionaries(_keys, _values),
        "services": st.dictionaries(_keys, _values),
        "cards": st.dictionaries(_keys, _values),
    }
)


def _difference(old: dict[str, Any], new: dict[str, Any]) -> Delta:
    """The plainest difference there is, written down again so that the rule is not tested with itself."""
    plain = {name: value for name, value in new.items() if name not in KEYED_FIELDS}
    return Delta(
        revision=1,
        set=plain,
        put={name: dict(new[name]) for name in KEYED_FIELDS},
        drop={name: [key for key in old[name] if key not in new[name]] for name in KEYED_FIELDS},
    )


@given(_views, _views)
def test_any_view_becomes_any_other_by_their_difference(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert applied(old, _difference(old, new)) == new


@given(_views)
def test_an_empty_delta_changes_nothing(view: dict[str, Any]) -> None:
    assert applied(view, Delta(revision=1)) == view


def test_entries_enter_a_field_that_was_not_there() -> None:
    assert applied({}, Delta(revision=1, put={"line": {"a": 1}})) == {"line": {"a": 1}}


def test_a_field_that_is_not_there_has_no_entries() -> None:
    assert entries_of(None) == {}
    assert entries_of({"a": 1}) == {"a": 1}
