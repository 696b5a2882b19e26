"""Where a server of ours listens: an address with a port, and what encrypts there."""

import ssl
from dataclasses import dataclass

from cx_tui.errors import Misconfigured

LOOPBACK = ("127.", "::1", "localhost")


@dataclass(frozen=True)
class Place:
    """A host and a port."""

    host: str
    port: int

    @classmethod
    def of(cls, text: str, what: str) -> "Place":
        """The place that a text names, like 127.0.0.1:5190 or [::1]:5190."""
        host, colon, port = text.strip().rpartition(":")
        if not colon or not port.isdecimal() or int(port) > 65_535 or not host:
            raise Misconfigured(
                f'{what}: "{text}" is not an address with a port; write one like 127.0.0.1:5190'
            )
        return cls(host.strip("[]"), int(port))

    @property
    def local(self) -> bool:
        """Whether only this machine reaches it."""
        return self.host.startswith(LOOPBACK)


def tls(certificate: str, key: str) -> ssl.SSLContext:
    """What encrypts, by a certificate and its key."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key or None)
    return context
