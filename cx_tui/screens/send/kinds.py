"""What can be sent, and the fields in which each is written."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from cx_tui.domain.delay import EXAMPLE, later
from cx_tui.domain.fields import fields_of
from cx_tui.domain.kinds import BadValue
from cx_tui.domain.outbox import Template, Way
from cx_tui.domain.sms import LONGEST
from cx_tui.domain.templates import known_fields, unknown
from cx_tui.screens.moments import LocalClock
from cx_tui.screens.send import files
from cx_tui.services.sending.attachments import about_rate_cards
from widgets.form import FormField, OneLine, OneOf, SeveralLines, YesNo
from widgets.form.editor import Span

YES, NO = "yes", "no"


@dataclass(frozen=True)
class Sort:
    """A sort of message: the tab on which it is written, and how it travels."""

    name: str
    tab: str
    way: Way
    one: str
    many: str
    referral: bool = False

    @property
    def parts(self) -> tuple[str, ...]:
        """What is written of it."""
        if self.way is Way.SMS:
            return ("body", "when", "service")
        return ("subject", "body", "files", "when", "service")

    def field(self, part: str) -> str:
        """The name of the field of a part."""
        return f"{self.name}.{part}"


SORTS = (
    Sort("email", "E-mail", Way.EMAIL, "e-mail", "e-mails"),
    Sort("sms", "SMS", Way.SMS, "SMS", "SMS"),
    Sort("referral", "Referral", Way.EMAIL, "referral", "referrals", referral=True),
)


@dataclass(frozen=True)
class Paper(SeveralLines):
    """A text with all the room that there is."""

    height: Callable[[], int] = int

    def lines_at(self, width: int) -> int:
        return self.height()


@dataclass(frozen=True)
class Paths(OneOf):
    """Paths to type, as wide as the page."""

    span: ClassVar[Span] = "wide"


@dataclass(frozen=True)
class Asked:
    """What the fields ask of the message they are of."""

    sort: Callable[[], Sort]
    """The sort that is written now: only what is wrong with that matters."""
    height: Callable[[Sort], int]
    body_means: Callable[[Sort, str], str]
    text: Callable[[str], str]
    """The text of a field."""


def form_fields(asked: Asked) -> list[FormField]:
    """The fields of all sorts, each on the tab of its sort."""
    return [_MAKERS[part](sort, asked) for sort in SORTS for part in sort.parts]


def _subject(sort: Sort, asked: Asked) -> FormField:
    said = "One line; fields like {{ customer.name }} can stand in it as well."
    return FormField(
        sort.field("subject"), "Subject", sort.tab, Wide(), said, check=_checked(sort, asked, subject_wrong)
    )


def _body(sort: Sort, asked: Asked) -> FormField:
    said = "What they read; a field like {{ customer.name }} becomes the value of each."
    wrong = sms_wrong if sort.way is Way.SMS else body_wrong
    return FormField(
        sort.field("body"), "Text", sort.tab, Paper(height=lambda: asked.height(sort)), said,
        check=_checked(sort, asked, wrong), means=lambda text: asked.body_means(sort, text),
    )  # fmt: skip


def _files(sort: Sort, asked: Asked) -> FormField:
    name = sort.field("files")

    async def offered(typed: str) -> list[str]:
        return await files.completions(typed, asked.text(name))

    said = f"Paths with {files.BETWEEN.strip()} between them. {about_rate_cards()}"
    return FormField(
        name, "Files", sort.tab, Paths(offered, suggest=True), said,
        check=_checked(sort, asked, files.wrong), means=files.in_words,
    )  # fmt: skip


def _when(sort: Sort, asked: Asked) -> FormField:
    said = f"Empty: as soon as you confirm; or later: {EXAMPLE}."
    return FormField(
        sort.field("when"), "When", sort.tab, OneLine(), said,
        check=_checked(sort, asked, when_wrong), means=when_in_words,
    )  # fmt: skip


def _service(sort: Sort, asked: Asked) -> FormField:
    said = "Yes: about the service itself, so it also goes to those who have opted out of messages."
    return FormField(sort.field("service"), "Service", sort.tab, YesNo(), said, means=service_in_words)


_MAKERS = {"subject": _subject, "body": _body, "files": _files, "when": _when, "service": _service}


@dataclass(frozen=True)
class Wide(OneLine):
    """One line, as wide as the page."""

    span: ClassVar[Span] = "wide"


def _checked(sort: Sort, asked: Asked, wrong: Callable[[str], str | None]) -> Callable[[str], str | None]:
    return lambda text: wrong(text) if text.strip() and sort == asked.sort() else None


def service_in_words(text: str) -> str:
    """What it means that it is a service notice, or none."""
    return (
        "a service notice: also to those who have opted out" if text == YES else "to no one who has opted out"
    )


def subject_wrong(text: str) -> str | None:
    """What is wrong with a subject."""
    return _text_wrong("subject", text)


def body_wrong(text: str) -> str | None:
    """What is wrong with a body."""
    return _text_wrong("body", text)


def sms_wrong(text: str) -> str | None:
    """What is wrong with the text of an SMS."""
    if len(text.strip()) > LONGEST:
        return f"it has {len(text.strip()):,} characters; an SMS can have {LONGEST:,}"
    return body_wrong(text)


def _text_wrong(part: str, text: str) -> str | None:
    if found := unknown(text, known_fields()):
        more = f" (and {len(found) - 1:,} more)" if len(found) > 1 else ""
        return f"{found[0]}{more}"
    try:
        fields_of(Template)[part].parse(text)
    except BadValue as error:
        return str(error)
    return None


def moment(text: str) -> datetime | None:
    """When it shall be sent; None is now."""
    return later(text, datetime.now(LocalClock())) if text.strip() else None


def when_wrong(text: str) -> str | None:
    """What is wrong with a moment."""
    try:
        moment(text)
    except BadValue as error:
        return str(error)
    return None


def when_in_words(text: str) -> str:
    """The moment that a text means."""
    due = moment(text)
    return f"on {due.astimezone():%A %Y-%m-%d at %H:%M %Z}" if due else "now, when you confirm"
