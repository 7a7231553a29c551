"""torchvision's pretrained weights: which there are for our presets, where they lie, fetching them. Knows no drawing's edits.

They go into torch's own cache, where `torchvision.models.resnet50(weights=...)` finds them too.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache, partial
from pathlib import Path

from resnet_studio.design.errors import StudioError
from resnet_studio.design.presets import PRESETS
from resnet_studio.engine.fetching import Cancelled, Progress, Wanted, fetch


@dataclass(frozen=True, slots=True, kw_only=True)
class Pretrained:
    """One entry of torchvision's table.

    Args:
        name: torchvision's ("ResNet50_Weights.IMAGENET1K_V2").
        preset: the preset whose network it fits, by torchvision's name.
        title: what people read ("ResNet-50").
        url: where it comes from; its name ends in the first digits of its sha256.
        bytes: about how large.
        params: numbers that it holds.
        top1: ImageNet accuracy in percent, one crop.
        is_default: what torchvision takes when only the network is named.
    """

    name: str
    preset: str
    title: str
    url: str
    bytes: int
    params: int
    top1: float
    is_default: bool

    @property
    def path(self) -> Path:
        """Where torch keeps it, whether or not it is there."""
        from torch import hub

        return Path(hub.get_dir()) / "checkpoints" / self.url.rpartition("/")[2]

    @property
    def is_here(self) -> bool:
        """Whether something lies there; whether it is right, `ensure` looks."""
        return self.path.is_file()


@lru_cache(maxsize=1)
def table() -> tuple[Pretrained, ...]:
    """Every entry that fits a preset, in the presets' order."""
    return tuple(_entries())


def _entries() -> Iterator[Pretrained]:
    from torchvision import models

    known = set(models.list_models())
    for name in PRESETS:
        if name not in known:
            continue
        weights = models.get_model_weights(name)
        for entry in weights:
            figures = entry.meta["_metrics"].get("ImageNet-1K", {})
            yield Pretrained(
                name=str(entry), preset=name, title=PRESETS[name].title, url=entry.url,
                bytes=round(entry.meta["_file_size"] * 2**20), params=entry.meta["num_params"],
                top1=float(figures.get("acc@1", 0.0)), is_default=entry == weights.DEFAULT,
            )  # fmt: skip


def find(text: str) -> Pretrained | None:
    """The entry of a name: `resnet50` (torchvision's default) or `ResNet50_Weights.IMAGENET1K_V1`; None for no such."""
    for entry in table():
        if text == entry.name or (text == entry.preset and entry.is_default):
            return entry
    return None


def near_names(text: str) -> list[str]:
    """Names that were perhaps meant."""
    names = sorted({entry.name for entry in table()} | {entry.preset for entry in table()})
    return get_close_matches(text, names, n=3)


def ensure(entry: Pretrained, progress: Progress, cancelled: Cancelled) -> Path:
    """The entry's file, fetched where it is missing or damaged; a later call goes on where an earlier one ended.

    Raises:
        StudioError: the server does not answer, the disk is full, the file is not what it should be, or `cancelled` said so.
    """
    wanted = _sum_start(entry.url)
    sound = partial(_has_sum, start=wanted)
    if sound(entry.path):
        return entry.path
    text = f"Downloading {entry.name}"
    progress(0, entry.bytes, text)
    try:
        entry.path.parent.mkdir(parents=True, exist_ok=True)
        fetch(
            Wanted(urls=(entry.url,), path=entry.path, is_sound=sound, sum_name="sha256"),
            lambda done: progress(done, max(done, entry.bytes), text),
            cancelled,
        )
    except OSError as error:
        raise StudioError(
            f"{entry.path} could not be written ({error.strerror or error}).",
            "Free some space, or set TORCH_HOME to another folder; the download goes on where it stopped.",
        ) from error
    return entry.path


def _sum_start(url: str) -> str:
    found = re.search(r"-([0-9a-f]{8,64})\.[a-z]+$", url)
    if found is None:
        raise StudioError(f"{url} does not name its sum.", "Download it by hand and name the file.")
    return found.group(1)


def _has_sum(path: Path, start: str) -> bool:
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest().startswith(start)
    except OSError:
        return False
