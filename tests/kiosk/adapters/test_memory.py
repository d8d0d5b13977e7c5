"""The process's memory."""

from __future__ import annotations

import subprocess
import sys

_PROGRAM = """
import ctypes, threading
from kiosk.adapters.memory import hold_little_memory
assert hold_little_memory()
def use():
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    libc.malloc(100_000)
for _ in range(8):
    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
ctypes.CDLL(None).malloc_stats()
"""


def test_all_threads_share_one_arena() -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True)
    assert "Arena 0" in done.stderr
    assert "Arena 1" not in done.stderr
