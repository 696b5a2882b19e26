"""Kinds with an inner form: tags, TOML, portal areas, networks, secrets."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from cx_tui.domain.kinds.base import BadValue, Kind, plain, quote

TAG = re.compile(r"[\w.:+-]{1,40}")


class Tags(Kind):
    """A set of words."""

    width = 18
    example = "retail, uk"

    def parse(self, text: str) -> Any:
        words = [word for word in re.split(r"[\s,;]+", plain(text, also="\n\t")) if word]
        for word in words:
            if not TAG.fullmatch(word):
                raise BadValue(f"{quote(word)} is not a tag; use letters, digits and . : + - _ (at most 40)")
        return tuple(sorted(set(words)))

    def write(self, value: Any) -> str:
        return ", ".join(value or ())


class Toml(Kind):
    """Variables for scripts, written in TOML and kept as they were written."""

    width = 20

    def parse(self, text: str) -> Any:
        text = re.sub("\r+\n", "\n", text).strip("\n")
        self.variables(text)
        return text if text.strip() else ""

    def variables(self, text: str) -> dict[str, Any]:
        """The variables of a text, or BadValue with the line and column of the mistake."""
        from tomli import TOMLDecodeError, loads  # only where TOML is read

        if len(text) > 100_000:
            raise BadValue("it is longer than 100,000 characters")
        try:
            text.encode()
            return loads(text)
        except UnicodeEncodeError as error:
            raise BadValue(f"character {error.start + 1} is half of a character; remove it") from None
        except TOMLDecodeError as error:
            raise BadValue(f"line {error.lineno}, column {error.colno}: {error.msg}") from None
        except (RecursionError, ValueError):
            raise BadValue("it is nested too deeply or has a number that is too long") from None

    def read(self, text: str) -> Any:
        return text

    def show(self, value: Any) -> str:
        return ", ".join(key_names(value)) if value else ""


def key_names(toml: str) -> list[str]:
    """The names of the variables in a TOML text, for scripts: `tariff`, `limits.night`."""

    def names(table: Mapping[str, Any], prefix: str = "") -> Iterable[str]:
        for key, value in table.items():
            if isinstance(value, dict) and value:
                yield from names(value, f"{prefix}{key}.")
            else:
                yield prefix + key

    try:
        return list(names(Toml().variables(toml)))
    except BadValue:
        return ["does not parse"]


class Areas(Kind):
    """Which areas of the portal are shown or hidden; an area not named inherits."""

    width = 24
    example = "CDR=hide, Rates=show"

    def __init__(self, areas: tuple[str, ...]) -> None:
        self.areas = areas

    def parse(self, text: str) -> Any:
        known = {area.casefold(): area for area in self.areas}
        chosen: dict[str, str] = {}
        for part in re.split(r"[,;\n]+", plain(text, also="\n")):
            name, _, state = (piece.strip() for piece in part.partition("="))
            if name.casefold() not in known:
                raise BadValue(f"there is no portal area {quote(name)}; known are {', '.join(self.areas)}")
            if state.casefold() not in ("show", "hide", "inherit"):
                raise BadValue(f"{quote(part.strip())} needs show, hide or inherit, like {self.example}")
            if state.casefold() != "inherit":
                chosen[known[name.casefold()]] = state.casefold()
        return {area: chosen[area] for area in self.areas if area in chosen}

    def write(self, value: Any) -> str:
        return ", ".join(f"{area}={state}" for area, state in (value or {}).items())


class Networks(Kind):
    """IP addresses and networks."""

    width = 24
    example = "192.0.2.7, 198.51.100.0/24"

    def parse(self, text: str) -> Any:
        from ipaddress import ip_network  # only where a network is typed

        networks = []
        for word in filter(None, re.split(r"[\s,;]+", plain(text, also="\n\t"))):
            try:
                network = ip_network(word, strict=True)
                one = network.prefixlen == network.max_prefixlen
                networks.append(str(network.network_address if one else network))
            except ValueError:
                raise BadValue(
                    f"{quote(word)} is not an IP address or network; write it like {self.example}"
                ) from None
        return tuple(dict.fromkeys(networks))

    def write(self, value: Any) -> str:
        return ", ".join(value or ())


class Secret(Kind):
    """A secret: it can be set, never read back."""

    width = 8

    def parse(self, text: str) -> Any:
        return text

    def write(self, value: Any) -> str:
        return ""

    def show(self, value: Any) -> str:
        return "set" if value else ""


class Texts(Kind):
    """Values of a record's fields as texts, by name: what a log keeps."""

    def parse(self, text: str) -> Any:
        raise BadValue("this is kept by the program; it can't be typed")
