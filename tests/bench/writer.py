"""Another process that changes calls and credit of some customers: `writer.py FILE UPDATES_A_SECOND ID ...`.

When it is ended, it puts back what was there before.
"""

import random
import signal
import sqlite3
import sys
import time

FIGURES = "live, cps, asr, balance"
CHANGE = f"UPDATE counters SET ({FIGURES}) = (?, ?, ?, ?) WHERE customer_id = ?"


def main(path: str, pace: float, ids: list[int]) -> None:
    database = sqlite3.connect(path, isolation_level=None, timeout=10)
    database.execute("PRAGMA synchronous = NORMAL")
    keep = f"SELECT {FIGURES}, customer_id FROM counters WHERE customer_id = ?"
    before = [database.execute(keep, (one,)).fetchone() for one in ids]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    dice = random.Random(1)
    due = time.monotonic()
    try:
        while True:
            *_, balance, one = dice.choice(before)
            live, cps, asr = dice.randrange(60), dice.randrange(90) / 10, dice.randrange(990) / 10
            database.execute(CHANGE, (live, cps, asr, balance + dice.randrange(9 * 10**6), one))
            due += 1 / pace
            time.sleep(max(0.0, due - time.monotonic()))
    finally:
        database.executemany(CHANGE, before)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), [int(one) for one in sys.argv[3:]])
