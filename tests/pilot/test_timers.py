"""A timer that is to go off once goes off, however late: nothing waits for it for ever, or stands still."""

import asyncio
from time import monotonic

import pytest
from textual.app import App
from textual.notifications import Notification
from textual.widgets._toast import Toast

from cx_tui.terminal.in_order import InOrder


async def goes_off(app: App[None], delay: float) -> bool:
    """Whether a timer with this delay goes off soon."""
    heard: list[float] = []
    async with app.run_test() as pilot:
        app.set_timer(delay, lambda: heard.append(monotonic()))
        end = monotonic() + 2
        while not heard and monotonic() < end:
            await pilot.pause(0.01)
    return bool(heard)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("delay", [-0.000001, -1, 0, 0.01])
async def test_a_timer_goes_off_whatever_its_delay_is(delay: float) -> None:
    assert await goes_off(InOrder[None](), delay)


@pytest.mark.timeout(20)
async def test_a_timer_goes_off_although_the_program_was_away_as_it_began(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Late:
        """A clock that goes on between two looks of this timer, as where others have the processor."""

        late = 0.0

        def get_time(self) -> float:
            task = asyncio.current_task()
            self.late += 0.05 if task and task.get_name().startswith("set_timer") else 0
            return monotonic() + self.late

    monkeypatch.setattr("textual.timer._time", Late())
    assert await goes_off(InOrder[None](), 0.01)


@pytest.mark.timeout(20)
async def test_a_message_whose_time_is_over_as_it_is_shown_does_not_stop_the_program() -> None:
    app = InOrder[None]()
    async with app.run_test() as pilot:
        toast = Toast(Notification("It was seen.", timeout=-0.000001))
        await app.screen.mount(toast)
        end = monotonic() + 5
        while toast.is_attached:
            assert monotonic() < end
            await pilot.pause(0.01)
