"""The commands for rate cards: `cx-tui rates upload` and `cx-tui rates price`."""

import argparse
import asyncio
import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from cx_tui.commands import files
from cx_tui.config import Loaded
from cx_tui.domain.kinds import Money
from cx_tui.errors import Misconfigured


def add_commands(commands: Any, add_shared: Callable[[argparse.ArgumentParser], None]) -> None:
    """Teach a parser these commands."""
    rates = commands.add_parser("rates", help="upload a price list, or ask what a number costs")
    add_shared(rates)
    acts = rates.add_subparsers(metavar="ACT", title="acts", required=True)

    upload = acts.add_parser("upload", help="put a price list on a rate card, and say how it differs")
    files.add_upload_options(upload)
    upload.add_argument(
        "--from", metavar="TIME", dest="since", default="", type=_moment,
        help="since when its prices hold, when no column says it; without a zone in UTC",
    )  # fmt: skip
    add_shared(upload)
    upload.set_defaults(do=_upload, record="rate")

    price = acts.add_parser("price", help="what a call to a number costs by a rate card")
    price.add_argument("number", metavar="NUMBER")
    price.add_argument("--card", metavar="NAME", required=True, help="the rate card, or its number like #12")
    price.add_argument("--seconds", metavar="N", type=int, default=60, help="how long one talks (60)")
    price.add_argument(
        "--at", metavar="TIME", type=_moment, default="", help="when; usually now; without a zone in UTC"
    )
    price.add_argument("--json", action="store_true", help="one JSON object, for programs")
    add_shared(price)
    price.set_defaults(do=_price)


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a time; write it like 2026-12-01T00:00") from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _upload(options: argparse.Namespace, loaded: Loaded) -> int:
    from cx_tui.bootstrap.asked import upload_rates
    from cx_tui.bootstrap.opening import database_url

    if not options.owner:
        raise Misconfigured("say whose prices these are: --card NAME")
    asked = files.asked_of(options)
    if options.since:
        written = f"{options.since:%Y-%m-%d %H:%M:%S}"
        asked = replace(asked, given={**asked.given, "valid_from": written})
    moment = options.since or datetime.now(UTC)

    def work(teller: Any) -> int:
        url = database_url(loaded, os.environ)
        rejected, facts = asyncio.run(upload_rates(url, os.environ, asked, teller, options.owner, moment))
        _tell(facts, as_json=options.json)
        return rejected

    return files.uploading(options, loaded, asked, work)


def _tell(facts: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"event": "difference", **facts}, ensure_ascii=False))
        return
    print("against the prices before:")
    for what in ("new", "changed", "same", "gone"):
        print(f"{facts[what]:>11,} {what}")
    for change in facts["changes"]:
        said = ", ".join(
            f"{name.replace('_', ' ')} {each['before'] or '(empty)'} -> {each['after'] or '(empty)'}"
            for name, each in change.items()
            if name != "prefix"
        )
        print(f"{change['prefix']}: {said}")
    if gone := facts["gone_prefixes"]:
        more = ", ..." if facts["gone"] > len(gone) else ""
        print(f"gone, so that the prices before go on for them: {', '.join(gone)}{more}")


def _price(options: argparse.Namespace, loaded: Loaded) -> int:
    from cx_tui.bootstrap.asked import number_price
    from cx_tui.bootstrap.opening import database_url

    if options.seconds < 0:
        raise Misconfigured("a call lasts 0 seconds or more")
    moment = options.at or datetime.now(UTC)
    url = database_url(loaded, os.environ)
    found = asyncio.run(number_price(url, options.card, options.number, options.seconds, moment))
    if found is None:
        if options.json:
            print(json.dumps({"prefix": None}))
        else:
            print(f"{options.card} has no rate for {options.number} at {moment:%Y-%m-%d %H:%M} UTC")
        return 1
    if options.json:
        print(json.dumps({
            "prefix": found.prefix, "destination": found.destination, "rate": Money().write(found.rate),
            "billed_seconds": found.billed_seconds, "charge": Money().write(found.charge),
            "currency": found.currency, "card": found.card, "blocked": found.blocked,
        }, ensure_ascii=False))  # fmt: skip
        return 0
    per_minute = f"{Money().write(found.rate)} {found.currency} a minute"
    print(f"{found.prefix}  {found.destination or '(no destination)'}  {per_minute}")
    if found.blocked:
        print("calls to it are refused: the rate is blocked")
    print(f"{found.billed_seconds} s billed: {Money().write(found.charge)} {found.currency}  ({found.sum})")
    return 0
