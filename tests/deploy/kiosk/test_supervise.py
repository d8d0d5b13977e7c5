"""The supervisor with real processes: what crashes comes back, what keeps crashing gives way to a steady screen."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.support.kiosk_site import LIB, KioskSite, listening, wait_for

#: Time enough on a busy machine for a program that plays to say a word.
PATIENT = {"start_s": 20.0, "still_s": 20.0}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[KioskSite]:
    made = KioskSite(tmp_path)
    yield made
    made.close()


def test_a_program_that_crashes_is_started_again(site: KioskSite) -> None:
    site.make_player("a")
    site.supervise(**PATIENT)
    wait_for(lambda: site.phase() == "ready", "the program is up")
    site.play("a", "crash_later")
    wait_for(lambda: len(site.starts()) > 1, "it was started again")
    site.play("a", "live")
    wait_for(lambda: site.phase() == "ready", "it is up again")
    assert site.starts("screen") == []


def test_a_program_that_ends_by_its_own_wish_is_started_again_and_it_is_no_fault(site: KioskSite) -> None:
    site.make_player("a")
    site.supervise(**PATIENT)
    wait_for(lambda: site.phase() == "ready", "the program is up")
    site.play("a", "end")
    wait_for(lambda: len(site.starts()) > 5, "it was started again and again")
    assert not (site.run / "faults.json").exists()
    assert site.starts("screen") == []


def test_a_program_that_ends_well_without_having_begun_is_a_fault(site: KioskSite) -> None:
    site.make_player("a", "end_at_once")
    site.supervise(**PATIENT)
    wait_for(lambda: site.phase() == "out_of_service", "the screen")
    assert len(site.starts()) == 4


def test_a_crash_loop_ends_in_a_screen_that_stays_while_the_program_is_tried_again_beneath(site: KioskSite) -> None:
    site.make_player("a", "crash")
    site.supervise(**PATIENT, again_s=0.4, proven_s=0.4)
    wait_for(lambda: len(site.starts()) >= 7, "tried again")
    assert site.starts("screen") == ["a"]
    assert site.starts("ended screen") == []
    site.play("a", "live")
    wait_for(lambda: site.phase() == "proven", "it lives")
    wait_for(lambda: site.starts("ended screen") == ["a"], "the screen went")
    assert not (site.run / "faults.json").exists()


def test_in_a_crash_loop_the_program_is_left_alone_until_the_next_try(site: KioskSite) -> None:
    site.make_player("a", "crash")
    supervisor = site.supervise(**PATIENT, again_s=300)
    wait_for(lambda: site.starts("screen") == ["a"], "the screen")
    supervisor.send_signal(signal.SIGTERM)
    supervisor.communicate()
    assert len(site.starts()) == 4
    assert site.starts("ended screen") == ["a"]


def test_a_screen_that_breaks_comes_back_from_the_other_environment(site: KioskSite) -> None:
    site.make_player("a", "crash")
    site.make_player("b")
    site.play("a", "crash", screen=True)
    site.supervise(**PATIENT, again_s=300)
    wait_for(lambda: "b" in site.starts("screen"), "the other environment's screen")


def test_without_any_program_there_is_still_the_screen(site: KioskSite) -> None:
    site.make_player("b")  # current points to a, where nothing is
    site.supervise(**PATIENT, again_s=300)
    wait_for(lambda: site.starts("screen") == ["b"], "the screen")
    assert site.starts() == []


def test_without_anything_to_start_it_does_not_spin(site: KioskSite) -> None:
    supervisor = site.supervise(**PATIENT, again_s=300)
    wait_for((site.run / "faults.json").exists, "it has tried")
    process = psutil.Process(supervisor.pid)
    before = process.cpu_times()
    begun_s = time.monotonic()
    wait_for(lambda: time.monotonic() - begun_s > 4, "a while")
    after = process.cpu_times()
    used_s = after.user + after.system - before.user - before.system
    assert used_s < 0.4


def test_it_goes_with_the_compositor_that_it_runs_in(site: KioskSite) -> None:
    site.make_player("a")
    command = [sys.executable, "-I", LIB / "supervise.py", "--home", site.home, "--run", site.run]
    # The shell stays the parent: there is a command after it.
    shell = subprocess.Popen(["sh", "-c", '"$@"; true', "sh", *map(str, command)])
    wait_for(lambda: site.phase() == "ready", "the program is up")
    shell.kill()
    shell.wait()
    wait_for(lambda: site.starts("ended program") == ["a"], "the program was ended, too")


@pytest.mark.parametrize("part", ["still", "never"])
def test_a_program_that_stands_still_takes_the_compositor_with_it_and_is_counted(site: KioskSite, part: str) -> None:
    site.make_player("a", part)
    times = {"start_s": 0.5 if part == "never" else 20.0, "still_s": 0.5 if part == "still" else 20.0}
    for faults in range(1, 5):
        supervisor = site.supervise(**times, again_s=300)
        assert supervisor.wait(timeout=30) == 1
        assert len(json.loads((site.run / "faults.json").read_text())) == faults
    site.supervise(**PATIENT, again_s=300)
    wait_for(lambda: site.phase() == "out_of_service", "a new supervisor knows of the loop")
    assert len(site.starts()) == 4


def test_a_program_that_was_left_is_not_started_again(site: KioskSite) -> None:
    site.make_player("a")
    supervisor = site.supervise(**PATIENT)
    wait_for(lambda: site.phase() == "ready", "the program is up")
    site.play("a", "left")
    assert supervisor.wait(timeout=30) == 10
    assert (site.run / "left").exists()


def test_another_environment_is_taken_at_once_while_nobody_is_there(site: KioskSite) -> None:
    site.make_player("a")
    site.make_player("b", version="1.1")
    site.supervise(**PATIENT)
    wait_for(lambda: site.phase() == "ready", "the program is up")
    site.turn_over("b")
    wait_for(lambda: site.told().get("environment") == "b" and site.phase() == "ready", "the other one is up")
    assert site.told()["version"] == "1.1"
    assert site.starts("ended program") == ["a"]


def test_another_environment_waits_for_the_end_of_a_visit(site: KioskSite) -> None:
    site.make_player("a", "busy")
    site.make_player("b")
    site.supervise(**PATIENT, proven_s=0.2)
    wait_for(lambda: site.phase() == "proven", "a visitor is there")
    site.turn_over("b")
    # Several turns of the supervisor later: each tells a notify socket, so wait for what it does next instead.
    with pytest.raises(AssertionError):
        wait_for(lambda: len(site.starts()) > 1, "it must not come", within_s=1.5)
    site.play("a", "live")
    wait_for(lambda: site.told().get("environment") == "b", "the visit is over")
    assert site.starts("ended program") == ["a"]


def test_an_environment_in_a_crash_loop_is_left_as_soon_as_the_link_is_turned(site: KioskSite) -> None:
    site.make_player("a", "crash")
    site.make_player("b")
    site.supervise(**PATIENT, again_s=300, proven_s=0.3)
    wait_for(lambda: site.phase() == "out_of_service", "the loop")
    site.turn_over("b")
    wait_for(lambda: site.phase() == "proven" and site.told()["environment"] == "b", "the other one lives")
    wait_for(lambda: len(site.starts("ended screen")) == 1, "the screen went")


def test_systemd_hears_that_it_is_up_and_that_it_lives(site: KioskSite, tmp_path: Path) -> None:
    site.make_player("a")
    with listening(tmp_path / "systemd") as came:
        site.systemd = tmp_path / "systemd"
        site.supervise(**PATIENT)
        wait_for(lambda: came("READY=1"), "READY=1")
        wait_for(lambda: came("WATCHDOG=1"), "WATCHDOG=1")


def test_when_it_is_ended_everything_that_it_started_ends(site: KioskSite) -> None:
    site.make_player("a")
    supervisor = site.supervise(**PATIENT)
    wait_for(lambda: site.phase() == "ready", "the program is up")
    supervisor.send_signal(signal.SIGTERM)
    assert supervisor.wait(timeout=30) == 0
    assert site.starts("ended program") == ["a"]
