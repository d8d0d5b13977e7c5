"""What else lies in deploy/server: containers, figures, logs. Read, and held to what the project has and means.

No container engine runs where this is tested: the files are parsed, and by `docker compose` where it is installed.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from signaling.config.load import known_settings
from signaling.config.settings import DELIMITER, PREFIX

VARIABLES = {
    "DATABASE_PASSWORD": "a",
    "TURN_SECRET": "b",
    "PUBLIC_URL": "https://desk.example.org",
    "RELAY": "r.example",
}
CONFINED = {"server", "migrate", "proxy", "relay"}


@pytest.fixture(scope="module")
def folder(project_root: Path) -> Path:
    return project_root / "deploy" / "server"


@pytest.fixture(scope="module")
def compose(project_root: Path, folder: Path) -> dict[str, Any]:
    """The file as data, read by the YAML reader that the console's tools bring along."""
    program = (
        "console.log(JSON.stringify(require('js-yaml').load(require('fs').readFileSync(process.argv[1], 'utf8'))))"
    )
    ran = subprocess.run(
        ["node", "-e", program, folder / "compose.yaml"],
        cwd=project_root / "staff_console" / "web",
        capture_output=True,
        text=True,
        check=True,
    )
    data: dict[str, Any] = merged(json.loads(ran.stdout))
    return data


def merged(value: Any) -> Any:
    """With YAML's merge keys carried out, which not every reader does."""
    if isinstance(value, dict):
        plain = {key: merged(inner) for key, inner in value.items() if key != "<<"}
        return {**merged(value["<<"]), **plain} if "<<" in value else plain
    return [merged(inner) for inner in value] if isinstance(value, list) else value


# --- containers ----------------------------------------------------------------------------------------------


def test_every_service_is_known_confined_and_waits_for_what_it_needs(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert set(services) == CONFINED | {"database"}
    for name, service in services.items():
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["logging"] == {"driver": "journald"}, name
        assert set(service.get("depends_on", {})) <= set(services), name
        if name in CONFINED:
            assert service["read_only"] is True, name
    assert services["server"]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert services["migrate"]["depends_on"]["database"]["condition"] == "service_healthy"


def test_nothing_but_the_proxy_and_the_relay_is_reached_from_outside(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services["server"]["ports"] == ["80:80", "443:443"]
    assert services["proxy"]["network_mode"] == "service:server"
    assert [name for name, service in services.items() if "ports" in service] == ["server"]


def test_its_settings_are_settings_of_the_server(compose: dict[str, Any]) -> None:
    known = {PREFIX + key.replace(".", DELIMITER).upper() for key in known_settings()}
    assert set(compose["services"]["server"]["environment"]) <= known


def test_files_that_it_mounts_are_there(compose: dict[str, Any], folder: Path) -> None:
    mounted = [
        source
        for service in compose["services"].values()
        for source in (volume.partition(":")[0] for volume in service.get("volumes", []))
        if source.startswith("./") and not source.startswith("./certificates")
    ]
    assert mounted == ["./nginx/librarian.conf", "./turnserver.conf"]
    assert all((folder / source).is_file() for source in mounted)
    named = {
        v.partition(":")[0] for s in compose["services"].values() for v in s.get("volumes", []) if v[0] not in "./"
    }
    assert named == set(compose["volumes"])


def test_the_relay_gets_no_second_secret(compose: dict[str, Any]) -> None:
    """coturn takes every secret that it is given: one more would leave the one of the example good."""
    assert not any("secret" in word for word in compose["services"]["relay"]["command"])


def test_no_image_floats(compose: dict[str, Any], folder: Path) -> None:
    images = [service["image"] for service in compose["services"].values() if "image" in service]
    images += re.findall(r"^FROM (\S+)", (folder / "Dockerfile").read_text(), flags=re.MULTILINE)
    assert [image for image in images if not re.search(r":\d", image)] == []


def test_docker_itself_takes_the_file(folder: Path) -> None:
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("docker compose is not installed")
    command = [docker, "compose", "-f", str(folder / "compose.yaml"), "config", "--quiet"]
    ran = subprocess.run(command, env=VARIABLES, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_the_image_is_built_of_what_there_is_by_hash_and_runs_without_privileges(
    folder: Path, project_root: Path
) -> None:
    text = (folder / "Dockerfile").read_text().replace("\\\n", " ")
    steps = [line.split(maxsplit=1) for line in text.splitlines() if line and not line.startswith("#")]
    copied = [word for kind, rest in steps if kind == "COPY" and "--from" not in rest for word in rest.split()[:-1]]
    assert copied
    assert [source for source in copied if not (project_root / source).exists()] == []
    assert set(copied) >= {"requirements", "pyproject.toml", "hatch_build.py", "signaling", "staff_console"}
    (user,) = [rest for kind, rest in steps if kind == "USER"]
    assert int(user) > 999
    # Nothing is installed without its hash, but the project itself.
    installs = re.findall(r"pip install [^\n]*", text)
    assert all("--require-hashes" in line or "--no-deps ." in line for line in installs)
    for kind, rest in steps:
        if kind in {"ENTRYPOINT", "CMD"}:
            json.loads(rest)


def test_what_the_build_needs_is_not_left_out_by_an_ignore_file(project_root: Path) -> None:
    assert not (project_root / ".dockerignore").exists(), "then look at what it leaves out, here"


# --- figures and logs ----------------------------------------------------------------------------------------


def test_prometheus_takes_its_settings(folder: Path) -> None:
    command = ["promtool", "check", "config", "prometheus.yml"]
    ran = subprocess.run(command, cwd=folder / "prometheus", capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "job_name: librarian\n" in (folder / "prometheus" / "prometheus.yml").read_text(), "the rules name this job"


def test_the_journal_s_settings_are_settings_of_the_journal(folder: Path) -> None:
    """Held to Debian's own example, which names every one of them."""
    for file, example in (
        ("50-librarian.conf", Path("/etc/systemd/journald.conf")),
        ("journal-upload.conf", Path("/etc/systemd/journal-upload.conf")),
    ):
        ours = re.findall(r"^(\w+)=", (folder / "logs" / file).read_text(), flags=re.MULTILINE)
        assert ours
        if example.is_file():
            known = re.findall(r"^#?\s*(\w+)=", example.read_text(), flags=re.MULTILINE)
            assert set(ours) <= set(known)
