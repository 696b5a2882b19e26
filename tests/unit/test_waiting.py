"""How long an answer has been waited for: what keeps this program busy is no fault of the database."""

import asyncio
import time

from cx_tui.services.waiting import PART, Stopwatch, is_answered


def keep_busy(seconds: float) -> None:
    """Nobody looks at anything else for so long."""
    time.sleep(seconds)


async def busy(stop: asyncio.Event) -> None:
    """A program that has much to do: between two looks at what has come pass three parts of the time."""
    while not stop.is_set():
        keep_busy(3 * PART)
        await asyncio.sleep(0)


async def steps(number: int) -> None:
    """An answer of several questions, each of which is answered at once."""
    for _ in range(number):
        await asyncio.sleep(0)


async def test_an_answer_that_nobody_could_look_at_is_not_late() -> None:
    stop = asyncio.Event()
    work = asyncio.create_task(busy(stop))
    began = time.monotonic()
    assert await is_answered(asyncio.ensure_future(steps(8)), 1.0)
    assert time.monotonic() - began > 1.0, "the program was busy for longer than that"
    stop.set()
    await work


async def test_what_never_answers_is_told_in_its_time() -> None:
    answer = asyncio.get_running_loop().create_future()
    began = time.monotonic()
    assert not await is_answered(answer, 0.3)
    assert time.monotonic() - began >= 0.3


async def test_a_stopwatch_stands_still_while_the_program_is_busy() -> None:
    watch = Stopwatch()
    await asyncio.sleep(0)
    keep_busy(1.0)
    await asyncio.sleep(2.5 * PART)
    assert 0 < watch.seconds < 0.5
    watch.stop()
