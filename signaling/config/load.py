"""Read the settings, say where each came from, and stop at the first that nobody can mean.

An unknown key stops the start: a slip of the pen must not look like a setting in force. What it does not do:
open, connect or create anything.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from annotated_types import Ge, Gt, Le
from pydantic import BaseModel, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import SettingsError

from signaling.config.settings import DELIMITER, PREFIX, Settings

DEFAULT_FILE: Final = Path("librarian.toml")
#: Names the file.
FILE_VARIABLE: Final = f"{PREFIX}CONFIG"
DEFAULT_SOURCE: Final = "default"
#: Variables with our prefix that are no settings: the file's, and those of the kiosk program.
_OTHERS: Final = (FILE_VARIABLE, f"{PREFIX}KIOSK_")


class ConfigError(Exception):
    """The settings cannot be used. The text is one clear sentence for whoever started the program."""


@dataclass(frozen=True, slots=True)
class InForce:
    """One setting as it is.

    Attributes:
        key: `section.key`.
        value: As text; secrets hidden.
        source: The file, the variable, or "default".
        reason: Why it exists.
    """

    key: str
    value: str
    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings, and where each that is not a default came from."""

    settings: Settings
    sources: Mapping[str, str]

    def in_force(self) -> Iterator[InForce]:
        """Every setting, in the order in which they are defined."""
        for key, field in known_settings().items():
            section, name = key.split(".")
            value = getattr(getattr(self.settings, section), name)
            yield InForce(key, _shown(value), self.source(key), field.description or "")

    def is_default(self, key: str) -> bool:
        """Whether nobody chose the value."""
        return key not in self.sources

    def source(self, key: str) -> str:
        """The file, the variable, or "default"."""
        return self.sources.get(key, DEFAULT_SOURCE)


def load(path: Path | None = None) -> Loaded:
    """Read the file and the environment.

    Args:
        path: The file; None takes the one named by LIBRARIAN_CONFIG, or `librarian.toml` if it is there.

    Raises:
        ConfigError: The file is missing or no TOML, a key is unknown, or a value is not allowed.
    """
    file = path or _file_from_environment()
    values = _read(file) if file is not None else {}
    sources = {key: str(file) for key in _keys_of_file(values, str(file))} | _keys_of_environment()
    try:
        settings = Settings(**values)
    except ValidationError as error:
        raise ConfigError(_sentence(error, sources)) from None
    except SettingsError as error:
        msg = f"the environment: {error}"
        raise ConfigError(msg) from None
    return Loaded(settings, sources)


def known_settings() -> dict[str, FieldInfo]:
    """Every `section.key` with its definition."""
    return {
        f"{section}.{key}": field
        for section, table in Settings.model_fields.items()
        if isinstance(table.annotation, type) and issubclass(table.annotation, BaseModel)
        for key, field in table.annotation.model_fields.items()
    }


def variable(key: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + key.replace(".", DELIMITER).upper()


def _file_from_environment() -> Path | None:
    named = os.environ.get(FILE_VARIABLE)
    if named:
        return Path(named)
    return DEFAULT_FILE if DEFAULT_FILE.exists() else None


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        msg = f"the settings file {file} does not exist"
    except OSError as error:
        msg = f"the settings file {file} cannot be read: {error.strerror}"
    except UnicodeDecodeError:
        msg = f"the settings file {file} is not written in UTF-8"
    except tomllib.TOMLDecodeError as error:
        msg = f"the settings file {file} is not TOML: {error}"
    raise ConfigError(msg)


def _keys_of_file(values: Mapping[str, Any], file: str) -> Iterator[str]:
    for section, table in values.items():
        if section not in Settings.model_fields:
            raise ConfigError(_unknown(file, section, list(Settings.model_fields), "sections"))
        if not isinstance(table, dict):
            msg = f"{file}: {section} must be a table: write [{section}] on a line of its own, its keys below"
            raise ConfigError(msg)
        for key in table:
            name = f"{section}.{key}"
            if name not in known_settings():
                raise ConfigError(_unknown(file, name, _keys_in(section), f"keys in [{section}]"))
            yield name


def _keys_of_environment() -> dict[str, str]:
    by_variable = {variable(key): key for key in known_settings()}
    found = {}
    for name in sorted(os.environ):
        if not name.upper().startswith(PREFIX) or name.upper().startswith(_OTHERS):
            continue
        key = by_variable.get(name.upper())
        if key is None:
            raise ConfigError(_unknown_variable(name, list(by_variable)))
        found[key] = name
    return found


def _keys_in(section: str) -> list[str]:
    return [key for key in known_settings() if key.startswith(f"{section}.")]


def _unknown(where: str, key: str, allowed: list[str], kind: str) -> str:
    own_name = key.rpartition(".")[2]
    # First the right name in the wrong table, or in none.
    near = [known for known in known_settings() if known.split(".")[1] == own_name]
    near = near or difflib.get_close_matches(key, allowed, n=1)
    names = ", ".join(name.rpartition(".")[2] for name in allowed)
    return f"{where}: unknown key {key}{_hint(near)} The {kind} are: {names}"


def _unknown_variable(name: str, allowed: list[str]) -> str:
    table = name.upper().partition(DELIMITER)[0] + DELIMITER
    beside = [known for known in allowed if known.startswith(table)]
    tables = sorted({known.partition(DELIMITER)[0] + DELIMITER + "…" for known in allowed})
    # Compared without the prefix, which would make all of them alike.
    bare = {known.removeprefix(PREFIX): known for known in allowed}
    near = difflib.get_close_matches(name.upper().removeprefix(PREFIX), bare, n=1)
    hint = _hint([bare[match] for match in near])
    return f"the environment: unknown key {name}{hint} The variables are: {', '.join(beside or tables)}"


def _hint(near: list[str]) -> str:
    return f"; did you mean {near[0]}?" if near else "."


def _sentence(error: ValidationError, sources: Mapping[str, str]) -> str:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    location = [str(part) for part in first["loc"]]
    key = ".".join(location[:2])
    inside = [source for name, source in sources.items() if name == key or name.startswith(f"{key}.")]
    where = inside[0] if inside else "the settings"
    problem = first["msg"].removeprefix("Value error, ")
    field = known_settings().get(key)
    allowed = _allowed(field) if field is not None else ""
    return f"{where}: {key}: {problem[:1].lower()}{problem[1:]}" + (f"; allowed: {allowed}" if allowed else "")


def _allowed(field: FieldInfo) -> str:
    kind = field.annotation
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return ", ".join(kind)
    if kind is bool:
        return "true, false"
    if kind in {int, float}:
        low = next((bound for rule in field.metadata for bound in _low(rule)), "any")
        high = next((rule.le for rule in field.metadata if isinstance(rule, Le)), "any")
        return f"a {'whole ' if kind is int else ''}number, {low} to {high}"
    return ""


def _low(rule: object) -> Iterator[str]:
    if isinstance(rule, Ge):
        yield str(rule.ge)
    elif isinstance(rule, Gt):
        yield f"more than {rule.gt}"


def _shown(value: object) -> str:
    if isinstance(value, SecretStr):
        return _without_password(value.get_secret_value())
    if isinstance(value, tuple):
        return ", ".join(value) or "(none)"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if value != "" else "(empty)"


def _without_password(secret: str) -> str:
    """An address without its password is no secret and worth seeing; anything else is hidden."""
    if not secret:
        return "(empty)"
    if secret.startswith("sqlite"):
        return secret
    head, at, tail = secret.rpartition("@")
    scheme, separator, user = head.partition("://")
    if at and separator:
        return f"{scheme}://{user.partition(':')[0]}:(hidden)@{tail}"
    return "(hidden)"
