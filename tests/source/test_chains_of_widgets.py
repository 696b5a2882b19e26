"""What widgets are made of: parts that they hold, rather than long chains of classes."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

import pytest
from textual.widget import Widget

import cx_tui
import widgets

DEEPEST, MOST = 3, 40
"""Classes of our own in a chain of bases, and methods over such a chain."""


def ours(owner: type) -> list[type]:
    """A class and its bases, as far as they are our own."""
    return [base for base in owner.__mro__ if base.__module__.partition(".")[0] in ("cx_tui", "widgets")]


def kinds_of_widgets() -> Iterator[type]:
    """The widgets of the room of that name, and what the program makes of them."""
    for package in (widgets, cx_tui):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if found.name.endswith("__main__") or ".migrations." in found.name:
                continue
            module = importlib.import_module(found.name)
            for _, owner in inspect.getmembers(module, inspect.isclass):
                general = any(base.__module__.startswith("widgets.") for base in ours(owner))
                if owner.__module__ == found.name and general and issubclass(owner, Widget):
                    yield owner


def methods(owner: type) -> int:
    """How many methods and properties a class and its bases define."""
    kinds = (staticmethod, classmethod, property)
    return sum(
        inspect.isfunction(one) or isinstance(one, kinds)
        for base in ours(owner)
        for one in vars(base).values()
    )


@pytest.mark.parametrize("owner", kinds_of_widgets(), ids=lambda owner: owner.__name__)
def test_a_widget_is_no_long_chain_and_does_not_do_everything_itself(owner: type) -> None:
    assert len(ours(owner)) <= DEEPEST
    assert methods(owner) <= MOST
