"""What every form's route does alike: who asks, one change at a time, the action log, and telling everybody.

The order is part of it: first who it is, then whether such a change is allowed at all, then the body, then (alone)
what is kept now, what exactly changes and whether *that* is allowed. A refused change has changed nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from aiohttp import web

from signaling.adapters.admin.caller import Caller
from signaling.adapters.admin.forms import revision
from signaling.adapters.admin.problems import problem
from signaling.adapters.auth import StaffAuth
from signaling.adapters.http_edge import CSRF_HEADER, json_response, read_json
from signaling.protocol.admin import AdminProblemCode, Saved
from signaling.protocol.errors import ErrorCode, WireError
from signaling.protocol.messages.base import Message
from signaling.protocol.vocabulary import Action, LibraryId
from signaling.service.ports import ActionEntry, Clock, Ids, Staff, Store, StoreError

#: The largest form is a service or branch with all its texts, well below this.
MAX_FORM_BYTES: Final = 64 * 1024
#: What is listed newest first: a moment that is not over yet belongs to the first page.
SOON: Final = timedelta(seconds=1)

#: Tells everybody on this node that something of a library was changed, with a changed account.
Announce = Callable[[LibraryId, Staff | None], Awaitable[None]]

_log = structlog.stdlib.get_logger(__name__)


class Office:
    """The shared part of all routes of the forms.

    Args:
        store: Keeps what is changed.
        clock: Time.
        ids: New ids.
        staff_auth: Sessions.
        announce: Called once after each change, with the account if one changed.
    """

    def __init__(self, *, store: Store, clock: Clock, ids: Ids, staff_auth: StaffAuth, announce: Announce) -> None:
        self.store = store
        self.clock = clock
        self.ids = ids
        self._staff_auth = staff_auth
        self._announce = announce
        # What is kept is read, compared and written: two changes at once would each miss the other's.
        self._turn = asyncio.Lock()

    async def reader(self, request: web.Request) -> Caller:
        """Who wants to see something.

        Raises:
            WireError: `not_authenticated`, or `forbidden` while the one-time password still holds.
        """
        found = await self._staff_auth.find(request.cookies, self.clock.now())
        if found is None:
            raise WireError(ErrorCode.NOT_AUTHENTICATED)
        if found[1].must_change_password:
            raise WireError(ErrorCode.FORBIDDEN, {"reason": "must_change_password"})
        return await self._caller(found[1])

    async def writer(self, request: web.Request) -> Caller:
        """Who wants to change something, from our own page.

        Raises:
            WireError: As `reader`, and `forbidden` for another page's token.
        """
        csrf = request.headers.get(CSRF_HEADER, "")
        _, staff = await self._staff_auth.from_cookie(request.cookies, csrf, self.clock.now())
        return await self._caller(staff)

    @asynccontextmanager
    async def turn(self, request: web.Request) -> AsyncIterator[Caller]:
        """Alone until the change is made; the caller and everything else is read anew."""
        async with self._turn:
            yield await self.writer(request)

    async def form(self, request: web.Request) -> Any:
        """The JSON that was posted."""
        return await read_json(request, MAX_FORM_BYTES)

    async def done(
        self,
        caller: Caller,
        action: Action,
        subject_id: str,
        details: Mapping[str, str],
        *,
        staff: Staff | None = None,
    ) -> None:
        """A change is committed: write it down and tell everybody."""
        now = self.clock.now()
        entry = ActionEntry(
            id=self.ids.new(),
            library_id=caller.library.id,
            at=now,
            actor_id=caller.staff.id,
            actor_name=caller.staff.name,
            action=action.value,
            subject_id=subject_id,
            details=dict(details),
        )
        await self.store.add_action(entry)
        _log.info("changed_by_form", action=action.value, subject_id=subject_id, staff_id=caller.staff.id)
        try:
            await self._announce(caller.library.id, staff)
        except StoreError as error:
            # It is committed; a later recheck shows it.
            _log.warning("change_is_shown_later", error=type(error).__name__)

    async def _caller(self, staff: Staff) -> Caller:
        everybody = {person.id: person for person in await self.store.all_staff()}
        return Caller(staff, await self.store.directory(), everybody)


def check_revision(request: web.Request, form: Message) -> None:
    """That what is to be replaced is still what was read.

    Raises:
        WireError: `malformed` without `If-Match`.
        Refused: `changed`.
    """
    given = request.headers.get("If-Match", "").strip().strip('"')
    if not given:
        raise WireError(ErrorCode.MALFORMED)
    if given != revision(form):
        raise problem(AdminProblemCode.CHANGED)


def answer(message: Message, *, status: int = 200) -> web.Response:
    """A message as the body."""
    return json_response(message.model_dump(mode="json"), status=status)


def saved(thing_id: str, form: Message, *, status: int = 200) -> web.Response:
    """It is kept as this form says."""
    return answer(Saved(id=thing_id, revision=revision(form)), status=status)


def before_of(request: web.Request, latest: datetime) -> datetime:
    """The time in `?before=`, or `latest`.

    Raises:
        Refused: It is no time with a zone.
    """
    text = request.query.get("before", "")
    if not text:
        return latest
    try:
        before = datetime.fromisoformat(text.replace(" ", "+"))  # a plus sign in an address is a blank
    except ValueError:
        raise problem(AdminProblemCode.WRONG, "before") from None
    if before.tzinfo is None:
        raise problem(AdminProblemCode.WRONG, "before")
    return before
