"""What cards say of what later papers added: marks, tooltips, the cards of stem and head; and the table's rows of them."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given

from resnet_studio.analysis.conventions import PAPERS
from resnet_studio.analysis.plan import HEAD, STEM, analyse
from resnet_studio.design import edits
from resnet_studio.design.presets import preset
from resnet_studio.design.types import Attention, Design, Head, HeadPool, Norm, Order, StemKind
from resnet_studio.ui.canvas.facts import block_tip, layer_facts, layer_marks, marks
from resnet_studio.ui.canvas.placing import layout
from resnet_studio.ui.canvas.shapes import Sizes
from resnet_studio.ui.table.rows import layer_cells
from tests.design.drawings import designs, specs


def wrap(text: str, width: float, most: int) -> tuple[str, ...]:
    return tuple(text.split(" ")[:most])


def added(design: Design) -> Design:
    return edits.change_blocks(
        design, ["s2b2"], attention=Attention.SE, norm=Norm.GROUP, kernel=5, dilation=2, dropout=0.3, drop_path=0.0667,
    )  # fmt: skip


def plain(words: str) -> str:
    return words.replace("\u00a0", " ")


@given(specs)
def test_a_card_marks_what_is_unusual_and_nothing_else(spec) -> None:  # type: ignore[no-untyped-def]
    words = plain(marks(spec))
    assert (spec.attention.name in words) == (spec.attention is not Attention.NONE)
    assert ("GN" in words) == (spec.norm is Norm.GROUP)
    assert ("drop" in words) == bool(spec.dropout)
    assert ("path" in words) == bool(spec.drop_path)
    assert (f"{spec.kernel}×{spec.kernel}" in words) == (spec.kernel != 3)


def test_marks_break_only_between_two_of_them() -> None:
    spec = added(preset("resnet50")).block("s2b2").spec  # type: ignore[union-attr]
    assert [plain(line) for line in marks(spec).split(" ")] == [
        "SE ·", "GN 32 ·", "5×5 ·", "dil. 2 ·", "drop 0.3 ·", "path 0.0667",
    ]  # fmt: skip


def test_a_marked_card_is_higher_and_the_lane_has_room_for_it() -> None:
    before = {c.key: c for c in layout(analyse(preset("resnet50")), (), Sizes(), wrap).cards()}
    placed = layout(analyse(added(preset("resnet50"))), (), Sizes(), wrap)
    cards = {card.key: card for card in placed.cards()}
    assert len(cards["s2b2"].marks) == 2
    assert cards["s2b2"].rect.h == before["s2b2"].rect.h + 2 * Sizes().small
    assert cards["s2b1"].marks == ()
    column = [card for card in placed.cards() if card.key.startswith("s2")]
    assert all(a.rect.bottom < b.rect.y for a, b in pairwise(column))


def test_the_tooltip_says_all_of_it_in_full_words() -> None:
    plan = analyse(added(preset("resnet50")))
    unit = next(unit for unit in plan.units if unit.id == "s2b2")
    told = block_tip(unit, plan.design.block("s2b2").spec, 1)  # type: ignore[union-attr]
    for words in (
        "Squeeze-and-excitation, reduction 16", "group norm, 32 groups", "kernel 5×5", "dilation 2", "dropout 0.3",
        "drop path 0.0667",
    ):  # fmt: skip
        assert words in told.splitlines()


def test_stem_and_head_say_their_norm_pool_and_dropout() -> None:
    design = preset("resnet18")
    stem = replace(design.stem, kind=StemKind.DEEP, norm=Norm.GROUP, norm_groups=8)
    head = Head(activate=True, norm=Norm.NONE, pool=HeadPool.MAX, dropout=0.25)
    plan = analyse(replace(design, stem=stem, head=head))
    cards = list(layout(plan, (), Sizes(), wrap).cards())
    convs = [
        c for c in cards if c.ids == (STEM,) and c.layer is not None and c.layer.name.startswith("conv1")
    ]
    assert [plain(card.marks[0]) for card in convs] == ["GN 8"] * 3
    titles = [
        layer_facts(card.layer, by=PAPERS).title for card in cards if card.ids == (HEAD,) and card.layer
    ]
    assert titles == ["Activation", "Max-pool", "Linear"]
    last = plan.units[-1].part
    assert plain(layer_marks(last, last.layers()[-1])) == "drop 0.25"
    bare = analyse(replace(design, stem=replace(design.stem, norm=Norm.NONE))).units[0].part
    assert plain(layer_marks(bare, bare.layers()[0])) == "no norm"


@given(designs())
def test_the_table_has_words_for_every_layer(design: Design) -> None:
    for unit in analyse(design).units:
        for layer in unit.part.layers():
            cells = layer_cells(unit, layer)
            assert cells.name
            assert cells.kind
            assert ("d" in cells.kernel_words) == (layer.dilation > 1)


def test_the_table_tells_norms_pools_and_rates_apart() -> None:
    design = edits.change_blocks(
        added(preset("resnet50")), ["s2b3"], attention=Attention.CBAM, order=Order.FULL_PREACT
    )
    plan = analyse(design)
    cells = {name: layer_cells(unit, layer) for name, layer, unit in plan.layers()}
    found = {
        name.removeprefix("layer2.1."): cell for name, cell in cells.items() if name.startswith("layer2.1.")
    }
    assert (found["bn1"].kind, found["bn1"].groups) == ("Group norm", 32)
    assert found["conv2"].kernel_words == "5×5 d2"
    assert found["drop"].kind == "Dropout 0.3"
    assert found["drop_path"].kind == "Drop path 0.0667"
    assert [found[f"se.{name}"].kind for name in ("avgpool", "fc1", "scale_activation", "scale")] == [
        "Average pool", "Convolution", "Sigmoid", "Multiplication",
    ]  # fmt: skip
    assert cells["layer2.2.se.channel.pool"].kind == "Avg and max"
    assert cells["layer2.2.se.spatial.pool"].kind == "Mean, max"
