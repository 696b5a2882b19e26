"""Saved views: each operator's own, those that are shared, the keys that open them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cx_tui.db import view_keys
from cx_tui.db.engine import Database
from cx_tui.domain.kinds import BadValue
from cx_tui.domain.records import record_named
from cx_tui.domain.view import View
from cx_tui.domain.view_files import FiledView, as_toml, from_toml
from cx_tui.domain.who import Who
from cx_tui.errors import Conflict, Invalid, NotFound, Refused

if TYPE_CHECKING:
    from cx_tui.domain.records.view import SavedView
    from cx_tui.services.records.records import Records


class Views:
    """The views that one operator may open."""

    def __init__(self, database: Database, who: Who, records: "Records[SavedView]") -> None:
        self._database = database
        self._who = who
        self._records = records

    async def offered(self, listed: str | None = None) -> list[View]:
        """The operator's own views and the shared ones, of one kind of record or of all."""
        async with self._database.reading() as connection:
            rows = await view_keys.offered(connection, self._who.name, listed)
        return [View.of(row._asdict()) for row in rows]

    async def keys(self, listed: str) -> dict[int, int]:
        """Which view each key opens; 0 is the one that the list begins with."""
        async with self._database.reading() as connection:
            every = await view_keys.keys_of(connection, self._who.name)
        return {place: view_id for (of, place), view_id in every.items() if of == listed}

    async def on_key(self, listed: str, place: int) -> View | None:
        """The view that a key opens, if it does; 0 asks for the one that the list begins with."""
        wanted = (await self.keys(listed)).get(place)
        if wanted is None:
            return None
        return next((view for view in await self.offered(listed) if view.id == wanted), None)

    async def named(self, name: str, listed: str) -> View:
        """A view by its name: the operator's own before those of others."""
        said = " ".join(name.casefold().split())
        views = await self.offered(listed)
        found = [view for view in views if " ".join(view.name.casefold().split()) == said]
        own = [view for view in found if view.operator == self._who.name] or found
        if len(own) == 1:
            return own[0]
        if own:
            whose = ", ".join(view.operator for view in own)
            raise Refused(f'several operators share a view "{name}": {whose}; give one of them another name')
        several = record_named(listed).declared.several
        names = ", ".join(f'"{view.name}"' for view in views) or "none yet"
        raise NotFound(f'there is no view "{name}" of {several}; there are {names}')

    async def keep(self, view: View, base: View | None = None) -> View:
        """Keep a view under its name: a new one, or in the place of one that is there.  With the view as it
        was opened, what another operator changed since is not overwritten."""
        there = [one for one in await self.offered(view.listed) if one.name == view.name]
        own = [one for one in there if one.operator == self._who.name]
        place = next((one for one in there if one.id == view.id), own[0] if own else None)
        try:
            if place is None or place.id is None:
                values = {**view.values(), "operator": self._who.name}
                kept = (await self._records.create(values)).record
            else:
                there_now = await self._records.get(place.id)
                if there_now.shared and not view.shared and there_now.operator != self._who.name:
                    raise Refused(f'"{view.name}" is shared by {there_now.operator}, who alone can end that')
                opened = replace(there_now, **_changes(base)) if base else there_now
                kept = (await self._records.save(opened, _changes(view))).record
        except Invalid as error:
            raise Refused("; ".join(error.problems.values())) from None
        except Conflict:
            raise Refused("another operator changed this view just now; open it again first") from None
        return View.of(vars(kept))

    async def drop(self, view: View) -> None:
        """Delete a view; the log can bring it back."""
        if view.id is not None:
            await self._records.delete(view.id)

    async def put_on_key(self, listed: str, place: int, view: View | None) -> None:
        """Let a key open a view, or no view any more; 0 has the list begin with it."""
        async with self._database.writing() as connection:
            await view_keys.put(connection, self._who.name, listed, place, view.id if view else None)

    async def as_file(self, names: Sequence[str] = (), listed: str | None = None) -> str:
        """Views as TOML: those of these names, or all that are offered."""
        views = await self.offered(listed)
        if missing := [name for name in names if name not in {view.name for view in views}]:
            raise NotFound(f'there is no view "{missing[0]}"')
        async with self._database.reading() as connection:
            every = await view_keys.keys_of(connection, self._who.name)
        places: dict[int, list[int]] = {}
        for (_, place), view_id in sorted(every.items()):
            places.setdefault(view_id, []).append(place)
        return as_toml(
            FiledView(
                view,
                next((place for place in places.get(view.id or 0, ()) if place), None),
                first=view_keys.FIRST in places.get(view.id or 0, ()),
            )
            for view in views
            if not names or view.name in names
        )

    async def take_file(self, text: str, *, over: bool) -> tuple[list[str], list[str]]:
        """Take views from TOML: the names of those that were taken, and why others were not."""
        try:
            filed = from_toml(text)
        except BadValue as error:
            raise Refused(f"{error}; no view was taken") from None
        taken, left = [], []
        for one in filed:
            own = [v for v in await self.offered(one.view.listed) if v.operator == self._who.name]
            if not over and one.view.name in {v.name for v in own}:
                left.append(f'you have a view "{one.view.name}" already; --replace changes it')
                continue
            kept = await self.keep(one.view)
            if one.key is not None:
                await self.put_on_key(kept.listed, one.key, kept)
            if one.first:
                await self.put_on_key(kept.listed, view_keys.FIRST, kept)
            taken.append(kept.name)
        return taken, left


def _changes(view: View) -> dict[str, Any]:
    """What of a kept view can become another; whose it is and what it lists stay."""
    return {name: value for name, value in view.values().items() if name != "listed"}
