"""What is told of a data set in figures: the tiles of its dialog, what they mean, and what the settings' page keeps of it. Knows no widget."""

from __future__ import annotations

from collections.abc import Sequence

from resnet_studio.language import tr
from resnet_studio.runs.survey import Survey
from resnet_studio.ui.data.watch import DataFacts
from resnet_studio.ui.format import thousands


def facts_of(found: Survey) -> DataFacts:
    """What the settings' page knows of data, from a survey."""
    return DataFacts(
        name=found.data, title=found.title, shape=found.shape, classes=len(found.classes), train=sum(found.train), val=sum(found.val)
    )  # fmt: skip


def figures(found: Survey) -> tuple[str, ...]:
    """The tiles' values."""
    uneven = found.imbalance
    return (
        f"{thousands(sum(found.train))} + {thousands(sum(found.val))}",
        thousands(len(found.classes)),
        _size(found),
        _numbers(found.mean),
        _numbers(found.std),
        tr("a class is empty")
        if uneven == float("inf")
        else f"{uneven:.2g} : 1"
        if uneven < 100
        else f"{uneven:.0f} : 1",
    )


def _size(found: Survey) -> str:
    """ "8×8"; "320×240 mostly"; or the smallest and the largest, where hardly two are alike."""
    sizes = found.sizes
    common, least, most = (f"{wide}×{high}" for wide, high in (sizes.common, sizes.least, sizes.most))
    if sizes.kinds <= 1:
        return common
    if sizes.common_count > found.images / 2:
        return tr("{size} mostly", size=common)
    return tr("{least} to {most}", least=least, most=most)


def _numbers(values: Sequence[float]) -> str:
    return " ".join(f"{value:.3f}" if len(values) == 1 else f"{value:.2f}" for value in values)


def tips(found: Survey) -> tuple[str, ...]:
    """What the tiles mean, with all digits."""
    sizes = found.sizes
    least, most = (f"{wide}×{high}" for wide, high in (sizes.least, sizes.most))
    same = (found.used_mean, found.used_std) == (found.mean, found.std)
    over = thousands(found.measured)
    measured = (
        tr(
            "Per channel, pixels from 0 to 1, over {count} training images. Training takes the same.",
            count=over,
        )
        if same
        else tr(
            "Per channel, pixels from 0 to 1, over {count} training images. Training takes ImageNet's instead.",
            count=over,
        )
    )
    split = tr("To learn from, and to validate: its own.")
    part = tr("To learn from, and to validate: every fifth of a class.")
    return (
        split if found.own_split else part,
        tr("Kinds of things."),
        tr(
            "Width and height: from {least} to {most}, {kinds} kinds; {count} images have the most frequent.",
            least=least,
            most=most,
            kinds=thousands(sizes.kinds),
            count=thousands(sizes.common_count),
        ),
        f"{' '.join(f'{value:.5f}' for value in found.mean)}. {measured}",
        f"{' '.join(f'{value:.5f}' for value in found.std)}. {measured}",
        tr("Training images of the largest class for each of the smallest."),
    )
