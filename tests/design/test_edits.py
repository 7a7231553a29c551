"""Edits: whatever is done to whatever drawing, ids stay unique, no block is lost, and nothing else changes."""

import itertools
from collections import Counter
from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from resnet_studio.analysis.plan import analyse
from resnet_studio.design import edits
from resnet_studio.design.folding import alike, runs_of_equal
from resnet_studio.design.presets import preset
from resnet_studio.design.types import (
    Block,
    BlockKind,
    BlockSpec,
    Design,
    Head,
    InputSpec,
    ShortcutKind,
    Stage,
)
from tests.design.drawings import designs, ids, rates, specs


def _place(data: st.DataObject, design: Design) -> tuple[int, int]:
    stage = data.draw(st.integers(0, len(design.stages) - 1))
    return stage, data.draw(st.integers(0, len(design.stages[stage].blocks)))


def _some(data: st.DataObject, design: Design) -> list[str]:
    known = ids(design)
    some = data.draw(st.lists(st.sampled_from(known), unique=True)) if known else []
    return [*some, "not-in-the-drawing"]


@given(designs(min_stages=1), specs, st.data())
def test_insert_puts_exactly_one_block_exactly_there(
    design: Design, spec: BlockSpec, data: st.DataObject
) -> None:
    stage, position = _place(data, design)
    new, made = edits.insert_spec(design, stage, position, spec)
    assert new.find(made) == (stage, position)
    assert edits.remove_blocks(new, [made]) == design
    assert len(set(ids(new))) == len(ids(design)) + 1


@given(designs(min_stages=1), st.data())
def test_move_is_a_permutation(design: Design, data: st.DataObject) -> None:
    stage, position = _place(data, design)
    chosen = _some(data, design)
    new = edits.move_blocks(design, chosen, stage, position)
    assert sorted(ids(new)) == sorted(ids(design))
    assert Counter(new.blocks()) == Counter(design.blocks())
    # Those that stay keep their order and their lanes; those that move keep theirs, side by side.
    for old_lane, lane in zip(design.stages, new.stages, strict=True):
        staying = [b for b in old_lane.blocks if b.id not in chosen]
        assert [b for b in lane.blocks if b.id not in chosen] == staying
    moved = [b for b in design.blocks() if b.id in chosen]
    lane_ids = [b.id for b in new.stages[stage].blocks]
    if moved:
        at = lane_ids.index(moved[0].id)
        assert lane_ids[at : at + len(moved)] == [b.id for b in moved]


@given(designs(min_stages=1), st.data())
def test_a_move_lands_before_the_block_that_stood_there(design: Design, data: st.DataObject) -> None:
    stage, position = _place(data, design)
    chosen = _some(data, design)
    behind = [b.id for b in design.stages[stage].blocks[position:] if b.id not in chosen]
    new = edits.move_blocks(design, chosen, stage, position)
    lane = [b.id for b in new.stages[stage].blocks]
    moved = [b for b in lane if b in chosen]
    if moved:
        last = lane.index(moved[-1])
        assert lane[last + 1 :] == behind


@given(designs(), st.data())
def test_remove_takes_the_chosen_and_nothing_else(design: Design, data: st.DataObject) -> None:
    chosen = _some(data, design)
    new = edits.remove_blocks(design, chosen)
    assert ids(new) == [block_id for block_id in ids(design) if block_id not in chosen]
    assert len(new.stages) == len(design.stages)


@given(designs(), st.data())
def test_duplicates_are_new_individuals_behind_the_chosen(design: Design, data: st.DataObject) -> None:
    chosen = _some(data, design)
    new, made = edits.duplicate_blocks(design, chosen)
    assert len(made) == len(chosen) - 1
    assert len(set(ids(new))) == len(ids(design)) + len(made)
    assert edits.remove_blocks(new, made) == design
    for block_id in made:
        copy = new.block(block_id)
        assert copy is not None
        assert copy.spec.stride == 1


@given(designs(), st.data())
def test_changes_reach_the_chosen_alone(design: Design, data: st.DataObject) -> None:
    chosen = _some(data, design)
    new = edits.change_blocks(design, chosen, stride=3, shortcut=ShortcutKind.NONE)
    for old, block in zip(design.blocks(), new.blocks(), strict=True):
        if old.id in chosen:
            assert block == Block(old.id, replace(old.spec, stride=3, shortcut=ShortcutKind.NONE))
        else:
            assert block is old


@given(designs(min_stages=1), st.data())
def test_stages_move_whole(design: Design, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(design.stages)))
    lane = data.draw(st.sampled_from(design.stages))
    new = edits.move_stage(design, lane.id, index)
    assert {stage.id: stage.blocks for stage in new.stages} == {
        stage.id: stage.blocks for stage in design.stages
    }
    before = [stage.id for stage in design.stages[:index] if stage.id != lane.id]
    behind = [stage.id for stage in design.stages[index:] if stage.id != lane.id]
    assert [stage.id for stage in new.stages] == [*before, lane.id, *behind]


@given(designs(), st.data())
def test_a_new_stage_goes_in_and_comes_out_again(design: Design, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(design.stages)))
    new, lane = edits.new_stage(design, index)
    assert new.stages[index].id == lane.id
    assert len(lane.blocks) == 1
    assert len(set(ids(new))) == len(ids(design)) + 1
    assert edits.remove_stage(new, stage_id=lane.id) == edits.renumber_stages(design)


@given(designs(), st.data())
def test_late_gestures_on_what_is_gone_change_nothing(design: Design, data: st.DataObject) -> None:
    assert edits.remove_blocks(design, ["gone"]) == design
    assert edits.duplicate_blocks(design, ["gone"]) == (design, ())
    assert edits.change_blocks(design, ["gone"], stride=2) == design
    assert edits.remove_stage(edits.renumber_stages(design), stage_id="gone") == edits.renumber_stages(design)
    assert edits.move_stage(design, "gone", 0) == design
    assert edits.rename_stage(design, "gone", "x") == design


@given(specs, st.sampled_from(BlockKind))
def test_conversion_keeps_what_a_kind_does_not_decide(spec: BlockSpec, kind: BlockKind) -> None:
    new = edits.convert(spec, kind)
    assert new.kind is kind
    assert replace(new, kind=spec.kind, width=spec.width, groups=spec.groups) == spec
    assert new.width % new.groups == 0
    assert edits.convert(new, kind) == new


@given(st.sampled_from(BlockKind), st.integers(1, 65_536))
def test_proportions_can_always_be_built(kind: BlockKind, channels: int) -> None:
    width, groups = edits.proportions(kind, channels)
    assert width >= 1
    assert width % groups == 0
    if kind is BlockKind.RESIDUAL:
        assert (channels % groups, width) == (0, channels)


def test_the_papers_proportions() -> None:
    assert edits.proportions(BlockKind.BOTTLENECK, 256) == (64, 1)
    assert edits.proportions(BlockKind.RESNEXT, 256) == (128, 32)
    assert edits.proportions(BlockKind.RESNEXT, 2048) == (1024, 32)


@given(
    st.sampled_from(["resnet18", "resnet50", "resnext50_32x4d", "cifar_resnet20", "digits_starter"]),
    st.data(),
)
def test_what_is_dropped_into_a_sound_drawing_leaves_it_sound(name: str, data: st.DataObject) -> None:
    design = preset(name)
    stage = data.draw(st.integers(0, len(design.stages) - 1))
    # Before the first block of a stage the arriving shape is another one: there the drop is right, and the block behind it is not touched.
    position = data.draw(st.integers(1, len(design.stages[stage].blocks)))
    kind = data.draw(st.sampled_from(BlockKind))
    spec = edits.fitting_spec(design, stage, position, kind)
    new, _ = edits.insert_spec(design, stage, position, spec)
    assert analyse(new).problems == ()


@given(st.sampled_from(["resnet18", "resnet50", "cifar_resnet20"]), st.sampled_from(BlockKind))
def test_a_new_last_stage_leaves_a_sound_drawing_sound(name: str, kind: BlockKind) -> None:
    design = preset(name)
    new, lane = edits.new_stage(design, len(design.stages), kind)
    assert analyse(new).problems == ()
    assert lane.blocks[0].spec.kind is kind
    assert lane.blocks[0].spec.channels == 2 * design.stages[-1].blocks[-1].spec.channels


def test_adapt_fits_a_data_set_and_gives_a_head_back() -> None:
    shape = InputSpec(channels=1, height=28, width=28)
    headless = edits.set_head(preset("resnet18"), head=None)
    new = edits.adapt(headless, spec=shape, classes=10)
    assert new.input == shape
    assert new.head == Head(classes=10)


@given(designs())
def test_folding_covers_every_block_once(design: Design) -> None:
    for stage in design.stages:
        runs = runs_of_equal(stage.blocks)
        assert [start for start, _ in runs] == [sum(count for _, count in runs[:i]) for i in range(len(runs))]
        assert sum(count for _, count in runs) == len(stage.blocks)
        for start, count in runs:
            assert alike([block.spec for block in stage.blocks[start : start + count]])
        for (left, _), (right, _) in itertools.pairwise(runs):
            assert not alike([stage.blocks[left].spec, stage.blocks[right].spec])


@given(specs, specs, rates)
def test_only_rates_of_a_drop_path_may_differ_in_a_run(spec, other, rate: float) -> None:  # type: ignore[no-untyped-def]
    assert alike([spec, spec])
    both = bool(spec.drop_path) == bool(other.drop_path)
    assert alike([spec, other]) == (both and replace(spec, drop_path=0.0) == replace(other, drop_path=0.0))
    assert alike([spec, replace(spec, drop_path=rate)]) == (bool(spec.drop_path) == bool(rate))


def test_resnet50_folds_to_the_papers_repeats() -> None:
    assert [[count for _, count in runs_of_equal(stage.blocks)] for stage in preset("resnet50").stages] == [
        [1, 2], [1, 3], [1, 5], [1, 2],
    ]  # fmt: skip


@given(st.lists(st.sampled_from(["Stage 1", "Stage 9", "Stem part", "Stage x", "Mine"]), max_size=6))
def test_renumbering_leaves_given_names_alone(given_names: list[str]) -> None:
    assume(given_names)
    design = Design(stages=tuple(Stage(id=f"l{i}", name=name) for i, name in enumerate(given_names)))
    for index, (old, stage) in enumerate(zip(given_names, edits.renumber_stages(design).stages, strict=True)):
        assert stage.name == (f"Stage {index + 1}" if old in ("Stage 1", "Stage 9") else old)
