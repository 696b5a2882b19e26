"""What the send screen says: whom it reaches, what an SMS takes, what is asked, what was done."""

from datetime import datetime

from cx_tui.domain.outbox import Reach, Way
from cx_tui.domain.sms import LONGEST, length_of
from cx_tui.screens.send.kinds import Sort
from cx_tui.screens.send.people import People
from cx_tui.screens.stakes import counted, customers, short
from cx_tui.screens.times import local
from widgets.line import Part

TONES = {Reach.WILL: "good", Reach.NOT_VALID: "bad", Reach.UNSUBSCRIBED: "warn", Reach.NO_ADDRESS: "dim"}
NUMBER = {Way.EMAIL: "address", Way.SMS: "mobile number"}
MARKDOWN = "Markdown becomes a plain and an HTML part"


def reached(people: People, way: Way) -> list[Part]:
    """How many will get it, and how many not, and why."""
    parts = []
    for reach in Reach:
        number = people.counts[reach]
        label = f"no {NUMBER[way]}" if reach is Reach.NO_ADDRESS else reach.label
        if number or reach is Reach.WILL:
            parts.append(Part(f"{number:,} {label}", TONES[reach] if number else "warn"))
    return parts


def nobody(people: People, way: Way) -> str:
    """Why nothing can be sent."""
    if not people.all:
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
    sort: Sort, people: People, subject: str, body: str, files: str, due: datetime | None, own: bool
) -> list[str | Part]:
    """What it means, in sentences."""
    lines: list[str | Part] = [Part(short(subject or body, 200), "strong"), ""]
    one = len(people.reached) == 1
    lines.append("One message." if one else "One message each; nobody sees another.")
    if sort.way is Way.SMS and not own:
        segments = length_of(body).segments
        total = segments * len(people.reached)
        lines.append(f"{counted(segments, 'segment')} each, {counted(total, 'segment')} in all.")
    if files:
        lines.append(f"{files}.")
    if again := people.shared:
        numbers = counted(again, "contact has", "contacts have")
        lines.append(Part(f"{numbers} the {NUMBER[sort.way]} of another, which gets it again.", "warn"))
    left = len(people.all) - len(people.reached)
    if left:
        lines.append(Part(f"{counted(left, 'contact')} can't be reached and will not get it.", "warn"))
    lines.append(
        f"It is sent on {local(due)}." if due else "It is sent now; what is sent can't be taken back."
    )
    return lines


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
