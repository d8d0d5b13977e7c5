"""Versions and payloads, before anybody acts on them."""

from __future__ import annotations

from typing import Any

import pytest

from signaling.adapters.gateway.checking import checked, negotiate
from signaling.protocol import messages as m
from signaling.protocol.errors import ErrorCode, WireError
from signaling.protocol.vocabulary import MAX_MESSAGE_BYTES, MAX_TEXT_CHARS, OLDEST_PROTOCOL_VERSION, PROTOCOL_VERSION


def code_of(spec: str, *arguments: Any) -> ErrorCode:
    with pytest.raises(WireError) as refused:
        checked(m.MESSAGES[spec], arguments)
    return refused.value.code


@pytest.mark.parametrize("version", [7, 6])
def test_this_version_and_the_one_before_are_spoken(version: int) -> None:
    negotiate({"protocol": version}, newest=7, oldest=6)


@pytest.mark.parametrize("version", [8, 5, 0, -1, 10**30])
def test_any_other_version_is_refused_and_told_what_is_spoken(version: int) -> None:
    with pytest.raises(WireError) as refused:
        negotiate({"protocol": version, "a key of the future": []}, newest=7, oldest=6)
    assert (refused.value.code, refused.value.data) == (ErrorCode.VERSION, {"oldest": 6, "newest": 7})


@pytest.mark.parametrize("hello", [None, [], "1", {}, {"protocol": "1"}, {"protocol": True}, {"protocol": None}])
def test_a_hello_without_a_version_is_malformed(hello: object) -> None:
    with pytest.raises(WireError) as refused:
        negotiate(hello)
    assert refused.value.code is ErrorCode.MALFORMED


def test_the_oldest_version_is_at_most_one_behind() -> None:
    assert PROTOCOL_VERSION - 1 <= OLDEST_PROTOCOL_VERSION <= PROTOCOL_VERSION


@pytest.mark.parametrize(
    "arguments",
    [
        ("text",),
        (7,),
        ([],),
        ({},),
        ({"visit_id": ""},),
        ({"visit_id": "no blanks"},),
        ({"visit_id": "v" * 65},),
        ({"visit_id": None},),
        ({"visit_id": "v"}, "one too many"),
    ],
)
def test_another_shape_is_malformed(arguments: tuple[Any, ...]) -> None:
    assert code_of("visit.cancel", *arguments) is ErrorCode.MALFORMED


def test_half_a_letter_is_malformed() -> None:
    draft = {"visit_id": "v", "entry": 1, "text": "\ud83d"}
    assert code_of("text.draft", draft) is ErrorCode.MALFORMED


def test_nesting_without_end_is_malformed() -> None:
    nested: list[Any] = []
    for _ in range(100_000):
        nested = [nested]
    assert code_of("visit.cancel", {"visit_id": nested}) is ErrorCode.MALFORMED


def test_too_many_bytes_are_too_large_even_in_keys_that_nobody_reads() -> None:
    payload = {"visit_id": "v", "unknown": "å" * (MAX_MESSAGE_BYTES // 2)}
    assert code_of("visit.cancel", payload) is ErrorCode.TOO_LARGE


def test_what_fits_is_taken_and_unknown_keys_are_passed_over() -> None:
    draft = {"visit_id": "v", "entry": 1, "text": "å" * MAX_TEXT_CHARS, "of a newer version": [1]}
    message = checked(m.MESSAGES["text.draft"], (draft,))
    assert message == m.TextDraft(visit_id="v", entry=1, text="å" * MAX_TEXT_CHARS)


def test_an_empty_message_needs_no_payload() -> None:
    assert checked(m.MESSAGES["snapshot.request"], ()) == m.Nothing()
    assert checked(m.MESSAGES["snapshot.request"], (None,)) == m.Nothing()
