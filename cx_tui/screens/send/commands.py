"""What the screens of a message show, as commands that say the same and send nothing."""

from collections.abc import Mapping

from cx_tui.domain.outbox import Way
from cx_tui.domain.selection import Selection
from cx_tui.screens.as_command import option, words_of
from cx_tui.screens.list.commands import chosen_by
from cx_tui.screens.send import files
from cx_tui.screens.send.kinds import YES


def send_command(way: Way, selection: Selection, texts: Mapping[str, str]) -> str:
    """What sending would do; without a text, who would get it."""
    service = ["--service"] if texts.get("service") == YES else []
    whom = [*(chosen_by(selection) or ["--all"]), *service]
    body = texts.get("body", "").strip()
    if not body:
        return words_of("send", None, way.value, *whom, "--who")
    attached = [word for path in files.paths_in(texts.get("files", "")) for word in ("--attach", str(path))]
    said = [
        *option("subject", texts.get("subject", "").strip()),
        *option("text", body),
        *option("at", texts.get("when", "").strip()),
        *attached,
    ]
    return words_of("send", None, way.value, *whom, *said, "--dry-run")


def who_command(way: Way, selection: Selection, *, service: bool) -> str:
    """Who would get it, who not and why."""
    return send_command(way, selection, {"service": YES if service else ""})
