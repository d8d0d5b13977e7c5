"""What the forms show: each kept thing with its revision, and all of it as one view."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

from signaling.protocol.admin.fields import Revision
from signaling.protocol.admin.forms import (
    BranchForm,
    CardForm,
    DayExceptionForm,
    KioskForm,
    LibraryForm,
    ServiceForm,
    StaffForm,
    TeamForm,
)
from signaling.protocol.messages.base import Id, Line, Message
from signaling.protocol.vocabulary import Action, Role


class EnrolmentState(StrEnum):
    """Whether a kiosk has got its key."""

    WAITING = "waiting"
    ENROLLED = "enrolled"
    REVOKED = "revoked"


class KeptLibrary(LibraryForm):
    """As kept now. `revision` goes back in `If-Match`."""

    id: Id
    revision: Revision


class KeptBranch(BranchForm):
    """As kept now."""

    id: Id
    revision: Revision


class KeptService(ServiceForm):
    """As kept now."""

    id: Id
    revision: Revision


class KeptTeam(TeamForm):
    """As kept now."""

    id: Id
    revision: Revision


class KeptCard(CardForm):
    """As kept now."""

    id: Id
    revision: Revision


class KeptDayException(DayExceptionForm):
    """As kept now. The id is made of subject and day, for the address of the route alone."""

    id: Annotated[str, StringConstraints(max_length=80)]
    revision: Revision


class KeptKiosk(KioskForm):
    """As kept now."""

    id: Id
    revision: Revision
    enrolment: EnrolmentState


class KeptStaff(StaffForm):
    """As kept now."""

    id: Id
    revision: Revision
    disabled: bool = False
    must_change_password: bool = False


class Person(Message):
    """Somebody who can be a member of a team."""

    id: Id
    name: Line
    library_id: Id


class Neighbour(Message):
    """Another library in the same line, with the teams that can be asked there."""

    id: Id
    name: Line
    teams: dict[Id, Line]


class AdminView(Message):
    """Everything that the forms show to one person: the own library, and what may be read of its neighbours.

    Attributes:
        allowed: Every action, and whether this person may do it; a form that may not be saved is not offered.
        grantable_roles: Roles that this person may give and take.
        staff: Accounts of the own library; empty for somebody who may not keep accounts.
        people: Everybody who can be in a team, disabled accounts left out.
        relay_available: This installation has a relay, so a branch may ask for `relay_only`.
        relay_always: The installation itself sends all media through it, whatever a branch says.
        push_available: This server can send web push.
        email_available: This server can send e-mail.
    """

    me: Id
    allowed: dict[Action, bool]
    grantable_roles: tuple[Role, ...]
    library: KeptLibrary
    neighbours: tuple[Neighbour, ...]
    branches: tuple[KeptBranch, ...]
    services: tuple[KeptService, ...]
    teams: tuple[KeptTeam, ...]
    cards: tuple[KeptCard, ...]
    exceptions: tuple[KeptDayException, ...]
    kiosks: tuple[KeptKiosk, ...]
    staff: tuple[KeptStaff, ...]
    people: tuple[Person, ...]
    countries: tuple[str, ...]
    time_zones: tuple[str, ...]
    relay_available: bool
    relay_always: bool
    push_available: bool
    email_available: bool
