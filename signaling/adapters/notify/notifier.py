"""The `Notifier`: one request to one person, by every way there is, at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from signaling.adapters.notify.mail import MailSender
from signaling.adapters.notify.texts import letter, text_of
from signaling.adapters.notify.web_push import PushOutcome, WebPush
from signaling.service.ports import Clock, PushSubscription, StandbyRequest


class StandbyNotifier:
    """Reaches standby people.

    Args:
        clock: Time.
        mail: None when no mail server is set.
        push: None when no key is set.
    """

    def __init__(self, *, clock: Clock, mail: MailSender | None, push: WebPush | None) -> None:
        self._clock = clock
        self._mail = mail
        self._push = push

    async def ask_standby(self, request: StandbyRequest) -> Collection[str]:
        """Send by every way there is; never raises. Returns push endpoints that are gone for good."""
        now = self._clock.now()
        text = text_of(request.language, request.cause, request.service_names)
        message = {"title": text.subject, "body": text.reason, "url": request.url, "lang": request.language.value}

        async def push(subscription: PushSubscription) -> str:
            gone = self._push is not None and await self._push.send(subscription, message, now) is PushOutcome.GONE
            return subscription.endpoint if gone else ""

        async def mail() -> str:
            if self._mail is not None and request.email:
                body = letter(request.language, request.cause, request.service_names, request.url)
                await self._mail.send(request.email, text.subject, body, request.language, now)
            return ""

        results = await asyncio.gather(mail(), *(push(subscription) for subscription in request.push))
        return [endpoint for endpoint in results if endpoint]
