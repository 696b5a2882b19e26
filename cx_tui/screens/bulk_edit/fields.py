"""The fields that can be given new values in bulk, and the values that were typed for them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from cx_tui.domain.fields import Field, fields_of
from cx_tui.domain.kinds import Areas, Choice, Code, Flag, Reference
from cx_tui.domain.record import Record
from cx_tui.screens.form_fields import AREA_STATES, editor_of, form_field, options_of, wrong
from widgets.form import Editor, FormField, OneOf, States

KEEP = "as it is"
"""How a choice reads that is not made."""

BulkFields = Mapping[str, Field]
"""Fields that can be given new values in bulk, by name."""


def bulk_fields(record: type[Record]) -> BulkFields:
    """Those of a kind of record."""
    return {name: field for name, field in fields_of(record).items() if field.bulk}


def form_fields(
    fields: BulkFields, about: Callable[[str, str], str], references: Callable[[str], Editor]
) -> list[FormField]:
    """The fields as a form has them; one without a text stays as it is.

    `about` says more of a field: of its name and its text; `references` is the editor that finds records.
    """
    return [_form_field(field, about, references) for field in fields.values()]


def _form_field(
    field: Field, about: Callable[[str, str], str], references: Callable[[str], Editor]
) -> FormField:
    usual = form_field(field)

    def means(text: str) -> str:
        itself = usual.means(text) if text and usual.means else ""
        return ", ".join(filter(None, [itself, about(field.name, text)]))

    return replace(
        usual,
        editor=references(field.kind.record) if isinstance(field.kind, Reference) else editor(field),
        required=False,
        check=lambda text: wrong_in_bulk(field, text),
        means=means,
    )


def editor(field: Field) -> Editor:
    """The editor of a field that may stay as it is."""
    kind = field.kind
    if isinstance(kind, Areas):
        return States(kind.areas, ("keep", *AREA_STATES))
    if isinstance(kind, Choice | Flag | Code):
        options = [("", KEEP), *options_of(kind)]
        return OneOf(lambda: options, search=isinstance(kind, Code))
    return editor_of(kind)


def wrong_in_bulk(field: Field, text: str) -> str | None:
    """What is wrong with the text of a field, if it has one."""
    if text and not text.strip():
        return "these are only spaces; remove them to leave the field as it is"
    return wrong(field, text) if text else None


def can_be_empty(field: Field) -> bool:
    """Whether nothing is a value of a field."""
    return not isinstance(field.kind, Areas) and not field.required and not field.write(field.empty())


def every_area(field: Field, state: str) -> str:
    """The text that gives all areas of the portal one state."""
    kind = field.kind
    return ", ".join(f"{area}={state}" for area in kind.areas) if isinstance(kind, Areas) else ""


def values_of(
    fields: BulkFields, texts: Mapping[str, str], emptied: Collection[str]
) -> tuple[dict[str, Any], list[str]]:
    """The new values of the fields that have a text or are to be empty; and the fields that are not right."""
    values: dict[str, Any] = {}
    bad: list[str] = []
    for name, field in fields.items():
        text = texts.get(name, "")
        if name in emptied:
            values[name] = field.empty()
        elif text and wrong_in_bulk(field, text):
            bad.append(name)
        elif text:
            values[name] = _value(field, text)
    return values, bad


def _value(field: Field, text: str) -> Any:
    if not isinstance(field.kind, Areas):
        return field.parse(text)
    # An area that is to be inherited again is named as well: those not named are kept.
    pairs = (part.partition("=") for part in text.split(","))
    return {area.strip(): state.strip() for area, _, state in pairs}
