"""The columns of a file of records: what an export writes, and what an upload reads."""

from collections.abc import Mapping
from functools import cache

from cx_tui.domain.declared import Declared
from cx_tui.domain.fields import Field, fields_of
from cx_tui.domain.kinds import Reference, References, Secret
from cx_tui.domain.records import record_named


def owner_column(declared: Declared) -> str:
    """The column that names the owner; "" where records stand for themselves."""
    return declared.owner.replace("-", "_")


@cache
def sheet_fields(record: str) -> Mapping[str, Field]:
    """The fields that have a column, by name: the owner first.  Secrets are in no file."""
    kind = record_named(record)
    own = {
        name: one for name, one in fields_of(kind).items() if one.upload and not isinstance(one.kind, Secret)
    }
    return {**_owner(kind.declared), **own}


def kept_in(record: str, name: str) -> str:
    """The column of the table that keeps what a column of a file says."""
    declared = record_named(record).declared
    return declared.owner_id if declared.owner and name == owner_column(declared) else name


def refers_to(field: Field) -> str:
    """The kind of record that a field names, if it does."""
    return field.kind.record if isinstance(field.kind, Reference | References) else ""


def _owner(declared: Declared) -> dict[str, Field]:
    if not declared.owner:
        return {}
    owner = record_named(declared.owner)
    named = fields_of(owner)[owner.declared.names]
    one = owner.declared.one
    field = Field(
        label=owner.declared.title_of_one, kind=Reference(declared.owner), name=owner_column(declared),
        required=True, fixed=True, synonyms=(f"{one} name", "account", *named.synonyms),
        example=named.example, help=f"The {one} by its name, or by its number like #12.",
    )  # fmt: skip
    return {field.name: field}
