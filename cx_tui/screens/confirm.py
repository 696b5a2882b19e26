"""A question before something is done: what it means in sentences, and the safe answer marked."""

from collections.abc import Sequence
from typing import ClassVar, cast

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.events import Click
from textual.geometry import Offset
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from cx_tui.screens.program import Program
from widgets.line import Part
from widgets.text import visible


class Answer(Static):
    """One answer with its key; a sign stands before the marked one."""

    def __init__(self, label: str, key: str, *, sign: str, id: str) -> None:
        super().__init__(markup=False, id=id)
        self._label = f"{visible(label)}  {key}"
        self._sign = sign
        self.mark(False)

    def mark(self, marked: bool) -> None:
        """Enter takes this answer, or the other one."""
        self.set_class(marked, "-marked")
        self.update(f"{self._sign if marked else ' '} {self._label} ")


class Confirm(ModalScreen[bool]):
    """Ask whether to do it.  The answer is no unless the operator says yes; with `typed` a number, or a
    word, has to be typed before yes is an answer at all.

    A line may be a `Part`, whose tone it gets.
    """

    CSS_PATH = "confirm.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "yes", "Yes", id="confirm.yes", tooltip="Do it."),
        Binding("n,escape", "no", "No", id="confirm.no", tooltip="Leave it as it is."),
        Binding("enter", "take", "Take", id="confirm.take", tooltip="Give the marked answer."),
        Binding("left,right,h,l,tab,shift+tab", "mark", "Other answer", id="confirm.mark",
                tooltip="Mark the other answer."),
        Binding("up,k", "scroll_words(-1)", "Up", id="confirm.up", tooltip="Read further up."),
        Binding("down,j", "scroll_words(1)", "Down", id="confirm.down", tooltip="Read further down."),
    ]  # fmt: skip

    words = getters.query_one("#words", VerticalScroll)

    def __init__(
        self,
        title: str,
        lines: Sequence[str | Part],
        yes: str = "Undo",
        typed: str | None = None,
        *,
        no: str = "Leave it",
    ) -> None:
        super().__init__()
        self._title = visible(title)
        self._lines = [Part(line) if isinstance(line, str) else line for line in lines]
        self._yes, self._no = yes, no
        self._typed = typed
        self._marks_yes = False

    def compose(self) -> ComposeResult:
        """The title, the sentences, the box for the number, the answers."""
        glyphs = cast(Program, self.app).glyphs
        with Vertical():
            yield Static(self._title, markup=False, id="title")
            with VerticalScroll(id="words", can_focus=False):
                for line in self._lines:
                    yield Static(
                        visible(line.text), markup=False, classes=f"-{line.tone}" if line.tone else ""
                    )
            if self._typed is not None:
                with Horizontal(id="typing"):
                    yield Static(f"Type {visible(self._typed)} to go on", markup=False, id="ask")
                    yield Input(compact=True, max_length=len(self._typed) + 8, id="typed")
            with Horizontal(id="answers"):
                database = cast(Program, self.app).database()
                yield Static(visible(database.text), markup=False, id="database", classes=f"-{database.tone}")
                yield Static(markup=False, id="wrong")
                yield Answer(self._no, "esc" if self._typed else "n", sign=glyphs.cursor, id="no")
                yield Answer(self._yes, "enter" if self._typed else "y", sign=glyphs.cursor, id="yes")

    def on_mount(self) -> None:
        """Begin at the safe answer."""
        self._mark_yes(False)

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where the terminal's own cursor belongs: on the marked answer."""
        answers = self.query("#yes" if self._marks_yes else "#no")
        # A frame may be drawn before they are there.
        return answers.first().region.offset if answers else self.region.offset

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """No single key says yes where a number has to be typed."""
        if self._typed is not None and action in ("yes", "mark"):
            return False
        return super().check_action(action, parameters)

    def action_yes(self) -> None:
        """Do it."""
        self.dismiss(True)

    def action_no(self) -> None:
        """Leave it."""
        self.dismiss(False)

    def action_take(self) -> None:
        """Give the marked answer."""
        self.dismiss(self._marks_yes)

    def action_mark(self) -> None:
        """Mark the other answer."""
        self._mark_yes(not self._marks_yes)

    def action_scroll_words(self, by: int) -> None:
        """Read on."""
        self.words.scroll_relative(y=by, animate=False)

    @on(Input.Changed, "#typed")
    def typing(self, event: Input.Changed) -> None:
        """Yes is an answer when what was typed is right."""
        self._say("")
        self._mark_yes(_plain(event.value) == _plain(self._typed or ""))

    @on(Input.Submitted, "#typed")
    def submitted(self, event: Input.Submitted) -> None:
        """Do it, leave it when nothing was typed, or say that something else was."""
        if self._marks_yes or not event.value.strip():
            self.action_take()
        else:
            self._say(f"That is not {self._typed}.")

    @on(Click, "#no")
    def no_clicked(self) -> None:
        """The safe answer."""
        self.action_no()

    @on(Click, "#yes")
    def yes_clicked(self) -> None:
        """Do it, if that can be answered yet."""
        if self._typed is None or self._marks_yes:
            self.action_yes()
        else:
            self._say(f"Type {self._typed} first.")

    def _mark_yes(self, yes: bool) -> None:
        self._marks_yes = yes
        answer = self.query_one("#yes", Answer)
        answer.mark(yes)
        answer.set_class(self._typed is not None and not yes, "-not-yet")
        self.query_one("#no", Answer).mark(not yes)

    def _say(self, sentence: str) -> None:
        self.query_one("#wrong", Static).update(visible(sentence))


def _plain(number: str) -> str:
    """What was typed without the signs that people put between thousands."""
    return "".join(number.split()).replace(",", "").casefold()
