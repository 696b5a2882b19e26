"""The keys of the editor, and those of them it says itself."""

from __future__ import annotations

from textual.binding import Binding
from textual.widget import Widget


def _key(keys: str, name: str, action: str, title: str, tooltip: str) -> Binding:
    """A binding that no footer shows: the editor itself says the most used ones."""
    return Binding(keys, action, title, show=False, id=f"week.{name}", tooltip=tooltip)


KEYS = (
    _key("left,h", "left", "move(0, -1)", "Earlier", "Go 15 minutes earlier."),
    _key("right,l", "right", "move(0, 1)", "Later", "Go 15 minutes later."),
    _key("up,k", "up", "move(-1, 0)", "Day before", "Go to the day before."),
    _key("down,j", "down", "move(1, 0)", "Day after", "Go to the day after."),
    _key("ctrl+left,H", "hour_left", "move(0, -4)", "Hour earlier", "Go an hour earlier."),
    _key("ctrl+right,L", "hour_right", "move(0, 4)", "Hour later", "Go an hour later."),
    _key("home", "first", "move(0, -96)", "Start of the day", "Go to the start of the day."),
    _key("end", "last", "move(0, 96)", "End of the day", "Go to the end of the day."),
    _key("shift+left", "select_left", "select(0, -1)", "Select earlier", "Select 15 minutes earlier."),
    _key("shift+right", "select_right", "select(0, 1)", "Select later", "Select 15 minutes later."),
    _key("shift+up", "select_up", "select(-1, 0)", "Select up", "Select the same hours a day before."),
    _key("shift+down", "select_down", "select(1, 0)", "Select down", "Select the same hours a day after."),
    _key(
        "ctrl+shift+left",
        "select_hour_left",
        "select(0, -4)",
        "Select hour before",
        "Select an hour earlier.",
    ),
    _key(
        "ctrl+shift+right", "select_hour_right", "select(0, 4)", "Select hour after", "Select an hour later."
    ),
    _key("shift+home", "select_first", "select(0, -96)", "Select to start", "Select to the day's start."),
    _key("shift+end", "select_last", "select(0, 96)", "Select to end", "Select to the day's end."),
    _key("space,enter", "allow", "allow", "Allow or not", "Allow the selection or this step, or stop it."),
    _key("a", "day", "allow_day", "Whole day", "Allow the whole day, or stop it."),
    _key("x,delete", "clear", "clear", "Clear", "Allow nothing in the selection or on this day."),
    _key("[", "edge_earlier", "edge(-1)", "Edge earlier", "Move the nearer edge 15 minutes earlier."),
    _key("]", "edge_later", "edge(1)", "Edge later", "Move the nearer edge 15 minutes later."),
    _key("y", "copy", "copy", "Copy day", "Remember the hours of this day."),
    _key("p", "paste", "paste", "Put here", "Put the remembered hours on this day or the selected days."),
    _key("P", "paste_weekdays", "paste(0, 4)", "Put on Mon-Fri", "Put the remembered hours on Mon to Fri."),
    _key("A", "paste_all", "paste(0, 6)", "Put on all days", "Put the remembered hours on all days."),
    _key("s", "session", "preset(0)", "Session hours", "Allow Monday to Friday from 09:00 to 17:00 only."),
    _key("n", "nights", "preset(1)", "Nights", "Allow every night from 20:00 to 06:00 only."),
    _key("w", "always", "preset(2)", "Always", "Allow the whole week."),
    _key("e", "never", "preset(3)", "Never", "Allow nothing."),
    _key("t", "type", "type", "Type the hours", "Type the hours of the week as text."),
    _key("u", "undo", "undo", "Undo", "Take the last change back."),
    _key("escape", "back", "back", "Back", "Stop typing without taking it, or drop the selection."),
)

# The bindings of the presets, in their order.
PRESET_KEYS = ("session", "nights", "always", "never")

# What the editor says of its other keys: the bindings' names, a word, and the action a click on it runs.
SHORT = (
    (("type",), "type", "type"),
    (("undo",), "undo", "undo"),
    (("copy",), "copy", "copy"),
    (("paste",), "put", "paste"),
    (("day",), "all day", "allow_day"),
    (("allow",), "on/off", "allow"),
    (("edge_earlier", "edge_later"), "move edge", ""),
    (("paste_weekdays",), "put Mon-Fri", "paste(0, 4)"),
    (("paste_all",), "put on all", "paste(0, 6)"),
    (("clear",), "clear", "clear"),
)
TYPING = "enter takes the hours, esc leaves them as they were"


def bound_keys(editor: Widget) -> dict[str | None, str]:
    """The keys that can be pressed now, by the ids of their bindings; none while they go elsewhere."""
    bound = reversed(editor.screen.active_bindings.values()) if editor.has_focus else ()
    return {
        active.binding.id: editor.app.get_key_display(active.binding)
        for active in bound
        if active.node is editor
    }
