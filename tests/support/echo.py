"""Offers for the echo, and whether its programs are gone."""

from __future__ import annotations

import asyncio
import time

import psutil

from kiosk.adapters.peer import load_engine
from kiosk.adapters.peer.sdp import with_candidates
from kiosk.core.media import PeerSettings
from tests.support.peers import Listener


async def an_offer() -> str:
    """What a kiosk would send, of a peer that is closed by now: an answer to it leads nowhere."""
    listener = Listener()
    peer = load_engine("aiortc").create_peer(PeerSettings(), listener, lambda _frame: None, lambda _block: None)
    try:
        return with_candidates(await peer.create_offer(), [c for c in listener.candidates if c.candidate])
    finally:
        await peer.close()


def echo_programs() -> list[psutil.Process]:
    """Those that this test run, or a server that it started, has started; wherever their parents went."""
    found = []
    for process in psutil.Process().children(recursive=True):
        try:
            if "signaling.adapters.echo" in process.cmdline() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.NoSuchProcess:
            continue
    return found


def is_gone(pid: int) -> bool:
    """Whether a process has ended; one that nobody has asked about counts as ended."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


async def until_gone(*pids: int, timeout_s: float = 10.0) -> float:
    """Wait until these have ended; how long that took, in seconds."""
    begun_s = time.monotonic()
    while not all(is_gone(pid) for pid in pids):
        assert time.monotonic() - begun_s < timeout_s, f"still there: {[pid for pid in pids if not is_gone(pid)]}"
        await asyncio.sleep(0.02)
    return time.monotonic() - begun_s
