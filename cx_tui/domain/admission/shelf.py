"""Customers whom no call has needed yet: packed, and made when one does.

A million customers are two million objects and more; as packed bytes they are there at once, and take a
quarter of the memory.  A shelf is one run of bytes (usually a file that the system maps): the bodies, and
beside them sorted columns of what customers are found by.
"""

import json
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from hashlib import blake2b
from typing import Any, TypeAlias

from cx_tui.domain.admission.facts import Customer
from cx_tui.domain.admission.networks import Network
from cx_tui.domain.admission.numbers import same_form
from cx_tui.domain.admission.plain import Parts
from cx_tui.domain.money.free_minutes import Left

NEVER = 0
"""The day of a spend that there was not."""
HALF = (1 << 64) - 1
Columns: TypeAlias = Mapping[str, Any]
"""By name: `ids`, `ends` of the bodies, and for each index its keys and the places of their customers."""


def key_of_text(text: str) -> int:
    """The key of a name in an index: who has the same key is compared by name."""
    return int.from_bytes(blake2b(text.encode(errors="replace"), digest_size=8).digest())


def key_of_network(network: Network) -> int:
    """The key of a network among those of its length."""
    return (network.number >> 64) ^ (network.number & HALF)


def keys_of(customer: Customer) -> Iterator[tuple[str, int]]:
    """By what a customer is found: the name of the index, and the key in it."""
    for one in customer.addresses:
        yield f"{one.family}/{one.length}", key_of_network(Network(one.family, one.network, one.length))
    for user in customer.sip_users:
        yield "users", key_of_text(user.username)
    for did in customer.dids:
        yield "dids", key_of_text(same_form(did.number))


class Shelf:
    """Packed customers, found by their number, an address, a SIP user or an inbound number."""

    def __init__(self, bodies: Any, columns: Columns, parts: Parts) -> None:
        self.parts = parts
        self.ids: Sequence[int] = columns["ids"]
        self.bodies = bodies
        self.ends: Sequence[int] = columns["ends"]
        self.columns = columns
        self.gone = bytearray(len(self.ids))
        """1 at the places of customers who are not here any more: they were made, or have changed."""
        self._left = len(self.ids)
        none = bytes(8 * len(self.ids))
        self.balances, self.spends, self.days = (array("q", none) for _ in range(3))
        self.free_left: dict[int, tuple[Left, ...]] = {}
        """What is left of free minutes, by the numbers of those customers who have used any."""
        self.lengths = {
            family: sorted((int(name[2:]) for name in columns if name.startswith(f"{family}/")), reverse=True)
            for family in (4, 6)
        }
        """The lengths of the networks that there are, by family, the longest first."""

    def __len__(self) -> int:
        return self._left

    def place(self, customer_id: int) -> int:
        """Where a customer is; -1 when it is not here."""
        place = bisect_left(self.ids, customer_id)
        here = place < len(self.ids) and self.ids[place] == customer_id
        return place if here and not self.gone[place] else -1

    def customers(self) -> Iterator[int]:
        """The numbers of all who are here."""
        return (one for one, gone in zip(self.ids, self.gone, strict=True) if not gone)

    def found(self, index: str, key: int) -> list[int]:
        """The numbers of the customers who may have a key."""
        column = self.columns.get(index)
        if column is None:
            return []
        keys, places = column
        at, found = bisect_left(keys, key), []
        while at < len(keys) and keys[at] == key:
            if not self.gone[places[at]]:
                found.append(self.ids[places[at]])
            at += 1
        return found

    def take(self, customer_id: int) -> Customer | None:
        """Make a customer, who is not here any more then."""
        place = self.place(customer_id)
        if place < 0:
            return None
        self.drop(customer_id)
        begin = self.ends[place - 1] if place else 0
        customer = self.parts.made(Customer, json.loads(bytes(self.bodies[begin : self.ends[place]])))
        account, day = customer.account, self.days[place]
        account.balance, account.spend = self.balances[place], self.spends[place]
        # What was reserved when it was packed was so for calls of another process.
        account.reserved = account.free_reserved = 0
        account.day = date.fromordinal(day) if day else None
        account.free_left = self.free_left.pop(customer_id, account.free_left)
        return customer

    def drop(self, customer_id: int) -> None:
        """A customer is not here any more."""
        if (place := self.place(customer_id)) >= 0:
            self.gone[place] = 1
            self._left -= 1

    def account(self, customer_id: int, balance: int, day: date | None, spend: int) -> None:
        """What a customer has now."""
        if (place := self.place(customer_id)) >= 0:
            self.balances[place], self.spends[place] = balance, spend
            self.days[place] = day.toordinal() if day else NEVER

    def accounts(self, ids: Sequence[int], accounts: Sequence[Iterable[int]]) -> bool:
        """The same of a run of customers in the order of their numbers: balances, days, spends.

        False when other customers than these are here; then nothing is taken.
        """
        place = bisect_left(self.ids, ids[0])
        until = place + len(ids)
        if list(self.ids[place:until]) != list(ids):
            return False
        for column, values in zip((self.balances, self.days, self.spends), accounts, strict=True):
            column[place:until] = array("q", values)
        return True


class Packing:
    """Packs customers, and makes a shelf of them: anew, or of a shelf with what has changed since."""

    def __init__(self, parts: Parts | None = None) -> None:
        self.parts = parts or Parts()
        self._ids: list[int] = []
        self._bodies: list[bytes] = []
        self._keys: dict[str, list[tuple[int, int]]] = {}

    def add(self, customer: Customer) -> None:
        """A customer."""
        self._ids.append(customer.id)
        self._bodies.append(json.dumps(self.parts.plain(customer), separators=(",", ":")).encode())
        for index, key in keys_of(customer):
            self._keys.setdefault(index, []).append((key, customer.id))

    def add_shelf(self, shelf: Shelf) -> None:
        """All who are still on a shelf, as they are packed there."""
        begin = 0
        for place, (customer_id, end) in enumerate(zip(shelf.ids, shelf.ends, strict=True)):
            if not shelf.gone[place]:
                self._ids.append(customer_id)
                self._bodies.append(bytes(shelf.bodies[begin:end]))
            begin = end
        for index, column in shelf.columns.items():
            if isinstance(column, tuple):
                known = self._keys.setdefault(index, [])
                known += [
                    (key, shelf.ids[place])
                    for key, place in zip(*column, strict=True)
                    if not shelf.gone[place]
                ]

    def done(self) -> tuple[bytes, dict[str, Any]]:
        """The bodies, and the columns."""
        order = sorted(range(len(self._ids)), key=self._ids.__getitem__)
        ids = array("q", (self._ids[one] for one in order))
        bodies = [self._bodies[one] for one in order]
        places = {one: place for place, one in enumerate(ids)}
        ends, end = array("q"), 0
        for body in bodies:
            end += len(body)
            ends.append(end)
        columns: dict[str, Any] = {"ids": ids, "ends": ends}
        for index, pairs in self._keys.items():
            pairs.sort()
            keys = array("Q", (key for key, _ in pairs))
            columns[index] = keys, array("q", (places[one] for _, one in pairs))
        return b"".join(bodies), columns

    def shelf(self) -> Shelf:
        """The shelf of all that was packed."""
        return Shelf(*self.done(), self.parts)
