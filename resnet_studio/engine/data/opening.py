"""Opening, probing and fetching a data set by the name in TrainSpec.data. Knows no network and no loop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from resnet_studio.design.errors import StudioError
from resnet_studio.engine.data.images import DataSet
from resnet_studio.language import tr
from resnet_studio.runs.datasets import KNOWN, Shape
from resnet_studio.runs.home import data_root


@dataclass(frozen=True, slots=True, kw_only=True)
class DataInfo:
    """What the window shows of a data set that is there."""

    title: str
    classes: tuple[str, ...]
    shape: Shape
    train: int
    val: int
    notices: tuple[str, ...] = ()


def open_data(name: str, root: str | Path | None = None) -> DataSet:
    """Read a data set, from `root` or the program's own data folder.

    Raises:
        StudioError: it is not there, damaged or of a wrong shape; the remedy says how to get it.
    """
    if name not in KNOWN:
        raise StudioError(
            tr("No data set is called {name}.", name=repr(name)),
            tr("Take one of {names}.", names=", ".join(KNOWN)),
        )
    place = data_root() if root is None else Path(root).expanduser()
    found = _opener(name)(place)
    if len(found.train) == 0 or len(found.val) == 0:
        raise StudioError(
            tr(
                "{title} in {place} has no images to learn from or none to check with.",
                title=found.title,
                place=place,
            )
        )
    return found


def _opener(name: str) -> Callable[[Path], DataSet]:
    # Imported here: torchvision alone costs a second, which the digits need not pay.
    if name == "digits":
        from resnet_studio.engine.data.digits import open_digits

        return lambda _place: open_digits()
    if name == "folder":
        from resnet_studio.engine.data.folder import open_folder

        return open_folder
    from resnet_studio.engine.data.known import open_known

    return lambda place: open_known(name, place)


def probe(name: str, root: str | Path | None = None) -> DataInfo:
    """What is there: read like a run would, so that what is shown will train.

    Raises:
        StudioError: as `open_data`.
    """
    found = open_data(name, root)
    return DataInfo(
        title=found.title,
        classes=found.classes,
        shape=found.shape,
        train=len(found.train),
        val=len(found.val),
        notices=found.notices,
    )


def describe() -> list[dict[str, Any]]:
    """Every known data set, as far as it is known without looking."""
    return [asdict(known) for known in KNOWN.values()]


def download(
    name: str,
    root: str | Path | None,
    progress: Callable[[int, int, str], None],
    cancelled: Callable[[], bool],
) -> None:
    """Fetch a data set into `root` or the program's own data folder; `progress` gets bytes done, bytes in all, words.

    Raises:
        StudioError: there is nothing to download for this name, it failed, or `cancelled` said so ("Cancelled.").
    """
    known = KNOWN.get(name)
    if known is None or not known.download_bytes:
        raise StudioError(tr("There is nothing to download for {name}.", name=repr(name)))
    from resnet_studio.engine.data.download import download_known

    download_known(name, data_root() if root is None else Path(root).expanduser(), progress, cancelled)
