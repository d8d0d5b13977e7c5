"""What a kiosk keeps of itself on its disk, its PIN, its plugs, and its place in the installation."""

from __future__ import annotations

import base64
import hashlib
import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.adapters.audio.devices import DeviceInfo
from kiosk.adapters.kept_file import boot_id, load_kept, save_kept
from kiosk.adapters.pin import check_pin
from kiosk.adapters.place import LINES_KEPT, LOG_FILE, Installation, LogLines
from kiosk.adapters.plugged import PluggedDevices
from kiosk.core.care import DeviceKind
from kiosk.core.care_ports import LogSaved
from kiosk.core.kept import Choices, Kept
from kiosk.core.menu import Tries
from kiosk.core.orders import Outcome
from signaling.adapters.auth.pins import hash_pin
from signaling.protocol.health import OrderFault, OrderState
from signaling.protocol.vocabulary import LensSide

KEPT = Kept(
    boot="b1",
    ended=False,
    restarts=(1.5, 2.5),
    touched_at_s=3.5,
    orders={"o1": Outcome(OrderState.FAILED, OrderFault.IN_A_VISIT), "o2": Outcome(OrderState.TAKEN)},
    choices=Choices({DeviceKind.CAMERA: "/dev/video2"}, LensSide.LEFT, LensSide.TOP, 151, 140),
    tries=Tries(3, 2, 1_772_618_400.5),
)
PIN = "271828"


# --- kept -------------------------------------------------------------------------------------------------


def test_what_was_kept_is_known_again_and_nobody_else_s_to_read(tmp_path: Path) -> None:
    path = tmp_path / "care.json"
    save_kept(path, KEPT)
    assert load_kept(path) == KEPT
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_kiosk_has_kept_nothing(tmp_path: Path) -> None:
    assert load_kept(tmp_path / "care.json") == Kept()


@pytest.mark.parametrize("content", ["", "{", '{"orders": 7}', "\0"])
@pytest.mark.expected_log("kept_file_not_read")
def test_a_broken_file_is_no_reason_not_to_start(tmp_path: Path, content: str) -> None:
    path = tmp_path / "care.json"
    path.write_text(content)
    assert load_kept(path) == Kept()


@pytest.mark.expected_log("kept_file_not_written")
def test_a_disk_that_takes_nothing_stops_no_kiosk(tmp_path: Path) -> None:
    save_kept(tmp_path / "gone" / "care.json", KEPT)


def test_each_start_of_the_machine_has_its_own_id(tmp_path: Path) -> None:
    (tmp_path / "boot_id").write_text("a-b-c\n")
    assert boot_id(tmp_path / "boot_id") == "a-b-c"
    assert boot_id(tmp_path / "gone") == ""


# --- the PIN ----------------------------------------------------------------------------------------------


def hashed(pin: str, n: int = 2**14) -> str:
    salt = b"sixteen bytes...."
    found = hashlib.scrypt(pin.encode(), salt=salt, n=n, r=8, p=1, maxmem=2**26)
    return "$".join(("scrypt", str(n), "8", "1", base64.b64encode(salt).decode(), base64.b64encode(found).decode()))


def test_the_right_pin_opens_and_another_does_not() -> None:
    assert check_pin(PIN, hashed(PIN))
    assert not check_pin("271829", hashed(PIN))
    assert not check_pin("", hashed(PIN))


async def test_a_pin_that_the_server_hashed_opens() -> None:
    assert check_pin(PIN, await hash_pin(PIN))
    assert not check_pin("271829", await hash_pin(PIN))


@pytest.mark.parametrize("text", ["", "271828", "bcrypt$1$2$3$4$5", "scrypt$1$2$3"])
def test_what_is_no_hash_of_ours_opens_nothing(text: str) -> None:
    assert not check_pin(PIN, text)


@pytest.mark.parametrize(
    "text",
    ["scrypt$x$8$1$c2FsdA==$aGFzaA==", "scrypt$3$8$1$c2FsdA==$aGFzaA==", "scrypt$16384$8$1$?$?"],
)
@pytest.mark.expected_log("pin_hash_not_understood")
def test_a_hash_that_makes_no_sense_opens_nothing_and_is_told(text: str) -> None:
    assert not check_pin(PIN, text)


def test_an_empty_hash_opens_nothing() -> None:
    assert not check_pin(PIN, "scrypt$16384$8$1$c2FsdA==$")


# --- plugs ------------------------------------------------------------------------------------------------


class Listed:
    """PortAudio, as far as it lists."""

    def __init__(self, *devices: DeviceInfo) -> None:
        self.listed = devices

    def devices(self) -> tuple[DeviceInfo, ...]:
        if not self.listed:
            raise OSError("no sound at all")
        return self.listed


def plugs(tmp_path: Path, *devices: DeviceInfo) -> PluggedDevices:
    return PluggedDevices(Listed(*devices), cameras=tmp_path / "video4linux", cards=tmp_path / "cards")  # type: ignore[arg-type]  # a fake


def camera(tmp_path: Path, name: str, index: str) -> None:
    folder = tmp_path / "video4linux" / name
    folder.mkdir(parents=True)
    (folder / "index").write_text(index)


def test_a_camera_is_listed_once_and_sound_devices_by_what_they_do(tmp_path: Path) -> None:
    for name, index in (("video10", "0\n"), ("video2", "0\n"), ("video3", "1\n"), ("video4", "what\n")):
        camera(tmp_path, name, index)
    headset = DeviceInfo(0, "Headset", hears=True, sounds=True)
    speakers = DeviceInfo(1, "Speakers", hears=False, sounds=True)
    listed = plugs(tmp_path, headset, speakers, headset)
    assert listed.names(DeviceKind.CAMERA) == ("/dev/video2", "/dev/video4", "/dev/video10")
    assert listed.names(DeviceKind.MICROPHONE) == ("Headset",)
    assert listed.names(DeviceKind.LOUDSPEAKER) == ("Headset", "Speakers")


@pytest.mark.expected_log("devices_not_listed")
def test_a_machine_without_devices_lists_none(tmp_path: Path) -> None:
    assert plugs(tmp_path).names(DeviceKind.CAMERA) == ()
    assert plugs(tmp_path).names(DeviceKind.MICROPHONE) == ()
    assert plugs(tmp_path).plugged() == frozenset()


def test_a_plug_that_comes_is_seen_without_touching_a_device(tmp_path: Path) -> None:
    (tmp_path / "cards").write_text(" 0 [PCH]: HDA-Intel\n")
    before = plugs(tmp_path).plugged()
    camera(tmp_path, "video0", "0")
    assert plugs(tmp_path).plugged() - before == {"video0"}


# --- the place --------------------------------------------------------------------------------------------


def place(tmp_path: Path, lines: LogLines | None = None, *sticks: Path) -> Installation:
    state, environment = tmp_path / "state", tmp_path / "home" / "a"
    state.mkdir(exist_ok=True)
    environment.mkdir(parents=True, exist_ok=True)
    return Installation(
        state,
        facts=(("fact_version", "1.0"),),
        addresses=lambda: frozenset({"192.0.2.9", "192.0.2.1"}),
        lines=lines or LogLines(),
        now=lambda: datetime(2026, 3, 4, 10, tzinfo=UTC),
        environment=environment,
        sticks=sticks,
    )


def test_the_facts_are_told_with_the_machine_s_own(tmp_path: Path) -> None:
    facts = dict(place(tmp_path).facts())
    assert (facts["fact_version"], facts["fact_addresses"]) == ("1.0", "192.0.2.1, 192.0.2.9")
    assert set(facts) == {"fact_version", "fact_addresses", "fact_machine"}


def test_the_version_that_is_asked_for_lies_where_the_updater_looks(tmp_path: Path) -> None:
    here, path = place(tmp_path), tmp_path / "state" / "wanted-version"
    here.want("2.0")
    assert path.read_text() == "2.0\n"
    here.want("")
    here.want("")
    assert not path.exists()


@pytest.mark.expected_log("wanted_version_not_written")
def test_a_full_disk_is_no_end(tmp_path: Path) -> None:
    here = place(tmp_path)
    (tmp_path / "state").rmdir()
    here.want("2.0")


def test_a_version_has_failed_when_the_updater_says_so_of_it(tmp_path: Path) -> None:
    here = place(tmp_path)
    told = tmp_path / "home" / "update.json"
    assert not here.refused("2.0")
    told.write_text(json.dumps({"wanted": "2.0", "state": "failed"}))
    assert here.refused("2.0")
    assert not here.refused("2.1")
    told.write_text(json.dumps({"wanted": "2.0", "state": "installing"}))
    assert not here.refused("2.0")
    told.write_text("[]")
    assert not here.refused("2.0")


def test_the_log_goes_to_a_stick_and_without_one_to_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = LogLines()
    for number in range(LINES_KEPT + 1):
        assert lines(None, "info", {"event": "link_up", "number": number})["number"] == number
    stick = tmp_path / "media" / "caretaker" / "STICK"
    stick.mkdir(parents=True)
    here = place(tmp_path, lines, tmp_path / "media")
    assert here.export_log() is LogSaved.MACHINE  # a folder that nothing is mounted on is no stick
    monkeypatch.setattr(Path, "is_mount", lambda path: path == stick)
    assert here.export_log() is LogSaved.STICK
    for path in (stick / "kiosk-log-20260304-100000.jsonl", tmp_path / "state" / LOG_FILE):
        saved = path.read_text().splitlines()
        assert [json.loads(line)["number"] for line in (saved[0], saved[-1])] == [1, LINES_KEPT]


def test_a_stick_that_takes_nothing_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = place(tmp_path, None, tmp_path / "media")
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "a-file").write_text("")
    monkeypatch.setattr(Path, "is_mount", lambda path: True)
    assert here.export_log() is LogSaved.MACHINE


def test_a_log_that_nothing_takes_is_told(tmp_path: Path) -> None:
    here = place(tmp_path, None, tmp_path / "media")
    (tmp_path / "state" / LOG_FILE).mkdir()
    assert here.export_log() is LogSaved.NOWHERE
