"""Touchscreens: enrolment and its end."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from signaling.adapters import administration
from signaling.adapters.system import SystemClock, SystemIds
from signaling.commands.start import JsonOption, in_store

cli = typer.Typer(help="Enrolled touchscreens.", no_args_is_help=True)


@cli.command("add")
def kiosk_add(
    context: typer.Context,
    branch: Annotated[str, typer.Argument(help="Name or id of a branch.")],
    name: Annotated[str, typer.Option(help="Tells two kiosks of a branch apart.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Make a kiosk; prints a one-time enrolment code."""
    settings = context.obj.settings().settings
    now, code_ttl = SystemClock().now(), timedelta(seconds=settings.kiosks.code_ttl_s)
    new = in_store(context, lambda store: administration.add_kiosk(store, SystemIds(), branch, name, now, code_ttl))
    if as_json:
        typer.echo(json.dumps({"kiosk_id": new.kiosk.id, "code": new.code, "expires_at": new.expires_at.isoformat()}))
        return
    until = new.expires_at.astimezone(ZoneInfo(new.time_zone))
    typer.echo(f"Kiosk {new.kiosk.name} at {new.branch.name} is there ({new.kiosk.id}).")
    typer.echo(f"Enrolment code, good once and until {until:%Y-%m-%d %H:%M}: {new.code}")
    typer.echo(f"On the kiosk: python -m kiosk enrol --server {settings.server.url} {new.code}")


@cli.command("list")
def kiosk_list(context: typer.Context) -> None:
    """All kiosks."""
    directory = in_store(context, lambda store: store.directory())
    for kiosk in directory.kiosks.values():
        state = "revoked" if kiosk.revoked_at else "enrolled" if kiosk.public_key else "waits for enrolment"
        typer.echo(f"{kiosk.id}  {directory.branches[kiosk.branch_id].name}  {kiosk.name}  ({state})")


@cli.command("revoke")
def kiosk_revoke(context: typer.Context, kiosk_id: Annotated[str, typer.Argument()]) -> None:
    """Refuse this kiosk from now on; a connected one is closed within seconds."""
    in_store(context, lambda store: administration.revoke_kiosk(store, kiosk_id, SystemClock().now()))
    typer.echo(f"Kiosk {kiosk_id} is revoked.")
