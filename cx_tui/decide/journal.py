"""What is reserved for the calls that are up, kept in a file: a server that was killed knows it again.

Each reservation is a line, and so is its end; they are written a few times a second.  A line that was cut off
by the end of a machine is left out.
"""

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cx_tui.decide.reserving import Reservations
from cx_tui.decide.sharing import Wish
from cx_tui.domain.admission.facts import Customer

LARGEST = 20_000_000
"""Bytes after which the file is written anew, with the calls that are still up."""


class Journal:
    """The file of one server's reservations."""

    def __init__(
        self, path: Path, reservations: Reservations, clock: Callable[[], float] = time.time
    ) -> None:
        self._path = path
        self._reservations = reservations
        self._clock = clock
        self._file: int | None = None
        self._size = 0

    def open(self, customers: Mapping[int, Customer]) -> int:
        """Take what was reserved when the server ended, and go on writing; says how many calls that are."""
        now = self._clock()
        for call, taken, until in self._kept():
            customer = customers.get(call.customer)
            if customer is not None and until > now:
                self._reservations.put(call.call, customer, (call.tariff, call.rules), taken, until - now)
        self._write_anew()
        self._reservations.changed.clear()
        return len(self._reservations)

    def keep(self) -> None:
        """Write what has changed since the last time."""
        changed = self._reservations.changed
        if not changed or self._file is None:
            return
        lines = "".join(self._line(key) for key in changed)
        changed.clear()
        self._size += os.write(self._file, lines.encode())
        if self._size > LARGEST:
            self._write_anew()

    def close(self) -> None:
        """Write the last of it."""
        self.keep()
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _line(self, key: str) -> str:
        found = self._reservations.wish_of(key)
        if found is None:
            return json.dumps([key]) + "\n"
        wish, (amount, free), left = found
        return json.dumps([key, wish.words(), amount, round(self._clock() + left, 3), free]) + "\n"

    def _kept(self) -> Iterator[tuple[Wish, tuple[int, int], float]]:
        found: dict[str, Any] = {}
        text = self._path.read_text("utf-8", "replace") if self._path.exists() else ""
        for line in text.splitlines():
            try:
                key, *rest = json.loads(line)
            except (ValueError, TypeError):
                continue
            if rest:
                found[key] = rest
            else:
                found.pop(key, None)
        for words, amount, until, *free in found.values():
            # Who wrote the file may not have known of free minutes yet.
            yield Wish.read(words), (int(amount), sum(map(int, free))), float(until)

    def _write_anew(self) -> None:
        if self._file is not None:
            os.close(self._file)
        new = self._path.with_suffix(".new")
        data = "".join(self._line(key) for key in self._reservations.keys()).encode()  # noqa: SIM118
        self._file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        self._size = os.write(self._file, data)
        new.replace(self._path)
