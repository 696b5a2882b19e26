"""What a screen or a widget with many keys is made of: duties, objects that each do one job.

A binding names an act as ever, and Textual asks the host, which is the screen or the widget, for `action_…`.
The host hands over the act of the duty that has it.  What a duty does as a worker is a worker of its host.
"""

from collections.abc import Callable, Coroutine, Sequence
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from textual.dom import DOMNode
from textual.worker import Worker

D = TypeVar("D", bound="Duty")
P = ParamSpec("P")
R = TypeVar("R")


class Duty:
    """One job of its host; an act of it that a key calls is a method `action_…`."""

    host: DOMNode
    """What it is a duty of; each kind of duty says what that is."""

    def __init__(self, host: DOMNode) -> None:
        self.host = host


class HasDuties:
    """A screen or widget that does what its duties can."""

    duties: Sequence[Duty] = ()

    if not TYPE_CHECKING:  # whoever calls an act in the program names the duty that has it

        def __getattr__(self, name: str) -> Any:
            """An act that the host has not itself."""
            if name.startswith("action_"):
                for duty in self.duties:
                    if hasattr(duty, name):
                        return getattr(duty, name)
            raise AttributeError(f"{type(self).__name__} has no attribute {name}", name=name, obj=self)


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
