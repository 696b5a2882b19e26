"""What is said of a kind of record beside its fields: once, where the record is declared."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Declared:
    """How a kind of record is called, what its list shows, and what it belongs to.

    declared = Declared("sip-user", "SIP user", "SIP users", ("username", "channels", "enabled"))
    """

    name: str
    """What commands, the palette and the log call it; its table has the same name with underscores."""
    one: str
    many: str
    columns: tuple[str, ...]
    """What its list shows at first, in this order."""
    title: str = ""
    """The field that one is named by; without it the first column."""
    owner: str = "customer"
    """The kind of record that it belongs to, whose number is in `<owner>_id`; "" stands for itself."""
    sort: tuple[str, ...] = ()
    """What its list is ordered by at first, a - before what falls; without it as they were made."""
    ordered: bool = False
    """Operators choose the order of those of one owner: it is kept in `position`."""
    counted: tuple[tuple[str, str], ...] = ()
    """The customer's counters that count them, each with the flag that says which are counted; "" is all."""
    also: tuple[str, ...] = ()
    """Other words for it, to be found by."""
    together: tuple[str, ...] = ()
    """Fields whose values, taken together, only one record may have."""
    taken: str = ""
    """The sentence when another record has the same values of these."""
    uploads: bool = True
    """Files of it can be uploaded."""
    matched: tuple[str, ...] = ()
    """Fields by which a row of a file finds the owner's record, where no value is one record's alone;
    without them the one that it is named by."""
    by_hand: bool = True
    """Operators make and change it themselves; otherwise the program does, and they only read it."""
    deletes: bool = True
    """It can be deleted; money that was booked can't."""

    looked_up: tuple[str, ...] = ()
    """Fields by whose value records are looked up among all."""
    each: str = ""
    """A field in which several values may be written for a new one: each makes a record."""
    kept_in: str = ""
    """Its table, where that can't have its name."""

    @property
    def table(self) -> str:
        """The name of its table."""
        return self.kept_in or self.name.replace("-", "_")

    @property
    def names(self) -> str:
        """The field that one is named by."""
        return self.title or self.columns[0]

    @property
    def owner_id(self) -> str:
        """The field that says to whom it belongs; "" when it stands for itself."""
        return f"{self.owner.replace('-', '_')}_id" if self.owner else ""

    @property
    def title_of_one(self) -> str:
        """One of them at the beginning of a line: "Customer", "SIP user"."""
        return self.one[:1].upper() + self.one[1:]

    @property
    def several(self) -> str:
        """Many of them inside a sentence: "customers", "SIP users"."""
        return self.many if self.many[1:2].isupper() else self.many[:1].lower() + self.many[1:]

    def so_many(self, number: int) -> str:
        """So many of them: "1 customer", "3,204 SIP users"."""
        return f"{number:,} {self.one if number == 1 else self.several}"
