"""What somebody chose at a kiosk, in its service menu: kept as if it had been written into the form, and written down.

Where a lens sits is seen on site and nowhere else; so the kiosk's word is taken. What it does not do: let a kiosk
change anything else of itself.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

import structlog

from signaling.adapters.gateway.connections import Connection, Pace
from signaling.adapters.gateway.quality import Recent
from signaling.protocol.errors import ErrorCode, WireError
from signaling.protocol.messages import KioskChosen
from signaling.protocol.vocabulary import Action, LibraryId, StaffId
from signaling.service.ports import ActionEntry, Clock, Ids, Store

#: Nobody turns a camera more often; what is chosen is a line of the action log each time.
CHOICES_PER_S: Final = 0.1
CHOICES_BURST: Final = 10

_log = structlog.get_logger(__name__)


class ChoiceDesk:
    """Takes what was chosen on site.

    Args:
        announce: Called after each change, as after a change by a form: the forms show it, and the kiosk's view has it.
        monotonic_s: A clock for the pace.
    """

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        ids: Ids,
        announce: Callable[[LibraryId], Awaitable[None]],
        monotonic_s: Callable[[], float],
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._announce = announce
        self._monotonic_s = monotonic_s
        self._paces: Recent[Pace] = Recent()

    async def told(self, who: Connection, chosen: KioskChosen) -> None:
        """Keep it; what is so already is no change, and no line of the log.

        Raises:
            WireError: `too_fast`, or `not_found` when the kiosk is no more.
            StoreError: The database is away.
        """
        now_s = self._monotonic_s()
        pace = self._paces.get((who.party_id,)) or Pace(now_s, CHOICES_PER_S, CHOICES_BURST)
        self._paces.put((who.party_id,), pace)
        if not pace.allows(now_s):
            raise WireError(ErrorCode.TOO_FAST)
        kiosk = await self._store.find_kiosk(who.kiosk_id)
        if kiosk is None:
            raise WireError(ErrorCode.NOT_FOUND)
        said = chosen.model_dump(exclude_none=True)
        details = {name: str(value) for name, value in said.items() if value != getattr(kiosk, name)}
        if not details:
            return
        await self._store.change_kiosk(replace(kiosk, **said))
        await self._store.add_action(
            ActionEntry(
                id=self._ids.new(),
                library_id=who.library_id,
                at=self._clock.now(),
                actor_id=StaffId(kiosk.id),
                actor_name=kiosk.name,
                action=Action.EDIT_KIOSK.value,
                subject_id=kiosk.id,
                details={"name": kiosk.name, **details},
            )
        )
        _log.info("chosen_on_site", kiosk_id=kiosk.id, fields=sorted(details))
        await self._announce(who.library_id)
