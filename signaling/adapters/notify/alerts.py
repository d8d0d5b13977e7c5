"""The `AlertNotifier`: one letter and one notice to one person, by every way there is, at the same time."""

from __future__ import annotations

import asyncio
from typing import Final

from signaling.adapters.notify.alert_texts import letter, notice, subject
from signaling.adapters.notify.mail import MailSender
from signaling.adapters.notify.web_push import PushOutcome, WebPush
from signaling.service.alerting import AlertRequest, Delivery
from signaling.service.ports import Clock, PushSubscription

#: A kiosk that broke in the night is still broken in the morning: the push service keeps the notice so long.
TTL_S: Final = 12 * 3600
#: Notices of this kind stand beside requests to stand in, and the page opens by a click.
TAG: Final = "health"


class LetterAndNotice:
    """Reaches people who look after kiosks.

    Args:
        clock: Time.
        mail: None when no mail server is set.
        push: None when no key is set.
    """

    def __init__(self, *, clock: Clock, mail: MailSender | None, push: WebPush | None) -> None:
        self._clock = clock
        self._mail = mail
        self._push = push

    async def tell_alerts(self, request: AlertRequest) -> Delivery:
        """Send by every way there is; never raises."""
        now = self._clock.now()
        title = subject(request)
        message = {
            "title": title,
            "body": notice(request),
            "url": request.url,
            "lang": request.language.value,
            "tag": TAG,
        }

        async def push(subscription: PushSubscription) -> PushOutcome:
            if self._push is None:
                return PushOutcome.FAILED
            # Each stands for itself: a newer one must not take the place of one that was not read.
            return await self._push.send(subscription, message, now, ttl_s=TTL_S, topic="")

        async def mail() -> bool:
            if self._mail is None or not request.email:
                return False
            return await self._mail.send(request.email, title, letter(request, now), request.language, now)

        is_mailed, *outcomes = await asyncio.gather(mail(), *(push(subscription) for subscription in request.push))
        gone = [
            subscription.endpoint
            for subscription, outcome in zip(request.push, outcomes, strict=True)
            if outcome is PushOutcome.GONE
        ]
        return Delivery(is_mailed is True or PushOutcome.SENT in outcomes, gone)
