"""The wire takes what it should and refuses the rest: bounds, kinds, unknown keys, defaults."""

from __future__ import annotations

import inspect
import re

import pytest
from pydantic import BaseModel, ValidationError

from signaling.protocol import messages as m
from signaling.protocol import vocabulary as v
from signaling.protocol.errors import ErrorCode, WireError
from signaling.protocol.messages import table

MODELS = [
    model
    for _, model in inspect.getmembers(m, inspect.isclass)
    if issubclass(model, m.Message) and model is not m.Message
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_message_cannot_be_changed_after_it_was_made(model: type[BaseModel]) -> None:
    assert model.model_config["frozen"] is True


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_message_says_what_it_is_for(model: type[BaseModel]) -> None:
    assert model.__doc__
    assert model.__doc__ != m.Message.__doc__


@pytest.mark.parametrize("spec", m.MESSAGES.values(), ids=lambda spec: spec.name)
def test_a_row_of_the_table_is_whole(spec: m.MessageSpec) -> None:
    assert re.fullmatch(r"[a-z]+(\.[a-z_]+)?", spec.name)
    assert spec.directions
    assert spec.why
    from_client = spec.directions & {m.Direction.KIOSK_TO_SERVER, m.Direction.STAFF_TO_SERVER}
    assert (spec.reply is not None) == bool(from_client), "whatever a client sends is answered, nothing else is"


def test_no_name_stands_twice_in_the_table() -> None:
    assert len({spec.name for spec in table._ROWS}) == len(table._ROWS)


def test_what_one_end_says_to_the_others_leaves_the_server_as_it_came() -> None:
    kiosk, staff = m.Direction.KIOSK_TO_SERVER, m.Direction.STAFF_TO_SERVER
    to_kiosk, to_staff = m.Direction.SERVER_TO_KIOSK, m.Direction.SERVER_TO_STAFF
    heard_by = {
        "call.offer": {kiosk, staff, to_staff},  # a kiosk offers always; between two seats one of them does
        "call.answer": {staff, to_kiosk, to_staff},
        "call.candidate": {kiosk, staff, to_kiosk, to_staff},
        "call.media": {kiosk, staff, to_kiosk, to_staff},
        "text.draft": {kiosk, staff, to_kiosk, to_staff},
        "text.history": {kiosk, to_staff},
    }
    for name, directions in heard_by.items():
        assert m.MESSAGES[name].directions == directions, name


@pytest.mark.parametrize("text", ["", "a" * (v.MAX_ID_CHARS + 1), "a b", "å", "../x", "a\n"])
def test_an_id_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        m.VisitRef(visit_id=text)


@pytest.mark.parametrize("text", ["a", "A-z_9", "a" * v.MAX_ID_CHARS])
def test_an_id_within_bounds_is_taken(text: str) -> None:
    assert m.VisitRef(visit_id=text).visit_id == text


def test_a_typed_line_has_an_end() -> None:
    longest = "å" * v.MAX_TEXT_CHARS
    assert m.TextDraft(visit_id="v", entry=1, text=longest).text == longest
    with pytest.raises(ValidationError):
        m.TextDraft(visit_id="v", entry=1, text=longest + "å")


def test_a_history_has_an_end() -> None:
    lines = tuple(m.TextDraft(visit_id="v", entry=n, text="x") for n in range(1, v.MAX_TEXT_ENTRIES + 2))
    assert len(m.TextHistory(visit_id="v", entries=lines[:-1]).entries) == v.MAX_TEXT_ENTRIES
    with pytest.raises(ValidationError):
        m.TextHistory(visit_id="v", entries=lines)


def test_the_largest_session_description_fits_into_a_message() -> None:
    assert v.MAX_SDP_CHARS < v.MAX_MESSAGE_BYTES
    with pytest.raises(ValidationError):
        m.CallAnswer(visit_id="v", generation=1, sdp="x" * (v.MAX_SDP_CHARS + 1))


@pytest.mark.parametrize("generation", [0, -1, 1_000_001])
def test_a_generation_that_is_none_is_refused(generation: int) -> None:
    with pytest.raises(ValidationError):
        m.CallRef(visit_id="v", generation=generation)


@pytest.mark.parametrize("score", [0, 4, -1])
def test_there_are_three_faces_and_no_fourth(score: int) -> None:
    with pytest.raises(ValidationError):
        m.VisitFeedback.model_validate({"visit_id": "v", "score": score})


def test_an_unknown_key_is_passed_over_and_a_missing_one_takes_its_default() -> None:
    draft = m.TextDraft.model_validate({"visit_id": "v", "entry": 1, "text": "hej", "colour": "green"})
    assert draft == m.TextDraft(visit_id="v", entry=1, text="hej", done=False, author=v.Party.VISITOR, sender="kiosk")


def test_an_unknown_word_of_the_vocabulary_is_refused() -> None:
    with pytest.raises(ValidationError):
        m.VisitOpen.model_validate({"request_id": "r", "service_id": "s", "language": "fi"})


def test_the_server_understands_this_version_and_the_one_before() -> None:
    assert v.OLDEST_PROTOCOL_VERSION in {v.PROTOCOL_VERSION, v.PROTOCOL_VERSION - 1}
    assert v.OLDEST_PROTOCOL_VERSION >= 1


def test_signatures_for_different_purposes_cannot_stand_for_each_other() -> None:
    contexts = [value for name, value in vars(v).items() if name.endswith("_SIGNATURE_CONTEXT")]
    assert len(contexts) == len(set(contexts)) == 2


def test_an_error_carries_its_code_and_values_and_no_sentence() -> None:
    error = WireError(ErrorCode.TAKEN, {"winner": "Anna"})
    assert (error.code, error.data, str(error)) == (ErrorCode.TAKEN, {"winner": "Anna"}, "taken")
    assert WireError(ErrorCode.INTERNAL).data == {}
    assert m.Refusal(code=error.code, data=error.data).model_dump(mode="json") == {
        "code": "taken",
        "data": {"winner": "Anna"},
    }
