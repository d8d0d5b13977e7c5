"""What server and echo program say to each other: one line of JSON each way, over the program's input and output."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

#: No call lives longer. A kiosk needs a third of it.
LIFE_S: Final = 15.0
#: No line is longer: an offer, its servers, and room for JSON's quotes.
MAX_LINE_BYTES: Final = 256 * 1024


class EchoError(StrEnum):
    """Why a call did not come about."""

    BAD_OFFER = "bad_offer"  # what came is no offer of one sound and one picture
    BROKEN = "broken"  # the program ended or kept silent


class EchoRefused(Exception):
    """There is no answer.

    Attributes:
        error: Why.
    """

    def __init__(self, error: EchoError) -> None:
        super().__init__(error.value)
        self.error = error


@dataclass(frozen=True, slots=True)
class EchoRequest:
    """One call.

    Attributes:
        sdp: The offer, with all its candidates.
        urls, username, credential: The relay for the echo's own end; without addresses it uses none.
        relay_only: The echo uses nothing but the relay.
    """

    sdp: str = field(repr=False)
    urls: Sequence[str] = ()
    username: str = ""
    credential: str = field(default="", repr=False)
    relay_only: bool = False

    def line(self) -> bytes:
        """As it goes to the program."""
        said = {
            "sdp": self.sdp,
            "urls": list(self.urls),
            "username": self.username,
            "credential": self.credential,
            "relay_only": self.relay_only,
        }
        return json.dumps(said).encode() + b"\n"


def request_from(line: bytes) -> EchoRequest:
    """What the program was asked.

    Raises:
        ValueError, KeyError, TypeError: It is something else; only the server writes here.
    """
    said = json.loads(line)
    return EchoRequest(
        str(said["sdp"]),
        tuple(str(url) for url in said["urls"]),
        str(said["username"]),
        str(said["credential"]),
        relay_only=bool(said["relay_only"]),
    )


def answered(sdp: str) -> bytes:
    """An answer, as it goes to the server."""
    return json.dumps({"sdp": sdp}).encode() + b"\n"


def refused(error: EchoError) -> bytes:
    """A refusal, as it goes to the server."""
    return json.dumps({"error": error.value}).encode() + b"\n"


def answer_from(line: bytes) -> str:
    """The SDP that the program answered with.

    Raises:
        EchoRefused: It did not.
    """
    try:
        said = json.loads(line)
        error = said.get("error")
        if error is None and isinstance(said["sdp"], str) and said["sdp"]:
            return str(said["sdp"])
        raise EchoRefused(EchoError(error))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise EchoRefused(EchoError.BROKEN) from None
