"""SQLAlchemy's asynchronous engine without its ORM, which this program has no use for.

`sqlalchemy.ext.asyncio` imports its sessions, and they the whole ORM: a fifth of what loading the
database takes at a start.  Here the package is put in place without running its `__init__`, and its
engine is loaded from it.  Whoever asks it for anything else, such as a session, makes it run after all
and gets what is asked for, so nothing depends on this being done.
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from threading import RLock
from types import ModuleType
from typing import Any

PACKAGE = "sqlalchemy.ext.asyncio"
NAMES = ("AsyncConnection", "AsyncEngine", "create_async_engine")


def load_engine_alone() -> None:
    """Load the engine without the sessions, unless the package is loaded already.

    By an import as any other, so that threads that import it at the same time wait for one another.
    """
    if PACKAGE not in sys.modules:
        finder = _Finder()
        sys.meta_path.insert(0, finder)
        try:
            import_module(PACKAGE)
        finally:
            finder.leave()


class _Finder(MetaPathFinder):
    """Finds the package, once, with a loader that runs only a part of it."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != PACKAGE:
            return None
        self.leave()
        spec = find_spec(PACKAGE)
        if spec and spec.loader:
            spec.loader = _EngineLoader(spec.loader)
        return spec

    def leave(self) -> None:
        """Find nothing any more."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)


class _EngineLoader(Loader):
    """Loads the engine of the package, and the rest of it when somebody asks for it."""

    def __init__(self, whole: Loader) -> None:
        self._whole = whole
        self._lock = RLock()
        self._loading = True

    def exec_module(self, module: ModuleType) -> None:
        def run_after_all(name: str) -> Any:
            with self._lock:
                if not name.startswith("__") and not self._loading:
                    self._loading = True
                    self._whole.exec_module(module)
                if name not in module.__dict__:
                    raise AttributeError(f"module {PACKAGE!r} has no attribute {name!r}")
                return module.__dict__[name]

        with self._lock:
            module.__dict__["__getattr__"] = run_after_all
            try:
                engine = import_module(f"{PACKAGE}.engine")
                module.__dict__.update({name: getattr(engine, name) for name in NAMES})
            except (ImportError, AttributeError):
                # It is built in another way than it was: then it is loaded as usual.
                del module.__dict__["__getattr__"]
                self._whole.exec_module(module)
                return
            self._loading = False
