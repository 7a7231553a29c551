"""The data sets that everybody knows: title, shape, classes, sizes. Reads no data; knows no torch and no window."""

from __future__ import annotations

from dataclasses import dataclass, replace

from resnet_studio.design import edits
from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import Design, InputSpec, StemKind
from resnet_studio.language import tr

Shape = tuple[int, int, int]
# Shorter edges up to here are lost on a stem that halves twice; from there on, a stem that halves nothing drowns in pixels.
SMALL, LARGE = 64, 128
_IMAGENET = 224


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownData:
    """What is known of a data set before anything is read.

    Args:
        name: as in TrainSpec.data.
        title: as people call it.
        what: one line on it.
        shape: of one image (channels, height, width); None for a folder of images, which must be looked at.
        classes: how many, or None.
        train, val: images in the two splits, or 0.
        download_bytes: size of the download; 0 where there is none to make.
    """

    name: str
    title: str
    what: str
    shape: Shape | None = None
    classes: int | None = None
    train: int = 0
    val: int = 0
    download_bytes: int = 0


_ALL = (
    KnownData(
        name="digits", title="Digits", what=tr("1\u202f797 handwritten digits of 8x8 pixels, bundled with scikit-learn"),
        shape=(1, 8, 8), classes=10, train=1442, val=355,
    ),
    KnownData(
        name="mnist", title="MNIST", what=tr("70\u202f000 handwritten digits"),
        shape=(1, 28, 28), classes=10, train=60_000, val=10_000, download_bytes=11_594_722,
    ),
    KnownData(
        name="fashion_mnist", title="FashionMNIST", what=tr("70\u202f000 pictures of clothes"),
        shape=(1, 28, 28), classes=10, train=60_000, val=10_000, download_bytes=30_878_645,
    ),
    KnownData(
        name="cifar10", title="CIFAR-10", what=tr("60\u202f000 colour pictures of 10 kinds of things"),
        shape=(3, 32, 32), classes=10, train=50_000, val=10_000, download_bytes=170_498_071,
    ),
    KnownData(
        name="cifar100", title="CIFAR-100", what=tr("60\u202f000 colour pictures of 100 kinds of things"),
        shape=(3, 32, 32), classes=100, train=50_000, val=10_000, download_bytes=169_001_437,
    ),
    KnownData(name="folder", title=tr("Image folder"), what=tr("your own images, one folder per class")),
)  # fmt: skip
KNOWN: dict[str, KnownData] = {entry.name: entry for entry in _ALL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How a design and data go together.

    Args:
        differences: what keeps them from training together, each in words; empty when they can.
        notes: what the program does by itself (images resized, grey images repeated to three channels).
    """

    differences: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def fits(self) -> bool:
        """Whether a run can start."""
        return not self.differences


def fit(design: Design, shape: Shape, classes: int) -> Fit:
    """Compare a design with data of this image shape and number of classes."""
    differences: list[str] = []
    notes: list[str] = []
    wanted = design.input
    if wanted.channels != shape[0]:
        if shape[0] == 1 and wanted.channels == 3:
            notes.append(tr("grey images are repeated to 3 channels"))
        else:
            differences.append(
                tr(
                    "the images have {have} channels, the design takes {wanted}",
                    have=shape[0],
                    wanted=wanted.channels,
                )
            )
    if (wanted.height, wanted.width) != shape[1:]:
        notes.append(
            tr(
                "images are resized from {height}x{width} to {wanted_height}x{wanted_width}",
                height=shape[1],
                width=shape[2],
                wanted_height=wanted.height,
                wanted_width=wanted.width,
            )
        )
    outputs = design.head.classes if design.head is not None else 0
    if outputs != classes:
        differences.append(
            tr("the data has {classes} classes, the design names {outputs}", classes=classes, outputs=outputs)
        )
    return Fit(differences=tuple(differences), notes=tuple(notes))


def adapted(design: Design, shape: Shape, classes: int) -> Design:
    """The design made to fit: the data's channels and classes, and its image size unless the stem shrinks images.

    A stem that halves (ImageNet's) expects large images: it keeps its own size, and the images are resized.
    """
    shrinks = design.stem.stride > 1 or design.stem.pool
    size = (design.input.height, design.input.width) if shrinks else shape[1:]
    spec = InputSpec(channels=shape[0], height=size[0], width=size[1])
    return edits.adapt(design, spec=spec, classes=classes)


def suited(design: Design, shape: Shape, classes: int) -> Design:
    """The design made for the data, its stem too: a stem for the images' size, and the input that goes with it.

    Small images keep their pixels (a 3x3 stem that halves nothing, as in He et al. 2015 for CIFAR); large ones are halved twice before
    the first block (7x7 and a max-pool, as for ImageNet). Those in between, and a stem that suits already, stay as `adapted` has them.
    """
    stem, edge = design.stem, min(shape[1:])
    shrinks = stem.stride > 1 or stem.pool
    size = shape[1:]
    if shrinks and edge <= SMALL:
        stem = replace(stem, kind=StemKind.PLAIN, kernel=3, stride=1, pool=False)
    elif not shrinks and edge >= LARGE:
        stem = replace(stem, kind=StemKind.PLAIN, kernel=7, stride=2, pool=True)
        wanted = design.input
        keeps = min(wanted.height, wanted.width) >= LARGE
        size = (wanted.height, wanted.width) if keeps else (_IMAGENET, _IMAGENET)
    else:
        return adapted(design, shape, classes)
    spec = InputSpec(channels=shape[0], height=size[0], width=size[1])
    return edits.adapt(replace(design, stem=stem), spec=spec, classes=classes)


def require_fit(design: Design, shape: Shape, classes: int) -> Fit:
    """The fit, for a run that is to start.

    Raises:
        StudioError: they do not go together; the remedy is to adapt the design.
    """
    found = fit(design, shape, classes)
    if not found.fits:
        raise StudioError(
            tr("Design and data do not fit: {differences}.", differences="; ".join(found.differences)),
            tr(
                "Adapt the design to the data: input {size}, {classes} classes.",
                size="x".join(map(str, adapted(design, shape, classes).input.shape)),
                classes=classes,
            ),
        )
    return found
