"""What the diagram says to those who do not see it. Knows no picture."""

from __future__ import annotations

from resnet_studio.language import tr, trn


def nodes_words(nodes: int, chosen: int) -> str:
    """How much is drawn, and how much of it is selected."""
    drawn = trn("{count} node.", "{count} nodes.", nodes)
    if not chosen:
        return f"{drawn} {tr('None is selected.')}"
    return f"{drawn} {trn('{count} of them is selected.', '{count} of them are selected.', chosen)}"
