"""One request, by every way there is, in the person's language."""

from __future__ import annotations

import asyncio
import itertools
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from signaling.adapters.notify import MailSender, MailServer, StandbyNotifier, WebPush
from signaling.adapters.notify.keys import new_keys
from signaling.adapters.notify.texts import letter, text_of
from signaling.adapters.store_memory import MemoryStore
from signaling.config.settings import MailSettings, MailTls, PushSettings
from signaling.domain.effects import StandbyCause
from signaling.domain.policy import Policy
from signaling.protocol.vocabulary import Language, Role, StaffId
from signaling.service.ports import PushSubscription, Staff, StandbyRequest
from tests.signaling.adapters.notify.push_service import Browser, push_service
from tests.signaling.adapters.notify.smtp_server import HOST, smtp_server
from tests.support.edges import SetClock
from tests.support.logs import ExpectLog
from tests.support.wire import LIBRARY, add_library, wire_server

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
URL = "https://desk.example.org"
NAMES = {Language.SV: "Bibliotekshjälp", Language.NB: "Bibliotekhjelp", Language.EN: "Library help"}


class Clock:
    def now(self) -> datetime:
        return NOW


def request(
    *push: PushSubscription, email: str = "anna@example.org", language: Language = Language.SV
) -> StandbyRequest:
    return StandbyRequest(email, push, language, NAMES, StandbyCause.NOBODY_ON_DUTY, URL)


def mail_to(port: int) -> MailSender:
    return MailSender(MailServer(HOST, port, "library@example.org", start_tls=False, timeout_s=5))


def push() -> WebPush:
    return WebPush(new_keys().private, "mailto:somebody@example.org", timeout_s=5, allow_private=True)


async def test_a_person_is_reached_by_mail_and_in_every_browser() -> None:
    first, second = Browser(), Browser()
    async with push_service() as service:
        with smtp_server() as (received, port):
            asked = request(first.subscription(f"{service.url}/1"), second.subscription(f"{service.url}/2"))
            assert list(await StandbyNotifier(clock=Clock(), mail=mail_to(port), push=push()).ask_standby(asked)) == []
    assert received.messages[0]["Subject"] == "Kan du svara en stund? Bibliotekshjälp"
    assert URL in received.messages[0].get_content()
    bodies = {path: body for path, _, body in service.requests}
    for browser, path in ((first, "/1"), (second, "/2")):
        assert browser.opened(bodies[path]) == {
            "title": "Kan du svara en stund? Bibliotekshjälp",
            "body": "Just nu är ingen i tjänst för Bibliotekshjälp, fast det är öppet.",
            "url": URL,
            "lang": "sv",
        }


async def test_browsers_that_are_gone_are_named_and_the_mail_goes_out_all_the_same() -> None:
    async with push_service() as service:
        service.status = 410
        gone = Browser().subscription(f"{service.url}/1")
        with smtp_server() as (received, port):
            notifier = StandbyNotifier(clock=Clock(), mail=mail_to(port), push=push())
            assert list(await notifier.ask_standby(request(gone))) == [gone.endpoint]
    assert len(received.messages) == 1


async def test_a_mail_server_that_is_away_keeps_no_browser_waiting(expected_log: ExpectLog) -> None:
    expected_log("mail_not_sent")
    browser = Browser()
    async with push_service() as service:
        notifier = StandbyNotifier(clock=Clock(), mail=mail_to(1), push=push())
        assert list(await notifier.ask_standby(request(browser.subscription(f"{service.url}/1")))) == []
    assert len(service.requests) == 1


async def test_what_is_not_set_up_is_not_used() -> None:
    gone = Browser().subscription("https://push.example.net/1")
    assert list(await StandbyNotifier(clock=Clock(), mail=None, push=None).ask_standby(request(gone))) == []
    with smtp_server() as (received, port):
        await StandbyNotifier(clock=Clock(), mail=mail_to(port), push=None).ask_standby(request(email=""))
    assert received.messages == []


@pytest.mark.parametrize(("language", "cause"), list(itertools.product(Language, StandbyCause)))
def test_every_cause_has_its_words_in_every_language(language: Language, cause: StandbyCause) -> None:
    text = text_of(language, cause, NAMES)
    whole = letter(language, cause, NAMES, URL)
    assert NAMES[language] in text.subject
    assert text.reason in whole
    assert re.findall(r"^https://desk\.example\.org$", whole, re.MULTILINE)
    assert "{" not in whole + text.subject
    assert max(map(len, whole.splitlines())) < 998  # RFC 5322


def test_every_language_has_words_of_its_own() -> None:
    letters = {letter(language, cause, {}, URL) for language in Language for cause in StandbyCause}
    assert len(letters) == len(Language) * len(StandbyCause)


def test_a_service_without_a_name_in_the_language_is_called_by_the_one_it_has() -> None:
    assert "Bygglov" in text_of(Language.EN, StandbyCause.LONG_WAITS, {Language.SV: "Bygglov"}).subject


async def test_when_nobody_is_on_duty_the_server_itself_asks_the_standby_person_once() -> None:
    """The whole way: the rule, the hub, the real mail server and the push service."""
    store, clock, browser, keys = MemoryStore(), SetClock(), Browser(), new_keys()
    await add_library(store)
    anna = Staff(
        StaffId("p1"),
        LIBRARY,
        "anna",
        "Anna",
        frozenset({Role.LIBRARIAN}),
        "",
        must_change_password=False,
        email="anna@example.org",
        standby=True,
    )
    await store.add_staff(anna)
    await store.add_staff(replace(anna, id=StaffId("p2"), login="bo", email="bo@example.org", standby=False))
    async with push_service() as service:
        await store.add_push(browser.subscription(f"{service.url}/1"))
        with smtp_server() as (received, port):
            mail = MailSettings(host=HOST, port=port, tls=MailTls.NONE, sender="library@example.org")
            push_settings = PushSettings(
                private_key=SecretStr(keys.private), subject="mailto:a@example.org", allow_private=True
            )
            async with wire_server(store, clock, mail=mail, push=push_settings) as wire:
                clock.later(Policy().nobody_grace_s + 1)
                await wire.kiosk()
                async with asyncio.timeout(30):
                    await service.heard.wait()
                    assert await asyncio.to_thread(received.heard.wait, 20)
                clock.later(Policy().nobody_grace_s + 1)
                await wire.kiosk("k2")
    assert received.recipients == ["anna@example.org"]
    assert "Bibliotekshjälp" in received.messages[0]["Subject"]
    assert browser.opened(service.requests[0][2])["url"] == "http://localhost:8080"
    assert len(service.requests) == 1
