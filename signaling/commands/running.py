"""Running the server, keeping its database, and looking whether all is well."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from signaling.adapters.administration import CannotDo
from signaling.adapters.store_sql import migrate, open_store
from signaling.adapters.system import SystemClock
from signaling.commands.start import JsonOption, make_folder, prepare_default, require_begun, url
from signaling.protocol.vocabulary import RelayFinding

cli = typer.Typer()


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
        await prepare_default(loaded)
        store = await open_store(url(loaded))
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
        return await prepare_default(loaded) or await migrate(url(loaded))

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
    require_begun(loaded)
    now = SystemClock().now()
    folder = file if file.is_dir() else None
    if keep_days and folder is None:
        raise CannotDo("--keep-days needs a folder that is there")
    made = asyncio.run(back_up(url(loaded), folder / new_name(now) if folder else file, now))
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
        make_folder(loaded)
    manifest = asyncio.run(restore(url(loaded), file))
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
    require_begun(loaded)
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
