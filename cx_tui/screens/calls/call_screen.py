"""All of one call: its times, its numbers before and after, the carriers that were tried, its price."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar, TypeAlias, cast

from textual import getters, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from cx_tui.domain.calls.call import Call, Try
from cx_tui.errors import CxError
from cx_tui.screens.as_command import call_command
from cx_tui.screens.calls.columns import amount, at, length
from cx_tui.screens.present import spaced
from cx_tui.screens.program import Program
from cx_tui.terminal.clipboard import copy
from cx_tui.terminal.in_order import OPENS
from widgets.line import Line, Part
from widgets.picker import LineList

if TYPE_CHECKING:
    from cx_tui.services.audio.recordings import Recording

LABEL = 18
LADDER = (("Carrier", 18), ("From", 8), ("To", 8), ("Took", 8), ("Code", 5), ("Rate", 10), ("Answer", 0))

Words: TypeAlias = list[tuple[Part, int]]


class CallScreen(ModalScreen[None]):
    """A sheet with all that is known of a call."""

    CSS_PATH = "calls.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("S", "simulate", "simulate", id="call.simulate",
                tooltip="Send this call through every gate, as it was and as of now, side by side."),
        Binding("w", "save_recording", "save recording", id="call.save_recording",
                tooltip="Save a recording of this call in a file."),
        Binding("y", "copy_key", "copy key", id="call.copy", tooltip="Copy the key of this call."),
        Binding("escape,q,enter", "leave", "back", id="call.close", tooltip="Back to the list."),
    ]  # fmt: skip

    sheet = getters.query_one("#sheet", LineList)

    def __init__(self, call: Call, customer: str = "") -> None:
        super().__init__()
        self.call = call
        self._free = self._sum = ""
        self._recordings: Sequence[Recording] = ()
        self._customer = customer or (f"#{call.customer_id}" if call.customer_id else "unknown customer")

    def command(self) -> str:
        """The call, as a command."""
        return call_command("calls list", self.call, "--json")

    def compose(self) -> ComposeResult:
        """The title and the sheet."""
        with Vertical():
            yield Line(id="title", glyphs=cast(Program, self.app).glyphs)
            yield LineList(cursor=False, id="sheet")

    def on_mount(self) -> None:
        """Show the call."""
        arrow = "->" if cast(Program, self.app).ascii else "→"
        call = self.call
        said = Part(f"{call.cli or call.cli_in or 'no number'} {arrow} {call.dialled}", "strong")
        keys = [Part("S simulates it, y copies its key, esc closes", "dim")]
        self.query_one("#title", Line).show(said, right=keys)
        self._show()
        self.set_focus(self.sheet)
        if call.billed_seconds and call.customer_id:
            self.show_price()
        if call.connected and not call.simulated:
            self.show_recordings()

    def _show(self) -> None:
        """Show what is known by now."""
        files = [one.path.name for one in self._recordings]
        self.sheet.show_lines([[(Part(""), 0)], *self._sheet(files)])

    def _sheet(self, recordings: Sequence[str]) -> Iterator[Words]:
        call = self.call
        yield [(_outcome(call), 0)]
        yield from _group("Who", [
            ("Customer", self._customer), ("Known by", call.auth), ("Direction", call.direction),
            ("From address", _address(call)), ("Switch", call.source), ("Key", call.source_key),
        ])  # fmt: skip
        yield from _group("When", _times(call))
        yield from _group("Numbers", [
            ("Caller", _changed(call.cli_in, call.cli)), ("Dialled", _changed(call.dialled, call.number)),
            ("P-Asserted-ID", call.paid),
        ])  # fmt: skip
        yield from _ladder(call)
        yield from _group("Price", [*_price(call), ("Counted as", self._sum), ("Free", self._free)])
        files = recordings or [call.recording]
        hint = [("", "w saves it")] if recordings else []
        yield from _group("Recording", [*(("File", file) for file in files), *hint])

    @work(group="price")
    async def show_price(self) -> None:
        """Say how the charge came about, and which packages pay a part of the call, if any do."""
        try:
            session = await cast(Program, self.app).services()
            free = await session.money.packages.free_of(self.call)
            self._sum = await session.calls.sum_of(self.call, sum(seconds for _, seconds in free))
        except CxError:
            return  # the call is told without it
        self._free = ", ".join(f"{seconds:,} s of the package {name}" for name, seconds in free)
        if free or self._sum:
            self._show()

    @work(group="recordings")
    async def show_recordings(self) -> None:
        """Say which files have the sound of the call."""
        with suppress(CxError):  # nothing is said of recordings where no folder is set
            session = await cast(Program, self.app).services()
            self._recordings = await session.recordings.of_call(self.call)
        if self._recordings:
            self._show()

    def awaits(self, key: str) -> bool:
        """The key that saves a recording waits until they are found."""
        looking = (worker for worker in self.workers if worker.group == "recordings")
        return key == "w" and any(not worker.is_finished for worker in looking)

    @work(group="act", name=OPENS)
    async def action_save_recording(self) -> None:
        """Save a recording of the call: the operator chooses where there are several."""
        from cx_tui.screens.audio.saving import save_as
        from widgets.menu import Item, Menu

        found = {one.path.name: one for one in self._recordings}
        if not found:
            self.notify("There is no recording of this call.")
            return
        name: str | None = next(iter(found))
        if len(found) > 1:
            items = [Item(one, one) for one in found]
            menu = Menu("Save which recording?", items, glyphs=cast(Program, self.app).glyphs)
            name = await self.app.push_screen_wait(menu)
        if name:
            session = await cast(Program, self.app).services()
            await save_as(self, name, found[name], session.recordings.save)

    @work(group="act", name=OPENS)
    async def action_simulate(self) -> None:
        """Send the call through the gates, as its customer was then and is now."""
        from cx_tui.screens.admission.compare import CompareScreen

        await self.app.push_screen_wait(CompareScreen(self.call))

    def action_copy_key(self) -> None:
        """Copy the key of the call at its switch."""
        copy(self.app, self.call.source_key, cast(Program, self.app).settings.clipboard.limit)
        self.notify("Sent the key of the call to the clipboard of your terminal.")

    def action_leave(self) -> None:
        """Back to the list."""
        self.dismiss(None)


def _outcome(call: Call) -> Part:
    said = _ending(call)
    return said._replace(text=f"Simulated.  {said.text}", tone="accent") if call.simulated else said


def _ending(call: Call) -> Part:
    code = f" ({call.sip_code} {call.sip_reason})".replace(" )", ")") if call.sip_code else ""
    q850 = f", Q.850 cause {call.q850}" if call.q850 else ""
    if call.gate:
        return Part(f"Refused by the gate {call.gate}{code}: no carrier saw it", "warn")
    if call.connected:
        ended = f", ended by: {call.release.label.lower()}"
        return Part(f"Answered, talked {length(call.talk_ms) or '0:00'}{code}{ended}{q850}", "good")
    return Part(f"Not answered{code}, ended by: {call.release.label.lower()}{q850}", "bad")


def _group(title: str, entries: list[tuple[str, str]]) -> Iterator[Words]:
    known = [(label, text) for label, text in entries if text]
    if known:
        yield [(Part(""), 0)]
        yield [(Part(title, "strong"), 0)]
        for label, text in known:
            yield [(Part(label, "dim"), LABEL), (Part(text), 0)]


def _address(call: Call) -> str:
    port = f":{call.src_port}" if call.src_port else ""
    return f"{call.src_ip}{port} {call.protocol}".strip() if call.src_ip else ""


def _times(call: Call) -> list[tuple[str, str]]:
    def behind(moment: datetime | None) -> str:
        if moment is None:
            return ""
        seconds = (moment - call.invited_at).total_seconds()
        return f"{at(moment)}   {seconds:+.3f} s"

    utc = f"{call.invited_at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"[:-3]
    return [
        ("Invited", f"{at(call.invited_at)}   {utc} UTC"),
        ("Ringing", behind(call.ringing_at)),
        ("Answered", behind(call.answered_at)),
        ("Ended", behind(call.ended_at)),
    ]


def _changed(before: str, after: str) -> str:
    if not after or before == after:
        return before or after
    return f"{before or 'none'}, sent as {after}"


def _ladder(call: Call) -> Iterator[Words]:
    tries = call.tries or ((_only_try(call),) if call.carrier else ())
    if not tries:
        return
    yield [(Part(""), 0)]
    yield [(Part("Carriers, in the order in which they were tried", "strong"), 0)]
    yield [(Part(title, "dim"), width) for title, width in LADDER]
    for one in tries:
        tone = "good" if one.sip_code == 200 else "bad" if (one.sip_code or 0) >= 500 else ""
        took = (one.ended_ms - one.began_ms) / 1000 if one.ended_ms is not None else None
        texts = (
            one.carrier,
            f"{one.began_ms / 1000:.2f}",
            "" if one.ended_ms is None else f"{one.ended_ms / 1000:.2f}",
            "" if took is None else f"{took:.2f}",
            f"{one.sip_code or ''}",
            amount(one.rate),
            one.reason,
        )
        yield [(Part(text, tone), width) for text, (_, width) in zip(texts, LADDER, strict=True)]


def _only_try(call: Call) -> Try:
    """Where only one carrier was tried, the call says how it went."""
    took = round((call.ended_at - call.invited_at).total_seconds() * 1000)
    return Try(
        carrier=call.carrier,
        number=call.number,
        ended_ms=took,
        sip_code=call.sip_code,
        reason=call.sip_reason,
    )


def _price(call: Call) -> list[tuple[str, str]]:
    if call.unrated:
        return [("No price", call.unrated)]
    by = f"prefix {call.prefix}" if call.prefix else ""
    told = f"{call.talk_ms / 1000:.3f} s talked, {call.billed_seconds:,} s billed"
    parts = [one.text for one in spaced([Part(by), Part(call.destination)])]
    profit = None if call.charge is None or call.cost is None else call.charge - call.cost
    return [
        ("Rated as", "".join(parts)),
        ("Length", told if call.connected else ""),
        ("Charge", f"{amount(call.charge)} {call.currency}" if call.charge is not None else ""),
        ("Cost", f"{amount(call.cost)} {call.currency}" if call.cost is not None else ""),
        ("Profit", f"{amount(profit)} {call.currency}" if profit is not None and call.charge else ""),
    ]
