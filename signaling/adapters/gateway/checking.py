"""Is what came over the wire what the table of messages allows? Pure; a refusal is a WireError with its code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from signaling.protocol.errors import ErrorCode, WireError
from signaling.protocol.messages import Message, MessageSpec
from signaling.protocol.vocabulary import MAX_MESSAGE_BYTES, OLDEST_PROTOCOL_VERSION, PROTOCOL_VERSION


def negotiate(hello: object, *, newest: int = PROTOCOL_VERSION, oldest: int = OLDEST_PROTOCOL_VERSION) -> None:
    """Whether the version of a hello is spoken here: ours, or the one before it.

    Looked at before anything else of the hello, for a newer version may have another shape.

    Args:
        hello: The `auth` of a connection, as it came.
        newest: The newest version that is spoken here.
        oldest: The oldest.

    Raises:
        WireError: `version`, with what is spoken; `malformed` when no version is named.
    """
    version = hello.get("protocol") if isinstance(hello, Mapping) else None
    if not isinstance(version, int) or isinstance(version, bool):
        raise WireError(ErrorCode.MALFORMED)
    if not oldest <= version <= newest:
        raise WireError(ErrorCode.VERSION, {"oldest": oldest, "newest": newest})


def checked(spec: MessageSpec, arguments: tuple[Any, ...]) -> Message:
    """The payload of a message as its model.

    Args:
        spec: The row of the table of messages.
        arguments: What came with the event; one JSON object, or nothing for an empty one.

    Raises:
        WireError: `malformed` or `too_large`.
    """
    if len(arguments) > 1:
        raise WireError(ErrorCode.MALFORMED)
    payload = arguments[0] if arguments and arguments[0] is not None else {}
    try:
        size = len(json.dumps(payload, ensure_ascii=False).encode())
        if size > MAX_MESSAGE_BYTES:
            raise WireError(ErrorCode.TOO_LARGE, {"max_bytes": MAX_MESSAGE_BYTES})
        return spec.payload.model_validate(payload)
    except (ValueError, RecursionError):  # not the model's shape, half a letter, or nested without end
        raise WireError(ErrorCode.MALFORMED) from None
