"""Saying and asking in plain lines: nothing is drawn, moved or coloured, and nothing said is changed."""

import asyncio
from collections.abc import Awaitable, Sequence
from typing import TextIO, TypeVar

from cx_tui.config.text import visible

MANY = 12
"""More entries than these are not told unasked."""
LIST = "list"

STILL = 30.0
"""Seconds after which it is said that work goes on."""

T = TypeVar("T")


class Left(Exception):
    """The operator has left, or who typed is gone."""


class Talk:
    """A conversation over two streams."""

    def __init__(self, hear: TextIO, tell: TextIO, *, still: float = STILL) -> None:
        self._hear = hear
        self._tell = tell
        self._still = still

    def say(self, *lines: str) -> None:
        """Say lines; what a name has in it is never obeyed by the terminal."""
        for line in lines:
            print(visible(line), file=self._tell, flush=True)

    def ask(self, question: str) -> str:
        """Ask: the answer without spaces around it."""
        print(visible(question), end=" ", file=self._tell, flush=True)
        answer = self._hear.readline()
        if not self._hear.isatty():
            print(file=self._tell, flush=True)  # nobody has pressed enter there
        if not answer:
            raise Left
        return answer.strip()

    def choose(self, question: str, entries: Sequence[str], way_out: str) -> int | None:
        """Ask for one of several, by number or by how it begins; None is the way out.  Many are told only to
        who asks for them: nobody wants to hear sixty fields to change the second one."""
        every, many = range(len(entries)), len(entries) > MANY
        self.say(f"{question} There are {len(entries)}; type list to hear them." if many else question)
        if not many:
            self._tell_entries(entries, every)
        while True:
            answer = self.ask(f"Number or name; empty {way_out}:")
            if not answer:
                return None
            found = chosen(answer, entries)
            if len(found) == 1:
                return found[0]
            if many and answer.casefold() == LIST:
                self._tell_entries(entries, every)
            elif found:
                self.say(f'"{answer}" fits {len(found)}:')
                self._tell_entries(entries, found)
            else:
                self.say(f'"{answer}" is none of these. Type a number from 1 to {len(entries)}.')

    def _tell_entries(self, entries: Sequence[str], places: Sequence[int]) -> None:
        self.say(*(f"{place + 1}: {entries[place]}" for place in places))

    def agree(self, question: str) -> bool:
        """Ask for a yes; anything else is no."""
        return self.ask(f"{question} Type yes to agree; anything else does not:").casefold() in ("y", "yes")

    async def while_working(self, work: Awaitable[T]) -> T:
        """Wait for work, and say now and then that it goes on."""
        task = asyncio.ensure_future(work)
        while not task.done():
            done, _ = await asyncio.wait({task}, timeout=self._still)
            if not done:
                self.say("Still working.")
        return await task


def chosen(answer: str, entries: Sequence[str]) -> list[int]:
    """The places of the entries that an answer means."""
    if answer.isdecimal():
        place = int(answer) - 1
        return [place] if 0 <= place < len(entries) else []
    said = answer.casefold()
    names = [entry.partition(":")[0].casefold() for entry in entries]
    exact = [place for place, name in enumerate(names) if name == said]
    return exact or [place for place, name in enumerate(names) if name.startswith(said)]
