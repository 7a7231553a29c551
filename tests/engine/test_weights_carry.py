"""Weights follow their blocks through insertions, moves, deletions and changes, where names would mislead."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
import torch
import torchvision
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from resnet_studio.design import edits
from resnet_studio.design.presets import preset
from resnet_studio.design.types import BlockKind, Design, Norm, Order, ShortcutKind
from resnet_studio.engine.build import build
from resnet_studio.engine.weights.carry import Report, Way, carry, compare
from resnet_studio.engine.weights.slots import unit_slots
from tests.engine.drawings import designs

torch.set_num_threads(1)


def shapes(state: Mapping[str, Tensor]) -> dict[str, tuple[int, ...]]:
    return {name: tuple(tensor.shape) for name, tensor in state.items()}


def state_of(design: Design) -> dict[str, Tensor]:
    """Fresh weights in which no two tensors are equal."""
    state = build(design).state_dict()
    return {
        name: torch.rand_like(tensor) + 0.5 if tensor.is_floating_point() else torch.tensor(index)
        for index, (name, tensor) in enumerate(state.items())
    }


def carried(
    origin: Design, target: Design, *, slices: bool = False
) -> tuple[dict[str, Tensor], dict[str, Tensor], dict[str, Tensor], Report]:
    """(old, fresh, made, report), and the made ones load strictly."""
    old, fresh = state_of(origin), state_of(target)
    kept = {name: tensor.clone() for name, tensor in fresh.items()}
    made, report = carry(origin, target, old, fresh=fresh, slices=slices)
    build(target).load_state_dict(made, strict=True)
    assert all(torch.equal(kept[name], fresh[name]) for name in fresh)
    assert report == compare(origin, target, shapes(old), slices=slices)
    return old, fresh, made, report


def places(report: Report, way: Way) -> set[str]:
    return {unit.place for unit in report.units if unit.count(way)}


def assert_slots_are_the_networks(design: Design) -> None:
    wanted = build(design).state_dict()
    slots = [slot for unit in unit_slots(design) for slot in unit.slots]
    assert {slot.name: (slot.shape, slot.dtype) for slot in slots} == {
        name: (tuple(tensor.shape), tensor.dtype) for name, tensor in wanted.items()
    }
    assert len({slot.key for slot in slots}) == len(slots), "every tensor has a meaning of its own"


@pytest.mark.parametrize("name", ["resnet50d", "seresnet50", "cifar_preact_resnet110", "wrn_16_8", "plain18"])
def test_slots_are_the_tensors_of_the_network(name: str) -> None:
    assert_slots_are_the_networks(preset(name))


@given(designs())
def test_slots_are_the_tensors_of_random_networks(design: Design) -> None:
    assert_slots_are_the_networks(design)


@pytest.mark.parametrize(("position", "misplaced"), [(2, 72), (3, 54)])
def test_a_block_inserted_into_stage_3_of_resnet_50_leaves_all_others_their_weights(
    position: int, misplaced: int
) -> None:
    """The issue's own case, with torchvision's network; names and shapes alone would mislead without a word."""
    origin = preset("resnet50")
    target, new = edits.insert_spec(origin, 2, position, origin.stages[2].blocks[2].spec)
    state = torchvision.models.resnet50().state_dict()
    fresh = build(target).state_dict()

    made, report = carry(origin, target, state, fresh=fresh)

    build(target).load_state_dict(made, strict=True)
    assert [unit.id for unit in report.units if unit.count(Way.FRESH)] == [new]
    assert (report.count(Way.CARRIED), report.count(Way.FRESH), report.unused) == (320, 18, ())
    before = {block.id: f"layer3.{index}." for index, block in enumerate(origin.stages[2].blocks)}
    for index, block in enumerate(target.stages[2].blocks):
        names = [name for name in made if name.startswith(f"layer3.{index}.")]
        assert len(names) >= 18
        for name in names:
            suffix = name.removeprefix(f"layer3.{index}.")
            wanted = fresh[name] if block.id == new else state[before[block.id] + suffix]
            assert torch.equal(made[name], wanted), name
    # What matching by names and shapes would have done: every name fits, and these belong to another block.
    by_name = [name for name in state if name in made and state[name].shape == made[name].shape]
    assert len(by_name) == 320
    wrong = [
        name
        for name in by_name
        if name.startswith("layer3.")
        and before.get(target.stages[2].blocks[int(name.split(".")[1])].id) != f"layer3.{name.split('.')[1]}."
    ]
    assert len(wrong) == misplaced


def test_swapped_blocks_keep_their_own_weights() -> None:
    origin = preset("resnet34")
    target = edits.move_blocks(origin, {"s3b3"}, 2, 5)
    old, _, made, report = carried(origin, target)
    assert report.count(Way.FRESH) == 0
    assert [block.id for block in target.stages[2].blocks][2:5] == ["s3b4", "s3b5", "s3b3"]
    for now, then in ((2, 3), (3, 4), (4, 2), (5, 5)):
        assert torch.equal(made[f"layer3.{now}.conv1.weight"], old[f"layer3.{then}.conv1.weight"])


def test_what_a_deleted_block_held_is_named() -> None:
    origin = preset("resnet18")
    target = edits.remove_blocks(origin, {"s2b2"})
    _, _, _, report = carried(origin, target)
    assert report.count(Way.FRESH) == 0
    assert set(report.unused) == {name for name in state_of(origin) if name.startswith("layer2.1.")}


def test_another_number_of_classes_makes_the_classifier_fresh_and_nothing_else() -> None:
    origin = preset("resnet18")
    assert origin.head is not None
    target = edits.set_head(origin, head=replace(origin.head, classes=10))
    _, fresh, made, report = carried(origin, target, slices=True)
    assert [fate.name for fate in report.fates() if fate.way is not Way.CARRIED] == ["fc.weight", "fc.bias"]
    assert {fate.reason for fate in report.fates() if fate.way is Way.FRESH} == {"1000 → 10 classes"}
    assert torch.equal(made["fc.weight"], fresh["fc.weight"])
    assert not report.offered


def test_changed_channels_are_sliced_only_when_that_is_allowed() -> None:
    origin = preset("resnet50")
    target = edits.change_blocks(origin, {"s2b2"}, width=160)
    _, _, _, offered = carried(origin, target)
    assert (offered.count(Way.SLICED), offered.offered) == (0, 11)
    old, fresh, made, report = carried(origin, target, slices=True)
    assert (report.count(Way.SLICED), report.count(Way.FRESH), report.offered) == (11, 0, 0)
    assert places(report, Way.SLICED) == {"Stage 2, block 2"}
    name = "layer2.1.conv2.weight"
    assert torch.equal(made[name][:128, :128], old[name])
    assert torch.equal(made[name][128:], fresh[name][128:])
    assert torch.equal(made[name][:128, 128:], fresh[name][:128, 128:])
    narrow = edits.change_blocks(origin, {"s2b2"}, width=96)
    old, _, made, _ = carried(origin, narrow, slices=True)
    assert torch.equal(made[name], old[name][:96, :96])


def test_colour_kernels_are_summed_for_grey_images() -> None:
    origin = preset("resnet18")
    target = replace(origin, input=replace(origin.input, channels=1))
    old, fresh, made, report = carried(origin, target)
    assert torch.equal(made["conv1.weight"], fresh["conv1.weight"])
    assert report.offered == 1
    old, _, made, report = carried(origin, target, slices=True)
    assert report.kept == report.numbers
    colour, grey = build(origin), build(target)
    old = build(origin).state_dict()
    made, _ = carry(origin, target, old, fresh=grey.state_dict(), slices=True)
    colour.load_state_dict(old)
    grey.load_state_dict(made)
    image = torch.rand(1, 1, 64, 64)
    with torch.no_grad():
        assert torch.allclose(grey.eval()(image), colour.eval()(image.expand(1, 3, 64, 64)), atol=1e-4)


def test_grouped_convolutions_are_never_sliced_across_their_groups() -> None:
    origin = preset("resnext50_32x4d")
    wider = edits.change_blocks(origin, {"s1b2"}, width=256)
    _, _, _, report = carried(origin, wider, slices=True)
    fates = {fate.name: fate for fate in report.fates()}
    assert fates["layer1.1.conv2.weight"].way is Way.FRESH
    assert fates["layer1.1.conv2.weight"].reason == "the groups hold other channels"
    more = edits.change_blocks(origin, {"s1b2"}, width=256, groups=64)
    old, _, made, report = carried(origin, more, slices=True)
    assert {fate.name: fate for fate in report.fates()}["layer1.1.conv2.weight"].way is Way.SLICED
    assert torch.equal(made["layer1.1.conv2.weight"][:128], old["layer1.1.conv2.weight"])


def test_a_norm_is_followed_by_what_it_normalises_and_not_by_its_number() -> None:
    """Full pre-activation: bn2 stands behind conv1, where the original order had bn1; bn1 is another norm."""
    origin = preset("resnet18")
    target = edits.change_blocks(origin, {"s1b2"}, order=Order.FULL_PREACT)
    old, fresh, made, report = carried(origin, target)
    assert torch.equal(made["layer1.1.bn2.weight"], old["layer1.1.bn1.weight"])
    assert torch.equal(made["layer1.1.bn1.weight"], fresh["layer1.1.bn1.weight"])
    assert torch.equal(made["layer1.1.conv2.weight"], old["layer1.1.conv2.weight"])
    assert "layer1.1.bn2.weight" in report.unused


def test_another_kind_of_block_keeps_only_what_means_the_same() -> None:
    origin = preset("resnet50")
    target = edits.change_blocks(origin, {"s1b2"}, kind=BlockKind.RESIDUAL, channels=256, width=64)
    _, _, _, report = carried(origin, target)
    assert places(report, Way.FRESH) == {"Stage 1, block 2"}
    block = next(unit for unit in report.units if unit.id == "s1b2")
    assert block.count(Way.CARRIED) == 0


def test_another_norm_kernel_or_shortcut() -> None:
    origin = preset("resnet50")
    grouped = edits.change_blocks(origin, {"s1b2"}, norm=Norm.GROUP)
    _, _, _, report = carried(origin, grouped)
    block = next(unit for unit in report.units if unit.id == "s1b2")
    assert {fate.reason for fate in block.fates if fate.way is Way.FRESH} == {"another norm"}
    assert block.count(Way.CARRIED) == 3
    large = edits.change_blocks(origin, {"s1b2"}, kernel=5)
    _, _, _, report = carried(origin, large, slices=True)
    assert [f.reason for f in report.fates() if f.way is Way.FRESH] == ["kernel 3 → 5"]
    pooled = edits.change_blocks(origin, {"s2b1"}, shortcut=ShortcutKind.POOL_PROJECTION)
    old, _, made, report = carried(origin, pooled)
    assert report.count(Way.FRESH) == 0
    assert torch.equal(made["layer2.0.downsample.1.weight"], old["layer2.0.downsample.0.weight"])


def test_the_share_is_never_rounded_up_to_all() -> None:
    origin = preset("resnet152")
    assert origin.head is not None
    report = compare(
        origin, origin, {name: s for name, s in shapes(state_of(origin)).items() if name != "fc.bias"}
    )
    assert report.kept == report.numbers - 1000
    assert "99.9 % of the numbers" in report.text


@settings(max_examples=20)
@given(design=designs(), data=st.data())
def test_random_drawings_keep_every_old_block_through_random_edits(
    design: Design, data: st.DataObject
) -> None:
    old, fresh, made, report = carried(design, design)
    assert all(torch.equal(made[name], old[name]) for name in old)
    assert report.count(Way.CARRIED) == len(old)
    blocks = [block.id for block in design.blocks()]
    chosen = data.draw(st.sampled_from(blocks))
    stage, position = design.find(chosen) or (0, 0)
    spec = edits.as_follower(design.stages[stage].blocks[position].spec)
    target, new = edits.insert_spec(design, stage, position + 1, spec)
    if compare_is_refused(target):
        return
    old, fresh, made, report = carried(design, target)
    for unit in report.units:
        assert (unit.count(Way.FRESH) > 0) <= (unit.id == new), unit
    assert all(
        torch.equal(made[fate.name], old[fate.source] if fate.source else fresh[fate.name])
        for fate in report.fates()
    )


def compare_is_refused(design: Design) -> bool:
    from resnet_studio.analysis.plan import analyse

    return bool(analyse(design).problems)
