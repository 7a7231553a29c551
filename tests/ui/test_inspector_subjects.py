"""What the inspector reads and writes, as pure functions: every value that it can write is one that a file can hold."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.analysis.layers import LayerKind
from resnet_studio.analysis.parts import block_part, stem_part
from resnet_studio.analysis.plan import HEAD, STEM, analyse
from resnet_studio.design import edits, limits
from resnet_studio.design.edits import make_spec
from resnet_studio.design.files import dumps, loads
from resnet_studio.design.presets import PRESETS, preset
from resnet_studio.design.types import (
    Activation,
    Attention,
    Block,
    BlockKind,
    Design,
    Norm,
    Order,
    ShortcutKind,
    Stage,
    StemKind,
)
from resnet_studio.ui.inspector.block_subjects import Blocks, StageSubject, with_field
from resnet_studio.ui.inspector.field import Control, Field, Section
from resnet_studio.ui.inspector.learn import lesson
from resnet_studio.ui.inspector.other_subjects import DesignSubject, StemSubject
from resnet_studio.ui.inspector.picture_layout import arrange, attention_words, spoken
from resnet_studio.ui.inspector.special import section_words
from resnet_studio.ui.inspector.subject import Subject
from resnet_studio.ui.inspector.subjects import refusal, subject_of
from resnet_studio.ui.layer_words import box_words
from resnet_studio.ui.widgets.formula import NotANumberError, parse, parse_rate
from tests.design.drawings import designs, specs, stems


def values(field: Field) -> st.SearchStrategy[object]:
    if field.control is Control.NUMBER:
        low = field.low // 2 if field.odd else field.low
        numbers = st.integers(low, field.high // (2 if field.odd else 1) - field.odd)
        return numbers.map(lambda n: 2 * n + 1) if field.odd else numbers
    if field.control is Control.RATE:
        return st.floats(0, limits.MAX_RATE)
    if field.control is Control.FLAG:
        return st.booleans()
    if field.control is Control.TEXT:
        return st.sampled_from(["a", "Überblick", "x" * 64])
    return st.sampled_from([choice[0] for choice in field.choices])


@st.composite
def written(draw: st.DrawFn) -> tuple[object, Subject, str, object]:
    design = draw(designs(min_stages=1))
    known = [STEM, HEAD] + [s.id for s in design.stages] + [b.id for b in design.blocks()]
    subject = subject_of(analyse(design), draw(st.lists(st.sampled_from(known), max_size=4)))
    field = draw(st.sampled_from(subject.fields))
    return design, subject, field.name, draw(values(field))


@given(written())
def test_what_is_written_can_be_saved_or_is_refused_in_words(case) -> None:  # type: ignore[no-untyped-def]
    design, subject, name, value = case
    applies = name in subject.read(analyse(design))
    if not applies:
        return
    if subject.fault(design, name, value):
        return
    after = subject.write(design, name, value)
    if refusal(after):
        return
    assert loads(dumps(after)) == after
    reading = subject.read(analyse(after)).get(name)
    assert reading is not None
    if (
        isinstance(subject, StageSubject)
        and name not in ("name", "count")
        and not subject.units(analyse(after))
    ):
        return
    assert reading.value == value


@given(specs, st.integers(1, 64), st.integers(1, 64))
def test_cardinality_keeps_the_width_of_a_path(spec, groups: int, width: int) -> None:  # type: ignore[no-untyped-def]
    start = with_field(with_field(spec, "groups", groups), "group_width", width)
    after = with_field(start, "cardinality", 2 * groups)
    assert (after.width, after.groups) == (2 * groups * width, 2 * groups)


def test_several_blocks_show_what_they_share() -> None:
    design = preset("resnet50")
    read = Blocks(("s1b1", "s2b1", "s2b2")).read(analyse(design))
    assert read["kind"].value is BlockKind.BOTTLENECK
    assert read["channels"].value is None
    assert read["groups"].value == 1
    assert read["order"].value is Order.ORIGINAL


def test_fields_follow_the_kind() -> None:
    plan = analyse(preset("resnext50_32x4d"))
    read = Blocks(("s2b1",)).read(plan)
    assert (read["cardinality"].value, read["group_width"].value) == (32, 8)
    assert read["group_width"].hint == "→ 256"
    assert {"groups", "width"}.isdisjoint(read)
    assert "stride_first" not in Blocks(("s1b1",)).read(analyse(preset("resnet18")))


def test_depth_is_counted_as_in_the_papers() -> None:
    for name, entry in PRESETS.items():
        digits = "".join(c if c.isdigit() else " " for c in name.removeprefix("cifar_")).split()
        if name.startswith(("resnet", "resnext", "cifar")) and entry.make().stem.kind is StemKind.PLAIN:
            assert f"{digits[0]} layers deep" in DesignSubject().heading(analyse(entry.make()))[1], name


def test_a_stage_grows_by_followers_and_shrinks_from_its_end() -> None:
    design = preset("resnet50")
    subject = StageSubject("s2")
    longer = subject.write(design, "count", 7)
    assert [b.id for b in longer.stages[1].blocks[:4]] == ["s2b1", "s2b2", "s2b3", "s2b4"]
    assert not analyse(longer).problems
    assert subject.write(longer, "count", 4) == design
    assert not analyse(subject.write(design, "count", 1)).problems


def test_a_selection_names_its_subject() -> None:
    plan = analyse(preset("resnet50"))
    assert subject_of(plan, ()).heading(plan)[0] == "ResNet-50"
    assert subject_of(plan, (STEM,)).heading(plan)[0] == "Stem"
    assert subject_of(plan, (HEAD,)).heading(plan)[0] == "Head"
    assert subject_of(plan, ("s2",)).heading(plan) == ("Stage 2", "4 blocks · layer2")
    assert subject_of(plan, ("s2", "s2b1")).heading(plan)[0] == "Stage 2"
    assert subject_of(plan, ("s2b1",)).heading(plan) == ("Bottleneck block", "Stage 2, block 1 · layer2.0")
    assert subject_of(plan, ("s2", "s3")).heading(plan) == ("10 bottleneck blocks", "layer2.0 to layer3.5")


@given(specs, st.sampled_from(["", "kind", "order", "shortcut", "stride"]))
def test_every_choice_has_a_lesson_with_its_source(spec, topic: str) -> None:  # type: ignore[no-untyped-def]
    found = lesson(spec, topic)
    assert 40 < len(found.text) < 240
    assert found.address.startswith("arxiv.org/abs/")
    assert found.source


@given(specs, st.integers(240, 600))
def test_the_picture_keeps_the_order_of_the_layers_and_overlaps_nothing(spec, width: int) -> None:  # type: ignore[no-untyped-def]
    part = block_part(spec, (64, 32, 32))
    cells = arrange(part, width)
    shown = [layer for cell in cells for layer in (cell.inner or (cell.layer,))]
    assert shown == [*part.pre, *part.body, *([part.add] if part.add is not None else []), *part.after]
    assert all(a.right < b.left for a, b in pairwise(cells))
    assert cells[-1].right <= width


HIDDEN = {
    "dilation": st.integers(1, 8),
    "norm_groups": st.integers(1, 8),
    "reduction": st.integers(1, 64),
    "stride_first": st.booleans(),
}


@given(specs, st.data())
def test_a_field_of_a_block_that_is_hidden_changes_nothing(spec, data: st.DataObject) -> None:  # type: ignore[no-untyped-def]
    design = Design(stages=(Stage(id="s", name="Stage 1", blocks=(Block("b", spec),)),))
    shown = Blocks(("b",)).read(analyse(design))
    for name, others in HIDDEN.items():
        if name not in shown:
            other = replace(spec, **{name: data.draw(others, label=name)})
            assert block_part(other, (64, 32, 32)).layers() == block_part(spec, (64, 32, 32)).layers(), name
    # Zero-init silences a branch, which a block without a shortcut cannot do without (engine/build.py).
    assert ("zero_init" in shown) == (spec.shortcut is not ShortcutKind.NONE)
    if "drop_path" not in shown:
        assert not any(row.kind is LayerKind.DROP_PATH for row in block_part(spec, (64, 32, 32)).layers())


@given(stems, st.sampled_from(["kernel", "norm_groups", "activation"]), st.data())
def test_a_field_of_the_stem_that_is_hidden_changes_nothing(stem, name: str, data: st.DataObject) -> None:  # type: ignore[no-untyped-def]
    design = Design(stem=stem)
    if name in StemSubject().read(analyse(design)):
        return
    other = data.draw(
        {
            "kernel": st.sampled_from([1, 3, 5]),
            "norm_groups": st.integers(1, 8),
            "activation": st.sampled_from(Activation),
        }[name]
    )
    changed = replace(stem, **{name: other})
    assert stem_part(changed, (3, 32, 32)).layers() == stem_part(stem, (3, 32, 32)).layers()


def test_expansion_sets_the_inner_width_and_must_divide() -> None:
    design, subject = preset("resnet50"), Blocks(("s2b1", "s2b2"))
    assert subject.read(analyse(design))["expansion"].value == 4
    assert {spec.width for spec in subject._specs(subject.write(design, "expansion", 2))} == {256}
    assert subject.fault(design, "expansion", 2) == ""
    assert subject.fault(design, "expansion", 3) == "512 channels do not divide by 3"
    assert "expansion" not in Blocks(("s2b1",)).read(analyse(preset("resnet18")))
    assert "expansion" not in Blocks(("s2b1",)).read(analyse(preset("resnext50_32x4d")))


def test_a_section_says_what_stands_in_it() -> None:
    design = preset("resnet50")

    def words(**fields: object) -> list[tuple[str, bool]]:
        changed = edits.change_blocks(design, ["s2b2", "s2b3"], **fields)
        read = Blocks(("s2b2", "s2b3")).read(analyse(changed))
        found = {section: {} for section in Section if section}
        for field in Blocks.fields:
            if field.section and field.name in read:
                found[field.section][field.name] = read[field.name]
        return [section_words(section, readings) for section, readings in found.items()]

    assert words() == [("3×3", False), ("batch norm", False), ("none", False), ("none", False)]
    assert words(
        kernel=5, dilation=2, groups=4, norm=Norm.GROUP, zero_init=True, attention=Attention.SE, dropout=0.3, drop_path=0.1
    ) == [
        ("5×5, dilation 2, 4 groups", True),
        ("group norm, 32, zero-init", True),
        ("SE, r 16", True),
        ("dropout 0.3, drop path 0.1", True),
    ]  # fmt: skip
    one = edits.change_blocks(design, ["s2b2"], attention=Attention.ECA, drop_path=0.5)
    read = Blocks(("s2b2", "s2b3")).read(analyse(one))
    assert section_words(Section.ATTENTION, {"attention": read["attention"]}) == ("mixed", True)
    assert section_words(Section.DROPPING, {"drop_path": read["drop_path"]}) == ("drop path 0–0.5", True)
    assert (read["drop_path"].value, read["drop_path"].placeholder) == (None, "0–0.5")


@pytest.mark.parametrize("attention", [Attention.SE, Attention.ECA, Attention.CBAM])
def test_the_picture_tells_every_layer_of_the_attention(attention: Attention) -> None:
    spec = replace(
        make_spec(BlockKind.BOTTLENECK, 64), attention=attention, drop_path=0.1, dropout=0.2, dilation=2
    )
    part = block_part(spec, (64, 8, 8))
    (times,) = [cell for cell in arrange(part, 246) if cell.inner]
    told = attention_words(spec, times.inner)
    assert all(layer.name in told for layer in part.body if layer.aside)
    said = spoken(part, spec)
    assert f"{attention.name} attention, times" in said
    assert "dropout 0.2" in said
    assert "drop path 0.1" in said
    assert "3×3 to 16 channels dilation 2" in said


def test_a_box_tells_its_channels_whatever_else_it_tells() -> None:
    spec = make_spec(BlockKind.RESNEXT, 512, stride=2)
    part = block_part(spec, (256, 56, 56))
    boxes = [box_words(cell.layer) for cell in arrange(part, 246) if cell.is_box]
    assert boxes == [("1×1", ("256",)), ("3×3", ("256", "/2", "g32")), ("1×1", ("512",))]
    assert "3×3 to 256 channels stride 2 32 groups" in spoken(part, spec)


def test_rates() -> None:
    assert [parse_rate(t) for t in ("0.2", "0,2", " .2 ", "20 %", "20%", "1/5", "0.4/2", "1 - 0.8", "0")] == [
        *[0.2] * 8, 0,
    ]  # fmt: skip
    assert parse_rate("1/3") == 0.3333
    for wrong in ("", "%", "0.2.1", "a", "1/0", "0.1e1", "2**3"):
        with pytest.raises(NotANumberError):
            parse_rate(wrong)


def test_formulas() -> None:
    assert [parse(t) for t in ("64*4", "64×4", "(32+32)*4", " 65 536 ", "2\u2009048", "2\u202f048", "256/4", "9 - 2")] == [
        256, 256, 256, 65_536, 2_048, 2_048, 64, 7,
    ]  # fmt: skip


@given(st.integers(-999, 999), st.integers(1, 999), st.sampled_from("+-*/"))
def test_a_formula_is_exact_or_refused(a: int, b: int, sign: str) -> None:
    exact = {"+": a + b, "-": a - b, "*": a * b, "/": a // b}[sign]
    if sign == "/" and a % b:
        with pytest.raises(NotANumberError, match="does not divide"):
            parse(f"({a}) / {b}")
    else:
        assert parse(f"({a}) {sign} {b}") == exact


@given(st.text(max_size=50).filter(lambda text: not set(text) & set("0123456789")))
def test_a_text_without_digits_is_no_number(text: str) -> None:
    with pytest.raises(NotANumberError):
        parse(text)


@pytest.mark.parametrize(
    "text", ["", "1e3", "2**9", "0x10", "__import__('os')", "9" * 13, "(" * 39, "1/0", "1_000j"]
)
def test_what_is_no_plain_number_is_refused(text: str) -> None:
    with pytest.raises(NotANumberError):
        parse(text)


def test_the_tables_cover_every_choice() -> None:
    choices = {c[0] for field in Blocks.fields for c in field.choices}
    assert choices >= {*BlockKind, *Order, *ShortcutKind, *Activation}
