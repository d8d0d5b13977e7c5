"""The two lines between server and echo program."""

from __future__ import annotations

import pytest

from signaling.adapters.echo.spoken import (
    EchoError,
    EchoRefused,
    EchoRequest,
    answer_from,
    answered,
    refused,
    request_from,
)


def test_a_request_comes_through_whole_in_one_line() -> None:
    asked = EchoRequest("v=0\r\nö\n", ("turn:relay.example",), "1:x", "c", relay_only=True)
    line = asked.line()
    assert line.count(b"\n") == 1
    assert request_from(line) == asked


def test_an_answer_comes_through_whole_in_one_line() -> None:
    line = answered("v=0\r\nå\r\n")
    assert line.count(b"\n") == 1
    assert answer_from(line) == "v=0\r\nå\r\n"


@pytest.mark.parametrize("error", list(EchoError))
def test_a_refusal_keeps_its_reason(error: EchoError) -> None:
    with pytest.raises(EchoRefused) as refusal:
        answer_from(refused(error))
    assert refusal.value.error is error


@pytest.mark.parametrize("line", [b"", b"Traceback", b"[]", b"{}", b'{"sdp": ""}', b'{"sdp": 5}', b'{"error": "odd"}'])
def test_anything_else_is_a_program_that_broke(line: bytes) -> None:
    with pytest.raises(EchoRefused) as refusal:
        answer_from(line)
    assert refusal.value.error is EchoError.BROKEN


def test_neither_offer_nor_credential_is_shown_by_accident() -> None:
    shown = repr(EchoRequest("v=0 secret-address", (), "user", "secret-word"))
    assert "secret" not in shown
