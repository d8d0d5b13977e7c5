"""What is kept by forms or by the command line was changed: the node reads it again, and everybody sees it.

What it is for: a change of places, services, hours, texts or accounts reaches kiosks and consoles within moments,
without a restart. What it does not do: write the change (whoever changed it has committed it already).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from signaling.domain import commands as c
from signaling.domain.places import Directory
from signaling.protocol.vocabulary import LibraryId, StaffId
from signaling.service.hub import Hub
from signaling.service.places import Places, lines_of
from signaling.service.ports import Staff


class Upkeep:
    """Brings what was changed to everybody on this node.

    Args:
        hub: Runs the commands that follow from a change.
        places: This node's reading of the places.
        look_again: Makes every view look at the places anew.
        check_rights: Ends the connections of those who lost their right to be there; of one account most thoroughly.
    """

    def __init__(
        self,
        *,
        hub: Hub,
        places: Places,
        look_again: Callable[[], None],
        check_rights: Callable[[StaffId | None], Awaitable[None]],
    ) -> None:
        self._hub = hub
        self._places = places
        self._look_again = look_again
        self._check_rights = check_rights
        self._seen: Directory | None = None

    async def changed(self, library_id: LibraryId, staff: Staff | None = None) -> None:
        """Something of a library was changed and committed; call it once after each change.

        Args:
            library_id: Whose places, services, texts or accounts changed.
            staff: With a changed account: as it is now.

        Raises:
            StoreError: The database is away. What was changed is shown by a later look.
        """
        await self.look()
        await self._check_rights(staff.id if staff is not None else None)

    async def look(self) -> None:
        """Read the places; if they are others than at the last look, every line and every view looks at them anew.

        Raises:
            StoreError: The database is away; the next look does what was left undone.
        """
        directory = await self._places.directory(fresh=True)
        if directory == self._seen:
            return
        for line_id in lines_of(directory.libraries.values()):
            await self._hub.run(line_id, c.LookAtSetup(line_id))
        self._seen = directory
        self._look_again()
