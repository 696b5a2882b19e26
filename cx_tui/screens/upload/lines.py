"""The lines around the rows: the steps with what was chosen, the fields over the columns, the detail."""

from collections.abc import Mapping, Sequence

from cx_tui.screens.present import spaced
from cx_tui.screens.upload import upload_sentences
from cx_tui.screens.upload.plan import NOT_USED, Head, Plan
from cx_tui.screens.upload.source import NUMBER, shorter
from cx_tui.screens.upload.verdict_rows import VerdictRow
from widgets.line import LineText, Part
from widgets.text import fit, visible

LABEL = 9
PADDING = 2


class Lines:
    """Draws with the signs of one terminal."""

    def __init__(self, *, ascii: bool) -> None:
        self.opens = "v" if ascii else "▾"
        self.arrow = "->" if ascii else "→"
        self.ellipsis = "~" if ascii else "…"

    def step(self, label: str, *parts: Part) -> LineText:
        """One step: what it is called, and what was chosen."""
        return LineText([Part(f"{label:<{LABEL}}", "dim"), *parts])

    def chip(self, text: str, action: str, tone: str = "") -> Part:
        """A choice that opens a menu."""
        return Part(f"{text} {self.opens}", tone, f"screen.{action}")

    def file(self, plan: Plan, size: str) -> LineText:
        """Which file it is."""
        return self.step(
            "file", *spaced([Part(upload_sentences.tilde(plan.path), "strong"), Part(size, "dim")])
        )

    def read_as(self, plan: Plan, head: Head) -> LineText:
        """How the file is read."""
        chosen = plan.how
        parts: list[Part] = []
        if head.sheets or chosen.sheet:
            name = head.sheet or chosen.sheet
            of = f" of {len(head.sheets)}" if len(head.sheets) > 1 else ""
            parts.append(self.chip(f"sheet {shorter(name)}{of}", "sheet"))
        else:
            encoding = upload_sentences.encoding(chosen.encoding or head.encoding) or "encoding"
            guess = " (a guess: look)" if not head.known and not chosen.encoding else ""
            parts.append(self.chip(encoding + guess, "encoding", "warn" if guess else ""))
            sign = chosen.delimiter or head.delimiter
            parts.append(self.chip(upload_sentences.delimiter(sign), "delimiter"))
        parts.append(Part(_where(plan, head), "", "screen.header_or_none"))
        if chosen.decimal == ",":
            parts.append(Part("decimal comma", "", "screen.decimal"))
        return self.step("read as", *spaced(parts))

    def may_do(self, plan: Plan) -> LineText:
        """What may be done with its rows."""
        all_or = f"all or nothing {'yes' if plan.all_or_nothing else 'no'}"
        rejects = f"rejects to {upload_sentences.rejects(plan)}"
        return self.step(
            "do",
            *spaced([
                self.chip(upload_sentences.mode_in_words(plan.mode), "mode"),
                Part(all_or, "warn" if plan.all_or_nothing else "", "screen.all_or_nothing"),
                self.chip(rejects, "rejects"),
            ]),
        )  # fmt: skip

    def fields(
        self, places: Mapping[str, int], widths: Mapping[str, int], plan: Plan, room: int
    ) -> list[Part]:
        """The field of each column, where the column stands."""
        parts: list[Part] = []
        end = 0
        for key, x in sorted(places.items(), key=lambda pair: pair[1]):
            if key == NUMBER:
                continue
            name = plan.mapping.get(int(key), "")
            x += 1  # a column's texts begin after a space
            width = max(0, min(widths[key], room - x - PADDING))
            text = f"{self.arrow} {plan.label(name)}" if name else NOT_USED
            shown = fit(visible(text), width, ellipsis=self.ellipsis)
            tone = "accent" if name else "dim"
            parts += [Part(" " * (x - end)), Part(shown, tone, f"screen.map_column({key})")]
            end = x + width
        return parts

    def unchecked(self, plan: Plan) -> list[Part]:
        """What is to be done before there are verdicts."""
        used = Part(f"{len(plan.mapping)} of {len(plan.header)} columns used", "dim")
        next_step = "" if plan.blocked else "d checks every row, and writes nothing"
        return spaced([*upload_sentences.what_is_missing(plan), used, Part(next_step, "dim")])

    def column(self, plan: Plan, head: Head, key: str) -> LineText:
        """What the column under the cursor is."""
        if key == NUMBER:
            return LineText([Part("The number of the row; s makes this row the header.", "dim")])
        place = int(key)
        header = head.header(head.header_row) if plan.how.has_header else ()
        title = shorter(header[place]) if place < len(header) else ""
        name = plan.mapping.get(place, "")
        field = Part(
            f"{self.arrow} {plan.label(name)}" if name else NOT_USED,
            "accent" if name else "dim",
        )
        called = Part(f'"{title}"' if title else "without a title", "strong" if title else "dim")
        return LineText(spaced([Part(f"column {place + 1}"), called, field]))


def _where(plan: Plan, head: Head) -> str:
    """Where the header is."""
    if not head.header_row and head.rows:
        return "columns named by the file"
    row = head.header_row if plan.how.start_row == 1 else plan.how.start_row
    return f"header in row {row:,}" if plan.how.has_header else f"no header, data from row {row:,}"


def verdict_detail(row: VerdictRow | None) -> Sequence[LineText]:
    """What is said of the row under the cursor."""
    if row is None or row.said is None:
        return []
    first = [
        Part(f"line {row.said['line']:,}"),
        Part(row.verdict.label, upload_sentences.TONES[row.verdict]),
        Part(shorter(str(row.said["name"] or "")), "strong"),
    ]
    return [LineText(spaced(first)), LineText([Part(shorter(row.why))])]
