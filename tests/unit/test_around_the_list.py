"""What stands around the list: the figures of the switch as far as there is room, the pane beside."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from cx_tui.domain.calls.live import LiveCall
from cx_tui.domain.history import Act, Operation
from cx_tui.domain.records.contact import Contact
from cx_tui.domain.records.customer import Status
from cx_tui.screens.customers import side
from cx_tui.screens.customers.switch_line import parts_of
from cx_tui.services.calls.now import SwitchNow

NOW = datetime(2026, 6, 16, 11, 40, tzinfo=UTC)
FIGURES = SwitchNow(1279, 47.12, 4.04, Decimal("1204.5"), "EUR", [None, 0, 4, 8])


def test_as_many_figures_are_shown_as_there_is_room_for_and_none_is_cut() -> None:
    every = ["1,279 calls", "ASR 47.1", "CPS 4.0", "today 1,204 EUR", " ▁▅█"]
    for room in range(80):
        shown = [part.text for part in parts_of(FIGURES, room, ascii=False)]
        assert shown == every[: len(shown)]
        assert sum(len(text) + 3 for text in shown) <= room
    assert shown == every


def test_the_pane_says_who_calls_what_is_wrong_and_what_was_changed() -> None:
    values = {
        "id": 1, "name": "Acme", "status": Status.ACTIVE, "warning_mask": 0b11, "available": Decimal(5),
        "debit_limit": Decimal(0), "currency": "EUR", "hours_left": None, "balance": Decimal(5),
    }  # fmt: skip
    call = LiveCall(
        source="s", source_key="1", customer_id=1, dialled="4312345", invited=NOW, heard=NOW,
        answered=NOW - timedelta(seconds=75),
    )  # fmt: skip
    contact = Contact(customer_id=1, name="Joe", email="joe@acme.example", phone="+431")
    operation = Operation(id=1, at=NOW, who="ben", origin="", act=Act.UPDATE, title="Channels = 60")
    beside = side.Beside([contact], [call], [operation])
    text = "\n".join(
        "  ".join(str(part[0]) for part in (*line.left, *line.right))
        for line in side.lines(values, beside, NOW)
    )
    for wanted in ("Acme", "Active", "! no authentication set", "! no ingress route", "Joe  +431",
                   "joe@acme.example", "4312345  1:15", "Channels = 60  ben, now"):  # fmt: skip
        assert wanted in text, text
    assert "Contacts" not in "\n".join(str(line) for line in side.lines(values, None, NOW)), "not read yet"
