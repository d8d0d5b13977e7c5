"""Libraries and their branches, and the library's key pair for web push."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated

import typer

from signaling.adapters import administration
from signaling.adapters.holiday_calendar import PublicHolidays
from signaling.adapters.system import SystemIds
from signaling.commands.start import LibraryOption, in_store, prepare_empty
from signaling.protocol.vocabulary import Language, LibraryId

library_cli = typer.Typer(help="The organisation that runs the service.", no_args_is_help=True)
branch_cli = typer.Typer(help="Places with kiosks.", no_args_is_help=True)
push_cli = typer.Typer(help="Web push to standby people.", no_args_is_help=True)

# Who is connected stands in the line in which they came.
_AFTER_A_CHANGE_OF_LINE = "A running server goes by it when it is started again."


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
    asyncio.run(prepare_empty(context.obj.settings()))
    library = in_store(
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
    libraries = in_store(context, lambda store: store.directory()).libraries
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
    other = in_store(context, lambda store: administration.join_line(store, library, line))
    typer.echo(f"From now on it stands in the line of {other.name}. {_AFTER_A_CHANGE_OF_LINE}")
    typer.echo("Next: let a service ring a team of the other library, in the forms of the console.")


@library_cli.command("leave")
def library_leave(context: typer.Context, library: LibraryOption = "") -> None:
    """Give a library a line of its own again."""
    mine = in_store(context, lambda store: administration.leave_line(store, library))
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
    branch = in_store(context, lambda store: administration.add_branch(store, SystemIds(), name, phone, notes, library))
    typer.echo(f"Branch {branch.name} is there.")
    typer.echo(f"Next: python -m signaling kiosk add {json.dumps(branch.name, ensure_ascii=False)}")


@branch_cli.command("list")
def branch_list(context: typer.Context) -> None:
    """All branches."""
    for branch in in_store(context, lambda store: store.directory()).branches.values():
        typer.echo(f"{branch.id}  {branch.name}  {branch.phone}")
