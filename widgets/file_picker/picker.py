"""A box for a path and the folder under it: what is typed narrows the list, tab completes, enter opens."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path

from textual import on
from textual.message import Message
from textual.widgets import Input

from widgets.picker import LineList
from widgets.text import visible

from .box import PathBox
from .folder import UP, Entry, completed, path_of, split
from .view import FolderView


class FilePicker(FolderView):
    """Picks a file that is there, or with `new` also one that is to be made."""

    @dataclass
    class Picked(Message):
        """The operator takes this file."""

        picker: FilePicker
        path: Path

        @property
        def control(self) -> FilePicker:
            """The picker."""
            return self.picker

    @dataclass
    class Typed(Message):
        """There is another text in the box."""

        picker: FilePicker
        text: str

    def text_changed(self, text: str) -> None:
        """Say so."""
        self.post_message(self.Typed(self, text))

    @on(PathBox.Moved)
    def _move(self, event: PathBox.Moved) -> None:
        event.stop()
        self._moved = True
        self.listing.action_page(event.by) if event.page else self.listing.action_move(event.by)

    @on(PathBox.Completing)
    async def _complete(self, event: PathBox.Completing) -> None:
        event.stop()
        await self._read()
        folder, name = split(self.text)
        longer = completed(self._entries, name)
        if longer != name:
            self.put(folder + longer)

    @on(LineList.Chosen)
    def _clicked(self, event: LineList.Chosen) -> None:
        event.stop()
        self.box.focus()
        if event.place < len(self._shown):
            self._open(self._shown[event.place])

    @on(Input.Submitted)
    async def _take(self, event: Input.Submitted) -> None:
        event.stop()
        # What is typed while the folder is read does not belong to it any more.
        text = event.value.strip()
        await self._read()
        path = path_of(text) if text else None
        place = self.listing.place
        there = path is not None and await asyncio.to_thread(os.path.lexists, path)
        moved = self._moved and not (self._is_new and place == 0)
        typed = bool(path) and not moved and not text.endswith("/") and split(text)[1] != ""
        if typed and path and (there or self._new):
            await self._take_path(path)
        elif place < len(self._shown) and not self._wrong:
            self._open(self._shown[place])
        else:
            self.say(f'there is no file "{text}"' if text else "type the path of a file")

    async def _take_path(self, path: Path) -> None:
        if await asyncio.to_thread(path.is_dir):
            self.put(self.text.rstrip("/") + "/")
        else:
            self.post_message(self.Picked(self, path))

    def _open(self, entry: Entry) -> None:
        folder = split(self.text)[0]
        if entry.name == UP:
            self.put(self._above(folder))
        elif visible(entry.name) != entry.name and (entry.folder or self._new):
            self.say(f"{visible(entry.name)} can't be typed here; rename it")
        elif entry.folder:
            self.put(folder + entry.text)
        elif self._new:
            self.put(folder + entry.name)
        else:
            self.post_message(self.Picked(self, path_of(folder + entry.name)))

    def _above(self, folder: str) -> str:
        return str(path_of(folder or ".").parent).rstrip("/") + "/"
