"""One tab of a form: it places the editors, and draws the labels and notes around them itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.strip import Strip
from textual.widget import Widget

from widgets.text import fit, visible

from .draft import Draft
from .editor import Made, Setting
from .field import FormField
from .looks import CSS, LOOKS, Look
from .plan import GUTTER, Plan, Slot
from .signs import Signs


class Planned(Layout):
    """Puts the editors of a page where its plan says."""

    name = "planned"

    def __init__(self, page: Page) -> None:
        self._page = page

    def arrange(
        self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True
    ) -> ArrangeResult:
        plan = self._page.plan_for(size.width)
        places = zip(plan.slots, children, strict=True)
        return [WidgetPlacement(slot.editor, NULL_OFFSET, NULL_SPACING, child) for slot, child in places]


class Page(Widget):
    """The fields of one tab, one under another; its only children are their editors."""

    ALLOW_SELECT = False

    COMPONENT_CLASSES: ClassVar[set[str]] = LOOKS

    DEFAULT_CSS = f"""
    Page {{
        height: 1fr;
        overflow-y: auto;
        scrollbar-gutter: stable;
        scrollbar-size: 0 1;
        {CSS}
    }}
    """

    def __init__(
        self,
        fields: Sequence[FormField],
        draft: Draft,
        labels: int,
        signs: Signs,
        tell: Callable[[str, str], None],
    ) -> None:
        self._fields, self._draft, self._labels, self._signs = fields, draft, labels, signs
        self._made = {field.name: self._build(field, tell) for field in fields}
        self._notes = {field.name: draft.note(field.name) for field in fields}
        self._plan = Plan(0, 0, ())
        self._stale = False
        self._here = ""
        super().__init__(*(made.widget for made in self._made.values()))
        self._by_plan = Planned(self)

    def _build(self, field: FormField, tell: Callable[[str, str], None]) -> Made:
        """Make the editor of a field."""
        text = self._draft.values[field.name]
        setting = Setting(text, partial(tell, field.name), self.look, field.label, field.fixed, self._signs)
        return field.editor.build(setting)

    @property
    def layout(self) -> Layout:
        """By the plan."""
        return self._by_plan

    def plan_for(self, width: int) -> Plan:
        """Where everything stands at this width."""
        if self._plan.width != width or self._stale:
            self._plan, self._stale = self._planned(width), False
            self.refresh()
        return self._plan

    def _planned(self, width: int) -> Plan:
        """The plan for the notes as they are."""
        return Plan(width, self._labels, [(field, self._notes[field.name]) for field in self._fields])

    # Fields by name

    @property
    def names(self) -> Sequence[str]:
        """The names of the fields, in their order."""
        return list(self._made)

    def name_of(self, widget: Widget | None) -> str:
        """The field whose editor has this widget."""
        if widget is None:
            return ""
        line = set(widget.ancestors_with_self)
        return next((name for name, made in self._made.items() if made.widget in line), "")

    def editor(self, name: str) -> Widget:
        """The editor of a field, or the part of it that takes the focus."""
        widget = self._made[name].widget
        parts = (part for part in widget.walk_children(Widget, with_self=True) if part.focusable)
        return next(parts, widget)

    def write(self, name: str, text: str) -> None:
        """Give an editor another text."""
        self._made[name].write(text)

    def beyond(self, name: str, pages: int) -> str:
        """The field that is some pages below a field, or above."""
        slot = self._plan.slot(name)
        y = max(0, min(slot.y + pages * max(1, self.size.height - 1), self._plan.height - 1))
        found = self._plan.at(y)
        return found.field.name if found else name

    def go(self, name: str) -> None:
        """Mark the field that has the focus (none: an empty name), and bring it into view."""
        for each in (self._here, name):
            self._redraw_slot(each)
        self._here = name
        self.see(name)

    def see(self, name: str) -> None:
        """Bring a field and its note into view."""
        if name in self._made and self._plan.slots:
            slot = self._plan.slot(name)
            self.scroll_to_region(Region(0, slot.y, 1, min(slot.height, self.size.height)), animate=False)

    def redraw(self, names: Sequence[str]) -> None:
        """Say anew what is said of these fields; the layout changes only where notes need other rows."""
        self._notes |= {name: self._draft.note(name) for name in names}
        fresh = self._planned(self._plan.width)
        if [slot.height for slot in fresh.slots] != [slot.height for slot in self._plan.slots]:
            self._stale = True
            # Asked of an editor, because a widget keeps how its own children stand until one of them asks; a
            # page that is being shown for the first time has none yet, and will ask by itself.
            for child in self.children[:1]:
                child.refresh(layout=True)
            self.call_after_refresh(self.see, self._here)
            return
        self._plan = fresh
        for name in names:
            self._redraw_slot(name)

    def _redraw_slot(self, name: str) -> None:
        """Draw the rows of a field again."""
        if name in self._made and self._plan.slots:
            slot = self._plan.slot(name)
            self.refresh(Region(0, slot.y - self.scroll_offset.y, self.size.width, slot.height))

    # Drawing

    def look(self, name: Look) -> Style:
        """The style of a look."""
        return self.get_component_rich_style(f"page--{name}")

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Labels and notes move with the editors."""
        super().watch_scroll_y(old_value, new_value)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """A label and a note; the editor covers what is between them."""
        width = self.size.width
        row = y + self.scroll_offset.y
        slot = self._plan.at(row)
        pieces = self._pieces(slot, row) if slot else []
        segments: list[Segment] = []
        end = 0
        for x, text, look in pieces:
            segments += [Segment(" " * (x - end), self.rich_style), Segment(text, self.look(look))]
            end = x + cell_len(text)
        return Strip(segments).adjust_cell_length(width, self.rich_style)

    def _pieces(self, slot: Slot, row: int) -> list[tuple[int, str, Look]]:
        """What is drawn in one row of a field, and where."""
        name, signs = slot.field.name, self._signs
        pieces: list[tuple[int, str, Look]] = []
        if row == slot.y:
            here, changed = name == self._here, self._draft.is_changed(name)
            if here:
                pieces.append((0, signs.focus, "accent"))
            if changed:
                pieces.append((1, signs.changed, "accent"))
            label, star = visible(slot.field.label), " *" if slot.field.required else ""
            room = (self._plan.labels if slot.editor.y == row else self._plan.width - GUTTER) - len(star)
            label = fit(label, room, ellipsis=signs.ellipsis).rstrip() if cell_len(label) > room else label
            pieces.append((GUTTER, label + star, "here" if here else "label"))
        tone = self._notes[name].tone
        pieces += [(line.x, line.text, tone) for line in slot.note if line.y == row]
        return pieces

    def on_click(self, event: events.Click) -> None:
        """A click on a label goes to its field."""
        slot = self._plan.at(event.screen_y - self.region.y + self.scroll_offset.y)
        if slot and slot.field.name != self.name_of(self.screen.focused):
            self.editor(slot.field.name).focus()
