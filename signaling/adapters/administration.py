"""What an operator does at the command line: make a library, its branches, accounts and kiosks.

Works on the store port, so on any database. What it does not do: read arguments or print (`__main__`).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import TypeAdapter, ValidationError

from signaling.adapters.auth.tokens import code_hash, new_code, one_time_password
from signaling.domain.permissions import may
from signaling.domain.places import ALL_LANGUAGES, Branch, Directory, Kiosk, Library, Service
from signaling.protocol.admin import Email, Login
from signaling.protocol.vocabulary import (
    MAX_NAME_CHARS,
    MAX_NOTES_CHARS,
    Action,
    BranchId,
    KioskId,
    Language,
    LibraryId,
    LineId,
    Role,
    ServiceId,
    StaffId,
)
from signaling.service.alerting import alert_people
from signaling.service.ports import Exists, Ids, InUse, Passwords, Staff, Store

#: The one service that every library begins with.
FIRST_SERVICE: Final = "library-help"
FIRST_SERVICE_NAMES: Final = {
    Language.SV: "Bibliotekshjälp",
    Language.NB: "Bibliotekhjelp",
    Language.EN: "Library help",
}
#: The forms have the same rules.
_EMAIL: Final = TypeAdapter[str](Email)
_LOGIN: Final = TypeAdapter[str](Login)


class CannotDo(Exception):
    """Something that the person at the keyboard can put right. The text is one sentence."""


@dataclass(frozen=True, slots=True)
class NewKiosk:
    """A kiosk that waits for its enrolment.

    Attributes:
        code: Shown once; the database knows only its hash.
        time_zone: The library's, for telling until when the code is good.
    """

    kiosk: Kiosk
    branch: Branch
    code: str
    expires_at: datetime
    time_zone: str


async def init_library(
    store: Store,
    ids: Ids,
    name: str,
    language: Language,
    time_zone: str,
    country: str = "",
    countries: Container[str] = (),
) -> Library:
    """Make a library, with a line of its own, and its first service.

    `country` (ISO 3166-1 alpha-2, empty for none) is for public holidays, known for those in `countries`.
    """
    name = checked_text(name, "the library's name")
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise CannotDo(f"there is no time zone {time_zone!r}; write e.g. Europe/Oslo") from None
    country = country.strip().upper()
    if country and country not in countries:
        raise CannotDo(f"the public holidays of {country!r} are not known; write two letters, e.g. SE, NO or FI")
    directory = await store.directory()
    if any(_alike(library.name, name) for library in directory.libraries.values()):
        raise CannotDo(f"there is a library {name!r} already")
    library = Library(LibraryId(ids.new()), name, language, time_zone, country=country)
    service_id = FIRST_SERVICE if FIRST_SERVICE not in directory.services else ids.new()
    await store.add_library(library)
    await store.add_service(Service(ServiceId(service_id), library.id, FIRST_SERVICE_NAMES))
    return library


async def join_line(store: Store, library: str, other: str) -> Library:
    """Put a library into another one's line, so that they can answer for each other; returns that other library.

    A running server goes on with the old line until it is started again.
    """
    directory = await store.directory()
    mine, theirs = _library(directory, library), _named_library(directory, other)
    if mine.id == theirs.id:
        raise CannotDo("a library joins the line of another one; name that one")
    if mine.line == theirs.line:
        raise CannotDo(f"{mine.name} and {theirs.name} stand in the same line already")
    _stands_alone(directory, mine)
    await _change_line(store, mine, theirs.line)
    return theirs


async def leave_line(store: Store, library: str) -> Library:
    """Give a library its own line again; returns the library. The same holds for a running server."""
    directory = await store.directory()
    mine = _library(directory, library)
    if mine.line == LineId(mine.id):
        raise CannotDo(f"{mine.name} has a line of its own already")
    _rings_only_its_own(directory, await store.all_staff(), mine)
    await _change_line(store, mine, None)
    return mine


async def add_branch(store: Store, ids: Ids, name: str, phone: str, notes: str, library: str) -> Branch:
    """Make a branch of the one library, or of the one that is named."""
    name, phone = checked_text(name, "the branch's name"), checked_text(phone, "the phone number")
    if len(notes) > MAX_NOTES_CHARS:
        raise CannotDo(f"the notes are longer than {MAX_NOTES_CHARS} characters")
    directory = await store.directory()
    owner = _library(directory, library)
    if any(_alike(other.name, name) and other.library_id == owner.id for other in directory.branches.values()):
        raise CannotDo(f"there is a branch {name!r} already")
    branch = Branch(BranchId(ids.new()), owner.id, name, phone, notes)
    await store.add_branch(branch)
    return branch


async def add_kiosk(store: Store, ids: Ids, branch: str, name: str, now: datetime, code_ttl: timedelta) -> NewKiosk:
    """Make a kiosk with a one-time enrolment code."""
    directory = await store.directory()
    place = _branch(directory, branch)
    there = sum(kiosk.branch_id == place.id for kiosk in directory.kiosks.values())
    kiosk = Kiosk(KioskId(ids.new()), place.id, checked_text(name or f"Kiosk {there + 1}", "the kiosk's name"), None)
    code, expires_at = new_code(), now + code_ttl
    await store.add_kiosk(kiosk, code_hash(code), expires_at)
    return NewKiosk(kiosk, place, code, expires_at, directory.libraries[place.library_id].time_zone)


async def revoke_kiosk(store: Store, kiosk_id: str, now: datetime) -> None:
    """Refuse a kiosk from now on."""
    if not await store.revoke_kiosk(KioskId(kiosk_id), now):
        raise CannotDo(f"there is no kiosk {kiosk_id!r} that could be revoked; see: python -m signaling kiosk list")


async def add_staff(
    store: Store,
    ids: Ids,
    passwords: Passwords,
    login: str,
    name: str,
    roles: Iterable[Role],
    library: str,
    *,
    languages: Collection[Language] = ALL_LANGUAGES,
    email: str = "",
    standby: bool = False,
    alerts: bool | None = None,
) -> str:
    """Make an account; returns its one-time password.

    `languages` are those that the person speaks with visitors; with `standby` the person is asked, at `email` among
    other ways, when nobody else is there. With `alerts` the person is told when a kiosk needs somebody; None: if there
    is an `email`, and nobody in the library is told yet, for somebody should be.
    """
    allowed = frozenset(roles)
    _may_be_told(allowed, wanted=alerts is True)
    email = _checked_email(email)
    login, name = _checked_login(login), checked_text(name, "the name")
    owner = _library(await store.directory(), library)
    if alerts is None:
        told_already = alert_people(owner.id, await store.all_staff())
        alerts = bool(email) and may(allowed, Action.VIEW_HEALTH) and not told_already
    password = one_time_password()
    account = Staff(
        StaffId(ids.new()),
        owner.id,
        login,
        name,
        allowed,
        await passwords.hash(password),
        must_change_password=True,
        languages=frozenset(languages),
        email=email,
        standby=standby,
        alerts=alerts,
    )
    try:
        await store.add_staff(account)
    except Exists:
        raise CannotDo(f"the login {login!r} is taken") from None
    return password


async def disable_staff(store: Store, login: str, now: datetime) -> None:
    """Nobody signs in with it any more; its sessions end."""
    if not await store.disable_staff((await _person(store, login)).id, now):
        raise CannotDo(f"the account {login!r} is disabled already")


async def set_alerts(store: Store, login: str, *, wanted: bool) -> Staff:
    """Whether somebody is told when a kiosk needs somebody; returns the account as it is now."""
    person = await _person(store, login)
    _may_be_told(person.roles, wanted=wanted)
    if person.disabled_at is not None:
        raise CannotDo(f"the account {login!r} is disabled")
    changed = replace(person, alerts=wanted)
    await store.update_staff(changed)
    return changed


async def reset_password(store: Store, passwords: Passwords, login: str) -> str:
    """Give a new one-time password and end all sessions; returns the password."""
    person = await _person(store, login)
    password = one_time_password()
    await store.set_password(person.id, await passwords.hash(password), must_change=True)
    await store.remove_sessions_of(person.id)
    return password


def checked_text(value: str, what: str) -> str:
    """Without blanks around it; raises CannotDo when it would not fit on the wire or a screen."""
    value = value.strip()
    if not value or len(value) > MAX_NAME_CHARS or not value.isprintable():
        raise CannotDo(f"{what} must have 1 to {MAX_NAME_CHARS} printable characters")
    return value


def languages_in(text: str) -> frozenset[Language]:
    """Languages as they are written at a command line: `sv,en`."""
    words = [word.strip().lower() for word in text.split(",")]
    unknown = [word for word in words if word not in set(Language)]
    if unknown:
        raise CannotDo(f"there is no language {unknown[0]!r}; write some of: {','.join(Language)}")
    return frozenset(Language(word) for word in words)


def _may_be_told(roles: Collection[Role], *, wanted: bool) -> None:
    """Raises CannotDo for who would be told nothing anyway."""
    if wanted and not may(roles, Action.VIEW_HEALTH):
        able = ", ".join(role for role in Role if may({role}, Action.VIEW_HEALTH))
        raise CannotDo(f"alerts are for those who may see the kiosks' health; that needs one of the roles: {able}")


async def _change_line(store: Store, library: Library, line_id: LineId | None) -> None:
    try:
        await store.put(replace(library, line_id=line_id))
    except InUse:
        raise CannotDo(f"{library.name} has visits that go on; try again when they have ended") from None
    await _forget_standings(store, library.line)


async def _forget_standings(store: Store, line_id: LineId) -> None:
    """A line in which nobody stands any more keeps no hours: else it would go on asking standby people for them."""
    if any(library.line == line_id for library in (await store.directory()).libraries.values()):
        return
    async with store.line(line_id) as transaction:
        before = await transaction.load()
        left = {key: row for key, row in before.deadlines.items() if row.subject_id not in before.standings}
        await transaction.save(before, replace(before, standings={}, deadlines=left))


def _stands_alone(directory: Directory, library: Library) -> None:
    """Raises CannotDo while others stand in a line with this library: they would be left in a line without a head."""
    others = [
        other.name for other in directory.libraries.values() if other.line == library.line and other.id != library.id
    ]
    if others:
        raise CannotDo(
            f"{library.name} shares its line with {', '.join(others)}; first: python -m signaling library leave"
        )


def _rings_only_its_own(directory: Directory, people: Iterable[Staff], library: Library) -> None:
    """Raises CannotDo while a service or team would reach across two lines, and so reach nobody."""
    home = {person.id: person.library_id for person in people}
    for service in directory.services.values():
        for tier in service.tiers:
            team = directory.teams.get(tier.team_id)
            if team is not None and (service.library_id == library.id) != (team.library_id == library.id):
                raise CannotDo(f"a service still rings the team {team.name!r} of the other side; change that first")
    for team in directory.teams.values():
        if any((home[member] == library.id) != (team.library_id == library.id) for member in team.members):
            raise CannotDo(f"the team {team.name!r} has members of both sides; change that first")


def _checked_email(email: str) -> str:
    try:
        return _EMAIL.validate_python(email)
    except ValidationError:
        raise CannotDo(f"{email!r} is no e-mail address") from None


def _checked_login(login: str) -> str:
    login = checked_text(login, "the login")
    try:
        return _LOGIN.validate_python(login)
    except ValidationError:
        raise CannotDo("a login has no blanks, slashes, quotes or angle brackets") from None


def _named_library(directory: Directory, wanted: str) -> Library:
    found = [
        library for library in directory.libraries.values() if wanted == library.id or _alike(wanted, library.name)
    ]
    if not found:
        names = ", ".join(library.name for library in directory.libraries.values())
        raise CannotDo(f"there is no library {wanted!r}; there are: {names}")
    return found[0]


def _library(directory: Directory, wanted: str) -> Library:
    libraries = list(directory.libraries.values())
    if not libraries:
        raise CannotDo("there is no library yet; make it with: python -m signaling library init NAME")
    found = [library for library in libraries if not wanted or wanted == library.id or _alike(wanted, library.name)]
    if len(found) != 1:
        names = ", ".join(library.name for library in libraries)
        raise CannotDo(f"say which library with --library; there are: {names}")
    return found[0]


def _branch(directory: Directory, wanted: str) -> Branch:
    branches = list(directory.branches.values())
    found = [branch for branch in branches if wanted == branch.id or _alike(wanted, branch.name)]
    if len(found) == 1:
        return found[0]
    if found:
        raise CannotDo(f"several branches are named {wanted!r}; give the id, see: python -m signaling branch list")
    names = f"the branches are: {', '.join(branch.name for branch in branches)}; " if branches else ""
    raise CannotDo(
        f"there is no branch {wanted!r}; {names}make it with: "
        f"python -m signaling branch add {json.dumps(wanted, ensure_ascii=False)} --phone NUMBER"
    )


async def _person(store: Store, login: str) -> Staff:
    person = await store.find_staff_by_login(login)
    if person is None:
        raise CannotDo(f"there is no account {login!r}; see: python -m signaling staff list")
    return person


def _alike(first: str, second: str) -> bool:
    return first.strip().casefold() == second.strip().casefold()
