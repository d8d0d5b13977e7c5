"""The commands, as somebody at a keyboard meets them."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from signaling.__main__ import main
from signaling.adapters.store_sql import open_store
from signaling.protocol.vocabulary import Language, Role
from signaling.service.ports import Staff
from tests.support.coturn import SECRET, Coturn, relay
from tests.support.identities import cheap_passwords, public_key

START_WITHIN_S = 30
STOP_WITHIN_S = 20


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def logging_as_before() -> Iterator[None]:
    """`serve` sets up logging for the whole process; here that process is the test run."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], logging_as_before: None
) -> Run:
    """Run one command in an empty folder, as `python -m signaling` would."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("LIBRARIAN_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TERMINAL_WIDTH", "200")

    def run(*words: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["signaling", *words])
        try:
            main()
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return Said(code, said.out, said.err)

    return run


@pytest.fixture
def begun(run: Run) -> Run:
    """A library with one branch."""
    assert run("library", "init", "Norr").code == 0
    assert run("branch", "add", "Burträsk", "--phone", "0914-1").code == 0
    return run


def refused(said: Said, code: int, sentence: str) -> None:
    """One clear sentence on standard error, the right exit code, nothing else."""
    assert said.code == code
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1
    assert re.search(sentence, said.err)


def account(login: str) -> Staff:
    async def look() -> Staff:
        store = await open_store("sqlite:///var/librarian.sqlite3")
        found = await store.find_staff_by_login(login)
        await store.close()
        assert found is not None
        return found

    return asyncio.run(look())


# --- the first start ----------------------------------------------------------------------------------------


def test_from_nothing_to_a_kiosk_and_an_account(run: Run) -> None:
    made = run("library", "init", "Norr", "--language", "nb", "--time-zone", "Europe/Oslo")
    assert made.code == 0
    assert "Bibliotekhjelp" in made.out
    assert run("branch", "add", "Burträsk", "--phone", "0914-1", "--notes", "The key is at the school.").code == 0
    kiosk = json.loads(run("kiosk", "add", "burträsk", "--json").out)
    staff = json.loads(run("staff", "add", "Anna", "--name", "Anna", "--role", "librarian", "--json").out)
    assert re.fullmatch(r"(\w{4}-){2}\w{4}", kiosk["code"])
    assert staff["login"] == "anna"
    assert f"{kiosk['kiosk_id']}  Burträsk  Kiosk 1  (waits for enrolment)" in run("kiosk", "list").out
    assert "anna  Anna  librarian  (one-time password)" in run("staff", "list").out
    assert "Burträsk  0914-1" in run("branch", "list").out
    examined = run("doctor", "--no-test-call")
    assert examined.code == 0
    assert "kiosks: 1" in examined.out


def test_the_first_service_has_its_name_in_every_language(begun: Run) -> None:
    async def look() -> dict[Language, str]:
        store = await open_store("sqlite:///var/librarian.sqlite3")
        services = (await store.directory()).services
        await store.close()
        return dict(services["library-help"].names)  # type: ignore[index]  # a plain string will do here

    assert asyncio.run(look()) == {
        Language.SV: "Bibliotekshjälp",
        Language.NB: "Bibliotekhjelp",
        Language.EN: "Library help",
    }


def test_a_code_is_printed_with_its_end_in_the_librarys_time_and_the_command_for_the_kiosk(begun: Run) -> None:
    said = begun("kiosk", "add", "Burträsk", "--name", "Entrance")
    code = re.search(r"([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})$", said.out, re.MULTILINE)
    assert code is not None
    assert re.search(r"good once and until \d{4}-\d\d-\d\d \d\d:\d\d", said.out)
    assert f"python -m kiosk enrol --server http://localhost:8080 {code[1]}" in said.out


def test_neither_codes_nor_passwords_stand_in_the_database(begun: Run, tmp_path: Path) -> None:
    code = json.loads(begun("kiosk", "add", "Burträsk", "--json").out)["code"]
    password = json.loads(begun("staff", "add", "anna", "--name", "Anna", "--json").out)["password"]
    kept = b"".join(path.read_bytes() for path in (tmp_path / "var").iterdir())
    for secret in (code, code.replace("-", ""), password, password.replace("-", "")):
        assert secret.encode() not in kept


def test_a_one_time_password_works_once_changed_and_differs_each_time(begun: Run) -> None:
    first = json.loads(begun("staff", "add", "anna", "--name", "Anna", "--json").out)["password"]
    second = json.loads(begun("staff", "reset-password", "ANNA", "--json").out)["password"]
    anna = account("anna")
    assert first != second
    assert anna.must_change_password
    assert anna.roles == {Role.LIBRARIAN}
    assert asyncio.run(cheap_passwords().verify(anna.password_hash, second))
    assert not asyncio.run(cheap_passwords().verify(anna.password_hash, first))


def test_an_account_is_made_with_languages_an_address_and_standby(begun: Run) -> None:
    begun("staff", "add", "bo", "--name", "Bo", "--languages", "sv,en", "--email", "bo@norr.example", "--standby")
    bo = account("bo")
    assert (bo.languages, bo.email, bo.standby) == (frozenset({Language.SV, Language.EN}), "bo@norr.example", True)


def test_somebody_is_told_of_alerts_from_the_start_and_the_switch_is_turned(begun: Run) -> None:
    owner = ["--role", "service_owner"]
    begun("staff", "add", "kim", "--name", "Kim", *owner, "--email", "kim@norr.example")
    begun("staff", "add", "bo", "--name", "Bo", *owner, "--alerts")
    begun("staff", "add", "siv", "--name", "Siv", *owner, "--email", "siv@norr.example", "--no-alerts")
    assert [account(login).alerts for login in ("kim", "bo", "siv")] == [True, True, False]
    assert "kim  Kim  service_owner  (one-time password, told of alerts)" in begun("staff", "list").out
    assert begun("staff", "alerts", "kim", "off").out == "kim is told of no alerts.\n"
    assert begun("staff", "alerts", "SIV", "on").out == "siv is told of alerts, at siv@norr.example.\n"
    assert "no e-mail address" in begun("staff", "alerts", "bo", "on").out
    assert [account(login).alerts for login in ("kim", "bo", "siv")] == [False, True, True]
    assert begun("staff", "alerts", "kim", "maybe").code == 2


def test_a_neighbour_is_made_beside_the_first_library_and_joins_its_line_and_leaves_it(begun: Run) -> None:
    assert begun("library", "init", "Söder", "--country", "se").code == 0
    joined = begun("library", "join", "Norr", "--library", "Söder")
    assert joined.code == 0
    assert "in the line of Norr" in joined.out
    assert "A running server goes by it when it is started again." in joined.out
    assert re.search(
        r"^\S+  Norr  no holidays\n\S+  Söder  SE  \(in the line of Norr\)$", begun("library", "list").out, re.MULTILINE
    )
    refused(begun("library", "join", "Norr", "--library", "Söder"), 1, "stand in the same line already")
    assert begun("library", "leave", "--library", "Söder").code == 0
    assert "in the line of" not in begun("library", "list").out


def test_a_disabled_account_is_shown_so(begun: Run) -> None:
    begun("staff", "add", "anna", "--name", "Anna", "--role", "specialist", "--role", "librarian")
    assert begun("staff", "disable", "anna").code == 0
    assert "anna  Anna  librarian, specialist  (disabled)" in begun("staff", "list").out
    refused(begun("staff", "disable", "anna"), 1, "disabled already")


def test_a_kiosk_is_revoked_once(begun: Run) -> None:
    kiosk_id = json.loads(begun("kiosk", "add", "Burträsk", "--json").out)["kiosk_id"]
    assert begun("kiosk", "revoke", kiosk_id).code == 0
    assert "(revoked)" in begun("kiosk", "list").out
    refused(begun("kiosk", "revoke", kiosk_id), 1, "no kiosk .* that could be revoked")


def test_migrate_says_whether_there_was_something_to_do(run: Run) -> None:
    assert run("migrate").out == "The database is up to date now.\n"
    assert run("migrate").out == "The database was up to date.\n"


def test_check_config_prints_what_is_in_force_and_where_from(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("librarian.toml").write_text('[server]\nport = 9000\n[metrics]\ntoken = "s3cret"\n')
    monkeypatch.setenv("LIBRARIAN_LOG__LEVEL", "debug")
    said = run("check-config")
    assert re.search(r"^server\.port +\= 9000 +\(librarian\.toml\)$", said.out, re.MULTILINE)
    assert re.search(r"^log\.level +\= debug +\(LIBRARIAN_LOG__LEVEL\)$", said.out, re.MULTILINE)
    assert re.search(r"^metrics\.token +\= \(hidden\) +\(librarian\.toml\)$", said.out, re.MULTILINE)
    assert re.search(r"^server\.host +\= 127\.0\.0\.1 +\(default\)$", said.out, re.MULTILINE)
    assert "s3cret" not in said.out
    assert "TCP port to listen on" in run("check-config", "--reasons").out


# --- refusals -----------------------------------------------------------------------------------------------


def test_before_the_first_start_every_command_says_how_to_begin(run: Run) -> None:
    for words in (["kiosk", "list"], ["staff", "add", "a", "--name", "A"], ["branch", "list"], ["doctor"]):
        said = run(*words)
        assert said.code == 1
        assert "library init NAME" in said.err


def test_a_branch_that_is_not_there_is_named_with_those_that_are_and_the_command(begun: Run) -> None:
    refused(
        begun("kiosk", "add", "Bygdeå"),
        1,
        "no branch 'Bygdeå'; the branches are: Burträsk; make it with: .* branch add \"Bygdeå\" --phone NUMBER",
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["library", "init", "norr"], "there is a library 'norr' already"),
        (["library", "init", "Söder", "--time-zone", "Europe/Nowhere"], "no time zone 'Europe/Nowhere'"),
        (["library", "init", "Söder", "--time-zone", "../etc/passwd"], "no time zone"),
        (["library", "init", "Söder", "--country", "Sverige"], "holidays of 'SVERIGE' are not known"),
        (["library", "join", "Söder"], "no library 'Söder'; there are: Norr"),
        (["library", "join", "Norr"], "joins the line of another one"),
        (["library", "leave"], "has a line of its own already"),
        (["staff", "add", "bo", "--name", "Bo", "--languages", "sv,xx"], "no language 'xx'; write some of: sv,nb,en"),
        (["staff", "add", "bo", "--name", "Bo", "--email", "bo"], "'bo' is no e-mail address"),
        (["library", "init", " "], "must have 1 to 80 printable characters"),
        (["branch", "add", "BURTRÄSK", "--phone", "1"], "there is a branch 'BURTRÄSK' already"),
        (["branch", "add", "x" * 81, "--phone", "1"], "must have 1 to 80"),
        (["staff", "disable", "nobody"], "no account 'nobody'"),
        (["staff", "reset-password", "nobody"], "no account 'nobody'"),
        (["staff", "alerts", "nobody", "on"], "no account 'nobody'"),
        (["staff", "add", "bo", "--name", "Bo", "--alerts"], "alerts are for those who may see the kiosks' health"),
        (["staff", "add", "a\tb", "--name", "A"], "must have 1 to 80 printable"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_sentence(begun: Run, words: list[str], sentence: str) -> None:
    refused(begun(*words), 1, sentence)


def test_a_login_is_taken_once(begun: Run) -> None:
    begun("staff", "add", "anna", "--name", "Anna")
    refused(begun("staff", "add", "ANNA", "--name", "Anna"), 1, "the login 'anna' is taken")


def test_with_two_libraries_one_must_be_named(begun: Run) -> None:
    assert begun("library", "init", "Söder").code == 0
    refused(begun("branch", "add", "Lund", "--phone", "1"), 1, "--library; there are: Norr, Söder")
    assert begun("branch", "add", "Lund", "--phone", "1", "--library", "söder").code == 0


def test_wrong_usage_ends_with_2(run: Run) -> None:
    assert run("staff", "add").code == 2
    assert run("nonsense").code == 2
    assert run("staff", "add", "anna", "--name", "Anna", "--role", "boss").code == 2


@pytest.mark.parametrize("command", [["serve"], ["migrate"], ["check-config"], ["doctor"], ["staff", "list"]])
def test_broken_settings_stop_every_command_with_2(run: Run, command: list[str]) -> None:
    Path("librarian.toml").write_text("[server]\nprot = 1\n")
    refused(run(*command), 2, r"librarian\.toml: unknown key server\.prot; did you mean server\.port\?")


def test_a_settings_file_that_is_not_there_stops_the_start(run: Run) -> None:
    refused(run("--config", "away.toml", "serve"), 2, r"away\.toml does not exist")


@pytest.mark.parametrize("command", [["serve"], ["migrate"], ["staff", "list"], ["library", "init", "Norr"]])
def test_a_missing_database_folder_stops_with_one_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: list[str]
) -> None:
    monkeypatch.setenv("LIBRARIAN_DATABASE__URL", f"sqlite:///{tmp_path}/away/desk.sqlite3")
    refused(run(*command), 1, r"the folder .*/away for the database does not exist; make it with: mkdir -p")
    assert not (tmp_path / "away").exists()


@pytest.mark.parametrize("command", [["serve"], ["migrate"], ["staff", "list"]])
def test_a_database_from_a_newer_version_stops_with_one_sentence(begun: Run, command: list[str]) -> None:
    with sqlite3.connect("var/librarian.sqlite3") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    refused(begun(*command), 1, "the database is of a newer version than this program")


# --- serve --------------------------------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(url: str, body: object = None) -> tuple[int, dict[str, object]]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


@contextmanager
def serving(folder: Path, port: int, root: Path) -> Iterator[subprocess.Popen[str]]:
    """The server as a process of its own, answering; ended by its id if the test has not."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(root),
        "LIBRARIAN_SERVER__PORT": str(port),
        "PYTHONWARNINGS": "error",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "signaling", "serve"], cwd=folder, env=environment, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            deadline = time.monotonic() + START_WITHIN_S
            while time.monotonic() < deadline:
                try:
                    ask(f"http://127.0.0.1:{port}/healthz")
                    break
                except OSError:
                    if server.poll() is not None:
                        pytest.fail(f"the server ended: {server.stderr.read() if server.stderr else ''}")
                    time.sleep(0.05)
            yield server
        finally:
            if server.poll() is None:
                server.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_answers_on_a_new_machine_and_ends_cleanly_when_told(
    run: Run, tmp_path: Path, project_root: Path, number: signal.Signals
) -> None:
    port = free_port()
    with serving(tmp_path, port, project_root) as server:
        assert ask(f"http://127.0.0.1:{port}/healthz") == (200, {"ok": True, "database": "ok"})
        server.send_signal(number)
        assert server.wait(STOP_WITHIN_S) == 0
        assert server.stderr is not None
        events = [json.loads(line) for line in server.stderr]
    assert [line["event"] for line in events if line["level"] != "info"] == []
    assert {"serving", "stopping"} <= {line["event"] for line in events}


def test_a_kiosk_enrols_with_the_printed_code_at_a_running_server_and_is_revoked(
    begun: Run, tmp_path: Path, project_root: Path
) -> None:
    port = free_port()
    with serving(tmp_path, port, project_root) as server:
        # While the server runs: two processes write to one database.
        kiosk = json.loads(begun("kiosk", "add", "Burträsk", "--json").out)
        body = {"code": kiosk["code"], "public_key": public_key(Ed25519PrivateKey.generate())}
        enrolled = ask(f"http://127.0.0.1:{port}/api/kiosk/enrol", body)
        again = ask(f"http://127.0.0.1:{port}/api/kiosk/enrol", body)
        assert enrolled == (200, {"kiosk_id": kiosk["kiosk_id"]})
        assert again == (409, {"error": {"code": "code_used"}})
        assert "(enrolled)" in begun("kiosk", "list").out
        server.terminate()
        assert server.wait(STOP_WITHIN_S) == 0
        assert server.stderr is not None
        log = server.stderr.read()
    assert "enrolment_refused" in log
    assert kiosk["code"] not in log
    assert body["public_key"] not in log


def test_a_port_that_is_taken_stops_the_start_with_one_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        environment = {**os.environ, "LIBRARIAN_SERVER__PORT": str(port)}
        said = subprocess.run(
            [sys.executable, "-m", "signaling", "serve"],
            env={**environment, "PYTHONPATH": os.pathsep.join(sys.path)},
            check=False,
            capture_output=True,
            text=True,
            timeout=START_WITHIN_S,
        )
    lines = said.stderr.strip().splitlines()
    assert said.returncode == 1
    assert re.fullmatch(rf"error: cannot listen on 127\.0\.0\.1 port {port}: .+", lines[-1])
    assert "Traceback" not in said.stderr


# --- the relay ----------------------------------------------------------------------------------------------


@contextmanager
def running_relay(folder: Path, **more: Any) -> Iterator[Coturn]:
    """A coturn meanwhile, for a command that runs a loop of its own."""
    with asyncio.Runner() as runner:
        server = relay(folder, **more)
        yield runner.run(server.__aenter__())
        runner.run(server.__aexit__(None, None, None))


def with_relay(monkeypatch: pytest.MonkeyPatch, *urls: str, secret: str = SECRET) -> None:
    monkeypatch.setenv("LIBRARIAN_TURN__URLS", ",".join(urls))
    monkeypatch.setenv("LIBRARIAN_TURN__SECRET", secret)


def test_a_good_relay_is_said_to_be_reached_in_all_three_ways(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with running_relay(tmp_path, tls=True) as server:
        with_relay(monkeypatch, *(server.url(way) for way in ("udp", "tcp", "tls")))
        monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
        said = run("check-turn")
    assert (said.code, said.err) == (0, "")
    assert [line.partition("  ")[2].partition(":")[0] for line in said.out.splitlines()] == ["reached"] * 3


def test_each_address_that_is_wrong_is_said_with_what_to_do_and_fails_the_command(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with running_relay(tmp_path, tls=True) as server:
        with_relay(monkeypatch, server.url("udp"), server.url("tls"), "turn:relay.invalid", secret="another")
        said = run("check-turn")
    assert said.code == 1
    refused, certificate, unknown = said.out.splitlines()
    assert "refused: it does not know our credential. Compare turn.secret" in refused
    assert "certificate not trusted" in certificate
    assert "unknown host: the name relay.invalid has no address" in unknown
    assert "another" not in said.out


def test_without_a_relay_the_command_says_what_that_means(run: Run) -> None:
    said = run("check-turn")
    assert said.code == 1
    assert said.out.startswith("no relay is configured: ")
