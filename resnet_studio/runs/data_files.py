"""Which files a known data set lies in, in torchvision's folder layout, and whether they are there. Opens none; knows no torch."""

from __future__ import annotations

from pathlib import Path

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr
from resnet_studio.runs.datasets import KNOWN
from resnet_studio.runs.home import data_root

_IDX = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
_CIFAR10 = (*(f"data_batch_{number}" for number in range(1, 6)), "test_batch", "batches.meta")
# Path below the root; the tests compare it with torchvision's own tables.
FILES: dict[str, tuple[str, ...]] = {
    "mnist": tuple(f"MNIST/raw/{name}" for name in _IDX),
    "fashion_mnist": tuple(f"FashionMNIST/raw/{name}" for name in _IDX),
    "cifar10": tuple(f"cifar-10-batches-py/{name}" for name in _CIFAR10),
    "cifar100": tuple(f"cifar-100-python/{name}" for name in ("train", "test", "meta")),
}


def absence(name: str, root: str | Path | None = None) -> StudioError | None:
    """Why this data cannot be there: a file that it needs is not. None: it seems to be; only reading tells whether it is sound."""
    place = data_root() if root is None else Path(root).expanduser()
    for file in FILES.get(name, ()):
        try:
            there = (place / file).is_file()
        except (OSError, ValueError):
            there = False
        if not there:
            title = KNOWN[name].title
            what = tr("{data} is not on this computer yet.", data=title)
            if root is not None:
                what = tr("{data} is not in {folder}.", data=title, folder=place)
            return StudioError(
                what,
                tr(
                    "Download it, or choose the folder that holds it in torchvision's layout ({folder}).",
                    folder=FILES[name][0].split("/")[0],
                ),
            )
    return None
