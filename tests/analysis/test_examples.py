"""The example designs that come with the program: all open, all but one are sound, and that one can be repaired by clicks."""

from pathlib import Path

import pytest

from resnet_studio.analysis.plan import analyse
from resnet_studio.design.files import SUFFIX, dumps, read_design
from resnet_studio.resources_path import resource

EXAMPLES = sorted(resource("examples").glob(f"*{SUFFIX}"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_an_example_opens_and_is_written_as_the_program_writes(path: Path) -> None:
    design = read_design(path)
    assert dumps(design) == path.read_text(encoding="utf-8")
    broken = path.name == f"broken{SUFFIX}"
    assert bool(analyse(design).problems) == broken


def test_the_broken_one_teaches_every_kind_of_repair() -> None:
    design = read_design(resource("examples", f"broken{SUFFIX}"))
    assert [problem.code for problem in analyse(design).problems] == ["shortcut", "groups", "head"]
    while problems := analyse(design).problems:
        assert problems[0].repair is not None
        design = problems[0].repair.apply(design)
    # A ResNet-50 whose one repaired 3x3 keeps 32 groups: it needs a 32nd part of its 589,824 weights.
    assert analyse(design).totals.params == 25_557_032 - 589_824 * 31 // 32


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 6
