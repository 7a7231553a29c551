"""What the inspector reads and writes, as pure functions: every value that it can write is one that a file can hold."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.analysis.plan import HEAD, STEM, analyse
from resnet_studio.design import limits
from resnet_studio.design.files import dumps, loads
from resnet_studio.design.presets import PRESETS, preset
from resnet_studio.design.types import Activation, BlockKind, Order, ShortcutKind, StemKind
from resnet_studio.ui.inspector.block_subjects import Blocks, StageSubject, with_field
from resnet_studio.ui.inspector.fields import Control, Field
from resnet_studio.ui.inspector.learn import lesson
from resnet_studio.ui.inspector.other_subjects import DesignSubject
from resnet_studio.ui.inspector.picture_layout import arrange
from resnet_studio.ui.inspector.subject import Subject
from resnet_studio.ui.inspector.subjects import refusal, subject_of
from resnet_studio.ui.widgets.formula import NotANumberError, parse
from tests.design.drawings import designs, specs


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
    from resnet_studio.analysis.parts import block_part

    part = block_part(spec, (64, 32, 32))
    cells = arrange(part, width)
    shown = [layer for cell in cells for layer in (cell.inner or (cell.layer,))]
    assert shown == [*part.pre, *part.body, *([part.add] if part.add is not None else []), *part.after]
    assert all(a.right < b.left for a, b in pairwise(cells))
    assert cells[-1].right <= width


def test_formulas() -> None:
    assert [parse(t) for t in ("64*4", "64×4", "(32+32)*4", " 65 536 ", "2\u2009048", "256/4", "10 - 3")] == [
        256, 256, 256, 65_536, 2_048, 64, 7,
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
