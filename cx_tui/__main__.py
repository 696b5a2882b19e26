"""The command `cx-tui`."""

import gc
import os
import resource
import sys

FILES = 64
"""So many files are open at once: the database, what is sent, and what is loaded."""


def main() -> int:
    """Run the command line; its answer is the exit code."""
    if wrong := _too_few_files():
        print(f"cx-tui: {wrong}", file=sys.stderr)
        return 1
    # Loading makes no garbage; not looking for it makes the start a tenth faster.
    gc.disable()
    # One core is left to the database and the screen.
    os.environ.setdefault("POLARS_MAX_THREADS", str(max(1, (os.cpu_count() or 2) - 1)))
    from cx_tui.app import first_picture
    from cx_tui.terminal import last_screen

    first_picture.show(sys.argv[1:], os.environ)
    try:
        from cx_tui.commands.main import run

        return run(sys.argv[1:])
    except MemoryError:
        last_screen.take_back()
        print("cx-tui: there is not enough memory for this; close other programs", file=sys.stderr)
        return 1
    finally:
        last_screen.take_back()


def _too_few_files() -> str:
    """Why it can't begin, when so few files may be open that it would fail somewhere."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= FILES:
        return ""
    if hard == resource.RLIM_INFINITY or hard >= FILES:
        resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, hard))
        return ""
    return f"only {soft} files may be open at once here, and at least {FILES} are needed; see ulimit -n"


if __name__ == "__main__":
    raise SystemExit(main())
