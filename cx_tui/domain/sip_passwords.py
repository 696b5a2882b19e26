"""Passwords of SIP users: kept as the digests that a switch compares (RFC 8760), never as they are."""

from collections.abc import Mapping
from typing import Any

from cx_tui.domain.kinds.base import BadValue
from cx_tui.domain.kinds.structured import Secret

SHORTEST, LONGEST = 10, 100


class TypedPassword(str):
    """A password as somebody typed it: it has to become digests before it is kept anywhere."""


class SipPassword(Secret):
    """The password of a SIP user.  What is typed is a `TypedPassword`; what is kept are `digests` of it."""

    def parse(self, text: str) -> Any:
        self.check(text)
        return TypedPassword(text)

    def check(self, text: str) -> None:
        if not SHORTEST <= len(text) <= LONGEST:
            raise BadValue(f"a password needs {SHORTEST} to {LONGEST} characters; this one has {len(text)}")
        if not text.isascii() or not text.isprintable() or " " in text:
            raise BadValue("telephones can't send all of its characters; use plain letters, digits and signs")
        if len(set(text)) < 5:
            raise BadValue("it has fewer than 5 different characters; mix more of them")


def digests(username: str, realm: str, password: str) -> str:
    """What is kept of a password: the user and realm that it holds for, and its HA1 by MD5 and SHA-256."""
    whole = f"{username}:{realm}:{password}".encode()
    import hashlib  # few sessions have a password at hand

    md5 = hashlib.md5(whole, usedforsecurity=False).hexdigest()  # what most telephones can do
    return f"{username}:{realm}:{md5}:{hashlib.sha256(whole).hexdigest()}"


def as_kept(values: Mapping[str, Any], username: str, realm: str) -> dict[str, Any]:
    """Values of a SIP user's fields as they may be kept: a password that was typed becomes digests."""
    return {
        name: digests(username, realm, value) if isinstance(value, TypedPassword) else value
        for name, value in values.items()
    }


def user_of(kept: str) -> str:
    """The user that kept digests hold for; "" when it is not digests."""
    return "" if isinstance(kept, TypedPassword) else kept.split(":")[0]


def realm_of(kept: str) -> str:
    """The realm that kept digests hold for; "" when there are none."""
    return kept.split(":")[1] if kept.count(":") == 3 else ""


def ha1(kept: str) -> tuple[str, str]:
    """The digests by MD5 and SHA-256 that a switch compares; both "" when no password was set."""
    parts = kept.split(":")
    return (parts[2], parts[3]) if len(parts) == 4 else ("", "")
