"""The doctor before a good installation and before broken ones; every part of them is real."""

from __future__ import annotations

import asyncio
import json
import re
import string
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web

from signaling.adapters.doctor import Code, Finding, Level, Wanted, as_text, examine
from signaling.adapters.doctor.words import WORDS, as_data, level_of, remedy_of, sentence_of
from signaling.adapters.store_sql.addresses import parse_url
from signaling.adapters.store_sql.database import open_database
from signaling.adapters.store_sql.migrate import upgrade
from signaling.adapters.system import SystemClock
from signaling.config import Settings
from tests.signaling.adapters.notify.smtp_server import smtp_server
from tests.support.certificates import Authority
from tests.support.coturn import own_address, relay
from tests.support.machine import Machine, machine, serving, tls_of, web_clock
from tests.support.postgres import Cluster
from tests.support.proxy import NAME, proxy
from tests.support.stage.server import free_port

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.needs_postgres, pytest.mark.thorough]

Broken = Callable[[Machine, Path], AbstractAsyncContextManager[Settings]]
NO_CALL = Wanted(test_call=False)


@pytest.fixture(scope="module")
def database_url(postgres: Cluster) -> Iterator[str]:
    postgres.sql("CREATE DATABASE of_the_doctor TEMPLATE template_of_ours")
    yield postgres.url("of_the_doctor")
    postgres.sql("DROP DATABASE of_the_doctor WITH (FORCE)")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def good(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Machine]:
    async with machine(tmp_path_factory.mktemp("machine"), database_url) as found:
        yield found


@pytest.fixture(autouse=True)
def trusting(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """This process trusts the machine's authority."""
    if "good" in request.fixturenames:
        monkeypatch.setenv("SSL_CERT_FILE", str(request.getfixturevalue("good").authority.file))


def bad(findings: Sequence[Finding]) -> set[Code]:
    return {finding.code for finding in findings if level_of(finding) is Level.BAD}


async def command(settings: dict[str, str], authority: Authority, *options: str) -> tuple[int, str, str]:
    """The command itself, as somebody starts it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "signaling", "doctor", *options),
        env={"PATH": "/usr/bin:/bin", "SSL_CERT_FILE": str(authority.file), "PYTHONPATH": ".", **settings},
        cwd=Path(__file__).resolve().parents[4],
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


def variables(settings: Settings) -> dict[str, str]:
    return {
        "LIBRARIAN_DATABASE__URL": settings.database.url.get_secret_value(),
        "LIBRARIAN_SERVER__PUBLIC_URL": settings.server.public_url,
        "LIBRARIAN_SERVER__TRUSTED_PROXY_COUNT": "1",
        "LIBRARIAN_TURN__URLS": ",".join(settings.turn.urls),
        "LIBRARIAN_TURN__SECRET": settings.turn.secret.get_secret_value(),
        "LIBRARIAN_MAIL__HOST": settings.mail.host,
        "LIBRARIAN_MAIL__PORT": str(settings.mail.port),
        "LIBRARIAN_MAIL__SENDER": settings.mail.sender,
        "LIBRARIAN_MAIL__USER": settings.mail.user,
        "LIBRARIAN_MAIL__PASSWORD": settings.mail.password.get_secret_value(),
        "LIBRARIAN_PUSH__PRIVATE_KEY": settings.push.private_key.get_secret_value(),
        "LIBRARIAN_PUSH__SUBJECT": settings.push.subject,
    }


# --- all is well ---------------------------------------------------------------------------------------------


async def test_a_good_installation_is_found_good_in_every_part(good: Machine) -> None:
    found = await examine(good.good, SystemClock(), Wanted(clock_from=good.clock))
    assert [finding.code for finding in found] == [
        Code.DATABASE_OK,
        Code.PLACES_OK,
        Code.CLOCK_OK,
        Code.CLOCK_OK,
        Code.CERTIFICATE_OK,
        Code.PROXY_OK,
        Code.RELAY_OK,
        Code.RELAY_OK,
        Code.RELAY_OK,
        Code.MAIL_OK,
        Code.PUSH_OK,
        Code.CALL_OK,
    ], as_text(found)
    assert "PostgreSQL" in sentence_of(found[0])
    assert found[4].said["days"] in {89, 90}
    assert str(found[-1].said["way"]).startswith("through turn:"), "the test call went through the relay"
    assert list(good.received) == [], "nobody got a letter"


async def test_the_command_ends_with_0_and_tells_no_secret(good: Machine) -> None:
    code, out, err = await command(variables(good.good), good.authority, "--json", "--clock-from", good.clock)
    assert (code, err) == (0, "")
    said = json.loads(out)
    assert said["ok"] is True
    assert {finding["level"] for finding in said["findings"]} == {"ok"}
    settings = good.good
    for secret in (settings.turn.secret, settings.mail.password, settings.push.private_key):
        assert secret.get_secret_value() not in out


async def test_the_command_ends_with_1_and_says_what_to_do(good: Machine) -> None:
    settings = variables(good.good) | {"LIBRARIAN_TURN__SECRET": "another"}
    code, out, err = await command(settings, good.authority, "--no-test-call")
    assert (code, err) == (1, "")
    lines = out.splitlines()
    (at,) = [number for number, line in enumerate(lines) if line.startswith("BAD") and "udp" in line]
    assert "does not know our credential" in lines[at]
    assert "static-auth-secret" in lines[at + 1]


# --- broken installations ------------------------------------------------------------------------------------


@asynccontextmanager
async def database_away(good: Machine, folder: Path) -> AsyncIterator[Settings]:
    yield good.with_("database", url=f"postgresql://librarian@/of_the_doctor?host={folder}")


@asynccontextmanager
async def tables_of_an_older_version(good: Machine, folder: Path) -> AsyncIterator[Settings]:
    url = f"sqlite:///{folder / 'old.sqlite3'}"
    database = open_database(parse_url(url))
    await database.write(lambda connection: upgrade(connection, "0003"))
    await database.close()
    yield good.with_("database", url=url)


@asynccontextmanager
async def no_tables(good: Machine, folder: Path) -> AsyncIterator[Settings]:
    yield good.with_("database", url=f"sqlite:///{folder / 'new.sqlite3'}")


def front(code: Code, *names: str, begins: int = -1, lasts: int = 91, stranger: bool = False) -> object:
    """A proxy in front of the same server, that shows another certificate."""

    @asynccontextmanager
    async def broken(good: Machine, folder: Path) -> AsyncIterator[Settings]:
        authority = Authority(folder) if stranger else good.authority
        shown = authority.show(*names or (NAME,), begins=timedelta(days=begins), lasts=timedelta(days=lasts), by=code)
        with proxy(folder / "proxy", good.server_port, shown) as found:
            yield good.with_("server", public_url=found.url)

    return pytest.param(broken, code, id=code)


@asynccontextmanager
async def proxy_without_websockets(good: Machine, folder: Path) -> AsyncIterator[Settings]:
    def spoil(text: str) -> str:
        return text.replace("proxy_set_header Upgrade $http_upgrade;", "")

    shown = good.authority.show(NAME, by="-spoilt")
    with proxy(folder / "proxy", good.server_port, shown, port=good.second_port, change=spoil) as found:
        yield good.with_("server", public_url=found.url)


@asynccontextmanager
async def an_address_that_the_server_does_not_know(good: Machine, folder: Path) -> AsyncIterator[Settings]:
    with proxy(folder / "proxy", good.server_port, good.authority.show(NAME, by="-unknown")) as found:
        yield good.with_("server", public_url=found.url)


@asynccontextmanager
async def server_away(good: Machine, folder: Path) -> AsyncIterator[Settings]:
    with proxy(folder / "proxy", free_port(), good.authority.show(NAME, by="-away")) as found:
        yield good.with_("server", public_url=found.url)


@asynccontextmanager
async def another_web_site(good: Machine, folder: Path) -> AsyncIterator[Settings]:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text="Welcome to nginx!")

    async with serving(answer, tls_of(good.authority.show(NAME, by="-other"))) as url:
        yield good.with_("server", public_url=url)


@asynccontextmanager
async def no_tls(good: Machine, folder: Path) -> AsyncIterator[Settings]:
    yield good.with_("server", public_url=good.clock.replace("http:", "https:"))


@asynccontextmanager
async def nobody_at_the_address(good: Machine, folder: Path) -> AsyncIterator[Settings]:
    yield good.with_("server", public_url=f"https://{NAME}:{free_port()}")


@asynccontextmanager
async def a_name_without_address(good: Machine, folder: Path) -> AsyncIterator[Settings]:
    yield good.with_("server", public_url="https://desk.invalid")


@asynccontextmanager
async def another_relay_secret(good: Machine, folder: Path) -> AsyncIterator[Settings]:
    yield good.with_("turn", secret="another")


@asynccontextmanager
async def relay_port_shut(good: Machine, folder: Path) -> AsyncIterator[Settings]:
    shut = f"turn:{good.relay.host}:{free_port()}?transport=tcp"
    yield good.with_("turn", urls=(good.relay.url("udp"), shut))


@asynccontextmanager
async def relay_of_a_stranger(good: Machine, folder: Path) -> AsyncIterator[Settings]:
    async with relay(folder, tls=True) as strange:
        yield good.with_("turn", urls=(strange.url("tls"),))


@asynccontextmanager
async def another_mail_password(good: Machine, folder: Path) -> AsyncIterator[Settings]:
    yield good.with_("mail", password="another")


@asynccontextmanager
async def mail_without_signing_in(good: Machine, folder: Path) -> AsyncIterator[Settings]:
    yield good.with_("mail", user="")


@asynccontextmanager
async def mail_without_tls(good: Machine, folder: Path) -> AsyncIterator[Settings]:
    with smtp_server() as (_, port):
        yield good.with_("mail", port=port)


@asynccontextmanager
async def mail_of_a_stranger(good: Machine, folder: Path) -> AsyncIterator[Settings]:
    with smtp_server(tls=tls_of(Authority(folder).show(NAME)), auth=True) as (_, port):
        yield good.with_("mail", port=port)


@asynccontextmanager
async def tls_from_the_start_where_it_is_not(good: Machine, folder: Path) -> AsyncIterator[Settings]:
    yield good.with_("mail", tls="tls")


@asynccontextmanager
async def no_mail_server(good: Machine, folder: Path) -> AsyncIterator[Settings]:
    yield good.with_("mail", port=free_port())


@asynccontextmanager
async def mail_at_a_name_without_address(good: Machine, folder: Path) -> AsyncIterator[Settings]:
    yield good.with_("mail", host="mail.invalid")


@asynccontextmanager
async def no_key_for_push(good: Machine, folder: Path) -> AsyncIterator[Settings]:
    yield good.with_("push", private_key="A" * 43)  # the number nought, which is no key


def fault(broken: Broken, code: Code) -> object:
    return pytest.param(broken, code, id=broken.__name__)


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        fault(database_away, Code.DATABASE_AWAY),
        fault(tables_of_an_older_version, Code.DATABASE_OLDER),
        fault(no_tables, Code.DATABASE_EMPTY),
        front(Code.CERTIFICATE_RAN_OUT, begins=-100, lasts=99),
        front(Code.CERTIFICATE_NOT_YET, begins=2),
        front(Code.CERTIFICATE_OTHER_NAME, "desk.example.org"),
        front(Code.CERTIFICATE_UNTRUSTED, stranger=True),
        fault(proxy_without_websockets, Code.PROXY_NO_WEBSOCKET),
        fault(an_address_that_the_server_does_not_know, Code.PROXY_NO_WEBSOCKET),
        fault(server_away, Code.PROXY_SERVER_AWAY),
        fault(another_web_site, Code.PROXY_WRONG_ANSWER),
        fault(no_tls, Code.ADDRESS_NO_TLS),
        fault(nobody_at_the_address, Code.ADDRESS_UNREACHED),
        fault(a_name_without_address, Code.ADDRESS_UNKNOWN_HOST),
        fault(another_relay_secret, Code.RELAY_NOT_USABLE),
        fault(relay_port_shut, Code.RELAY_NOT_USABLE),
        fault(relay_of_a_stranger, Code.RELAY_NOT_USABLE),
        fault(another_mail_password, Code.MAIL_LOGIN_REFUSED),
        fault(mail_without_signing_in, Code.MAIL_SENDER_REFUSED),
        fault(mail_without_tls, Code.MAIL_NO_TLS),
        fault(mail_of_a_stranger, Code.MAIL_CERTIFICATE),
        fault(tls_from_the_start_where_it_is_not, Code.MAIL_NO_TLS),
        fault(no_mail_server, Code.MAIL_UNREACHED),
        fault(mail_at_a_name_without_address, Code.MAIL_UNKNOWN_HOST),
        fault(no_key_for_push, Code.PUSH_KEY_BROKEN),
    ],
)
async def test_a_fault_is_named_rightly_and_no_other_is(
    broken: Broken, code: Code, good: Machine, tmp_path: Path
) -> None:
    async with broken(good, tmp_path) as settings:
        found = await examine(settings, SystemClock(), NO_CALL)
    assert bad(found) == {code}, as_text(found)
    (named, *_) = [finding for finding in found if finding.code is code]
    assert remedy_of(named)


async def test_a_wrong_clock_is_named_with_its_size_and_direction(good: Machine) -> None:
    async with web_clock(timedelta(hours=1)) as ahead:
        found = await examine(good.good, SystemClock(), Wanted(test_call=False, clock_from=ahead))
    assert bad(found) == {Code.CLOCK_WRONG}
    (wrong,) = [finding for finding in found if finding.code is Code.CLOCK_WRONG]
    assert re.search(r"36\d\d s behind http://localhost|3599 s behind", sentence_of(wrong))


async def test_a_clock_that_cannot_be_asked_is_no_fault_of_this_machine(good: Machine) -> None:
    nowhere = Wanted(test_call=False, clock_from=f"http://{NAME}:{free_port()}")
    found = await examine(good.good, SystemClock(), nowhere)
    assert bad(found) == set()
    assert Code.CLOCK_SILENT in {finding.code for finding in found}


async def test_a_certificate_that_ends_within_two_weeks_is_told_while_all_works(good: Machine, tmp_path: Path) -> None:
    shown = good.authority.show(NAME, lasts=timedelta(days=12), by="-soon")
    with proxy(tmp_path / "proxy", good.server_port, shown, port=good.second_port) as second:
        found = await examine(good.with_("server", public_url=second.url), SystemClock(), NO_CALL)
    assert bad(found) == set(), as_text(found)
    codes = {finding.code for finding in found}
    assert {Code.CERTIFICATE_ENDS_SOON, Code.PROXY_OK} <= codes


async def test_a_proxy_that_is_not_counted_is_told(good: Machine) -> None:
    found = await examine(good.with_("server", trusted_proxy_count=0), SystemClock(), NO_CALL)
    assert Code.PROXY_NOT_COUNTED in {finding.code for finding in found}
    assert bad(found) == set()


async def test_a_relay_that_may_not_reach_itself_takes_the_test_call_down(good: Machine, tmp_path: Path) -> None:
    # The trap of a relay behind address translation: it gives addresses, and nothing comes through.
    async with relay(tmp_path, options=[f"--denied-peer-ip={own_address()}"]) as shut:
        settings = good.with_("turn", urls=(shut.url("udp"),))
        found = await examine(settings, SystemClock(), Wanted())
    assert bad(found) == {Code.CALL_NO_PATH}, as_text(found)
    assert "allowed-peer-ip" in remedy_of(found[-1])


async def test_an_echo_that_cannot_start_is_told(good: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    found = await examine(good.good, SystemClock(), Wanted())
    assert bad(found) == {Code.CALL_ECHO_BROKEN}


async def test_a_look_that_breaks_is_a_finding_and_leaves_the_others(
    good: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> Sequence[Finding]:
        raise RuntimeError("a secret may stand here")

    monkeypatch.setattr(sys.modules["signaling.adapters.doctor.examine"], "look_at_front", broken)
    found = await examine(good.good, SystemClock(), NO_CALL)
    assert bad(found) == {Code.LOOK_BROKE}
    assert "secret" not in as_text(found)
    assert {Code.DATABASE_OK, Code.MAIL_OK} <= {finding.code for finding in found}


# --- words ---------------------------------------------------------------------------------------------------


async def test_every_finding_has_its_row_and_what_is_bad_has_a_remedy() -> None:
    assert set(WORDS) == set(Code)
    assert [code for code, words in WORDS.items() if words.level is Level.BAD and not words.remedy] == []
    assert [code for code, words in WORDS.items() if words.level is Level.OK and words.remedy] == []
    for words in WORDS.values():
        assert words.sentence.endswith(".")


async def test_a_remedy_names_nothing_that_its_sentence_was_not_given() -> None:
    for words in WORDS.values():
        fields = {name for _, name, _, _ in string.Formatter().parse(words.sentence + words.remedy) if name}
        numbers = dict.fromkeys(fields, 1.0)
        assert "{" not in words.sentence.format(**numbers)


async def test_data_says_the_same_as_the_text() -> None:
    found = [Finding(Code.PUSH_OFF), Finding(Code.PUSH_KEY_BROKEN)]
    data = as_data(found)
    assert data["ok"] is False
    assert isinstance(data["findings"], list)
    for row in data["findings"]:
        assert row["sentence"] in as_text(found)
        assert row["remedy"] in as_text(found)
