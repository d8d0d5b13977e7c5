"""What a kiosk keeps of its branch: whole or not at all, and nothing of any person."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.adapters.branch_file import load_known, save_known
from kiosk.core.care import Settings
from kiosk.core.facts import Known
from kiosk.core.snapshot import AnswerCard, BranchFacts
from signaling.protocol.vocabulary import CardId, Language, LensSide
from tests.support.logs import ExpectLog

KNOWN = Known(
    BranchFacts(
        "Norrbibliotek",
        "Burträsk",
        "0914-123 45",
        "113",
        (AnswerCard(CardId("wifi"), {Language.SV: "Trådlöst nät"}, {Language.SV: "Välj Burträsk gäst."}),),
    ),
    "Europe/Stockholm",
    Language.NB,
)


def test_what_was_kept_is_known_again(tmp_path: Path) -> None:
    save_known(tmp_path / "branch.json", KNOWN)
    assert load_known(tmp_path / "branch.json") == KNOWN


def test_settings_and_lock_hold_without_network_too(tmp_path: Path) -> None:
    settings = Settings(
        lens_side=LensSide.RIGHT,
        camera_height_cm=140,
        closed_brightness_percent=0,
        week=(((540, 1020),), (), ((540, 720), (780, 1020))),
        pin_hash="scrypt$1$2$3$4$5",
        version="1.2",
    )
    known = replace(KNOWN, kiosk_id="k1", kiosk_name="Entrén", settings=settings, lock={Language.SV: "Vi flyttar."})
    save_known(tmp_path / "branch.json", known)
    assert load_known(tmp_path / "branch.json") == known


def test_a_file_of_an_older_program_gets_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "branch.json"
    save_known(path, KNOWN)
    kept = json.loads(path.read_text("utf-8"))
    for name in ("kiosk_id", "kiosk_name", "settings", "lock"):
        del kept[name]
    path.write_text(json.dumps(kept))
    assert load_known(path) == KNOWN


def test_the_newest_replaces_the_older_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    newer = replace(KNOWN, branch=BranchFacts("Norrbibliotek", "Robertsfors"))
    save_known(tmp_path / "branch.json", KNOWN)
    save_known(tmp_path / "branch.json", newer)
    assert load_known(tmp_path / "branch.json") == newer
    assert [path.name for path in tmp_path.iterdir()] == ["branch.json"]


def test_a_new_kiosk_knows_nothing(tmp_path: Path) -> None:
    assert load_known(tmp_path / "branch.json") is None


def test_only_facts_of_the_place_are_on_the_disk(tmp_path: Path) -> None:
    save_known(tmp_path / "branch.json", KNOWN)
    kept = json.loads((tmp_path / "branch.json").read_text("utf-8"))
    assert set(kept) == {
        "library_name",
        "branch_name",
        "phone",
        "urgent_number",
        "time_zone",
        "default_language",
        "cards",
        "kiosk_id",
        "kiosk_name",
        "settings",
        "lock",
    }


@pytest.mark.parametrize("text", ["", "{", '{"branch_name": "x"}', "[]"])
def test_a_broken_file_is_nothing_known_and_is_said(tmp_path: Path, text: str, expected_log: ExpectLog) -> None:
    (tmp_path / "branch.json").write_text(text, "utf-8")
    expected_log("branch_file_not_read")
    assert load_known(tmp_path / "branch.json") is None


def test_a_disk_that_takes_nothing_is_said_and_stops_nothing(tmp_path: Path, expected_log: ExpectLog) -> None:
    expected_log("branch_file_not_written")
    save_known(tmp_path / "gone" / "branch.json", KNOWN)
    assert load_known(tmp_path / "gone" / "branch.json") is None
