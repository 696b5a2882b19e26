"""The form: tabs of fields, what was typed in them, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widget import Widget

from widgets.grid.glyphs import ASCII as ASCII_GLYPHS
from widgets.grid.glyphs import UNICODE as UNICODE_GLYPHS
from widgets.line import Line, Part
from widgets.text import visible

from . import messages
from .bar import Tab, TabBar
from .draft import Draft
from .entry import Entry
from .field import FormField
from .keys import FORM
from .page import Page
from .plan import Plan
from .signs import ASCII, UNICODE

STAR = 2  # the cells of the star of a required field


class Form(Widget):
    """Fields on tabs.  A tab's editors are made when it is first shown; the texts of all are always here."""

    BINDINGS: ClassVar[list[BindingType]] = [*FORM]

    DEFAULT_CSS = """
    Form { layout: vertical; height: 1fr; }
    """

    Edited = messages.Edited
    Left = messages.Left
    TabShown = messages.TabShown

    def __init__(
        self,
        fields: Sequence[FormField],
        *,
        ascii: bool = False,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._draft = Draft(fields)
        self._tabs = list(dict.fromkeys(field.tab for field in fields))
        self._tab = self._tabs[0]
        self._labels = max(cell_len(visible(field.label)) + STAR * field.required for field in fields)
        self._signs = ASCII if ascii else UNICODE
        self._glyphs = ASCII_GLYPHS if ascii else UNICODE_GLYPHS
        self._pages: dict[str, Page] = {}
        self._here = self._asleep = ""

    def compose(self) -> ComposeResult:
        """The tabs, the first page, the help line."""
        first = self._page(self._tab)
        editor = first.editor(first.names[0])
        if isinstance(editor, Entry):
            editor.stays = True  # nobody went there
        self._bar = TabBar(self._signs, glyphs=self._glyphs)
        self._help = Line(glyphs=self._glyphs)
        yield self._bar
        yield first
        yield self._help

    def rows_at(self, width: int) -> int:
        """The lines of the longest tab at this width, as it is now, with the bar and the help."""
        told = [(field, self._draft.note(field.name)) for field in self._draft.fields.values()]
        plans = (Plan(width, self._labels, [one for one in told if one[0].tab == tab]) for tab in self._tabs)
        return 2 + max(plan.height for plan in plans)

    # Texts

    @property
    def values(self) -> dict[str, str]:
        """The texts of all fields, as they are now."""
        return dict(self._draft.values)

    @property
    def base(self) -> dict[str, str]:
        """The texts that the form began with."""
        return dict(self._draft.base)

    @property
    def changed(self) -> dict[str, str]:
        """The texts that differ from those the form began with."""
        return self._draft.changed

    def show(self, values: Mapping[str, str], *, keep_tab: bool = True) -> None:
        """Begin anew with these texts; a field that isn't named is empty.  Tells nothing."""
        self._draft.begin(values)
        for name, text in self._draft.values.items():
            self._write(name, text)
        self._say(self._draft.fields)
        if not keep_tab:
            self.show_tab(self._tabs[0])

    def set(self, name: str, text: str) -> None:
        """Put a text into a field as if it were typed.  Tells nothing."""
        if self._draft.set(name, text):
            self._write(name, text)
            self._say([name])

    def _write(self, name: str, text: str) -> None:
        """Show a text where its editor is made."""
        if page := self._pages.get(self._draft.fields[name].tab):
            page.write(name, text)

    def _typed(self, name: str, text: str) -> None:
        """Take what an editor tells."""
        if self._draft.set(name, text):
            self._say([name])
            self.post_message(self.Edited(self, name, text))

    # What is wrong

    @property
    def errors(self) -> dict[str, str]:
        """What is known to be wrong, in the order of the fields."""
        return self._draft.errors

    def check_all(self) -> dict[str, str]:
        """Check every field: what is wrong by the form's own checks, in the order of the fields."""
        found = self._draft.check_all()
        self._say(self._draft.fields)
        return found

    def show_errors(self, errors: Mapping[str, str]) -> None:
        """Show errors found elsewhere in place of such ones before; each stays until its field is changed."""
        self._draft.tell(errors)
        self._say(self._draft.fields)

    def first_error(self) -> bool:
        """Go to the first field that is wrong: whether there is one."""
        wrong = next(iter(self._draft.errors), "")
        if wrong:
            self.go(wrong)
        return bool(wrong)

    # Where one is

    @property
    def tab(self) -> str:
        """The tab that is shown."""
        return self._tab

    @property
    def current(self) -> str:
        """The name of the field that has the focus, or nothing."""
        return self._here

    def go(self, name: str) -> None:
        """Go to a field, on whatever tab it is; what is typed there is added to its text."""
        self.call_next(self._go, name, stays=True)

    def show_tab(self, tab: str) -> None:
        """Show a tab; if the form has the focus, it goes to the tab's first field."""
        first = next(field.name for field in self._draft.fields.values() if field.tab == tab)
        self.call_next(self._go, first, tab == self._tab or not self._here)

    async def _go(self, name: str, keep_focus: bool = False, *, stays: bool = False) -> None:
        """Show the tab of a field, made if it is new, and give the field the focus."""
        if not self.is_attached:
            return  # the form was closed meanwhile
        tab = self._draft.fields[name].tab
        page = self._page(tab)
        if not page.is_attached:
            await self.mount(page, before=self._help)
        editor = page.editor(name)
        if isinstance(editor, Entry) and not keep_focus:
            editor.stays = stays
        if tab != self._tab:
            before, self._tab = self._pages[self._tab], tab
            page.display = True
            if not keep_focus:
                self.screen.set_focus(editor, scroll_visible=False)
            before.display = False
            self._say(())
            self.post_message(self.TabShown(self, tab))
        if not keep_focus:
            self.screen.set_focus(editor, scroll_visible=False)

    def _page(self, tab: str) -> Page:
        """The page of a tab."""
        if tab not in self._pages:
            fields = [field for field in self._draft.fields.values() if field.tab == tab]
            self._pages[tab] = Page(fields, self._draft, self._labels, self._signs, self._typed)
        return self._pages[tab]

    async def action_move(self, by: int) -> None:
        """Go to a field below or above, on this tab."""
        names = self._pages[self._tab].names
        place = names.index(self._here) + by if self._here in names else 0
        if 0 <= place < len(names):
            await self._go(names[place])

    async def action_page(self, by: int) -> None:
        """Go a page down or up."""
        if self._here:
            await self._go(self._pages[self._tab].beyond(self._here, by))

    async def action_turn(self, by: int) -> None:
        """Go to the first field of the next tab, or of the one before; after the last comes the first."""
        tab = self._tabs[(self._tabs.index(self._tab) + by) % len(self._tabs)]
        await self._go(next(field.name for field in self._draft.fields.values() if field.tab == tab))

    @on(TabBar.Chosen)
    async def _choose_tab(self, event: TabBar.Chosen) -> None:
        """A tab was clicked."""
        event.stop()
        self.show_tab(self._tabs[event.place])

    def on_descendant_focus(self) -> None:
        """A field has the focus."""
        self._follow_focus()

    def on_descendant_blur(self) -> None:
        """A field has lost the focus, perhaps to none."""
        self._follow_focus()

    def _follow_focus(self) -> None:
        """Check the field that was left, and mark the one that has the focus."""
        page = self._pages[self._tab]
        left, self._here = self._here, page.name_of(self.screen.focused)
        if left == self._here:
            return
        page.go(self._here)
        if left:
            self._draft.check(left)
            self.post_message(self.Left(self, left))
        self._say([left] if left else [])

    def watch_disabled(self, disabled: bool) -> None:
        """Give the focus back to its field when the form can be used again."""
        if disabled:
            self._asleep = self._here
        super().watch_disabled(disabled)
        if not disabled and self._asleep:
            self.go(self._asleep)

    # What is said

    def _say(self, names: Iterable[str]) -> None:
        """Say anew what is said of these fields, on the tabs, and in the help line."""
        if not self.is_mounted:
            return
        by_tab: dict[str, list[str]] = {}
        for name in names:
            by_tab.setdefault(self._draft.fields[name].tab, []).append(name)
        for tab, changed in by_tab.items():
            if tab in self._pages:
                self._pages[tab].redraw(changed)
        keys = self._keys()
        turn = " ".join(keys[binding] for binding in ("form.tab_before", "form.tab_after") if binding in keys)
        hint = [Part(f"{turn} tabs ", "dim")] if turn and len(self._tabs) > 1 else []
        self._bar.show_tabs([self._tab_now(tab) for tab in self._tabs], self._tabs.index(self._tab), hint)
        self._say_help(keys)

    def _keys(self) -> dict[str, str]:
        """The first key of each binding that works now, by the binding's id."""
        bound = reversed(list(self.screen.active_bindings.values()))
        return {each.binding.id: self.app.get_key_display(each.binding) for each in bound if each.binding.id}

    def _tab_now(self, tab: str) -> Tab:
        """A tab with what is wrong and changed on it."""
        names = [field.name for field in self._draft.fields.values() if field.tab == tab]
        errors = sum(1 for name in names if self._draft.error(name))
        return Tab(tab, errors, any(self._draft.is_changed(name) for name in names))

    def _say_help(self, keys: Mapping[str, str]) -> None:
        """The error of the field that has the focus, or its help, and the keys of its editor."""
        if not self._here:
            self._help.show()
            return
        field, error = self._draft.fields[self._here], self._draft.error(self._here)
        said = Part(f" ! {error}", "bad") if error else Part(f" {field.help}", "dim")
        hints = [(keys[binding], word) for binding, word in field.editor.hints if binding in keys]
        self._help.show(said, right=[Part(f"{key} {word} ", "dim") for key, word in hints])

    def on_mount(self) -> None:
        """Say what is said at first."""
        self._say(())

    def on_resize(self, _event: events.Resize) -> None:
        """Say it at this width."""
        self._say(())
