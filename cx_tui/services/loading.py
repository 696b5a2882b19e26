"""Loading what is large only when it is needed, and without keeping keys waiting."""

import asyncio
from importlib import import_module
from types import ModuleType


async def loaded(name: str) -> ModuleType:
    """A module, which is loaded in a thread when it has not been yet."""
    return await asyncio.to_thread(import_module, name)
