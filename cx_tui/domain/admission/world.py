"""Everything that decisions look at, with the indexes that make them quick; changed customer by customer.

A process that holds very many customers keeps those whom no call has needed yet on a shelf.  It should call
`gc.freeze()` once they are loaded: there are millions of objects, and no cycles among them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from cx_tui.domain.admission.facts import Carrier, Customer, Did, Live, PrefixSet, SipUser, Supply
from cx_tui.domain.admission.networks import Index, Network, network_of, network_of_address
from cx_tui.domain.admission.numbers import same_form
from cx_tui.domain.admission.shelf import Shelf, key_of_network, key_of_text
from cx_tui.domain.rating.cards import RateCard

K = TypeVar("K")
V = TypeVar("V")


class Fetched(dict[K, V]):
    """A dictionary that has what it lacks fetched from the shelf."""

    def __init__(self, fetch: Callable[[K], None], left: Callable[[], Iterable[K]]) -> None:
        self._fetch = fetch
        self._left = left

    def __missing__(self, key: K) -> V:
        self._fetch(key)
        found: V | None = super().get(key)
        if found is None:
            raise KeyError(key)
        return found

    def get(self, key: K, default: Any = None) -> Any:
        """The value of a key, fetched if need be."""
        found = super().get(key)
        if found is None:
            self._fetch(key)
            found = super().get(key)
        return default if found is None else found

    def __contains__(self, key: object) -> bool:
        return self.get(key) is not None  # type: ignore[arg-type]  # another type is not found either

    def __iter__(self) -> Iterator[K]:
        yield from list(super().__iter__())
        yield from list(self._left())

    def values(self) -> Any:
        """Every value; all of the shelf is made for it."""
        return [self[key] for key in self]


class World:
    """Customers, and the setup that they refer to."""

    def __init__(self, customers: Iterable[Customer] = (), shelf: Shelf | None = None) -> None:
        self.shelf = shelf
        self.customers: dict[int, Customer] = {}
        self.users: dict[str, SipUser] = {}
        self.dids: dict[str, Did] = {}
        if shelf is not None:
            self.customers = Fetched(self._fetch, shelf.customers)
            self.users = Fetched(lambda name: self._fetch_by("users", name), tuple)
            self.dids = Fetched(lambda number: self._fetch_by("dids", number), tuple)
        self.addresses = Index(self._fetch_at, shelf.lengths if shelf else None)
        self.cards: dict[int, RateCard] = {}
        self.carriers: dict[int, Carrier] = {}
        self.supply: defaultdict[int, tuple[Supply, ...]] = defaultdict(tuple)
        self.prefix_sets: dict[int, PrefixSet] = {}
        self.live = Live()
        for customer in customers:
            self.put(customer)

    @property
    def size(self) -> int:
        """How many customers there are."""
        return len(self.customers) + len(self.shelf or ())

    @property
    def has_users(self) -> bool:
        """Whether any customer has SIP users."""
        return bool(self.users) or (self.shelf is not None and "users" in self.shelf.columns)

    def put(self, customer: Customer) -> None:
        """A customer is new, or something of theirs has changed."""
        self._put(customer)
        if self.shelf is None:
            return
        # Who has an address in common with somebody is looked at together with them.
        waiting = list(customer.addresses)
        while waiting:
            for one in self._at(network_of_address(waiting.pop())):
                if found := self.shelf.take(one):
                    self._put(found)
                    waiting += found.addresses

    def _put(self, customer: Customer) -> None:
        self.drop(customer.id)
        self.customers[customer.id] = customer
        for address in customer.addresses:
            self.addresses.add(address)
        for user in customer.sip_users:
            self.users[user.username] = user
        for did in customer.dids:
            self.dids[same_form(did.number)] = did

    def drop(self, customer_id: int) -> None:
        """A customer is not there any more."""
        if self.shelf is not None:
            self.shelf.drop(customer_id)
        known = self.customers.pop(customer_id, None)
        if known is None:
            return
        for address in known.addresses:
            self.addresses.remove(address)
        for user in known.sip_users:
            if self.users.get(user.username) is user:
                del self.users[user.username]
        for did in known.dids:
            if self.dids.get(same_form(did.number)) is did:
                del self.dids[same_form(did.number)]

    def _fetch(self, customer_id: int) -> None:
        """Take a customer off the shelf."""
        if self.shelf is not None and (customer := self.shelf.take(customer_id)):
            self.put(customer)

    def _fetch_by(self, index: str, text: str) -> None:
        for customer_id in self.shelf.found(index, key_of_text(text)) if self.shelf else ():
            self._fetch(customer_id)

    def _fetch_at(self, network: Network) -> None:
        for customer_id in self._at(network):
            self._fetch(customer_id)

    def _at(self, network: Network) -> list[int]:
        """Who has a network, of those on the shelf."""
        index = f"{network.family}/{network.length}"
        return self.shelf.found(index, key_of_network(network)) if self.shelf else []

    def put_card(self, card: RateCard) -> None:
        """A rate card is new or has changed."""
        self.cards[card.id] = card

    def put_carrier(self, carrier: Carrier) -> None:
        """A carrier is new or has changed."""
        self.carriers[carrier.id] = carrier

    def put_prefix_set(self, prefixes: PrefixSet) -> None:
        """A prefix set is new or has changed."""
        self.prefix_sets[prefixes.id] = prefixes

    def put_supply(self, card_id: int, supply: Iterable[Supply]) -> None:
        """These carrier cards serve a customer card."""
        self.supply[card_id] = tuple(sorted(supply, key=lambda one: (one.priority, one.id)))

    def carrier_at(self, source: Network) -> Carrier | None:
        """The active carrier that sends calls from an address."""
        for carrier in self.carriers.values():
            for text in carrier.addresses if carrier.active else ():
                network = network_of(text)
                if network and network.holds(source):
                    return carrier
        return None
