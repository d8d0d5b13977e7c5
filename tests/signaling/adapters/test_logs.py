"""What is written, and what must never be."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from signaling.adapters.logs import HIDDEN, configure_logging, masked, redact
from signaling.config import LogFormat, LogLevel

SDP = "v=0\r\no=- 4611731400430051336 2 IN IP4 203.0.113.7\r\na=ice-pwd:asd88fgpdd777uzjYhagZg\r\n"
CANDIDATE = "candidate:842163049 1 udp 1677729535 203.0.113.7 46154 typ srflx raddr 10.0.0.17 rport 46154"
TOKEN = "Zq3vA81LmXy0Pn5TgRb7Kd2WcEhJ4uSf9VoGi6tMxYzA"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Where the lines go; logging is as before afterwards."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    levels = {
        name: logging.getLogger(name).level
        for name in ("aiohttp.access", "alembic", "engineio", "socketio", "sqlalchemy")
    }
    stream = io.StringIO()
    yield stream
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def written(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


# --- what is written ----------------------------------------------------------------------------------------


def test_a_line_is_json_with_event_level_logger_and_time(stream: io.StringIO) -> None:
    configure_logging(LogLevel.INFO, LogFormat.JSON, stream)
    structlog.get_logger("signaling.test").info("kiosk_enrolled", kiosk_id="k1", count=2, ok=True)
    (line,) = written(stream)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "kiosk_enrolled",
        "level": "info",
        "logger": "signaling.test",
        "kiosk_id": "k1",
        "count": 2,
        "ok": True,
    }


def test_lines_of_libraries_go_the_same_way(stream: io.StringIO) -> None:
    configure_logging(LogLevel.INFO, LogFormat.JSON, stream)
    logging.getLogger("some.library").info("began with %s", "three parts")
    (line,) = written(stream)
    assert (line["event"], line["logger"], line["level"]) == ("began with three parts", "some.library", "info")


def test_lines_below_the_level_are_not_written(stream: io.StringIO) -> None:
    configure_logging(LogLevel.WARNING, LogFormat.JSON, stream)
    structlog.get_logger("signaling.test").info("quiet")
    logging.getLogger("some.library").info("quiet")
    assert stream.getvalue() == ""


@pytest.mark.parametrize("name", ["aiohttp.access", "engineio.server", "socketio.server", "sqlalchemy.engine.Engine"])
def test_what_libraries_say_of_each_request_or_statement_is_never_written(stream: io.StringIO, name: str) -> None:
    configure_logging(LogLevel.DEBUG, LogFormat.JSON, stream)
    logging.getLogger(name).debug("INSERT INTO staff ... 'Anna'")
    assert stream.getvalue() == ""


def test_text_for_people_is_one_line_without_colours(stream: io.StringIO) -> None:
    configure_logging(LogLevel.INFO, LogFormat.TEXT, stream)
    structlog.get_logger("signaling.test").info("serving", port=8080)
    assert "serving" in stream.getvalue()
    assert "port=8080" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()


def test_to_configure_twice_writes_each_line_once(stream: io.StringIO) -> None:
    configure_logging(LogLevel.INFO, LogFormat.JSON, stream)
    configure_logging(LogLevel.INFO, LogFormat.JSON, stream)
    structlog.get_logger("signaling.test").info("once")
    assert len(written(stream)) == 1


@pytest.mark.expected_log("it broke", level="ERROR")
def test_an_exception_is_written_with_its_trace_and_without_what_it_quotes(stream: io.StringIO) -> None:
    configure_logging(LogLevel.INFO, LogFormat.JSON, stream)
    try:
        raise ValueError(f"bad answer {SDP}")
    except ValueError:
        structlog.get_logger("signaling.test").exception("it broke")
    (line,) = written(stream)
    assert "ValueError: bad answer [sdp]" in line["exception"]
    assert "ice-pwd" not in stream.getvalue()


# --- what must never be -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key",
    [
        "name", "login", "password", "token", "csrf", "cookie", "cookies", "sdp", "candidate", "text", "address",
        "remote", "ip", "challenge", "signature", "secret", "credential", "payload", "auth", "headers", "environ",
        "Name",
        "staff_name", "librarian_name", "session_token", "csrf_token", "password_hash", "public_key", "turn_secret",
        "remote_address", "offer_sdp", "draft_text",
    ],
)  # fmt: skip
def test_a_value_under_a_telling_key_is_hidden(key: str) -> None:
    assert redact(None, "info", {"event": "x", key: "Anna"})[key] == HIDDEN
    nested = redact(None, "info", {"event": "x", "data": [{key: {"deep": "Anna"}}]})
    assert nested["data"] == [{key: HIDDEN}]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"offer was {SDP}", "offer was [sdp]"),
        (f"offer was {SDP!r}", "offer was '[sdp]"),
        (f"got {CANDIDATE}", "got [candidate]"),
        (f"cookie {TOKEN} refused", "cookie [token] refused"),
        (f"Authorization: Bearer {TOKEN}", f"Authorization: Bearer {HIDDEN}"),
        ("from 203.0.113.7 port 5", "from [address] port 5"),
        ("from 203.0.113.7:5060", "from [address]:5060"),
        ("from [2001:db8::17]:5060", "from [[address]]:5060"),
        ("from fe80::1ff:fe23:4567:890a", "from [address]"),
        ("from ::ffff:203.0.113.7", "from [address]"),
    ],
)
def test_what_looks_like_a_secret_or_an_address_is_masked(text: str, kept: str) -> None:
    assert masked(text) == kept
    assert redact(None, "info", {"event": text})["event"] == kept
    assert redact(None, "info", {"event": "x", "error": ValueError(text)})["error"] == kept


@pytest.mark.parametrize(
    "text",
    [
        "listening on 127.0.0.1 port 8080",
        "listening on ::1",
        "listening on 0.0.0.0:8080",
        "at 20:38:42 and 2026-11-21T20:38:42.166183Z",
        "visit 4qj3Ryicq7vVN00x1Dvxnn ended",
        "offer 4qj3Ryicq7vVN00x1Dvxnn-12 expired",
        'File "/usr/lib/python3.11/asyncio/base_events.py", line 653, in run_until_complete',
        "version 3.14.5 of aiohttp",
        "deadline_passed",
    ],
)
def test_what_is_needed_to_understand_a_line_stays(text: str) -> None:
    assert masked(text) == text


def test_bytes_are_never_written() -> None:
    assert redact(None, "info", {"event": "x", "data": b"Anna"})["data"] == HIDDEN


def test_numbers_and_nothing_stay_as_they_are() -> None:
    event = {"event": "x", "count": 3, "wait_s": 0.5, "ok": False, "more": None, "list": [1, "a"]}
    assert redact(None, "info", dict(event)) == event
