"""Has a SIP user proved itself?  Its digest (RFC 3261, RFC 8760) against the HA1 of its password.

The nonce is the switch's: whether it is fresh, only the switch can say.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping

from cx_tui.domain.admission.facts import SipUser

PART = re.compile(r'([A-Za-z][A-Za-z0-9_-]*)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))\s*(?:,|$)\s*')
MD5, SHA256 = slice(0, 16), slice(16, 48)
"""Where the digests of a SIP user stand."""


def parts_of(header: str) -> dict[str, str]:
    """The parts of a Proxy-Authorization or Authorization header; nothing when it is no digest."""
    scheme, _, rest = header.strip().partition(" ")
    if scheme.lower() != "digest":
        return {}
    found: dict[str, str] = {}
    rest, place = rest.strip(), 0
    while part := PART.match(rest, place):
        name, quoted, plain = part.groups()
        found.setdefault(name.lower(), plain if quoted is None else re.sub(r"\\(.)", r"\1", quoted))
        place = part.end()
    return found if place == len(rest) else {}


def kept_of(user: SipUser, parts: Mapping[str, str]) -> bytes:
    """The HA1 that a digest is compared with, by its algorithm."""
    return user.digests[SHA256 if parts.get("algorithm", "MD5").upper() == "SHA-256" else MD5]


def proved(user: SipUser, parts: Mapping[str, str], method: str) -> bool:
    """Whether only who knows the password of the user could have made this digest."""
    sha256 = parts.get("algorithm", "MD5").upper() == "SHA-256"
    if not sha256 and parts.get("algorithm", "MD5").upper() != "MD5":
        return False
    kept = kept_of(user, parts)
    same = parts.get("username") == user.username and parts.get("realm") == user.realm
    if not kept or not same or not parts.get("nonce"):
        return False

    def digest(text: str) -> str:
        whole = text.encode(errors="replace")
        return (hashlib.sha256(whole) if sha256 else hashlib.md5(whole, usedforsecurity=False)).hexdigest()

    what = digest(f"{method}:{parts.get('uri', '')}")
    chain = [kept.hex(), parts["nonce"]]
    if quality := parts.get("qop", ""):
        if quality != "auth":
            return False
        chain += [parts.get("nc", ""), parts.get("cnonce", ""), quality]
    expected = digest(":".join([*chain, what]))
    return hmac.compare_digest(expected.encode(), parts.get("response", "").lower().encode(errors="replace"))
