"""The server's commands: serve, migrate, backup, restore, library, branch, staff, kiosk, check-…, doctor.

Every error is one clear sentence on standard error: exit 2 for settings and usage, 1 for everything else.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar
from zoneinfo import ZoneInfo

import typer

from signaling.adapters import administration
from signaling.adapters.administration import CannotDo
from signaling.adapters.auth import Argon2Passwords
from signaling.adapters.holiday_calendar import PublicHolidays
from signaling.adapters.store_sql import (
    SchemaState,
    SqlStore,
    is_there,
    migrate,
    open_store,
    prepare,
    schema_state,
)
from signaling.adapters.system import SystemClock, SystemIds
from signaling.config import ConfigError, Loaded, load
from signaling.protocol.vocabulary import Language, LibraryId, RelayFinding, Role
from signaling.service.ports import StoreError

T = TypeVar("T")

cli = typer.Typer(
    help="The server of Librarian on Demand.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
library_cli = typer.Typer(help="The organisation that runs the service.", no_args_is_help=True)
branch_cli = typer.Typer(help="Places with kiosks.", no_args_is_help=True)
staff_cli = typer.Typer(help="People who answer.", no_args_is_help=True)
kiosk_cli = typer.Typer(help="Enrolled touchscreens.", no_args_is_help=True)
push_cli = typer.Typer(help="Web push to standby people.", no_args_is_help=True)
for _name, _part in (
    ("library", library_cli),
    ("branch", branch_cli),
    ("staff", staff_cli),
    ("kiosk", kiosk_cli),
    ("push", push_cli),
):
    cli.add_typer(_part, name=_name)

LibraryOption = Annotated[str, typer.Option("--library", help="Name or id; needed only if there are several.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]


class OnOff(StrEnum):
    """A switch."""

    ON = "on"
    OFF = "off"


# Who is connected stands in the line in which they came.
_AFTER_A_CHANGE_OF_LINE = "A running server goes by it when it is started again."


@dataclass(frozen=True, slots=True)
class Start:
    """What the options before the command say."""

    config: Path | None

    def settings(self) -> Loaded:
        """Read the settings anew."""
        return load(self.config)


@cli.callback()
def _options(
    context: typer.Context,
    config: Annotated[Path | None, typer.Option(help="Settings file; default: librarian.toml here.")] = None,
) -> None:
    context.obj = Start(config)


def main() -> None:
    """Run one command; the entry of `python -m signaling`."""
    try:
        cli()
    except ConfigError as error:
        _fail(str(error), 2)
    except (CannotDo, StoreError) as error:
        _fail(str(error), 1)
    except KeyboardInterrupt:
        sys.exit(130)


# --- running ------------------------------------------------------------------------------------------------


@cli.command()
def serve(context: typer.Context) -> None:
    """Run the server until it is told to stop (Ctrl-C, SIGTERM)."""
    from signaling.adapters.logs import configure_logging
    from signaling.adapters.memory import hold_little_memory, settle_down
    from signaling.adapters.serving import CannotListen, serve_until_stopped
    from signaling.app import make_app

    hold_little_memory()  # before the first thread
    loaded = context.obj.settings()
    configure_logging(loaded.settings.log.level, loaded.settings.log.format)

    async def work() -> None:
        await _prepare(loaded)
        store = await open_store(_url(loaded))
        # The application closes the store when it ends.
        app = make_app(loaded.settings, store)
        settle_down()
        await serve_until_stopped(app, loaded.settings.server.host, loaded.settings.server.port)

    try:
        asyncio.run(work())
    except CannotListen as error:
        raise CannotDo(str(error)) from None


@cli.command("migrate")
def migrate_command(context: typer.Context) -> None:
    """Bring the database's tables up to this version."""
    loaded = context.obj.settings()

    async def work() -> bool:
        return await _prepare(loaded) or await migrate(_url(loaded))

    typer.echo("The database is up to date now." if asyncio.run(work()) else "The database was up to date.")


@cli.command()
def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A file that is not there yet, or a folder, where it gets its name.")],
    keep_days: Annotated[
        int, typer.Option(min=0, help="In a folder: remove backups older than this when the new one is made; 0: none.")
    ] = 0,
) -> None:
    """Write all that the database holds into one file, while the server runs; read it back and compare."""
    from signaling.adapters.backup import back_up, forget_old, new_name

    loaded = context.obj.settings()
    _require_begun(loaded)
    now = SystemClock().now()
    folder = file if file.is_dir() else None
    if keep_days and folder is None:
        raise CannotDo("--keep-days needs a folder that is there")
    made = asyncio.run(back_up(_url(loaded), folder / new_name(now) if folder else file, now))
    rows = made.manifest.rows
    typer.echo(f"{made.file}: {sum(rows.values())} rows of {len(rows)} tables, read back and compared.")
    typer.echo(f"SHA-256 {made.sha256}")
    if folder is not None and keep_days:
        for old in forget_old(folder, timedelta(days=keep_days), now):
            typer.echo(f"{old}: removed, older than {keep_days} days.")


@cli.command("restore")
def restore_command(
    context: typer.Context, file: Annotated[Path, typer.Argument(help="What `backup` has written.")]
) -> None:
    """Fill an empty database from a backup, and compare; a database that holds anything is left as it is."""
    from signaling.adapters.backup import restore

    loaded = context.obj.settings()
    if loaded.is_default("database.url"):
        _make_folder(loaded)
    manifest = asyncio.run(restore(_url(loaded), file))
    typer.echo(f"{sum(manifest.rows.values())} rows are back, as they were at {manifest.made_at}; compared.")
    typer.echo("Next: python -m signaling doctor")


@cli.command("check-config")
def check_config(
    context: typer.Context,
    reasons: Annotated[bool, typer.Option("--reasons", help="Say what each setting is for.")] = False,
) -> None:
    """Print what is in force and where it comes from; secrets are hidden."""
    rows = list(context.obj.settings().in_force())
    width = max(len(row.key) for row in rows)
    for row in rows:
        typer.echo(f"{row.key:<{width}} = {row.value}   ({row.source})")
        if reasons:
            typer.echo(f"{'':<{width}}   {row.reason}")


@cli.command()
def doctor(
    context: typer.Context,
    as_json: JsonOption = False,
    test_call: Annotated[
        bool, typer.Option("--test-call/--no-test-call", help="Make a call to the echo, through the relay if any.")
    ] = True,
    clock_from: Annotated[
        str, typer.Option(help="A web server that you trust, whose time is compared: https://www.example.org")
    ] = "",
) -> None:
    """Say whether everything works, and what to do where it does not; exit 1 if something is wrong."""
    from signaling.adapters.doctor import Level, Wanted, examine
    from signaling.adapters.doctor.words import as_data, as_text, level_of

    loaded = context.obj.settings()
    _require_begun(loaded)
    findings = asyncio.run(examine(loaded.settings, SystemClock(), Wanted(test_call, clock_from)))
    typer.echo(json.dumps(as_data(findings), indent=2, ensure_ascii=False) if as_json else as_text(findings))
    if any(level_of(finding) is Level.BAD for finding in findings):
        raise typer.Exit(1)


@cli.command("check-turn")
def check_turn(context: typer.Context) -> None:
    """Ask each relay of the settings for an address, as calls will; exit 1 unless all of them give one."""
    from signaling.adapters.relay_check import RelayProbe
    from signaling.adapters.relay_check.words import said_of
    from signaling.adapters.turn import CoturnCredentials

    settings = context.obj.settings().settings.turn
    addresses = settings.addresses()
    if not addresses:
        typer.echo("no relay is configured: kiosks and browsers that cannot meet directly have no call (turn.urls)")
        raise typer.Exit(1)
    turn = CoturnCredentials(settings.urls, settings.secret.get_secret_value(), settings.ttl_s)
    probe = RelayProbe(turn, SystemClock())

    async def look() -> list[RelayFinding]:
        return list(await asyncio.gather(*(probe.look(address) for address in addresses)))

    findings = asyncio.run(look())
    for address, finding in zip(addresses, findings, strict=True):
        typer.echo(said_of(address, finding))
    if any(finding is not RelayFinding.REACHED for finding in findings):
        raise typer.Exit(1)


# --- places -------------------------------------------------------------------------------------------------


@library_cli.command("init")
def library_init(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="As it stands on kiosks.")],
    language: Annotated[Language, typer.Option(help="Language of a kiosk that nobody has touched.")] = Language.SV,
    time_zone: Annotated[str, typer.Option(help="IANA name.")] = "Europe/Stockholm",
    country: Annotated[
        str, typer.Option(help="Two letters (SE), for public holidays; without it there are none.")
    ] = "",
) -> None:
    """Make a library and its first service; makes an SQLite database if there is none. There may be several."""
    administration.checked_text(name, "the library's name")  # before a database is made for it
    asyncio.run(_prepare_empty(context.obj.settings()))
    library = _in_store(
        context,
        lambda store: administration.init_library(
            store, SystemIds(), name, language, time_zone, country, PublicHolidays().countries()
        ),
    )
    typer.echo(f"Library {library.name} is there, with the service {administration.FIRST_SERVICE_NAMES[language]}.")
    typer.echo("Next: python -m signaling branch add NAME --phone NUMBER")


@library_cli.command("list")
def library_list(context: typer.Context) -> None:
    """All libraries, and whose line each stands in."""
    libraries = _in_store(context, lambda store: store.directory()).libraries
    for library in libraries.values():
        leader = libraries[LibraryId(library.line)]
        shared = "" if leader.id == library.id else f"  (in the line of {leader.name})"
        typer.echo(f"{library.id}  {library.name}  {library.country or 'no holidays'}{shared}")


@library_cli.command("join")
def library_join(
    context: typer.Context,
    line: Annotated[str, typer.Argument(help="Name or id of the library whose line it is.")],
    library: LibraryOption = "",
) -> None:
    """Put a library into another one's line, so that they can answer for each other."""
    other = _in_store(context, lambda store: administration.join_line(store, library, line))
    typer.echo(f"From now on it stands in the line of {other.name}. {_AFTER_A_CHANGE_OF_LINE}")
    typer.echo("Next: let a service ring a team of the other library, in the forms of the console.")


@library_cli.command("leave")
def library_leave(context: typer.Context, library: LibraryOption = "") -> None:
    """Give a library a line of its own again."""
    mine = _in_store(context, lambda store: administration.leave_line(store, library))
    typer.echo(f"{mine.name} has a line of its own again. {_AFTER_A_CHANGE_OF_LINE}")


@push_cli.command("keys")
def push_keys() -> None:
    """Make a key pair for web push; prints the lines for the settings file. Made once per installation."""
    from signaling.adapters.notify.keys import new_keys, settings_text

    typer.echo(settings_text(new_keys()), nl=False)


@branch_cli.command("add")
def branch_add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="As it stands on kiosks and in the line.")],
    phone: Annotated[str, typer.Option(help="The number for a visitor whom nobody answers.")],
    notes: Annotated[str, typer.Option(help="What a librarian elsewhere should know of it.")] = "",
    library: LibraryOption = "",
) -> None:
    """Make a branch."""
    branch = _in_store(
        context, lambda store: administration.add_branch(store, SystemIds(), name, phone, notes, library)
    )
    typer.echo(f"Branch {branch.name} is there.")
    typer.echo(f"Next: python -m signaling kiosk add {json.dumps(branch.name, ensure_ascii=False)}")


@branch_cli.command("list")
def branch_list(context: typer.Context) -> None:
    """All branches."""
    for branch in _in_store(context, lambda store: store.directory()).branches.values():
        typer.echo(f"{branch.id}  {branch.name}  {branch.phone}")


# --- staff --------------------------------------------------------------------------------------------------


@staff_cli.command("add")
def staff_add(
    context: typer.Context,
    login: Annotated[str, typer.Argument(help="What is typed to sign in.")],
    name: Annotated[str, typer.Option(help="First name, as visitors see it.")],
    role: Annotated[list[Role] | None, typer.Option(help="May be given several times.")] = None,
    languages: Annotated[str, typer.Option(help="What the person speaks with visitors, e.g. sv,en.")] = ",".join(
        Language
    ),
    email: Annotated[str, typer.Option(help="Where a request to help out, and an alert, goes.")] = "",
    standby: Annotated[bool, typer.Option("--standby", help="Wants to be asked when nobody else is there.")] = False,
    alerts: Annotated[
        bool | None,
        typer.Option(
            "--alerts/--no-alerts",
            help="Is told when a kiosk needs somebody; without a word the first one who may see that and has --email.",
        ),
    ] = None,
    library: LibraryOption = "",
    as_json: JsonOption = False,
) -> None:
    """Make an account; prints a one-time password."""
    spoken = administration.languages_in(languages)
    password = _in_store(
        context,
        lambda store: administration.add_staff(
            store,
            SystemIds(),
            Argon2Passwords(),
            login,
            name,
            role or [Role.LIBRARIAN],
            library,
            languages=spoken,
            email=email,
            standby=standby,
            alerts=alerts,
        ),
    )
    _show_password(login, password, as_json=as_json)


@staff_cli.command("list")
def staff_list(context: typer.Context) -> None:
    """All accounts."""
    for person in _in_store(context, lambda store: store.all_staff()):
        state = "disabled" if person.disabled_at else "one-time password" if person.must_change_password else "active"
        told = ", told of alerts" if person.alerts and not person.disabled_at else ""
        typer.echo(f"{person.login}  {person.name}  {', '.join(sorted(person.roles))}  ({state}{told})")


@staff_cli.command("alerts")
def staff_alerts(
    context: typer.Context,
    login: Annotated[str, typer.Argument()],
    wanted: Annotated[OnOff, typer.Argument(metavar="on|off")],
) -> None:
    """Whether somebody is told when a kiosk needs somebody; anybody changes it for oneself in the console."""
    person = _in_store(
        context, lambda store: administration.set_alerts(store, login.strip(), wanted=wanted is OnOff.ON)
    )
    if not person.alerts:
        typer.echo(f"{person.login} is told of no alerts.")
    elif person.email:
        typer.echo(f"{person.login} is told of alerts, at {person.email}.")
    else:
        typer.echo(f"{person.login} is told of alerts, but has no e-mail address: only a browser can show them.")


@staff_cli.command("disable")
def staff_disable(context: typer.Context, login: Annotated[str, typer.Argument()]) -> None:
    """Nobody signs in with it any more; its sessions end. Deleted after 90 days."""
    _in_store(context, lambda store: administration.disable_staff(store, login, SystemClock().now()))
    typer.echo(f"{login} is disabled and signed out everywhere.")


@staff_cli.command("reset-password")
def staff_reset_password(
    context: typer.Context, login: Annotated[str, typer.Argument()], as_json: JsonOption = False
) -> None:
    """Print a new one-time password; all sessions end."""
    password = _in_store(context, lambda store: administration.reset_password(store, Argon2Passwords(), login))
    _show_password(login, password, as_json=as_json)


# --- kiosks -------------------------------------------------------------------------------------------------


@kiosk_cli.command("add")
def kiosk_add(
    context: typer.Context,
    branch: Annotated[str, typer.Argument(help="Name or id of a branch.")],
    name: Annotated[str, typer.Option(help="Tells two kiosks of a branch apart.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Make a kiosk; prints a one-time enrolment code."""
    settings = context.obj.settings().settings
    now, code_ttl = SystemClock().now(), timedelta(seconds=settings.kiosks.code_ttl_s)
    new = _in_store(context, lambda store: administration.add_kiosk(store, SystemIds(), branch, name, now, code_ttl))
    if as_json:
        typer.echo(json.dumps({"kiosk_id": new.kiosk.id, "code": new.code, "expires_at": new.expires_at.isoformat()}))
        return
    until = new.expires_at.astimezone(ZoneInfo(new.time_zone))
    typer.echo(f"Kiosk {new.kiosk.name} at {new.branch.name} is there ({new.kiosk.id}).")
    typer.echo(f"Enrolment code, good once and until {until:%Y-%m-%d %H:%M}: {new.code}")
    typer.echo(f"On the kiosk: python -m kiosk enrol --server {settings.server.url} {new.code}")


@kiosk_cli.command("list")
def kiosk_list(context: typer.Context) -> None:
    """All kiosks."""
    directory = _in_store(context, lambda store: store.directory())
    for kiosk in directory.kiosks.values():
        state = "revoked" if kiosk.revoked_at else "enrolled" if kiosk.public_key else "waits for enrolment"
        typer.echo(f"{kiosk.id}  {directory.branches[kiosk.branch_id].name}  {kiosk.name}  ({state})")


@kiosk_cli.command("revoke")
def kiosk_revoke(context: typer.Context, kiosk_id: Annotated[str, typer.Argument()]) -> None:
    """Refuse this kiosk from now on; a connected one is closed within seconds."""
    _in_store(context, lambda store: administration.revoke_kiosk(store, kiosk_id, SystemClock().now()))
    typer.echo(f"Kiosk {kiosk_id} is revoked.")


# --- shared -------------------------------------------------------------------------------------------------


def _url(loaded: Loaded) -> str:
    return loaded.settings.database.url.get_secret_value()


async def _prepare(loaded: Loaded) -> bool:
    return await prepare(_url(loaded), may_make_folder=loaded.is_default("database.url"))


def _make_folder(loaded: Loaded) -> None:
    Path(_url(loaded).removeprefix("sqlite:///")).parent.mkdir(mode=0o700, parents=True, exist_ok=True)


async def _prepare_empty(loaded: Loaded) -> None:
    # An older database is left alone: a server of the older version may be running on it.
    if loaded.is_default("database.url") or await schema_state(_url(loaded)) is SchemaState.EMPTY:
        await _prepare(loaded)


def _require_begun(loaded: Loaded) -> None:
    # Nobody chose the place, so a missing folder is no slip of the pen: nothing has been begun here.
    if loaded.is_default("database.url") and not is_there(_url(loaded)):
        raise CannotDo("there is no database here yet; make it with: python -m signaling library init NAME")


def _in_store(context: typer.Context, work: Callable[[SqlStore], Awaitable[T]]) -> T:
    loaded = context.obj.settings()
    _require_begun(loaded)

    async def run() -> T:
        store = await open_store(_url(loaded))
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(run())


def _show_password(login: str, password: str, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"login": login.strip().lower(), "password": password}))
        return
    typer.echo(f"Account {login}. One-time password, to be changed at the first sign-in: {password}")


def _fail(sentence: str, code: int) -> NoReturn:
    print(f"error: {sentence[:1].lower()}{sentence[1:]}", file=sys.stderr)
    sys.exit(code)


if __name__ == "__main__":
    main()
