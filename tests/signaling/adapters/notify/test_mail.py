"""E-mail, sent to a real SMTP server."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from signaling.adapters.notify import MailSender, MailServer
from signaling.protocol.vocabulary import Language
from tests.signaling.adapters.notify.smtp_server import HOST, PASSWORD, REFUSED, USER, smtp_server, trust
from tests.support.logs import ExpectLog

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SENDER = "library@example.org"


def plain(port: int) -> MailServer:
    return MailServer(HOST, port, SENDER, start_tls=False, timeout_s=5)


async def sent(sender: MailSender, to: str = "anna@example.org") -> bool:
    return await sender.send(to, "Kan du svara? Bibliotekshjälp", "Hej!\n\nPå återseende å ä ö\n", Language.SV, NOW)


async def test_a_message_arrives_as_it_was_written() -> None:
    with smtp_server() as (received, port):
        assert await sent(MailSender(plain(port)))
    (message,) = received.messages
    assert received.recipients == ["anna@example.org"]
    assert (message["From"], message["To"]) == (SENDER, "anna@example.org")
    assert message["Subject"] == "Kan du svara? Bibliotekshjälp"
    assert message["Content-Language"] == "sv"
    assert message["Auto-Submitted"] == "auto-generated"
    assert parsedate_to_datetime(message["Date"]) == NOW
    assert message["Message-ID"].endswith("@example.org>")
    assert message.get_content().replace("\r\n", "\n") == "Hej!\n\nPå återseende å ä ö\n"


async def test_starttls_and_a_password_are_used_when_the_server_wants_them(tmp_path: Path) -> None:
    pair = trust(tmp_path)
    with smtp_server(tls=pair.server, auth=True) as (received, port):
        server = MailServer(HOST, port, SENDER, user=USER, password=PASSWORD, timeout_s=5)
        assert await sent(MailSender(server, pair.client))
    assert (received.used_tls, received.signed_in) == ([True], [True])


# The test server does not know that its whole port is TLS.
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")
async def test_tls_from_the_first_byte_works_too(tmp_path: Path) -> None:
    pair = trust(tmp_path)
    with smtp_server(tls=pair.server, implicit=True, auth=True) as (received, port):
        server = MailServer(HOST, port, SENDER, use_tls=True, user=USER, password=PASSWORD, timeout_s=5)
        assert await sent(MailSender(server, pair.client))
    assert received.signed_in == [True]


async def test_a_wrong_password_sends_nothing_and_is_said_without_it(
    tmp_path: Path, expected_log: ExpectLog, caplog: pytest.LogCaptureFixture
) -> None:
    expected_log("mail_not_sent")
    pair = trust(tmp_path)
    with smtp_server(tls=pair.server, auth=True) as (received, port):
        server = MailServer(HOST, port, SENDER, user=USER, password="wrong", timeout_s=5)
        assert not await sent(MailSender(server, pair.client))
    assert received.messages == []
    assert "535" in caplog.text
    assert "wrong" not in caplog.text
    assert "anna" not in caplog.text


async def test_a_server_that_offers_no_starttls_gets_no_message_when_it_is_wanted(expected_log: ExpectLog) -> None:
    expected_log("mail_not_sent")
    with smtp_server() as (received, port):
        assert not await sent(MailSender(MailServer(HOST, port, SENDER, timeout_s=5)))
    assert received.messages == []


async def test_a_server_whose_certificate_is_unknown_gets_no_message(tmp_path: Path, expected_log: ExpectLog) -> None:
    expected_log("mail_not_sent")
    with smtp_server(tls=trust(tmp_path).server) as (received, port):
        assert not await sent(MailSender(MailServer(HOST, port, SENDER, timeout_s=5)))
    assert received.messages == []


async def test_one_refused_recipient_is_told_by_its_number_and_the_next_one_arrives(
    expected_log: ExpectLog, caplog: pytest.LogCaptureFixture
) -> None:
    expected_log("mail_not_sent")
    with smtp_server() as (received, port):
        sender = MailSender(plain(port))
        assert not await sent(sender, REFUSED)
        assert await sent(sender)
    assert received.recipients == ["anna@example.org"]
    assert "550" in caplog.text
    assert REFUSED not in caplog.text


async def test_a_server_that_is_away_is_no_exception(expected_log: ExpectLog) -> None:
    expected_log("mail_not_sent")
    with socket.socket() as taken:
        taken.bind((HOST, 0))  # bound and not listening: nobody answers there
        assert not await sent(MailSender(plain(taken.getsockname()[1])))


async def test_a_server_that_says_nothing_is_given_up(expected_log: ExpectLog) -> None:
    expected_log("mail_not_sent")
    with socket.create_server((HOST, 0)) as silent:
        server = MailServer(HOST, silent.getsockname()[1], SENDER, start_tls=False, timeout_s=0.2)
        assert not await sent(MailSender(server))


async def test_an_address_with_a_line_break_adds_no_header(expected_log: ExpectLog) -> None:
    expected_log("mail_not_sent")
    with smtp_server() as (received, port):
        assert not await sent(MailSender(plain(port)), "anna@example.org\nBcc: all@example.org")
    assert received.messages == []
