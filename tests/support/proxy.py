"""The reverse proxy of deploy/server, really started: Debian's nginx with our file, on free ports of this machine."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.certificates import Shown
from tests.support.stage.server import free_port

CONFIGURATION = Path(__file__).resolve().parents[2] / "deploy" / "server" / "nginx" / "librarian.conf"
NAME = "localhost"
START_WITHIN_S = 20

#: As Debian's nginx.conf does around a site, but for folders and users.
_AROUND = """
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 128; }}
http {{
    access_log {folder}/access.log;
    {temporary}
    include {folder}/site.conf;
}}
"""


@dataclass(frozen=True, slots=True)
class Proxy:
    """One that listens."""

    folder: Path
    port: int
    plain_port: int

    @property
    def url(self) -> str:
        """Where people meet it."""
        return f"https://{NAME}:{self.port}"


def site(
    *, port: int, plain_port: int, upstream: int, shown: Shown, logs: Path, change: Callable[[str], str] | None = None
) -> str:
    """Our file, with this machine's ports, name and certificate in it; each that is changed must be there."""
    text = CONFIGURATION.read_text("utf-8")
    for pattern, new, times in (
        (r"listen 443 ssl", f"listen 127.0.0.1:{port} ssl", 2),
        (r"listen \[::\]:443 ssl.*?;\n", "\n", 2),
        (r"listen 80;", f"listen 127.0.0.1:{plain_port};", 1),
        (r"listen \[::\]:80;", "", 1),
        (r"server 127\.0\.0\.1:8080;", f"server 127.0.0.1:{upstream};", 1),
        (r"server_name desk\.example\.org;", f"server_name {NAME};", 2),
        (r"/etc/letsencrypt/live/desk\.example\.org/fullchain\.pem", str(shown.certificate), 1),
        (r"/etc/letsencrypt/live/desk\.example\.org/privkey\.pem", str(shown.key), 1),
        (r"/var/log/nginx/", f"{logs}/", 1),
    ):
        text, found = re.subn(pattern, new, text)
        assert found == times, (pattern, found)
    return change(text) if change else text


@contextmanager
def proxy(
    folder: Path, upstream: int, shown: Shown, *, port: int = 0, change: Callable[[str], str] | None = None
) -> Iterator[Proxy]:
    """Run it.

    Args:
        folder: Its files go here.
        upstream: Port of the server behind it.
        shown: Its certificate.
        port: Where it listens; a free one when left out.
        change: Spoils the file.
    """
    found = Proxy(folder, port or free_port(), free_port())
    folder.mkdir(exist_ok=True)
    text = site(
        port=found.port, plain_port=found.plain_port, upstream=upstream, shown=shown, logs=folder, change=change
    )
    (folder / "site.conf").write_text(text, "utf-8")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    around = _AROUND.format(
        folder=folder,
        user="user root;" if os.geteuid() == 0 else "",
        temporary=" ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds),
    )
    (folder / "nginx.conf").write_text(around, "utf-8")
    command = [nginx(), "-e", str(folder / "error.log"), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        _await(process, found)
        yield found
    finally:
        process.terminate()
        process.communicate(timeout=20)


def nginx() -> str:
    """Where it is: Debian puts it where only root looks."""
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    assert found, "nginx is missing: apt-get install nginx"
    return found


def _await(process: subprocess.Popen[str], found: Proxy) -> None:
    deadline = time.monotonic() + START_WITHIN_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            said = process.stderr.read() if process.stderr else ""
            raise AssertionError(f"nginx ended: {said}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", found.port), 1):
            return
        time.sleep(0.02)
    raise AssertionError("nginx does not listen")
