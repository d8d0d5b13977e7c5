"""What lies in deploy/kiosk is well formed, and as closed as it says."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.kiosk_site import ROOT

KIOSK = ROOT / "deploy" / "kiosk"
UNITS = sorted((KIOSK / "systemd").iterdir())
SCRIPTS = [KIOSK / "install", KIOSK / "uninstall", KIOSK / "lib" / "start"]
#: What each service may at most be exposed, of 10, by `systemd-analyze security`.
EXPOSED_AT_MOST = {
    "librarian-kiosk.service": 2.5,
    "librarian-kiosk-sound.service": 1.6,
    "librarian-kiosk-firewall.service": 3.6,
    "librarian-kiosk-left.service": 2.5,
    "librarian-kiosk-update.service": 3.2,
}


def wants(program: str) -> None:
    """Skip, and say why, where a program is missing."""
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed; ./dev setup installs it")


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders of a machine with our units, and with everything that they start."""
    root = tmp_path_factory.mktemp("machine")
    units = root / "etc" / "systemd" / "system"
    units.mkdir(parents=True)
    programs = set()
    for unit in UNITS:
        shutil.copy(unit, units)
        programs |= set(re.findall(r"^Exec\w+=-?(/\S+)", unit.read_text(), flags=re.MULTILINE))
    for program in programs:
        place = root / program.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch(mode=0o755)
    # The units of the system that ours name.
    (root / "usr" / "lib").mkdir(parents=True, exist_ok=True)
    shutil.copytree("/lib/systemd/system", root / "usr" / "lib" / "systemd" / "system", symlinks=True)
    (root / "lib").symlink_to("usr/lib")
    return root


def test_every_unit_is_understood_by_systemd_without_a_word(machine: Path) -> None:
    wants("systemd-analyze")
    command = ["systemd-analyze", "verify", "--man=no", f"--root={machine}", *(unit.name for unit in UNITS)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    ours = [line for line in ran.stderr.splitlines() if "librarian-kiosk" in line]
    assert (ran.returncode, ours) == (0, [])


def test_systemd_does_find_a_mistake_in_a_unit(machine: Path, tmp_path: Path) -> None:
    wants("systemd-analyze")
    broken = tmp_path / "librarian-kiosk.service"
    broken.write_text((KIOSK / "systemd" / broken.name).read_text().replace("Restart=always", "Restart=allways"))
    ran = subprocess.run(["systemd-analyze", "verify", "--man=no", broken], capture_output=True, text=True, check=False)
    assert "allways" in ran.stderr


@pytest.mark.parametrize("name", EXPOSED_AT_MOST)
def test_a_service_is_closed_as_far_as_it_can_be(machine: Path, name: str) -> None:
    wants("systemd-analyze")
    command = ["systemd-analyze", "security", "--offline=true", f"--root={machine}", "--no-pager", name]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    level = re.search(r"Overall exposure level for \S+: ([0-9.]+)", ran.stdout)
    assert level is not None, ran.stdout + ran.stderr
    assert float(level[1]) <= EXPOSED_AT_MOST[name]


def test_every_service_has_its_bound() -> None:
    assert {unit.name for unit in UNITS if unit.suffix == ".service"} == set(EXPOSED_AT_MOST)


def test_the_scripts_are_clean() -> None:
    wants("shellcheck")
    ran = subprocess.run(["shellcheck", *SCRIPTS], capture_output=True, text=True, check=False)
    assert ran.stdout == ""


def test_install_puts_every_unit_and_every_file_in_its_place_and_uninstall_knows_them_all() -> None:
    install, uninstall = (KIOSK / "install").read_text(), (KIOSK / "uninstall").read_text()
    assert [unit.name for unit in UNITS if unit.name not in install or unit.name not in uninstall] == []
    files = [path.name for path in (KIOSK / "etc").iterdir()]
    assert [name for name in files if name not in install] == []
    for target in re.findall(r"^put_file \S+ (\S+)$", install, flags=re.MULTILINE):
        name = Path(target).name
        assert name in uninstall, f"{target} stays after uninstall"


def test_the_firewall_is_understood_and_lets_nothing_in() -> None:
    rules = KIOSK / "etc" / "librarian-kiosk.nft"
    nft = shutil.which("nft") or "/usr/sbin/nft"
    # In a network of its own, where the rules are really set.
    script = f"""
        set -e
        ip link set lo up; ip link add out type veth peer name far
        {nft} -f {rules}; {nft} -f {rules}
        {nft} list table inet librarian_kiosk
    """
    ran = subprocess.run(["unshare", "--net", "sh", "-c", script], capture_output=True, text=True, check=False)
    if "Operation not permitted" in ran.stderr:
        pytest.skip("only root has a network of its own to try it in")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.count("policy drop") == 2
    assert "hook output" not in ran.stdout


def test_the_kiosk_s_user_may_start_the_machine_anew_and_nothing_else() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node.js to read the rule with")
    rule = (KIOSK / "etc" / "90-librarian-kiosk-polkit.rules").read_text()
    asks = """
        const polkit = {Result: {YES: "yes", NO: "no", NOT_HANDLED: "others"}, addRule(rule) { this.rule = rule; }};
        %s
        const ask = (id, user) => polkit.rule({id}, {user});
        console.log([
          ask("org.freedesktop.login1.reboot", "librarian-kiosk"),
          ask("org.freedesktop.login1.power-off", "librarian-kiosk"),
          ask("org.freedesktop.udisks2.filesystem-mount", "librarian-kiosk"),
          ask("org.freedesktop.systemd1.manage-units", "librarian-kiosk"),
          ask("org.freedesktop.login1.power-off", "root"),
        ].join(" "));
    """
    ran = subprocess.run([node, "-e", asks % rule], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "yes no no no others"


def test_the_supervisor_and_the_program_agree_on_leaving() -> None:
    said = subprocess.run(
        ["grep", "-rhoE", "^EXIT_LEFT: Final = [0-9]+", KIOSK / "lib" / "supervise.py", ROOT / "kiosk" / "app.py"],
        capture_output=True, text=True, check=True,
    ).stdout.split("\n")  # fmt: skip
    unit = (KIOSK / "systemd" / "librarian-kiosk.service").read_text()
    assert len(said) == 3
    assert said[0] == said[1]
    assert f"RestartPreventExitStatus={said[0].split()[-1]}" in unit
