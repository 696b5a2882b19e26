"""The contacts of a customer."""

from collections.abc import Mapping
from random import Random
from typing import Any

from cx_tui.services.seeding import words
from cx_tui.services.seeding.companies import plain, surnames
from cx_tui.services.seeding.places import Place, number

COMBINATIONS: tuple[tuple[str, ...], ...] = (
    *[()] * 22,
    *[("NOC",)] * 16,
    *[("Billing",)] * 9,
    *[("Owner",)] * 10,
    *[("Technical",)] * 5,
    *[("Sales",)] * 4,
    *[("Billing", "NOC")] * 9,
    *[("Owner", "NOC")] * 5,
    *[("Sales", "Technical")] * 5,
    *[("Billing", "NOC", "Sales")] * 6,
    *[("Owner", "Billing", "Technical")] * 4,
    *[("Owner", "Billing", "NOC", "Sales")] * 3,
    *[("NOC", "Billing", "Technical", "Sales")] * 2,
)
"""The types of a customer's contacts: between none and four, 1.3 on average."""

DESKS = {"NOC": ("NOC", "noc"), "Billing": ("Accounts", "billing"), "Sales": ("Sales workspace", "sales")}
DESK_SHARE = {"NOC": 0.6, "Billing": 0.4, "Sales": 0.2}

NOTES = (
    "Speaks English only.",
    "On holiday in August.",
    "Prefers e-mail.",
    "Call before 16:00.",
    "Night shift.",
)

# Ranges of addresses for documents, so that no portal is opened to a real one.
NETWORKS: tuple[tuple[str, ...], ...] = (
    *[()] * 18,
    ("192.0.2.0/28",),
    ("198.51.100.64/27", "203.0.113.9"),
)

COLUMNS = (
    "id",
    "version",
    "created_at",
    "changed_at",
    "name",
    "email",
    "phone",
    "mobile",
    "type",
    "public_notes",
    "private_notes",
    "email_verified",
    "mobile_verified",
    "allowed_ips",
    "password_hash",
    "customer_id",
)

Contact = tuple[Any, ...]


class People:
    """Draws contacts; their ids go up from 1."""

    def __init__(self, rng: Random) -> None:
        self._random = rng.random
        self._given = {culture: tuple(names.split()) for culture, names in words.GIVEN.items()}
        self._families: Mapping[str, tuple[str, ...]] = {one: surnames(one) for one in words.FAMILIES}
        self._last_id = 0

    def of(
        self, types: tuple[str, ...], customer: int, place: Place, domain: str, times: tuple[Any, Any]
    ) -> list[Contact]:
        """Contacts of these types."""
        made: list[Contact] = []
        used: set[str] = set()
        random = self._random
        for type_ in types:
            self._last_id += 1
            name, local = self._who(type_, place.culture)
            if local in used:
                local += str(self._last_id % 100)
            used.add(local)
            reach = random()
            email = f"{local}@{domain}" if reach < 0.94 else None
            phone = number(random(), place.landline) if reach < 0.55 or reach > 0.8 else ""
            mobile = number(random(), place.mobile) if reach > 0.25 else ""
            made.append((
                self._last_id,
                1,
                *times,
                name,
                email,
                phone,
                mobile,
                type_,
                "",
                NOTES[int(reach * 500) % 5] if random() < 0.03 else "",
                email is not None and random() < 0.72,
                mobile != "" and random() < 0.58,
                NETWORKS[int(random() * 20)],
                "",
                customer,
            ))  # fmt: skip
        return made

    def _who(self, type_: str, culture: str) -> tuple[str, str]:
        """The name of a person or a workspace, and the part of the address before the @."""
        random = self._random
        if type_ in DESKS and random() < DESK_SHARE[type_]:
            return DESKS[type_]
        given, families = self._given[culture], self._families[culture]
        first, family = given[int(random() * len(given))], families[int(random() * len(families))]
        return f"{first} {family}", f"{plain(first)}.{plain(family)}"
