"""What an upload says: what a column is, what is missing, what would be done, what was done."""

from pathlib import Path

from cx_tui.screens.stakes import counted, listed
from cx_tui.screens.upload.judged import Result
from cx_tui.screens.upload.plan import Plan
from cx_tui.services.upload.encoding import NAMES, label_of
from cx_tui.services.upload.order import Mode, Verdict
from widgets.line import Part

TONES = {
    Verdict.CREATE: "good", Verdict.UPDATE: "accent", Verdict.UNCHANGED: "dim",
    Verdict.DUPLICATE: "warn", Verdict.ERROR: "bad",
}  # fmt: skip
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", ":": "colon", " ": "space"}
OFFERED = [name for name in NAMES if name not in ("utf-8-sig", "utf-16-le", "utf-16-be")]


def mode_in_words(mode: Mode) -> str:
    """What may be done with rows."""
    return mode.label.lower()


def counts(result: Result) -> list[Part]:
    """How many rows there are of each verdict; a click shows only those."""
    parts = []
    for verdict, number in result.counts.items():
        tone = TONES[verdict] if number else "dim"
        parts += [Part(f"{verdict.label} {number:,}", tone, f"screen.only('{verdict.value}')"), Part("   ")]
    if result.warnings:
        parts.append(Part(counted(result.warnings, "warning"), "warn"))
    return parts


def what_is_missing(plan: Plan) -> list[Part]:
    """The required fields that no column has yet."""
    missing = plan.missing()
    if not missing:
        return []
    has = "has" if len(missing) == 1 else "have"
    why = "" if plan.blocked else f", which new {plan.declared.several} need"
    return [Part(f"{listed(missing)} {has} no column yet{why}", "bad" if plan.blocked else "warn")]


def deed(plan: Plan, result: Result) -> str:
    """What is done: "Create 1,204 and change 96 customers"."""
    created, changed = result.counts[Verdict.CREATE], result.counts[Verdict.UPDATE]
    if created and changed:
        return f"Create {created:,} and change {plan.declared.so_many(changed)}"
    so_many = plan.declared.so_many
    return f"Create {so_many(created)}" if created else f"Change {so_many(changed)}"


def sentences(plan: Plan, result: Result, replaces: bool) -> list[str | Part]:
    """What an upload would do, in sentences."""
    said: list[str | Part] = []
    rest = ""
    if result.rejected:
        rows = counted(result.rejected, "row")
        where = f" and written to {plan.rejects}" if plan.rejects else ""
        rest = f"; {rows} {'is' if result.rejected == 1 else 'are'} rejected{where}"
    said.append(f"{deed(plan, result)}{rest}.")
    if result.rejected and plan.rejects and replaces:
        said.append(Part("That file is there already and is replaced.", "warn"))
    if same := result.counts[Verdict.UNCHANGED]:
        said.append(f"{counted(same, 'row')} would change nothing.")
    if result.warnings:
        said.append(
            Part(f"{counted(result.warnings, 'row has', 'rows have')} a warning; d shows them.", "warn")
        )
    if result.counts[Verdict.CREATE] and (missing := plan.missing()):
        has = "has" if len(missing) == 1 else "have"
        said.append(Part(f"{listed(missing)} {has} no column.", "warn"))
    said.append("All of it is one operation, which the log can undo.")
    return said


def why_nothing(plan: Plan, result: Result) -> str:
    """Why there is nothing to upload."""
    if plan.all_or_nothing and result.rejected:
        rows = counted(result.rejected, "row is", "rows are")
        return f"{rows} rejected, and all or nothing was asked for: correct them, or take the good rows (a)."
    if result.rejected:
        return "Every row is rejected or changes nothing; enter says why of each."
    return f"Nothing to do: the {plan.declared.several} are already as in the file."


def done(plan: Plan, result: Result, *, key: str) -> list[Part]:
    """What an upload did, and how to undo it."""
    if not result.written:
        rows = counted(result.rejected, "row was", "rows were")
        return [Part(f"nothing was written: {rows} rejected", "warn")]
    parts = [Part(f"{result.created:,} created, {result.updated:,} changed", "good")]
    if result.operation:
        parts += [Part("   undo: "), Part(f"{key} operation {result.operation}", "accent", "screen.log")]
    if result.rejected and plan.rejects:
        parts.append(Part(f"   {result.rejected:,} rejected: {rejects(plan)}", "warn"))
    return parts


def summary(plan: Plan, result: Result) -> str:
    """The same in sentences."""
    said = f"{plan.declared.so_many(result.created)} created, {result.updated:,} changed."
    if result.rejected and plan.rejects:
        said += f" {counted(result.rejected, 'rejected row is', 'rejected rows are')} in {plan.rejects.name}."
    return said


def rejects(plan: Plan) -> str:
    """Where rejected rows are written: just the name if that is beside the file."""
    if plan.rejects is None:
        return "no file"
    return plan.rejects.name if plan.rejects.parent == plan.path.parent else tilde(plan.rejects)


def tilde(path: Path) -> str:
    """A path as it is short to read."""
    try:
        return f"~/{path.relative_to(Path.home())}"
    except (RuntimeError, ValueError):
        return str(path)


def encoding(name: str) -> str:
    """An encoding as people know it."""
    return label_of(name) if name else ""


def delimiter(sign: str) -> str:
    """What stands between cells."""
    return DELIMITERS.get(sign, sign)
