"""What the palette finds, and in which order."""

import pytest

from widgets.palette import Entry, found

ENTRIES = [
    Entry("Bulk edit", "e", "Change some fields of all marked rows.", "mass"),
    Entry("Upload", "u", "Create and update from a file.", "import csv"),
    Entry("Export", "E", "Write rows to a file.", "csv download"),
    Entry("Status", "t", "Show customers of one status only.", "disable"),
]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", ["Bulk edit", "Upload", "Export", "Status"]),
        ("e", ["Export", "Bulk edit", "Upload", "Status"]),
        ("csv", ["Upload", "Export"]),
        ("CSV write", ["Export"]),
        ("edit", ["Bulk edit"]),
        ("file", ["Upload", "Export"]),
        ("disable", ["Status"]),
        ("nothing of this", []),
    ],
)
def test_names_come_before_other_words_and_these_before_sentences(typed: str, expected: list[str]) -> None:
    assert names(found(ENTRIES, typed)) == expected


def test_what_was_chosen_lately_comes_first_among_equals() -> None:
    assert names(found(ENTRIES, "", ["Status", "Export"]))[:2] == ["Status", "Export"]
    assert names(found(ENTRIES, "csv", ["Export"])) == ["Export", "Upload"]


def names(places: list[int]) -> list[str]:
    return [ENTRIES[place].name for place in places]
