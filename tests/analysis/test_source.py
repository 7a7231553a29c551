"""Generated Python as text: what people write stays text, the file stays small and tidy, its lines know their blocks."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resnet_studio.analysis.plan import HEAD, STEM, analyse
from resnet_studio.analysis.source import Source, source_of
from resnet_studio.analysis.source.check import ForeignCodeError, check
from resnet_studio.design.presets import PRESETS, preset
from resnet_studio.design.types import Block, Design, ShortcutKind

HOSTILE = (
    'x"""\nimport os\nos.system("true")\n"""',
    "'; import os #",
    "\rimport os",
    "{__import__('os')}",
    "torch",
    "class",
    "None",
    "BasicBlock",
    "load",
    "print",
    "42",
    "",
    "\u202eevil",
    "Größe 网络",
    "\\",
    "\N{LINE SEPARATOR}import os",
)


def written(design: Design) -> Source:
    return source_of(analyse(design))


def text_of(tree: ast.AST) -> str:
    """The drawing's name, as the file says it."""
    found = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "NAME"
    ]
    assert len(found) == 1
    return str(ast.literal_eval(found[0].value))


def program(source: Source) -> str:
    """The program alone: no text is in it, and the network is called Plain."""
    tree = ast.parse(source.text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
        elif isinstance(node, ast.Name) and node.id == source.network:
            node.id = "Plain"
        elif isinstance(node, ast.ClassDef) and node.name == source.network:
            node.name = "Plain"
    return ast.dump(tree)


@settings(max_examples=200)
@given(name=st.one_of(st.sampled_from(HOSTILE), st.text(max_size=64)))
def test_a_name_never_becomes_code(name: str) -> None:
    plain = written(replace(preset("resnet18"), name="Plain"))
    source = written(replace(preset("resnet18"), name=name))
    tree = ast.parse(source.text)
    assert text_of(tree) == name
    assert source.network.isidentifier()
    assert program(source) == program(plain)
    assert all(character.isprintable() or character == "\n" for character in source.text)


@pytest.mark.parametrize("name", HOSTILE)
def test_the_networks_class_hides_no_other_name(name: str) -> None:
    source = written(replace(preset("resnet18"), name=name))
    defined = [
        node.name for node in ast.parse(source.text).body if isinstance(node, ast.ClassDef | ast.FunctionDef)
    ]
    assert len(set(defined)) == len(defined)
    assert source.network in defined
    assert source.network not in ("torch", "nn", "Tensor", "NAME", *dir(__builtins__))


@pytest.mark.parametrize(
    "line", ["import os", "from torch import hub", "x = open('f')", "os.remove('f')", "if True:\n    pass"]
)
def test_code_that_no_plan_asks_for_is_found(line: str) -> None:
    plan = analyse(preset("resnet18"))
    source = source_of(plan)
    check(source.text, plan, source.network)
    with pytest.raises(ForeignCodeError):
        check(f"{source.text}{line}\n", plan, source.network)


def test_other_layers_are_found() -> None:
    plan = analyse(preset("resnet18"))
    source = source_of(plan)
    with pytest.raises(ForeignCodeError, match="other layers"):
        check(source.text.replace("self.layer4 =", "self.layer5 ="), plan, source.network)


def test_a_drawing_with_problems_has_no_code() -> None:
    design = preset("resnet18")
    with pytest.raises(ValueError, match="no code for a drawing with problems: Head"):
        written(replace(design, head=None))


@pytest.mark.parametrize("name", PRESETS)
def test_a_presets_code_stays_small(name: str) -> None:
    source = written(preset(name))
    assert len(source.text.splitlines()) < 250
    assert max(map(len, source.text.splitlines())) <= 88


def lines_of(source: Source, units: Iterable[str]) -> list[str]:
    lines = source.text.splitlines()
    return [
        line.strip() for span in source.spans_of(set(units)) for line in lines[span.first - 1 : span.last]
    ]


def test_lines_know_their_blocks() -> None:
    source = written(preset("resnet18"))
    assert lines_of(source, ["s2b1"]) == [
        "BasicBlock(64, 128, stride=2, downsample=projection(64, 128, stride=2)),"
    ]
    assert lines_of(source, ["s2b2"]) == ["BasicBlock(128, 128),"]
    assert lines_of(source, ["s1b2"]) == [
        "self.layer1 = nn.Sequential(*(BasicBlock(64, 64) for _ in range(2)))"
    ]
    assert (
        lines_of(source, [STEM])[0]
        == "self.conv1 = nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False)"
    )
    assert lines_of(source, [HEAD])[-1] == "self.fc = nn.Linear(512, 1000)"


@pytest.mark.parametrize("name", PRESETS)
def test_every_block_has_its_line(name: str) -> None:
    design = preset(name)
    source = written(design)
    for unit in (STEM, HEAD, *(block.id for block in design.blocks())):
        assert len(source.spans_of((unit,))) == 1


def test_a_linear_schedule_of_drop_path_is_one_loop() -> None:
    design = preset("cifar_resnet1202")
    count = len(list(design.blocks()))
    rates = iter([0.5 * index / (count - 1) for index in range(count)])
    stages = tuple(
        replace(
            stage,
            blocks=tuple(
                Block(block.id, replace(block.spec, drop_path=next(rates))) for block in stage.blocks
            ),
        )
        for stage in design.stages
    )
    source = written(replace(design, stages=stages))
    assert (
        source.text.count("BasicBlock(") == 6
    )  # the class, a loop and a first block for each stage but the first
    assert len(source.text.splitlines()) < 400


def test_only_what_is_needed_stands_there() -> None:
    source = written(preset("resnet18"))
    for word in (
        "ZeroPad",
        "Bottleneck",
        "DropPath",
        "functional",
        "width",
        "groups",
        "zeros_",
        "Excitation",
    ):
        assert word not in source.text
    design = preset("resnet18")
    plain = tuple(
        replace(
            stage,
            blocks=tuple(
                Block(block.id, replace(block.spec, shortcut=ShortcutKind.NONE)) for block in stage.blocks
            ),
        )
        for stage in design.stages
    )
    assert "downsample" not in written(replace(design, stages=plain)).text


def test_the_same_drawing_gives_the_same_file() -> None:
    ask = """
import json
from resnet_studio.analysis.plan import analyse
from resnet_studio.analysis.source import source_of
from resnet_studio.design.presets import preset
print(json.dumps(source_of(analyse(preset("resnet50"))).text))
"""
    command = [sys.executable, "-c", ask]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert json.loads(told) == written(preset("resnet50")).text
