"""Edits of every block at once: what they set, what they leave, and that group norms always divide."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.analysis.plan import analyse
from resnet_studio.design import limits
from resnet_studio.design.files import dumps, loads
from resnet_studio.design.presets import preset
from resnet_studio.design.schedules import (
    attend_everywhere,
    last_drop_path,
    linear_drop_path,
    normalise_everywhere,
)
from resnet_studio.design.types import Attention, Design, Norm, ShortcutKind
from tests.design.drawings import designs

rates = st.floats(0, limits.MAX_RATE)


@given(designs(), rates)
def test_drop_path_grows_in_equal_steps_and_can_be_saved(design: Design, last: float) -> None:
    after = linear_drop_path(design, last)
    assert loads(dumps(after)) == after
    found = [(i, block.spec) for i, block in enumerate(after.blocks())]
    kept = [(i, spec.drop_path) for i, spec in found if spec.shortcut is not ShortcutKind.NONE]
    assert all(spec.drop_path == 0 for _, spec in found if spec.shortcut is ShortcutKind.NONE)
    for (i, low), (j, high) in pairwise(kept):
        assert high - low == pytest.approx(last * (j - i) / (len(found) - 1), abs=2e-6)
    if kept and kept[-1][0] == len(found) - 1:
        assert last_drop_path(after) == pytest.approx(last, abs=1e-6)
    assert linear_drop_path(after, 0.0) == linear_drop_path(design, 0.0), "nothing else is another"


def test_drop_path_counts_blocks_as_timm_does() -> None:
    """timm's ResNet: rate x index / (blocks - 1)."""
    after = linear_drop_path(preset("resnet50"), 0.3)
    found = [block.spec.drop_path for block in after.blocks()]
    assert found == pytest.approx([0.3 * index / 15 for index in range(16)], abs=1e-6)


@given(designs(), st.sampled_from(Attention))
def test_attention_comes_to_every_block_and_to_nothing_else(design: Design, attention: Attention) -> None:
    after = attend_everywhere(design, attention)
    assert all(block.spec.attention is attention for block in after.blocks())
    assert attend_everywhere(after, Attention.NONE) == attend_everywhere(design, Attention.NONE)


@given(designs(), st.sampled_from(Norm))
def test_a_norm_everywhere_always_divides(design: Design, norm: Norm) -> None:
    after = normalise_everywhere(design, norm)
    assert all(block.spec.norm is norm for block in after.blocks())
    assert after.stem.norm is norm
    assert after.head is None or after.head.norm is norm
    assert "norm_groups" not in {problem.code for problem in analyse(after).problems}
    assert normalise_everywhere(after, norm) == after


def test_group_norm_has_the_papers_groups_where_they_divide() -> None:
    after = normalise_everywhere(preset("resnet50"), Norm.GROUP)
    assert {block.spec.norm_groups for block in after.blocks()} == {32}
    assert {row.groups for _, row, _ in analyse(after).layers() if row.kind.value == "norm"} == {32}
