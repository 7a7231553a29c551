"""A folder of the user's own images, one folder per class: scanned before anything is trained. Knows no loop and no network.

Layouts: ROOT/train/CLASS/... with ROOT/val/CLASS/..., or ROOT/CLASS/..., of which every fifth image is for validation.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import torch
from PIL import Image, UnidentifiedImageError

from resnet_studio.design.errors import StudioError
from resnet_studio.engine.data.images import IMAGENET_MEAN, IMAGENET_STD, DataSet, FileImages, every_fifth
from resnet_studio.engine.device import cpu_count
from resnet_studio.language import tr, trn

SUFFIXES = frozenset((".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp", ".ppm", ".pgm", ".tif", ".tiff"))
MAX_PIXELS = 64_000_000
_TRAIN_NAMES, _VAL_NAMES = ("train", "training"), ("val", "valid", "validation", "test")
_GREY_MODES = frozenset(("1", "L", "LA", "I", "I;16", "I;16B"))
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Looked:
    """What a scan found of one file: size and whether it is grey, or what is wrong with it."""

    path: Path
    width: int = 0
    height: int = 0
    grey: bool = False
    fault: str = ""


def open_folder(place: Path) -> DataSet:
    """Scan a folder of images.

    Images that cannot be used are left out, with a notice that names them.

    Raises:
        StudioError: there is no such folder, or fewer than two classes with sound images in it.
    """
    found = scan(place)
    everything = [one for _, one in [*found.train, *(found.val or ())]]
    notices = _notices(everything, place)
    train, val = found.sound()
    _check_classes(train, found.classes)
    first, grey = train[0][1], all(found.grey for _, found in [*train, *val])
    return DataSet(
        name="folder",
        title=place.name or str(place),
        classes=found.classes,
        shape=(1 if grey else 3, first.height, first.width),
        train=_files(train),
        val=_files(val),
        # Of ImageNet, as customary for photographs; measuring them would mean to decode everything.
        mean=(0.449,) if grey else IMAGENET_MEAN,
        std=(0.226,) if grey else IMAGENET_STD,
        notices=notices,
    )


Labelled = list[tuple[int, Looked]]
# Told how many of how many files were looked at; what it raises ends the scan.
Watch = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Scan:
    """Every image file of a folder, looked at, with its class's number; `val` is None where the folder names no split of its own."""

    classes: tuple[str, ...]
    train: Labelled
    val: Labelled | None

    def sound(self) -> tuple[Labelled, Labelled]:
        """What can be used, as a run splits it."""
        train = _sound(self.train)
        return _split(train) if self.val is None else (train, _sound(self.val))


def scan(place: Path, watch: Watch = lambda _done, _total: None) -> Scan:
    """Look at every image file of a folder.

    Raises:
        StudioError: there is no such folder, it cannot be read, or it has fewer than two classes.
    """
    files = image_files(place)
    named = [(label, path) for label, path, _ in files.listed]
    looked = _looked([path for _, path in named], watch)
    pairs = [(label, one) for (label, _), one in zip(named, looked, strict=True)]
    if not files.own_split:
        return Scan(files.classes, pairs, None)
    mine = [is_val for _, _, is_val in files.listed]
    train = [pair for pair, is_val in zip(pairs, mine, strict=True) if not is_val]
    return Scan(files.classes, train, [pair for pair, is_val in zip(pairs, mine, strict=True) if is_val])


@dataclass(frozen=True, slots=True)
class Files:
    """What lies in a folder, unopened: (class's number, path, whether among the validation images), in the order of the names."""

    classes: tuple[str, ...]
    listed: list[tuple[int, Path, bool]]
    own_split: bool


def image_files(place: Path) -> Files:
    """The image files of a folder.

    Raises:
        StudioError: there is no such folder, it cannot be read, or it has fewer than two classes.
    """
    train_place, val_place = _splits(place)
    classes = [path.name for path in _folders(train_place)]
    if len(classes) < 2:
        raise StudioError(
            trn(
                "{place} has {count} folder of images; one folder per class is needed, and two classes at least.",
                "{place} has {count} folders of images; one folder per class is needed, and two classes at least.",
                len(classes),
                place=place,
            ),
            tr("Sort the images into one folder per class."),
        )
    listed = [
        (label, path, is_val)
        for is_val, root in ((False, train_place), (True, val_place))
        if root is not None
        for label, name in enumerate(classes)
        for path in _image_files(root / name)
    ]
    return Files(tuple(classes), listed, val_place is not None)


def _splits(place: Path) -> tuple[Path, Path | None]:
    if not place.is_dir():
        raise StudioError(
            tr("There is no folder {place}.", place=place),
            tr("Choose the folder that holds one folder of images per class."),
        )
    folders = {path.name.lower(): path for path in _folders(place)}
    train = next((folders[name] for name in _TRAIN_NAMES if name in folders), None)
    val = next((folders[name] for name in _VAL_NAMES if name in folders), None)
    if train is not None and val is not None:
        return train, val
    return place, None


def _folders(place: Path) -> list[Path]:
    try:
        return sorted(path for path in place.iterdir() if path.is_dir() and not path.name.startswith("."))
    except OSError as error:
        raise StudioError(
            tr("{place} could not be read ({strerror}).", place=place, strerror=error.strerror),
            tr("Check its rights."),
        ) from error


def _looked(paths: list[Path], watch: Watch) -> list[Looked]:
    """Each file looked at, by as many threads as processors."""
    pool = ThreadPoolExecutor(cpu_count(), "image scan")
    looked: list[Looked] = []
    try:
        for found in pool.map(look_at, paths):
            looked.append(found)
            watch(len(looked), len(paths))
    finally:
        # What nobody waits for any more is not begun.
        pool.shutdown(cancel_futures=True)
    return looked


def _image_files(folder: Path) -> Iterator[Path]:
    """Files that are images by their suffix; a folder that a link leads back to is entered once."""
    if not folder.is_dir():  # a class that has no folder among the validation images
        return
    seen: set[tuple[int, int]] = set()
    for parent, folders, files in os.walk(folder, followlinks=True, onerror=_unreadable):
        here = Path(parent).stat()
        if (here.st_dev, here.st_ino) in seen:
            folders.clear()
            continue
        seen.add((here.st_dev, here.st_ino))
        folders.sort()
        yield from (Path(parent) / name for name in sorted(files) if Path(name).suffix.lower() in SUFFIXES)


def _unreadable(error: OSError) -> None:
    """Left alone, os.walk would leave out what it cannot read, and nobody would know."""
    raise StudioError(
        tr("{filename} could not be read ({strerror}).", filename=error.filename, strerror=error.strerror),
        tr("Check its rights."),
    ) from error


def look_at(path: Path) -> Looked:
    """Open and decode one file, at an eighth of its size where its format allows."""
    try:
        # Looked at before it is opened: opening a FIFO would wait for ever.
        if not stat.S_ISREG(path.stat().st_mode):
            return Looked(path, fault="not a regular file")
        with Image.open(path) as image:
            width, height = image.size
            if width * height > MAX_PIXELS:
                return Looked(path, fault=f"larger than {MAX_PIXELS // 1_000_000} megapixels")
            if image.mode == "F" or (image.mode == "I" and image.format == "TIFF"):
                return Looked(path, fault="pixels of 32 bits, whose black and white nobody knows")
            grey = image.mode in _GREY_MODES
            image.draft(None, (max(1, width // 8), max(1, height // 8)))
            image.load()
        return Looked(path, width, height, grey)
    except Image.DecompressionBombError:
        return Looked(path, fault=f"larger than {MAX_PIXELS // 1_000_000} megapixels")
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError) as error:
        # What Pillow raises for damaged files of its many formats.
        return Looked(path, fault=_reason(error, path))


def _reason(error: Exception, path: Path) -> str:
    """Pillow's own words in short; some of them hold the whole path, which stands before them already."""
    if isinstance(error, UnidentifiedImageError):
        return "not an image"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    words = str(error).replace(repr(str(path)), "").replace(str(path), "").strip()
    return words.splitlines()[0].rstrip(" .:")[:80] if words else "damaged"


def _notices(found: list[Looked], place: Path) -> tuple[str, ...]:
    bad = [one for one in found if one.fault]
    if not bad:
        return ()
    named = "; ".join(f"{one.path.relative_to(place)} ({one.fault})" for one in bad[:_NAMED])
    if len(bad) > _NAMED:
        named = tr("{named}; and {count} more", named=named, count=len(bad) - _NAMED)
    return (
        tr(
            "{bad} of {all} images cannot be used and are left out: {named}.",
            bad=len(bad),
            all=len(found),
            named=named,
        ),
    )


def _sound(found: Labelled) -> Labelled:
    return [(label, one) for label, one in found if not one.fault]


def _check_classes(found: Labelled, classes: tuple[str, ...]) -> None:
    present = {label for label, _ in found}
    empty = [name for label, name in enumerate(classes) if label not in present]
    if empty:
        raise StudioError(
            tr("The class {name} has no image that can be read.", name=repr(empty[0])),
            tr("Add images to its folder, or remove the folder."),
        )


def _split(found: Labelled) -> tuple[Labelled, Labelled]:
    chosen = every_fifth(torch.tensor([label for label, _ in found])).tolist()
    train = [one for one, val in zip(found, chosen, strict=True) if not val]
    return train, [one for one, val in zip(found, chosen, strict=True) if val]


def _files(found: Labelled) -> FileImages:
    return FileImages(tuple(one.path for _, one in found), tuple(label for label, _ in found))
