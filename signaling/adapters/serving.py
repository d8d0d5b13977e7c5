"""Listen until told to stop: the one place that owns the listening socket and the process's signals."""

from __future__ import annotations

import asyncio
import signal
from typing import Final

import structlog
from aiohttp import web

#: How long open requests may take to end; sockets of calls carry no media and come back by themselves.
SHUTDOWN_TIMEOUT_S: Final = 2.0
#: So many may knock at the same moment, as a thousand kiosks do after a power cut; with the usual 128 the others are
#: turned away and come back later, by their back-off.
BACKLOG: Final = 2048

_log = structlog.stdlib.get_logger(__name__)


class CannotListen(Exception):
    """The address is taken or not ours. The text is one sentence."""


async def serve_until_stopped(app: web.Application, host: str, port: int) -> None:
    """Serve an application until SIGINT or SIGTERM, then end it cleanly.

    Args:
        app: What to serve; its clean-up has run when this returns.
        host: Address to listen on.
        port: TCP port.

    Raises:
        CannotListen: The address is taken or not ours.
    """
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    # No access log: its lines are addresses and paths, and the metrics count what matters.
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_TIMEOUT_S)
    try:
        await runner.setup()
        await _listen(runner, host, port)
        _log.info("serving", host=host, port=port)
        await stopped.wait()
        _log.info("stopping")
    finally:
        await runner.cleanup()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


async def _listen(runner: web.AppRunner, host: str, port: int) -> None:
    try:
        await web.TCPSite(runner, host, port, backlog=BACKLOG).start()
    except OSError as error:
        msg = f"cannot listen on {host} port {port}: {error.strerror or error}"
        raise CannotListen(msg) from None
