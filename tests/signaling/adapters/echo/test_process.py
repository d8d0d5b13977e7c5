"""The echo program for real: what it answers, and that it is gone afterwards, whatever happens."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest
import pytest_asyncio

from signaling.adapters.echo import process as echo_process
from signaling.adapters.echo.process import EchoProcess
from signaling.adapters.echo.spoken import EchoError, EchoRefused, EchoRequest
from tests.support.echo import an_offer, until_gone

NO_CALL = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"


@pytest_asyncio.fixture
async def echo() -> AsyncIterator[EchoProcess]:
    started = await EchoProcess.start()
    yield started
    await started.end()


async def refusal_of(echo: EchoProcess, sdp: str) -> EchoError:
    with pytest.raises(EchoRefused) as refusal:
        await echo.answer(EchoRequest(sdp))
    return refusal.value.error


async def test_an_offer_is_answered_with_sound_picture_and_addresses(echo: EchoProcess) -> None:
    answer = await echo.answer(EchoRequest(await an_offer()))
    assert [line.split()[0] for line in answer.splitlines() if line.startswith("m=")] == ["m=audio", "m=video"]
    assert answer.count("a=sendrecv") == 2
    assert "a=candidate:" in answer


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: "x",
        lambda _: "ö" * 30_000,
        lambda _: NO_CALL,
        lambda sdp: sdp.partition("m=video")[0],
        lambda sdp: sdp + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:2\r\n",
        lambda sdp: sdp.replace("a=fingerprint", "a=finger"),
        lambda sdp: sdp.replace("m=audio ", "m=audio ninety "),
        lambda sdp: sdp.replace("a=ice-ufrag", "a=ice"),
    ],
    ids=["a letter", "much of one letter", "nothing to call with", "no picture", "a data channel", "no fingerprint",
         "no number", "no name"],
)  # fmt: skip
async def test_what_is_no_offer_of_a_call_is_refused_and_ends_the_program(echo: EchoProcess, spoil: object) -> None:
    assert callable(spoil)
    assert await refusal_of(echo, spoil(await an_offer())) is EchoError.BAD_OFFER
    await until_gone(echo.pid)


async def test_names_and_other_kinds_of_addresses_are_left_out_and_many_are_cut_short(echo: EchoProcess) -> None:
    offer = (await an_offer()).replace("a=candidate:", "a=was:")
    names = [
        "a=candidate:1 1 udp 1 kiosk.invalid 9 typ host",
        "a=candidate:1 1 tcp 1 192.0.2.1 9 typ host tcptype active",
        "a=candidate:short",
    ]
    many = [f"a=candidate:{n} 1 udp {n} 192.0.2.1 {1000 + n} typ host" for n in range(1, 200)]
    offer = offer.rstrip() + "\r\n" + "\r\n".join([*names, *many, *many]) + "\r\n"
    assert "a=candidate:" in await echo.answer(EchoRequest(offer))


async def test_it_ends_when_its_input_closes(echo: EchoProcess) -> None:
    await echo.answer(EchoRequest(await an_offer()))
    await echo.end()
    await until_gone(echo.pid)


async def test_it_ends_when_its_input_closes_before_it_was_asked(echo: EchoProcess) -> None:
    await echo.end()
    await until_gone(echo.pid)


@pytest.mark.thorough
@pytest.mark.slow
async def test_a_call_that_nobody_ends_is_over_after_its_time(echo: EchoProcess) -> None:
    await echo.answer(EchoRequest(await an_offer()))
    await echo.ended()
    await until_gone(echo.pid, timeout_s=1)


async def test_a_program_that_hangs_is_killed(echo: EchoProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(echo_process, "LIFE_S", 0.1)
    monkeypatch.setattr(echo_process, "PATIENCE_S", 0.1)
    await echo.answer(EchoRequest(await an_offer()))
    os.kill(echo.pid, signal.SIGSTOP)
    await echo.ended()
    await until_gone(echo.pid)


async def test_a_program_that_keeps_silent_is_broken(echo: EchoProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(echo_process, "ANSWER_S", 0.1)
    monkeypatch.setattr(echo_process, "PATIENCE_S", 0.1)
    os.kill(echo.pid, signal.SIGSTOP)
    assert await refusal_of(echo, await an_offer()) is EchoError.BROKEN


async def test_a_program_that_is_gone_is_broken(echo: EchoProcess) -> None:
    os.kill(echo.pid, signal.SIGKILL)
    await until_gone(echo.pid)
    assert await refusal_of(echo, await an_offer()) is EchoError.BROKEN


async def test_it_is_given_none_of_the_server_s_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIBRARIAN_TURN__SECRET", "hush")
    echo = await EchoProcess.start()
    try:
        await echo.answer(EchoRequest(await an_offer()))
        assert [name for name in psutil.Process(echo.pid).environ() if name.startswith("LIBRARIAN")] == []
    finally:
        await echo.end()


_SERVER_THAT_DIES = """
import asyncio, os, signal, sys
from signaling.adapters.echo.process import EchoProcess
from signaling.adapters.echo.spoken import EchoRequest
async def main():
    echo = await EchoProcess.start()
    await echo.answer(EchoRequest(sys.stdin.read()))
    print(echo.pid, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""


async def test_it_ends_when_the_server_is_killed() -> None:
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _SERVER_THAT_DIES, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    said, _ = await server.communicate((await an_offer()).encode())
    assert server.returncode == -signal.SIGKILL
    await until_gone(int(said), timeout_s=5)


def test_the_server_itself_loads_no_media_library(project_root: Path) -> None:
    """It stays small, and no fault of such a library can end it."""
    loaded = "import sys, signaling.app; print([m for m in ('aiortc', 'av', 'aioice', 'numpy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True, cwd=project_root)
    assert done.stdout.strip() == "[]"
