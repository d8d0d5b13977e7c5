"""The six kinds of things that are put and removed alike: how each is found, made from its form, checked and guarded.

What it does not do: HTTP, or writing (`places`). Kiosks and accounts have rules of their own (`kiosks`, `accounts`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final, Generic, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from signaling.adapters.admin import forms as f
from signaling.adapters.admin.caller import Caller
from signaling.adapters.admin.problems import problem
from signaling.domain.places import Branch, Card, DayException, Library, Service, Team
from signaling.protocol import admin as a
from signaling.protocol.admin import AdminProblemCode as P
from signaling.protocol.messages.base import Message
from signaling.protocol.vocabulary import MAX_CARDS, Action
from signaling.service.ports import Place

T = TypeVar("T", bound=Place)
F = TypeVar("F", bound=Message)

#: What a branch admin changes when a branch is closed for a while.
_CLOSING: Final = frozenset({"closed", "closed_until", "closed_texts"})


class Kind(ABC, Generic[T, F]):
    """One kind.

    Attributes:
        path: As it stands in the address.
        form_type: What is posted.
        changing: Any of these is needed to put or remove one; `needed` says which for a given change.
        can_add: There can be more of it; a library is made by the command line.
    """

    path: ClassVar[str]
    form_type: type[F]
    changing: ClassVar[tuple[Action, ...]]
    can_add: ClassVar[bool] = True

    @abstractmethod
    def own(self, caller: Caller) -> Iterable[T]:
        """All of the caller's library."""

    def id_of(self, thing: T) -> str:
        """As it stands in the address."""
        return str(thing.id)  # type: ignore[union-attr]  # only a day exception has none, and says so itself

    @abstractmethod
    def form(self, thing: T) -> F:
        """What is kept, as the form shows it."""

    @abstractmethod
    def make(self, caller: Caller, form: F, old: T | None, new_id: str) -> T:
        """What the form says, with its references checked.

        Raises:
            Refused: A field is wrong, or a name is taken.
        """

    @abstractmethod
    def needed(self, caller: Caller, old: T | None, new: T | None) -> Action:
        """What this change takes: `old` None to add, `new` None to remove. It is also what the log says."""

    def check_unused(self, caller: Caller, thing: T) -> None:
        """Before it is removed; raises Refused with `in_use`. What the store itself refuses needs no check here."""
        del caller, thing

    def find(self, caller: Caller, thing_id: str) -> T | None:
        """One of the caller's library."""
        return next((thing for thing in self.own(caller) if self.id_of(thing) == thing_id), None)

    def changed_fields(self, old: T | None, new: T) -> set[str]:
        """Fields of the form that differ."""
        before: Mapping[str, Any] = self.form(old).model_dump() if old is not None else {}
        return {
            name for name, value in self.form(new).model_dump().items() if name not in before or before[name] != value
        }


class Libraries(Kind[Library, a.LibraryForm]):
    """The one library that is the caller's own."""

    path = "libraries"
    form_type = a.LibraryForm
    changing = (Action.EDIT_LIBRARY,)
    can_add = False

    def __init__(self, countries: Iterable[str]) -> None:
        self._countries = frozenset(countries)

    def own(self, caller: Caller) -> Iterable[Library]:
        """That one."""
        return (caller.library,)

    def form(self, thing: Library) -> a.LibraryForm:
        """As kept."""
        return f.library_form(thing)

    def make(self, caller: Caller, form: a.LibraryForm, old: Library | None, new_id: str) -> Library:
        """Country and time zone must exist, and names of libraries differ."""
        del new_id
        if form.country and form.country not in self._countries:
            raise problem(P.UNKNOWN, "country")
        try:
            ZoneInfo(form.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise problem(P.UNKNOWN, "time_zone") from None
        others = [library for library in caller.directory.libraries.values() if library.id != caller.library.id]
        _vacant(form.name, [library.name for library in others], "name")
        return f.library_of(form, old or caller.library)

    def needed(self, caller: Caller, old: Library | None, new: Library | None) -> Action:
        """One right."""
        return Action.EDIT_LIBRARY


class Branches(Kind[Branch, a.BranchForm]):
    """Places with kiosks."""

    path = "branches"
    form_type = a.BranchForm
    changing = (Action.EDIT_BRANCH, Action.CLOSE_BRANCH, Action.ADD_BRANCH, Action.REMOVE_BRANCH)

    def __init__(self, *, has_relay: bool) -> None:
        self._has_relay = has_relay

    def own(self, caller: Caller) -> Iterable[Branch]:
        """Of the library."""
        return caller.branches()

    def form(self, thing: Branch) -> a.BranchForm:
        """As kept."""
        return f.branch_form(thing)

    def make(self, caller: Caller, form: a.BranchForm, old: Branch | None, new_id: str) -> Branch:
        """Names of branches differ, and media cannot go through a relay that is not there."""
        # What was asked for while there was one is no reason to refuse the rest of the form.
        if form.relay_only and not self._has_relay and not (old and old.relay_only):
            raise problem(P.NO_RELAY, "relay_only")
        branch = f.branch_of(form, old.id if old else new_id, caller.library.id)
        _vacant(form.name, [other.name for other in caller.branches() if other.id != branch.id], "name")
        return branch

    def needed(self, caller: Caller, old: Branch | None, new: Branch | None) -> Action:
        """To close for a while is another right than to change the rest."""
        if old is None or new is None:
            return Action.ADD_BRANCH if old is None else Action.REMOVE_BRANCH
        changed = self.changed_fields(old, new)
        return Action.CLOSE_BRANCH if changed and changed <= _CLOSING else Action.EDIT_BRANCH

    def check_unused(self, caller: Caller, thing: Branch) -> None:
        """Its kiosks go first."""
        kiosks = [kiosk for kiosk in caller.kiosks() if kiosk.branch_id == thing.id and kiosk.revoked_at is None]
        if kiosks:
            raise problem(P.IN_USE, why="kiosks", count=len(kiosks))


class Services(Kind[Service, a.ServiceForm]):
    """What can be asked for."""

    path = "services"
    form_type = a.ServiceForm
    changing = (Action.EDIT_SERVICE, Action.ADD_SERVICE, Action.REMOVE_SERVICE)

    def own(self, caller: Caller) -> Iterable[Service]:
        """Of the library."""
        return caller.services()

    def form(self, thing: Service) -> a.ServiceForm:
        """As kept."""
        return f.service_form(thing)

    def make(self, caller: Caller, form: a.ServiceForm, old: Service | None, new_id: str) -> Service:
        """It has a name in the library's own language, and teams that are in the same line."""
        service = f.service_of(form, old.id if old else new_id, caller.library.id)
        language = caller.library.default_language
        if language not in form.names:
            raise problem(P.REQUIRED, f"names.{language.value}")
        others = [other.names.get(language, "") for other in caller.services() if other.id != service.id]
        _vacant(form.names[language], others, f"names.{language.value}")
        near = caller.same_line()
        for number, tier in enumerate(service.tiers):
            team = caller.directory.teams.get(tier.team_id)
            if team is None or team.library_id not in near:
                raise problem(P.UNKNOWN, f"tiers.{number}.team_id")
        return service

    def needed(self, caller: Caller, old: Service | None, new: Service | None) -> Action:
        """One right each."""
        if old is None or new is None:
            return Action.ADD_SERVICE if old is None else Action.REMOVE_SERVICE
        return Action.EDIT_SERVICE

    def check_unused(self, caller: Caller, thing: Service) -> None:
        """A library keeps at least one: its kiosks would have nothing to offer."""
        if all(service.id == thing.id for service in caller.services()):
            raise problem(P.IN_USE, why="last_service")


class Teams(Kind[Team, a.TeamForm]):
    """Who answers together."""

    path = "teams"
    form_type = a.TeamForm
    changing = (Action.EDIT_TEAM, Action.REMOVE_TEAM)

    def own(self, caller: Caller) -> Iterable[Team]:
        """Of the library."""
        return caller.teams()

    def form(self, thing: Team) -> a.TeamForm:
        """As kept."""
        return f.team_form(thing)

    def make(self, caller: Caller, form: a.TeamForm, old: Team | None, new_id: str) -> Team:
        """Members are of the same line."""
        team = f.team_of(form, old.id if old else new_id, caller.library.id)
        _vacant(form.name, [other.name for other in caller.teams() if other.id != team.id], "name")
        near = caller.same_line()
        known = {person.id for person in caller.everybody.values() if person.library_id in near}
        for number, member in enumerate(form.members):
            if member not in known:
                raise problem(P.UNKNOWN, f"members.{number}")
        return team

    def needed(self, caller: Caller, old: Team | None, new: Team | None) -> Action:
        """To remove is a right of its own."""
        return Action.EDIT_TEAM if new is not None else Action.REMOVE_TEAM

    def check_unused(self, caller: Caller, thing: Team) -> None:
        """No service of the line rings it, a neighbour's neither."""
        services = [
            service
            for service in caller.directory.services.values()
            if any(tier.team_id == thing.id for tier in service.tiers)
        ]
        if services:
            language = caller.library.default_language
            name = services[0].names.get(language) or next(iter(services[0].names.values()), "")
            raise problem(P.IN_USE, why="services", count=len(services), name=name)


class Cards(Kind[Card, a.CardForm]):
    """Answer cards, of a branch or of the whole library."""

    path = "cards"
    form_type = a.CardForm
    changing = (Action.EDIT_BRANCH_CARD, Action.EDIT_LIBRARY_CARD)

    def own(self, caller: Caller) -> Iterable[Card]:
        """Of the library."""
        return caller.cards()

    def form(self, thing: Card) -> a.CardForm:
        """As kept."""
        return f.card_form(thing)

    def make(self, caller: Caller, form: a.CardForm, old: Card | None, new_id: str) -> Card:
        """The branch is one's own, every title has an answer, and no branch shows more than fit on its screen."""
        card = f.card_of(form, old.id if old else new_id, caller.library.id)
        branches = {branch.id for branch in caller.branches()}
        if card.branch_id is not None and card.branch_id not in branches:
            raise problem(P.UNKNOWN, "branch_id")
        for language in sorted(set(form.titles) ^ set(form.bodies)):
            raise problem(P.REQUIRED, f"{'bodies' if language in form.titles else 'titles'}.{language.value}")
        others = [other.branch_id for other in caller.cards() if other.id != card.id]
        common = others.count(None)
        fullest = max((others.count(branch) for branch in branches), default=0)
        if 1 + common + (fullest if card.branch_id is None else others.count(card.branch_id)) > MAX_CARDS:
            raise problem(P.TOO_BIG, "", max=MAX_CARDS)
        return card

    def needed(self, caller: Caller, old: Card | None, new: Card | None) -> Action:
        """A card that is or becomes one of every branch is the library's."""
        common = any(card is not None and card.branch_id is None for card in (old, new))
        return Action.EDIT_LIBRARY_CARD if common else Action.EDIT_BRANCH_CARD


class Exceptions(Kind[DayException, a.DayExceptionForm]):
    """Single days on which a branch or service has other hours."""

    path = "exceptions"
    form_type = a.DayExceptionForm
    changing = (Action.EDIT_BRANCH_EXCEPTION, Action.EDIT_SERVICE_EXCEPTION)

    def own(self, caller: Caller) -> Iterable[DayException]:
        """Of the library's branches and services."""
        return caller.exceptions()

    def id_of(self, thing: DayException) -> str:
        """Made of subject and day."""
        return f.exception_id(thing)

    def form(self, thing: DayException) -> a.DayExceptionForm:
        """As kept."""
        return f.exception_form(thing)

    def make(self, caller: Caller, form: a.DayExceptionForm, old: DayException | None, new_id: str) -> DayException:
        """Its subject is one's own and has no other exception on that day; neither changes afterwards."""
        del new_id
        exception = f.exception_of(form)
        subjects = {branch.id for branch in caller.branches()} | {service.id for service in caller.services()}
        if exception.subject_id not in subjects:
            raise problem(P.UNKNOWN, "subject_id")
        if old is None and self.find(caller, f.exception_id(exception)) is not None:
            raise problem(P.NAME_TAKEN, "day")
        for field in ("subject_id", "day"):
            if old is not None and getattr(old, field) != getattr(exception, field):
                raise problem(P.FIXED, field)
        return exception

    def needed(self, caller: Caller, old: DayException | None, new: DayException | None) -> Action:
        """A service's days are its owner's."""
        subject = next(exception.subject_id for exception in (old, new) if exception is not None)
        own_branch = any(branch.id == subject for branch in caller.branches())
        return Action.EDIT_BRANCH_EXCEPTION if own_branch else Action.EDIT_SERVICE_EXCEPTION


def _vacant(name: str, taken: Iterable[str], field: str) -> None:
    if name.casefold() in {other.strip().casefold() for other in taken}:
        raise problem(P.NAME_TAKEN, field)
