"""The hours that are edited: their bits, what is tried before it is taken, and what there was before."""

from __future__ import annotations

from collections.abc import Callable

from .bits import bits_of, value_of

KEPT = 100


class Hours:
    """A value, the allowed steps as 672 bits, Monday 00:00 the most significant; None is always."""

    def __init__(
        self, value: int | None, changed: Callable[[], None], tell: Callable[[int | None], object]
    ) -> None:
        self.value = value
        self.tried: int | None = None
        """Bits that are being painted or typed."""
        self._changed = changed
        self._tell = tell
        self._past: tuple[int | None, ...] = ()

    @property
    def bits(self) -> int:
        """The bits that are drawn: those that are tried, else the value's."""
        return bits_of(self.value) if self.tried is None else self.tried

    def show(self, value: int | None) -> None:
        """Have another value; what the owner sets is not the operator's to take back."""
        if value != self.value:
            self._set(value, ())

    def change(self, bits: int) -> None:
        """Set these bits, if they are others."""
        if bits != bits_of(self.value):
            self._set(value_of(bits), (*self._past, self.value)[-KEPT:])
            self._tell(self.value)

    def take_tried(self) -> None:
        """Set what was tried."""
        bits, self.tried = self.bits, None
        self.change(bits)

    def undo(self) -> bool:
        """Take the last change back; False if there is none."""
        if not self._past:
            return False
        *past, value = self._past
        self._set(value, tuple(past))
        self._tell(self.value)
        return True

    def _set(self, value: int | None, past: tuple[int | None, ...]) -> None:
        """Set a value, with what came before it."""
        self.value, self._past = value, past
        self._changed()
