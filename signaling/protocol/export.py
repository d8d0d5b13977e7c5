"""Write down the wire for everybody who does not read Python: schema, TypeScript, the table in PROTOCOL.md, texts.

What it is for: `python -m signaling.protocol.export` after every change of the wire; with `--check` it changes
nothing and says what is out of date, for the build. What it does not do: decide what the wire is; see `messages`.

The schema describes what is *sent*: every key is present, those with a default too. A receiver is more forgiving
than that (see PROTOCOL.md). TypeScript is made from the schema by `staff_console/web/tools/types.mjs`. What is said
about a kiosk's health goes to the console as it is, so that the page and the mails say the same.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from signaling.protocol import health_texts, vocabulary
from signaling.protocol.admin import ADMIN_MODELS
from signaling.protocol.messages import KEYED_FIELDS, MESSAGES, Ack, Direction, KioskHello, MessageSpec, StaffHello

SCHEMA_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
TABLE_BEGIN: Final = "<!-- messages: begin (written by signaling.protocol.export) -->"
TABLE_END: Final = "<!-- messages: end -->"

_HERE: Final = Path(__file__).parent
SCHEMA_FILE: Final = _HERE / "schema.json"
DOCUMENT_FILE: Final = _HERE / "PROTOCOL.md"
WEB_FOLDER: Final = _HERE.parent.parent / "staff_console" / "web"
HEALTH_FILE: Final = WEB_FOLDER / "src" / "protocol" / "health.json"

_WAYS: Final = {
    Direction.KIOSK_TO_SERVER: "kiosk → server",
    Direction.STAFF_TO_SERVER: "console → server",
    Direction.SERVER_TO_KIOSK: "server → kiosk",
    Direction.SERVER_TO_STAFF: "server → console",
}


def schema_text() -> str:
    """The JSON Schema of every message and form, with the table of messages and the constants, as the file's text."""
    document = {
        "$schema": SCHEMA_DIALECT,
        "title": "Librarian on Demand: the wire",
        "$comment": "Written by signaling.protocol.export; do not edit.",
        "x-constants": constants(),
        "x-keyed-fields": sorted(KEYED_FIELDS),
        "x-messages": {spec.name: _row(spec) for spec in MESSAGES.values()},
        "$defs": _definitions(),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def health_text() -> str:
    """What is said about each finding in each language, as the file's text."""
    return json.dumps(health_texts.document(), indent=2, ensure_ascii=False) + "\n"


def constants() -> dict[str, int | str]:
    """The plain constants of the vocabulary: versions, namespaces, signature contexts, limits."""
    return {name: value for name, value in vars(vocabulary).items() if name.isupper() and isinstance(value, int | str)}


def table_text() -> str:
    """The table of all messages, in Markdown."""
    lines = ["| message | who → whom | payload | reply | why |", "| --- | --- | --- | --- | --- |"]
    for spec in MESSAGES.values():
        ways = ", ".join(_WAYS[way] for way in Direction if way in spec.directions)
        reply = f"`{spec.reply.__name__}`" if spec.reply else "none"
        lines.append(f"| `{spec.name}` | {ways} | `{spec.payload.__name__}` | {reply} | {spec.why} |")
    return "\n".join(lines)


def document_text(current: str) -> str:
    """PROTOCOL.md with its table made anew.

    Args:
        current: The text as it stands, with both markers in it.

    Raises:
        ValueError: A marker is missing.
    """
    head, begin, rest = current.partition(TABLE_BEGIN)
    _, end, tail = rest.partition(TABLE_END)
    if not (begin and end):
        raise ValueError("PROTOCOL.md has lost the markers around its table of messages")
    return f"{head}{begin}\n{table_text()}\n{end}{tail}"


def outdated(
    schema_file: Path = SCHEMA_FILE, document_file: Path = DOCUMENT_FILE, health_file: Path = HEALTH_FILE
) -> list[Path]:
    """The written files that do not say what the code says."""
    wanted = {schema_file: schema_text(), health_file: health_text()}
    stale = [file for file, text in wanted.items() if not file.exists() or file.read_text("utf-8") != text]
    document = document_file.read_text("utf-8")
    if document != document_text(document):
        stale.append(document_file)
    return stale


def write(
    schema_file: Path = SCHEMA_FILE, document_file: Path = DOCUMENT_FILE, health_file: Path = HEALTH_FILE
) -> None:
    """Write schema, table and texts."""
    schema_file.write_text(schema_text(), "utf-8")
    health_file.write_text(health_text(), "utf-8")
    document_file.write_text(document_text(document_file.read_text("utf-8")), "utf-8")


def typescript(*, check: bool) -> int:
    """Make the console's TypeScript from the schema, or check it; the exit status of the tool."""
    tool = ["node", "tools/types.mjs", *(["--check"] if check else [])]
    return subprocess.run(tool, cwd=WEB_FOLDER, check=False).returncode


def main(arguments: Sequence[str]) -> int:
    """The command; see the module's first lines."""
    if [argument for argument in arguments if argument != "--check"]:
        print("usage: python -m signaling.protocol.export [--check]", file=sys.stderr)
        return 2
    check = "--check" in arguments
    if not check:
        write()
        return typescript(check=False)
    stale = outdated()
    for path in stale:
        print(f"{path.name} is out of date: run  python -m signaling.protocol.export", file=sys.stderr)
    return typescript(check=True) or int(bool(stale))


class _AsSent(GenerateJsonSchema):
    """Every key that we send is there, and only types carry titles (a title on a key would become a type)."""

    def field_is_required(
        self,
        field: core_schema.ModelField | core_schema.DataclassField | core_schema.TypedDictField,
        total: bool,
    ) -> bool:
        del field, total
        return True

    def field_title_should_be_set(self, schema: object) -> bool:
        del schema
        return False

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        # What is always there needs no default; and a default beside a reference would become a type of its own.
        return self.generate_inner(schema["schema"])


def _definitions() -> dict[str, object]:
    models: set[type[BaseModel]] = {KioskHello, StaffHello, Ack, *ADMIN_MODELS}
    for spec in MESSAGES.values():
        models.add(spec.payload)
        if spec.reply is not None:
            models.add(spec.reply)
    ordered = sorted(models, key=lambda model: model.__name__)
    _, schema = models_json_schema([(model, "serialization") for model in ordered], schema_generator=_AsSent)
    definitions = schema["$defs"]
    return {name: definitions[name] for name in sorted(definitions)}


def _row(spec: MessageSpec) -> dict[str, object]:
    return {
        "payload": spec.payload.__name__,
        "reply": spec.reply.__name__ if spec.reply else None,
        "directions": [way.value for way in Direction if way in spec.directions],
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
