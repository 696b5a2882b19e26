"""The command `cx-tui`."""

import gc
import os
import sys


def main() -> int:
    """Run the command line; its answer is the exit code."""
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
    finally:
        last_screen.take_back()


if __name__ == "__main__":
    raise SystemExit(main())
