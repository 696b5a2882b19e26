"""The command `cx-tui`."""

import sys


def main() -> int:
    """Run the command line; its answer is the exit code."""
    from cx_tui.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    raise SystemExit(main())
