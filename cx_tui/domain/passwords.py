"""Passwords: made, judged, and kept as a hash that can only be compared.

The libraries for it are loaded where a password is at hand: hardly any session has one.
"""

import re
from typing import Any

from cx_tui.domain.kinds.base import BadValue
from cx_tui.domain.kinds.structured import Secret

# Half a tenth of a second and 16 MiB for each guess.
COST, BLOCK, LANES = 2**14, 8, 1
SHORTEST, LONGEST = 10, 200
# Nothing that is read or heard as something else.
LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
MADE_LENGTH = 16


class Password(Secret):
    """A password: typed in the clear, kept as a hash."""

    def parse(self, text: str) -> Any:
        self.check(text)
        return hashed(text)

    def check(self, text: str) -> None:
        if len(text) < SHORTEST or len(text) > LONGEST:
            raise BadValue(f"a password needs {SHORTEST} to {LONGEST} characters; this one has {len(text)}")
        if not text.isprintable():
            raise BadValue("it has characters that can't be typed; use letters, digits and signs")
        if len(set(text)) < 5:
            raise BadValue("it has fewer than 5 different characters; mix more of them")


class Pin(Secret):
    """A few digits that are typed on a telephone, kept as a hash."""

    def parse(self, text: str) -> Any:
        self.check(text)
        return hashed(text)

    def check(self, text: str) -> None:
        if not (text.isascii() and text.isdigit() and 4 <= len(text) <= 12):
            raise BadValue("a PIN has 4 to 12 digits, and nothing else")
        if len(set(text)) == 1 or text in "01234567890123456789":
            raise BadValue("this PIN is guessed at once; mix its digits")


NAMED = re.compile(
    r"\b(?:pass(?:word|wort|code|phrase)?|pwd|pw|pin|kennwort|contraseña|mot de passe)\b"
    r"\s*(?:is\b|ist\b|:|=|->)+\s*\S",
    re.IGNORECASE,
)
"""What is said to be one."""
SIGNS = re.compile(r"[!#$%^&*?_+=~-]")
ADDRESS = re.compile(r"://|\S@\S+\.|^www\.", re.IGNORECASE)


def seems_written_in(text: str) -> bool:
    """Whether a note looks as if there were a password in it: one that is named, or a word like one."""
    return NAMED.search(text) is not None or any(map(_seems_one, text.split()))


def _seems_one(word: str) -> bool:
    """Whether a word looks made up to be guessed by nobody: small and large letters, digits, signs."""
    word = word.strip(".,;:()\"'")
    if not 8 <= len(word) <= LONGEST or ADDRESS.search(word):
        return False
    kinds = (str.islower, str.isupper, str.isdigit)
    mixed = all(any(kind(sign) for sign in word) for kind in kinds)
    return mixed and (SIGNS.search(word) is not None or len(word) >= 12)


def hashed(password: str) -> str:
    """What is kept of a password: the algorithm, its cost, the salt and the hash."""
    import base64
    import secrets

    salt = secrets.token_bytes(16)
    parts = (_scrypt(password, salt, COST, BLOCK, LANES), salt)
    digest, salted = (base64.b64encode(part).decode() for part in parts)
    return f"scrypt${COST}${BLOCK}${LANES}${salted}${digest}"


def matches(password: str, kept: str) -> bool:
    """Whether it is the password that was kept."""
    import base64
    import hmac

    algorithm, *parts = kept.split("$")
    if algorithm != "scrypt" or len(parts) != 5:
        return False
    try:
        cost, block, lanes = map(int, parts[:3])
        salt, digest = map(base64.b64decode, parts[3:])
    except ValueError:
        return False
    return hmac.compare_digest(_scrypt(password, salt, cost, block, lanes), digest)


def made() -> str:
    """A new password that is hard to guess and easy to read out."""
    import secrets

    return "".join(secrets.choice(LETTERS) for _ in range(MADE_LENGTH))


def _scrypt(password: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    import hashlib

    return hashlib.scrypt(password.encode(), salt=salt, n=cost, r=block, p=lanes, maxmem=2**26, dklen=32)
