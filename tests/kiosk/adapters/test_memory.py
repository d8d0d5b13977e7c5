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


_HOLED = """
import ctypes, pathlib
from kiosk.adapters.memory import give_memory_back, hold_little_memory
hold_little_memory()
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.free.argtypes = [ctypes.c_void_p]
def held_mb():
    return int(pathlib.Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6
pieces = [libc.malloc(100_000) for _ in range(1000)]
for piece in pieces:
    ctypes.memset(piece, 1, 100_000)
for piece in pieces[:-1]:
    libc.free(piece)
before = held_mb()
give_memory_back()
print(before - held_mb())
"""


def test_what_lies_free_below_something_used_is_given_back() -> None:
    done = subprocess.run([sys.executable, "-c", _HOLED], capture_output=True, text=True, check=True)
    assert float(done.stdout) > 80, "of 100 MB"
