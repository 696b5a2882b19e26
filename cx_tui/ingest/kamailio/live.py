"""The live calls of a Kamailio, as events: what has changed from one look to the next.

A look asks for a short list (a hundred bytes a call); only what is new in it, or in another state, is asked
about in full.  The table `dialog` would be the wrong source: ringing calls have no row there.
"""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from cx_tui.domain.calls.events import Answered, Event, Ringing, Snapshot, Started
from cx_tui.errors import NotFound
from cx_tui.ingest.kamailio.rpc import Rpc

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ANSWERED, OVER = 3, 5
"""States of a dialog."""
AT_ONCE = 8
ONE_BY_ONE = 200
"""More than so many are asked about all together."""


@dataclass
class _Seen:
    """A call that is up, and what was told of it."""

    started: Started
    state: int
    ringing: bool = False
    answered: bool = False


class Up(NamedTuple):
    """A call as its switch knows it at this moment."""

    key: str
    """Of its record to come."""
    answered: bool
    transaction: str
    """What cancels it while nobody has answered; "" when its switch does not say."""


class LiveCalls:
    """What is up there.  `profile` is the dialog profile whose value is the customer."""

    def __init__(self, source: str, rpc: Rpc, profile: str = "customer") -> None:
        self._source = source
        self._rpc = rpc
        self._profile = profile
        self._seen: dict[str, _Seen] = {}

    async def look(self, at: datetime) -> list[Event]:
        """What has changed, and then all that is up at this moment."""
        brief = {_live_key(one): one for one in _rows(await self._rpc.call("dlg.briefing", "cFs"))}
        up = {key: one for key, one in brief.items() if int(one.get("state", 0)) < OVER}
        known = {key: one.state for key, one in self._seen.items()}
        changed = {key: one for key, one in up.items() if known.get(key) != one["state"]}
        events: list[Event] = []
        for key, full in (await self._in_full(changed)).items():
            events.extend(self._told(key, full))
        for gone in self._seen.keys() - up.keys():
            del self._seen[gone]
        events.append(
            Snapshot(source=self._source, at=at, calls=[one.started for one in self._seen.values()])
        )
        return events

    async def now(self, live_key: str) -> Up | None:
        """A live call as it is now; None when it is not there any more."""
        every = _rows(await self._rpc.call("dlg.briefing", "cFs"))
        brief = next((one for one in every if _live_key(one) == live_key), None)
        if brief is None or int(brief["state"]) >= OVER:
            return None
        full = (await self._in_full({live_key: brief})).get(live_key)
        if full is None:
            return None
        transaction = _variables(full).get("transaction", "")
        return Up(str(full["call-id"]), int(full["state"]) >= ANSWERED, transaction)

    async def _in_full(self, wanted: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
        if len(wanted) > ONE_BY_ONE:
            every = _rows(await self._rpc.call("dlg.profile_list", self._profile))
            return {key: one for one in every if (key := _live_key(one)) in wanted}
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(brief: Mapping[str, Any]) -> list[Mapping[str, Any]]:
            async with gate:
                try:
                    return _rows(await self._rpc.call("dlg.dlg_list", brief["call-id"], brief["from_tag"]))
                except NotFound:
                    return []  # it has ended since

        found = await asyncio.gather(*(one(brief) for brief in wanted.values()))
        return {key: full for some in found for full in some if (key := _live_key(full)) in wanted}

    def _told(self, live_key: str, full: Mapping[str, Any]) -> Iterator[Event]:
        said = _variables(full)
        # What a gate of our own refused never was a call on a carrier.
        if said.get("gate"):
            return
        seen = self._seen.get(live_key)
        if seen is None:
            seen = self._seen[live_key] = _Seen(self._started(live_key, full, said), 0)
            yield seen.started
        seen.state = int(full["state"])
        if carrier := said.get("carrier", ""):
            seen.started = replace(seen.started, carrier=carrier)
        key = seen.started.key
        if not seen.ringing and (ringing := _moment(said.get("ringing"))):
            seen.ringing = True
            yield Ringing(source=self._source, key=key, at=ringing, carrier=carrier)
        if not seen.answered and seen.state >= ANSWERED:
            seen.answered = True
            at = _moment(said.get("answered")) or _moment(full.get("start_ts")) or seen.started.invited_at
            yield Answered(source=self._source, key=key, at=at, carrier=carrier)

    def _started(self, live_key: str, full: Mapping[str, Any], said: Mapping[str, str]) -> Started:
        profiles = {name: text for one in full.get("profiles") or () for name, text in one.items()}
        customer = said.get("customer") or profiles.get(self._profile, "")
        return Started(
            source=self._source,
            key=full["call-id"],
            live_key=live_key,
            customer_id=int(customer) if customer.isdecimal() else None,
            invited_at=_moment(said.get("invited")) or _moment(full.get("init_ts")) or EPOCH,
            auth=profiles.get("auth", ""),
            cli=said.get("cli") or said.get("cli_in") or _user(full.get("from_uri")),
            dialled=said.get("dialled") or _user(full.get("to_uri")),
            number=said.get("number", ""),
            carrier=said.get("carrier", ""),
            route_id=int(profiles["route"]) if profiles.get("route", "").isdecimal() else None,
            src_ip=said.get("src_ip", ""),
        )


def _rows(result: Any) -> list[Mapping[str, Any]]:
    """A list of calls: one alone comes without a list, none as nothing."""
    some = result if isinstance(result, list) else [result]
    return [one for one in some if isinstance(one, dict) and "h_entry" in one]


def _live_key(one: Mapping[str, Any]) -> str:
    return f"{one['h_entry']}:{one['h_id']}"


def _variables(full: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(text) for one in full.get("variables") or () for name, text in one.items()}


def _moment(text: Any) -> datetime | None:
    try:
        seconds = float(text or 0)
    except ValueError:
        return None
    return EPOCH + timedelta(microseconds=round(seconds * 1e6)) if seconds else None


def _user(uri: Any) -> str:
    return str(uri or "").partition(":")[2].partition("@")[0]
