"""SQLAlchemy's asynchronous engine without its ORM, which this program has no use for.

`sqlalchemy.ext.asyncio` imports its sessions, and they the whole ORM: a fifth of what loading the
database takes at a start.  Here the package is put in place without running its `__init__`, and its
engine is loaded from it.  Whoever asks it for anything else, such as a session, makes it run after all
and gets what is asked for, so nothing depends on this being done.
"""

import sys
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from threading import RLock
from types import ModuleType
from typing import Any

PACKAGE = "sqlalchemy.ext.asyncio"
NAMES = ("AsyncConnection", "AsyncEngine", "create_async_engine")


def load_engine_alone() -> None:
    """Load the engine without the sessions, unless the package is loaded already."""
    spec = None if PACKAGE in sys.modules else find_spec(PACKAGE)
    if spec is None or spec.loader is None:
        return
    loader, package = spec.loader, module_from_spec(spec)
    # Another thread that asks meanwhile waits; this one, asking for a part of the package, must not.
    lock, loading = RLock(), [True]

    def run_after_all(name: str) -> Any:
        with lock:
            if name in package.__dict__:
                return package.__dict__[name]
            if name.startswith("__") or loading:
                raise AttributeError(name)
            loading.append(True)
            loader.exec_module(package)
            # From here on it is like any other package; who waited for the lock finds what it asked for.
            package.__dict__.pop("__getattr__", None)
            loading.clear()
            return getattr(package, name)

    with lock:
        package.__dict__["__getattr__"] = run_after_all
        sys.modules[PACKAGE] = package
        try:
            engine = import_module(f"{PACKAGE}.engine")
            package.__dict__.update({name: getattr(engine, name) for name in NAMES})
        except (ImportError, AttributeError):
            # It is built in another way than it was: then it is loaded as usual.
            _forget()
            return
        loading.clear()
    _at(package)


def _at(package: ModuleType) -> None:
    """Make the package known to its parent, as importing does."""
    parent, _, name = PACKAGE.rpartition(".")
    setattr(sys.modules[parent], name, package)


def _forget() -> None:
    for name in [name for name in sys.modules if name == PACKAGE or name.startswith(f"{PACKAGE}.")]:
        del sys.modules[name]
