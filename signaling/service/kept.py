"""What is kept by forms was changed: the node reads it again, and everybody sees it.

What it is for: a change of places, services, hours, texts or accounts reaches kiosks and consoles within moments,
without a restart. What it does not do: write the change (whoever changed it has committed it already).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from collections.abc import Set as AbstractSet

from signaling.domain import commands as c
from signaling.domain.places import Setup
from signaling.protocol.vocabulary import LibraryId, LineId
from signaling.service.hub import Hub
from signaling.service.places import Places, lines_of
from signaling.service.ports import Staff


class Upkeep:
    """Brings what was changed to everybody on this node.

    Args:
        hub: Runs the commands that follow from a change.
        places: This node's reading of the places.
        recheck: Closes connections whose right has ended, and looks at all views again.
    """

    def __init__(self, *, hub: Hub, places: Places, recheck: Callable[[], Awaitable[None]]) -> None:
        self._hub = hub
        self._places = places
        self._recheck = recheck

    async def changed(self, library_id: LibraryId, staff: Staff | None = None) -> None:
        """Something of a library was changed and committed; call it once after each change.

        Args:
            library_id: Whose places, services, texts or accounts changed.
            staff: With a changed account: as it is now.

        Raises:
            StoreError: The database is away. What was changed is shown by a later recheck.
        """
        before = await self._places.setup()
        after = await self._places.setup(fresh=True)
        for line_id in sorted(_lines(before, library_id) | _lines(after, library_id)):
            await self._hub.run(line_id, c.LookAtSetup(line_id))
        if staff is not None:
            for line_id in _lines(after, staff.library_id):
                await self._hub.run(line_id, c.UpdateStaff(staff.id, staff.name, staff.languages))
        await self._recheck()

    async def look_everywhere(self) -> None:
        """The server starts, or somebody else changed something: every line looks at the places anew.

        Raises:
            StoreError: The database is away.
        """
        setup = await self._places.setup(fresh=True)
        for line_id in lines_of(setup.directory.libraries.values()):
            await self._hub.run(line_id, c.LookAtSetup(line_id))


def _lines(setup: Setup, library_id: LibraryId) -> AbstractSet[LineId]:
    library = setup.directory.libraries.get(library_id)
    return {library.line} if library is not None else set()
