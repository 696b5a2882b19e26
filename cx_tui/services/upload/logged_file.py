"""What the log says of an uploaded file: how large it was, its checksum, what its columns meant."""

import asyncio
import hashlib
from collections.abc import Awaitable

from cx_tui.db.history import LONGEST_TITLE
from cx_tui.services.upload.order import Order

DIGITS = 16
"""So many digits of the checksum tell two files apart."""
LONGEST_NAME = 120


class LoggedFile:
    """The file of one upload, looked at in a thread of its own while its rows are judged."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._about: Awaitable[str] = asyncio.ensure_future(asyncio.to_thread(_about, order))

    async def title(self, before: str, created: int, updated: int) -> str:
        """What the operation is called: the file, what it did, and by which mapping."""
        name = f"{before}{self._order.path.name[:LONGEST_NAME]}"
        said = f"{name}: {created:,} new, {updated:,} changed; {await self._about}"
        return said if len(said) <= LONGEST_TITLE else f"{said[: LONGEST_TITLE - 1]}…"


def _about(order: Order) -> str:
    try:
        with order.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = f"{file.tell():,} bytes, SHA-256 {digest[:DIGITS]}"
    except OSError:
        size = "the file is gone"  # its rows were read by then
    mapping = " ".join(f"{place + 1}={name}" for place, name in sorted(order.mapping.items()))
    profile = f"profile {order.profile}, " if order.profile else ""
    return f"{size}, {profile}columns {mapping}"
