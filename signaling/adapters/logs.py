"""Structured logs to standard error, with a last look that takes out what must not be kept.

Lines of our own and of the libraries (aiohttp, Socket.IO, SQLAlchemy) go the same way. The rule is that nobody
logs names, addresses, SDP or tokens; `redact` is the net below the rule. It knows them by key and by shape, and a
name in running text has no shape, so names must never be put into an event's text.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from typing import Any, Final, TextIO

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

from signaling.config import LogFormat, LogLevel

HIDDEN: Final = "[hidden]"

_HANDLER_NAME: Final = "librarian"

#: Values under these keys are never written, whatever they are.
_HIDDEN_KEYS: Final = frozenset(
    {
        "address",
        "answer",
        "auth",
        "candidate",
        "challenge",
        "cookie",
        "cookies",
        "credential",
        "csrf",
        "environ",
        "fingerprint",
        "headers",
        "ip",
        "key",
        "login",
        "name",
        "offer",
        "password",
        "payload",
        "peername",
        "phone",
        "public_key",
        "remote",
        "sdp",
        "secret",
        "signature",
        "text",
        "token",
        "username",
    }
)
_HIDDEN_ENDINGS: Final = ("_address", "_hash", "_key", "_name", "_password", "_sdp", "_secret", "_text", "_token")

_SDP: Final = re.compile(r"\bv=0(?:\\r|\\n|\s).*", re.DOTALL)
_CANDIDATE: Final = re.compile(r"\bcandidate:\S.*")
_BEARER: Final = re.compile(r"\b(Bearer|Basic)\s+\S+")
_TOKEN: Final = re.compile(r"(?<![\w/.+-])(?=[^\s]*\d)(?=[^\s]*[A-Za-z])[A-Za-z0-9+/_-]{40,}={0,2}(?![\w/.+-])")
_IPV4: Final = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])")
_IPV6: Final = re.compile(r"(?<![\w:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:\.\d{1,3}){0,3}(?![\w:])")

#: Libraries whose quieter lines hold addresses, statements or whole messages.
_QUIETER: Final = {
    "aiohttp.access": logging.WARNING,
    "aioice": logging.WARNING,
    "alembic": logging.WARNING,
    "engineio": logging.WARNING,
    "socketio": logging.WARNING,
    "sqlalchemy": logging.WARNING,
}


def configure_logging(level: LogLevel, form: LogFormat, stream: TextIO | None = None) -> None:
    """Send all that is logged in this process to one place, in one form.

    Args:
        level: From which level on.
        form: JSON for machines, text for people.
        stream: Standard error if None.
    """
    threshold = logging.getLevelNamesMapping()[level.upper()]
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        redact,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *before,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.name = _HANDLER_NAME
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(form)],
        )
    )
    root = logging.getLogger()
    for old in [old for old in root.handlers if old.name == _HANDLER_NAME]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(threshold)
    for name, quiet in _QUIETER.items():
        logging.getLogger(name).setLevel(max(threshold, quiet))
    logging.captureWarnings(capture=True)


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Take out names, addresses, SDP and tokens; a processor of structlog."""
    return {key: value if key.startswith("_") else _redacted(key, value) for key, value in event.items()}


def _redacted(key: str, value: Any) -> Any:
    lower = key.lower()
    if lower in _HIDDEN_KEYS or lower.endswith(_HIDDEN_ENDINGS):
        return HIDDEN
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, Mapping):
        return {str(inner): _redacted(str(inner), item) for inner, item in value.items()}
    if isinstance(value, bytes | bytearray | memoryview):
        return HIDDEN
    if isinstance(value, Sequence):
        return [_redacted("", item) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return masked(str(value))


def masked(text: str) -> str:
    """The text without what looks like SDP, a candidate, a token or an address.

    Addresses of the machine itself stay: they are nobody's, and they say where the server listens.
    """
    text = _SDP.sub("[sdp]", text)
    text = _CANDIDATE.sub("[candidate]", text)
    text = _BEARER.sub(rf"\1 {HIDDEN}", text)
    text = _IPV6.sub(_without_address, text)  # first, for it may end in an IPv4 address
    text = _IPV4.sub(_without_address, text)
    return _TOKEN.sub("[token]", text)


def _without_address(match: re.Match[str]) -> str:
    try:
        address = ip_address(match.group())
    except ValueError:
        return match.group()
    return match.group() if address.is_loopback or address.is_unspecified else "[address]"


def _renderer(form: LogFormat) -> Processor:
    if form is LogFormat.JSON:
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=False)
