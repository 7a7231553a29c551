"""Which named network a drawing is, and failing that the nearest one. Knows no window and no terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from heapq import nsmallest

from resnet_studio.analysis.recognition import words
from resnet_studio.analysis.recognition.align import LEAST, align
from resnet_studio.analysis.recognition.structure import specs, structure
from resnet_studio.design.presets import FAMILIES, PRESETS, Preset
from resnet_studio.design.presets.outline import Outline, outline_of
from resnet_studio.design.types import BlockSpec, Design
from resnet_studio.language import tr
from resnet_studio.written import thousands

# Beyond this share of blocks to change, a name says nothing about a drawing any more.
_FARTHEST = 0.6
_LAID_BESIDE = 6
_OUTER = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """The named network that a drawing is, or is nearest to.

    Args:
        name: the preset's name, on the command line too.
        title: its title that leaves no doubt ("ResNet-50 v1.5").
        exact: the drawing is that network, but for input size, number of classes, and names.
        differences: where it is not, a line each.
        notes: what is another and yet makes no other network: input, classes, stochastic depth.
    """

    name: str
    title: str
    exact: bool
    differences: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """One sentence, in full."""
        notes = f" ({', '.join(self.notes)})" if self.notes else ""
        if self.exact:
            return tr("this is {title}{notes}", title=self.title, notes=notes)
        return tr(
            "nearest: {title}{notes}; differs in {differences}",
            title=self.title,
            notes=notes,
            differences="; ".join(self.differences),
        )


def recognise(design: Design) -> Recognition | None:
    """The network that it is, or the nearest; None where none is near."""
    return exactly(design) or nearest(design)


def exactly(design: Design) -> Recognition | None:
    """The network that it is: a preset, or any other member of a family; None where it is none. Well below a millisecond."""
    own = outline_of(design)
    plain = structure(own)
    found = _index().get(plain) or _member(plain, own)
    if found is None:
        return None
    return Recognition(
        name=found.name, title=found.called.formal, exact=True, notes=_notes(own, found.draw())
    )


def nearest(design: Design) -> Recognition | None:
    """The named network with the fewest and smallest differences; None where none is near. Takes milliseconds."""
    own = outline_of(design)
    plain = structure(own)
    if not plain.blocks():
        return None
    mine = specs(plain)
    best: tuple[float, Preset, list[str]] | None = None
    rough = [
        (*_roughly(plain, theirs), index, entry, theirs)
        for index, (entry, theirs) in enumerate(_candidates(own))
    ]
    for _, least, _, entry, theirs in nsmallest(_LAID_BESIDE, rough):
        if best is not None and least >= best[0]:
            continue
        cost, lines = _compare(plain, mine, theirs)
        if best is None or cost < best[0]:
            best = cost, entry, lines
    if best is None or best[0] > _FARTHEST * plain.blocks() or not best[2]:
        return None
    _, found, lines = best
    return Recognition(
        name=found.name, title=found.called.formal, exact=False, differences=tuple(lines),
        notes=_notes(own, found.draw()),
    )  # fmt: skip


@cache
def _index() -> dict[Outline, Preset]:
    """Every listed network by its structure; of two that are one, the first."""
    known: dict[Outline, Preset] = {}
    for entry in PRESETS.values():
        known.setdefault(structure(entry.draw()), entry)
    return known


def _members(own: Outline) -> Iterator[Preset]:
    """The member of each family that the drawing would be, if it were of that family."""
    for family in FAMILIES.values():
        values = family.guess(own)
        if values is not None and family.fault(values) is None:
            yield family.preset(values)


def _member(plain: Outline, own: Outline) -> Preset | None:
    return next((entry for entry in _members(own) if structure(entry.draw()) == plain), None)


def _candidates(own: Outline) -> Iterator[tuple[Preset, Outline]]:
    for plain, entry in _index().items():
        yield entry, plain
    for entry in _members(own):
        yield entry, structure(entry.draw())


def _core(spec: BlockSpec) -> tuple[object, ...]:
    return (spec.kind, spec.channels, spec.width, spec.groups, spec.stride)


@cache
def _counts(plain: Outline) -> tuple[Counter[object], Counter[object]]:
    exact: Counter[object] = Counter()
    core: Counter[object] = Counter()
    for lane in plain.lanes:
        for run in lane:
            exact[run.spec] += run.count
            core[_core(run.spec)] += run.count
    return exact, core


def _roughly(mine: Outline, theirs: Outline) -> tuple[float, float]:
    """How far by counting equal blocks alone, to choose whom to lay beside; and the least that laying it beside can cost."""
    (exact, core), (their_exact, their_core) = _counts(mine), _counts(theirs)
    longest = max(mine.blocks(), theirs.blocks())
    unlike = longest - (exact & their_exact).total()
    channels = mine.lanes[-1][-1].spec.channels if mine.lanes and mine.lanes[-1] else 0
    last = theirs.lanes[-1][-1].spec.channels
    outer = (mine.stem != theirs.stem) + (mine.head != theirs.head)
    far = unlike + longest - (core & their_core).total() + outer * _OUTER + (channels != last) * _OUTER
    return far + abs(len(mine.lanes) - len(theirs.lanes)), unlike * LEAST + outer * _OUTER


def _compare(plain: Outline, mine: list[words.Place], theirs: Outline) -> tuple[float, list[str]]:
    others = specs(theirs)
    cost, pairs = align([spec for *_, spec in mine], [spec for *_, spec in others])
    lines = words.outer(plain, theirs)
    cost += _OUTER * len(lines)
    lines += words.blocks(mine, others, pairs)
    if not lines and plain != theirs:
        split = ", ".join(str(sum(run.count for run in lane)) for lane in plain.lanes)
        lines = [tr("the stages: blocks stand in them as {split}", split=split)]
    return cost, lines


def _notes(own: Outline, theirs: Outline) -> tuple[str, ...]:
    notes: list[str] = []
    if own.input != theirs.input:
        notes.append(tr("for {size} input", size=str(own.input).replace("x", "×")))
    if own.head is not None and theirs.head is not None and own.head.classes != theirs.head.classes:
        notes.append(tr("{classes} classes", classes=thousands(own.head.classes)))
    if any(run.spec.drop_path for lane in own.lanes for run in lane):
        notes.append(tr("with stochastic depth"))
    return tuple(notes)
