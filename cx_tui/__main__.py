"""The command `cx-tui`."""

import gc
import sys


def main() -> int:
    """Run the command line; its answer is the exit code."""
    # Loading makes no garbage; not looking for it makes the start a tenth faster.
    gc.disable()
    from cx_tui.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    raise SystemExit(main())
