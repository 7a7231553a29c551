"""What people should know of a data set before they train on it, in words with a remedy. Reads a Survey; looks at no data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from resnet_studio.language import tr, trn
from resnet_studio.runs.survey import TINY_PIXELS, TINY_SHARE, Finding, Flaw, Survey
from resnet_studio.written import thousands

# Between classes, below which nobody need care; where accuracy alone begins to mislead.
UNEVEN = 3.0
FEW_IMAGES = 10
_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One thing.

    Args:
        about: a word for it: a Flaw's, or "imbalance", "few", "empty", "unchecked".
        grave: whether the run's figures would be wrong or the run could not start, and not only worse.
        what: one sentence.
        remedy: what to do about it, one sentence.
        names: the images or classes, for a list to look at.
        count: of how many the names are the first.
    """

    about: str
    grave: bool
    what: str
    remedy: str
    names: tuple[str, ...]
    count: int


def remarks(survey: Survey) -> tuple[Remark, ...]:
    """Everything, the grave ones first."""
    found = [*_of_images(survey), *_of_classes(survey)]
    return tuple(sorted(found, key=lambda remark: not remark.grave))


def _of_images(survey: Survey) -> Iterator[Remark]:
    for found in survey.findings:
        grave, what, remedy = _WORDS[found.flaw](found)
        yield Remark(
            about=found.flaw.value, grave=grave, what=what, remedy=remedy, names=found.names, count=found.count
        )  # fmt: skip


Words = tuple[bool, str, str]


def _leaked(found: Finding) -> Words:
    what = trn(
        "{number} validation image is among the training images too, byte for byte.",
        "{number} validation images are among the training images too, byte for byte.",
        found.count,
        number=thousands(found.count),
    )
    return (
        True,
        what,
        tr("Keep each in one of the two: the validation accuracy would be better than the truth."),
    )


def _contradicting(found: Finding) -> Words:
    what = trn(
        "{number} image lies in two classes at once.",
        "{number} images lie in two classes at once.",
        found.count,
        number=thousands(found.count),
    )
    return True, what, tr("Keep each in the class that it belongs to: nothing can be right about both.")


def _broken(found: Finding) -> Words:
    what = trn(
        "{number} image cannot be read, and is left out.",
        "{number} images cannot be read, and are left out.",
        found.count,
        number=thousands(found.count),
    )
    return False, what, trn("Mend or remove it.", "Mend or remove them.", found.count)


def _tiny(found: Finding) -> Words:
    what = trn(
        "{number} image is tiny (the shorter side under {pixels} pixels, or under {share:.0%} of the usual).",
        "{number} images are tiny (the shorter side under {pixels} pixels, or under {share:.0%} of the usual).",
        found.count,
        number=thousands(found.count),
        pixels=TINY_PIXELS,
        share=TINY_SHARE,
    )
    return (
        False,
        what,
        trn(
            "Look at it: thumbnails and icons teach little. Remove it, or find the original.",
            "Look at them: thumbnails and icons teach little. Remove them, or find the originals.",
            found.count,
        ),
    )


def _blank(found: Finding) -> Words:
    what = trn(
        "{number} image has only one colour.",
        "{number} images have only one colour.",
        found.count,
        number=thousands(found.count),
    )
    remedy = trn("Remove it: there is nothing to see.", "Remove them: there is nothing to see.", found.count)
    return False, what, remedy


def _copied(found: Finding) -> Words:
    what = trn(
        "{number} image is a copy of another in the same split, byte for byte.",
        "{number} images are copies of others in the same split, byte for byte.",
        found.count,
        number=thousands(found.count),
    )
    return (
        False,
        what,
        trn(
            "Remove the copy: what is there twice counts twice.",
            "Remove the copies: what is there twice counts twice.",
            found.count,
        ),
    )


_WORDS = {
    Flaw.BROKEN: _broken,
    Flaw.TINY: _tiny,
    Flaw.BLANK: _blank,
    Flaw.COPIED: _copied,
    Flaw.LEAKED: _leaked,
    Flaw.CONTRADICTING: _contradicting,
}


def _of_classes(survey: Survey) -> Iterator[Remark]:
    empty = _classes(survey, survey.train, 0)
    if empty:
        what = trn(
            "{classes} has no training image that can be read.",
            "{classes} have no training image that can be read.",
            len(empty),
            classes=_named(empty),
        )
        yield _remark("empty", empty, what, tr("Add images, or remove the folder."), grave=True)
    yield from _imbalance(survey)
    few = [name for name, count in zip(survey.classes, survey.train, strict=True) if 0 < count < FEW_IMAGES]
    if few:
        what = trn(
            "{classes} has fewer than {images} training images.",
            "{classes} have fewer than {images} training images.",
            len(few),
            classes=_named(few),
            images=FEW_IMAGES,
        )
        yield _remark("few", few, what, tr("Add images, or begin with weights that were trained on others."))
    unchecked = [name for name in _classes(survey, survey.val, 0) if name not in empty]
    if unchecked:
        what = trn(
            "{classes} has no validation image.",
            "{classes} have no validation image.",
            len(unchecked),
            classes=_named(unchecked),
        )
        remedy = tr("Add images: every fifth of a class validates.")
        if survey.own_split:
            remedy = tr("Put some of its images among the validation images.")
        yield _remark("unchecked", unchecked, what, remedy)


def _imbalance(survey: Survey) -> Iterator[Remark]:
    counts = [(count, name) for name, count in zip(survey.classes, survey.train, strict=True) if count]
    if not counts:
        return
    (least, small), (most, large) = min(counts), max(counts)
    if most < UNEVEN * least:
        return
    what = tr(
        "{large} has {times:.1f} times as many training images as {small} ({most} and {least}).",
        large=large,
        times=most / least,
        small=small,
        most=thousands(most),
        least=thousands(least),
    )
    remedy = tr(
        "Add images to the small classes; look at the accuracy of each class (Evaluate), for the whole's hides them."
    )
    small_ones = [f"{name}: {thousands(count)}" for count, name in sorted(counts) if most >= UNEVEN * count]
    yield _remark("imbalance", small_ones, what, remedy)


def _classes(survey: Survey, counts: tuple[int, ...], wanted: int) -> list[str]:
    return [name for name, count in zip(survey.classes, counts, strict=True) if count == wanted]


def _named(names: list[str]) -> str:
    """ "cat", "cat and dog", "cat, dog, owl and 4 more classes"."""
    if len(names) == 1:
        return names[0]
    if len(names) <= _NAMED:
        return tr("{several} and {last}", several=", ".join(names[:-1]), last=names[-1])
    return trn(
        "{several} and {count} more class",
        "{several} and {count} more classes",
        len(names) - _NAMED,
        several=", ".join(names[:_NAMED]),
    )


def _remark(about: str, names: list[str], what: str, remedy: str, *, grave: bool = False) -> Remark:
    return Remark(about=about, grave=grave, what=what, remedy=remedy, names=tuple(names), count=len(names))
