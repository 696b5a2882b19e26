"""Which rows are the same call: second legs are left out, tries of one call become one."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import polars as pl

from cx_tui.domain.calls.call import Call, Try
from cx_tui.ingest.files.blocks import Block

REMEMBERED = 200_000


class SecondLegs:
    """Leaves out the second leg of each call.  Either leg may be written first, so that a block is looked at
    together with the one behind it."""

    def __init__(self, key: str, names: str) -> None:
        self._key = key
        self._names = names
        self._named: set[str] = set()
        self._order: deque[str] = deque()
        self.left = 0

    def without(self, blocks: Iterable[Block]) -> Iterator[Block]:
        """The same blocks, with one row a call."""
        waiting: Block | None = None
        for block in blocks:
            if waiting:
                yield self._first_legs(waiting, block)
            waiting = block
        if waiting:
            yield self._first_legs(waiting, None)

    def _first_legs(self, block: Block, behind: Block | None) -> Block:
        frame = block.frame
        rows = list(zip(frame[self._key].to_list(), frame[self._names].to_list(), strict=True))
        named_by = {name: key for key, name in rows if name}
        if behind:
            later = zip(behind.frame[self._names].to_list(), behind.frame[self._key].to_list(), strict=True)
            named_by = {name: key for name, key in later if name} | named_by
        kept: list[bool] = []
        for key, name in rows:
            # Where each leg names the other, the one that stands first is the call.
            second = key in self._named or (key in named_by and not name)
            kept.append(not second)
            if name and not second:
                self._remember(name)
        if all(kept):
            return block
        self.left += kept.count(False)
        return replace(block, frame=frame.filter(pl.Series(kept)))

    def _remember(self, name: str) -> None:
        self._named.add(name)
        self._order.append(name)
        if len(self._order) > REMEMBERED:
            self._named.discard(self._order.popleft())


class Tries:
    """Joins rows that follow each other and are tries of one call."""

    def __init__(self) -> None:
        self._open: list[Call] = []
        self._group = ""

    def joined(self, calls: Sequence[Call], groups: Sequence[str]) -> list[Call]:
        """The calls that are complete: the last one waits, as more of it may come."""
        done: list[Call] = []
        for call, group in zip(calls, groups, strict=True):
            if self._open and group != self._group:
                done.append(_one(self._open))
                self._open = []
            self._open.append(call)
            self._group = group
        return done

    def rest(self) -> list[Call]:
        """The one that waited."""
        done = [_one(self._open)] if self._open else []
        self._open = []
        return done


def _one(tries: Sequence[Call]) -> Call:
    if len(tries) == 1:
        return tries[0]
    first = tries[0]
    answered = next((one for one in tries if one.connected), None)
    counts = answered or tries[-1]
    carriers = [one.carrier for one in tries]
    return replace(
        first,
        ringing_at=counts.ringing_at,
        answered_at=counts.answered_at,
        ended_at=max(one.ended_at for one in tries),
        talk_ms=counts.talk_ms,
        sip_code=counts.sip_code,
        sip_reason=counts.sip_reason,
        q850=next((one.q850 for one in reversed(tries) if one.q850), None),
        release=counts.release,
        carrier=counts.carrier,
        tries=tuple(_try(one, first) for one in tries) if len(set(carriers)) > 1 else (),
    )


def _try(one: Call, first: Call) -> Try:
    def since(moment: Call) -> int:
        return round((moment.invited_at - first.invited_at).total_seconds() * 1000)

    lasted = round((one.ended_at - one.invited_at).total_seconds() * 1000)
    return Try(
        carrier=one.carrier,
        number=one.number,
        began_ms=since(one),
        ended_ms=since(one) + lasted,
        sip_code=one.sip_code,
        reason=one.sip_reason,
    )
