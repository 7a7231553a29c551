"""Identifiers for generated Python, made from what people wrote. Knows no network.

A person's text becomes an identifier letter by letter, or a string through `repr`; nothing else of it reaches the file.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Collection

_LONGEST = 64
# Names that the file uses itself, whatever stands in it.
RESERVED = frozenset({"torch", "nn", "Tensor", "F", "NAME", "load", *dir(builtins)})


def class_name(text: str, taken: Collection[str]) -> str:
    """A class name like "ResNet50" from a drawing's name like "ResNet-50", none of `taken` and no name of Python's."""
    name = ""
    for word in re.findall(r"[A-Za-z0-9]+", text[:1000]):
        apart = "_" if name[-1:].isdigit() and word[0].isdigit() else ""
        name += apart + word[0].upper() + word[1:]
    name = name[:_LONGEST]
    if not name or name[0].isdigit():
        name = f"Network{name}"
    while name in RESERVED or name in taken or keyword.iskeyword(name):
        name += "Network"
    assert name.isidentifier()
    assert name.isascii()
    return name


def text_literal(text: str) -> str:
    """A person's text as a Python string; whatever cannot be seen is escaped."""
    written = repr(text)
    # The usual formatters write double quotes; both kinds inside need repr's own care.
    return written if '"' in written or "'" in written[1:-1] else f'"{written[1:-1]}"'
