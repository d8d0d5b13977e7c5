"""Web push to a push service on this machine; a browser's own keys open what was sent."""

from __future__ import annotations

import asyncio
import socket
import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from socket import AddressFamily

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from http_ece import ECEException
from typer.testing import CliRunner

from signaling.__main__ import cli
from signaling.adapters.notify import PushOutcome, WebPush
from signaling.adapters.notify.keys import NotAKey, new_keys, private_key, settings_text
from tests.signaling.adapters.notify.push_service import Browser, claims_of, decoded, push_service
from tests.support.logs import ExpectLog

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KEYS = new_keys()
MESSAGE = {"title": "Kan du svara? Bibliotekshjälp", "url": "https://desk.example.org"}


def sender(*, timeout_s: float = 5) -> WebPush:
    """One that may send to this machine."""
    return WebPush(KEYS.private, "mailto:somebody@example.org", timeout_s=timeout_s, allow_private=True)


async def test_only_the_browser_can_read_what_the_push_service_passes_on() -> None:
    browser = Browser()
    async with push_service() as service:
        to = browser.subscription(f"{service.url}/send/1")
        assert await sender().send(to, MESSAGE, NOW) is PushOutcome.SENT
    ((path, headers, body),) = service.requests
    assert path == "/send/1"
    assert (headers["Content-Encoding"], headers["TTL"], headers["Urgency"]) == ("aes128gcm", "900", "high")
    assert browser.opened(body) == MESSAGE
    assert b"Kan du svara" not in body
    with pytest.raises(ECEException):
        Browser().opened(body)


async def test_the_token_names_us_and_the_push_service_and_lives_half_a_day() -> None:
    push = sender()
    async with push_service() as service:
        await push.send(Browser().subscription(f"{service.url}/send/1"), MESSAGE, NOW)
    claims = claims_of(service.requests[0][1]["Authorization"], push.public_key)
    assert claims["aud"] == service.url
    assert claims["sub"] == "mailto:somebody@example.org"
    assert claims["exp"] == int((NOW + timedelta(hours=12)).timestamp())
    assert push.public_key == KEYS.public
    assert len(decoded(push.public_key)) == 65


@pytest.mark.parametrize("status", [404, 410])
async def test_a_browser_that_is_gone_for_good_is_reported(status: int) -> None:
    async with push_service() as service:
        service.status = status
        to = Browser().subscription(f"{service.url}/send/1")
        assert await sender().send(to, MESSAGE, NOW) is PushOutcome.GONE


@pytest.mark.parametrize("status", [400, 413, 429, 500])
async def test_a_push_service_that_refuses_is_no_reason_to_forget_the_browser(
    status: int, expected_log: ExpectLog
) -> None:
    expected_log(f"push_refused.*{status}")
    async with push_service() as service:
        service.status = status
        to = Browser().subscription(f"{service.url}/send/1")
        assert await sender().send(to, MESSAGE, NOW) is PushOutcome.FAILED


async def test_a_redirect_leads_nowhere(expected_log: ExpectLog) -> None:
    expected_log("push_refused.*307")
    async with push_service() as inside, push_service() as service:
        service.status, service.location = 307, f"{inside.url}/admin"
        to = Browser().subscription(f"{service.url}/send/1")
        assert await sender().send(to, MESSAGE, NOW) is PushOutcome.FAILED
    assert inside.requests == []


async def test_a_push_service_that_is_away_is_no_exception(expected_log: ExpectLog) -> None:
    expected_log("push_not_sent")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        to = Browser().subscription(f"http://127.0.0.1:{taken.getsockname()[1]}/1")
        assert await sender().send(to, MESSAGE, NOW) is PushOutcome.FAILED


async def test_a_push_service_that_says_nothing_is_given_up(expected_log: ExpectLog) -> None:
    expected_log("push_not_sent.*TimeoutError")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        to = Browser().subscription(f"http://127.0.0.1:{silent.getsockname()[1]}/1")
        async with asyncio.timeout(10):
            assert await sender(timeout_s=0.2).send(to, MESSAGE, NOW) is PushOutcome.FAILED


@pytest.mark.parametrize(("p256dh", "auth"), [("A" * 87, "A" * 22), ("", "A" * 22), ("!", "A" * 22)])
async def test_keys_that_are_none_mean_that_nothing_will_ever_arrive(
    p256dh: str, auth: str, expected_log: ExpectLog
) -> None:
    expected_log("push_keys_unusable")
    async with push_service() as service:
        to = replace(Browser().subscription(f"{service.url}/send/1"), p256dh=p256dh, auth=auth)
        assert await sender().send(to, MESSAGE, NOW) is PushOutcome.GONE
    assert service.requests == []


# --- where it sends -------------------------------------------------------------------------------------------


class Leads(AbstractResolver):
    """Every name leads to one address."""

    def __init__(self, *addresses: str) -> None:
        self._addresses = addresses
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: AddressFamily | int = AddressFamily.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append(host)
        return [
            ResolveResult(hostname=host, host=address, port=port, family=AddressFamily.AF_INET, proto=0, flags=0)
            for address in self._addresses
        ]

    async def close(self) -> None:
        pass


def careful(resolver: AbstractResolver | None = None) -> WebPush:
    return WebPush(KEYS.private, "mailto:somebody@example.org", timeout_s=5, resolver=resolver)


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc:def",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
        "https://web.push.apple.com/QG",
        "https://wns2-par02p.notify.windows.com/w/?token=BQ%3d",
        "https://push.example.net:443/1",
    ],
)
def test_public_push_services_are_accepted(endpoint: str) -> None:
    assert careful().accepts(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example.net/1",
        "ftp://push.example.net/1",
        "https://127.0.0.1/1",
        "https://127.1/1",
        "https://2130706433/1",
        "https://0x7f.0x1/1",
        "https://10.0.0.1/1",
        "https://192.0.2.1./1",
        "https://[::1]/1",
        "https://[::ffff:127.0.0.1]/1",
        "https://localhost/1",
        "https://a.localhost/1",
        "https://printer.local/1",
        "https://db.internal/1",
        "https://intranet/1",
        "https://push.example.net:8443/1",
        "https://push.example.net:x/1",
        "https://user@push.example.net/1",
        "https://push.example.net\\@127.0.0.1/1",
        "https://push.example.net/1\nHost: inside",
        "https:///1",
        "https://",
        "not an address",
        "",
    ],
)
async def test_anything_else_is_neither_accepted_nor_sent_to(endpoint: str) -> None:
    resolver = Leads("203.0.113.7")
    assert not careful().accepts(endpoint)
    assert await careful(resolver).send(Browser().subscription(endpoint), MESSAGE, NOW) is PushOutcome.GONE
    assert resolver.asked == []


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.1.1", "100.64.0.1", "::1", "fd00::1", "0.0.0.0"]
)
async def test_a_public_name_that_leads_inside_is_not_followed(address: str, expected_log: ExpectLog) -> None:
    expected_log("push_not_sent.*ClientConnectorDNSError")
    resolver = Leads(address, "::ffff:10.0.0.1")
    to = Browser().subscription("https://push.example.net/1")
    assert await careful(resolver).send(to, MESSAGE, NOW) is PushOutcome.FAILED
    assert resolver.asked == ["push.example.net"]


# --- keys -----------------------------------------------------------------------------------------------------


def test_new_keys_are_new_and_stand_ready_for_the_settings_file() -> None:
    assert new_keys() != new_keys()
    assert f'private_key = "{KEYS.private}"' in settings_text(KEYS)
    private_key(f" {KEYS.private}\n")


def test_the_command_prints_a_new_pair_each_time() -> None:
    first, second = (CliRunner().invoke(cli, ["push", "keys"]) for _ in range(2))
    assert (first.exit_code, second.exit_code) == (0, 0)
    private = tomllib.loads(first.output)["push"]["private_key"]
    private_key(private)
    assert private not in second.output


@pytest.mark.parametrize("text", ["", "short", "A" * 43, "ä" * 43, "_" * 44])
def test_what_is_no_key_stops_the_start_with_the_remedy(text: str) -> None:
    with pytest.raises(NotAKey, match="python -m signaling push keys"):
        private_key(text)
