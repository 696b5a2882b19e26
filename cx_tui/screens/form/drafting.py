"""Forms that lose nothing: what was typed is kept in a draft until it is saved or thrown away."""

from dataclasses import replace
from datetime import UTC, datetime

from textual import on
from textual.screen import Screen
from textual.timer import Timer

from cx_tui.domain.fields import fields_of
from cx_tui.domain.kinds import Secret
from cx_tui.errors import CxError
from cx_tui.services.records.drafts import Draft, Drafts
from widgets.form import Form

PAUSE = 0.5
"""Seconds after the last key until the draft is written."""


class DraftingForm(Screen[bool]):
    """A form that keeps a draft."""

    form: Form
    drafts: Drafts
    draft: Draft
    _old: Draft | None = None
    _timer: Timer | None = None
    not_kept = ""
    """Why what was typed could not be kept; empty when it is."""

    def begin_draft(self, draft: Draft, record: type, drafts: Drafts, old: Draft | None) -> None:
        """Keep drafts like this one; an old one that is opened again is replaced by it."""
        self.draft, self.drafts = draft, drafts
        self._old = old if old and old.key != draft.key else None
        self._secrets = {name for name, field in fields_of(record).items() if isinstance(field.kind, Secret)}

    @on(Form.Edited)
    def keep_soon(self) -> None:
        """Keep the draft at the next pause in typing."""
        if self._timer:
            self._timer.stop()
        self._timer = self.set_timer(PAUSE, self.keep_draft)

    def keep_draft(self) -> None:
        """Keep what was typed, but for secrets; say it, once, when that can't be done."""
        before, self.not_kept = self.not_kept, ""
        try:
            self._keep_draft()
        except CxError as error:
            self.not_kept = str(error)
            if self.not_kept != before:
                self.notify(
                    f"What you type can't be kept as a draft: {error}. Until you save, it is only here.",
                    severity="warning",
                    timeout=10,
                )

    def _keep_draft(self) -> None:
        typed = {name: text for name, text in self.form.changed.items() if name not in self._secrets}
        if not typed:
            self.drop_draft()
            return
        base = {name: self.form.base[name] for name in typed}
        self.draft = replace(self.draft, at=datetime.now(UTC), base=base, typed=typed)
        self.drafts.keep(self.draft)
        self._drop_old()

    def unsaved(self) -> int:
        """How many fields were changed."""
        return len(self.form.changed)

    def keep(self) -> None:
        """The program ends; CxError when what was typed can't be kept."""
        self.keep_draft()
        if self.not_kept:
            raise CxError(self.not_kept)

    def is_kept(self) -> bool:
        """Whether what was typed is kept now, so that this may be closed; if not, it is said."""
        self.keep_draft()
        if self.not_kept:
            self.notify(
                f"Not closed: what you typed can't be kept, as {self.not_kept}. "
                "Save it, make room, or throw it away.",
                severity="error",
                timeout=10,
            )
        return not self.not_kept

    def drop_draft(self) -> None:
        """Nothing that was typed is to be kept any more."""
        if self._timer:
            self._timer.stop()
        self.drafts.drop(self.draft)
        self._drop_old()

    def _drop_old(self) -> None:
        if self._old:
            self.drafts.drop(self._old)
            self._old = None
