"""Everything that decisions look at, with the indexes that make them quick; changed customer by customer.

A process that holds a million customers should call `gc.freeze()` once they are loaded: there are millions
of objects, and no cycles among them.
"""

from collections import defaultdict
from collections.abc import Iterable

from cx_tui.domain.admission.facts import Carrier, Customer, Did, Live, PrefixSet, SipUser, Supply
from cx_tui.domain.admission.networks import Index, Network, network_of
from cx_tui.domain.admission.numbers import same_form
from cx_tui.domain.rating.cards import RateCard


class World:
    """Customers, and the setup that they refer to."""

    def __init__(self, customers: Iterable[Customer] = ()) -> None:
        self.customers: dict[int, Customer] = {}
        self.addresses = Index()
        self.users: dict[str, SipUser] = {}
        self.dids: dict[str, Did] = {}
        self.cards: dict[int, RateCard] = {}
        self.carriers: dict[int, Carrier] = {}
        self.supply: defaultdict[int, tuple[Supply, ...]] = defaultdict(tuple)
        self.prefix_sets: dict[int, PrefixSet] = {}
        self.live = Live()
        for customer in customers:
            self.put(customer)

    def put(self, customer: Customer) -> None:
        """A customer is new, or something of theirs has changed."""
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
