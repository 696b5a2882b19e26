"""Values as they are written: what follows from settings, before one is kept."""

from collections.abc import Mapping
from typing import Any

from cx_tui.domain.record import Record
from cx_tui.domain.sip_passwords import as_kept

Values = Mapping[str, Any]

USUAL_REALM = "cx-tui"


class AsWritten:
    """Makes values ready to be written, with what the settings say."""

    def __init__(self, realm: str = "") -> None:
        self._realm = realm or USUAL_REALM

    def values(self, kind: type[Record], record: Record | None, values: Values) -> dict[str, Any]:
        """The values as they are written: typed passwords of SIP users become digests."""
        if kind.declared.name != "sip-user":
            return dict(values)
        now = {**vars(record), **values} if record else values
        return as_kept(values, now["username"], self._realm)
