"""What the send screen says: whom it reaches, what an SMS takes, what is asked, what was done."""

from collections.abc import Sequence
from datetime import datetime

from cx_tui.domain.outbox import Reach, Way
from cx_tui.domain.sms import LONGEST, length_of
from cx_tui.domain.templates import fields_in
from cx_tui.screens.send.kinds import Sort
from cx_tui.screens.send.people import People
from cx_tui.screens.stakes import counted, customers, listed, short
from cx_tui.screens.times import local
from cx_tui.services.sending.draft_message import DraftMessage
from widgets.line import Part

TONES = {
    Reach.WILL: "good", Reach.NOT_VALID: "bad", Reach.OPTED_OUT: "warn", Reach.NO_ADDRESS: "dim",
    Reach.SAME: "dim", Reach.NOBODY: "warn",
}  # fmt: skip
NUMBER = {Way.EMAIL: "address", Way.SMS: "mobile number"}
MARKDOWN = "Markdown becomes a plain and an HTML part"


NAMED = 3
"""So many customers are named in a sentence."""


def reached(people: People, way: Way) -> list[Part]:
    """How many contacts will get it, how many customers that leaves out, and why others do not."""
    will, every = len(people.reached), people.contacts
    of = f"{will:,} of {counted(every, 'contact')}" if will < every else counted(every, "contact")
    parts = [Part(f"{of} will get it", "good" if will else "warn")]
    if without := len(people.without):
        parts.append(Part(f"nobody at {customers(without)}", "warn"))
    parts += [
        Part(f"{people.counts[reach]:,} {reason(reach, way)}", TONES[reach])
        for reach in (Reach.NO_ADDRESS, Reach.NOT_VALID, Reach.OPTED_OUT, Reach.SAME)
        if people.counts[reach]
    ]
    return parts


def reason(reach: Reach, way: Way) -> str:
    """Why somebody does not get it."""
    if reach is Reach.NO_ADDRESS:
        return f"no {NUMBER[way]}"
    return f"{NUMBER[way]} of another" if reach is Reach.SAME else reach.label


def left_out(without: int, names: Sequence[str]) -> str:
    """Which customers have nobody who will get it."""
    said = [short(name, 40) for name in names[:NAMED]]
    if more := without - len(said):
        said.append(f"{more:,} more")
    have = "has" if without == 1 else "have"
    return f"{customers(without)} {have} nobody to write to: {listed(said)}."


def nobody(people: People, way: Way) -> str:
    """Why nothing can be sent."""
    if not people.contacts:
        return "These customers have no contacts; add one first (key n in the list of customers)."
    return (
        f"None of these contacts has a {NUMBER[way]} that can be written to; the list of recipients says why."
    )


def sms_length(text: str) -> str:
    """What a text takes as an SMS."""
    found = length_of(text)
    encoding, segments = found.encoding, found.segments
    room = encoding.alone if segments <= 1 else segments * encoding.among
    said = f"{found.units:,} of {room:,} characters, {counted(segments, 'segment')}, {encoding.name}"
    if found.unusual:
        few = " ".join(found.unusual[:5]) + (" …" if len(found.unusual) > 5 else "")
        said += f" because of {few}"
    if len(text) > LONGEST:
        said += f"; more than the {LONGEST:,} that can be sent"
    return said


def question(sort: Sort, people: People) -> str:
    """The title of the question."""
    number, of = len(people.reached), people.customers
    return f"Send this {sort.one} to {counted(number, 'contact')} of {customers(of)}?"


def meaning(
    sort: Sort, people: People, wanted: DraftMessage, files: str, names: Sequence[str], empty: Sequence[str]
) -> list[str | Part]:
    """What it means, in sentences; `names` are those of customers who are left out, `empty` what would be."""
    body, due, own = wanted.body, wanted.due_at, bool(fields_in(wanted.body))
    lines: list[str | Part] = [Part(short(wanted.subject or body, 200), "strong"), ""]
    one = len(people.reached) == 1
    lines.append("One message." if one else "One message each; no recipient sees the others.")
    if sort.way is Way.SMS and not own:
        segments = length_of(body).segments
        total = segments * len(people.reached)
        lines.append(f"{counted(segments, 'segment')} each, {counted(total, 'segment')} in all.")
    if files:
        lines.append(f"{files}.")
    if again := people.counts[Reach.SAME]:
        numbers = counted(again, "contact has", "contacts have")
        lines.append(Part(f"{numbers} the {NUMBER[sort.way]} of another, which gets it once.", "dim"))
    if left := people.contacts - len(people.reached) - again:
        lines.append(Part(f"{counted(left, 'contact')} can't be reached and will not get it.", "warn"))
    if people.without:
        lines.append(Part(left_out(len(people.without), names), "warn"))
    if wanted.service:
        lines.append(Part("As a service notice it also goes to those who have opted out.", "warn"))
    lines += [Part(each, "bad") for each in empty]
    lines.append(
        f"It is sent on {local(due)}." if due else "It is sent now; what is sent can't be taken back."
    )
    return lines


def empties(sort: Sort, subjects: int, bodies: int) -> list[str]:
    """What would be empty when all fields are filled in."""
    said = []
    if subjects:
        have = "has" if subjects == 1 else "have"
        said.append(f"{counted(subjects, sort.one, sort.many)} {have} an empty subject.")
    if bodies and sort.way is Way.SMS:
        said.append(f"{counted(bodies, 'SMS', 'SMS')} would be empty and {_is(bodies)} not sent.")
    elif bodies:
        said.append(
            f"{counted(bodies, sort.one, sort.many)} {'has' if bodies == 1 else 'have'} an empty text."
        )
    return said


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def done(sort: Sort, number: int, gone: int, due: datetime | None, key: str) -> str:
    """What was done, and where to look; `gone` are those who could be reached a moment before."""
    many = counted(number, sort.one, sort.many)
    what = (
        f"{many} will be sent on {local(due)}" if due else f"{many} {'is' if number == 1 else 'are'} queued"
    )
    if gone:
        what += f", none to {counted(gone, 'contact')} who can't be reached any more"
    return f"{what}; {key or 'the outbox'} shows how far {'it is' if number == 1 else 'they are'}."


def not_set(way: Way) -> str:
    """What is missing in the settings."""
    return (
        "no mail server is set: it will wait" if way is Way.EMAIL else "no SMS account is set: it will wait"
    )
