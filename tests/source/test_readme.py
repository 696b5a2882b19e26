"""The README says what the program does."""

from tests.readme import ROOT, with_tables


def test_the_tables_of_the_readme_are_those_of_the_program() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert text == with_tables(text), "run: python -m tests.readme"
