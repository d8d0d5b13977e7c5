"""What people read about kiosks, and by which ways it reaches them."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from signaling.adapters.notify import LetterAndNotice, MailSender, MailServer, WebPush
from signaling.adapters.notify.alert_texts import KIOSKS_NAMED, letter, notice, said, subject
from signaling.adapters.notify.keys import new_keys
from signaling.domain.alerts import Alert
from signaling.protocol.health import FINDINGS, AlertScope, HealthArea, HealthCode
from signaling.protocol.health_texts import SCOPES, TEXTS
from signaling.protocol.vocabulary import BranchId, KioskId, Language, LibraryId
from signaling.service.alerting import AlertNews, AlertRequest
from signaling.service.ports import PushSubscription
from tests.signaling.adapters.notify.push_service import Browser, push_service
from tests.signaling.adapters.notify.smtp_server import HOST, smtp_server
from tests.support.logs import ExpectLog

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
URL = "https://desk.example.org/#manage/health"
SV, NB, EN = Language.SV, Language.NB, Language.EN
C = HealthCode


class Clock:
    def now(self) -> datetime:
        return NOW


def news(
    code: HealthCode = C.LOUDSPEAKER_SILENT,
    *,
    scope: AlertScope = AlertScope.KIOSK,
    branch: str = "Burträsk",
    kiosks: tuple[str, ...] = ("Entrén",),
    since: timedelta = timedelta(minutes=12),
    mended: bool = False,
) -> AlertNews:
    alert = Alert(
        "a1",
        LibraryId("norr"),
        scope,
        BranchId("b") if branch else None,
        tuple(KioskId(name) for name in kiosks),
        code,
        NOW - since,
        mended_at=NOW - timedelta(minutes=1) if mended else None,
    )
    return AlertNews(alert, branch, kiosks)


def request(
    *found: AlertNews,
    mended: tuple[AlertNews, ...] = (),
    language: Language = SV,
    email: str = "anna@example.org",
    push: tuple[PushSubscription, ...] = (),
) -> AlertRequest:
    return AlertRequest(email, push, language, found, mended, "Europe/Stockholm", URL)


NETWORK = news(C.AWAY, scope=AlertScope.NETWORK, branch="", kiosks=("A", "B"))


def test_a_letter_says_where_what_since_when_and_what_to_do_first() -> None:
    assert subject(request(news())) == "Burträsk, Entrén: Inget ljud hörs ur högtalaren"
    assert letter(request(news()), NOW) == (
        "Hej!\n\n"
        "Burträsk, Entrén\n"
        "Inget ljud hörs ur högtalaren. Sedan 10.18.\n"
        "Gör så här: Se efter att högtalarens sladd sitter i det gröna uttaget, att dess lampa lyser och att "
        "volymen är uppe.\n\n"
        "Här ser du hur alla skärmar mår:\n"
        f"{URL}\n\n"
        "-- \n"
        "Du får det här för att du har valt att få veta när en skärm behöver någon. "
        "Du kan ändra det när du vill, under Mina inställningar.\n"
    )


@pytest.mark.parametrize(
    ("language", "since"),
    [(SV, "Sedan 28 februari 10.30."), (NB, "Siden 28. februar 10.30."), (EN, "Since 28 February 10:30.")],
)
def test_what_began_on_another_day_has_its_date(language: Language, since: str) -> None:
    assert since in letter(request(news(since=timedelta(days=2)), language=language), NOW)


def test_several_things_are_one_letter_with_all_of_them() -> None:
    both = request(news(), news(C.CAMERA_COVERED, branch="Boliden", kiosks=("Hallen",)), language=EN)
    assert subject(both) == "2 things to look at with the kiosks"
    assert notice(both) == "Burträsk, Entrén; Boliden, Hallen."
    text = letter(both, NOW)
    for code in (C.LOUDSPEAKER_SILENT, C.CAMERA_COVERED):
        assert TEXTS[EN][code].sentence in text
        assert f"What to do: {TEXTS[EN][code].remedy}" in text


def test_a_notice_names_a_few_places_and_counts_the_rest() -> None:
    many = request(*(news(branch=f"Filial {number}") for number in range(5)))
    assert notice(many) == "Filial 0, Entrén; Filial 1, Entrén; Filial 2, Entrén; och 2 till."


def test_a_notice_of_one_thing_says_what_to_do() -> None:
    assert notice(request(news(), language=EN)) == TEXTS[EN][C.LOUDSPEAKER_SILENT].remedy


def test_what_is_mended_says_what_it_was_and_for_how_long() -> None:
    asked = request(mended=(news(mended=True),), language=EN)
    assert subject(asked) == "Burträsk, Entrén: in order again"
    assert notice(asked) == "No sound is heard from the loudspeaker."
    assert (
        "In order again:\n- Burträsk, Entrén: No sound is heard from the loudspeaker. It was so from 10:18 to 10:29.\n"
    ) in letter(asked, NOW)
    assert TEXTS[EN][C.LOUDSPEAKER_SILENT].remedy not in letter(asked, NOW)


def test_what_is_wrong_comes_before_what_is_mended() -> None:
    both = request(news(C.AWAY), mended=(news(mended=True),), language=EN)
    assert subject(both) == "Burträsk, Entrén: The kiosk does not reach the server"
    text = letter(both, NOW)
    assert text.index(TEXTS[EN][C.AWAY].remedy) < text.index("In order again:")
    two = (news(mended=True), news(C.AWAY, mended=True))
    assert subject(request(mended=two, language=EN)) == "2 things are in order again"


def test_a_whole_branch_is_said_so_with_its_kiosks() -> None:
    branch = news(C.AWAY, scope=AlertScope.BRANCH, kiosks=("Entrén", "Hallen"))
    asked = request(branch)
    assert subject(asked) == "Burträsk: Ingen av filialens skärmar når servern"
    assert "Skärmar: Entrén, Hallen." in letter(asked, NOW)
    assert said(branch.alert, SV) == SCOPES[SV][AlertScope.BRANCH]


def test_the_network_is_said_so_and_nobody_is_sent_to_a_kiosk() -> None:
    names = tuple(f"K{number}" for number in range(KIOSKS_NAMED + 1))
    asked = request(replace(NETWORK, kiosk_names=names), language=EN)
    assert subject(asked) == "Most kiosks lost the server at once"
    assert f"{len(names)} kiosks." in letter(asked, NOW)
    assert "Nobody needs to go to the kiosks." in notice(asked)
    assert subject(request(mended=(NETWORK,), language=EN)) == "The kiosks: in order again"


def test_another_shared_cause_is_said_with_whom_it_concerns() -> None:
    alert = news(C.RELAY_UNREACHED, scope=AlertScope.NETWORK, branch="").alert
    text = said(alert, EN)
    assert text.sentence == f"At most kiosks: {TEXTS[EN][C.RELAY_UNREACHED].sentence}"
    assert text.remedy == TEXTS[EN][C.RELAY_UNREACHED].remedy
    branch = said(replace(alert, scope=AlertScope.BRANCH), SV)
    assert branch.sentence.startswith("Gäller filialens alla skärmar: ")


def test_what_has_lost_its_names_is_still_said() -> None:
    asked = request(news(branch="", kiosks=()), language=EN)
    assert subject(asked) == "No sound is heard from the loudspeaker"
    assert "\n\nThe kiosks\n" in letter(asked, NOW)


@pytest.mark.parametrize(("language", "code"), list(itertools.product(Language, HealthCode)))
def test_every_finding_makes_a_whole_letter_in_every_language(language: Language, code: HealthCode) -> None:
    shared = FINDINGS[code].area in {HealthArea.NETWORK, HealthArea.CALL} or code is C.AWAY
    for scope in AlertScope if shared else (AlertScope.KIOSK,):
        one = news(code, scope=scope, branch="" if scope is AlertScope.NETWORK else "Burträsk")
        asked = request(one, mended=(one,), language=language)
        for text in (subject(asked), notice(asked), letter(asked, NOW)):
            assert not re.search(r"[{}]|None\b(?! of)|  ", text), text
            assert "\n" not in subject(asked)
        assert len(notice(asked)) < 300


async def test_a_person_is_reached_by_letter_and_in_every_browser() -> None:
    browser = Browser()
    async with push_service() as service:
        with smtp_server() as (received, port):
            ways = LetterAndNotice(clock=Clock(), mail=mail_to(port), push=web_push())
            delivery = await ways.tell_alerts(request(news(), push=(browser.subscription(f"{service.url}/1"),)))
    assert (delivery.reached, list(delivery.gone)) == (True, [])
    assert received.messages[0]["Subject"] == "Burträsk, Entrén: Inget ljud hörs ur högtalaren"
    assert received.messages[0]["Content-Language"] == "sv"
    _, headers, body = service.requests[0]
    assert (headers["TTL"], "Topic" in headers) == (str(12 * 3600), False)
    assert browser.opened(body) == {
        "title": "Burträsk, Entrén: Inget ljud hörs ur högtalaren",
        "body": TEXTS[SV][C.LOUDSPEAKER_SILENT].remedy,
        "url": URL,
        "lang": "sv",
        "tag": "health",
    }


async def test_a_letter_that_nobody_takes_reaches_nobody(expected_log: ExpectLog) -> None:
    expected_log("mail_not_sent")
    assert not (await LetterAndNotice(clock=Clock(), mail=mail_to(1), push=None).tell_alerts(request(news()))).reached


async def test_a_notice_alone_is_enough_and_a_browser_that_is_gone_is_named(expected_log: ExpectLog) -> None:
    expected_log("mail_not_sent")
    async with push_service() as service:
        there = Browser().subscription(f"{service.url}/1")
        ways = LetterAndNotice(clock=Clock(), mail=mail_to(1), push=web_push())
        assert (await ways.tell_alerts(request(news(), push=(there,)))).reached
        service.status = 410
        gone = await LetterAndNotice(clock=Clock(), mail=None, push=web_push()).tell_alerts(
            request(news(), push=(there,))
        )
    assert (gone.reached, list(gone.gone)) == (False, [there.endpoint])


async def test_without_any_way_nobody_is_reached() -> None:
    there = Browser().subscription("https://push.example.net/1")
    ways = LetterAndNotice(clock=Clock(), mail=None, push=None)
    assert not (await ways.tell_alerts(request(news(), email="", push=(there,)))).reached
    with smtp_server() as (received, port):
        assert not (
            await LetterAndNotice(clock=Clock(), mail=mail_to(port), push=None).tell_alerts(request(news(), email=""))
        ).reached
    assert received.messages == []


def mail_to(port: int) -> MailSender:
    return MailSender(MailServer(HOST, port, "library@example.org", start_tls=False, timeout_s=5))


def web_push() -> WebPush:
    return WebPush(new_keys().private, "mailto:somebody@example.org", timeout_s=5, allow_private=True)
