"""What is written is read back as the same value, and one file of every format is read for ever."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.design.errors import StudioError
from resnet_studio.design.files import FORMAT, dumps, loads, read_design, write_design
from resnet_studio.design.migrations import migrated
from resnet_studio.design.presets import PRESETS, preset
from resnet_studio.design.schema import spec_from, spec_to
from resnet_studio.design.types import (
    Activation,
    Attention,
    Block,
    BlockKind,
    BlockSpec,
    Design,
    Head,
    HeadPool,
    InputSpec,
    Norm,
    Order,
    ShortcutKind,
    Stage,
    Stem,
    StemKind,
)
from tests.design.drawings import designs, specs

GOLDEN = Path(__file__).with_name("golden")


@given(designs())
def test_every_drawing_comes_back_as_it_was(design: Design) -> None:
    assert loads(dumps(design)) == design


@given(designs())
def test_writing_is_canonical(design: Design) -> None:
    text = dumps(design)
    assert dumps(loads(text)) == text
    assert text.endswith("}\n")
    assert json.loads(text)["format"] == FORMAT


@given(specs)
def test_every_spec_crosses_the_clipboard(spec: BlockSpec) -> None:
    assert spec_from(json.loads(json.dumps(spec_to(spec)))) == spec


@given(st.permutations(["format", "name", "input", "stem", "stages", "head"]))
def test_the_order_of_fields_means_nothing(order: list[str]) -> None:
    design = preset("digits_starter")
    value = json.loads(dumps(design))
    assert loads(json.dumps({name: value[name] for name in order})) == design


def test_every_preset_survives_the_disk(tmp_path: Path) -> None:
    for name in PRESETS:
        path = tmp_path / f"{name}.resnet.json"
        write_design(path, preset(name))
        assert read_design(path) == preset(name)


def test_format_1_is_read_for_ever() -> None:
    first = BlockSpec(
        kind=BlockKind.RESNEXT, channels=64, width=32, groups=8, stride=2, stride_first=True,
        order=Order.FULL_PREACT, shortcut=ShortcutKind.POOL_PROJECTION, activation=Activation.GELU, zero_init=True,
    )  # fmt: skip
    second = BlockSpec(kind=BlockKind.RESIDUAL, channels=64, width=64, shortcut=ShortcutKind.NONE)
    third = BlockSpec(kind=BlockKind.BOTTLENECK, channels=64, width=16, order=Order.NO_FINAL_RELU)
    assert read_design(GOLDEN / "format1.resnet.json") == Design(
        name="Gold → 金",
        input=InputSpec(channels=1, height=28, width=32),
        stem=Stem(channels=16, kernel=5, stride=1, pool=True, activate=False, activation=Activation.SILU),
        stages=(
            Stage(
                id="lane-1", name="First", blocks=(Block("a", first), Block("b", second), Block("c", third))
            ),
            Stage(id="lane_2", name="Empty"),
        ),
        head=Head(classes=7, activate=True, activation=Activation.HARDSWISH),
    )


def test_format_2_is_read_for_ever() -> None:
    first = BlockSpec(
        kind=BlockKind.RESNEXT, channels=64, width=32, groups=8, stride=2, stride_first=True, kernel=5, dilation=2,
        order=Order.FULL_PREACT, shortcut=ShortcutKind.POOL_PROJECTION, activation=Activation.GELU, norm=Norm.GROUP,
        norm_groups=8, attention=Attention.CBAM, reduction=4, dropout=0.25, drop_path=0.125, zero_init=True,
    )  # fmt: skip
    second = BlockSpec(kind=BlockKind.RESIDUAL, channels=64, width=64, attention=Attention.SE, norm=Norm.NONE)
    assert read_design(GOLDEN / "format2.resnet.json") == Design(
        name="Gold → 金",
        input=InputSpec(channels=1, height=28, width=32),
        stem=Stem(
            channels=16, kind=StemKind.TIERED, kernel=5, stride=1, pool=True, activate=False, norm=Norm.GROUP,
            norm_groups=4, activation=Activation.SILU,
        ),
        stages=(
            Stage(id="lane-1", name="First", blocks=(Block("a", first), Block("b", second))),
            Stage(id="lane_2", name="Empty"),
        ),
        head=Head(
            classes=7, activate=True, norm=Norm.GROUP, norm_groups=2, activation=Activation.HARDSWISH, pool=HeadPool.MAX,
            dropout=0.5,
        ),
    )  # fmt: skip


@pytest.mark.parametrize("name", ["format1", "format1-headless"])
def test_an_older_format_takes_no_field_of_a_newer_one(name: str) -> None:
    value = json.loads((GOLDEN / f"{name}.resnet.json").read_text(encoding="utf-8"))
    assert migrated(value, 1) == migrated(migrated(value, 1), FORMAT)
    with pytest.raises(StudioError, match="colour"):
        loads(json.dumps(value | {"stem": value["stem"] | {"colour": "red"}}))


def test_format_1_without_a_head_is_read_for_ever() -> None:
    design = read_design(GOLDEN / "format1-headless.resnet.json")
    assert design.head is None
    assert design.stages == ()
