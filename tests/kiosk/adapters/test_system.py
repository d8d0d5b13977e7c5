"""The machine under the kiosk, as far as it can be played by files, sockets and small programs."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.adapters.system import LocalMachine, Notifier, cpu_s, run_program
from signaling.protocol.health import OrderFault


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(5)
        yield listening


@pytest.fixture
def notifier(supervisor: socket.socket) -> Iterator[Notifier]:
    notifier = Notifier({"NOTIFY_SOCKET": supervisor.getsockname()})
    yield notifier
    notifier.close()


def machine(tmp_path: Path, notifier: Notifier | None = None) -> LocalMachine:
    programs, lamps = tmp_path / "bin", tmp_path / "backlight"
    programs.mkdir(exist_ok=True)
    return LocalMachine(notifier or Notifier({}), backlights=lamps, programs=str(programs))


def program(tmp_path: Path, name: str, script: str) -> None:
    path = tmp_path / "bin" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def lamp(tmp_path: Path, most: str = "4095") -> Path:
    folder = tmp_path / "backlight" / "panel"
    folder.mkdir(parents=True)
    (folder / "max_brightness").write_text(most)
    (folder / "brightness").write_text("7")
    return folder / "brightness"


# --- the supervisor ---------------------------------------------------------------------------------------


def test_the_supervisor_hears_the_words_of_sd_notify(
    tmp_path: Path, notifier: Notifier, supervisor: socket.socket
) -> None:
    kiosk = machine(tmp_path, notifier)
    kiosk.ready()
    kiosk.alive()
    kiosk.status(busy=True)
    kiosk.status(busy=False)
    heard = [supervisor.recv(100).decode() for _ in range(4)]
    assert heard == ["READY=1", "WATCHDOG=1", "STATUS=busy", "STATUS=idle"]


def test_a_name_without_a_file_is_a_supervisor_s_address_too() -> None:
    name = f"kiosk-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("\0" + name)
        listening.settimeout(5)
        notifier = Notifier({"NOTIFY_SOCKET": f"@{name}"})
        notifier.tell("READY=1")
        assert listening.recv(100) == b"READY=1"
        notifier.close()


def test_no_program_that_the_kiosk_starts_can_speak_for_it() -> None:
    environment = {"NOTIFY_SOCKET": "/nowhere", "LANG": "C"}
    Notifier(environment)
    assert environment == {"LANG": "C"}


def test_without_a_supervisor_or_with_one_that_is_gone_the_kiosk_goes_on(tmp_path: Path) -> None:
    Notifier({}).tell("READY=1")
    gone = Notifier({"NOTIFY_SOCKET": str(tmp_path / "gone")})
    gone.tell("WATCHDOG=1")
    gone.close()


# --- the machine ------------------------------------------------------------------------------------------


async def test_the_machine_is_restarted_by_the_system_s_own_program(tmp_path: Path) -> None:
    program(tmp_path, "systemctl", f'echo "$@" >{tmp_path}/asked')
    assert await machine(tmp_path).restart() is None
    assert (tmp_path / "asked").read_text().split()[-1] == "reboot"


@pytest.mark.parametrize(
    ("script", "fault"),
    [
        ("echo 'Call to Reboot failed: Access denied' >&2; exit 1", OrderFault.NOT_ALLOWED),
        ("echo 'Call to Reboot failed: Interactive authentication required.' >&2; exit 1", OrderFault.NOT_ALLOWED),
        ("echo 'System has not been booted with systemd' >&2; exit 1", OrderFault.BROKEN),
    ],
)
@pytest.mark.expected_log("machine_not_restarted")
async def test_a_machine_that_refuses_says_why(tmp_path: Path, script: str, fault: OrderFault) -> None:
    program(tmp_path, "systemctl", script)
    assert await machine(tmp_path).restart() is fault


@pytest.mark.expected_log("machine_not_restarted")
async def test_a_machine_without_systemd_cannot(tmp_path: Path) -> None:
    assert await machine(tmp_path).restart() is OrderFault.BROKEN


# --- light ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("percent", "steps"), [(100, 4095), (50, 2048), (1, 41), (0, 0)])
async def test_a_lamp_is_turned_in_its_own_steps(tmp_path: Path, percent: int, steps: int) -> None:
    brightness = lamp(tmp_path)
    assert await machine(tmp_path).brighten(percent)
    assert int(brightness.read_text()) == steps


async def test_little_light_is_not_none(tmp_path: Path) -> None:
    brightness = lamp(tmp_path, most="10")
    assert await machine(tmp_path).brighten(1)
    assert brightness.read_text() == "1"


async def test_a_lamp_that_cannot_be_understood_is_none(tmp_path: Path) -> None:
    lamp(tmp_path, most="a lot")
    assert not await machine(tmp_path).brighten(40)


async def test_without_a_lamp_the_output_is_turned_off_and_on_again(tmp_path: Path) -> None:
    program(tmp_path, "wlopm", f'echo "$@" >>{tmp_path}/asked')
    kiosk = machine(tmp_path)
    assert [await kiosk.brighten(percent) for percent in (80, 0, 30)] == [False, True, False]
    assert (tmp_path / "asked").read_text() == "--off *\n--on *\n"


RANDR = """if [ $# = 0 ]; then echo 'HDMI-A-1 "Somebody 24"'; echo '  Enabled: yes'; echo 'DP-2 "Other"'; else"""


async def test_without_wlopm_every_output_is_turned_by_wlr_randr(tmp_path: Path) -> None:
    program(tmp_path, "wlr-randr", f'{RANDR} echo "$@" >>{tmp_path}/asked; fi')
    assert await machine(tmp_path).brighten(0)
    assert (tmp_path / "asked").read_text() == "--output HDMI-A-1 --off\n--output DP-2 --off\n"


async def test_a_compositor_without_either_protocol_leaves_it_to_the_window(tmp_path: Path) -> None:
    program(tmp_path, "wlopm", "exit 1")
    program(tmp_path, "wlr-randr", "exit 1")
    assert not await machine(tmp_path).brighten(0)


@pytest.mark.expected_log("screen_stays_off")
async def test_an_output_that_does_not_come_back_is_tried_again(tmp_path: Path) -> None:
    program(tmp_path, "wlopm", f'echo "$@" >>{tmp_path}/asked; [ "$1" = --off ] || [ -e {tmp_path}/works ]')
    kiosk = machine(tmp_path)
    assert await kiosk.brighten(0)
    assert not await kiosk.brighten(80)
    (tmp_path / "works").touch()
    assert not await kiosk.brighten(90)  # it is on; how bright is the window's business
    assert (tmp_path / "asked").read_text() == "--off *\n--on *\n--on *\n"


async def test_where_nothing_can_be_turned_the_window_must_dim(tmp_path: Path) -> None:
    assert not await machine(tmp_path).brighten(0)


# --- programs ---------------------------------------------------------------------------------------------


async def test_a_program_that_hangs_is_ended(tmp_path: Path) -> None:
    program(tmp_path, "hangs", "exec sleep 60")
    ran = await run_program([str(tmp_path / "bin" / "hangs")], timeout_s=0.2)
    assert ran.code is None


async def test_a_program_that_is_not_there_has_not_run() -> None:
    assert (await run_program(["/nowhere/at-all"])).code is None


def test_processor_time_only_rises() -> None:
    before = cpu_s()
    assert sum(number * number for number in range(100_000)) > 0
    assert cpu_s() >= before > 0
