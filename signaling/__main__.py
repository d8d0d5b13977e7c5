"""The server's commands: serve, migrate, backup, restore, library, branch, staff, kiosk, check-…, doctor.

Every error is one clear sentence on standard error: exit 2 for settings and usage, 1 for everything else.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from signaling.adapters.administration import CannotDo
from signaling.commands import kiosks, people, places, running
from signaling.commands.start import Start
from signaling.config import ConfigError
from signaling.service.ports import StoreError

cli = typer.Typer(
    help="The server of Librarian on Demand.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
cli.add_typer(running.cli)
cli.add_typer(places.library_cli, name="library")
cli.add_typer(places.branch_cli, name="branch")
cli.add_typer(people.cli, name="staff")
cli.add_typer(kiosks.cli, name="kiosk")
cli.add_typer(places.push_cli, name="push")


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


def _fail(sentence: str, code: int) -> NoReturn:
    print(f"error: {sentence[:1].lower()}{sentence[1:]}", file=sys.stderr)
    sys.exit(code)


if __name__ == "__main__":
    main()
