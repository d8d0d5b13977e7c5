"""Accounts of those who answer."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated

import typer

from signaling.adapters import administration
from signaling.adapters.auth import Argon2Passwords
from signaling.adapters.system import SystemClock, SystemIds
from signaling.commands.start import JsonOption, LibraryOption, in_store
from signaling.protocol.vocabulary import Language, Role

cli = typer.Typer(help="People who answer.", no_args_is_help=True)


class OnOff(StrEnum):
    """A switch."""

    ON = "on"
    OFF = "off"


@cli.command("add")
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
    password = in_store(
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


@cli.command("list")
def staff_list(context: typer.Context) -> None:
    """All accounts."""
    for person in in_store(context, lambda store: store.all_staff()):
        state = "disabled" if person.disabled_at else "one-time password" if person.must_change_password else "active"
        told = ", told of alerts" if person.alerts and not person.disabled_at else ""
        typer.echo(f"{person.login}  {person.name}  {', '.join(sorted(person.roles))}  ({state}{told})")


@cli.command("alerts")
def staff_alerts(
    context: typer.Context,
    login: Annotated[str, typer.Argument()],
    wanted: Annotated[OnOff, typer.Argument(metavar="on|off")],
) -> None:
    """Whether somebody is told when a kiosk needs somebody; anybody changes it for oneself in the console."""
    person = in_store(context, lambda store: administration.set_alerts(store, login.strip(), wanted=wanted is OnOff.ON))
    if not person.alerts:
        typer.echo(f"{person.login} is told of no alerts.")
    elif person.email:
        typer.echo(f"{person.login} is told of alerts, at {person.email}.")
    else:
        typer.echo(f"{person.login} is told of alerts, but has no e-mail address: only a browser can show them.")


@cli.command("disable")
def staff_disable(context: typer.Context, login: Annotated[str, typer.Argument()]) -> None:
    """Nobody signs in with it any more; its sessions end. Deleted after 90 days."""
    in_store(context, lambda store: administration.disable_staff(store, login, SystemClock().now()))
    typer.echo(f"{login} is disabled and signed out everywhere.")


@cli.command("reset-password")
def staff_reset_password(
    context: typer.Context, login: Annotated[str, typer.Argument()], as_json: JsonOption = False
) -> None:
    """Print a new one-time password; all sessions end."""
    password = in_store(context, lambda store: administration.reset_password(store, Argon2Passwords(), login))
    _show_password(login, password, as_json=as_json)


def _show_password(login: str, password: str, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"login": login.strip().lower(), "password": password}))
        return
    typer.echo(f"Account {login}. One-time password, to be changed at the first sign-in: {password}")
