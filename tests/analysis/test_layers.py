"""Shapes and counts of single layers against slow, obvious oracles: walking the windows, counting the products."""

from itertools import product

from hypothesis import assume, given
from hypothesis import strategies as st

from resnet_studio.analysis import layers as make
from resnet_studio.analysis.layers import LayerKind
from resnet_studio.analysis.parts import block_part, stem_part
from resnet_studio.design.types import BlockKind, BlockSpec, Order, ShortcutKind, Stem
from tests.design.drawings import specs

sizes = st.integers(1, 40)
odd = st.integers(0, 7).map(lambda half: 2 * half + 1)


def _windows(size: int, *, kernel: int, stride: int, padding: int) -> int:
    """How many windows fit when one lays them on the padded axis, one after the other."""
    padded = size + 2 * padding
    return sum(1 for start in range(0, padded, stride) if start + kernel <= padded)


@given(sizes, sizes, odd, st.integers(1, 8))
def test_a_convolution_has_as_many_outputs_as_windows_fit(
    height: int, width: int, kernel: int, stride: int
) -> None:
    layer = make.conv("c", (3, height, width), 5, kernel=kernel, stride=stride)
    expected = [_windows(size, kernel=kernel, stride=stride, padding=kernel // 2) for size in (height, width)]
    assert layer.output == (5, *expected)


@given(sizes, sizes)
def test_the_max_pool_too(height: int, width: int) -> None:
    expected = [_windows(size, kernel=3, stride=2, padding=1) for size in (height, width)]
    assert make.max_pool("p", (4, height, width)).output == (4, *expected)


@given(sizes, st.integers(2, 8))
def test_pooling_and_padding_shortcuts_meet_the_convolution(size: int, stride: int) -> None:
    """Whatever the size, the shortcut ends in the shape of the residual branch: a 3x3, or a 1x1, with that stride."""
    shape = (8, size, size)
    branch = make.conv("c", shape, 8, kernel=3, stride=stride).output
    assert make.conv("c", shape, 8, kernel=1, stride=stride).output == branch
    assert make.zero_pad("z", shape, 8, stride=stride).output == branch
    assert make.avg_pool("a", shape, stride=stride).output == branch


def test_multiply_adds_are_the_products_that_are_summed() -> None:
    """Counted one by one, over every output, group and tap, padding included as the papers do."""
    for channels, groups, kernel, stride in ((4, 1, 3, 1), (4, 2, 3, 2), (6, 3, 1, 1), (8, 8, 5, 2)):
        layer = make.conv("c", (channels, 7, 6), 2 * channels, kernel=kernel, stride=stride, groups=groups)
        out, height, width = layer.output
        taps = product(range(channels // groups), range(kernel), range(kernel))
        per_output = sum(1 for _ in taps)
        assert layer.params == per_output * out
        assert layer.macs == sum(1 for _ in product(range(out), range(height), range(width))) * per_output
        assert layer.flops == 2 * layer.macs


def test_the_classifier_and_the_norm() -> None:
    layer = make.linear("fc", 512, 10)
    assert (layer.params, layer.macs, layer.torchinfo_macs) == (5130, 5120, 5130)
    norm = make.norm("bn", (64, 9, 9))
    assert (norm.params, norm.macs, norm.torchinfo_macs) == (128, 0, 128)


def test_groups_that_do_not_divide_count_nothing_and_say_so() -> None:
    layer = make.conv("c", (6, 4, 4), 8, kernel=3, groups=4)
    assert not layer.sound
    assert (layer.params, layer.macs) == (0, 0)
    assert layer.output == (8, 4, 4)


@given(specs, st.integers(1, 64), sizes, sizes)
def test_a_block_is_a_chain(spec: BlockSpec, channels: int, height: int, width: int) -> None:
    """Each row gets what the row before it gives, but for the attention's, which stand aside; the sums are the rows' sums."""
    shape = (channels, height, width)
    part = block_part(spec, shape)
    here = shape
    for row in part.pre + part.body:
        if not row.aside:
            assert row.input == here
            here = row.output
        elif row.kind is LayerKind.SCALE:
            assert row.input == row.output == here
    assert part.output == here
    assert part.output[0] == spec.channels
    start = part.pre[-1].output if part.shortcut_from_pre else shape
    for row in part.shortcut:
        assert row.input == start
        start = row.output
    for row in part.after:
        assert row.input == row.output == part.output
    rows = part.layers()
    assert part.params == sum(row.params for row in rows)
    assert part.macs == sum(row.macs for row in rows)
    assert len({row.name for row in rows}) == len(rows)
    assert (part.add is None) == (spec.shortcut is ShortcutKind.NONE)


@given(specs, st.integers(1, 64), sizes)
def test_no_fault_means_that_both_sides_of_the_addition_agree(
    spec: BlockSpec, channels: int, size: int
) -> None:
    shape = (channels, size, size)
    part = block_part(spec, shape)
    arriving = part.shortcut[-1].output if part.shortcut else shape
    agree = part.add is None or arriving == part.output
    assert agree or any(fault.code == "shortcut" for fault in part.faults)
    if all(row.sound for row in part.layers()) and agree:
        assert not any(fault.code == "groups" for fault in part.faults)


@given(specs, st.integers(1, 64), sizes)
def test_groups_are_a_fault_exactly_where_a_convolution_cannot_be_built(
    spec: BlockSpec, channels: int, size: int
) -> None:
    part = block_part(spec, (channels, size, size))
    broken = any(not row.sound for row in part.body if row.kind is LayerKind.CONV)
    assert broken == any(fault.code == "groups" for fault in part.faults)


@given(st.integers(1, 8), st.booleans(), sizes)
def test_grouping_divides_parameters_and_multiply_adds(exponent: int, strided: bool, size: int) -> None:
    groups = 2 ** (exponent % 6)
    stride = 2 if strided else 1
    assume(size > 1)
    plain = make.conv("c", (64, size, size), 64, kernel=3, stride=stride)
    grouped = make.conv("c", (64, size, size), 64, kernel=3, stride=stride, groups=groups)
    assert plain.params == groups * grouped.params
    assert plain.macs == groups * grouped.macs


def test_stem_rows_have_torchvisions_names() -> None:
    part = stem_part(Stem(), (3, 224, 224))
    assert [row.name for row in part.body] == ["conv1", "bn1", "relu", "maxpool"]
    assert part.output == (64, 56, 56)
    bare = stem_part(Stem(channels=16, kernel=3, stride=1, pool=False, activate=False), (3, 32, 32))
    assert [row.name for row in bare.body] == ["conv1"]


ORDERS = {
    Order.ORIGINAL: ("", "conv bn relu conv bn", "relu"),
    Order.BN_AFTER_ADD: ("", "conv bn relu conv", "bn relu"),
    Order.RELU_BEFORE_ADD: ("", "conv bn relu conv bn relu", ""),
    Order.RELU_ONLY_PREACT: ("relu", "conv bn relu conv bn", ""),
    Order.FULL_PREACT: ("bn relu", "conv bn relu conv", ""),
    Order.NO_FINAL_RELU: ("", "conv bn relu conv bn", ""),
}
_WORDS = {LayerKind.CONV: "conv", LayerKind.NORM: "bn", LayerKind.ACTIVATION: "relu"}


def _words(rows: tuple[make.Layer, ...]) -> str:
    return " ".join(_WORDS[row.kind] for row in rows)


def test_orders_are_the_papers_figure_4() -> None:
    for order, expected in ORDERS.items():
        spec = BlockSpec(kind=BlockKind.RESIDUAL, channels=16, width=16, order=order)
        part = block_part(spec, (16, 8, 8))
        assert (_words(part.pre), _words(part.body), _words(part.after)) == expected
    assert set(ORDERS) == set(Order)


def test_where_the_shape_changes_a_preactivation_block_projects_the_activated_input() -> None:
    """He et al. 2016, section 4.1 and their code: the first norm and activation serve both paths there."""
    spec = BlockSpec(
        kind=BlockKind.RESIDUAL, channels=32, width=32, stride=2, order=Order.FULL_PREACT, shortcut=ShortcutKind.PROJECTION
    )  # fmt: skip
    part = block_part(spec, (16, 8, 8))
    assert part.shortcut_from_pre
    assert _words(part.shortcut) == "conv"  # the sum stays untouched: no norm on the way
    same = block_part(
        BlockSpec(kind=BlockKind.RESIDUAL, channels=16, width=16, order=Order.FULL_PREACT), (16, 8, 8)
    )
    assert not same.shortcut_from_pre


def test_an_original_projection_is_normalised_and_its_names_are_torchvisions() -> None:
    spec = BlockSpec(kind=BlockKind.BOTTLENECK, channels=256, width=64, shortcut=ShortcutKind.PROJECTION)
    part = block_part(spec, (64, 56, 56))
    assert [row.name for row in part.shortcut] == ["downsample.0", "downsample.1"]
    assert [row.name for row in part.body if row.params] == ["conv1", "bn1", "conv2", "bn2", "conv3", "bn3"]


def test_a_pool_projection_pools_before_its_convolution() -> None:
    spec = BlockSpec(
        kind=BlockKind.BOTTLENECK, channels=512, width=128, stride=2, shortcut=ShortcutKind.POOL_PROJECTION
    )
    part = block_part(spec, (256, 57, 57))
    assert [row.kind for row in part.shortcut] == [LayerKind.AVG_POOL, LayerKind.CONV, LayerKind.NORM]
    assert part.shortcut[1].stride == 1
    assert part.shortcut[-1].output == part.output


def test_where_a_bottleneck_strides() -> None:
    for first, strides in ((False, [1, 2, 1]), (True, [2, 1, 1])):
        spec = BlockSpec(
            kind=BlockKind.BOTTLENECK, channels=512, width=128, stride=2, stride_first=first,
            shortcut=ShortcutKind.PROJECTION,
        )  # fmt: skip
        body = block_part(spec, (256, 56, 56)).body
        assert [row.stride for row in body if row.kind is LayerKind.CONV] == strides
