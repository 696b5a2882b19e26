"""What a screen or a widget with many keys is made of: duties, objects that each do one job.

A binding names an act as ever, and Textual asks the host, which is the screen or the widget, for `action_…`.
The host hands over the act of the duty that has it.  What a duty does as a worker is a worker of its host.
"""

from collections.abc import Callable, Coroutine
from functools import partial, wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from textual.worker import Worker


class OfHost(Protocol):
    """What belongs to a screen or widget."""

    host: Any


C = TypeVar("C", bound=type)
D = TypeVar("D", bound=OfHost)
P = ParamSpec("P")
R = TypeVar("R")


class Duty:
    """One job of its host; an act of it that a key calls is a method `action_…`."""

    host: Any
    """The screen or widget that it is a duty of; each kind of duty says what that is."""

    def __init__(self, host: Any) -> None:
        self.host = host


def has_duties(host: C) -> C:
    """A class of screens or widgets that have `duties`, and hand over their acts."""
    host.duties = ()  # type: ignore[attr-defined]  # until it has some

    def act(self: Any, name: str) -> Any:
        """An act that the host has not itself; whoever calls one in a program names its duty."""
        if name.startswith("action_"):
            for duty in self.duties:
                if hasattr(duty, name):
                    return getattr(duty, name)
        raise AttributeError(f"{type(self).__name__} has no attribute {name}", name=name, obj=self)

    host.__getattr__ = act  # type: ignore[attr-defined]  # not declared: names are still checked
    return host


def work(
    *, group: str = "default", name: str = "", exclusive: bool = False
) -> Callable[[Callable[Concatenate[D, P], Coroutine[Any, Any, R]]], Callable[Concatenate[D, P], Worker[R]]]:
    """Textual's `work` for a method of a duty: calling it begins a worker of the host."""

    def decorator(
        method: Callable[Concatenate[D, P], Coroutine[Any, Any, R]],
    ) -> Callable[Concatenate[D, P], Worker[R]]:
        @wraps(method)
        def begun(duty: D, /, *args: P.args, **kwargs: P.kwargs) -> Worker[R]:
            worker: Worker[R] = duty.host.run_worker(
                partial(method, duty, *args, **kwargs),
                name=name or method.__name__, group=group, exclusive=exclusive,
            )  # fmt: skip
            return worker

        return begun

    return decorator
