"""What the doctor can find, as data. The sentences and remedies are in `words`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """What one finding means."""

    OK = "ok"
    HINT = "hint"  # it works; somebody should know
    BAD = "bad"  # calls, people or data are at risk


class Code(StrEnum):
    """Everything that can be found. The word before the first underscore is the part that was looked at."""

    DATABASE_OK = "database_ok"
    DATABASE_AWAY = "database_away"
    DATABASE_EMPTY = "database_empty"
    DATABASE_OLDER = "database_older"
    DATABASE_NEWER = "database_newer"
    DATABASE_FOREIGN = "database_foreign"
    PLACES_OK = "places_ok"
    PLACES_MISSING = "places_missing"
    CLOCK_OK = "clock_ok"
    CLOCK_NOT_COMPARED = "clock_not_compared"
    CLOCK_WRONG = "clock_wrong"
    CLOCK_SILENT = "clock_silent"
    CERTIFICATE_OK = "certificate_ok"
    CERTIFICATE_NONE = "certificate_none"
    CERTIFICATE_ENDS_SOON = "certificate_ends_soon"
    CERTIFICATE_RAN_OUT = "certificate_ran_out"
    CERTIFICATE_NOT_YET = "certificate_not_yet"
    CERTIFICATE_OTHER_NAME = "certificate_other_name"
    CERTIFICATE_UNTRUSTED = "certificate_untrusted"
    ADDRESS_UNKNOWN_HOST = "address_unknown_host"
    ADDRESS_UNREACHED = "address_unreached"
    ADDRESS_NO_TLS = "address_no_tls"
    PROXY_OK = "proxy_ok"
    PROXY_NOT_COUNTED = "proxy_not_counted"
    PROXY_SERVER_AWAY = "proxy_server_away"
    PROXY_WRONG_ANSWER = "proxy_wrong_answer"
    PROXY_NO_WEBSOCKET = "proxy_no_websocket"
    RELAY_OK = "relay_ok"
    RELAY_NONE = "relay_none"
    RELAY_NOT_USABLE = "relay_not_usable"
    MAIL_OK = "mail_ok"
    MAIL_OFF = "mail_off"
    MAIL_UNKNOWN_HOST = "mail_unknown_host"
    MAIL_UNREACHED = "mail_unreached"
    MAIL_CERTIFICATE = "mail_certificate"
    MAIL_NO_TLS = "mail_no_tls"
    MAIL_LOGIN_REFUSED = "mail_login_refused"
    MAIL_SENDER_REFUSED = "mail_sender_refused"
    MAIL_WRONG_ANSWER = "mail_wrong_answer"
    PUSH_OK = "push_ok"
    PUSH_OFF = "push_off"
    PUSH_KEY_BROKEN = "push_key_broken"
    CALL_OK = "call_ok"
    CALL_NOT_TRIED = "call_not_tried"
    CALL_ECHO_BROKEN = "call_echo_broken"
    CALL_NO_PATH = "call_no_path"
    CALL_NO_PICTURE = "call_no_picture"
    CALL_NO_SOUND = "call_no_sound"
    LOOK_BROKE = "look_broke"

    @property
    def part(self) -> str:
        """What was looked at, in one word."""
        return self.value.partition("_")[0]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found.

    Attributes:
        code: What.
        said: What its sentence and remedy name: numbers, addresses of our own machines; never a secret.
    """

    code: Code
    said: Mapping[str, object] = field(default_factory=dict)
