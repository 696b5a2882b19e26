"""A message as an operator writes it, and what is wrong with it before it is sent to anybody."""

from dataclasses import dataclass
from datetime import datetime

from cx_tui.domain.kinds import BadValue
from cx_tui.domain.outbox import Way
from cx_tui.domain.templates import fields_in, known_fields, unknown
from cx_tui.errors import Invalid
from cx_tui.messaging.compose import Attachment, compose_body
from cx_tui.messaging.markdown import as_html
from cx_tui.services.sending.rendering import too_long


@dataclass(frozen=True)
class DraftMessage:
    """A message as an operator writes it."""

    way: Way
    body: str
    subject: str = ""
    files: tuple[tuple[str, bytes], ...] = ()
    due_at: datetime | None = None
    service: bool = False
    """Whether it is a service notice, which goes to those who have opted out, too."""

    @property
    def short(self) -> str:
        """What the log calls it."""
        return self.subject or self.body[:80]


def check(wanted: DraftMessage) -> None:
    """Refuse a message that can't be sent, with a sentence for each part."""
    problems = too_long(wanted.way, wanted.subject, "" if fields_in(wanted.body) else wanted.body)
    for part, text in (("subject", wanted.subject), ("body", wanted.body)):
        if found := unknown(text, known_fields()):
            problems[part] = str(found[0])
    if wanted.way is Way.EMAIL and not wanted.subject.strip():
        problems["subject"] = "an e-mail needs a subject"
    if not wanted.body.strip():
        problems["body"] = "there is nothing to send yet"
    if wanted.way is Way.EMAIL:
        problems |= _not_mail(wanted) if not problems else {}
    elif wanted.files:
        problems["files"] = "an SMS can't carry files"
    if problems:
        raise Invalid(problems)


def size_of_letter(wanted: DraftMessage) -> int:
    """How many bytes a letter has on its way, but for its head: files take a third more there."""
    files = [Attachment(name, content) for name, content in wanted.files]
    return len(compose_body(wanted.body, as_html(wanted.body), files))


def _not_mail(wanted: DraftMessage) -> dict[str, str]:
    """What no mail server would ever see, as it can't be written."""
    problems = {}
    try:
        as_html(wanted.body)
    except BadValue as error:
        problems["body"] = str(error)
    try:
        for name, _ in wanted.files:
            Attachment(name, b"").part  # noqa: B018  # it is made to see whether it can be
    except BadValue as error:
        problems["files"] = str(error)
    return problems
