"""Who asks, and what of the installation that person can see: the own library, and its neighbours in the same line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from signaling.adapters.admin.problems import forbidden
from signaling.domain.permissions import may
from signaling.domain.places import Branch, Card, DayException, Directory, Kiosk, Library, Service, Team
from signaling.protocol.vocabulary import Action, LibraryId, StaffId
from signaling.service.ports import Staff


@dataclass(frozen=True, slots=True)
class Caller:
    """One request's reading of the world.

    Attributes:
        everybody: Every account of the installation.
    """

    staff: Staff
    directory: Directory
    everybody: Mapping[StaffId, Staff]

    @property
    def library(self) -> Library:
        """The own one; nothing else can be changed."""
        return self.directory.libraries[self.staff.library_id]

    def may(self, action: Action) -> bool:
        """Whether the roles allow it."""
        return may(self.staff.roles, action)

    def demand(self, *actions: Action) -> None:
        """All of these.

        Raises:
            WireError: `forbidden`.
        """
        if not all(self.may(action) for action in actions):
            raise forbidden()

    def demand_any(self, *actions: Action) -> None:
        """At least one of these: which one it takes, the form says.

        Raises:
            WireError: `forbidden`.
        """
        if not any(self.may(action) for action in actions):
            raise forbidden()

    def same_line(self) -> set[LibraryId]:
        """The own library and its neighbours."""
        return {library.id for library in self.directory.libraries.values() if library.line == self.library.line}

    # what is one's own ----------------------------------------------------------------------------------------

    def branches(self) -> Iterator[Branch]:
        """Of the own library."""
        return (branch for branch in self.directory.branches.values() if branch.library_id == self.library.id)

    def services(self) -> Iterator[Service]:
        """Of the own library."""
        return (service for service in self.directory.services.values() if service.library_id == self.library.id)

    def teams(self) -> Iterator[Team]:
        """Of the own library."""
        return (team for team in self.directory.teams.values() if team.library_id == self.library.id)

    def cards(self) -> Iterator[Card]:
        """Of the own library, in the order in which they are shown."""
        own = (card for card in self.directory.cards.values() if card.library_id == self.library.id)
        return iter(sorted(own, key=lambda card: (card.branch_id or "", card.position, card.id)))

    def kiosks(self) -> Iterator[Kiosk]:
        """In branches of the own library, revoked ones too."""
        own = {branch.id for branch in self.branches()}
        return (kiosk for kiosk in self.directory.kiosks.values() if kiosk.branch_id in own)

    def exceptions(self) -> Iterator[DayException]:
        """Of the own branches and services, in the order of days."""
        own = {branch.id for branch in self.branches()} | {service.id for service in self.services()}
        found = (exception for exception in self.directory.exceptions if exception.subject_id in own)
        return iter(sorted(found, key=lambda exception: (exception.day, exception.subject_id)))

    def accounts(self) -> Iterator[Staff]:
        """Of the own library, by login."""
        own = (person for person in self.everybody.values() if person.library_id == self.library.id)
        return iter(sorted(own, key=lambda person: person.login))
