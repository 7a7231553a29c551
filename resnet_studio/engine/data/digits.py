"""scikit-learn's handwritten digits: real, offline, 8x8. Reads its file directly, for importing sklearn costs a second.

E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository, 1998.
"""

from __future__ import annotations

import gzip
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch

from resnet_studio.design.errors import StudioError
from resnet_studio.engine.data.images import DataSet, MemoryImages, every_fifth, statistics
from resnet_studio.language import tr

_EDGE = 8
_LEVELS = 16


def _file() -> Path:
    # find_spec on the top package alone imports nothing.
    spec = find_spec("sklearn")
    if spec is None or spec.origin is None:
        raise StudioError(
            tr("The digits come with scikit-learn, which is not installed."), tr("Install scikit-learn.")
        )
    return Path(spec.origin).parent / "datasets" / "data" / "digits.csv.gz"


def open_digits() -> DataSet:
    """The digits, split by `every_fifth`.

    Raises:
        StudioError: scikit-learn's file is missing or damaged.
    """
    path = _file()
    try:
        text = gzip.decompress(path.read_bytes()).decode("ascii")
        rows = np.array(text.replace("\n", ",").rstrip(",").split(","), dtype=np.float32)
        table = rows.reshape(-1, _EDGE * _EDGE + 1)
    except (OSError, EOFError, ValueError) as error:
        raise StudioError(
            tr("scikit-learn's digits in {path} are damaged ({error}).", path=path, error=error),
            tr("Install scikit-learn again."),
        ) from error
    # 0..16 to 0..255: the 17 levels stay apart, and every set is bytes.
    pixels = torch.from_numpy(np.rint(table[:, :-1] * (255 / _LEVELS)).astype(np.uint8))
    images = pixels.reshape(-1, 1, _EDGE, _EDGE)
    labels = torch.from_numpy(table[:, -1].astype(np.int64))
    chosen = every_fifth(labels)
    train = MemoryImages(images[~chosen].contiguous(), labels[~chosen].contiguous())
    mean, std = statistics(train.images)
    return DataSet(
        name="digits",
        title="Digits",
        classes=tuple(str(digit) for digit in range(10)),
        shape=(1, _EDGE, _EDGE),
        train=train,
        val=MemoryImages(images[chosen].contiguous(), labels[chosen].contiguous()),
        mean=mean,
        std=std,
    )
