"""How good speech is that went through the network: ViSQOL v3, speech mode (Chinen et al., QoMEX 2020).

What it is for: the one figure for sound that others can compare with. What it does not do: run in our environment.
It is installed at first use into `var/speech-score`, each package by its hash; where that is not possible, there is
no figure, and the reason is said.
"""

from __future__ import annotations

import json
import subprocess
import venv
from pathlib import Path

from kiosk.core.media import SAMPLE_RATE_HZ
from tests.netlab.sound import SPEECH_S, Samples, read_wave, write_wave
from tests.support.stage.processes import ROOT

_HERE = Path(__file__).parent
_HOME = ROOT / "var" / "speech-score"
_STAMP = _HOME / ".installed"
_INSTALLS_S, _SCORES_S = 600, 900


class NoScore(Exception):
    """ViSQOL cannot be had here, or failed; with the reason."""


def install() -> None:
    """Install it, unless that is done.

    Raises:
        NoScore: It could not be.
    """
    wanted = (_HERE / "speech_requirements.txt").read_text(encoding="utf-8")
    if _STAMP.exists() and _STAMP.read_text(encoding="utf-8") == wanted:
        return
    venv.create(_HOME, with_pip=True, clear=True)
    _run(
        [
            str(_HOME / "bin" / "pip"), "install", "-qq", "--disable-pip-version-check", "--require-hashes",
            "-r", str(_HERE / "speech_requirements.txt"),
        ],
        _INSTALLS_S,
    )  # fmt: skip
    _STAMP.write_text(wanted, encoding="utf-8")


def scores(program: Path, parts: list[Samples], folder: Path) -> list[float]:
    """MOS-LQO (1 to 5) of each recorded reading.

    Args:
        program: What was played, as `write_program` wrote it.
        parts: Recordings of its speech.
        folder: For files.

    Raises:
        NoScore: There are none.
    """
    if not parts:
        return []
    reference = folder / "reference.wav"
    write_wave(reference, read_wave(program)[: SPEECH_S * SAMPLE_RATE_HZ])
    files = []
    for number, part in enumerate(parts):
        file = folder / f"part{number}.wav"
        write_wave(file, part)
        files.append(str(file))
    printed = _run([str(_HOME / "bin" / "python"), str(_HERE / "score.py"), str(reference), *files], _SCORES_S)
    return [float(score) for score in json.loads(printed.splitlines()[-1])]


def _run(command: list[str], within_s: float) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=within_s)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoScore(type(error).__name__) from error
    if done.returncode != 0:
        raise NoScore((done.stderr.strip().splitlines() or [str(done.returncode)])[-1])
    return done.stdout
