"""Settings: where they come from, and what stops the start."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from signaling.adapters.notify.keys import new_keys, settings_text
from signaling.adapters.notify.ways import mail_sender, web_push
from signaling.config import ConfigError, load
from signaling.config.load import known_settings, variable
from signaling.config.settings import MailTls
from signaling.domain.alerts import Patience
from signaling.domain.policy import Policy
from signaling.protocol.health import LIGHT_TEST_EVERY_S


@pytest.fixture(autouse=True)
def bare_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without settings and an environment without ours."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("LIBRARIAN_")]:
        monkeypatch.delenv(name)


def written(text: str, name: str = "settings.toml") -> Path:
    path = Path(name)
    path.write_text(text, encoding="utf-8")
    return path


def refusal(text: str) -> str:
    with pytest.raises(ConfigError) as refused:
        load(written(text))
    assert "\n" not in str(refused.value)
    return str(refused.value)


# --- the definitions ----------------------------------------------------------------------------------------


def test_every_setting_has_a_default_and_a_reason() -> None:
    without = [key for key, field in known_settings().items() if field.is_required() or not field.description]
    assert without == []


def test_every_number_says_its_unit_or_what_it_counts() -> None:
    counts = {"server.port", "server.trusted_proxy_count", "mail.port"}
    numbers = [key for key, field in known_settings().items() if field.annotation in {int, float}]
    unclear = [
        key for key in numbers if key not in counts and not re.search(r"(_s|_bytes|_attempts|_per_minute)$", key)
    ]
    assert len(numbers) > 10
    assert unclear == []


def test_secrets_are_typed_as_secrets() -> None:
    telling = [key for key in known_settings() if re.search(r"secret|token|password|private_key|database\.url", key)]
    assert sorted(telling) == ["database.url", "mail.password", "metrics.token", "push.private_key", "turn.secret"]
    assert {known_settings()[key].annotation for key in telling} == {SecretStr}


def test_settings_do_not_change_once_loaded() -> None:
    settings = load().settings
    with pytest.raises(ValidationError):
        settings.server.port = 1  # type: ignore[misc]  # that it is refused is the point
    with pytest.raises(ValidationError):
        settings.server = settings.server  # type: ignore[misc]


def test_the_default_timeouts_are_those_of_the_rules() -> None:
    assert load().settings.timeouts.policy() == Policy()


def test_people_are_told_of_kiosks_when_the_rules_say_so_unless_another_time_is_set() -> None:
    assert load().settings.alerts.patience() == Patience()
    settings = load(written("[alerts]\nred_after_s = 1\namber_after_s = 2\nmended_after_s = 3\n")).settings
    red, amber, mended = timedelta(seconds=1), timedelta(seconds=2), timedelta(seconds=3)
    shared = red + timedelta(seconds=LIGHT_TEST_EVERY_S)
    assert settings.alerts.patience() == Patience(red, red, shared, amber, mended)


# --- where they come from -----------------------------------------------------------------------------------


def test_without_a_file_the_defaults_are_in_force() -> None:
    loaded = load()
    assert loaded.settings.server.port == 8080
    assert {row.source for row in loaded.in_force()} == {"default"}


def test_a_file_here_is_taken_by_itself() -> None:
    written("[server]\nport = 9000\n", "librarian.toml")
    loaded = load()
    assert (loaded.settings.server.port, loaded.source("server.port")) == (9000, "librarian.toml")


def test_the_environment_names_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIBRARIAN_CONFIG", str(written("[server]\nport = 9001\n", "other.toml")))
    assert load().settings.server.port == 9001


def test_the_environment_wins_over_the_file_key_by_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIBRARIAN_SERVER__PORT", "9002")
    loaded = load(written('[server]\nport = 9000\nhost = "0.0.0.0"\n'))
    assert (loaded.settings.server.port, loaded.settings.server.host) == (9002, "0.0.0.0")
    assert loaded.source("server.port") == "LIBRARIAN_SERVER__PORT"
    assert loaded.source("server.host") == "settings.toml"


@pytest.mark.parametrize(
    ("key", "text"),
    [("server.allowed_origins", "https://a.example, https://b.example"), ("turn.ttl_s", "60"), ("log.level", "debug")],
)
def test_every_kind_of_setting_can_come_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, key: str, text: str
) -> None:
    monkeypatch.setenv(variable(key), text)
    row = next(row for row in load().in_force() if row.key == key)
    assert (row.value, row.source) == (text, variable(key))


def test_variables_of_the_kiosk_program_are_no_business_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIBRARIAN_KIOSK_SERVER", "http://localhost:8080")
    assert load().settings.server.port == 8080


def test_secrets_are_hidden_in_what_is_shown() -> None:
    loaded = load(
        written(
            '[database]\nurl = "postgresql://librarian:s3cret@db.example.org/desk"\n'
            '[turn]\nurls = ["turn:t.example.org"]\nsecret = "s3cret"\n[metrics]\ntoken = "s3cret"\n'
        )
    )
    shown = {row.key: row.value for row in loaded.in_force()}
    assert "s3cret" not in repr(shown) + repr(loaded.settings)
    assert shown["database.url"] == "postgresql://librarian:(hidden)@db.example.org/desk"
    assert shown["turn.secret"] == shown["metrics.token"] == "(hidden)"


# --- what stops the start -----------------------------------------------------------------------------------


def test_an_unknown_key_is_named_with_file_near_miss_and_what_is_allowed() -> None:
    assert refusal("[server]\nprot = 1\n") == (
        "settings.toml: unknown key server.prot; did you mean server.port? "
        "The keys in [server] are: host, port, public_url, allowed_origins, trusted_proxy_count"
    )


def test_a_key_in_the_wrong_table_is_shown_its_place() -> None:
    assert "unknown key server.ring_timeout_s; did you mean timeouts.ring_timeout_s?" in refusal(
        "[server]\nring_timeout_s = 1\n"
    )
    assert "unknown key port; did you mean server.port?" in refusal("port = 1\n")


def test_an_unknown_table_is_named_with_those_that_there_are() -> None:
    text = refusal("[servr]\nport = 1\n")
    assert text.startswith("settings.toml: unknown key servr; did you mean server? The sections are: server, database")


def test_a_key_like_no_other_gets_no_suggestion() -> None:
    assert "unknown key server.zzzzzz. The keys in [server] are: host" in refusal("[server]\nzzzzzz = 1\n")


def test_an_unknown_variable_stops_the_start_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIBRARIAN_SERVER__PROT", "1")
    with pytest.raises(ConfigError, match="unknown key LIBRARIAN_SERVER__PROT; did you mean LIBRARIAN_SERVER__PORT"):
        load()
    monkeypatch.delenv("LIBRARIAN_SERVER__PROT")
    monkeypatch.setenv("LIBRARIAN_ELSEWHERE", "1")
    with pytest.raises(ConfigError, match=r"unknown key LIBRARIAN_ELSEWHERE\. .*LIBRARIAN_SERVER__…"):
        load()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[server]\nport = "many"\n', r"server\.port: .*whole number, 1 to 65535"),
        ("[server]\nport = 0\n", r"server\.port: .*whole number, 1 to 65535"),
        ("[timeouts]\nring_timeout_s = 0\n", r"timeouts\.ring_timeout_s: .*more than 0 to 86400"),
        ('[log]\nlevel = "loud"\n', r"log\.level: .*allowed: debug, info, warning, error"),
        ('[turn]\nrelay_only = "perhaps"\n', r"turn\.relay_only: .*allowed: true, false"),
        ('[turn]\nurls = ["turn:t.example.org"]\n', r"turn\.urls needs turn\.secret"),
        ('[turn]\nurls = ["stun:t.example.org"]\nsecret = "x"\n', "must begin with turn: or turns:"),
        ('[turn]\nurls = ["turn:t.example.org", "turns:t:x"]\nsecret = "x"\n', "'turns:t:x' is no address of a"),
        ('[turn]\nurls = ["turn:2001:db8::1"]\nsecret = "x"\n', "stands in square brackets"),
        ("[turn]\nrelay_only = true\n", r"turn\.relay_only needs turn\.urls"),
        ('[server]\npublic_url = "http://desk.example.org"\n', r"server\.public_url: must begin with https"),
        ('[server]\npublic_url = "desk.example.org"\n', r"server\.public_url: must be an address"),
        ('[server]\npublic_url = "https://desk.example.org/desk"\n', r"server\.public_url: .*without a path"),
        ("server = 3\n", r"server must be a table: write \[server\]"),
        ("[server\n", "is not TOML"),
    ],
)  # fmt: skip
def test_a_value_that_is_not_allowed_is_told_with_file_key_and_what_is(text: str, told: str) -> None:
    sentence = refusal(text)
    assert "settings.toml" in sentence
    assert re.search(told, sentence)


def test_a_refused_value_from_the_environment_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIBRARIAN_SERVER__PORT", "many")
    with pytest.raises(ConfigError, match=r"^LIBRARIAN_SERVER__PORT: server\.port: "):
        load(written('[server]\nhost = "0.0.0.0"\n'))


def test_a_refused_secret_is_not_repeated() -> None:
    assert "s3cret" not in refusal('[turn]\nsecret = ["s3cret"]\n')
    assert "s3cret" not in refusal('[turn]\nurls = ["nothing"]\nsecret = "s3cret"\n')


def test_a_refused_push_key_or_mail_password_is_not_repeated() -> None:
    assert "s3cret" not in refusal('[push]\nprivate_key = "s3cret"\n')
    assert "s3cret" not in refusal('[mail]\nhost = "mail.example.org"\npassword = "s3cret"\n')


def test_a_file_that_was_named_must_be_there_and_readable() -> None:
    with pytest.raises(ConfigError, match=r"^the settings file away\.toml does not exist$"):
        load(Path("away.toml"))
    with pytest.raises(ConfigError, match=r"^the settings file \. cannot be read: "):
        load(Path())
    Path("latin.toml").write_bytes('[server]\nhost = "ä"\n'.encode("latin-1"))
    with pytest.raises(ConfigError, match="is not written in UTF-8"):
        load(Path("latin.toml"))


# --- what follows from them ---------------------------------------------------------------------------------


def test_for_a_trial_the_server_is_reached_on_this_machine_by_either_name() -> None:
    server = load(written("[server]\nport = 9000\n")).settings.server
    assert server.url == "http://localhost:9000"
    assert server.origins == ("http://localhost:9000", "http://127.0.0.1:9000")
    assert not server.is_secure


def test_a_public_address_is_the_origin_beside_those_that_are_named() -> None:
    server = load(
        written('[server]\npublic_url = "https://desk.example.org/"\nallowed_origins = ["https://b.example"]\n')
    ).settings.server
    assert server.origins == ("https://desk.example.org", "https://b.example")
    assert server.is_secure


@pytest.mark.parametrize("address", ["http://127.0.0.1:9000", "http://[::1]:9000", "http://localhost"])
def test_plain_http_is_allowed_on_this_very_machine(address: str) -> None:
    server = load(written(f'[server]\npublic_url = "{address}"\n')).settings.server
    assert (server.url, server.origins, server.is_secure) == (address, (address,), False)


# --- reaching people ----------------------------------------------------------------------------------------


def test_without_mail_server_and_key_nobody_is_reached() -> None:
    settings = load().settings
    assert (mail_sender(settings.mail), web_push(settings.push)) == (None, None)


def test_the_lines_that_the_command_prints_are_settings_that_work() -> None:
    keys = new_keys()
    push = web_push(load(written(settings_text(keys))).settings.push)
    assert push is not None
    assert push.public_key == keys.public
    assert push.accepts("https://push.example.net/1")
    assert not push.accepts("https://10.0.0.1/1")


def test_a_mail_server_needs_little_more_than_its_name() -> None:
    mail = load(written('[mail]\nhost = "mail.example.org"\nsender = "library@example.org"\n')).settings.mail
    assert (mail.port, mail.tls, mail.user) == (587, MailTls.STARTTLS, "")
    assert mail_sender(mail) is not None


@pytest.mark.parametrize(
    ("text", "telling"),
    [
        ('[mail]\nhost = "mail.example.org"\n', "mail.host needs mail.sender"),
        ('[mail]\nhost = "mail.example.org"\nsender = "Norr"\n', "mail.host needs mail.sender"),
        (
            '[mail]\nhost = "mail.example.org"\nsender = "a@example.org"\ntls = "none"\nuser = "a"\n',
            "mail.user needs mail.tls",
        ),
        ('[mail]\ntls = "maybe"\n', "starttls, tls, none"),
        ('[push]\nprivate_key = "short"\n', "python -m signaling push keys"),
        (f'[push]\nprivate_key = "{"A" * 43}"\n', "push.private_key needs push.subject"),
        (f'[push]\nprivate_key = "{"A" * 43}"\nsubject = "Norr"\n', "push.private_key needs push.subject"),
    ],
)
def test_what_would_reach_nobody_stops_the_start_with_the_remedy(text: str, telling: str) -> None:
    assert telling in refusal(text)


def test_a_relay_on_this_machine_may_have_a_password_without_tls() -> None:
    text = '[mail]\nhost = "localhost"\nsender = "a@example.org"\ntls = "none"\nuser = "a"\npassword = "b"\n'
    assert load(written(text)).settings.mail.tls is MailTls.NONE
