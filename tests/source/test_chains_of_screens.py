"""How high screens, and what is behind them, stand above each other: whoever reads one method has to know all
classes of it.  What is made of widgets is another matter."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from typing import Any

import cx_tui.app
import cx_tui.screens
import cx_tui.services
import cx_tui.terminal

HIGHEST, MOST = 3, 40
"""So many classes of our own stand above each other, with so many methods together."""

NOT_YET = {"CxApp"}
"""Those that are above it; whoever brings one down takes it out."""


def modules() -> Iterator[Any]:
    """Those whose classes are looked at."""
    for package in (cx_tui.app, cx_tui.screens, cx_tui.services, cx_tui.terminal):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__"):
                yield importlib.import_module(found.name)


def is_own(kind: type) -> bool:
    """Whether a class is ours."""
    return kind.__module__.partition(".")[0] in ("cx_tui", "widgets")


def is_widget(kind: type) -> bool:
    """Whether a class is made of one of our widgets."""
    return any(base.__module__.startswith("widgets.") for base in kind.__mro__)


def methods(kind: type) -> int:
    """How many methods are written in a class itself."""
    parts = (one.fget if isinstance(one, property) else one for one in vars(kind).values())
    found = (inspect.unwrap(getattr(one, "__func__", one)) for one in parts if one is not None)
    return sum(inspect.isfunction(one) and one.__code__.co_filename == inspect.getfile(kind) for one in found)


def height(kind: type) -> int:
    """How many of our own stand above each other."""
    return 1 + max((height(base) for base in kind.__bases__ if is_own(base)), default=0)


def test_what_a_class_can_do_is_made_of_objects_not_of_classes_above_each_other() -> None:
    kinds = {
        kind
        for module in modules()
        for kind in vars(module).values()
        if inspect.isclass(kind) and kind.__module__ == module.__name__ and not is_widget(kind)
    }
    assert len(kinds) > 300
    too_much = {
        kind.__name__: (height(kind), sum(methods(one) for one in kind.__mro__ if is_own(one)))
        for kind in kinds
    }
    too_much = {
        name: (high, many) for name, (high, many) in too_much.items() if high > HIGHEST or many > MOST
    }
    assert too_much.keys() == NOT_YET, too_much
