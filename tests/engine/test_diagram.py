"""Diagrams: what the SVG says, for ordinary, broken, hostile and very deep drawings."""

import re
import struct
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resnet_studio.analysis.layer_words import kind_words
from resnet_studio.analysis.layers import LayerKind
from resnet_studio.analysis.plan import analyse
from resnet_studio.design import edits
from resnet_studio.design.errors import StudioError
from resnet_studio.design.presets import PRESETS, preset
from resnet_studio.design.schedules import linear_drop_path
from resnet_studio.design.schema_fields import name_fault
from resnet_studio.design.types import (
    Activation,
    Attention,
    Block,
    BlockKind,
    BlockSpec,
    Design,
    Head,
    HeadPool,
    Norm,
    Order,
    ShortcutKind,
    Stage,
    Stem,
    StemKind,
)
from resnet_studio.engine.diagram import Look, draw, render
from resnet_studio.engine.diagram.look import DARK, LIGHT
from resnet_studio.runs.results import Drawn
from tests.engine.drawings import designs, one_block

SVG = "{http://www.w3.org/2000/svg}"


def texts(drawn: Drawn) -> list[str]:
    # Graphviz keeps neighbouring spaces apart by making them no-break ones.
    return [
        "".join(text.itertext()).replace("\u00a0", " ").strip()
        for text in ET.fromstring(drawn["svg"]).iter(f"{SVG}text")
    ]


def edges(drawn: Drawn) -> list[ET.Element]:
    return [g for g in ET.fromstring(drawn["svg"]).iter(f"{SVG}g") if g.get("class") == "edge"]


def dashed(drawn: Drawn) -> int:
    return sum(1 for edge in edges(drawn) if any(path.get("stroke-dasharray") for path in edge))


def plusses(drawn: Drawn) -> int:
    return sum(1 for g in ET.fromstring(drawn["svg"]).iter(f"{SVG}g") if "plus" in g.get("class", "").split())


def test_stages_are_clusters_with_name_resolution_and_channels() -> None:
    drawn = draw(preset("resnet50"))
    said = texts(drawn)
    assert {"Stem", "Head", "Stage 1   56² · 256", "Stage 4   7² · 2048"} <= set(said)
    assert "Bottleneck  ×5" in said
    assert plusses(drawn) == 8
    assert dashed(drawn) == 4  # the followers' identities; the first of each stage projects
    assert said.count("1×1, s2") == 3
    assert said.count("1×1") == 1
    assert drawn["notes"] == []


def test_nodes_name_their_units_and_stand_in_their_boxes() -> None:
    design = preset("resnet18")
    drawn = draw(design)
    units = {unit.id for unit in analyse(design).units}
    assert set(drawn["nodes"].values()) <= units
    assert set().union(*drawn["runs"].values()) == units
    assert drawn["boxes"].keys() == drawn["nodes"].keys()
    ids = {g.get("id") for g in ET.fromstring(drawn["svg"]).iter(f"{SVG}g")}
    assert drawn["nodes"].keys() <= ids
    width, height = drawn["size"]
    boxes = list(drawn["boxes"].values())
    assert all(
        x >= 0 and y >= 0 and x + w <= width and y + h <= height and w > 5 and h > 5 for x, y, w, h in boxes
    )
    apart = [(a, b) for i, a in enumerate(boxes) for b in boxes[i + 1 :]]
    assert not any(
        a[0] < b[0] + b[2] and b[0] < a[0] + a[2] and a[1] < b[1] + b[3] and b[1] < a[1] + a[3]
        for a, b in apart
    )


def test_unfolded_every_block_has_its_card() -> None:
    design = preset("resnet18")
    drawn = draw(design, Look(fold=False))
    assert [ids for ids in drawn["runs"].values() if ids not in (["stem"], ["head"])] == [
        [block.id] for block in design.blocks()
    ]


def test_layers_show_every_layer() -> None:
    design = preset("digits_starter")
    drawn = draw(design, Look(detail="layers"))
    rows = [layer for _, layer, _ in analyse(design).layers()]
    assert len(drawn["nodes"]) + plusses(drawn) == len(rows)
    assert "Conv 3×3, s2" in texts(drawn)
    assert "Residual   layer2.0" in texts(drawn)


def test_stem_and_head_say_their_norm_pool_and_dropout() -> None:
    design = preset("resnet18")
    stem = replace(design.stem, kind=StemKind.DEEP, norm=Norm.GROUP, norm_groups=8)
    said = texts(draw(replace(design, stem=stem, head=Head(pool=HeadPool.MAX, dropout=0.25))))
    assert said.count("GN 8") == 3
    assert "Conv 3×3, s2" in said
    assert {"Max-pool", "Dropout 0.25"} <= set(said)
    assert "BN" not in texts(draw(design)), "the usual norm is not worth a node"


def test_a_schedule_folds_and_says_its_span() -> None:
    said = texts(draw(linear_drop_path(preset("resnet50"), 0.3)))
    assert "Bottleneck  ×5" in said
    assert any("drop path 0.16–0.24" in line for line in said)


def test_a_blocks_card_says_what_kind_of_block_it_is() -> None:
    spec = BlockSpec(
        kind=BlockKind.RESNEXT, channels=64, width=32, groups=8, stride=2, stride_first=True,
        activation=Activation.HARDSWISH, order=Order.RELU_ONLY_PREACT, shortcut=ShortcutKind.PROJECTION,
    )  # fmt: skip
    said = texts(draw(one_block(spec, size=32)))
    assert any(line.endswith("s2 · 8×4d") for line in said)
    assert {"ReLU pre-activation", "v1 · Hardswish"} <= set(said)


@pytest.mark.parametrize("attention", [Attention.SE, Attention.ECA, Attention.CBAM])
def test_attention_is_one_node_at_its_circled_times(attention: Attention) -> None:
    spec = BlockSpec(
        kind=BlockKind.RESIDUAL, channels=8, width=8, attention=attention, dropout=0.25, drop_path=0.1, dilation=2,
        norm=Norm.GROUP, norm_groups=4, kernel=5,
    )  # fmt: skip
    design = one_block(spec)
    drawn = draw(design, Look(detail="layers"))
    said = texts(drawn)
    rows = [layer for _, layer, _ in analyse(design).layers()]
    aside = [layer for layer in rows if layer.aside]
    assert len(aside) > 3
    # One node for all of them; neither the circled times nor the plus is a node that can be chosen.
    assert len(drawn["nodes"]) == len(rows) - len(aside) + 1 - 1
    assert said.count("×") == 1
    assert sum(text.split(",")[0] == attention.name for text in said) == 1
    assert said.count("Conv 5×5, dilation 2") == 2
    assert {"Dropout 0.25", "Drop path 0.1", "GN 4"} <= set(said)
    joined = " ".join(texts(draw(design)))
    for words in (attention.name, "GN 4", "5×5", "dilation 2", "dropout 0.25", "drop path 0.1"):
        assert words in joined


@pytest.mark.parametrize(
    ("shortcut", "label", "identity", "plus"),
    [
        (ShortcutKind.PROJECTION, "1×1, s2", 0, 1),
        (ShortcutKind.ZERO_PAD, "0-pad, s2", 0, 1),
        (ShortcutKind.POOL_PROJECTION, "pool, s2 + 1×1", 0, 1),
        (ShortcutKind.NONE, None, 0, 0),
    ],
)
def test_shortcuts_are_drawn_as_what_they_are(
    shortcut: ShortcutKind, label: str | None, identity: int, plus: int
) -> None:
    spec = BlockSpec(kind=BlockKind.RESIDUAL, channels=16, width=16, stride=2, shortcut=shortcut)
    for detail in ("blocks", "layers"):
        drawn = draw(one_block(spec), Look(detail=detail))
        assert dashed(drawn) == identity
        assert plusses(drawn) == plus
        assert label is None or detail == "layers" or label in texts(drawn)


def test_an_identity_is_dashed_in_both_details() -> None:
    design = one_block(BlockSpec(kind=BlockKind.RESIDUAL, channels=8, width=8))
    assert dashed(draw(design)) == 1
    assert dashed(draw(design, Look(detail="layers"))) == 2  # to the word "id" and from it


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_problems_are_marked_on_the_block(theme: str) -> None:
    colours = {"light": LIGHT, "dark": DARK}[theme]
    design = preset("resnet18")
    first = design.stages[1].blocks[0]
    broken = edits.replace_spec(
        design, block_id=first.id, spec=replace(first.spec, shortcut=ShortcutKind.IDENTITY)
    )
    drawn = draw(broken, Look(theme=theme))
    [node] = [name for name, unit in drawn["nodes"].items() if unit == first.id]
    [group] = [g for g in ET.fromstring(drawn["svg"]).iter(f"{SVG}g") if g.get("id") == node]
    assert group.find(f"{SVG}path").get("stroke") == colours.problem
    said = " ".join("".join(text.itertext()) for text in group.iter(f"{SVG}text"))
    assert "⚠ 64 → 128, stride 2" in said
    assert colours.problem not in draw(design, Look(theme=theme))["svg"]


def test_a_missing_head_and_an_empty_stage_are_drawn() -> None:
    design = preset("resnet18")
    design = replace(design, head=None, stages=(*design.stages, Stage(id="late", name="Late")))
    said = texts(draw(design))
    assert {"No head", "No block", "Late"} <= set(said)
    assert texts(draw(design, Look(detail="layers"))).count("No head") == 1


HOSTILE = (
    '<b>bold</b>', "<<i>html</i>>", '"; n0 -> n1 [color=red]; "', "\\", "\\N\\G\\l", 'a\\"b', "&amp;&lt;&#65;", "{x|y}",
    "]]><script>alert(1)</script>", "%s%n", "日本語 ٱلْعَرَبِيَّة", "🙂" * 20, "<", ">", "<>", "\\n", "'", "a" * 64,
)  # fmt: skip


def named(name: str) -> Design:
    design = preset("digits_starter")
    return replace(design, name=name, stages=(replace(design.stages[0], name=name), *design.stages[1:]))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_shown_as_they_are(name: str) -> None:
    drawn = draw(named(name))
    assert any(text.startswith(name) and text.endswith("8² · 32") for text in texts(drawn))
    assert len(drawn["nodes"]) == len(draw(named("plain"))["nodes"])
    tags = {element.tag.removeprefix(SVG) for element in ET.fromstring(drawn["svg"]).iter()}
    assert tags <= {"svg", "g", "path", "polygon", "text", "ellipse", "title", "polyline"}


@given(name=st.text(max_size=64))
def test_no_name_whatever_breaks_the_diagram(name: str) -> None:
    drawn = draw(named(name))
    assert len(drawn["nodes"]) == 5
    if not name_fault(name):
        words = name.replace("\u00a0", " ").split()
        assert any(text.split()[: len(words)] == words for text in texts(drawn))


@settings(max_examples=settings().max_examples // 4)
@given(
    design=designs(), detail=st.sampled_from(["blocks", "layers"]), direction=st.sampled_from(["LR", "TB"])
)
def test_random_drawings_are_drawn_whole(design: Design, detail: str, direction: str) -> None:
    drawn = draw(design, Look(detail=detail, direction=direction))
    assert set().union(*drawn["runs"].values()) == {unit.id for unit in analyse(design).units}
    runs = {tuple(ids) for ids in drawn["runs"].values()}
    added = sum(
        1 for ids in runs if (block := design.block(ids[0])) and block.spec.shortcut is not ShortcutKind.NONE
    )
    assert plusses(drawn) == added


@pytest.mark.parametrize(
    "look", [Look(), Look(fold=False), Look(detail="layers"), Look(detail="layers", fold=False)]
)
def test_1202_layers_fold_by_themselves(look: Look) -> None:
    design = preset("cifar_resnet1202")
    drawn = draw(design, look)
    assert len(drawn["nodes"]) < 60
    assert sum(len(ids) for ids in {tuple(ids) for ids in drawn["runs"].values()}) == 602
    assert "×200" in " ".join(texts(drawn))
    assert bool(drawn["notes"]) is not look.fold


def test_resnet152_is_shown_by_layers_without_folding() -> None:
    drawn = draw(preset("resnet152"), Look(detail="layers", fold=False))
    assert drawn["notes"] == []
    assert len(drawn["nodes"]) == 464


def test_2048_different_blocks_are_left_out_in_the_middle_and_said_so() -> None:
    blocks = tuple(
        Block(f"b{i}", BlockSpec(kind=BlockKind.RESIDUAL, channels=16, width=16 + i % 2)) for i in range(2048)
    )
    design = Design(stem=Stem(channels=16), stages=(Stage(id="s", name="Deep", blocks=blocks),))
    drawn = draw(design, Look(detail="layers"))
    assert len(drawn["notes"]) == 2
    assert "1988 more blocks" in texts(drawn)
    assert set().union(*drawn["runs"].values()) == {"stem", "head", *(block.id for block in blocks)}


def test_colours_are_hexadecimal_only() -> None:
    # Qt's SVG and Graphviz know different names.
    for look in (Look(), Look(theme="dark", page=True)):
        drawn = draw(preset("resnet50"), look)
        used = {
            value for element in ET.fromstring(drawn["svg"]).iter() for key, value in element.attrib.items()
            if key in ("fill", "stroke")
        }  # fmt: skip
        assert all(re.fullmatch(r"#[0-9a-f]{6}|none|transparent", value) for value in used), used


@pytest.mark.parametrize(("suffix", "start"), [("svg", b"<svg"), ("pdf", b"%PDF-"), ("png", b"\x89PNG\r\n")])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_written_in_three_formats(tmp_path: Path, suffix: str, start: bytes, theme: str) -> None:
    path = tmp_path / f"net.{suffix}"
    assert render(preset("resnext50_32x4d"), path, look=Look(theme=theme)) == []
    assert path.read_bytes().startswith(start)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_a_png_beyond_cairos_bitmaps_is_coarser_and_says_so(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "net.png"
    [note] = render(preset("resnet152"), path, look=Look(detail="layers", fold=False))
    assert "dots per inch" in note
    width, height = struct.unpack(">II", path.read_bytes()[16:24])
    assert 30_000 < width <= 32_767
    assert height > 100
    assert "too large" not in capfd.readouterr().err


def test_a_wrong_format_or_place_says_so(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match=r"svg, pdf, png, not 'gif'"):
        render(preset("resnet18"), tmp_path / "net.gif")
    with pytest.raises(StudioError, match=r"folder"):
        render(preset("resnet18"), tmp_path, format="svg")
    with pytest.raises(StudioError, match=r"could not be written"):
        render(preset("resnet18"), tmp_path / "no" / "net.svg")
    with pytest.raises(StudioError, match=r"direction"):
        Look(direction="RL")


@pytest.mark.parametrize("name", sorted(PRESETS))
@pytest.mark.parametrize("order", [Order.FULL_PREACT, Order.BN_AFTER_ADD])
def test_every_preset_is_drawn_in_other_orders(name: str, order: Order) -> None:
    design = preset(name)
    changed = edits.change_blocks(design, [block.id for block in design.blocks()], order=order)
    drawn = draw(changed)
    assert any(text in ("pre-activation", "BN after +") for text in texts(drawn))


def test_letters_have_the_font_that_is_asked_for(tmp_path: Path) -> None:
    """In the window exactly that one, by which Qt finds it; a file that goes to other machines names a substitute."""
    drawn = draw(preset("resnet18"), Look(font="DejaVu Sans Mono"))
    families = {text.get("font-family") for text in ET.fromstring(drawn["svg"]).iter(f"{SVG}text")}
    assert families == {"DejaVu Sans Mono"}
    path = tmp_path / "drawn.svg"
    render(preset("resnet18"), path, look=Look(font="DejaVu Sans Mono"))
    families = {text.get("font-family") for text in ET.parse(path).iter(f"{SVG}text")}
    assert families == {"DejaVu Sans Mono, sans-serif"}


@pytest.mark.parametrize("font", ["", "a, b", 'a" b', "a\nb", "-a", "a" * 65])
def test_a_font_is_a_plain_name(font: str) -> None:
    with pytest.raises(StudioError, match="font"):
        Look(font=font)


def test_layers_are_called_as_in_the_table() -> None:
    """One vocabulary: what the table calls an average pool is no avg-pool here."""
    design = preset("resnet18")
    rows = {layer.kind: layer for _, layer, _ in analyse(design).layers()}
    said = {text.split(",")[0] for text in texts(draw(design, Look(detail="layers")))}
    for kind in (LayerKind.GLOBAL_POOL, LayerKind.MAX_POOL, LayerKind.LINEAR, LayerKind.ACTIVATION):
        assert any(text.startswith(kind_words(rows[kind])) for text in said), kind
