"""What a file of text is written in: found where it can be known, else guessed, for a person to confirm."""

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from encodings import utf_8, utf_8_sig
from pathlib import Path
from typing import NamedTuple
from unicodedata import category, name

from cx_tui.errors import CxError, Misconfigured
from cx_tui.services.upload.opening import opened

BLOCK = 4 * 2**20
"""So many bytes are read at once."""
LINES, LONGEST = 200, 2_000
"""So many lines in question are looked at, and so many bytes of each."""
OFFERED = 6
"""So many encodings are offered for a file; a person can name any other."""
DELIMITERS = ",;\t|:"
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NAMES = {
    "utf-8": "UTF-8", "utf-8-sig": "UTF-8 with a mark", "utf-16": "UTF-16", "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16", "utf-32": "UTF-32", "cp1252": "Windows-1252", "iso8859-15": "ISO 8859-15",
    "cp1250": "Windows-1250, Central Europe", "iso8859-2": "ISO 8859-2, Central Europe",
    "cp1251": "Windows-1251, Cyrillic", "koi8-r": "KOI8-R, Cyrillic", "cp1253": "Windows-1253, Greek",
    "iso8859-7": "ISO 8859-7, Greek", "cp1254": "Windows-1254, Turkish", "cp1255": "Windows-1255, Hebrew",
    "cp1256": "Windows-1256, Arabic", "cp1257": "Windows-1257, Baltic", "mac-roman": "Mac Roman",
    "cp437": "DOS 437", "cp850": "DOS 850", "cp852": "DOS 852, Central Europe",
    "cp932": "Shift JIS, Japanese", "euc-jp": "EUC-JP, Japanese", "gb18030": "GB 18030, Chinese",
    "big5": "Big5, Chinese", "euc-kr": "EUC-KR, Korean",
}  # fmt: skip
"""Encodings as people know them."""
GUESSED = tuple(NAMES)[6:]
"""What a text that is not UTF-8 may be written in; of those that fit as well, the first is likeliest."""
BYTES_ALONE = tuple(one for one in GUESSED if one not in ("cp932", "euc-jp", "gb18030", "big5", "euc-kr"))
HEAD_LINES = 50
IN_UTF_8 = (utf_8.IncrementalDecoder, utf_8_sig.IncrementalDecoder)
SIGNS_OF_TEXT = "–—‘’“”„‚«»…•€£§°´№"


class Likely(NamedTuple):
    """An encoding that a file may have, and how a line in question reads in it."""

    name: str
    line: str


@dataclass(frozen=True)
class Encoding:
    """The encoding of a file."""

    name: str
    likely: Sequence[Likely] = ()
    """When it is a guess: what the file may be written in, the guess first."""

    @property
    def known(self) -> bool:
        """Whether it is sure; if not, a person must look at the texts."""
        return not self.likely

    @property
    def label(self) -> str:
        """Its name for a person."""
        return label_of(self.name)

    def blocks(self, path: Path) -> Iterator[bytes]:
        """The text of a file in parts, as UTF-8 with nothing but line feeds between its lines."""
        decoder = codecs.getincrementaldecoder(self.name)()
        held = b""
        with opened(path) as file:
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


def label_of(name: str) -> str:
    """An encoding as people know it."""
    return NAMES.get(name, name)


def _is_plain(decoder: codecs.IncrementalDecoder, block: bytes) -> bool:
    """Whether a block says the same in UTF-8, as most do: it is in that already, has nothing but ASCII, and
    nothing is held of the block before."""
    return block.isascii() and isinstance(decoder, IN_UTF_8) and decoder.getstate() == (b"", 0)


def _with_line_feeds(text: bytes) -> bytes:
    # Old Macintosh files have nothing but carriage returns.
    return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in text else text


def encoding_of(path: Path, said: str = "") -> Encoding:
    """The encoding of a file: as the operator says, by its mark, UTF-8, or else a guess."""
    if said:
        return Encoding(_named(said))
    with opened(path) as file:
        head = file.read(4096)
        for mark, encoding in BOMS:
            if head.startswith(mark):
                return Encoding(encoding)
        for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
            # Every other byte of most texts is nothing.
            if head[first::2].count(0) * 4 > len(head):
                return Encoding(encoding)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            decoder.decode(head)
            while block := file.read(BLOCK):
                if not _is_plain(decoder, block):
                    decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return _guessed(path)
    return Encoding("utf-8")


def _named(said: str) -> str:
    """The encoding that a person named, by the name that this program has for it."""
    try:
        found = codecs.lookup(said)
        b"a".decode(said, errors="ignore")
        codecs.getincrementaldecoder(said)
    except (LookupError, ValueError):
        raise Misconfigured(
            f'there is no encoding "{said}"; try utf-8, windows-1252, iso-8859-2 or shift-jis'
        ) from None
    same = (name for name in NAMES if codecs.lookup(name).name == found.name)
    return next(same, said)


def _guessed(path: Path) -> Encoding:
    """What a text that is not UTF-8 is likely to be written in; what all its bytes disprove is left out."""
    there, lines = _in_question(path)
    found = [name for name in GUESSED if _can_be(name, there, lines)]
    if not found:
        raise CxError(
            f"{path.name} is in no encoding that is known here; save it as UTF-8, or name its encoding"
        )
    ranked = sorted(found, key=lambda name: -_sense(b"\n".join(lines).decode(name)))[:OFFERED]
    shown = lines[0] if lines else b""
    return Encoding(ranked[0], [Likely(name, shown.decode(name)) for name in ranked])


def _in_question(path: Path) -> tuple[bytes, list[bytes]]:
    """The bytes that are no ASCII, of all the file, and the first lines that have some."""
    there: set[int] = set()
    lines: list[bytes] = []
    rest = b""
    with opened(path) as file:
        while block := file.read(BLOCK):
            there |= set(block.translate(None, bytes(range(128))))
            if len(lines) < LINES:
                whole, end, rest = (rest + block).replace(b"\r", b"\n").rpartition(b"\n")
                lines += [line for line in (whole + end).split(b"\n") if not line.isascii()]
    lines += [rest] if rest and not rest.isascii() else []
    return bytes(sorted(there)), [line for line in lines[:LINES] if len(line) <= LONGEST] or lines[:1]


def _can_be(name: str, there: bytes, lines: Sequence[bytes]) -> bool:
    try:
        if name in BYTES_ALONE:
            there.decode(name)
        for line in lines:
            line.decode(name)
    except UnicodeDecodeError:
        return False
    return True


def _sense(text: str) -> float:
    """How much a text looks like one that people write: letters beside letters of their own script, small
    ones after the first of a word."""
    good, all_of_them, before = 0.0, 0, " "
    for sign in text:
        if not sign.isascii():
            all_of_them += 1
            good += _fits(sign, before)
        elif before.isalpha() and not before.isascii() and sign.isalpha():
            good -= 0.5 * (_script(before) != _script(sign)) + 0.4 * (before.islower() and sign.isupper())
        before = sign
    return good / max(all_of_them, 1)


def _fits(sign: str, before: str) -> float:
    if not sign.isalpha():
        return 0.6 if sign in SIGNS_OF_TEXT else -1.0 if category(sign) in ("Cc", "Cn", "Co") else 0.0
    if before.isalpha():
        if _script(sign) != _script(before) or (before.islower() and sign.isupper()):
            return 0.0
        # Two letters with accents hardly ever stand side by side in Latin.
        return 0.4 if _script(sign) == "LATIN" and not before.isascii() else 1.0
    return 0.9


def _script(letter: str) -> str:
    """The script of a letter, as its name begins; those that stand together in East Asia are one."""
    first = name(letter, "?").split()[0].split("-")[0]
    return "CJK" if first in ("HIRAGANA", "KATAKANA", "CJK", "FULLWIDTH") else first


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
