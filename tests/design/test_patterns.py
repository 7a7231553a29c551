"""Patterns: many blocks at once, and nothing of the drawing is lost: ids stay, widths come back, a copy fits."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.design import patterns
from resnet_studio.design.presets import preset
from resnet_studio.design.types import Design
from tests.design.drawings import designs, ids


@given(designs())
def test_halving_what_was_doubled_gives_the_same_drawing(design: Design) -> None:
    doubled = patterns.scale_widths(design, patterns.DOUBLE)
    assert ids(doubled) == ids(design)
    assert [b.spec.channels for b in doubled.blocks()] == [2 * b.spec.channels for b in design.blocks()]
    assert patterns.scale_widths(doubled, patterns.HALF) == design


@given(designs(min_stages=1), st.data())
def test_a_deeper_stage_made_shallower_is_the_same(design: Design, data: st.DataObject) -> None:
    stage = data.draw(st.sampled_from(design.stages))
    deeper = patterns.deepen_stages(design, {stage.id})
    lane = next(lane for lane in deeper.stages if lane.id == stage.id)
    assert len(lane.blocks) == len(stage.blocks) + bool(stage.blocks)
    assert lane.blocks[: len(stage.blocks)] == stage.blocks
    assert len(set(ids(deeper))) == len(ids(deeper))
    if stage.blocks:
        assert patterns.shallow_stages(deeper, {stage.id}) == design


@given(designs(min_stages=1), st.data())
def test_a_stage_keeps_its_only_block(design: Design, data: st.DataObject) -> None:
    chosen = {lane.id for lane in data.draw(st.lists(st.sampled_from(design.stages)))}
    shallow = patterns.shallow_stages(design, chosen)
    for old, new in zip(design.stages, shallow.stages, strict=True):
        less = old.id in chosen and len(old.blocks) > 1
        assert len(new.blocks) == len(old.blocks) - less
        assert set(new.blocks) <= set(old.blocks)


def test_shallow_takes_a_block_out_that_changes_no_shape() -> None:
    design = preset("resnet34")
    shallow = patterns.shallow_stages(design, {stage.id for stage in design.stages})
    assert [len(stage.blocks) for stage in shallow.stages] == [2, 3, 5, 2]
    assert [stage.blocks[0] for stage in shallow.stages] == [stage.blocks[0] for stage in design.stages]


@given(designs(min_stages=1), st.data())
def test_only_the_stages_named_get_wider(design: Design, data: st.DataObject) -> None:
    wide = data.draw(st.sampled_from(design.stages))
    after = patterns.widen_stages(design, {wide.id}, patterns.DOUBLE)
    assert after.stem == design.stem
    assert ids(after) == ids(design)
    for old, new in zip(design.stages, after.stages, strict=True):
        assert (new == old) == (old.id != wide.id or not old.blocks)


@given(designs(), st.data())
def test_selecting_by_kind_and_by_stage(design: Design, data: st.DataObject) -> None:
    known = ids(design)
    chosen = data.draw(st.lists(st.sampled_from(known), unique=True)) if known else []
    kinds = {b.spec.kind for b in design.blocks() if b.id in chosen}
    assert [design.block(i).spec.kind in kinds for i in known] == [  # type: ignore[union-attr]
        i in patterns.of_same_kind(design, chosen) for i in known
    ]
    same = patterns.of_same_stage(design, chosen)
    assert set(chosen) <= set(same)
    for stage in design.stages:
        inside = {b.id for b in stage.blocks}
        assert inside <= set(same) if inside & set(chosen) else not inside & set(same)


@given(designs(), st.data())
def test_apply_to_all_copies_the_chosen_settings_and_nothing_else(
    design: Design, data: st.DataObject
) -> None:
    fields = data.draw(st.sampled_from([*patterns.SETTINGS.values(), patterns.EVERY_SETTING]))
    known = ids(design)
    source = data.draw(st.sampled_from(known)) if known else "nowhere"
    after = patterns.apply_to_all(design, source, fields)
    wanted = design.block(source)
    for old, new in zip(design.blocks(), after.blocks(), strict=True):
        assert wanted is not None
        assert new.id == old.id
        assert new.spec == replace(old.spec, **{name: getattr(wanted.spec, name) for name in fields})


def test_what_belongs_to_a_place_is_never_copied() -> None:
    assert not {"channels", "width", "groups", "stride", "shortcut", "kind"} & set(patterns.EVERY_SETTING)
