"""The tooltip of a card, which a screen reader says too. Knows no places and no painting."""

from __future__ import annotations

from resnet_studio.analysis.conventions import PAPERS, Convention
from resnet_studio.language import tr
from resnet_studio.ui.canvas.facts import block_tip
from resnet_studio.ui.canvas.scene import spec_of
from resnet_studio.ui.canvas.shapes import Card, Role
from resnet_studio.ui.document import Document


def card_tip(card: Card, document: Document, by: Convention = PAPERS) -> str:
    """Everything that a card abbreviates, in plain words."""
    spec = spec_of(card, document.plan)
    lines = []
    if spec is not None and card.unit is not None:
        last = document.design.block(card.ids[-1])
        rate = None if last is None else last.spec.drop_path
        lines.append(block_tip(card.unit, spec, card.count, rate, by=by))
    elif card.role is Role.NO_HEAD:
        lines.append(tr("No head: nothing pools the last map and names a class."))
    elif card.layer is not None:
        lines.append(f"{card.layer.name}: {card.layer.input} → {card.layer.output}")
        lines += [" ".join(card.marks)] if card.marks else []
    lines += [str(problem) for i in card.ids for problem in document.plan.problems_at(i)]
    return "\n".join(lines)
