"""Recognition: every named network is known by what it is, and a changed one by what was changed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.analysis.plan import analyse
from resnet_studio.analysis.recognition import exactly, nearest, recognise
from resnet_studio.analysis.recognition.align import align, distance
from resnet_studio.design import edits
from resnet_studio.design.files import dumps, loads
from resnet_studio.design.presets import FAMILIES, PRESETS, find, preset
from resnet_studio.design.presets.outline import outline_of
from resnet_studio.design.types import (
    Activation,
    Block,
    BlockKind,
    BlockSpec,
    Design,
    InputSpec,
    ShortcutKind,
    Stage,
    Stem,
    new_id,
)


def renamed(design: Design) -> Design:
    """The same network under other names and ids, each block an object of its own."""
    stages = tuple(
        Stage(id=new_id(), name="x", blocks=tuple(Block(new_id(), replace(b.spec)) for b in stage.blocks))
        for stage in design.stages
    )
    return replace(design, name="Something", stages=stages)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_known_whatever_it_is_called(name: str) -> None:
    found = exactly(renamed(loads(dumps(preset(name)))))
    assert found is not None
    assert (found.name, found.title, found.differences, found.notes) == (
        name, PRESETS[name].called.formal, (), ()
    )  # fmt: skip


def values_of(family_name: str) -> st.SearchStrategy[dict[str, int | str]]:
    family = FAMILIES[family_name]
    fields = {}
    for one in family.parameters:
        if one.choices:
            fields[one.name] = st.sampled_from([value for value, _ in one.choices])
        else:
            steps = min((one.high - one.low) // one.step, 24)
            fields[one.name] = st.integers(0, steps).map(lambda n, one=one: one.low + n * one.step)
    return st.fixed_dictionaries(fields).filter(lambda values: family.fault(values) is None)


@given(data=st.data(), family_name=st.sampled_from(sorted(FAMILIES)))
def test_every_member_of_a_family_is_known_and_found_by_its_name(
    data: st.DataObject, family_name: str
) -> None:
    values = data.draw(values_of(family_name))
    member = FAMILIES[family_name].preset(values)
    named = find(member.name)
    assert named is not None
    assert named.make() == member.make()
    assert {problem.code for problem in analyse(member.make()).problems} <= {"size"}
    found = recognise(renamed(member.make()))
    assert found is not None
    assert found.exact
    same = find(
        found.name
    )  # a wide net of widening 1 is a plain one: what counts is that they are one network
    assert same is not None
    assert analyse(same.make()).totals == analyse(member.make()).totals


def test_input_classes_and_what_only_training_sees_are_notes() -> None:
    design = edits.adapt(preset("resnet50"), spec=InputSpec(channels=3, height=32, width=32), classes=10)
    found = recognise(design)
    assert found is not None
    assert found.text == "this is ResNet-50 v1.5 (for 3×32×32 input, 10 classes)"
    ids = [block.id for block in design.blocks()]
    found = recognise(edits.change_blocks(preset("resnet50"), ids, zero_init=True))
    assert found is not None
    assert (found.exact, found.notes) == (True, ())


def told(design: Design) -> tuple[str, tuple[str, ...]]:
    found = recognise(design)
    assert found is not None
    assert not found.exact
    return found.title, found.differences


def test_a_changed_block_is_named() -> None:
    base = preset("resnet50")
    title, lines = told(edits.change_blocks(base, ["s2b3"], width=256))
    assert (title, lines) == ("ResNet-50 v1.5", ("Stage 2, block 3: width 256 instead of 128",))
    found = recognise(edits.change_blocks(base, ["s2b3"], width=256))
    assert found is not None
    assert found.text == ("nearest: ResNet-50 v1.5; differs in Stage 2, block 3: width 256 instead of 128")


def test_changes_of_all_of_a_run_of_stem_and_of_head() -> None:
    base = preset("resnet50")
    every = [block.id for block in base.blocks()]
    _, lines = told(edits.change_blocks(base, every, activation=Activation.SILU))
    assert lines == ("every block: silu instead of relu",)
    _, lines = told(edits.change_blocks(base, ["s3b2", "s3b3", "s3b4"], kernel=5))
    assert lines == ("Stage 3, blocks 2-4: kernel 5 instead of 3",)
    _, lines = told(replace(base, stem=Stem(kernel=3, stride=1, pool=False)))
    assert lines == ("stem: kernel 3 instead of 7, stride 1 instead of 2, no pooling",)
    _, lines = told(replace(base, head=None))
    assert lines == ("head: missing",)
    _, lines = told(edits.change_blocks(base, ["s2b1"], shortcut=ShortcutKind.POOL_PROJECTION))
    assert lines == ("Stage 2, block 1: shortcut pooled projection instead of projection",)


def test_a_block_more_and_a_stage_fewer() -> None:
    base = preset("resnet50")
    stage = base.stages[2]
    longer = replace(stage, blocks=(*stage.blocks, Block("new", stage.blocks[-1].spec)))
    assert told(replace(base, stages=(*base.stages[:2], longer, base.stages[3]))) == (
        "ResNet-50 v1.5", ("Stage 3, block 7: additional",)
    )  # fmt: skip
    assert told(replace(base, stages=base.stages[:3])) == (
        "ResNet-50 v1.5", ("Stage 4: 3 blocks fewer",)
    )  # fmt: skip


def test_the_nearest_of_a_family_is_found_between_the_listed_ones() -> None:
    base = preset("cifar_resnet74")
    title, lines = told(edits.change_blocks(base, ["s2b5"], activation=Activation.GELU))
    assert title == "CIFAR ResNet-74"
    assert lines == ("Stage 2, block 5: gelu instead of relu",)


def test_what_is_like_nothing_has_no_name() -> None:
    assert recognise(Design()) is None
    assert recognise(replace(preset("resnet50"), stages=preset("resnet50").stages[:1])) is None
    odd = tuple(
        Block(f"b{i}", BlockSpec(kind=BlockKind.RESIDUAL, channels=7 * i + 3, width=5)) for i in range(9)
    )
    assert recognise(Design(stages=(Stage(id="s", name="s", blocks=odd),))) is None


CHANGES = st.sampled_from(
    [{"activation": Activation.ELU}, {"kernel": 5}, {"width": 3}, {"dilation": 2}, {"dropout": 0.5}]
)


@given(
    name=st.sampled_from(["resnet18", "resnet50", "cifar_resnet56", "wrn_28_10", "resnext101_32x8d"]),
    change=CHANGES,
    data=st.data(),
)
def test_one_changed_block_costs_a_name_nothing(
    name: str, change: dict[str, object], data: st.DataObject
) -> None:
    base = preset(name)
    block = data.draw(st.sampled_from(list(base.blocks())))
    place = base.find(block.id)
    assert place is not None
    found = nearest(edits.change_blocks(base, [block.id], **change))
    assert found is not None
    assert found.name == name
    assert len(found.differences) == 1
    assert found.differences[0].startswith(f"Stage {place[0] + 1}, block {place[1] + 1}: ")


SPECS = st.lists(
    st.builds(
        BlockSpec,
        kind=st.just(BlockKind.RESIDUAL),
        channels=st.sampled_from([8, 16]),
        width=st.sampled_from([8, 16]),
    ),
    max_size=6,
)


@given(mine=SPECS, theirs=SPECS)
def test_an_alignment_is_a_matching_in_order_that_costs_what_it_says(
    mine: list[BlockSpec], theirs: list[BlockSpec]
) -> None:
    cost, pairs = align(mine, theirs)
    assert [a for a, _ in pairs if a is not None] == list(range(len(mine)))
    assert [b for _, b in pairs if b is not None] == list(range(len(theirs)))
    paid = [1.0 if a is None or b is None else distance(mine[a], theirs[b]) for a, b in pairs]
    assert cost == pytest.approx(sum(paid))
    assert cost == pytest.approx(align(theirs, mine)[0])
    assert (cost == 0) == (mine == theirs)


def test_outlines_are_drawn_out_and_read_back() -> None:
    for entry in PRESETS.values():
        assert outline_of(entry.make()) == entry.draw()
