"""The server's memory: what its settings are for is seen from outside, in a process of its own."""

from __future__ import annotations

import subprocess
import sys

_ARENAS = """
import ctypes, threading
from signaling.adapters.memory import hold_little_memory
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

_COLLECTOR = """
import gc
kept = [[] for _ in range(1000)]
from signaling.adapters.memory import settle_down
settle_down()
assert gc.isenabled()
assert gc.get_freeze_count() > 1000
before = gc.get_stats()[0]["collections"]
more = [[] for _ in range(10_000)]
assert gc.get_stats()[0]["collections"] == before
"""


def run(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stderr


def test_all_threads_share_one_arena() -> None:
    said = run(_ARENAS)
    assert "Arena 0" in said
    assert "Arena 1" not in said


def test_the_collector_leaves_alone_what_lives_as_long_as_the_server() -> None:
    assert run(_COLLECTOR) == ""


_RING = """
import asyncio, gc, weakref
from signaling.adapters import memory
memory.settle_down()
gc.disable()
class Ended: pass
async def main():
    one = Ended()
    one.itself = one
    gone = asyncio.Event()
    weakref.finalize(one, gone.set)
    del one
    memory.TIDY_EVERY_S = 0.0
    tidying = asyncio.create_task(memory.run_tidying())
    await asyncio.wait_for(gone.wait(), 20)
    tidying.cancel()
asyncio.run(main())
"""


def test_what_ended_and_holds_itself_is_let_go() -> None:
    assert run(_RING) == ""
