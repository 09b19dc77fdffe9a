"""Encoding of a text file: UTF-8 with or without a byte order mark, else GB18030; nothing else is guessed."""

from __future__ import annotations

import codecs
import unicodedata
from collections import Counter
from pathlib import Path

BLOCK = 1 << 20


def encoding_of(path: Path) -> str | None:
    """Name of the encoding in which the whole file makes sense, or None."""
    if _letters(path, "utf-8") is not None:
        return "utf-8-sig"
    found = _letters(path, "gb18030")
    return "gb18030" if found is not None and _plausible(found) else None


def _letters(path: Path, encoding: str) -> Counter[str] | None:
    """How often each character beyond ASCII occurs; None if the bytes are not of that encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    letters: Counter[str] = Counter()
    try:
        with path.open("rb") as stream:
            while block := stream.read(BLOCK):
                text = decoder.decode(block)
                if encoding != "utf-8":  # only a guess needs to be judged
                    letters.update(c for c in text if c > "\x7f" or c == "\0")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    return letters


def _plausible(letters: Counter[str]) -> bool:
    """Whether it reads as Chinese.

    Western bytes taken for GB18030 pair a high byte with a plain letter, which true Chinese text seldom does, and
    broken UTF-8 gives characters that were never assigned. Private ones do occur, in rare names.
    """
    if any(unicodedata.category(c) in ("Cn", "Cc") for c in letters):
        return False
    odd = {c for c in letters if len(code := c.encode("gb18030")) == 2 and code[1] < 0x80}
    return 2 * sum(letters[c] for c in odd) <= letters.total()
