"""Media values."""

from __future__ import annotations

import pytest

from kiosk.core.media import IceServer, MediaError, YuvFrame


def test_the_planes_are_views_into_one_piece_of_memory() -> None:
    data = bytearray(range(24))  # 4 x 4: 16 of luma, twice 4 of colour
    frame = YuvFrame(4, 4, data, captured_s=1.0)
    assert (bytes(frame.y), bytes(frame.u), bytes(frame.v)) == (
        bytes(range(16)),
        bytes(range(16, 20)),
        bytes(range(20, 24)),
    )
    data[16] = 99
    assert frame.u[0] == 99


@pytest.mark.parametrize(("reason", "text"), [("", "bad_answer"), ("no video", "bad_answer: no video")])
def test_an_error_of_the_engine_has_a_code_for_machines(reason: str, text: str) -> None:
    error = MediaError("bad_answer", reason)
    assert (error.code, str(error)) == ("bad_answer", text)


def test_neither_pictures_nor_credentials_are_printed() -> None:
    assert "credential" not in repr(IceServer(("turn:x",), "u", "hush"))
    assert "hush" not in repr(IceServer(("turn:x",), "u", "hush"))
    assert "data" not in repr(YuvFrame(4, 4, bytes(24), 0.0))
