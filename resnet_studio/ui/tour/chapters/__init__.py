"""The chapters of the tour, in their order. Knows no widget; each module holds one chapter as data."""

from __future__ import annotations

from resnet_studio.ui.tour.chapters import block, bottleneck, groups, orders, stages, train, why
from resnet_studio.ui.tour.step import Chapter

CHAPTERS: tuple[Chapter, ...] = (
    why.CHAPTER,
    block.CHAPTER,
    bottleneck.CHAPTER,
    stages.CHAPTER,
    orders.CHAPTER,
    groups.CHAPTER,
    train.CHAPTER,
)
