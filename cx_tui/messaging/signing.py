"""DKIM: letters are signed for their sender's domain when the settings have a key."""

from dataclasses import dataclass, field
from typing import Any

from cx_tui.errors import Misconfigured

PROBE = b"From: probe@localhost\r\nSubject: probe\r\n\r\n\r\n"


@dataclass(frozen=True)
class Signer:
    """Signs letters; Misconfigured when it can't: without the library, or with a key that is none."""

    selector: str
    domain: str
    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        self.signature(PROBE, b"", ["From", "Subject"])

    def signature(self, head: bytes, body: bytes, names: list[str]) -> bytes:
        """The header that signs these headers and this body."""
        dkim = _library()
        try:
            return bytes(
                dkim.sign(
                    head + body, self.selector.encode(), self.domain.encode(), self.key,
                    canonicalize=(b"relaxed", b"relaxed"),
                    include_headers=[name.lower().encode() for name in names],
                )
            )  # fmt: skip
        except (dkim.DKIMException, ValueError) as error:
            # No cause: it could hold a part of the key.
            raise Misconfigured(f"mail.dkim_key can't sign for {self.domain}: {error}") from None


def _library() -> Any:
    try:
        import dkim  # imported here: hardly anybody signs here, most servers do it themselves
    except ImportError:
        raise Misconfigured(
            "mail.dkim_key needs the package dkimpy; install it with: pip install 'cx-tui[dkim]'"
        ) from None
    return dkim
