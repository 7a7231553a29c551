"""Looks a data set through: counts, statistics, samples, what is wrong; kept by the data's stamp. Knows no network and no window."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from resnet_studio.design.atomic import write_atomically
from resnet_studio.design.errors import StudioError
from resnet_studio.engine.data.images import DataSet, MemoryImages
from resnet_studio.engine.data.opening import open_data
from resnet_studio.runs.data_files import FILES
from resnet_studio.runs.home import data_root, state_root
from resnet_studio.runs.survey import (
    MAX_NAMES,
    Finding,
    Flaw,
    Picture,
    Sizes,
    Survey,
    survey_from,
    survey_to,
)
from resnet_studio.runs.wire import CANCELLED

# Another number makes what older versions kept worthless.
_VERSION = 1
SEED = 0
THUMBNAIL = 64
_A_CLASS, _PICTURES = 12, 240
_KEPT = 24
_TOLD_EVERY = 500
_MAX_KEPT_BYTES = 32 * 2**20

Progress = Callable[[int, int, str], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Watch:
    """How the one who waits is told, and says that it wants no more."""

    progress: Progress = lambda _done, _total, _text: None
    cancelled: Cancelled = lambda: False

    def tell(self, done: int, total: int, text: str) -> None:
        """Say how far it is, now and then.

        Raises:
            StudioError: nobody wants it any more ("Cancelled.").
        """
        if self.cancelled():
            raise StudioError(CANCELLED)
        if done % max(1, min(_TOLD_EVERY, total // 50)) == 0 or done == total:
            self.progress(done, total, text)


@dataclass(slots=True)
class Findings:
    """Collects images with flaws by name."""

    names: dict[Flaw, list[str]] = field(default_factory=lambda: defaultdict(list))
    counts: Counter[Flaw] = field(default_factory=Counter)

    def add(self, flaw: Flaw, name: str) -> None:
        """One image more."""
        self.counts[flaw] += 1
        if len(self.names[flaw]) < MAX_NAMES:
            self.names[flaw].append(name)

    def found(self) -> tuple[Finding, ...]:
        """What was found, flaw by flaw."""
        return tuple(
            Finding(flaw=flaw, count=self.counts[flaw], names=tuple(self.names[flaw]))
            for flaw in Flaw
            if self.counts[flaw]
        )


@dataclass(frozen=True, slots=True)
class Copy:
    """One image among those with the same bytes."""

    name: str
    label: int
    is_val: bool


def compare(groups: Iterable[Sequence[Copy]], findings: Findings, classes: Sequence[str]) -> None:
    """What it means that images have the same bytes; each group holds two of them or more."""
    for group in groups:
        first = group[0]
        trained = next((one for one in group if not one.is_val), None)
        seen: set[bool] = set()
        for one in group:
            if one.is_val in seen and one.label == first.label:
                findings.add(
                    Flaw.COPIED, f"{one.name} = {next(o.name for o in group if o.is_val == one.is_val)}"
                )
            elif one.is_val and trained is not None:
                findings.add(Flaw.LEAKED, f"{one.name} = {trained.name}")
            seen.add(one.is_val)
            if one.label != first.label:
                said = f"{one.name} ({classes[one.label]}) = {first.name} ({classes[first.label]})"
                findings.add(Flaw.CONTRADICTING, said)


def samples(labels: Sequence[int], classes: int) -> list[int]:
    """Which images are shown: as many of each class, drawn with a fixed seed, class by class."""
    each = max(1, min(_A_CLASS, _PICTURES // max(classes, 1)))
    members: dict[int, list[int]] = defaultdict(list)
    for index, label in enumerate(labels):
        members[label].append(index)
    dice = torch.Generator().manual_seed(SEED)
    chosen: list[int] = []
    for label in sorted(members)[:_PICTURES]:
        order = torch.randperm(len(members[label]), generator=dice)[:each].tolist()
        chosen += sorted(members[label][place] for place in order)
    return chosen


# --- images in memory -----------------------------------------------------------------------------------------------------


def survey_memory(data: DataSet, watch: Watch) -> Survey:
    """A data set whose images are in memory, all of one size.

    Raises:
        StudioError: nobody wants it any more.
    """
    train, val = data.train, data.val
    assert isinstance(train, MemoryImages)
    assert isinstance(val, MemoryImages)
    findings = Findings()
    total = len(train) + len(val)
    same: dict[bytes, list[Copy]] = defaultdict(list)
    for split, is_val, before in ((train, False, 0), (val, True, len(train))):
        kind = "validation" if is_val else "training"
        for index, (image, label) in enumerate(zip(split.images.numpy(), split.labels.tolist(), strict=True)):
            name = f"{kind} image {index}"
            digest = hashlib.blake2b(image.tobytes(), digest_size=16).digest()
            same[digest].append(Copy(name, label, is_val))
            watch.tell(before + index + 1, total, "Comparing")
        for index in _blank(split.images):
            findings.add(Flaw.BLANK, f"{kind} image {index}")
    compare((group for group in same.values() if len(group) > 1), findings, data.classes)
    size = (data.shape[2], data.shape[1])
    labels = train.labels.tolist()
    return Survey(
        data=data.name, title=data.title, classes=data.classes, shape=data.shape,
        train=_counts(train.labels, len(data.classes)), val=_counts(val.labels, len(data.classes)),
        sizes=Sizes(least=size, most=size, common=size, common_count=total, kinds=1),
        mean=data.mean, std=data.std, measured=len(train), used_mean=data.mean, used_std=data.std,
        own_split=data.name != "digits",
        pictures=tuple(_picture(train, index, labels[index]) for index in samples(labels, len(data.classes))),
        findings=findings.found(),
    )  # fmt: skip


def _counts(labels: Tensor, classes: int) -> tuple[int, ...]:
    return tuple(torch.bincount(labels, minlength=classes).tolist())


def _blank(images: Tensor) -> list[int]:
    flat = images.flatten(2)
    found: list[int] = (flat.amin(2) == flat.amax(2)).all(1).nonzero().flatten().tolist()
    return found


def _picture(split: MemoryImages, index: int, label: int) -> Picture:
    image = split.images[index]
    channels, height, width = image.shape
    return Picture(
        name=f"training image {index}", label=label, shape=(channels, height, width), pixels=image.numpy().tobytes()
    )  # fmt: skip


# --- kept surveys ---------------------------------------------------------------------------------------------------------


def survey(
    name: str,
    root: str | Path | None = None,
    *,
    progress: Progress = lambda _done, _total, _text: None,
    cancelled: Cancelled = lambda: False,
    anew: bool = False,
) -> Survey:
    """Look a data set through, or take what is known of it where no file has changed since.

    Args:
        name: as in TrainSpec.data.
        root: where it lies; None is the program's own data folder.
        progress: gets how many of how many are done, and words.
        cancelled: asked between images.
        anew: look again, whatever is known.

    Raises:
        StudioError: it is not there or unreadable, or `cancelled` said so ("Cancelled.").
    """
    watch = Watch(progress, cancelled)
    place = data_root() if root is None else Path(root).expanduser()
    kept = _kept_file(name, place)
    known = None if anew or kept is None else _known(kept)
    if known is not None:
        return known
    if name == "folder":
        from resnet_studio.engine.data.survey_folder import survey_folder

        found = survey_folder(place, watch)
    else:
        found = survey_memory(open_data(name, root), watch)
    if kept is not None:
        _keep(kept, found)
    return found


def _kept_file(name: str, place: Path) -> Path | None:
    """Where a survey of these very files is kept; None where they cannot be seen, which opening them will tell."""
    stamp = hashlib.blake2b(digest_size=20)
    stamp.update(f"{_VERSION}\0{name}\0{place.absolute()}\0".encode("utf-8", "surrogateescape"))
    try:
        for path in _files(name, place):
            about = path.stat()
            line = f"{path}\0{about.st_size}\0{about.st_mtime_ns}\0"
            stamp.update(line.encode("utf-8", "surrogateescape"))
    except (OSError, StudioError):
        return None
    return state_root() / "surveys" / f"{stamp.hexdigest()}.json"


def _files(name: str, place: Path) -> Iterable[Path]:
    if name == "folder":
        from resnet_studio.engine.data.folder import image_files

        return [path for _, path, _ in image_files(place).listed]
    return [place / file for file in FILES.get(name, ())]


def _known(path: Path) -> Survey | None:
    """What is kept; nothing where it cannot be read, for looking again costs time alone."""
    try:
        if not path.is_file() or path.stat().st_size > _MAX_KEPT_BYTES:
            return None
        found = survey_from(json.loads(path.read_bytes()))
        os.utime(path)
    except (OSError, ValueError, RecursionError, StudioError):
        return None
    return found


def _keep(path: Path, found: Survey) -> None:
    # A full disk costs the next look its time, and this one nothing.
    with contextlib.suppress(OSError, StudioError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, json.dumps(survey_to(found)).encode())
        by_age = sorted(path.parent.glob("*.json"), key=lambda file: file.stat().st_mtime)
        for old in by_age[:-_KEPT]:
            old.unlink(missing_ok=True)
