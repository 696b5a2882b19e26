"""A tour: ten things with their keys, one after another, on whatever screen one is."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Thing:
    """Something to try, and the keys that have then been pressed, in their order."""

    says: str
    keys: tuple[str, ...]


THINGS = (
    Thing("Find: press /, type the first letters of a name you see, then enter.", ("slash", "enter")),
    Thing("See who is in trouble: go right to the column !, then . puts the worst first.", ("full_stop",)),
    Thing("Look inside: enter opens the card of this customer, esc closes it.", ("enter", "escape")),
    Thing("Ask why it can't call: W shows every gate, esc closes the answer.", ("W", "escape")),
    Thing("Mark: press space to mark this customer; once more marks the next.", ("space",)),
    Thing("Change all that are marked: e opens the fields, esc leaves them as they are.", ("e", "escape")),
    Thing("See who did what: Z is the log of everybody, and z in it undoes; esc closes it.", ("Z", "escape")),
    Thing("See what is due: b is the board of changes that wait, esc closes it.", ("b", "escape")),
    Thing("See what was sent: m is the outbox, esc closes it.", ("m", "escape")),
    Thing(
        "Find any key: press ? for those of the screen you are on, esc closes it.",
        ("question_mark", "escape"),
    ),
)
LEAVING = "Where a step does not ask for esc, esc ends the tour."
NAMES = {"upper_w": "W", "upper_z": "Z"}


class Tour:
    """How far somebody is; `say` shows the next step, and nothing when it is over."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._place = 0
        self._pressed = 0
        self.show()

    @property
    def is_over(self) -> bool:
        """Whether all was seen, or it was left."""
        return self._place >= len(THINGS)

    def show(self) -> None:
        """Say what to do now."""
        thing = THINGS[self._place]
        leaving = "" if self._place else f"  {LEAVING}"
        self._say(f"Tour, {self._place + 1} of {len(THINGS)}.  {thing.says}{leaving}")

    def heard(self, key: str) -> None:
        """A key was pressed: the step is done, or goes on, or the tour is left."""
        if self.is_over:
            return
        wanted = THINGS[self._place].keys[self._pressed]
        if NAMES.get(key, key) == wanted:
            self._pressed += 1
            if self._pressed == len(THINGS[self._place].keys):
                self._next()
        elif key == "escape" and key not in THINGS[self._place].keys:
            self._place = len(THINGS)
            self._say("")

    def _next(self) -> None:
        self._place, self._pressed = self._place + 1, 0
        if self.is_over:
            self._say("That was the tour.  ? shows the keys of any screen, : finds anything by its name.")
        else:
            self.show()
