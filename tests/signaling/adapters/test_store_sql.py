"""What only a real database can do: versions, files, settings of the connection, crashes."""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, event, text

from signaling.adapters.store_sql import SchemaState, SqlStore, migrate, open_store, prepare, schema, schema_state
from signaling.adapters.store_sql.addresses import parse_url
from signaling.adapters.store_sql.database import open_database
from signaling.adapters.store_sql.line import DEADLINES, KIOSKS, OFFERS, SEATS, STANDINGS, TRACES, VISITS
from signaling.adapters.store_sql.migrate import CURRENT_VERSION, upgrade, versions
from signaling.adapters.store_sql.places import BRANCHES, CARDS, EXCEPTIONS, LIBRARIES, SERVICES, TEAMS
from signaling.domain.alerts import Alert
from signaling.domain.health import KioskHealth
from signaling.domain.model import Deadline, DeadlineKind, KioskPresence, Offer, Seat
from signaling.domain.places import Branch, Kiosk, KioskOrder, Library, Service
from signaling.protocol.vocabulary import (
    BranchId,
    KioskId,
    Language,
    LibraryId,
    LineId,
    OfferId,
    OfferState,
    Role,
    SeatId,
    ServiceId,
    StaffId,
    VisitId,
    VisitState,
)
from signaling.service.health_ports import HealthPoint
from signaling.service.ports import Staff, StoreError
from tests.support.postgres import Cluster
from tests.support.store_cases import (
    FULL_ALERT,
    FULL_BRANCH,
    FULL_HEALTH,
    FULL_KIOSK,
    FULL_LINE,
    FULL_ORDER,
    FULL_POINT,
    FULL_QUALITY,
    FULL_SEAT,
    line,
    saved,
    visit,
)
from tests.support.stores import SQL_KINDS, Opener

on_both = pytest.mark.parametrize("store_url", SQL_KINDS, indirect=True)
on_sqlite = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize(
    "store_url", [pytest.param("postgres", marks=pytest.mark.needs_postgres)], indirect=True
)

LIBRARY = Library(LibraryId("norr"), "Norr", Language.SV, "Europe/Stockholm")
LINE = LIBRARY.line


async def run_sql(url: str, statement: str) -> None:
    database = open_database(parse_url(url))
    await database.write(lambda connection: connection.execute(text(statement)))
    await database.close()


def differences(connection: Connection) -> list[object]:
    """What the tables have that this version does not want, and the other way round."""
    return list(compare_metadata(MigrationContext.configure(connection), schema.metadata))


# --- the data registry --------------------------------------------------------------------------------------


def test_every_column_says_what_for_how_long_and_whether_it_is_personal() -> None:
    lacking = [
        f"{table.name}.{column.name}"
        for table in schema.metadata.sorted_tables
        for column in table.columns
        if not (
            isinstance(column.info.get("purpose"), str)
            and column.info["purpose"]
            and isinstance(column.info.get("retention"), schema.Retention)
            and isinstance(column.info.get("personal"), bool)
        )
    ]
    assert lacking == []


def test_nothing_personal_is_kept_about_visits() -> None:
    visit_tables = [schema.visits, schema.offers, schema.kiosk_presences, schema.standings, schema.deadlines]
    assert [column.name for table in visit_tables for column in table.columns if column.info["personal"]] == []


def test_every_table_with_a_term_has_a_rule_that_removes_its_rows() -> None:
    termless = {schema.Retention.INSTALLATION, schema.Retention.LIVE}
    with_term = {
        table.name
        for table in schema.metadata.sorted_tables
        if {column.info["retention"] for column in table.columns} - termless
    }
    assert with_term == schema.RETENTION.keys() | schema.GOES_WITH.keys()


def test_what_goes_with_a_row_of_another_table_is_removed_by_the_database() -> None:
    for name, owner in schema.GOES_WITH.items():
        keys = schema.metadata.tables[name].foreign_keys
        assert {(key.column.table.name, key.ondelete) for key in keys} >= {(owner, "CASCADE")}
        assert owner in schema.RETENTION


def test_each_value_of_the_rules_has_exactly_its_columns() -> None:
    for mapped in (VISITS, OFFERS, SEATS, KIOSKS, STANDINGS, DEADLINES):
        expected = {field.name for field in fields(mapped.kind)} | {"line_id"}
        assert {column.name for column in mapped.table.columns} == expected


def test_each_value_of_the_places_has_exactly_its_columns() -> None:
    for mapped in (LIBRARIES, BRANCHES, SERVICES, TEAMS, CARDS, EXCEPTIONS):
        expected = {field.name for field in fields(mapped.kind)} - ({"members"} if mapped is TEAMS else set())
        assert {column.name for column in mapped.table.columns} == expected


def test_each_value_of_a_kiosk_s_health_has_exactly_its_columns() -> None:
    for table, kind in (
        (schema.kiosks, Kiosk),
        (schema.kiosk_health, KioskHealth),
        (schema.kiosk_health_points, HealthPoint),
        (schema.kiosk_orders, KioskOrder),
        (schema.alerts, Alert),
    ):
        assert {column.name for column in table.columns} == {field.name for field in fields(kind)}


def test_what_is_kept_of_kiosks_is_personal_only_where_it_says_who_asked() -> None:
    tables = (schema.kiosks, schema.kiosk_health, schema.kiosk_health_points, schema.kiosk_orders, schema.alerts)
    personal = {
        f"{table.name}.{column.name}" for table in tables for column in table.columns if column.info["personal"]
    }
    assert personal == {"kiosk_orders.asked_by", "kiosk_orders.asked_by_name", "kiosk_orders.asked_at"}


def test_what_is_wiped_when_a_visit_is_settled_is_what_the_registry_says() -> None:
    columns = schema.visits.columns
    assert TRACES.keys() == {c.name for c in columns if c.info["retention"] is schema.Retention.OPEN_VISIT}


# --- versions -----------------------------------------------------------------------------------------------


@on_both
async def test_the_migrations_make_exactly_the_tables_of_this_version(store_url: str) -> None:
    database = open_database(parse_url(store_url))
    found = await database.read(differences)
    await database.close()
    assert found == []


@on_both
async def test_a_migrated_database_is_current_and_needs_nothing_more(store_url: str) -> None:
    assert await schema_state(store_url) is SchemaState.CURRENT
    assert await migrate(store_url) is False


@on_both
async def test_a_database_from_a_newer_version_is_refused_with_one_sentence(store_url: str) -> None:
    await run_sql(store_url, "UPDATE alembic_version SET version_num = '9999'")
    assert await schema_state(store_url) is SchemaState.NEWER
    for attempt in (open_store(store_url), migrate(store_url)):
        with pytest.raises(StoreError, match=r"^the database is of a newer version than this program; [^\n]+$"):
            await attempt


@on_both
async def test_a_database_of_another_program_is_left_alone(store_url: str) -> None:
    await run_sql(store_url, "DROP TABLE alembic_version")
    assert await schema_state(store_url) is SchemaState.FOREIGN
    for attempt in (open_store(store_url), migrate(store_url)):
        with pytest.raises(StoreError, match="tables of another program"):
            await attempt


async def test_an_empty_database_is_refused_with_the_command_that_makes_its_tables(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new.sqlite3"
    assert await schema_state(url) is SchemaState.EMPTY
    assert not (tmp_path / "new.sqlite3").exists()
    with pytest.raises(StoreError, match="python -m signaling migrate"):
        await open_store(url)


async def test_two_starts_at_once_migrate_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new.sqlite3"
    assert sorted(await asyncio.gather(*(migrate(url) for _ in range(4)))) == [False, False, False, True]


@pytest.mark.needs_postgres
async def test_two_nodes_that_migrate_at_once_migrate_once(postgres: Cluster) -> None:
    postgres.sql("CREATE DATABASE bare")
    done = await asyncio.gather(*(migrate(postgres.url("bare")) for _ in range(4)))
    assert sorted(done) == [False, False, False, True]


@on_both
async def test_a_database_of_version_1_is_renewed_with_everything_that_was_in_it(
    store_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if store_url.startswith("sqlite"):
        url = f"sqlite:///{tmp_path}/older.sqlite3"
        (tmp_path / "older.sqlite3").touch()
    else:
        cluster: Cluster = request.getfixturevalue("postgres")
        cluster.sql("DROP DATABASE IF EXISTS older")
        cluster.sql("CREATE DATABASE older")
        url = cluster.url("older")
    database = open_database(parse_url(url))
    await database.write(lambda connection: upgrade(connection, "0001"))
    await database.write(lambda connection: [connection.execute(text(statement)) for statement in _OF_VERSION_1])
    await database.close()
    assert await schema_state(url) is SchemaState.OLDER
    assert await migrate(url) is True

    store = await open_store(url)
    directory = await store.directory()
    assert directory.libraries == {LIBRARY.id: LIBRARY}
    assert directory.branches == {"b1": Branch(BranchId("b1"), LIBRARY.id, "Burträsk", "0914-1", "By the school.")}
    assert directory.services == {"s1": Service(ServiceId("s1"), LIBRARY.id, {Language.SV: "Hjälp"})}
    assert directory.kiosks == {"k1": Kiosk(KioskId("k1"), BranchId("b1"), "Entrance", None)}
    roles = frozenset({Role.LIBRARIAN})
    anna = Staff(StaffId("p1"), LIBRARY.id, "anna", "Anna", roles, "hash", must_change_password=False)
    assert await store.all_staff() == [anna]
    found = await store.read_line(LINE)
    waits = visit("v1", kiosk_id="k1", branch_id="b1", service_id="s1", request_id="r1", opened_at=_THEN)
    assert found == line(
        [replace(waits, state=VisitState.TALKING, seat_id=SeatId("x1"), generation=2, generations=2, rings=1)],
        [Offer(OfferId("o1"), VisitId("v1"), frozenset({SeatId("x1")}), _THEN, _THEN, OfferState.OPEN)],
        [Seat(SeatId("x1"), StaffId("p1"), "Anna", on_duty=True, library_id=LIBRARY.id)],
        [KioskPresence(KioskId("k1"), BranchId("b1"))],
        deadlines=[Deadline(DeadlineKind.OFFER, "o1", _THEN)],
    )
    await saved(store, FULL_LINE)
    await store.close()
    # The very same tables as a new database has.
    database = open_database(parse_url(url))
    assert await database.read(differences) == []
    await database.close()


@pytest.mark.parametrize("kind", SQL_KINDS)
async def test_a_database_of_version_2_is_renewed_with_everything_that_was_in_it(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if kind == "sqlite":
        url = f"sqlite:///{tmp_path}/older.sqlite3"
        (tmp_path / "older.sqlite3").touch()
    else:
        cluster: Cluster = request.getfixturevalue("postgres")
        cluster.sql("DROP DATABASE IF EXISTS version_2")
        cluster.sql("CREATE DATABASE version_2")
        url = cluster.url("version_2")
    database = open_database(parse_url(url))
    await database.write(lambda connection: upgrade(connection, "0001"))
    await database.write(lambda connection: [connection.execute(text(statement)) for statement in _OF_VERSION_1])
    await database.write(lambda connection: upgrade(connection, "0002"))
    closed = text("UPDATE branches SET closed = true, notes = 'Closed for now.'")
    await database.write(lambda connection: connection.execute(closed))
    await database.close()
    assert await schema_state(url) is SchemaState.OLDER
    assert await migrate(url) is True

    store = await open_store(url)
    directory = await store.directory()
    branch = Branch(BranchId("b1"), LIBRARY.id, "Burträsk", "0914-1", "Closed for now.", closed=True)
    assert (branch.relay_only, branch.video_max_kbps, branch.audio_max_kbps) == (False, 2500, 48)
    assert directory.branches == {"b1": branch}
    assert directory.kiosks == {"k1": Kiosk(KioskId("k1"), BranchId("b1"), "Entrance", None, push_to_talk=False)}
    (ring,) = (await store.read_line(LINE)).offers.values()
    assert ring.prepared == {}
    await store.put(replace(FULL_BRANCH, id=BranchId("b1"), library_id=LIBRARY.id))
    await store.change_kiosk(Kiosk(KioskId("k1"), BranchId("b1"), "Entrance", None, push_to_talk=True))
    told = replace(FULL_QUALITY, visit_id=VisitId("v1"), kiosk_id=KioskId("k1"), branch_id=BranchId("b1"))
    await store.put_quality(told)
    assert await store.qualities(LIBRARY.id, before=datetime(2027, 1, 1, tzinfo=UTC), limit=9) == [told]
    await store.close()
    database = open_database(parse_url(url))
    assert await database.read(differences) == []
    await database.close()


@pytest.mark.parametrize("kind", SQL_KINDS)
async def test_a_database_of_version_3_is_renewed_with_everything_that_was_in_it(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if kind == "sqlite":
        url = f"sqlite:///{tmp_path}/older.sqlite3"
        (tmp_path / "older.sqlite3").touch()
    else:
        cluster: Cluster = request.getfixturevalue("postgres")
        cluster.sql("DROP DATABASE IF EXISTS version_3")
        cluster.sql("CREATE DATABASE version_3")
        url = cluster.url("version_3")
    database = open_database(parse_url(url))
    await database.write(lambda connection: upgrade(connection, "0001"))
    await database.write(lambda connection: [connection.execute(text(statement)) for statement in _OF_VERSION_1])
    await database.write(lambda connection: upgrade(connection, "0003"))
    await database.write(lambda connection: connection.execute(text("UPDATE kiosks SET push_to_talk = true")))
    await database.close()
    assert await migrate(url) is True

    store = await open_store(url)
    kiosk = Kiosk(KioskId("k1"), BranchId("b1"), "Entrance", None, push_to_talk=True)
    directory = await store.directory()
    assert (directory.kiosks, directory.libraries) == ({"k1": kiosk}, {LIBRARY.id: LIBRARY})
    assert [person.alerts for person in await store.all_staff()] == [False]
    assert await store.change_kiosk(replace(FULL_KIOSK, id=kiosk.id, branch_id=kiosk.branch_id))
    known = replace(FULL_HEALTH, kiosk_id=kiosk.id)
    await store.put_health(known)
    await store.add_health_point(replace(FULL_POINT, kiosk_id=kiosk.id))
    await store.add_order(replace(FULL_ORDER, kiosk_id=kiosk.id))
    await store.put_alert(FULL_ALERT)
    assert await store.all_health() == [known]
    await store.close()
    database = open_database(parse_url(url))
    assert await database.read(differences) == []
    await database.close()


_THEN = datetime(2026, 3, 2, 9, tzinfo=UTC)
_T = "'2026-03-02 09:00:00.000000+00:00'"
_OF_VERSION_1 = [
    "INSERT INTO libraries VALUES ('norr', 'Norr', 'sv', 'Europe/Stockholm')",
    "INSERT INTO branches VALUES ('b1', 'norr', 'Burträsk', '0914-1', 'By the school.')",
    """INSERT INTO services VALUES ('s1', 'norr', '{"sv"\\: "Hjälp"}')""",
    "INSERT INTO kiosks VALUES ('k1', 'b1', 'Entrance', NULL, NULL)",
    """INSERT INTO staff VALUES ('p1', 'norr', 'anna', 'Anna', '["librarian"]', 'hash', false, NULL)""",
    f"""INSERT INTO visits (id, library_id, kiosk_id, branch_id, service_id, language, request_id, opened_at, state,
        returned, seat_id, generation, declined_by, rings, settled)
        VALUES ('v1', 'norr', 'k1', 'b1', 's1', 'sv', 'r1', {_T}, 'talking', false, 'x1', 2, '[]', 1, false)""",
    f"INSERT INTO offers VALUES ('o1', 'norr', 'v1', '[\"x1\"]', {_T}, {_T}, 'open')",
    """INSERT INTO seats VALUES
        ('x1', 'norr', 'p1', 'Anna', true, NULL, true, false, false, false, NULL, NULL, NULL, NULL, true)""",
    "INSERT INTO kiosk_presences VALUES ('k1', 'norr', 'b1', true, NULL)",
    f"INSERT INTO deadlines VALUES ('norr', 'offer', 'o1', {_T})",
]


# --- what a node remembers ----------------------------------------------------------------------------------


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is asked of any database meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(" ".join(statement.split()))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def of_the_line(asked: list[str]) -> list[str]:
    """Statements that read rows of the line itself."""
    tables = "visits|offers|seats|kiosk_presences|standings|deadlines"
    return [statement for statement in asked if re.match(rf"SELECT .* FROM ({tables})\b", statement)]


@on_both
async def test_a_line_that_nobody_else_has_written_is_not_read_again(opener: Opener) -> None:
    store = await opener.open()
    await store.add_library(LIBRARY)
    await saved(store, FULL_LINE)
    with statements() as asked:
        assert await store.read_line(LINE) == FULL_LINE
        async with store.line(LINE) as transaction:
            assert await transaction.load() == FULL_LINE
    assert of_the_line(asked) == []
    assert len([statement for statement in asked if "FROM lines" in statement]) == 2


@on_both
async def test_a_line_that_another_node_has_written_is_read_once(opener: Opener) -> None:
    here, there = await opener.open(), await opener.open()
    await here.add_library(LIBRARY)
    await saved(here, line())
    await saved(there, FULL_LINE)
    with statements() as asked:
        for _ in range(2):
            assert await here.read_line(LINE) == FULL_LINE
            async with here.line(LINE) as transaction:
                assert await transaction.load() == FULL_LINE
    assert len(of_the_line(asked)) == 6  # one for each table


@on_both
async def test_a_difference_to_something_else_than_was_loaded_is_not_remembered(opener: Opener) -> None:
    store = await opener.open()
    await store.add_library(LIBRARY)
    await saved(store, line([visit("there")]))
    async with store.line(LINE) as transaction:
        await transaction.save(line(), line([visit("new")]))
        assert (await transaction.load()).visits.keys() == {"there", "new"}
    assert (await store.read_line(LINE)).visits.keys() == {"there", "new"}


@on_both
async def test_only_what_is_different_is_written(opener: Opener) -> None:
    store = await opener.open()
    await store.add_library(LIBRARY)
    before = await saved(store, FULL_LINE)
    seat = replace(FULL_SEAT, connected=True)
    with statements() as asked:
        await saved(store, replace(before, seats={**before.seats, seat.id: seat}))
    written = [statement.split(" SET")[0] for statement in asked if not statement.startswith(("SELECT", "BEGIN"))]
    assert written == ["UPDATE lines", "UPDATE seats"]


# --- files --------------------------------------------------------------------------------------------------


async def test_a_missing_folder_stops_with_the_command_that_makes_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/away/librarian.sqlite3"
    for attempt in (open_store(url), migrate(url), prepare(url, may_make_folder=False)):
        with pytest.raises(StoreError, match=rf"^the folder {tmp_path}/away .+ does not exist.+mkdir -p [^\n]+$"):
            await attempt
    assert not (tmp_path / "away").exists()


async def test_a_folder_that_nobody_named_is_made(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/var/librarian.sqlite3"
    assert await prepare(url, may_make_folder=True) is True
    assert await schema_state(url) is SchemaState.CURRENT


async def test_the_database_file_is_for_its_owner_only(tmp_path: Path) -> None:
    await migrate(f"sqlite:///{tmp_path}/new.sqlite3")
    assert stat.S_IMODE((tmp_path / "new.sqlite3").stat().st_mode) == 0o600


@on_postgres
async def test_a_start_leaves_postgresql_to_its_operator(store_url: str) -> None:
    await run_sql(store_url, "UPDATE alembic_version SET version_num = '9999'")
    assert await prepare(store_url, may_make_folder=True) is False


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
async def test_a_database_in_memory_is_refused(url: str) -> None:
    with pytest.raises(StoreError, match="must name a file"):
        await open_store(url)


@pytest.mark.parametrize("url", ["not an address with pa55word", "mysql://u:pa55word@h/d"])
async def test_an_address_that_we_do_not_know_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(StoreError) as refused:
        await open_store(url)
    assert "pa55word" not in str(refused.value)


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a database, but long enough to be read as one " * 10)
    with pytest.raises(StoreError, match="not a database"):
        await open_store(f"sqlite:///{tmp_path}/notes.txt")


# --- connections --------------------------------------------------------------------------------------------


@on_sqlite
async def test_every_connection_has_our_settings(store_url: str) -> None:
    def pragmas(connection: Connection) -> dict[str, object]:
        names = ("journal_mode", "busy_timeout", "foreign_keys", "synchronous")
        return {name: connection.execute(text(f"PRAGMA {name}")).scalar_one() for name in names}

    database = open_database(parse_url(store_url))
    found = [await database.read(pragmas), await database.write(pragmas)]
    await database.close()
    assert found == [{"journal_mode": "wal", "busy_timeout": 5_000, "foreign_keys": 1, "synchronous": 1}] * 2


@on_sqlite
async def test_the_line_waits_for_a_writer_of_another_process(opener: Opener, store_url: str) -> None:
    store = await opener.open()
    await store.add_library(LIBRARY)
    # As the command line would: a connection of its own, in the middle of writing.
    other = sqlite3.connect(store_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    asyncio.get_running_loop().call_later(0.2, other.execute, "COMMIT")
    async with store.line(LINE) as transaction:
        await transaction.load()
    other.close()


@on_sqlite
async def test_who_is_cancelled_in_the_middle_of_a_step_leaves_neither_lock_nor_connection(
    opener: Opener, store_url: str
) -> None:
    store = await opener.open()
    await store.add_library(LIBRARY)
    loop = asyncio.get_running_loop()
    for _ in range(16):  # more often than the pool has connections
        other = sqlite3.connect(store_url.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")

        async def wait_for_the_other() -> None:
            async with store.line(LINE):
                pytest.fail("the other writer has not finished")

        task = asyncio.create_task(wait_for_the_other())
        loop.call_later(0.02, task.cancel)
        loop.call_later(0.04, task.cancel)  # once more while it waits for its thread
        loop.call_later(0.08, other.execute, "COMMIT")
        with pytest.raises(asyncio.CancelledError):
            await task
        other.close()
    async with asyncio.timeout(5), store.line(LINE) as transaction:
        await transaction.load()


@on_postgres
async def test_one_line_does_not_wait_for_another(opener: Opener) -> None:
    store = await opener.open()
    await store.add_library(LIBRARY)
    await store.add_library(Library(LibraryId("soder"), "Söder", Language.SV, "Europe/Stockholm"))
    async with store.line(LINE) as first, asyncio.timeout(10), store.line(LineId("soder")) as second:
        await first.load()
        await second.load()


@on_postgres
async def test_a_store_survives_the_loss_of_its_connections(opener: Opener, postgres: Cluster, store_url: str) -> None:
    store = await opener.open()
    await store.add_library(LIBRARY)
    database = store_url.split("/")[3].partition("?")[0]
    postgres.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'")
    async with store.line(LINE) as transaction:
        assert (await transaction.load()).visits == {}


async def test_a_database_that_is_away_is_a_store_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        await open_store(f"postgresql://librarian:pa55word@/nothing?host={tmp_path}")
    database = open_database(parse_url(f"postgresql://librarian@/nothing?host={tmp_path}"))
    with pytest.raises(StoreError):
        await SqlStore(database).ping()
    await database.close()


@on_both
async def test_an_error_of_the_database_does_not_repeat_the_values(opener: Opener) -> None:
    store = await opener.open()
    await store.add_library(LIBRARY)
    person = Staff(StaffId("p1"), LIBRARY.id, "anna", "Anna", frozenset(), "pa55word-hash", must_change_password=True)
    await store.add_staff(person)
    with pytest.raises(StoreError) as refused:
        await store.add_staff(person)
    assert "pa55word" not in str(refused.value)
    assert "pa55word" not in str(refused.value.__cause__)


@on_both
async def test_a_naive_time_is_refused(opener: Opener) -> None:
    store = await opener.open()
    with pytest.raises(StoreError):
        await store.forget_expired(datetime(2026, 3, 2, tzinfo=UTC).replace(tzinfo=None))


# --- crashes ------------------------------------------------------------------------------------------------

_WRITER = """
import asyncio, sys
from dataclasses import replace
from datetime import datetime, timezone
from signaling.adapters.store_sql import open_store
from signaling.domain.model import Visit
from signaling.protocol.vocabulary import Language

async def main(url):
    store = await open_store(url)
    for number in range(1_000_000):
        new = Visit(f"v{number}", "k", "b", "s", Language.SV, "r", datetime.now(timezone.utc))
        async with store.line("norr") as line:
            before = await line.load()
            await line.save(before, replace(before, visits={**before.visits, new.id: new}))
        print(new.id, flush=True)

asyncio.run(main(sys.argv[1]))
"""


@on_both
async def test_what_was_acknowledged_is_there_after_kill_9(opener: Opener, store_url: str, project_root: Path) -> None:
    store = await opener.open()
    await store.add_library(LIBRARY)
    writer = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        _WRITER,
        store_url,
        stdout=asyncio.subprocess.PIPE,
        cwd=project_root,
        env={**os.environ, "PYTHONPATH": str(project_root)},
    )
    assert writer.stdout is not None
    acknowledged = [(await writer.stdout.readline()).decode().strip() for _ in range(20)]
    writer.kill()
    acknowledged += (await writer.stdout.read()).decode().split()
    await writer.wait()

    there = (await store.read_line(LINE)).visits
    assert len(acknowledged) >= 20
    assert set(acknowledged) <= there.keys()
    assert len(there) - len(acknowledged) in {0, 1}  # one may be committed and not yet printed


def test_the_version_that_is_written_down_is_that_of_the_last_migration() -> None:
    assert versions()[0] == CURRENT_VERSION


def test_a_server_with_current_tables_does_not_load_alembic(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'librarian.sqlite3'}"
    assert asyncio.run(migrate(url))
    program = (
        "import asyncio, sys\n"
        "from signaling.adapters.store_sql import migrate, open_store\n"
        "import signaling.app\n"
        "async def main():\n"
        f"    assert not await migrate({url!r})\n"
        f"    await (await open_store({url!r})).close()\n"
        "asyncio.run(main())\n"
        "assert 'alembic' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
