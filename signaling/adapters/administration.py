"""What an operator does at the command line: make a library, its branches, accounts and kiosks.

Works on the store port, so on any database. What it does not do: read arguments or print (`__main__`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from signaling.adapters.auth.tokens import code_hash, new_code
from signaling.domain.places import Branch, Directory, Kiosk, Library, Service
from signaling.protocol.vocabulary import (
    MAX_NAME_CHARS,
    BranchId,
    KioskId,
    Language,
    LibraryId,
    Role,
    ServiceId,
    StaffId,
)
from signaling.service.ports import Exists, Ids, Passwords, Staff, Store

#: The one service that every library begins with.
FIRST_SERVICE: Final = "library-help"
FIRST_SERVICE_NAMES: Final = {
    Language.SV: "Bibliotekshjälp",
    Language.NB: "Bibliotekhjelp",
    Language.EN: "Library help",
}
#: As in the view that a librarian sees.
MAX_NOTES_CHARS: Final = 4_000


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


async def init_library(store: Store, ids: Ids, name: str, language: Language, time_zone: str) -> Library:
    """Make a library and its first service."""
    name = checked_text(name, "the library's name")
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise CannotDo(f"there is no time zone {time_zone!r}; write e.g. Europe/Oslo") from None
    directory = await store.directory()
    if any(_alike(library.name, name) for library in directory.libraries.values()):
        raise CannotDo(f"there is a library {name!r} already")
    library = Library(LibraryId(ids.new()), name, language, time_zone)
    service_id = FIRST_SERVICE if FIRST_SERVICE not in directory.services else ids.new()
    await store.add_library(library)
    await store.add_service(Service(ServiceId(service_id), library.id, FIRST_SERVICE_NAMES))
    return library


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
    store: Store, ids: Ids, passwords: Passwords, login: str, name: str, roles: Iterable[Role], library: str
) -> str:
    """Make an account; returns its one-time password."""
    login, name = checked_text(login, "the login").lower(), checked_text(name, "the name")
    owner = _library(await store.directory(), library)
    password = _one_time_password()
    hashed = await passwords.hash(password)
    account = Staff(StaffId(ids.new()), owner.id, login, name, frozenset(roles), hashed, must_change_password=True)
    try:
        await store.add_staff(account)
    except Exists:
        raise CannotDo(f"the login {login!r} is taken") from None
    return password


async def disable_staff(store: Store, login: str, now: datetime) -> None:
    """Nobody signs in with it any more; its sessions end."""
    if not await store.disable_staff((await _person(store, login)).id, now):
        raise CannotDo(f"the account {login!r} is disabled already")


async def reset_password(store: Store, passwords: Passwords, login: str) -> str:
    """Give a new one-time password and end all sessions; returns the password."""
    person = await _person(store, login)
    password = _one_time_password()
    await store.set_password(person.id, await passwords.hash(password), must_change=True)
    await store.remove_sessions_of(person.id)
    return password


def checked_text(value: str, what: str) -> str:
    """Without blanks around it; raises CannotDo when it would not fit on the wire or a screen."""
    value = value.strip()
    if not value or len(value) > MAX_NAME_CHARS or not value.isprintable():
        raise CannotDo(f"{what} must have 1 to {MAX_NAME_CHARS} printable characters")
    return value


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


def _one_time_password() -> str:
    return f"{new_code()}-{new_code()}"
