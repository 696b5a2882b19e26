"""What a file of text is written in: found where it can be known, asked where it can't."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from encodings import utf_8, utf_8_sig
from pathlib import Path

from cx_tui.errors import CxError, Misconfigured

BLOCK = 4 * 2**20
"""So many bytes are read at once."""
HEAD = 64 * 2**10
DELIMITERS = ",;\t|:"
BEFORE_ASKING = "cp1252"
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NAMES = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8 with a mark", "utf-16": "UTF-16", "utf-16-le": "UTF-16",
         "utf-16-be": "UTF-16", "utf-32": "UTF-32", "cp1252": "Windows-1252"}  # fmt: skip
HEAD_LINES = 50
IN_UTF_8 = (utf_8.IncrementalDecoder, utf_8_sig.IncrementalDecoder)


def _as_control(error: UnicodeError) -> tuple[str, int]:
    """A byte that means nothing becomes a control character, which no field takes."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(map(chr, error.object[error.start : error.end])), error.end


codecs.register_error("cx-as-control", _as_control)


@dataclass(frozen=True)
class Encoding:
    """The encoding of a file."""

    name: str
    known: bool = True
    """Whether it is sure; if not, a person should look at the texts."""

    @property
    def label(self) -> str:
        """Its name for a person."""
        return NAMES.get(self.name, self.name)

    def blocks(self, path: Path) -> Iterator[bytes]:
        """The text of a file in parts, as UTF-8 with nothing but line feeds between its lines."""
        decoder = codecs.getincrementaldecoder(self.name)("strict" if self.known else "cx-as-control")
        held = b""
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                text = self._text(decoder, block, path, final=False)
                # A line feed may follow in the next block.
                held, text = (b"\r", (held + text)[:-1]) if text.endswith(b"\r") else (b"", held + text)
                if text:
                    yield _with_line_feeds(text)
        if rest := held + self._text(decoder, b"", path, final=True):
            yield _with_line_feeds(rest)

    def _text(self, decoder: codecs.IncrementalDecoder, block: bytes, path: Path, *, final: bool) -> bytes:
        try:
            return block if _is_plain(decoder, block) else decoder.decode(block, final).encode()
        except UnicodeError:
            raise CxError(f"{path.name} is not written in {self.label}; choose another encoding") from None


def _is_plain(decoder: codecs.IncrementalDecoder, block: bytes) -> bool:
    """Whether a block says the same in UTF-8, as most do: it is in that already, has nothing but ASCII, and
    nothing is held of the block before."""
    return block.isascii() and isinstance(decoder, IN_UTF_8) and decoder.getstate() == (b"", 0)


def _with_line_feeds(text: bytes) -> bytes:
    # Old Macintosh files have nothing but carriage returns.
    return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in text else text


def encoding_of(path: Path, said: str = "") -> Encoding:
    """The encoding of a file: as the operator says, by its mark, UTF-8, or else Windows-1252 as a guess."""
    if said:
        try:
            b"a".decode(said, errors="ignore")
        except LookupError:
            raise Misconfigured(f'there is no encoding "{said}"; try utf-8, utf-16 or windows-1252') from None
        return Encoding(said)
    with path.open("rb") as file:
        head = file.read(4096)
        for mark, name in BOMS:
            if head.startswith(mark):
                return Encoding(name)
        for first, name in ((1, "utf-16-le"), (0, "utf-16-be")):
            # Every other byte of most texts is nothing.
            if head[first::2].count(0) * 4 > len(head):
                return Encoding(name)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            decoder.decode(head)
            while block := file.read(BLOCK):
                if not _is_plain(decoder, block):
                    decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return Encoding(BEFORE_ASKING, known=False)
    return Encoding("utf-8")


def delimiter_of(text: str) -> str:
    """What stands between the cells: that which is as often in every line, and most often."""
    lines = [line for line in text.split("\n")[:HEAD_LINES] if line.strip()]
    best, found = (0.0, 0), ","
    for sign in DELIMITERS:
        counts = [_outside_quotes(line).count(sign) for line in lines]
        if not counts or not max(counts):
            continue
        usual = max(set(counts), key=counts.count)
        if usual:
            rank = (counts.count(usual) / len(counts), usual)
            if rank > best:
                best, found = rank, sign
    return found


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])
