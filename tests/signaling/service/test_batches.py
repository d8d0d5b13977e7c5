"""Batches: one alone waits for nobody, many share a commit, and each gets its own answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from signaling.domain import commands as c
from signaling.domain.commands import Command
from signaling.protocol.vocabulary import LineId, SeatId
from signaling.service.batches import MOST, Batches

LINE = LineId("norr")


def command(number: int) -> Command:
    return c.LoseSeat(SeatId(str(number)))


class Commits:
    """What was committed together; waits at the gate before each."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.gate = asyncio.Event()
        self.entered = asyncio.Event()
        self.error: Exception | None = None

    async def __call__(self, _line_id: LineId, commands: Sequence[Command]) -> list[str | Exception]:
        self.entered.set()
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        ids = [one.seat_id for one in commands if isinstance(one, c.LoseSeat)]
        self.batches.append(list(ids))
        return [ValueError(one) if one == "13" else f"done {one}" for one in ids]


async def test_one_command_alone_is_done_at_once() -> None:
    commits = Commits()
    commits.gate.set()
    batches = Batches(commits)
    assert await batches.run(LINE, command(1)) == "done 1"
    assert await batches.run(LINE, command(2)) == "done 2"
    assert commits.batches == [["1"], ["2"]]


async def test_what_comes_during_a_commit_is_committed_together_in_its_order() -> None:
    commits = Commits()
    batches = Batches(commits)
    first = asyncio.create_task(batches.run(LINE, command(0)))
    await commits.entered.wait()
    rest = [asyncio.create_task(batches.run(LINE, command(number))) for number in range(1, 5)]
    await asyncio.sleep(0)
    commits.gate.set()
    assert await asyncio.gather(first, *rest) == [f"done {number}" for number in range(5)]
    assert commits.batches == [["0"], ["1", "2", "3", "4"]]


async def test_an_error_of_one_command_is_its_own() -> None:
    commits = Commits()
    commits.gate.set()
    batches = Batches(commits)
    answers = await asyncio.gather(*(batches.run(LINE, command(n)) for n in (12, 13, 14)), return_exceptions=True)
    assert [answers[0], answers[2]] == ["done 12", "done 14"]
    assert isinstance(answers[1], ValueError)


async def test_a_database_that_is_away_is_the_answer_to_all_and_the_next_batch_goes_on() -> None:
    commits = Commits()
    commits.gate.set()
    commits.error = OSError()
    batches = Batches(commits)
    answers = await asyncio.gather(*(batches.run(LINE, command(n)) for n in range(3)), return_exceptions=True)
    assert all(isinstance(answer, OSError) for answer in answers)
    commits.error = None
    assert await batches.run(LINE, command(7)) == "done 7"


async def test_a_long_queue_is_done_in_bounded_batches() -> None:
    commits = Commits()
    batches = Batches(commits)
    first = asyncio.create_task(batches.run(LINE, command(99)))
    await commits.entered.wait()
    rest = [asyncio.create_task(batches.run(LINE, command(n + 100))) for n in range(MOST + 1)]
    await asyncio.sleep(0)
    commits.gate.set()
    await asyncio.gather(first, *rest)
    assert [len(batch) for batch in commits.batches] == [1, MOST, 1]


async def test_lines_do_not_wait_for_each_other() -> None:
    commits = Commits()
    batches = Batches(commits)
    slow = asyncio.create_task(batches.run(LINE, command(1)))
    await commits.entered.wait()
    commits.entered.clear()
    other = asyncio.create_task(batches.run(LineId("south"), command(2)))
    await commits.entered.wait()
    commits.gate.set()
    assert (await slow, await other) == ("done 1", "done 2")


async def test_a_caller_that_gives_up_stops_nobody_else() -> None:
    commits = Commits()
    batches = Batches(commits)
    first = asyncio.create_task(batches.run(LINE, command(0)))
    await commits.entered.wait()
    impatient = asyncio.create_task(batches.run(LINE, command(1)))
    patient = asyncio.create_task(batches.run(LINE, command(2)))
    await asyncio.sleep(0)
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    commits.gate.set()
    assert (await first, await patient) == ("done 0", "done 2")
    assert commits.batches == [["0"], ["1", "2"]]


async def test_whoever_waits_behind_a_commit_that_is_given_up_is_served() -> None:
    commits = Commits()
    batches = Batches(commits)
    impatient = asyncio.create_task(batches.run(LINE, command(1)))
    await commits.entered.wait()
    patient = asyncio.create_task(batches.run(LINE, command(2)))
    await asyncio.sleep(0)
    impatient.cancel()
    commits.gate.set()
    assert await patient == "done 2"
    assert commits.batches == [["2"]]
    assert await batches.run(LINE, command(3)) == "done 3"
