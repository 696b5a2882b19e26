"""The commands of the README are run as they stand, in a folder and on a database of their own."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"
ENDS_OTHERWISE = ("worker", "decide", "serve", "--linear")
"""What goes on until it is stopped; these have tests of their own."""
REFUSES = ("why", "simulate", "lint")
"""What ends with 1 when it finds something, as it does for a customer that was only just made."""


def test_each_command_does_what_it_is_there_for(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("Name,Currency\nAcme,EUR\n", "utf-8")
    text = README.read_text("utf-8").split("## Without a screen")[1].split("\n## ")[0]
    lines = [re.split(r"   +", line)[0] for line in re.findall(r"^    cx-tui (.*)$", text, re.MULTILINE)]
    assert len(lines) > 8
    ended(tmp_path, "upload customers.csv")
    for line in lines:
        if not line.startswith(ENDS_OTHERWISE):
            assert ended(tmp_path, line) == line.startswith(REFUSES), line
    assert (tmp_path / "customers.xlsx").exists()


def ended(folder: Path, line: str) -> int:
    """With which code a command ends."""
    command = [sys.executable, "-m", "cx_tui", "--db", f"sqlite:///{folder}/cx.db", *shlex.split(line)]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "XDG_STATE_HOME": str(folder)}
    done = subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode in (0, 1), done.stderr
    return done.returncode
