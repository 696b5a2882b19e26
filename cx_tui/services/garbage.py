"""Python's search for garbage in cycles, switched off while very many objects without any are made."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def not_collected(*, kept: bool = False) -> Iterator[None]:
    """Rows have no cycles; to look for some again and again would take a sixth of the time.  What is made
    and `kept` for good is not looked at later either."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if kept:
            gc.freeze()
        if on:
            gc.enable()
