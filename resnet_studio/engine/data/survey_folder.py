"""Looks a folder of images through: the same files as a run would take, with sizes, statistics and copies. Knows no network."""

from __future__ import annotations

import hashlib
import stat
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from resnet_studio.engine.data.folder import Labelled, Looked, Scan, scan
from resnet_studio.engine.data.images import IMAGENET_MEAN, IMAGENET_STD
from resnet_studio.engine.data.reading import with_bytes
from resnet_studio.engine.data.survey import SEED, THUMBNAIL, Copy, Findings, Watch, compare, samples
from resnet_studio.runs.survey import TINY_PIXELS, TINY_SHARE, Flaw, Picture, Sizes, Survey

# So many training images, drawn with a fixed seed, give mean and deviation to the second digit.
MEASURED = 1000
# What Pillow raises for damaged files of its many formats.
_DAMAGE = (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError)


def survey_folder(place: Path, watch: Watch) -> Survey:
    """A folder with one folder of images per class.

    Raises:
        StudioError: it is no such folder, or nobody wants it any more.
    """
    found = scan(place, lambda done, total: watch.tell(done, total, "Looking at images"))
    train, val = found.sound()
    sound = [one for _, one in [*train, *val]]
    findings = Findings()
    _broken(found, findings, place)
    _tiny(sound, findings, place)
    channels = 1 if sound and all(one.grey for one in sound) else 3
    mean, std, measured = _measure(train, channels, findings, place=place, watch=watch)
    compare(_copies(train, val, place, watch), findings, found.classes)
    first = train[0][1] if train else Looked(place, 1, 1)
    return Survey(
        data="folder", title=place.name or str(place), classes=found.classes,
        train=_counts(train, found.classes), val=_counts(val, found.classes),
        shape=(channels, first.height, first.width), sizes=_sizes(sound),
        mean=mean, std=std, measured=measured,
        used_mean=(0.449,) if channels == 1 else IMAGENET_MEAN, used_std=(0.226,) if channels == 1 else IMAGENET_STD,
        own_split=found.val is not None, pictures=tuple(_pictures(train, found.classes, channels, place=place, watch=watch)),
        findings=findings.found(),
    )  # fmt: skip


def _name(path: Path, place: Path) -> str:
    return path.relative_to(place).as_posix()


def _counts(found: Labelled, classes: Sequence[str]) -> tuple[int, ...]:
    counted = Counter(label for label, _ in found)
    return tuple(counted[label] for label in range(len(classes)))


def _broken(found: Scan, findings: Findings, place: Path) -> None:
    for _, one in [*found.train, *(found.val or ())]:
        if one.fault:
            findings.add(Flaw.BROKEN, f"{_name(one.path, place)} ({one.fault})")


def _tiny(sound: list[Looked], findings: Findings, place: Path) -> None:
    shorter = sorted(min(one.width, one.height) for one in sound)
    if not shorter:
        return
    limit = max(TINY_PIXELS, TINY_SHARE * shorter[len(shorter) // 2])
    for one in sound:
        if min(one.width, one.height) < limit:
            findings.add(Flaw.TINY, f"{_name(one.path, place)} ({one.width}x{one.height})")


def _sizes(sound: list[Looked]) -> Sizes:
    kinds = Counter((one.width, one.height) for one in sound)
    if not kinds:
        return Sizes(least=(0, 0), most=(0, 0), common=(0, 0), common_count=0, kinds=0)
    area = sorted(kinds, key=lambda size: (size[0] * size[1], size))
    common, count = kinds.most_common(1)[0]
    return Sizes(least=area[0], most=area[-1], common=common, common_count=count, kinds=len(kinds))


def _opened(path: Path, mode: str) -> Image.Image | None:
    """An image in bytes; None where it was damaged or taken away since it was looked at."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return None
        with Image.open(path) as image:
            return with_bytes(image).convert(mode)
    except (*_DAMAGE, Image.DecompressionBombError):
        return None


def _measure(
    train: Labelled, channels: int, findings: Findings, *, place: Path, watch: Watch
) -> tuple[tuple[float, ...], tuple[float, ...], int]:
    """Mean and deviation per channel of up to MEASURED images, each weighing the same; notes those of one colour."""
    chosen = torch.randperm(len(train), generator=torch.Generator().manual_seed(SEED))[:MEASURED].tolist()
    levels = np.arange(256) / 255
    sums, squares, count = np.zeros(channels), np.zeros(channels), 0
    for done, index in enumerate(chosen, 1):
        path = train[index][1].path
        image = _opened(path, "L" if channels == 1 else "RGB")
        watch.tell(done, len(chosen), "Measuring mean and deviation")
        if image is None:
            continue
        shares = np.array(image.histogram(), dtype=float).reshape(channels, 256) / (
            image.width * image.height
        )
        sums += shares @ levels
        squares += shares @ levels**2
        count += 1
        if (shares.max(1) == 1).all():
            findings.add(Flaw.BLANK, _name(path, place))
    mean = sums / max(count, 1)
    std = np.sqrt(np.maximum(squares / max(count, 1) - mean**2, 1e-12))
    return tuple(mean.tolist()), tuple(std.tolist()), count


def _copies(train: Labelled, val: Labelled, place: Path, watch: Watch) -> list[list[Copy]]:
    """Groups of files with the same bytes; only files of the same length are read for it."""
    by_length: dict[int, list[tuple[Path, Copy]]] = defaultdict(list)
    for found, is_val in ((train, False), (val, True)):
        for label, one in found:
            try:
                length = one.path.stat().st_size
            except OSError:  # taken away since it was looked at
                continue
            by_length[length].append((one.path, Copy(_name(one.path, place), label, is_val)))
    alike = [pair for group in by_length.values() if len(group) > 1 for pair in group]
    same: dict[bytes, list[Copy]] = defaultdict(list)
    for done, (path, copy) in enumerate(alike, 1):
        digest = _digest(path)
        if digest is not None:
            same[digest].append(copy)
        watch.tell(done, len(alike), "Comparing")
    return [group for group in same.values() if len(group) > 1]


def _digest(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=20)).digest()
    except OSError:
        return None


def _pictures(
    train: Labelled, classes: Sequence[str], channels: int, *, place: Path, watch: Watch
) -> list[Picture]:
    chosen = samples([label for label, _ in train], len(classes))
    found: list[Picture] = []
    for done, index in enumerate(chosen, 1):
        label, one = train[index]
        image = _opened(one.path, "L" if channels == 1 else "RGB")
        watch.tell(done, len(chosen), "Making samples")
        if image is None:
            continue
        image.thumbnail((THUMBNAIL, THUMBNAIL))
        pixels = np.asarray(image).reshape(image.height, image.width, channels).transpose(2, 0, 1)
        shape = (channels, image.height, image.width)
        found.append(Picture(name=_name(one.path, place), label=label, shape=shape, pixels=pixels.tobytes()))
    return found
