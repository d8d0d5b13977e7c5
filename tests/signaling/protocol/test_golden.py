"""The golden messages and sequences say what both sides must read alike; vitest reads the same files."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from signaling.protocol import messages as m
from signaling.protocol.deltas import View, applied

GOLDEN = Path(__file__).parents[2] / "contract" / "golden"
MESSAGE_FILES = sorted((GOLDEN / "messages").glob("*.json"))
SEQUENCE_FILES = sorted((GOLDEN / "sequences").glob("*.json"))


@cache
def _read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def _examples(path: Path) -> list[tuple[type[BaseModel], Any]]:
    golden = _read(path)
    if golden["message"] is None:
        return [(getattr(m, name), example) for name, examples in golden["models"].items() for example in examples]
    spec = m.MESSAGES[golden["message"]]
    replies = [(spec.reply, example) for example in golden["replies"] if spec.reply is not None]
    return [*((spec.payload, example) for example in golden["payloads"]), *replies]


def test_every_message_has_golden_payloads_and_replies() -> None:
    golden = {_read(path)["message"]: _read(path) for path in MESSAGE_FILES}
    assert set(golden) - {None} == set(m.MESSAGES)
    for name, spec in m.MESSAGES.items():
        assert golden[name]["payloads"], name
        assert bool(golden[name]["replies"]) == (spec.reply is not None), name


@pytest.mark.parametrize("path", MESSAGE_FILES, ids=lambda path: path.stem)
def test_a_golden_message_is_read_and_written_again_without_a_change(path: Path) -> None:
    for model, example in _examples(path):
        assert model.model_validate(example).model_dump(mode="json") == example


@pytest.mark.parametrize("path", MESSAGE_FILES, ids=lambda path: path.stem)
def test_a_golden_message_from_a_newer_peer_is_read_too(path: Path) -> None:
    for model, example in _examples(path):
        newer = {**example, "a_key_of_tomorrow": [1, 2, 3]}
        assert model.model_validate(newer) == model.model_validate(example)


@pytest.mark.parametrize("path", SEQUENCE_FILES, ids=lambda path: path.stem)
def test_a_golden_snapshot_and_its_deltas_lead_to_the_expected_view(path: Path) -> None:
    golden = _read(path)
    model: type[BaseModel] = getattr(m, golden["model"])
    view: View = golden["view"]
    before = json.dumps(view)
    for step, raw in enumerate(golden["deltas"], start=1):
        delta = m.Delta.model_validate(raw)
        assert delta.revision == golden["revision"] + step
        view = applied(view, delta)
        model.model_validate(view)
    assert model.model_validate(view) == model.model_validate(golden["expected"])
    assert json.dumps(golden["view"]) == before, "the older view was changed"
