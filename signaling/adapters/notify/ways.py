"""The ways to reach people that the settings name; None for one that they do not."""

from __future__ import annotations

from signaling.adapters.notify.mail import MailSender, MailServer
from signaling.adapters.notify.web_push import WebPush
from signaling.config.settings import MailSettings, MailTls, PushSettings


def mail_sender(settings: MailSettings) -> MailSender | None:
    """E-mail, if there is a mail server."""
    if not settings.host:
        return None
    server = MailServer(
        host=settings.host,
        port=settings.port,
        sender=settings.sender,
        use_tls=settings.tls is MailTls.TLS,
        start_tls=settings.tls is MailTls.STARTTLS,
        user=settings.user,
        password=settings.password.get_secret_value(),
        timeout_s=settings.timeout_s,
    )
    return MailSender(server)


def web_push(settings: PushSettings) -> WebPush | None:
    """Web push, if there is a key.

    Raises:
        NotAKey: It is none.
    """
    private = settings.private_key.get_secret_value()
    if not private:
        return None
    return WebPush(private, settings.subject, timeout_s=settings.timeout_s, allow_private=settings.allow_private)
