"""How files are named to people and for the disk. Knows no dialog.

The format's own module is loaded when a file is first met: reading JSON is no part of the window's start.
"""

from __future__ import annotations

from pathlib import Path

from resnet_studio.language import tr


def title_of(path: Path) -> str:
    """A design file's name without its suffix."""
    from resnet_studio.design.files import SUFFIX

    return path.name.removesuffix(SUFFIX)


def file_name(name: str) -> str:
    """A drawing's name as a file name with the suffix of designs; whatever it says, it is no path."""
    from resnet_studio.design.files import SUFFIX

    kept = "".join(c if c.isalnum() or c in " -_.()" else "-" for c in name).strip(" .")
    return (kept or tr("Untitled")) + SUFFIX


def with_suffix(path: Path) -> Path:
    """The path with the suffix of designs; one that ends in .json is the user's own wish."""
    from resnet_studio.design.files import SUFFIX

    return path if path.name.endswith(".json") else path.with_name(path.name + SUFFIX)


def open_filter() -> str:
    """What the dialog shows that opens: designs, and what carries one."""
    from resnet_studio.design.carried import SUFFIXES
    from resnet_studio.design.files import SUFFIX

    carriers = " ".join(f"*{suffix}" for suffix in SUFFIXES)
    return tr(
        "Designs and exports (*{suffix} {carriers});;{designs}",
        suffix=SUFFIX,
        carriers=carriers,
        designs=file_filter(),
    )


def file_filter() -> str:
    """What the dialog shows that saves."""
    from resnet_studio.design.files import SUFFIX

    return tr("Designs (*{suffix});;JSON files (*.json);;All files (*)", suffix=SUFFIX)
