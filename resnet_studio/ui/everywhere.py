"""The commands that change every block of a Document at once, one undo step each. Know no view."""

from __future__ import annotations

from resnet_studio.design import schedules
from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import Attention, Design, Norm
from resnet_studio.language import tr
from resnet_studio.ui.document import Document
from resnet_studio.ui.layer_words import ATTENTION_WORDS

_NORM_STEPS = {
    Norm.BATCH: tr("Batch norm everywhere"),
    Norm.GROUP: tr("Group norm everywhere"),
    Norm.NONE: tr("No norm everywhere"),
}


def _with_blocks(document: Document) -> Design:
    """The drawing, which must have a block.

    Raises:
        StudioError: it has none.
    """
    if next(document.design.blocks(), None) is None:
        raise StudioError(tr("There is no block yet."), tr("Insert one first."))
    return document.design


def drop_path_everywhere(document: Document, last: float) -> None:
    """Linear drop path up to `last` at the last block; what is typed on the way is one step."""
    design = schedules.linear_drop_path(_with_blocks(document), last)
    document.apply(design, tr("Set linear drop path"), merge="drop path")


def attention_everywhere(document: Document, attention: Attention) -> None:
    """One attention for every block."""
    none = attention is Attention.NONE
    text = (
        tr("No attention everywhere")
        if none
        else tr("{attention} attention everywhere", attention=ATTENTION_WORDS[attention])
    )
    document.apply(schedules.attend_everywhere(_with_blocks(document), attention), text)


def norm_everywhere(document: Document, norm: Norm) -> None:
    """One norm for stem, blocks and head."""
    document.apply(schedules.normalise_everywhere(document.design, norm), _NORM_STEPS[norm])
