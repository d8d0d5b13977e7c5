"""The settings themselves: each with a type, a unit in its name, a default and a reason."""

from __future__ import annotations

import re
from datetime import timedelta
from enum import StrEnum
from ipaddress import ip_address
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict
from typing_extensions import override

from signaling.domain.alerts import Patience
from signaling.domain.policy import Policy
from signaling.protocol.health import LIGHT_TEST_EVERY_S
from signaling.protocol.relay_address import RelayAddress, relay_address

#: Every setting is also a variable: LIBRARIAN_<SECTION>__<KEY>.
PREFIX: Final = "LIBRARIAN_"
DELIMITER: Final = "__"


class LogLevel(StrEnum):
    """From which level on lines are written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    """How lines are written."""

    JSON = "json"
    TEXT = "text"


class Section(BaseModel):
    """One table of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


Seconds = Annotated[float, Field(gt=0, le=86_400)]
WholeSeconds = Annotated[int, Field(ge=1, le=31 * 86_400)]
#: A list; in the environment its entries are separated by commas.
Texts = Annotated[tuple[str, ...], NoDecode]


def is_this_machine(host: str) -> bool:
    """Whether a host name means the machine itself, where browsers trust plain HTTP."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _split(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


class ServerSettings(Section):
    """Where the server listens and under which address people reach it."""

    host: str = Field(
        "127.0.0.1",
        min_length=1,
        description="address to listen on; this machine only, because a reverse proxy belongs in front",
    )
    port: int = Field(8080, ge=1, le=65_535, description="TCP port to listen on")
    public_url: str = Field(
        "",
        description="address that browsers and kiosks use, e.g. https://desk.example.org; "
        "empty means http://localhost with the port, for a trial on one machine",
    )
    allowed_origins: Texts = Field(
        (),
        description="further origins whose pages may connect, comma-separated in the environment; "
        "the public address is always one",
    )
    trusted_proxy_count: int = Field(
        0,
        ge=0,
        le=5,
        description="reverse proxies in front that add to X-Forwarded-For; at 0 the header is ignored, "
        "because anybody can write it",
    )

    _lists = field_validator("allowed_origins", mode="before")(_split)

    @field_validator("public_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if not value:
            return value
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}:
            msg = "must be an address such as https://desk.example.org, without a path"
            raise ValueError(msg)
        if parts.scheme == "http" and not is_this_machine(parts.hostname):
            msg = "must begin with https:// (browsers give camera and microphone to secure pages only)"
            raise ValueError(msg)
        return value.rstrip("/")

    @property
    def url(self) -> str:
        """The public address, never empty, without a slash at its end."""
        return self.public_url or f"http://localhost:{self.port}"

    @property
    def origins(self) -> tuple[str, ...]:
        """Every origin whose pages may connect."""
        trial = () if self.public_url else (f"http://127.0.0.1:{self.port}",)
        return tuple(dict.fromkeys((self.url, *trial, *self.allowed_origins)))

    @property
    def is_secure(self) -> bool:
        """Whether people reach it by HTTPS, so that cookies can be `Secure`."""
        return urlsplit(self.url).scheme == "https"


class DatabaseSettings(Section):
    """Where the truth is kept."""

    url: SecretStr = Field(
        SecretStr("sqlite:///var/librarian.sqlite3"),
        description="sqlite:///path/to/file or postgresql://user:password@host/name; "
        "one file is enough for one library system",
    )


class TurnSettings(Section):
    """The TURN server for kiosks and browsers that cannot meet directly."""

    urls: Texts = Field(
        (),
        description="addresses of your own coturn, best all three ways: turn:HOST?transport=udp, "
        "turn:HOST?transport=tcp and turns:HOST:443, comma-separated in the environment; "
        "empty means no relay, and no other server is ever asked",
    )
    secret: SecretStr = Field(SecretStr(""), description="coturn's static-auth-secret")
    ttl_s: WholeSeconds = Field(7_200, description="life of a credential; longer than a long visit")
    relay_only: bool = Field(
        default=False,
        description="send all media through the relay, so that neither end sees the other's address",
    )

    _lists = field_validator("urls", mode="before")(_split)

    @model_validator(mode="after")
    def _has_secret(self) -> TurnSettings:
        if self.urls and not self.secret.get_secret_value():
            msg = "turn.urls needs turn.secret"
            raise ValueError(msg)
        if self.relay_only and not self.urls:
            msg = "turn.relay_only needs turn.urls"
            raise ValueError(msg)
        self.addresses()
        return self

    def addresses(self) -> tuple[RelayAddress, ...]:
        """The same, taken apart."""
        return tuple(relay_address(url) for url in self.urls)


class TimeoutSettings(Section):
    """The durations that the rules go by."""

    ring_timeout_s: Seconds = Field(30, description="one ring; then the visit rings anew")
    connect_timeout_s: Seconds = Field(20, description="from accept until media must flow; then back to the front")
    seat_grace_s: Seconds = Field(20, description="a lost console keeps its visit: a crashed browser is opened anew")
    kiosk_grace_s: Seconds = Field(30, description="a lost kiosk keeps its visit: its program restarts in 10 s")
    wrap_up_s: Seconds = Field(30, description="a seat is not rung after a visit, to round it off")
    decline_pause_s: Seconds = Field(30, description="a seat that declined is not rung for the same visit")
    settle_s: Seconds = Field(60, description="an ended visit waits for the visitor's feedback")
    callback_s: Seconds = Field(60, description="a number is called so long; whoever waits nearby needs time to walk")
    prefer_within_s: Seconds = Field(600, description="who rings again from the same kiosk reaches the same seat first")

    def policy(self) -> Policy:
        """The same, as the rules take them."""
        return Policy(**self.model_dump())


class SessionSettings(Section):
    """Signing in."""

    lifetime_s: WholeSeconds = Field(43_200, description="after 12 h, longer than any shift, one signs in again")
    login_attempts: int = Field(10, ge=1, le=1_000, description="tries per login within the window")
    address_attempts: int = Field(
        50,
        ge=1,
        le=10_000,
        description="tries per address within the window; a library may share one address",
    )
    window_s: WholeSeconds = Field(300, description="how long tries count")


class KioskSettings(Section):
    """Enrolling and recognising kiosks."""

    code_ttl_s: WholeSeconds = Field(86_400, description="an enrolment code works for a day: somebody has to get there")
    challenge_ttl_s: WholeSeconds = Field(60, description="a challenge must be answered within this time")
    challenges_per_minute: int = Field(
        120,
        ge=1,
        le=10_000,
        description="per address; all kiosks of a branch may share one and come back at once",
    )


class MailTls(StrEnum):
    """How the way to the mail server is protected."""

    STARTTLS = "starttls"  # port 587
    TLS = "tls"  # port 465
    NONE = "none"  # a relay on this machine or in the own network


class MailSettings(Section):
    """E-mail to standby people."""

    host: str = Field("", description="the mail server that takes our messages; empty sends no e-mail")
    port: int = Field(587, ge=1, le=65_535, description="TCP port of the mail server")
    tls: MailTls = Field(MailTls.STARTTLS, description="how the way there is protected")
    user: str = Field("", description="name at the mail server; empty for one that asks for none")
    password: SecretStr = Field(SecretStr(""), description="password at the mail server")
    sender: str = Field("", description="address that messages come from, e.g. library@example.org")
    timeout_s: Seconds = Field(15, description="for one message; a mail server may think for a while")

    @model_validator(mode="after")
    def _is_complete(self) -> MailSettings:
        if self.host and "@" not in self.sender:
            msg = "mail.host needs mail.sender, an address such as library@example.org"
            raise ValueError(msg)
        if self.user and self.tls is MailTls.NONE and not is_this_machine(self.host):
            msg = "mail.user needs mail.tls, or anybody on the way could read the password"
            raise ValueError(msg)
        return self


class PushSettings(Section):
    """Web push to the browsers of standby people."""

    private_key: SecretStr = Field(
        SecretStr(""),
        description="VAPID private key, made by: python -m signaling push keys; empty sends no web push",
    )
    subject: str = Field(
        "",
        description="whom a push service can ask about us: mailto:somebody@example.org or an https address",
    )
    timeout_s: Seconds = Field(10, description="for one message to one browser's push service")
    allow_private: bool = Field(
        default=False,
        description="send to push services inside the own network too; otherwise only to public host names by https",
    )

    @model_validator(mode="after")
    def _is_complete(self) -> PushSettings:
        if not re.fullmatch(r"|[A-Za-z0-9_-]{43}=?", self.private_key.get_secret_value()):
            msg = "push.private_key is no key; make one with: python -m signaling push keys"
            raise ValueError(msg)
        if self.private_key.get_secret_value() and not self.subject.startswith(("mailto:", "https://")):
            msg = "push.private_key needs push.subject, which begins with mailto: or https://"
            raise ValueError(msg)
        return self


class AlertSettings(Section):
    """When people who look after kiosks are told."""

    red_after_s: Seconds = Field(
        60,
        description="a kiosk that can take no call must be so for so long; a program that starts anew alarms nobody",
    )
    amber_after_s: Seconds = Field(600, description="the same for what only wants to be looked at")
    mended_after_s: Seconds = Field(60, description="what was told must be right for so long before that is told")

    def patience(self) -> Patience:
        """The same, as the rules take them; what comes with the light tests waits for one of every kiosk."""
        red = timedelta(seconds=self.red_after_s)
        return Patience(
            away=red,
            red=red,
            shared=red + timedelta(seconds=LIGHT_TEST_EVERY_S),
            amber=timedelta(seconds=self.amber_after_s),
            mended=timedelta(seconds=self.mended_after_s),
        )


class MetricsSettings(Section):
    """GET /metrics."""

    token: SecretStr = Field(SecretStr(""), description="bearer token that Prometheus must send; empty means none")


class LogSettings(Section):
    """What is written to standard error."""

    level: LogLevel = Field(LogLevel.INFO, description="from which level on")
    format: LogFormat = Field(LogFormat.JSON, description="json for machines, text for people")


class Settings(BaseSettings):
    """All settings. Made by `load`."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix=PREFIX,
        env_nested_delimiter=DELIMITER,
        hide_input_in_errors=True,
    )

    server: ServerSettings = Field(default_factory=ServerSettings)
    database: DatabaseSettings = Field(default_factory=DatabaseSettings)
    turn: TurnSettings = Field(default_factory=TurnSettings)
    timeouts: TimeoutSettings = Field(default_factory=TimeoutSettings)
    sessions: SessionSettings = Field(default_factory=SessionSettings)
    kiosks: KioskSettings = Field(default_factory=KioskSettings)
    mail: MailSettings = Field(default_factory=MailSettings)
    push: PushSettings = Field(default_factory=PushSettings)
    alerts: AlertSettings = Field(default_factory=AlertSettings)
    metrics: MetricsSettings = Field(default_factory=MetricsSettings)
    log: LogSettings = Field(default_factory=LogSettings)

    @classmethod
    @override
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        # The environment over what `load` read from the file; no other source.
        return (env_settings, init_settings)
