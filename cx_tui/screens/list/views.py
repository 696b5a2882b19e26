"""The menu of views: open one, keep the list as one, share, put on a key, begin with it, delete."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from cx_tui.domain.view import KEYS, View
from cx_tui.screens.ask import Ask, required
from widgets.menu import Item, Menu

if TYPE_CHECKING:
    from cx_tui.screens.list.host import ListHost

FIRST = 0
"""Instead of a key: the list begins with the view."""


async def choose_view(of: ListHost) -> None:
    """Let the operator open a view, or do something with the one that is open."""
    views = (await of.cx.services()).views
    offered = await views.offered(of.query_now.record)
    keys = {view_id: place for place, view_id in (await views.keys(of.query_now.record)).items() if place}
    items = [Item(str(view.id), view.name, _note(view, keys), _key(view, keys)) for view in offered]
    items.append(Item("keep", "Keep this list as a view …", key="+"))
    if of.opened_view.view:
        items.append(Item("change", f'Do something with "{of.opened_view.view.name}" …', key="e"))
    items.append(Item("none", "Back to the standard list", key="r"))
    now = str(of.opened_view.view.id) if of.opened_view.view else ""
    chosen = await of.app.push_screen_wait(Menu("Views", items, now, glyphs=of.cx.glyphs))
    match chosen:
        case None:
            return
        case "keep":
            await _keep_new(of)
        case "change" if of.opened_view.view:
            await _change(of, of.opened_view.view)
        case "none":
            of.opened_view.view = None
            of.arranging.use(of.arranging.usual())
            query = of.query_now
            of.narrowing.narrow_to(
                replace(query, search="", where="", off=(), sort=of.arranging.usual().sort)
            )
        case _:
            of.opened_view.show(next(view for view in offered if str(view.id) == chosen))


def _note(view: View, keys: dict[int, int]) -> str:
    whose = f"shared by {view.operator}" if view.shared else "private"
    return f"{view.query.typed[:30]}  {whose}".strip()


def _key(view: View, keys: dict[int, int]) -> str:
    place = keys.get(view.id or 0)
    return str(place) if place else ""


async def _keep_new(of: ListHost) -> None:
    """Keep the list under a name, and put it on the first free key."""
    name = await of.app.push_screen_wait(
        Ask(
            "Keep this list as the view",
            required,
            does="keep it",
            text=of.opened_view.view.name if of.opened_view.view else "",
        )
    )
    if not name:
        return
    views = (await of.cx.services()).views
    now = replace(of.opened_view.now(name), id=None, shared=False)
    kept = await views.keep(now)
    taken = await views.keys(kept.listed)
    free = next((key for key in KEYS if key not in taken), None)
    if kept.id not in taken.values() and free:
        await views.put_on_key(kept.listed, free, kept)
        taken[free] = kept.id or 0
    of.opened_view.view = kept
    place = next((key for key, view_id in taken.items() if view_id == kept.id and key), None)
    of.notify(f'Kept as "{kept.name}"' + (f", on the key {place}." if place else "; V opens it."))
    of.narrowing.show_chips()


async def _change(of: ListHost, view: View) -> None:
    """Keep changes of the open view, share it, put it on a key, begin with it, delete it."""
    services = await of.cx.services()
    views, listed = services.views, view.listed
    first = (await views.keys(listed)).get(FIRST) == view.id
    items = [
        Item("save", "Keep the list as it is now under this name", key="s"),
        Item("share", "Make it private" if view.shared else "Share it with the other operators", key="h"),
        Item("key", "Put it on another key …", key="k"),
        Item("first", "Stop beginning with it" if first else "Begin with it", key="b"),
        Item("delete", "Delete it; the log can bring it back", key="x"),
    ]
    chosen = await of.app.push_screen_wait(Menu(f'The view "{view.name}"', items, glyphs=of.cx.glyphs))
    match chosen:
        case "save":
            of.opened_view.view = await views.keep(of.opened_view.now(), view)
            of.notify(f'"{view.name}" is kept as the list is now.')
        case "share":
            of.opened_view.view = await views.keep(replace(view, shared=not view.shared), view)
            of.notify(
                f'"{view.name}" is {"private" if view.shared else "shared with the other operators"} now.'
            )
        case "key":
            place = await _which_key(of, await views.keys(listed), await views.offered(listed))
            if place:
                await views.put_on_key(listed, place, view)
                of.notify(f'"{view.name}" is on the key {place}.')
        case "first":
            await views.put_on_key(listed, FIRST, None if first else view)
            of.notify("The list begins as you left it." if first else f'The list begins with "{view.name}".')
        case "delete":
            await views.drop(view)
            of.opened_view.view = None
            of.notify(f'"{view.name}" is deleted; the log can bring it back.')
    of.narrowing.show_chips()


async def _which_key(of: ListHost, taken: dict[int, int], offered: Sequence[View]) -> int | None:
    names = {view.id: view.name for view in offered}
    items = [Item(str(key), f"{key}", names.get(taken.get(key, -1), "free"), str(key)) for key in KEYS]
    chosen = await of.app.push_screen_wait(Menu("On which key?", items, glyphs=of.cx.glyphs))
    return int(chosen) if chosen else None
