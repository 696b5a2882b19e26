"""The number by which a call is known: a hash of its source and of its key there."""

from hashlib import blake2b

from cx_tui.domain.calls.call import Call


def key_of(source: str, source_key: str) -> int:
    """64 bits with a sign, as databases keep whole numbers."""
    given = f"{source}\0{source_key}".encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(given, digest_size=8).digest(), "big", signed=True)


def key_of_call(call: Call) -> int:
    """The number of a call."""
    return key_of(call.source, call.source_key)
