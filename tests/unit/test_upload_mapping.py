"""What a column is: guessed from its header, said by the operator, remembered for the next time."""

from pathlib import Path

import pytest

from cx_tui.errors import Misconfigured
from cx_tui.services.upload.guessing import folded_header, guess
from cx_tui.services.upload.mappings import Known, Mappings, mapped
from cx_tui.services.upload.order import HowToRead, Mode, Order, mapped_fields, upload_fields


def order(mapping: dict[int, str], mode: Mode = Mode.BOTH) -> Order:
    return Order(Path("x.csv"), HowToRead(), mapping, mode)


def test_every_field_is_known_by_its_name_and_its_label() -> None:
    names = list(upload_fields())
    assert guess(names) == dict(enumerate(names))
    assert guess([field.label for field in upload_fields().values()]) == dict(enumerate(names))


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Credit limit", "debit_limit"), ("CPS", "flow_speed"), ("currency code", "currency"),
        ("Customer Name", "name"), ("ACCOUNT_NO.", "external_id"), ("E-Mail (PayPal)", None),
        ("Zip Code", "postcode"),
        ("line", None), ("reason", None), ("", None),
    ],
)  # fmt: skip
def test_common_words_are_known_in_any_writing(header: str, name: str | None) -> None:
    assert guess([header]).get(0) == name


def test_no_word_means_two_fields() -> None:
    words = [folded_header(word) for field in upload_fields().values() for word in field.synonyms]
    assert len(words) == len(set(words))
    assert all(field.synonyms for field in upload_fields().values())


def test_what_an_operator_says_is_stronger_than_a_guess() -> None:
    header = ["Name", "Trading name", "Old name", "City"]
    assert mapped(header, guess(header), [("trading NAME", "name")]) == {1: "name", 3: "city"}
    assert mapped(header, guess(header), [("3", "name"), ("City", "")]) == {2: "name"}


@pytest.mark.parametrize(("column", "why"), [("Nam", "there is no column"), ("9", "there is no column")])
def test_a_column_that_is_not_there_is_said(column: str, why: str) -> None:
    with pytest.raises(Misconfigured, match=why):
        mapped(["Name"], {}, [(column, "name")])


def test_a_number_that_is_also_a_title_is_refused_unless_it_is_said_which_is_meant() -> None:
    header = ["Name", "3", "City"]
    with pytest.raises(Misconfigured, match='"3" is the title of column 2 and the number of another one'):
        mapped(header, {}, [("3", "region")])
    assert mapped(header, {}, [("#3", "region")]) == {2: "region"}
    assert mapped(header, {}, [("#2", "region")]) == {1: "region"}
    assert mapped(["Name", "City", "3"], {}, [("3", "region")]) == {2: "region"}
    assert mapped(["Name", "2026"], {}, [("2026", "region")]) == {1: "region"}
    with pytest.raises(Misconfigured, match="there is no column 4; the file has 3"):
        mapped(header, {}, [("#4", "region")])


def test_a_memory_does_not_depend_on_empty_titles_at_the_end(tmp_path: Path) -> None:
    Mappings(tmp_path).keep(["Who", "", ""], Known({0: "name"}))
    assert Mappings(tmp_path).of(["Who"]) == {0: "name"}


def test_a_header_that_stands_twice_is_named_by_number() -> None:
    with pytest.raises(Misconfigured, match='columns 1 and 2 are both called "name"'):
        mapped(["Name", "name"], {}, [("name", "name")])
    assert mapped(["Name", "name"], guess(["Name", "name"]), [("2", "name")]) == {1: "name"}


@pytest.mark.parametrize(
    ("mapping", "mode", "why"),
    [
        ({0: "name", 1: "name"}, Mode.BOTH, "Name is mapped to columns 1 and 2; choose one"),
        ({0: "city"}, Mode.BOTH, "no column is mapped to Name"),
        ({0: "external_id"}, Mode.CREATE, "no column is mapped to Name"),
        ({0: "nonsense"}, Mode.BOTH, 'there is no field "nonsense"'),
        ({7: "name"}, Mode.BOTH, "there is no column 8; the file has 2"),
    ],
)
def test_a_mapping_that_can_not_be_is_refused(mapping: dict[int, str], mode: Mode, why: str) -> None:
    with pytest.raises(Misconfigured, match=why):
        mapped_fields(order(mapping, mode), ["a", "b"])


def test_updating_alone_may_go_by_external_id() -> None:
    assert list(mapped_fields(order({1: "external_id"}, Mode.UPDATE), ["a", "b"])) == ["external_id"]


def test_a_mapping_is_remembered_for_the_same_headers(tmp_path: Path) -> None:
    mappings = Mappings(tmp_path)
    mappings.keep(["Who", "City"], Known({0: "name"}))
    assert Mappings(tmp_path).of(["WHO", "city"]) == {0: "name"}
    assert mappings.of(["Who", "City", "more"]) == {1: "city"}


@pytest.mark.parametrize("kept", ["", "[]", "{", '{"9": "name"}', '{"0": "gone"}', '{"x": "name"}'])
def test_a_memory_that_can_not_be_read_is_none(tmp_path: Path, kept: str) -> None:
    mappings = Mappings(tmp_path)
    mappings.keep(["Name"], Known({0: "city"}))
    (file,) = (tmp_path / "uploads").iterdir()
    file.write_text(kept)
    assert mappings.of(["Name"]) == {0: "name"}
