"""Install and uninstall on a copy of this machine's own Debian: everything in its place, nothing twice, nothing left.

The copy is an overlay that is gone afterwards. Debian's packages are those of this machine: none is fetched.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.deploy.kiosk.test_update import PROGRAM, make_wheel
from tests.support.kiosk_site import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

INSTALL = ROOT / "deploy" / "kiosk" / "install"
#: Stands for apt-get and dpkg-query: all packages are there.
ALL_THERE = "#!/bin/sh\necho installed\n"


@dataclass
class Machine:
    """A copy of this machine whose files can be changed and looked at. Each command sees what those before did."""

    folder: Path
    inside: Path

    def run(self, script: str) -> subprocess.CompletedProcess[str]:
        """Run a shell script on it, as root."""
        mounts = f"""
            set -e
            mount -t overlay overlay -o lowerdir=/,upperdir={self.folder}/upper,workdir={self.folder}/work {self.inside}
            mount -t proc proc {self.inside}/proc
            mount --rbind /dev {self.inside}/dev
            mount --bind {self.folder}/share {self.inside}/mnt
            mount -t tmpfs tmpfs {self.inside}/run
            export PATH=/mnt/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8
            exec chroot {self.inside} /bin/sh -c "$1"
        """
        command = ["unshare", "--mount", "--propagation", "private", "sh", "-c", mounts, "sh", script]
        env = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "LIBRARIAN_"))}
        env |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/mnt", "LIBRARIAN_KIOSK_PYTHON": sys.executable}
        return subprocess.run(command, capture_output=True, text=True, env=env, timeout=250, check=False)


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    folder = tmp_path_factory.mktemp("machine")
    made = Machine(folder, folder / "inside")
    for name in ("upper", "work", "inside", "share", "share/bin"):
        (folder / name).mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root can make a copy of the machine to install on")
    release = dict(line.split("=", 1) for line in Path("/etc/os-release").read_text().splitlines() if "=" in line)
    if (release["ID"], release.get("VERSION_ID", "").strip('"')) not in {("debian", "12"), ("debian", "13")}:
        pytest.skip("this machine runs no Debian 12 or 13")
    part = make_wheel(folder / "share", "small_part", "1.0", {"small_part.py": ""})
    pins = f"small-part==1.0 --hash=sha256:{hashlib.sha256(part.read_bytes()).hexdigest()}\n"
    program = {"kiosk/__init__.py": "", "kiosk/__main__.py": PROGRAM.format(run="lives", red=[])}
    make_wheel(folder / "share", "librarian_on_demand", "1.0", {**program, "kiosk/requirements.txt": pins})
    dpkg_query = folder / "share" / "bin" / "dpkg-query"
    dpkg_query.write_text(ALL_THERE)
    dpkg_query.chmod(0o755)
    tried = made.run("true")
    if tried.returncode != 0:
        pytest.skip(f"no copy of this machine can be made here: {tried.stderr.strip()}")
    return made


WHEEL = "/mnt/librarian_on_demand-1.0-py3-none-any.whl"
FRESH = f"{INSTALL} --server https://desk.example.org --wheel {WHEEL} --turn 90 --no-start </dev/null"


@pytest.mark.thorough
def test_a_kiosk_is_installed_renewed_and_taken_back(machine: Machine) -> None:
    ran = machine.run(FRESH)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "Installing the program 1.0" in ran.stdout

    look = machine.run(
        """
        id -nG librarian-kiosk
        stat -c '%a %U' /var/lib/librarian-kiosk /etc/librarian-kiosk.env /opt/librarian-kiosk/current/VERSION
        cat /etc/librarian-kiosk.env
        readlink /opt/librarian-kiosk/current /etc/systemd/system/ctrl-alt-del.target /etc/systemd/system/default.target
        ls /etc/systemd/system/multi-user.target.wants
        setpriv --reuid=librarian-kiosk --regid=librarian-kiosk --init-groups \
            touch /opt/librarian-kiosk/a/x /opt/librarian-kiosk/lib/x /etc/librarian-kiosk.env 2>&1 | grep -c 'denied'
        find /opt/librarian-kiosk -perm -o+w -not -type l
        """
    )
    said = look.stdout.splitlines()
    assert {"audio", "video", "render"} <= set(said[0].split())
    assert said[1:4] == ["700 librarian-kiosk", "640 root", "644 root"]
    assert said[4:6] == ["LIBRARIAN_KIOSK_SERVER=https://desk.example.org", "LIBRARIAN_KIOSK_TURN=90"]
    assert said[6:8] == ["a", "/dev/null"]
    assert said[8].endswith("multi-user.target")
    assert {"librarian-kiosk.service", "librarian-kiosk-sound.service", "seatd.service"} <= set(said[9:-1])
    assert said[-1] == "3"  # it may write nowhere in its own program

    # What somebody has set beside it stays, and nothing is done twice.
    settings_file = "/etc/librarian-kiosk.env"
    again = machine.run(f"echo LIBRARIAN_KIOSK_CAMERA=2 >>{settings_file}; {FRESH}; cat {settings_file}")
    assert again.returncode == 0, again.stdout + again.stderr
    assert "The program 1.0 is there." in again.stdout
    assert "Making the user" not in again.stdout
    lines = again.stdout.splitlines()
    settings = [line for line in lines if line.startswith("LIBRARIAN_")]
    assert sorted(settings) == [
        "LIBRARIAN_KIOSK_CAMERA=2", "LIBRARIAN_KIOSK_SERVER=https://desk.example.org", "LIBRARIAN_KIOSK_TURN=90",
    ]  # fmt: skip

    taken = machine.run(f"{ROOT}/deploy/kiosk/uninstall")
    assert taken.returncode == 0, taken.stdout + taken.stderr
    left = "find /etc /opt /usr /var/lib -name '*librarian-kiosk*' -not -path '*/dpkg/*' | sort"
    assert machine.run(left).stdout.split() == ["/etc/librarian-kiosk.env", "/var/lib/librarian-kiosk"]
    taken = machine.run(f"{ROOT}/deploy/kiosk/uninstall --purge; {left}; id librarian-kiosk 2>&1")
    assert "no such user" in taken.stdout.splitlines()[-1]
    assert not [line for line in taken.stdout.splitlines() if line.startswith("/")]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("", "Where is the server?"),
        ("--server desk.example.org", "looks like https://desk.example.org"),
        ("--server http://desk.example.org", "need https"),
        ("--server https://desk.example.org", "Give a code by --code"),
        ("--server https://desk.example.org --wheel /nowhere.whl", "There is no file '/nowhere.whl'"),
        ("--server https://desk.example.org --turn 45", "A screen is turned by"),
        ("--server https://desk.example.org --packages http://packages.example.org", "https address"),
        ("--server https://desk.example.org --packages /nowhere", "There is no folder"),
        ("--fast", "There is no option '--fast'"),
        ("--server", "--server wants a value"),
    ],
)
def test_what_cannot_be_done_is_refused_with_one_sentence_before_anything_is_changed(
    machine: Machine, options: str, sentence: str
) -> None:
    ran = machine.run(f"{INSTALL} {options} </dev/null; echo $?; getent passwd librarian-kiosk")
    assert ran.stdout.splitlines() == ["1"]
    assert sentence in ran.stderr
    assert len([line for line in ran.stderr.splitlines() if line.startswith("✗")]) == 1


@pytest.mark.parametrize("release", ['ID=ubuntu\nVERSION_ID="24.04"', 'ID=debian\nVERSION_ID="11"', "ID=debian"])
def test_another_system_is_refused(machine: Machine, release: str) -> None:
    ran = machine.run(f"printf '{release}\\n' >/mnt/release; mount --bind /mnt/release /etc/os-release; {FRESH}")
    assert ran.returncode == 1
    assert "a kiosk needs Debian 12 or 13" in ran.stderr


def test_who_is_not_root_is_refused(machine: Machine) -> None:
    ran = machine.run(f"setpriv --reuid=nobody --clear-groups bash {INSTALL} --server https://desk.example.org")
    assert ran.returncode == 1
    assert "Only root" in ran.stderr
