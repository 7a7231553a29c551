"""Families: every listed preset is the member its name says, limits are kept, and what is refused is refused with a way out."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.design import limits
from resnet_studio.design.errors import StudioError
from resnet_studio.design.files import dumps, loads
from resnet_studio.design.presets import FAMILIES, PRESETS, Family, Value, cifar_resnet, find, preset

# What the issue and the papers ask for by name.
ASKED = [
    "resnet18",
    "resnet34",
    "resnet50",
    "resnet101",
    "resnet152",
    "resnext50_32x4d",
    "resnext101_32x8d",
    "resnext101_64x4d",
    "wide_resnet50_2",
    "wide_resnet101_2",
    "cifar_resnet20",
    "cifar_resnet32",
    "cifar_resnet44",
    "cifar_resnet56",
    "cifar_resnet110",
    "cifar_resnet1202",
    "cifar_preact_resnet110",
    "cifar_preact_resnet164_bottleneck",
    "cifar_preact_resnet1001_bottleneck",
    "cifar_resnet164_bottleneck",
    "wrn_16_8",
    "wrn_28_10",
    "wrn_40_4",
    "cifar_resnext29_8x64d",
    "cifar_resnext29_16x64d",
    "plain18",
    "plain34",
    "resnet50_v1",
    "resnet101_v1",
    "resnet152_v1",
    "resnet18_v1",
    "resnet34_v1",
    "resnet50c",
    "resnet50d",
    "seresnet50",
    "resnet50_shortcut_c",
    "resnext50_2x40d",
    "resnext50_4x24d",
    "resnext50_8x14d",
    "resnext50_32x4d",
]


def test_everything_that_is_asked_for_is_listed() -> None:
    assert set(ASKED) <= set(PRESETS)
    assert "wrn_22_3" not in PRESETS
    assert preset("wrn_22_3").name == "WRN-22-3"


@pytest.mark.parametrize("name", PRESETS)
def test_a_listed_preset_is_the_member_of_its_name(name: str) -> None:
    entry = PRESETS[name]
    assert entry.name == name
    assert entry.make() == preset(name) == loads(dumps(entry.make()))
    assert entry.make().name == entry.title
    assert len(entry.title) <= limits.MAX_NAME
    if entry.family:
        values = FAMILIES[entry.family].parse(name)
        assert values is not None
        assert FAMILIES[entry.family].preset(values).called == entry.called
        assert all(other.parse(name) is None for other in FAMILIES.values() if other.name != entry.family)


def test_no_two_presets_share_title_or_drawing() -> None:
    assert len({entry.title for entry in PRESETS.values()}) == len(PRESETS)
    assert len({entry.draw() for entry in PRESETS.values()}) == len(PRESETS)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("cifar_resnet21", "Take 20 or 26."),
        ("cifar_resnet2", "Take one from 8 to 4094."),
        ("cifar_resnet4100", "Take one from 8 to 4094."),
        ("cifar_resnet163_bottleneck", "Take 155 or 164."),
        ("wrn_27_10", "Take 22 or 28."),
        ("wrn_28_0", "Take one from 1 to 128."),
        ("wrn_28_10_dropout95", "Take one from 0 to 90."),
        ("resnet51", "Take one of 18, 34, 50, 101, 152."),
        ("resnext50_512x64d", "Take at most 8\u202f192 in all."),
        ("resnet50_w0", "Take one from 1 to 1024."),
        ("cifar_resnet0000020", None),
    ],
)
def test_a_member_that_does_not_exist_is_refused_with_a_way_out(name: str, said: str | None) -> None:
    with pytest.raises(StudioError) as told:
        preset(name)
    assert said is None or told.value.remedy == said


@pytest.mark.parametrize(
    "name", ["nope", "", "resnet", "RESNET50", "resnet50 ", "wrn_٢٨_10", "resnet" + "1" * 5000, "a\nb"]
)
def test_what_is_no_name_is_refused_as_such(name: str) -> None:
    assert find(name) is None
    with pytest.raises(StudioError, match="No preset is called"):
        preset(name)


def test_the_functions_that_make_one_family() -> None:
    assert cifar_resnet(20) == preset("cifar_resnet20")
    with pytest.raises(StudioError, match=r"6n\+2"):
        cifar_resnet(21)


@pytest.mark.parametrize("family", FAMILIES.values(), ids=list(FAMILIES))
def test_a_family_describes_itself(family: Family) -> None:
    assert family.fault(family.defaults()) is None
    assert re.fullmatch(family.pattern, family.preset(family.defaults()).name)
    for parameter in family.parameters:
        assert parameter.label
        assert parameter.meaning
        for end in () if parameter.choices else (parameter.low, parameter.high):
            assert parameter.fault(end) is None
        if not parameter.choices:
            assert parameter.fault(parameter.low - 1) is not None
            assert parameter.fault(parameter.high + 1) is not None
            assert bool(parameter.rule) == (parameter.step > 1)


@given(data=st.data(), family=st.sampled_from(list(FAMILIES.values())))
def test_every_member_can_be_written_and_read_within_the_limits(data: st.DataObject, family: Family) -> None:
    values: dict[str, Value] = {}
    for parameter in family.parameters:
        if parameter.choices:
            values[parameter.name] = data.draw(st.sampled_from([value for value, _ in parameter.choices]))
        else:
            most = (parameter.high - parameter.low) // parameter.step
            values[parameter.name] = parameter.low + parameter.step * data.draw(st.integers(0, most))
    fault = family.fault(values)
    if fault is not None:
        assert fault.remedy
        return
    member = family.preset(values)
    outline = member.draw()
    assert outline.blocks() <= limits.MAX_BLOCKS
    widest = max(max(run.spec.channels, run.spec.width) for lane in outline.lanes for run in lane)
    assert widest <= limits.MAX_CHANNELS
    assert len(member.title) <= limits.MAX_NAME
    assert family.parse(member.name) == values
    if outline.blocks() < 100:
        assert loads(dumps(member.make())) == member.make()
