"""What people should know of a data set before they train on it, in words with a remedy. Reads a Survey; looks at no data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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


def _images(count: int, kind: str = "") -> str:
    words = f"{kind} image" if kind else "image"
    return f"{thousands(count)} {words}" + ("" if count == 1 else "s")


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _of_images(survey: Survey) -> Iterator[Remark]:
    for found in survey.findings:
        grave, what, remedy = _WORDS[found.flaw](found)
        yield Remark(
            about=found.flaw.value, grave=grave, what=what, remedy=remedy, names=found.names, count=found.count
        )  # fmt: skip


Words = tuple[bool, str, str]


def _leaked(found: Finding) -> Words:
    what = f"{_images(found.count, 'validation')} {_is(found.count)} among the training images too, byte for byte."
    return True, what, "Keep each in one of the two: the validation accuracy would be better than the truth."


def _contradicting(found: Finding) -> Words:
    what = f"{_images(found.count)} {'lies' if found.count == 1 else 'lie'} in two classes at once."
    return True, what, "Keep each in the class that it belongs to: nothing can be right about both."


def _broken(found: Finding) -> Words:
    what = f"{_images(found.count)} cannot be read, and {_is(found.count)} left out."
    return False, what, "Mend or remove them."


def _tiny(found: Finding) -> Words:
    limit = f"the shorter side under {TINY_PIXELS} pixels, or under {TINY_SHARE:.0%} of the usual"
    what = f"{_images(found.count)} {_is(found.count)} tiny ({limit})."
    return False, what, "Look at them: thumbnails and icons teach little. Remove them, or find the originals."


def _blank(found: Finding) -> Words:
    what = f"{_images(found.count)} {'has' if found.count == 1 else 'have'} only one colour."
    return False, what, "Remove them: there is nothing to see."


def _copied(found: Finding) -> Words:
    what = f"{_images(found.count)} {_is(found.count)} a copy of another in the same split, byte for byte."
    if found.count > 1:
        what = what.replace("a copy of another", "copies of others")
    return False, what, "Remove the copies: what is there twice counts twice."


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
        yield _remark(
            "empty", empty, f"{_named(empty)} no training image that can be read.", "Add images, or remove the folder.", grave=True
        )  # fmt: skip
    yield from _imbalance(survey)
    few = [name for name, count in zip(survey.classes, survey.train, strict=True) if 0 < count < FEW_IMAGES]
    if few:
        what = f"{_named(few)} fewer than {FEW_IMAGES} training images."
        yield _remark("few", few, what, "Add images, or begin with weights that were trained on others.")
    unchecked = [name for name in _classes(survey, survey.val, 0) if name not in empty]
    if unchecked:
        what = f"{_named(unchecked)} no validation image."
        remedy = (
            "Put some of its images among the validation images." if survey.own_split else "Add images: every fifth of a class validates."
        )  # fmt: skip
        yield _remark("unchecked", unchecked, what, remedy)


def _imbalance(survey: Survey) -> Iterator[Remark]:
    counts = [(count, name) for name, count in zip(survey.classes, survey.train, strict=True) if count]
    if not counts:
        return
    (least, small), (most, large) = min(counts), max(counts)
    if most < UNEVEN * least:
        return
    counted = f"{thousands(most)} and {thousands(least)}"
    what = f"{large} has {most / least:.1f} times as many training images as {small} ({counted})."
    remedy = "Add images to the small classes; look at the accuracy of each class (Evaluate), for the whole's hides them."
    small_ones = [f"{name}: {thousands(count)}" for count, name in sorted(counts) if most >= UNEVEN * count]
    yield _remark("imbalance", small_ones, what, remedy)


def _classes(survey: Survey, counts: tuple[int, ...], wanted: int) -> list[str]:
    return [name for name, count in zip(survey.classes, counts, strict=True) if count == wanted]


def _named(names: list[str]) -> str:
    """ "cat has", "cat and dog have", "cat, dog, owl and 4 more classes have"."""
    if len(names) == 1:
        return f"{names[0]} has"
    if len(names) <= _NAMED:
        return f"{', '.join(names[:-1])} and {names[-1]} have"
    return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} more classes have"


def _remark(about: str, names: list[str], what: str, remedy: str, *, grave: bool = False) -> Remark:
    return Remark(about=about, grave=grave, what=what, remedy=remedy, names=tuple(names), count=len(names))
