"""Kamailio's acc: one row for the INVITE, another for the BYE.  Each pair is a call, each refused INVITE too.

`missed_calls` looks the same and has a row for each try that failed, which acc has not: never both.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cx_tui.domain.calls.call import Call, Release
from cx_tui.ingest.files.blocks import LINE, BadRow, Block

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Pairs:
    """The INVITEs that wait for their BYE."""

    source: str
    zone: str
    from_the_middle: bool = False
    """Whether rows before these were read some other time: a BYE may belong to one of them."""
    open: dict[str, tuple[dict[str, str], tuple[int, int]]] = field(default_factory=dict)

    def calls(self, block: Block) -> Iterator[Call | BadRow]:
        """What is complete after these rows."""
        for row in block.frame.iter_rows(named=True):
            try:
                yield from self._row(row, (block.begin, block.first))
            except ValueError as error:
                yield BadRow(int(row[LINE]), str(error))

    @property
    def position(self) -> tuple[int, int] | None:
        """Where the block of the oldest INVITE that waits begins: its byte and its line."""
        return next((where for _, where in self.open.values()), None)

    def _row(self, row: dict[str, str], where: tuple[int, int]) -> Iterator[Call]:
        if not row["callid"]:
            raise ValueError("has no callid, which is its key")
        if row["method"] == "INVITE" and row["sip_code"].startswith("2"):
            self.open.setdefault(row["callid"], (row, where))
        elif row["method"] == "INVITE":
            yield self._call(row, None)
        elif row["method"] == "BYE":
            invite = self.open.pop(row["callid"], None)
            if invite is None and self.from_the_middle:
                return
            if invite is None:
                raise ValueError("is a BYE whose INVITE is not in the file before it")
            yield self._call(invite[0], row)

    def rest(self) -> Iterator[BadRow]:
        """Answered INVITEs without BYE: their calls are still up, or the BYE was lost."""
        for row, _ in self.open.values():
            yield BadRow(int(row[LINE]), "was answered and has no BYE: how long it was talked is not known")

    def _call(self, invite: dict[str, str], bye: dict[str, str] | None) -> Call:
        began = self._moment(invite)
        ended = max(began, self._moment(bye)) if bye else began
        customer = invite.get("customer", "")
        known = customer.isdecimal() and not customer.startswith("0")
        release = Release.UNKNOWN
        if bye and bye["from_tag"]:
            release = Release.CALLER if bye["from_tag"] == invite["from_tag"] else Release.CALLEE
        return Call(
            source=self.source,
            source_key=f"{invite['callid']}+{invite['from_tag']}",
            customer_id=int(customer) if known else None,
            auth=f"account {customer}" if customer and not known else "",
            src_ip=invite.get("src_ip", ""),
            cli_in=invite.get("cli", ""),
            dialled=invite.get("dialled", ""),
            number=invite.get("number", ""),
            carrier=invite.get("carrier", ""),
            invited_at=began,
            answered_at=began if bye else None,
            ended_at=ended,
            talk_ms=(ended - began) // timedelta(milliseconds=1),
            sip_code=int(invite["sip_code"]) if invite["sip_code"].isdecimal() else None,
            sip_reason=invite["sip_reason"],
            release=release,
        )

    def _moment(self, row: dict[str, str]) -> datetime:
        exact = row.get("time_hires", "")
        if exact and float(exact):
            return EPOCH + timedelta(microseconds=round(float(exact) * 1e6))
        try:
            local = datetime.fromisoformat(row["time"])
        except ValueError:
            raise ValueError(f'time is "{row["time"]}", which is not a date and time') from None
        if local.tzinfo is None and not self.zone:
            raise ValueError("time has no zone: say on which clock it is, like --zone UTC")
        placed = local if local.tzinfo else local.replace(tzinfo=ZoneInfo(self.zone))
        return placed.astimezone(UTC)


def needs_zone(columns: Sequence[str]) -> bool:
    """Whether its times are a clock's alone."""
    return "time_hires" not in columns
