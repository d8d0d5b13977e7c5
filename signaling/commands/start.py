"""What commands share: the settings that they start from, and the database that these name."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from signaling.adapters.administration import CannotDo
from signaling.adapters.store_sql import SchemaState, SqlStore, is_there, open_store, prepare, schema_state
from signaling.config import Loaded, load

T = TypeVar("T")

LibraryOption = Annotated[str, typer.Option("--library", help="Name or id; needed only if there are several.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]


@dataclass(frozen=True, slots=True)
class Start:
    """What the options before the command say."""

    config: Path | None

    def settings(self) -> Loaded:
        """Read the settings anew."""
        return load(self.config)


def url(loaded: Loaded) -> str:
    """Where the database is."""
    return loaded.settings.database.url.get_secret_value()


async def prepare_default(loaded: Loaded) -> bool:
    """Make a database that is not there yet, and its folder where nobody chose another; tells whether it did."""
    return await prepare(url(loaded), may_make_folder=loaded.is_default("database.url"))


def make_folder(loaded: Loaded) -> None:
    """Make the folder of an SQLite file."""
    Path(url(loaded).removeprefix("sqlite:///")).parent.mkdir(mode=0o700, parents=True, exist_ok=True)


async def prepare_empty(loaded: Loaded) -> None:
    """As `prepare_default`, but an older database is left alone: an older server may be running on it."""
    if loaded.is_default("database.url") or await schema_state(url(loaded)) is SchemaState.EMPTY:
        await prepare_default(loaded)


def require_begun(loaded: Loaded) -> None:
    """Nobody chose the place, so a missing folder is no slip of the pen: nothing has been begun here.

    Raises:
        CannotDo: There is no database at the usual place.
    """
    if loaded.is_default("database.url") and not is_there(url(loaded)):
        raise CannotDo("there is no database here yet; make it with: python -m signaling library init NAME")


def in_store(context: typer.Context, work: Callable[[SqlStore], Awaitable[T]]) -> T:
    """Do one piece of work in the database that the settings name.

    Raises:
        CannotDo: There is none, or the work cannot be done.
        StoreError: The database cannot be used.
    """
    loaded = context.obj.settings()
    require_begun(loaded)

    async def run() -> T:
        store = await open_store(url(loaded))
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(run())
