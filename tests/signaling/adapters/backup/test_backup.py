"""Backups of real databases: whole, of one moment, checked, and restored into either kind."""

from __future__ import annotations

import asyncio
import contextlib
import json
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from signaling.adapters.backup import BackupError, back_up, forget_old, new_name, restore
from signaling.adapters.backup.archive import DATABASE, MANIFEST, Manifest, sha256_of, write
from signaling.adapters.backup.contents import Contents, filled_tables, plain_file, sum_up
from signaling.adapters.store_sql import SchemaState, SqlStore, migrate, open_store, schema_state
from signaling.adapters.store_sql.addresses import parse_url
from signaling.adapters.store_sql.database import open_database
from signaling.adapters.store_sql.migrate import CURRENT_VERSION, upgrade
from signaling.adapters.store_sql.schema import metadata
from signaling.domain.places import Branch, Card, DayException, Library
from signaling.protocol.vocabulary import BranchId, CardId, Language, LibraryId
from signaling.service.ports import StoreError
from tests.support.postgres import Cluster
from tests.support.store_cases import (
    BRANCH,
    CODE,
    FULL_ALERT,
    FULL_BRANCH,
    FULL_HEALTH,
    FULL_KIOSK,
    FULL_LIBRARY,
    FULL_LINE,
    FULL_ORDER,
    FULL_POINT,
    FULL_QUALITY,
    FULL_SERVICE,
    FULL_STAFF,
    FULL_TEAM,
    KIOSK,
    LIBRARY,
    LINE,
    NOW,
    SERVICE,
    STAFF,
    action,
    push,
    saved,
    session,
    staff,
)
from tests.support.stores import SQL_KINDS

both_ways = pytest.mark.parametrize(
    ("store_url", "other_kind"),
    [
        pytest.param("sqlite", "sqlite", marks=pytest.mark.thorough),
        pytest.param("sqlite", "postgres", marks=pytest.mark.needs_postgres),
        pytest.param("postgres", "sqlite", marks=pytest.mark.needs_postgres),
        pytest.param("postgres", "postgres", marks=[pytest.mark.needs_postgres, pytest.mark.thorough]),
    ],
    indirect=["store_url"],
)
on_both = pytest.mark.parametrize("store_url", SQL_KINDS, indirect=True)
on_sqlite = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)

Empty = Callable[[str], str]


@pytest.fixture
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Empty]:
    """Gives the address of an empty database, as on a machine that was set up a minute ago."""
    with_postgres = request.node.get_closest_marker("needs_postgres") is not None
    # Started here: it must not be started from within a test's own loop.
    cluster: Cluster | None = request.getfixturevalue("postgres") if with_postgres else None
    name = f"fresh_{tmp_path.parent.name.replace('-', '_')}_{tmp_path.name}"[:60]

    def make(kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / 'fresh' / 'librarian.sqlite3'}"
        assert cluster is not None
        cluster.sql(f'CREATE DATABASE "{name}"')
        return cluster.url(name)

    (tmp_path / "fresh").mkdir()
    yield make
    if cluster is not None:
        cluster.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


async def fill(url: str) -> None:
    """Put something into every table, with values that differ from every default."""
    store = await open_store(url)
    try:
        await store.add_library(Library(LibraryId("soder"), "Söder", Language.NB, "Europe/Oslo"))
        await store.add_library(FULL_LIBRARY)
        await store.add_branch(FULL_BRANCH)
        await store.put(FULL_BRANCH)
        await store.add_service(FULL_SERVICE)
        for person in (FULL_STAFF, staff("bo", "p2")):
            await store.add_staff(person)
        await store.put(FULL_TEAM)
        await store.put(Card(CardId("wifi"), LIBRARY, None, 1, {Language.SV: "Nät?"}, {Language.SV: "Välj Gäst. 🙂"}))
        await store.put(DayException(BRANCH, NOW.date(), (), {Language.SV: "Trasig dörr"}))
        await store.add_kiosk(replace(FULL_KIOSK, revoked_at=None), CODE, NOW + timedelta(hours=1))
        await store.change_kiosk(replace(FULL_KIOSK, revoked_at=None))
        await store.add_challenge(KIOSK, b"\x00\xff" * 16, NOW + timedelta(minutes=1))
        await store.add_session(session())
        await store.add_push(push())
        await store.add_action(action())
        await store.put_quality(FULL_QUALITY)
        await store.put_health(FULL_HEALTH)
        await store.add_health_point(FULL_POINT)
        await store.add_order(FULL_ORDER)
        await store.put_alert(FULL_ALERT)
        await saved(store, FULL_LINE)
    finally:
        await store.close()


async def look(url: str, what: Callable[[Connection], Contents]) -> Contents:
    database = open_database(parse_url(url))
    try:
        return await database.read(what)
    finally:
        await database.close()


async def rows_of(url: str) -> dict[str, list[str]]:
    """Every row as text, read by plain SQLAlchemy and not by the code under test."""

    def read(connection: Connection) -> dict[str, list[str]]:
        return {
            table.name: sorted(str(tuple(row)) for row in connection.execute(table.select()))
            for table in metadata.sorted_tables
        }

    database = open_database(parse_url(url))
    try:
        return await database.read(read)
    finally:
        await database.close()


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A backup of a full SQLite database."""
    url = f"sqlite:///{tmp_path / 'made.sqlite3'}"

    async def work() -> None:
        await migrate(url)
        await fill(url)
        await back_up(url, tmp_path / "made.backup", NOW)

    asyncio.run(work())
    return tmp_path / "made.backup"


# --- there and back -----------------------------------------------------------------------------------------


@both_ways
async def test_an_empty_machine_gets_everything_back_whatever_kind_of_database_it_has(
    store_url: str, other_kind: str, empty: Empty, tmp_path: Path
) -> None:
    await fill(store_url)
    before = await rows_of(store_url)
    assert [name for name, rows in before.items() if not rows] == [], "every table takes part"
    backup = await back_up(store_url, tmp_path / "a.backup", NOW)
    there = empty(other_kind)
    manifest = await restore(there, tmp_path / "a.backup")
    assert manifest == backup.manifest
    assert await rows_of(there) == before
    assert (await look(there, sum_up)).sha256 == backup.manifest.contents_sha256


@on_both
async def test_the_server_goes_on_with_what_came_back(store_url: str, empty: Empty, tmp_path: Path) -> None:
    await fill(store_url)
    await back_up(store_url, tmp_path / "a.backup", NOW)
    there = empty("sqlite")
    await restore(there, tmp_path / "a.backup")
    store = await open_store(there)
    try:
        assert await store.read_line(LINE) == FULL_LINE
        assert (await store.directory()).services[SERVICE] == FULL_SERVICE
        assert await store.find_staff(STAFF) == FULL_STAFF
        await store.add_branch(Branch(BranchId("new"), LIBRARY, "Ny", "1"))
    finally:
        await store.close()


@on_both
async def test_the_manifest_says_what_is_inside_and_the_file_is_nobody_else_s(store_url: str, tmp_path: Path) -> None:
    await fill(store_url)
    backup = await back_up(store_url, tmp_path / "a.backup", NOW)
    assert stat.S_IMODE(backup.file.stat().st_mode) == 0o600
    assert backup.sha256 == sha256_of(backup.file)
    with zipfile.ZipFile(backup.file) as archive:
        said = json.loads(archive.read(MANIFEST))
        archive.extract(DATABASE, tmp_path)
    assert said["schema"] == CURRENT_VERSION
    assert said["kind"] == ("sqlite" if store_url.startswith("sqlite") else "postgresql")
    assert said["rows"]["visits"] == 2
    assert said["database_sha256"] == sha256_of(tmp_path / DATABASE)
    left = {file.name for file in tmp_path.iterdir()} - {"fresh", "librarian.sqlite3", DATABASE}
    assert left - {"librarian.sqlite3-wal", "librarian.sqlite3-shm"} == {"a.backup"}, "nothing lies about"


@on_sqlite
async def test_a_backup_of_an_older_version_is_renewed_on_its_way_in(
    store_url: str, empty: Empty, tmp_path: Path
) -> None:
    old = tmp_path / "old.sqlite3"
    engine = plain_file(old)
    with engine.begin() as connection:
        upgrade(connection, "0001")
        connection.execute(
            text(
                "INSERT INTO libraries (id, name, default_language, time_zone) "
                "VALUES ('norr', 'Norr', 'sv', 'Europe/Stockholm')"
            )
        )
    engine.dispose()
    manifest = Manifest(NOW.isoformat(), "sqlite", "0001", {}, "", sha256_of(old), old.stat().st_size)
    write(tmp_path / "old.backup", manifest, old)
    there = empty("sqlite")
    await restore(there, tmp_path / "old.backup")
    assert await schema_state(there) is SchemaState.CURRENT
    store = await open_store(there)
    assert (await store.directory()).libraries[LIBRARY].name == "Norr"
    await store.close()


# --- while the server runs ----------------------------------------------------------------------------------


@on_both
async def test_a_backup_waits_for_no_writer_and_holds_one_moment(store_url: str, tmp_path: Path) -> None:
    await fill(store_url)
    store = await open_store(store_url)
    stop = asyncio.Event()

    async def write_pairs(writer: SqlStore) -> int:
        count = 0
        while not stop.is_set():
            # Each library comes with a line of its own, in one transaction.
            await writer.add_library(Library(LibraryId(f"l{count}"), f"L{count}", Language.SV, "Europe/Stockholm"))
            count += 1
            await asyncio.sleep(0)
        return count

    writing = asyncio.create_task(write_pairs(store))
    try:
        seen = []
        for number in range(3):
            backup = await back_up(store_url, tmp_path / f"{number}.backup", NOW)
            seen.append((backup.manifest.rows["libraries"], backup.manifest.rows["lines"]))
    finally:
        stop.set()
        written = await writing
        await store.close()
    assert all(libraries == lines for libraries, lines in seen)
    assert written > 0
    assert seen[-1][0] > seen[0][0], "it was written meanwhile"


@on_both
async def test_what_is_not_committed_is_not_in_it_and_keeps_nobody_waiting(store_url: str, tmp_path: Path) -> None:
    await fill(store_url)
    before = (await look(store_url, sum_up)).rows
    store = await open_store(store_url)
    try:
        async with store.line(LINE) as transaction:
            await transaction.load()
            async with asyncio.timeout(30):
                backup = await back_up(store_url, tmp_path / "a.backup", NOW)
    finally:
        await store.close()
    assert backup.manifest.rows == before


# --- nothing is written over ---------------------------------------------------------------------------------


async def test_a_file_that_is_there_stays_as_it_is(made: Path, tmp_path: Path) -> None:
    before = made.read_bytes()
    with pytest.raises(BackupError, match="is there already"):
        await back_up(f"sqlite:///{tmp_path / 'made.sqlite3'}", made, NOW)
    assert made.read_bytes() == before


async def test_a_broken_link_is_not_followed(made: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BackupError, match="is there already"):
        await back_up(f"sqlite:///{tmp_path / 'made.sqlite3'}", tmp_path / "link", NOW)


async def test_two_backups_to_one_name_do_not_mix(made: Path, tmp_path: Path) -> None:
    (tmp_path / "b.backup.unfinished").touch()
    with pytest.raises(BackupError, match=r"b\.backup\.unfinished is there already"):
        await back_up(f"sqlite:///{tmp_path / 'made.sqlite3'}", tmp_path / "b.backup", NOW)
    assert not (tmp_path / "b.backup").exists()


async def test_a_folder_that_is_not_there_is_told(made: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="cannot be written: No such file or directory"):
        await back_up(f"sqlite:///{tmp_path / 'made.sqlite3'}", tmp_path / "away" / "b.backup", NOW)


@on_both
async def test_a_database_that_holds_anything_is_left_as_it_is(store_url: str, made: Path) -> None:
    store = await open_store(store_url)
    await store.add_library(Library(LibraryId("mine"), "Mine", Language.SV, "Europe/Stockholm"))
    await store.close()
    before = await rows_of(store_url)
    with pytest.raises(BackupError, match="is not empty"):
        await restore(store_url, made)
    assert await rows_of(store_url) == before


async def test_tables_of_another_program_are_left_as_they_are(made: Path, tmp_path: Path) -> None:
    engine = plain_file(tmp_path / "foreign.sqlite3")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE recipes (id INTEGER)"))
    engine.dispose()
    with pytest.raises(BackupError, match="is not empty"):
        await restore(f"sqlite:///{tmp_path / 'foreign.sqlite3'}", made)


@on_both
async def test_a_database_of_empty_tables_is_empty_enough(store_url: str, made: Path) -> None:
    assert (await restore(store_url, made)).rows["visits"] == 2


# --- damage ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", [0.02, 0.3, 0.6, 0.9], ids=["start", "third", "middle", "end"])
async def test_a_file_that_was_damaged_is_refused_before_a_database_is_made(
    part: float, made: Path, tmp_path: Path
) -> None:
    damaged = bytearray(made.read_bytes())
    place = int(len(damaged) * part)
    damaged[place : place + 16] = bytes(255 - byte for byte in damaged[place : place + 16])
    made.write_bytes(damaged)
    with pytest.raises(BackupError):
        await restore(f"sqlite:///{tmp_path / 'there.sqlite3'}", made)
    assert not (tmp_path / "there.sqlite3").exists()


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04"], ids=["empty", "text", "cut off"])
async def test_what_is_no_backup_is_told(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "no.backup").write_bytes(content)
    with pytest.raises(BackupError, match="is no backup, or it is damaged"):
        await restore(f"sqlite:///{tmp_path / 'there.sqlite3'}", tmp_path / "no.backup")


async def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="does not exist"):
        await restore(f"sqlite:///{tmp_path / 'there.sqlite3'}", tmp_path / "away.backup")


def packed_anew(made: Path, statement: str = "", changes: dict[str, object] | None = None) -> Path:
    """The same backup with other contents or another manifest, its own sums right again."""
    changed, folder = made.with_name("changed.backup"), made.with_name("changed")
    with zipfile.ZipFile(made) as archive:
        said = json.loads(archive.read(MANIFEST))
        archive.extract(DATABASE, folder)
    if statement:
        engine = plain_file(folder / DATABASE)
        with engine.begin() as connection:
            connection.execute(text("PRAGMA foreign_keys = OFF"))
            connection.execute(text(statement))
        engine.dispose()
    database = folder / DATABASE
    said |= {"database_sha256": sha256_of(database), "database_bytes": database.stat().st_size} | (changes or {})
    with zipfile.ZipFile(changed, "w") as archive:
        archive.writestr(MANIFEST, json.dumps(said))
        archive.write(database, DATABASE)
    return changed


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE staff SET roles = '[\"system_admin\"]'",
        "DELETE FROM visits",
        "UPDATE kiosks SET branch_id = 'nowhere'",
        "DROP TABLE alerts",
        "UPDATE services SET offer_policy = 'nonsense'",
    ],
)
async def test_contents_that_are_not_those_of_the_manifest_are_refused(
    statement: str, made: Path, tmp_path: Path
) -> None:
    with pytest.raises(StoreError):
        await restore(f"sqlite:///{tmp_path / 'there.sqlite3'}", packed_anew(made, statement))
    assert not (tmp_path / "there.sqlite3").exists()


@pytest.mark.parametrize("changes", [{"schema": "9999"}, {"format": 2}])
async def test_a_backup_of_a_newer_program_is_refused(changes: dict[str, object], made: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="newer version of this program"):
        await restore(f"sqlite:///{tmp_path / 'there.sqlite3'}", packed_anew(made, changes=changes))


async def test_a_database_that_is_not_of_this_version_is_not_backed_up(tmp_path: Path) -> None:
    engine = plain_file(tmp_path / "old.sqlite3")
    with engine.begin() as connection:
        upgrade(connection, "0001")
    engine.dispose()
    with pytest.raises(StoreError, match="of an older version"):
        await back_up(f"sqlite:///{tmp_path / 'old.sqlite3'}", tmp_path / "a.backup", NOW)
    assert not list(tmp_path.glob("a.backup*"))


def test_a_full_disk_leaves_no_half_backup(made: Path, tmp_path: Path) -> None:
    program = (
        "import asyncio, resource, signal, sys; from datetime import datetime, UTC; from pathlib import Path\n"
        "from signaling.adapters.backup import back_up\n"
        "from signaling.service.ports import StoreError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"  # a file that may not grow: EFBIG, as a full disk is ENOSPC
        "resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))\n"
        "try: asyncio.run(back_up(sys.argv[1], Path(sys.argv[2]), datetime.now(UTC)))\n"
        "except StoreError as error: print(error); sys.exit(3)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, f"sqlite:///{tmp_path / 'made.sqlite3'}", tmp_path / "full.backup"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 3, ran.stderr
    assert not list(tmp_path.glob("*full.backup*"))


# --- a folder of them ----------------------------------------------------------------------------------------


def test_old_backups_go_by_their_names_and_nothing_else_does(tmp_path: Path) -> None:
    now = datetime(2026, 3, 20, 3, 0, tzinfo=UTC)
    names = [new_name(now - timedelta(days=days)) for days in (0, 13, 15, 90)]
    for name in [*names, "notes.txt", "librarian-before-upgrade.backup"]:
        (tmp_path / name).touch()
    removed = forget_old(tmp_path, timedelta(days=14), now)
    assert [file.name for file in removed] == sorted(names[2:])
    assert {file.name for file in tmp_path.iterdir()} == {*names[:2], "notes.txt", "librarian-before-upgrade.backup"}


def test_names_sort_by_age(tmp_path: Path) -> None:
    now = datetime(2026, 3, 20, 3, 0, tzinfo=UTC)
    names = [new_name(now + timedelta(hours=hours)) for hours in (0, 1, 30, 900)]
    assert names == sorted(names)


def test_no_table_counts_as_filled_in_a_new_database(tmp_path: Path) -> None:
    engine = plain_file(tmp_path / "new.sqlite3")
    with contextlib.closing(engine.connect()) as connection:
        upgrade(connection)
        assert filled_tables(connection) == []
    engine.dispose()
