"""The part of the send screen that begins with stored texts: templates, and the one of a referral."""

from textual import on, work

from cx_tui.domain.outbox import Template, Way
from cx_tui.domain.templates import fields_in
from cx_tui.errors import CxError
from cx_tui.screens.send.kinds import Sort
from cx_tui.screens.send.templates import TemplatesScreen, for_sort
from cx_tui.screens.send.writing import LABELS, WritingScreen
from cx_tui.screens.stakes import listed, short
from cx_tui.terminal.in_order import OPENS
from widgets.form import Form
from widgets.form.messages import TabShown


class ChoosingScreen(WritingScreen):
    """A screen on which a stored text is taken."""

    @on(Form.TabShown)
    def tab_shown(self, event: TabShown) -> None:
        """Another sort is written: count who can get that."""
        self.show_people()
        self.count()
        if self.sort.referral and not self.text("subject") and not self.text("body"):
            self.begin_referral(self.sort)

    @work(group="referral")
    async def begin_referral(self, sort: Sort) -> None:
        """Begin with the stored text of a referral."""
        try:
            found = for_sort(await (await self.cx.services()).outbox.templates(), sort)
        except CxError as error:
            self.notify(f"The templates can't be read: {error}.", severity="error")
            return
        first = next((one for one in found if one.referral), None)
        if first and not self.form.values[sort.field("body")] + self.form.values[sort.field("subject")]:
            self._take(first, sort)
        self.form.show_errors({})

    @work(group="templates", name=OPENS)
    async def action_templates(self) -> None:
        """Take a template, or keep the present text as one."""
        from cx_tui.screens.confirm import Confirm

        sort = self.sort
        try:
            outbox = (await self.cx.services()).outbox
            found = await outbox.templates()
        except CxError as error:
            self.notify(f"The templates can't be read: {error}.", severity="error")
            return
        present = Template(
            way=sort.way, referral=sort.referral, subject=self.text("subject").strip(),
            body=self.text("body"), name="", changed_at=self.draft.at,
        )  # fmt: skip
        taken = await self.app.push_screen_wait(TemplatesScreen(outbox, sort, found, present))
        if taken is None:
            return
        lost = [part for part in ("subject", "body") if self._is_lost(part, getattr(taken, part))]
        if lost:
            said = f"{listed([LABELS[part] for part in lost]).capitalize()} of this {sort.one} would be lost."
            title = f'Put the template "{short(taken.name)}" in place of what you typed?'
            if not await self.app.push_screen_wait(Confirm(title, [said], "Replace", no="Keep mine")):
                return
        self._take(taken, sort)

    def _is_lost(self, part: str, new: str) -> bool:
        """Whether a part was typed that another text would replace."""
        text = self.text(part)
        return self.sort.field(part) in self.typed and bool(text.strip()) and text != new

    def _take(self, template: Template, sort: Sort) -> None:
        for part in ("subject", "body"):
            if part in sort.parts:
                self.given[sort.field(part)] = getattr(template, part)
                self.form.set(sort.field(part), getattr(template, part))
        self.form.show_errors({})
        self.show_people()
        if sort.way is Way.SMS and fields_in(template.body):
            self.measure(template.body)
        self.notify(f'This is the template "{short(template.name)}".')
