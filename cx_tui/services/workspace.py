"""What is kept for an operator between two runs: the layout, and the last rows that were seen.

Files in the state folder, one folder for each database, readable by the operator alone.  Losing
them costs nothing but comfort, so a file that can't be read counts as none.
"""

import json
import zlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cx_tui.config import folders
from cx_tui.domain.columns import record_columns
from cx_tui.domain.layout import Layout, ShownColumn, usual_layout, usual_record_layout
from cx_tui.errors import CxError

if TYPE_CHECKING:
    from cx_tui.services.records.drafts import Drafts

REMEMBERED = 12
"""So many acts of the palette are remembered: what is older is found by its name."""


QUESTIONS_KEPT = 200


@dataclass(frozen=True)
class LastRows:
    """The rows that were on the screen when the program ended, as texts, and the counts beside them."""

    seen_at: datetime
    total: int
    counts: dict[str, int]
    rows: list[tuple[int, dict[str, str]]]


class Workspace:
    """An operator's workspace at one database."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def of(cls, state_dir: Path, url: str) -> "Workspace":
        """The workspace for a database."""
        return cls(state_dir / f"{zlib.crc32(url.encode()):08x}")

    @property
    def drafts(self) -> "Drafts":
        """What was typed and not saved."""
        from cx_tui.services.records.drafts import Drafts

        return Drafts(self._folder)

    def layout(self) -> Layout:
        """The layout as it was left."""
        return Layout.from_json(self._read("layout")) if self._has("layout") else usual_layout()

    def keep_layout(self, layout: Layout) -> None:
        """Keep the layout."""
        self._write("layout", layout.as_json())

    def record_layout(self, record: str, *, owned: bool) -> Layout:
        """The layout of the list of any other kind of record; of one owner, or of all."""
        usual = usual_record_layout(record, owned=owned)
        name = _layout_of(record, owned=owned)
        return Layout.from_json(self._read(name), record_columns(record), usual) if self._has(name) else usual

    def keep_record_layout(self, record: str, layout: Layout, *, owned: bool) -> None:
        """Keep it."""
        self._write(_layout_of(record, owned=owned), layout.as_json())

    def columns_of(self, place: str) -> tuple[ShownColumn, ...]:
        """The columns of a list that is not of records, such as calls; none when nobody arranged it."""
        kept = self._read(f"columns-{place}")
        try:
            return tuple(ShownColumn(str(name), int(width), bool(frozen)) for name, width, frozen in kept)
        except (TypeError, ValueError):
            return ()

    def keep_columns(self, place: str, columns: Sequence[ShownColumn]) -> None:
        """Keep them."""
        self._write(f"columns-{place}", [[one.name, one.width, one.frozen] for one in columns])

    def zone_of_calls(self) -> str:
        """The clock by which calls are shown: a time zone, "customer", or nothing for one's own."""
        kept = self._read("clock")
        return kept if isinstance(kept, str) else ""

    def keep_zone_of_calls(self, zone: str) -> None:
        """Keep it."""
        self._write("clock", zone)

    def last_tab(self) -> str:
        """The tab of the card that was shown last; nothing when there was none."""
        kept = self._read("tab")
        return kept if isinstance(kept, str) else ""

    def keep_last_tab(self, tab: str) -> None:
        """Keep which tab of the card is shown."""
        self._write("tab", tab)

    def done_lately(self) -> list[str]:
        """The names of what was chosen in the palette, the last one first."""
        kept = self._read("done-lately")
        return [name for name in kept if isinstance(name, str)] if isinstance(kept, list) else []

    def keep_done_lately(self, names: list[str]) -> None:
        """Keep what was chosen in the palette."""
        self._write("done-lately", names[:REMEMBERED])

    def last_rows(self) -> LastRows | None:
        """The rows of the last run, if there was one."""
        kept = self._read("last-rows")
        try:
            return LastRows(
                datetime.fromisoformat(kept["seen_at"]),
                int(kept["total"]),
                {str(name): int(count) for name, count in kept["counts"].items()},
                [
                    (int(key), {str(name): str(text) for name, text in cells.items()})
                    for key, cells in kept["rows"]
                ],
            )
        except (AttributeError, KeyError, TypeError, ValueError):
            return None

    def keep_last_rows(self, last: LastRows) -> None:
        """Keep the rows for the next run."""
        self._write(
            "last-rows",
            {
                "seen_at": last.seen_at.isoformat(),
                "total": last.total,
                "counts": last.counts,
                "rows": last.rows,
            },
        )

    def forget_last_rows(self) -> None:
        """Keep no rows any longer."""
        with suppress(OSError):
            (self._folder / "last-rows.json").unlink()

    def asked_in_sql(self) -> list[dict[str, Any]]:
        """Questions in SQL, the newest first, with how they went."""
        kept = self._read("sql")
        fine = [one for one in kept if isinstance(one, dict)] if isinstance(kept, list) else []
        return [one for one in fine if isinstance(one.get("text"), str)]

    def keep_asked_in_sql(self, text: str, *, rows: int, seconds: float, wrong: str) -> None:
        """Keep a question, a failed one too; asked again it becomes the newest."""
        others = [one for one in self.asked_in_sql() if one["text"] != text]
        now = {"text": text, "rows": rows, "seconds": seconds, "wrong": wrong}
        self._write("sql", [now, *others][:QUESTIONS_KEPT])

    def own_address(self, way: str) -> str:
        """Where the operator has test messages of a way sent to; nothing when that was never said."""
        kept = self._read(f"own-{way}")
        return kept if isinstance(kept, str) else ""

    def keep_own_address(self, way: str, address: str) -> None:
        """Keep where test messages of a way are sent to."""
        self._write(f"own-{way}", address)

    def folder_of_files(self) -> str:
        """The folder of the file that was picked last; nothing when there was none."""
        kept = self._read("folder")
        return kept if isinstance(kept, str) else ""

    def keep_folder_of_files(self, folder: str) -> None:
        """Keep the folder of a file that was picked."""
        self._write("folder", folder)

    def _has(self, name: str) -> bool:
        return (self._folder / f"{name}.json").exists()

    def _read(self, name: str) -> Any:
        try:
            return json.loads((self._folder / f"{name}.json").read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            return None

    def _write(self, name: str, value: Any) -> None:
        try:
            folders.private_dir(self._folder)
            folders.write_private(self._folder / f"{name}.json", json.dumps(value, ensure_ascii=False))
        except CxError:
            return  # a full or read-only home must not disturb the work


def _layout_of(record: str, *, owned: bool) -> str:
    return f"layout-{record}" if owned else f"layout-all-{record}"
