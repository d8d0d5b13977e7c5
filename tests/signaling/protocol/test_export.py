"""What is written down of the wire agrees with the code: schema, table, TypeScript, prose."""

from __future__ import annotations

import json
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from signaling.protocol import export, vocabulary
from signaling.protocol.errors import ErrorCode
from signaling.protocol.messages import KEYED_FIELDS, MESSAGES

DOCUMENT = export.DOCUMENT_FILE.read_text("utf-8")


@pytest.fixture
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Schema and document in a folder of their own, which the command then writes to."""
    schema, document, health = tmp_path / "schema.json", tmp_path / "PROTOCOL.md", tmp_path / "health.json"
    shutil.copy(export.SCHEMA_FILE, schema)
    shutil.copy(export.DOCUMENT_FILE, document)
    shutil.copy(export.HEALTH_FILE, health)
    monkeypatch.setattr(export.outdated, "__defaults__", (schema, document, health))
    monkeypatch.setattr(export.write, "__defaults__", (schema, document, health))
    return schema, document


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that would make TypeScript; nothing is run."""
    commands: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        commands.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", run)
    return commands


def test_what_is_written_down_is_up_to_date() -> None:
    assert export.outdated() == []
    assert export.main(["--check"]) == 0, "the TypeScript is out of date"


def test_the_command_checks_when_it_is_asked_to(monkeypatch: pytest.MonkeyPatch, tool: list[list[str]]) -> None:
    monkeypatch.setattr(sys, "argv", ["export", "--check"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(Path(export.__file__)), run_name="__main__")
    assert ended.value.code == 0
    assert tool == [["node", "tools/types.mjs", "--check"]]


def test_a_schema_that_is_out_of_date_is_named_and_left_alone(
    copies: tuple[Path, Path], tool: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    schema, document = copies
    schema.write_text("{}", "utf-8")
    document.write_text(DOCUMENT.replace("`visit.open`", "`visit.opened`"), "utf-8")
    assert export.main(["--check"]) == 1
    assert "schema.json is out of date" in capsys.readouterr().err
    assert export.outdated() == [schema, document]
    assert schema.read_text("utf-8") == "{}"


def test_a_schema_that_was_never_written_is_out_of_date(copies: tuple[Path, Path]) -> None:
    copies[0].unlink()
    assert export.outdated() == [copies[0]]


def test_texts_that_are_out_of_date_are_named_and_written_anew(
    copies: tuple[Path, Path], tool: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    texts = copies[0].with_name("health.json")
    texts.write_text("{}\n", "utf-8")
    assert export.main(["--check"]) == 1
    assert "health.json is out of date" in capsys.readouterr().err
    assert export.main([]) == 0
    assert texts.read_text("utf-8") == export.HEALTH_FILE.read_text("utf-8")


def test_without_check_everything_is_written_anew(copies: tuple[Path, Path], tool: list[list[str]]) -> None:
    schema, document = copies
    schema.unlink()
    document.write_text(f"# The wire\n{export.TABLE_BEGIN}\nold\n{export.TABLE_END}\nend\n", "utf-8")
    assert export.main([]) == 0
    assert export.outdated() == []
    assert "| `visit.open` |" in document.read_text("utf-8")
    assert document.read_text("utf-8").endswith("\nend\n")
    assert tool == [["node", "tools/types.mjs"]]


def test_an_argument_that_is_unknown_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert export.main(["--chekc"]) == 2
    assert "usage" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", export.TABLE_BEGIN, f"{export.TABLE_END}{export.TABLE_BEGIN}"])
def test_a_document_without_its_markers_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="markers"):
        export.document_text(text)


def test_the_schema_speaks_of_every_message_with_every_key_required() -> None:
    schema = json.loads(export.schema_text())
    assert set(schema["x-messages"]) == set(MESSAGES)
    assert schema["x-keyed-fields"] == sorted(KEYED_FIELDS)
    for spec in MESSAGES.values():
        definition = schema["$defs"][spec.payload.__name__]
        assert definition.get("required", []) == list(spec.payload.model_fields)


def test_the_schema_carries_the_plain_constants_and_nothing_else() -> None:
    constants = export.constants()
    assert constants["PROTOCOL_VERSION"] == vocabulary.PROTOCOL_VERSION
    assert all(isinstance(value, int | str) for value in constants.values())


def test_every_error_code_is_explained_once() -> None:
    section = DOCUMENT.split("### Error codes")[1].split("\n## ")[0]
    explained = re.findall(r"^\| `([a-z_]+)` \|", section, re.MULTILINE)
    assert sorted(explained) == sorted(code.value for code in ErrorCode)


def test_the_limits_in_the_text_are_those_in_the_code() -> None:
    constants = export.constants()
    stated = {
        name: int(number.replace(",", ""))
        for name, number in re.findall(r"`(MAX_\w+|MESSAGES_\w+|FLOOD_LIMIT)` = ([\d,]+)", DOCUMENT)
    }
    assert stated == {name: value for name, value in constants.items() if isinstance(value, int) and name in stated}
    limits = {name for name in constants if name.startswith(("MAX_", "MESSAGES_", "FLOOD_"))}
    assert stated.keys() == limits
