"""What stands in the cells of a comparison: pieces of text, each changed or not, and signs. Knows no Qt and compares nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from resnet_studio.analysis.comparison import Row, RowKind, Side, Sign
from resnet_studio.design.types import BlockSpec, Head, InputSpec, Stage, Stem
from resnet_studio.language import tr, trn
from resnet_studio.ui.canvas.facts import PILLS, TITLES, marks, tags
from resnet_studio.ui.format import THIN

SIGNS = {Sign.EQUAL: "", Sign.CHANGED: "≠", Sign.ADDED: "+", Sign.REMOVED: "−"}
MOVED = "↔"
SIGN_WORDS = {
    Sign.EQUAL: tr("equal"),
    Sign.CHANGED: tr("changed"),
    Sign.ADDED: tr("added"),
    Sign.REMOVED: tr("removed"),
}
# As the comparison says them.
_YES, _NO = tr("yes"), tr("no")
# By the names of the drawing's fields.
FIELD_WORDS = {
    "activate": tr("activate"),
    "activation": tr("activation"),
    "attention": tr("attention"),
    "channels": tr("channels"),
    "classes": tr("classes"),
    "dilation": tr("dilation"),
    "drop_path": tr("drop path"),
    "dropout": tr("dropout"),
    "groups": tr("groups"),
    "height": tr("height"),
    "kernel": tr("kernel"),
    "kind": tr("kind"),
    "norm": tr("norm"),
    "norm_groups": tr("norm groups"),
    "order": tr("order"),
    "pool": tr("pool"),
    "reduction": tr("reduction"),
    "shortcut": tr("shortcut"),
    "stride": tr("stride"),
    "stride_first": tr("stride first"),
    "width": tr("width"),
    "zero_init": tr("zero init"),
}


class Piece(NamedTuple):
    """A part of a cell's text; `changed`: the other drawing says something else there; `short`: enough where there is little room."""

    text: str
    changed: bool = False
    short: str = ""

    @property
    def shown(self) -> str:
        """With its sign: colour alone says nothing to many."""
        return f"≠{THIN}{self.text}" if self.changed else self.text


def sign_of(row: Row) -> str:
    """One mark for how the sides of a row stand to each other."""
    return MOVED if row.moved else SIGNS[row.sign]


def pieces(row: Row, side: Side | None, *, right: bool) -> list[Piece]:
    """What stands in a row's cell on one side: what differs, then what it is."""
    if side is None:
        return []
    changed = {change.field: change.right if right else change.left for change in row.changes}
    told = list(_told(side))
    shown = [Piece(text, bool(changed.keys() & set(fields))) for text, fields in told if text]
    known = {field for _, fields in told for field in fields}
    more = [Piece(_field(field, value), True) for field, value in changed.items() if field not in known]
    # What differs comes first: a narrow column shows no more.
    return [*(p for p in shown if p.changed), *more, *(p for p in shown if not p.changed)]


def line(parts: list[Piece]) -> str:
    """The pieces as one text."""
    return " · ".join(piece.shown for piece in parts)


def _field(field: str, value: str) -> str:
    label = FIELD_WORDS[field]
    if value in (_YES, _NO):
        return label if value == _YES else tr("no {thing}", thing=label)
    return f"{label} {value}"


def _told(side: Side) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(text, fields that it tells) of what is always shown."""
    value = side.value
    if isinstance(value, InputSpec):
        yield f"{value.channels}×{value.height}×{value.width}", ("channels", "height", "width")
    elif isinstance(value, Stem):
        yield trn("{count} channel", "{count} channels", value.channels), ("channels",)
        yield f"{value.kernel}×{value.kernel}/{value.stride}", ("kernel", "stride")
        yield tr("pool") if value.pool else tr("no pool"), ("pool",)
    elif isinstance(value, Stage):
        yield trn("{count} block", "{count} blocks", len(value.blocks)), ()
    elif isinstance(value, Head):
        yield trn("{count} class", "{count} classes", value.classes), ("classes",)
    else:
        yield from _block(side, value)


def _block(side: Side, spec: BlockSpec) -> Iterator[tuple[str, tuple[str, ...]]]:
    times = f" ×{side.count}" if side.count > 1 else ""
    yield TITLES[spec.kind] + times, ("kind",)
    yield str(spec.channels), ("channels",)
    yield f"/{spec.stride}" if spec.stride > 1 else "", ()
    yield PILLS[spec.shortcut], ("shortcut",) if PILLS[spec.shortcut] else ()
    yield tags(spec), ()
    last = side.end.drop_path if isinstance(side.end, BlockSpec) else None
    yield marks(spec, last).replace("\u00a0", " "), ()


def name_of(row: Row) -> str:
    """A row's place, as the first column writes it."""
    left, right = row.left, row.right
    if row.kind is RowKind.STAGE and right is not None and isinstance(right.value, Stage):
        name = right.value.name
        return name if name == right.short else f"{right.short}: {name}"
    if left is not None and right is not None and left.short != right.short:
        return f"{left.short}→{right.short.rpartition(' ')[2]}".replace("-", "–")
    return row.side.short.replace("-", "–")
