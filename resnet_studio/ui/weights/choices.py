"""What the import dialog offers to choose from: sources and origins, as values with words. Knows no widget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from resnet_studio.design.files import dumps
from resnet_studio.design.presets import PRESETS
from resnet_studio.language import tr
from resnet_studio.ui.format import size


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One source: torchvision's weights of a name, or (with no name) a file.

    Args:
        name: torchvision's name; empty for a file.
        title: the network's name.
        label: how people choose it.
        bytes: what a download would bring.
        here: nothing needs to be downloaded.
    """

    name: str = ""
    title: str = ""
    label: str = tr("A file on this machine")
    bytes: int = 0
    here: bool = True


def of_table(entries: Sequence[dict[str, Any]]) -> list[Choice]:
    """The engine's answer to `pretrained` as choices, the file first."""
    return [Choice(), *(_choice(entry) for entry in entries)]


def _choice(entry: dict[str, Any]) -> Choice:
    version = str(entry["name"]).rpartition("_")[2]
    place = tr("in torch's cache") if entry["here"] else size(entry["bytes"])
    label = tr(
        "{title}, ImageNet {version}, {top1:.1f} % top-1, {place}",
        title=entry["title"],
        version=version,
        top1=float(entry["top1"]),
        place=place,
    )
    return Choice(
        name=str(entry["name"]), title=str(entry["title"]), label=label, bytes=int(entry["bytes"]), here=bool(entry["here"])
    )  # fmt: skip


def likely(choices: Sequence[Choice], design_name: str) -> int:
    """The choice for a drawing that still bears its preset's name: torchvision's newest; else the file."""
    found = [index for index, choice in enumerate(choices) if choice.title and choice.title == design_name]
    return found[-1] if found else 0


def origins() -> list[tuple[str, str]]:
    """(words, preset's name) of every origin that can be told; an empty name finds it out."""
    return [(tr("Found automatically"), ""), *((preset.title, name) for name, preset in PRESETS.items())]


def origin_text(name: str) -> str | None:
    """The design text of a preset; None for an empty name."""
    return dumps(PRESETS[name].make()) if name else None
