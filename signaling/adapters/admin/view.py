"""Everything that the forms show to one person, as one value."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final, TypeVar, cast
from zoneinfo import available_timezones

from signaling.adapters.admin import forms as f
from signaling.adapters.admin.accounts import grantable
from signaling.adapters.admin.caller import Caller
from signaling.adapters.admin.network import RelayDesk
from signaling.adapters.admin.own import PushDesk
from signaling.protocol import admin as a
from signaling.protocol.messages.base import Message
from signaling.protocol.vocabulary import Action

M = TypeVar("M", bound=Message)

#: Europe beyond the zones that are named after it.
_OUTLYING: Final = (
    "Arctic/Longyearbyen",
    "Atlantic/Azores",
    "Atlantic/Canary",
    "Atlantic/Faroe",
    "Atlantic/Madeira",
    "Atlantic/Reykjavik",
)


def admin_view(caller: Caller, countries: Sequence[str], push: PushDesk, relay: RelayDesk) -> a.AdminView:
    """The own library, and what may be read of its neighbours."""
    library = caller.library
    sees_accounts = caller.may(Action.VIEW_STAFF)
    return a.AdminView.model_construct(
        me=caller.staff.id,
        allowed={action: caller.may(action) for action in Action},
        grantable_roles=grantable(caller),
        library=_kept(a.KeptLibrary, f.library_form(library), library.id),
        neighbours=_neighbours(caller),
        branches=tuple(_kept(a.KeptBranch, f.branch_form(branch), branch.id) for branch in caller.branches()),
        services=tuple(_kept(a.KeptService, f.service_form(service), service.id) for service in caller.services()),
        teams=tuple(_kept(a.KeptTeam, f.team_form(team), team.id) for team in caller.teams()),
        cards=tuple(_kept(a.KeptCard, f.card_form(card), card.id) for card in caller.cards()),
        exceptions=tuple(
            _kept(a.KeptDayException, f.exception_form(exception), f.exception_id(exception))
            for exception in caller.exceptions()
        ),
        kiosks=tuple(
            _kept(a.KeptKiosk, f.kiosk_form(kiosk), kiosk.id, enrolment=f.enrolment(kiosk)) for kiosk in caller.kiosks()
        ),
        staff=_staff(caller) if sees_accounts else (),
        people=_people(caller) if sees_accounts or caller.may(Action.EDIT_TEAM) else (),
        countries=tuple(countries),
        time_zones=tuple(sorted({*time_zones(), library.time_zone})),
        relay_available=relay.exists,
        relay_always=relay.always,
        push_available=bool(push.key),
        email_available=push.has_email,
    )


@lru_cache(maxsize=1)
def time_zones() -> frozenset[str]:
    """Those of Europe that this machine knows."""
    known = available_timezones()
    return frozenset(zone for zone in known if zone.startswith("Europe/") or zone in _OUTLYING)


def _kept(model: type[M], form: Message, thing_id: str, **more: Any) -> M:
    values = {name: getattr(form, name) for name in type(form).model_fields}
    more |= {"id": thing_id, "revision": f.revision(form)}
    # As kept, whatever a form would say of it today.
    return cast(M, model.model_construct(**values, **more))


def _staff(caller: Caller) -> tuple[a.KeptStaff, ...]:
    return tuple(
        _kept(
            a.KeptStaff,
            f.staff_form(person),
            person.id,
            disabled=person.disabled_at is not None,
            must_change_password=person.must_change_password,
        )
        for person in caller.accounts()
    )


def _people(caller: Caller) -> tuple[a.Person, ...]:
    near = caller.same_line()
    people = [
        person for person in caller.everybody.values() if person.library_id in near and person.disabled_at is None
    ]
    people.sort(key=lambda person: (person.library_id != caller.library.id, person.name.casefold(), person.id))
    return tuple(a.Person(id=person.id, name=person.name, library_id=person.library_id) for person in people)


def _neighbours(caller: Caller) -> tuple[a.Neighbour, ...]:
    near = caller.same_line() - {caller.library.id}
    return tuple(
        a.Neighbour(
            id=library.id,
            name=library.name,
            teams={team.id: team.name for team in caller.directory.teams.values() if team.library_id == library.id},
        )
        for library in sorted(caller.directory.libraries.values(), key=lambda library: library.name.casefold())
        if library.id in near
    )
