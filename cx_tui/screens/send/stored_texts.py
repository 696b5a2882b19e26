"""Beginning a message with a stored text: a template, or the one of a referral."""

from typing import TYPE_CHECKING

from cx_tui.domain.outbox import Template, Way
from cx_tui.domain.templates import fields_in
from cx_tui.errors import CxError
from cx_tui.screens.send.kinds import Sort
from cx_tui.screens.send.templates import TemplatesScreen, for_sort
from cx_tui.screens.send.writing import LABELS
from cx_tui.screens.stakes import listed, short
from cx_tui.terminal.in_order import OPENS
from widgets.duties import Duty, work

if TYPE_CHECKING:
    from cx_tui.screens.send.send_screen import SendScreen


class StoredTexts(Duty):
    """Has one taken, or the present text kept as one."""

    host: "SendScreen"

    @work(group="referral")
    async def begin_referral(self, sort: Sort) -> None:
        """Begin with the stored text of a referral."""
        try:
            found = for_sort(await (await self.host.cx.services()).outbox.templates(), sort)
        except CxError as error:
            self.host.notify(f"The templates can't be read: {error}.", severity="error")
            return
        first = next((one for one in found if one.referral), None)
        if (
            first
            and not self.host.form.values[sort.field("body")] + self.host.form.values[sort.field("subject")]
        ):
            self._take(first, sort)
        self.host.form.show_errors({})

    @work(group="templates", name=OPENS)
    async def action_templates(self) -> None:
        """Take a template, or keep the present text as one."""
        from cx_tui.screens.confirm import Confirm

        sort = self.host.writing.sort
        try:
            outbox = (await self.host.cx.services()).outbox
            found = await outbox.templates()
        except CxError as error:
            self.host.notify(f"The templates can't be read: {error}.", severity="error")
            return
        present = Template(
            way=sort.way, referral=sort.referral, subject=self.host.writing.text("subject").strip(),
            body=self.host.writing.text("body"), name="", changed_at=self.host.draft.at,
        )  # fmt: skip
        taken = await self.host.app.push_screen_wait(TemplatesScreen(outbox, sort, found, present))
        if taken is None:
            return
        lost = [part for part in ("subject", "body") if self._is_lost(part, getattr(taken, part))]
        if lost:
            said = f"{listed([LABELS[part] for part in lost]).capitalize()} of this {sort.one} would be lost."
            title = f'Put the template "{short(taken.name)}" in place of what you typed?'
            if not await self.host.app.push_screen_wait(Confirm(title, [said], "Replace", no="Keep mine")):
                return
        self._take(taken, sort)

    def _is_lost(self, part: str, new: str) -> bool:
        """Whether a part was typed that another text would replace."""
        text = self.host.writing.text(part)
        return (
            self.host.writing.sort.field(part) in self.host.writing.typed
            and bool(text.strip())
            and text != new
        )

    def _take(self, template: Template, sort: Sort) -> None:
        for part in ("subject", "body"):
            if part in sort.parts:
                self.host.writing.given[sort.field(part)] = getattr(template, part)
                self.host.form.set(sort.field(part), getattr(template, part))
        self.host.form.show_errors({})
        self.host.counting.show()
        if sort.way is Way.SMS and fields_in(template.body):
            self.host.writing.measure(template.body)
        self.host.notify(f'This is the template "{short(template.name)}".')
