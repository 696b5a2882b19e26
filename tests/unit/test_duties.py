"""Tests of duties: a host answers keys by what its duties can do, and their workers are its own."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from textual.app import App
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import Screen

import cx_tui.app
import cx_tui.screens
from widgets.duties import Duty, has_duties, work


class Counting(Duty):
    """Counts."""

    host: "Host"

    def __init__(self, host: "Host") -> None:
        super().__init__(host)
        self.number = 0

    def action_add(self, many: int) -> None:
        """Count some more."""
        self.number += many

    def action_own(self) -> None:
        """What the host does itself."""
        self.number = -1

    @work(group="later", name="later")
    async def action_later(self) -> None:
        """Count in a worker."""
        self.number *= 10


@has_duties
class Host(App[None]):
    """Has one duty, and an act of its own."""

    BINDINGS = [
        Binding("a", "add(3)", "add"), Binding("l", "later", "later"), Binding("o", "own", "own"),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.counting = Counting(self)
        self.duties = (self.counting,)
        self.own = False

    def action_own(self) -> None:
        """The host's own."""
        self.own = True


async def test_a_key_calls_the_act_of_the_duty_that_has_it() -> None:
    host = Host()
    async with host.run_test() as pilot:
        await pilot.press("a", "a")
        assert host.counting.number == 6
        worker = host.counting.action_later()
        assert (worker.name, worker.group, worker.node) == ("later", "later", host)
        await worker.wait()
        assert host.counting.number == 60


async def test_an_act_of_the_host_itself_comes_first() -> None:
    host = Host()
    async with host.run_test() as pilot:
        await pilot.press("o")
        assert (host.own, host.counting.number) == (True, 0)


def test_what_no_duty_can_do_is_missed_as_ever() -> None:
    with pytest.raises(AttributeError, match="Host has no attribute action_nothing"):
        Host().action_nothing  # type: ignore[attr-defined]  # noqa: B018  # it is looked for, not called
    assert not hasattr(Host(), "counted")


def kinds(of: type[Any]) -> Iterator[type[Any]]:
    """All kinds of it, and theirs."""
    for kind in of.__subclasses__():
        yield kind
        yield from kinds(kind)


def test_no_act_of_a_duty_is_hidden_by_one_that_every_host_has() -> None:
    for package in (cx_tui.app, cx_tui.screens):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    acts = {
        f"{duty.__module__}.{name}"
        for duty in kinds(Duty)
        if duty is not Counting
        for name in dir(duty)
        if name.startswith("action_")
        for host in (App, Screen, Vertical)
        if hasattr(host, name)
    }
    assert not acts
