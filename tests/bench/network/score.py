"""Score recordings with ViSQOL's speech mode: `score.py REFERENCE RECORDING...` prints a JSON list of MOS-LQO values.

Runs in a virtual environment of its own (`speech`), because nothing else here wants what it needs; so it imports
nothing of ours.
"""

import importlib
import json
import sys
import wave

import numpy as np
from numpy.typing import NDArray

_RATE_HZ = 16_000


def _read(file: str) -> NDArray[np.float64]:
    with wave.open(file, "rb") as recording:
        samples = np.frombuffer(recording.readframes(recording.getnframes()), "<i2") / 32768.0
        rate = recording.getframerate()
    resampled: NDArray[np.float64] = importlib.import_module("scipy.signal").resample_poly(samples, _RATE_HZ, rate)
    return resampled


def main() -> None:
    visqol = importlib.import_module("visqol").VisqolApi()
    visqol.create(mode="speech")
    reference = _read(sys.argv[1])
    scores = [float(visqol.measure_from_arrays(reference, _read(file), _RATE_HZ).moslqo) for file in sys.argv[2:]]
    sys.stdout.write(json.dumps(scores) + "\n")


if __name__ == "__main__":
    main()
