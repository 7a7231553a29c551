"""The command `data`: what a data set holds and what is wrong with it, as tables or JSON. Looks at nothing itself."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from resnet_studio.cli import text
from resnet_studio.cli.parser import Parser, UsageError
from resnet_studio.cli.progress import Bar
from resnet_studio.design.errors import StudioError
from resnet_studio.runs.datasets import KNOWN
from resnet_studio.runs.exit_code import ExitCode
from resnet_studio.runs.remarks import Remark, remarks
from resnet_studio.runs.survey import Survey, survey_to

_NAMED = 5


def run_data(words: list[str]) -> int:
    """Survey a data set."""
    names = ", ".join(name for name in KNOWN if name != "folder")
    parser = Parser(
        "data",
        "Look a data set through: classes, counts, sizes, mean and deviation; images that are broken, tiny, copied, or in both "
        "training and validation. What was seen is kept until a file changes.",
    )
    parser.add_argument(
        "source", metavar="NAME|FOLDER", help=f"{names}; or a folder with one folder of images per class"
    )
    parser.flag(
        "--root", metavar="FOLDER", help="where a named data set lies (the program's own data folder)"
    )
    parser.flag("--anew", action="store_true", help="look again, whatever was seen before")
    parser.flag("--json", action="store_true", help="print JSON")
    values = parser.read(words)
    name, root = _place(values.source, values.root)
    from resnet_studio.engine.data.survey import survey

    bar = Bar()
    try:
        found = survey(name, root, progress=bar.tell, anew=values.anew)
    except StudioError as error:
        if KNOWN[name].download_bytes:
            raise StudioError(
                error.what, f"`resnet-studio train PRESET --data {name} --download` fetches it."
            ) from error
        raise
    finally:
        bar.clear()
    said = remarks(found)
    if values.json:
        print(json.dumps(_json(found, said), indent=1, allow_nan=False))
    else:
        print(text.harmless("\n".join(_lines(found, said))))
    return ExitCode.DONE


def _place(source: str, root: str | None) -> tuple[str, Path | None]:
    """A known name, or a folder; a folder that is called like a data set is named by its path (./digits)."""
    if source in KNOWN and source != "folder":
        return source, None if root is None else Path(root)
    if root is not None:
        raise UsageError("--root says where a named data set lies.", "Name a folder of images alone.")
    if not Path(source).is_dir():
        raise UsageError(
            f"There is no data set and no folder called {source[:200]}.",
            f"Name one of {', '.join(name for name in KNOWN if name != 'folder')}, or a folder with one folder of images per class.",
        )
    return "folder", Path(source).absolute()


def _json(found: Survey, said: Sequence[Remark]) -> dict[str, Any]:
    imbalance = found.imbalance
    return survey_to(found, pixels=False) | {
        "imbalance": imbalance if math.isfinite(imbalance) else None,
        "warnings": [asdict(remark) for remark in said],
    }


def _lines(found: Survey, said: Sequence[Remark]) -> Iterator[str]:
    split = "a split of its own" if found.own_split else "every fifth of a class for validation"
    yield (
        f"{found.title}: {found.images:,} images of {len(found.classes)} classes, "
        f"{sum(found.train):,} to learn from and {sum(found.val):,} to validate ({split})"
    )
    yield ""
    yield f"sizes      {sizes_words(found)}"
    yield f"mean       {_numbers(found.mean)}  per channel, pixels from 0 to 1, over {found.measured:,} training images"
    yield f"deviation  {_numbers(found.std)}"
    if (found.used_mean, found.used_std) != (found.mean, found.std):
        yield f"training   normalises with {_numbers(found.used_mean)} and {_numbers(found.used_std)} (ImageNet's)"
    yield ""
    rows = [
        (name, f"{train:,}", f"{val:,}")
        for name, train, val in zip(found.classes, found.train, found.val, strict=True)
    ]
    yield from text.table(("class", "training", "validation"), rows)
    for remark in said:
        yield ""
        yield f"{'WARNING' if remark.grave else 'warning'}: {remark.what} {remark.remedy}"
        yield from (f"  {name}" for name in remark.names[:_NAMED])
        if remark.count > _NAMED:
            yield f"  and {remark.count - min(_NAMED, len(remark.names)):,} more"


def sizes_words(found: Survey) -> str:
    """ "8x8, all the same", or "from 20x14 to 640x480; most often 320x240 (120 of 200)"."""
    sizes = found.sizes
    if sizes.kinds <= 1:
        return f"{sizes.common[0]}x{sizes.common[1]}, all the same"
    least, most, common = (f"{width}x{height}" for width, height in (sizes.least, sizes.most, sizes.common))
    often = f"; most often {common} ({sizes.common_count:,} of {found.images:,})"
    return f"from {least} to {most}, {sizes.kinds:,} kinds{often if sizes.common_count > found.images / 10 else ''}"


def _numbers(values: Sequence[float]) -> str:
    return " ".join(f"{value:.4f}" for value in values)
