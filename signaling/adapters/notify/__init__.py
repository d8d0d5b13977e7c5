"""Reaching people who have no console open: e-mail and web push. Nothing about visitors is in a message."""

from signaling.adapters.notify.alerts import LetterAndNotice
from signaling.adapters.notify.mail import MailSender, MailServer
from signaling.adapters.notify.notifier import StandbyNotifier
from signaling.adapters.notify.web_push import PushOutcome, WebPush

__all__ = ["LetterAndNotice", "MailSender", "MailServer", "PushOutcome", "StandbyNotifier", "WebPush"]
