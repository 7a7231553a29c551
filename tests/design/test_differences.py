"""In what two drawings differ, in words."""

from dataclasses import replace

import pytest

from resnet_studio.design import edits
from resnet_studio.design.differences import design_differences
from resnet_studio.design.presets import PRESETS, preset

BASE = preset("resnet18")


@pytest.mark.parametrize("name", PRESETS)
def test_a_drawing_does_not_differ_from_itself_by_another_name(name: str) -> None:
    design = preset(name)
    assert design_differences(design, replace(design, name="other")) == []


def test_every_changed_part_is_told_once() -> None:
    wide = (
        edits.change_blocks(BASE, ["s2b1", "s2b2"], drop_path=0.1)
        if hasattr(BASE.stages[0].blocks[0].spec, "drop_path")
        else BASE
    )
    other = replace(
        wide,
        input=replace(BASE.input, height=64),
        stem=replace(BASE.stem, kernel=3),
        head=replace(BASE.head, classes=10),  # type: ignore[type-var]
        stages=wide.stages[:3],
    )
    told = {part: (one, two) for part, one, two in design_differences(BASE, other)}
    assert told["Input"][1] != told["Input"][0]
    assert told["Stem, kernel"] == ("7", "3")
    assert told["Head, classes"] == ("1000", "10")
    assert told["Stage 4, blocks"] == ("2", "–")


def test_blocks_that_changed_alike_are_told_together() -> None:
    other = edits.change_blocks(BASE, [block.id for block in BASE.stages[1].blocks], width=96)
    assert design_differences(BASE, other) == [("Stage 2, blocks 1-2, width", "128", "96")]


def test_the_two_sides_are_mirrored() -> None:
    other = preset("resnet50")
    forth, back = design_differences(BASE, other), design_differences(other, BASE)
    assert sorted(forth) == sorted((part, b, a) for part, a, b in back)
